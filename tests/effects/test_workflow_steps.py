"""The shell of release.yml's steps, run as GitHub runs it: `bash -eo pipefail` with the step's variables."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.git_repo import GitRepo
from support.running import ROOT
from support.workflow_shapes import SHAPES
from verbump.effects import read_workflows
from verbump.planning.workflows import files

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these jobs run on Linux")
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-01\n\n### Fixed\n\n- Something.\n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo.create(tmp_path / "work")
    made.commit("feat: begin", {**SHAPES["pure"], "CHANGELOG.md": CHANGELOG})
    made.tag("v1.2.3")
    return made


def step(folder: Path, job: str, name: str, shape: str = "") -> str:
    """The script of a step of what is rendered for the repository, or for a shape."""
    if shape:
        other = GitRepo.create(folder.parent / "shape")
        for path, text in SHAPES[shape].items():
            other.write(path, text)
        folder = other.path
    wanted, problems = files.find_files(read_workflows.read_facts(read_workflows.Reading(directory=folder)))
    assert wanted, problems
    workflow: Any = yaml.safe_load(next(each.text for each in wanted if each.path.name == "release.yml"))
    return next(str(each["run"]) for each in workflow["jobs"][job]["steps"] if each["name"].startswith(name))


def run(script: str, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=cwd,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "RUNNER_TEMP": str(cwd.parent), **env},
        capture_output=True,
        text=True,
    )


def plan(repo: GitRepo, event: str, ref: str, **inputs: str) -> tuple[int, dict[str, str], str]:
    output = repo.path.parent / "output"
    output.write_text("")
    kind, _, name = ref.partition("/")
    env = {"GITHUB_EVENT_NAME": event, "GITHUB_REF_TYPE": kind, "GITHUB_REF_NAME": name, "GITHUB_OUTPUT": str(output)}
    env |= {"VERSION": inputs.get("version", ""), "PUBLISH": inputs.get("publish", "")}
    done = run(step(repo.path, "plan", "Decide"), repo.path, env)
    said = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return done.returncode, said, done.stdout + done.stderr


def test_a_pushed_tag_is_released_and_published(repo: GitRepo) -> None:
    code, said, text = plan(repo, "push", "tag/v1.2.3")
    assert code == 0, text
    assert said["epoch"] == repo.git("log", "-1", "--format=%ct")
    assert {**said, "epoch": ""} == {
        "version": "1.2.3",
        "pep440": "1.2.3",
        "tag": "v1.2.3",
        "epoch": "",
        "prerelease": "false",
        "latest": "true",
        "release": "true",
        "publish": "true",
    }


@pytest.mark.parametrize(("event", "ref"), [("workflow_dispatch", "branch/main"), ("pull_request", "branch/1/merge")])
def test_without_a_version_nothing_is_released(repo: GitRepo, event: str, ref: str) -> None:
    repo.commit("fix: more")
    code, said, text = plan(repo, event, ref, version="dry-run" if event == "workflow_dispatch" else "", publish="true")
    assert code == 0, text
    assert (said["release"], said["publish"], said["tag"]) == ("false", "false", "")


@pytest.mark.parametrize("version", ["1.2.3", "v1.2.3"])
@pytest.mark.parametrize("publish", ["true", "false"])
def test_a_dispatch_at_the_tag(repo: GitRepo, version: str, publish: str) -> None:
    code, said, text = plan(repo, "workflow_dispatch", "tag/v1.2.3", version=version, publish=publish)
    assert code == 0, text
    assert (said["release"], said["publish"]) == ("true", publish)


def test_a_dispatch_elsewhere_or_for_another_version(repo: GitRepo) -> None:
    code, said, text = plan(repo, "workflow_dispatch", "branch/main", version="1.2.3", publish="true")
    assert (code, said) == (1, {})
    assert "--ref TAG" in text
    code, said, text = plan(repo, "workflow_dispatch", "tag/v1.2.3", version="1.2.4$(id)", publish="true")
    assert (code, said) == (1, {})
    assert "asked for version '1.2.4$(id)', but the tag is v1.2.3" in text


def test_a_tag_that_differs_from_the_manifest(repo: GitRepo) -> None:
    repo.tag("v1.3.0")
    code, said, text = plan(repo, "push", "tag/v1.3.0")
    assert code == 1
    assert not said
    assert "[manifest-disagrees]" in text


def test_a_tag_that_is_moved_while_the_workflow_waits(repo: GitRepo) -> None:
    before = repo.head()
    repo.commit("fix: more")
    repo.git("tag", "--force", "v1.2.3", "HEAD")
    repo.git("switch", "--quiet", "--detach", before)
    code, said, text = plan(repo, "push", "tag/v1.2.3")
    assert (code, said) == (1, {})
    assert f"the tag v1.2.3 has moved to {repo.git('rev-parse', 'v1.2.3')}" in text


def test_a_backport_and_a_candidate_are_not_the_latest(repo: GitRepo) -> None:
    repo.git("tag", "v1.10.0", "HEAD")
    assert plan(repo, "push", "tag/v1.2.3")[1]["latest"] == "false"
    repo.git("tag", "--delete", "v1.10.0")
    text = repo.read("pyproject.toml").decode().replace("1.2.3", "1.3.0rc1")
    change = {"pyproject.toml": text, "CHANGELOG.md": CHANGELOG.replace("[1.2.3]", "[1.3.0-rc.1]")}
    repo.commit("chore: candidate", change)
    repo.tag("v1.3.0-rc.1")
    code, said, text = plan(repo, "push", "tag/v1.3.0-rc.1")
    assert code == 0, text
    assert (said["pep440"], said["prerelease"], said["latest"]) == ("1.3.0rc1", "true", "false")


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / "artifacts" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "artifacts" / name).write_text(name)


def test_files_are_put_together_with_their_sums(repo: GitRepo, tmp_path: Path) -> None:
    script = step(repo.path, "bundle", "Put them together")
    lay(tmp_path, "dist-sdist/a-1.tar.gz", "dist-wheel-x/a b.whl")
    done = run(script, tmp_path, {})
    assert done.returncode == 0, done.stderr
    lines = {
        hashlib.sha256(f"{path}".encode()).hexdigest() for path in ("dist-sdist/a-1.tar.gz", "dist-wheel-x/a b.whl")
    }
    assert {line.split("  ")[0] for line in (tmp_path / "dist/SHA256SUMS").read_text().splitlines()} == lines
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path / "dist", capture_output=True).returncode == 0


def test_one_name_from_two_jobs(repo: GitRepo, tmp_path: Path) -> None:
    lay(tmp_path, "dist-wheel-x/a.whl", "dist-wheel-y/a.whl")
    done = run(step(repo.path, "bundle", "Put them together"), tmp_path, {})
    assert done.returncode == 1
    assert "two jobs made a.whl" in done.stdout


def test_what_was_not_signed_is_not_released(repo: GitRepo, tmp_path: Path) -> None:
    script = step(repo.path, "bundle", "Leave out", shape="signed")
    lay(tmp_path, "unsigned-binary-x/a.zip", "dist-binary-x/a.zip", "unsigned-binary-y/b.zip")
    done = run(script, tmp_path, {"RELEASE": "true"})
    assert done.returncode == 1
    assert "unsigned-binary-y was not signed" in done.stdout
    assert run(script, tmp_path, {"RELEASE": "false"}).returncode == 0
    assert sorted(path.name for path in (tmp_path / "artifacts").iterdir()) == ["dist-binary-x", "unsigned-binary-y"]


def test_a_platform_that_is_missing_from_the_bundle(tmp_path: Path) -> None:
    """`verbump verify --target`, which the bundle calls with every target of the matrices."""
    script = step(tmp_path / "none", "bundle", "Check the set", shape="program")
    work = GitRepo(tmp_path / "shape")
    work.git("add", "--all")
    work.commit("feat: begin")
    (work.path / "dist").mkdir()
    name = "quant-1.2.3-x86_64-unknown-linux-gnu.tar.gz"
    subprocess.run(["tar", "-czf", work.path / "dist" / name, "Cargo.toml"], cwd=work.path, check=True)
    digest = hashlib.sha256((work.path / "dist" / name).read_bytes()).hexdigest()
    (work.path / "dist/SHA256SUMS").write_text(f"{digest}  {name}\n")
    done = run(script, work.path, {"TAG": ""})
    assert done.returncode == 1
    assert "there is no archive of quant for aarch64-apple-darwin [target-missing]" in done.stdout
    assert "x86_64-unknown-linux-gnu [target-missing]" not in done.stdout
