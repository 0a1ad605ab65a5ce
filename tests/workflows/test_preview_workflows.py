"""The two preview workflows as a fork's pull request starts them: the first without rights, the second with its data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support import projects
from support.act import Act
from support.git_repo import GitRepo
from support.github_state import Pull
from support.running import verbump
from verbump.planning.preview_comment import MARKER

if TYPE_CHECKING:
    from pathlib import Path

    from support.github_server import GitHubServer
    from support.github_state import Hosted

NAME, FORK = "octo/demo", "somebody/demo"
TOUCH = "$(touch${IFS}$STAND_IN/pwned)"
BRANCH = f"a;`touch${{IFS}}$STAND_IN/pwned`;{TOUCH}\"'|&"
TITLE = f"feat: \"; {TOUCH} `x` ' <img src=x> @octo/team closes #1 ::error::x"
MESSAGE = f"fix: {TOUCH} ::set-output name=x::y\n\n::add-mask::x\n</details><script>x</script>\n"
SETTINGS = '\n[tool.verbump.workflows]\nfiles = ["preview"]\n'


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Released as 1.2.3 with the two workflows on main, and the branch of a fork merged on trial, as Actions does."""
    made = projects.released(tmp_path, more={"pyproject.toml": projects.PYPROJECT.format(version="1.2.3") + SETTINGS})
    done = verbump("workflows", "--offline", "--yes", cwd=made.path)
    assert done.code == 0, done.stderr
    made.git("add", "--all")
    made.commit("ci: previews")
    made.git("push", "--quiet", "origin", "HEAD")
    made.git("switch", "--quiet", "--create", BRANCH)
    made.commit(MESSAGE, {"a.txt": "a"})
    made.commit("feat:no space")
    return made


@pytest.fixture
def hosted(server: GitHubServer, repo: GitRepo, tmp_path: Path) -> Hosted:
    base = server.world.host(NAME, GitRepo(tmp_path / "remote.git"), merge_methods=frozenset({"squash", "rebase"}))
    fork = GitRepo.create(tmp_path / "fork.git", bare=True)
    for place, ref in ((fork.path, f"refs/heads/{BRANCH}"), (base.git.path, "refs/pull/1/head")):
        repo.git("push", "--quiet", str(place), f"HEAD:{ref}")
    server.world.host(FORK, fork)
    who = server.world.account("somebody")
    base.pulls.append(Pull(number=1, title=TITLE, body="", head=BRANCH, base="main", author=who, head_repository=FORK))
    return base


def pull_request_event(repo: GitRepo, head: str) -> dict[str, Any]:
    allowed = {"allow_merge_commit": False, "allow_squash_merge": True, "allow_rebase_merge": True}
    base = {"ref": "main", "sha": repo.oid("main"), "repo": {"full_name": NAME, "fork": False, **allowed}}
    source = {"ref": BRANCH, "sha": head, "label": f"somebody:{BRANCH}", "repo": {"full_name": FORK, "fork": True}}
    pull = {"number": 1, "title": TITLE, "body": MESSAGE, "head": source, "base": base}
    return {"action": "opened", "number": 1, "pull_request": pull, "repository": {"full_name": NAME}}


def workflow_run_event(head: str, **more: Any) -> dict[str, Any]:
    repository = {"full_name": FORK, "owner": {"login": "somebody"}, "fork": True}
    run = {"id": 77, "event": "pull_request", "conclusion": "success", "head_branch": BRANCH, "head_sha": head}
    return {"action": "completed", "workflow_run": {**run, "head_repository": repository, "pull_requests": [], **more}}


@pytest.mark.case("S15")
def test_from_a_forks_pull_request_to_the_comment(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, tmp_path: Path
) -> None:
    head = repo.head()
    repo.git("switch", "--quiet", "--detach", "main")
    repo.merge(head, message=f"Merge {head} into main")
    first = Act(tmp_path / "first")

    ran = first.run(repo.path, "preview.yml", "pull_request", pull_request_event(repo, head))

    assert ran.is_well, ran.log
    plan = first.stand_in / "artifacts" / "verbump-preview" / "plan.json"
    assert json.loads(plan.read_text())["pull_request"]["title"] == TITLE
    assert server.log == [], "the first job asks and writes nothing"
    assert first.asked == ["-m pip install --require-hashes --requirement .github/verbump/requirements.txt"]

    repo.git("switch", "--quiet", "main")
    token = server.world.actions_token(writes=("pull_requests", "checks"))
    second = Act(tmp_path / "second", env=server.environment(NAME), secrets={"GITHUB_TOKEN": token})
    (second.stand_in / "artifacts").mkdir()
    plan.parent.rename(second.stand_in / "artifacts" / "verbump-preview")

    ran = second.run(repo.path, "preview-comment.yml", "workflow_run", workflow_run_event(head))

    assert ran.is_well, ran.log
    assert "run 77" in second.asked
    (made,) = hosted.comments
    assert (made.issue, made.author) == (1, server.world.bot)
    assert made.body.startswith(f"{MARKER}\n### **1.2.3 → 1.3.0** (minor)\n")
    assert "| Squash and merge | **1.3.0** | minor |\n| Rebase and merge | **1.2.4** | patch |" in made.body
    assert "no space after the colon; write: `feat: no space`" in made.body
    assert "<script>" not in made.body
    assert [run["head_sha"] for run in hosted.check_runs] == [head]
    for act in (first, second):
        assert not (act.stand_in / "pwned").exists()


def test_a_run_that_is_no_pull_requests_does_nothing(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, tmp_path: Path
) -> None:
    repo.git("switch", "--quiet", "main")
    act = Act(tmp_path / "act", env=server.environment(NAME), secrets={"GITHUB_TOKEN": server.world.actions_token()})
    for more in ({"event": "push"}, {"conclusion": "failure"}):
        ran = act.run(repo.path, "preview-comment.yml", "workflow_run", workflow_run_event("0" * 40, **more))
        assert ran.is_well, ran.log
    assert (server.log, act.asked) == ([], [])
