"""action.yml: what linters say of it, and what it does when a workflow uses it."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support import projects
from support.act import Act
from support.git_repo import GitRepo
from support.github_state import Pull
from support.running import ROOT
from support.tools import require
from verbump.planning.preview_comment import MARKER
from verbump.planning.workflows import pins

if TYPE_CHECKING:
    from pathlib import Path

    from support.act import Ran
    from support.github_server import GitHubServer

ACTION = "octo/verbump"
COMMAND = "x$(touch $STAND_IN/pwned)"
HOSTILE = "$(touch $STAND_IN/pwned) `touch $STAND_IN/pwned` \"; touch $STAND_IN/pwned; ' ${{ github.token }}"


@pytest.mark.case("S19")
def test_linters_find_nothing(tmp_path: Path) -> None:
    for program, *words in (
        ("zizmor", "--persona=auditor", "--offline", "--no-progress"),
        ("check-jsonschema", "--builtin-schema", "vendor.github-actions"),
    ):
        done = subprocess.run([require(program), *words, str(ROOT / "action.yml")], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 2
    for script in scripts:
        done = subprocess.run(
            [require("shellcheck"), "--shell=bash", "-"], input=script, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout
        assert "${{" not in script
        assert "eval" not in script


@pytest.mark.case("S19")
def test_its_action_is_pinned_as_the_workflows_are() -> None:
    (use,) = pins.find_uses((ROOT / "action.yml").read_text())
    assert pins.is_known(use)


@pytest.fixture
def act(tmp_path: Path) -> Act:
    own = tmp_path / "action"
    own.mkdir()
    shutil.copy(ROOT / "action.yml", own)
    return Act(tmp_path, actions={ACTION: own}, secrets={"GITHUB_TOKEN": "a-token-of-the-test"})


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return projects.released(tmp_path, "feat: streams", f"fix: {HOSTILE}")


PUSH: tuple[str, dict[str, Any]] = ("push", {"ref": "refs/heads/main", "head_commit": {"message": HOSTILE}})


def use(act: Act, repo: GitRepo, event: tuple[str, dict[str, Any]] = PUSH, **inputs: str) -> Ran:
    step = {"id": "it", "uses": f"{ACTION}@{'a' * 40}", "with": inputs}
    shown = {
        "run": 'printf "%s\\n" "$OUTPUTS" > "$STAND_IN/outputs"',
        "env": {"OUTPUTS": "${{ toJSON(steps.it.outputs) }}"},
    }
    checkout = {"uses": f"actions/checkout@{'b' * 40}", "with": {"fetch-depth": 0}}
    job = {"runs-on": "ubuntu-24.04", "steps": [checkout, step, {**shown, "shell": "bash"}]}
    repo.write(".github/workflows/use.yml", yaml.safe_dump({"on": event[0], "jobs": {"use": job}}))
    return act.run(repo.path, "use.yml", *event)


def outputs(act: Act) -> Any:
    return json.loads((act.stand_in / "outputs").read_text())


def test_next(act: Act, repo: GitRepo) -> None:
    ran = use(act, repo, command="next")
    assert ran.is_well, ran.log
    found = outputs(act)
    assert found.pop("notes").startswith("### Added\n\n- Streams (")
    assert found == {
        "release": "true",
        "version": "1.3.0",
        "pep440": "1.3.0",
        "tag": "v1.3.0",
        "previous": "1.2.3",
        "bump": "minor",
        "prerelease": "false",
    }
    install, own = act.asked
    assert "--require-hashes -r " in install
    assert own.startswith("-m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation /")


@pytest.mark.case("S15")
def test_inputs_are_text(act: Act, repo: GitRepo) -> None:
    ran = use(act, repo, command="next", pre="rc", arguments="--offline\n\n--bump\nmajor\n")
    assert (ran.is_well, outputs(act)["version"]) == (True, "2.0.0-rc.1")
    for name in ("command", "directory", "package", "bump", "pre", "arguments"):
        ran = use(act, repo, PUSH, **{"command": "next", name: COMMAND})
        assert not ran.is_well
        assert not (act.stand_in / "pwned").exists(), name
    ran = use(act, repo, command="release", version=COMMAND)
    assert not ran.is_well
    assert not (act.stand_in / "pwned").exists()


def test_release(act: Act, repo: GitRepo, tmp_path: Path) -> None:
    ran = use(act, repo, command="release", pre="rc")
    assert ran.is_well, ran.log
    assert outputs(act)["tag"] == "v1.3.0-rc.1"
    assert "refs/tags/v1.3.0-rc.1" in projects.remote_refs(tmp_path)


def test_release_of_an_exact_version_and_of_nothing(act: Act, repo: GitRepo, tmp_path: Path) -> None:
    assert use(act, repo, command="release", version="2.0.0").is_well
    assert "refs/tags/v2.0.0" in projects.remote_refs(tmp_path)
    repo.git("pull", "--quiet", "--tags")
    ran = use(act, repo, command="release")
    assert ran.is_well, ran.log
    assert outputs(act)["release"] == "false"


def test_notes_and_preview(act: Act, repo: GitRepo) -> None:
    assert use(act, repo, command="notes", version="1.2.3").is_well
    assert outputs(act)["notes"] == "### Fixed\n\n- Something."
    ran = use(act, repo, command="preview", arguments="--base\nv1.2.3\n--title\nfix: x")
    assert ran.is_well, ran.log
    assert "**1.2.3 → 1.3.0** (minor)" in ran.log


def test_preview_is_written_on_the_pull_request(server: GitHubServer, repo: GitRepo, tmp_path: Path) -> None:
    name, title = "octo/demo", f"feat: {HOSTILE}"
    hosted = server.world.host(name, GitRepo(tmp_path / "remote.git"), merge_methods=frozenset({"squash"}))
    repo.git("push", "--quiet", "origin", "HEAD:topic")
    hosted.pulls.append(
        Pull(number=1, title=title, body="", head="topic", base="main", author=server.world.account("octo"))
    )
    base = {"ref": "main", "sha": repo.oid("v1.2.3"), "repo": {"full_name": name, "fork": False}}
    head = {"ref": "topic", "sha": repo.head(), "repo": {"full_name": name, "fork": False}}
    event = {
        "action": "opened",
        "number": 1,
        "pull_request": {"number": 1, "title": title, "head": head, "base": base},
        "repository": {"full_name": name},
    }
    own = tmp_path / "posting"
    own.mkdir()
    shutil.copy(ROOT / "action.yml", own)
    token = server.world.actions_token(writes=("pull_requests", "checks"))
    act = Act(tmp_path / "post", actions={ACTION: own}, env=server.environment(name), secrets={"GITHUB_TOKEN": token})

    for _ in range(2):
        ran = use(act, repo, ("pull_request", event), command="preview", post="true")
        assert ran.is_well, ran.log

    (made,) = hosted.comments
    assert (made.issue, made.author) == (1, server.world.bot)
    assert made.body.startswith(f"{MARKER}\n### **1.2.3 → 1.3.0** (minor)\n")
    assert not (act.stand_in / "pwned").exists()
