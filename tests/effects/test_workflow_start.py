"""A release whose push starts no workflow starts it itself: real git over HTTP, the GitHub of the tests beside it."""

from __future__ import annotations

import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

from support import projects
from support.git_repo import GitRepo
from support.github_state import Release
from support.release_project import PATH, WORKFLOW, Project
from support.running import start_verbump
from verbump.effects import late_start

if TYPE_CHECKING:
    from pathlib import Path

    from support.github_server import GitHubServer
    from support.http_remote import HttpRemote

COMMAND = "gh workflow run release.yml --ref v1.3.0 -f version=1.3.0 -f publish=true"
STEP = "start release.yml at v1.3.0, where the push does not (GITHUB_TOKEN)"


STARTED = [("v1.3.0", {"version": "1.3.0", "publish": "true"})]


def test_pushed_with_github_token(server: GitHubServer, project: Project) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents", "actions")))

    dry = project.release("--dry-run")
    assert (dry.code, project.started(), server.log) == (0, [], []), dry.stderr
    assert STEP in dry.stdout

    done = project.release()

    assert (done.code, project.started()) == (0, STARTED), done.stderr
    assert project.bare.oid("refs/tags/v1.3.0")
    assert "started release.yml at v1.3.0\n" in done.stderr
    assert project.release("--resume").code == 3


def test_the_environments_token_starts_it_where_there_is_one(server: GitHubServer, project: Project) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents",)))
    done = project.release(env={"GH_TOKEN": server.world.token("maintainer")})
    assert (done.code, project.started()) == (0, STARTED), done.stderr
    assert project.hosted.dispatches[0]["by"].account.login == "maintainer"


def test_github_token_of_a_credential_helper(server: GitHubServer, project: Project, tmp_path: Path) -> None:
    token = server.world.actions_token(writes=("contents", "actions"))
    project.remote.tokens.add(token)
    helper = tmp_path / "helper"
    helper.write_text(f"#!/bin/sh\necho username=x-access-token\necho password={token}\n")
    helper.chmod(0o755)
    project.repo.git("config", "credential.helper", str(helper))
    done = project.release()
    assert (done.code, project.started()) == (0, STARTED), done.stderr


@pytest.mark.parametrize("kind", ["person", "app", "ssh", "laptop", "no workflow", "itself"])
def test_what_the_push_starts_is_not_started_again(
    server: GitHubServer, remote: HttpRemote, tmp_path: Path, kind: str
) -> None:
    project = Project(server, remote, tmp_path, workflow="" if kind == "no workflow" else WORKFLOW)
    world = server.world
    token = world.actions_token(writes=("contents", "actions"))
    if kind == "person":
        token = world.token("maintainer")
    if kind == "app":  # looks like GITHUB_TOKEN, and is not
        world.tokens[token] = type(world.tokens[token])(account=world.account("our-app[bot]", kind="Bot"))
    project.checked_out_with(token)
    if kind == "ssh":  # any address but http(s): ls-remote asks the other one
        project.repo.git("config", "remote.origin.pushurl", str(project.bare.path))
    if kind == "laptop":
        project.env["GITHUB_ACTIONS"] = ""
    if kind == "itself":
        project.env["GITHUB_WORKFLOW_REF"] = f"octo/demo/{PATH}@refs/heads/main"

    done = project.release()

    assert (done.code, project.started()) == (0, []), done.stderr
    assert project.bare.oid("refs/tags/v1.3.0")
    assert not server.asked("dispatches")
    assert ("the push starts release.yml\n" in done.stderr) is (kind == "app")


def test_more_than_three_tags_in_one_push(server: GitHubServer, remote: HttpRemote, tmp_path: Path) -> None:
    project = Project(server, remote, tmp_path)
    repo, names = project.repo, ("a", "b", "c", "d")
    listed = "".join(f'[[packages]]\nname = "{name}"\npath = "{name}"\n\n' for name in names)
    made = {f"{name}/Cargo.toml": projects.CARGO.replace("demo", name).format(version="0.1.0") for name in names}
    repo.git("rm", "-q", "Cargo.toml", "pyproject.toml", "CHANGELOG.md")
    repo.commit("feat: packages", {"verbump.toml": listed, **made})
    project.checked_out_with(server.world.token("maintainer"))
    repo.git("push", "-q", "origin", "main")

    done = project.release(env={"GITHUB_ACTIONS": "", "GITHUB_TOKEN": server.world.token("maintainer")})

    assert done.code == 0, done.stderr
    assert [ref for ref, _ in project.started()] == [f"{name}-v0.1.0" for name in names]


def test_pushed_later(server: GitHubServer, project: Project) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents", "actions")))
    assert project.release("--yes", "--no-push").code == 0
    assert (project.started(), server.log) == ([], [])
    done = project.release("--resume")
    assert (done.code, project.started()) == (0, STARTED), done.stderr


# --- What goes wrong -------------------------------------------------------------------------------------------------


def test_a_token_that_may_not_start_it(server: GitHubServer, project: Project) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents",)))

    done = project.release()

    assert (done.code, project.started()) == (6, [])
    assert "v1.3.0 is released, but release.yml was not started: POST " in done.stderr
    assert "403 Resource not accessible by integration" in done.stderr
    assert f"hint: {COMMAND}\n" in done.stderr
    assert (project.bare.oid("refs/tags/v1.3.0"), project.repo.oid("refs/tags/v1.3.0")) != ("", "")
    # The same once it may: nothing is released twice.
    refs = project.bare.refs()
    assert project.release().code == 7
    again = project.release("--resume", env={"GH_TOKEN": server.world.token("maintainer")})
    assert (again.code, project.started(), project.bare.refs()) == (0, STARTED, refs), again.stderr


def test_started_by_hand_meanwhile(server: GitHubServer, project: Project) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents",)))
    assert project.release().code == 6
    project.hosted.run(77, "release.yml", "v1.3.0", event="workflow_dispatch")  # what the hint says
    again = project.release("--resume")
    assert (again.code, project.started()) == (0, []), again.stderr
    assert "release.yml runs at v1.3.0 already\n" in again.stderr


def test_left_to_somebody_else(server: GitHubServer, project: Project) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents",)))
    assert project.release().code == 6
    refs = project.bare.refs()
    done = project.release("--abort")
    assert (done.code, project.bare.refs()) == (0, refs)
    assert "v1.3.0 is released and stays so; its workflow is left to you" in done.stderr
    assert project.release().code == 3  # no longer 7
    project.hosted.run(77, "release.yml", "v1.3.0", event="workflow_dispatch")
    assert (project.release("--resume").code, project.started()) == (3, [])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 401}, "is not (or no longer) valid"),
        ({"status": 404}, "GitHub says 404 to hide what it may not"),
        ({"status": 409}, "409"),
        ({"status": 422}, "422"),
        ({"status": 502}, "502"),
        ({"kind": "cut"}, "was not started"),
    ],
)
def test_answers_that_say_no(server: GitHubServer, project: Project, fault: dict[str, object], words: str) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents", "actions")))
    server.fail("POST", "/dispatches$", times=9, **fault)
    done = project.release()
    assert (done.code, project.started()) == (6, [])
    assert words in done.stderr
    assert f"hint: {COMMAND}\n" in done.stderr
    server.faults.clear()
    assert project.release("--resume").code == 0
    assert project.started() == STARTED


@pytest.mark.parametrize("fault", [{"kind": "drop"}, {"status": 502, "is_done": True}])
def test_an_answer_that_is_lost_starts_nothing_twice(
    server: GitHubServer, project: Project, fault: dict[str, object]
) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents", "actions")))
    server.fail("POST", "/dispatches$", **fault)
    done = project.release()
    assert (done.code, project.started()) == (0, STARTED), done.stderr


def test_killed_between_the_dispatch_and_its_note(server: GitHubServer, project: Project) -> None:
    project.checked_out_with(server.world.actions_token(writes=("contents", "actions")))
    server.fail("POST", "/dispatches$", delay_seconds=3.0)
    child = start_verbump("release", "--yes", cwd=project.repo.path, env=project.env)
    while not project.hosted.dispatches and child.poll() is None:
        time.sleep(0.01)
    child.kill()
    assert child.wait() == -signal.SIGKILL

    again = project.release("--resume")

    assert (again.code, project.started()) == (0, STARTED), again.stderr
    assert "release.yml runs at v1.3.0 already\n" in again.stderr
    assert project.release("--resume").code == 3


def test_a_workflow_that_takes_no_dispatch(server: GitHubServer, remote: HttpRemote, tmp_path: Path) -> None:
    project = Project(server, remote, tmp_path, workflow='on:\n  push:\n    tags: ["v*"]\njobs: {}\n')
    project.checked_out_with(server.world.actions_token(writes=("contents", "actions")))
    done = project.release()
    assert (done.code, project.started()) == (0, [])
    assert "has no workflow_dispatch to start it by [workflow-not-started]" in done.stderr


# --- In a fresh clone ------------------------------------------------------------------------------------------------


@pytest.fixture
def orphaned(server: GitHubServer, project: Project) -> Project:
    """Pushed with GITHUB_TOKEN by a machine that is gone before it could start the workflow; `repo` is a new clone."""
    project.checked_out_with(server.world.actions_token(writes=("contents",)))
    assert project.release().code == 6
    clone_again(project)
    return project


def clone_again(project: Project, *options: str) -> None:
    headers = project.repo.git("config", "--get-regexp", r"^http\..*extraheader$").split(" ", 1)
    shutil.rmtree(project.repo.path)
    project.repo = GitRepo.clone(f"file://{project.bare.path}", project.repo.path, *options)
    project.repo.git("remote", "set-url", "origin", project.remote.url("octo/demo.git", with_password=False))
    project.repo.git("config", *headers)


@pytest.mark.case("R17")
@pytest.mark.parametrize("options", [(), ("--depth=1",), ("--no-tags",), ("--depth=1", "--no-tags")], ids=" ".join)
def test_a_fresh_clone_starts_it(server: GitHubServer, orphaned: Project, options: tuple[str, ...]) -> None:
    clone_again(orphaned, *options)
    orphaned.checked_out_with(server.world.actions_token(writes=("contents", "actions")))
    there, head = orphaned.bare.refs(), orphaned.repo.head()

    done = orphaned.release("--resume")

    assert (done.code, orphaned.started()) == (0, STARTED), done.stderr
    assert "started release.yml at v1.3.0\n" in done.stderr
    assert (orphaned.bare.refs(), orphaned.repo.head()) == (there, head)
    again = orphaned.release("--resume")
    assert (again.code, orphaned.started()) == (3, STARTED)
    assert "[nothing-to-resume]" in again.stderr


def test_a_laptop_starts_it(server: GitHubServer, orphaned: Project) -> None:
    """Not in Actions: whoever pushed, nothing runs at the tag. The token is the environment's or git's own."""
    orphaned.env["GITHUB_ACTIONS"] = ""
    orphaned.repo.git("config", "--remove-section", f"http.http://127.0.0.1:{orphaned.remote.port}/")
    orphaned.repo.git("remote", "set-url", "origin", orphaned.remote.url("octo/demo.git"))
    silent = orphaned.release("--resume", env={"GITHUB_TOKEN": ""})
    assert (silent.code, orphaned.started()) == (4, []), silent.stderr  # git's password is no token of GitHub's
    done = orphaned.release("--resume", env={"GH_TOKEN": server.world.token("maintainer")})
    assert (done.code, orphaned.started()) == (0, STARTED), done.stderr


def test_a_fresh_clone_without_a_token_says_what_it_cannot_see(orphaned: Project) -> None:
    orphaned.repo.git("config", "--remove-section", f"http.http://127.0.0.1:{orphaned.remote.port}/")
    orphaned.repo.git("remote", "set-url", "origin", str(orphaned.bare.path))
    orphaned.repo.git(
        "remote", "set-url", "--push", "origin", orphaned.remote.url("octo/demo.git", with_password=False)
    )
    done = orphaned.release("--resume")
    assert (done.code, orphaned.started()) == (3, [])
    assert "whether release.yml runs at v1.3.0 cannot be seen without a token" in done.stderr
    assert f"hint: export GH_TOKEN=…, or where it does not run: {COMMAND}\n" in done.stderr


@pytest.mark.parametrize("what", ["runs", "has its release", "by hand only", "no dispatch", "itself"])
def test_a_fresh_clone_starts_nothing_that_has_run_or_cannot(
    server: GitHubServer, remote: HttpRemote, tmp_path: Path, what: str
) -> None:
    workflow = {"by hand only": "on: workflow_dispatch\njobs: {}\n", "no dispatch": 'on:\n  push:\n    tags: ["v*"]\n'}
    project = Project(server, remote, tmp_path, workflow=workflow.get(what, WORKFLOW))
    project.checked_out_with(server.world.token("maintainer"))
    assert project.release().code == 0
    clone_again(project)
    if what == "runs":
        project.hosted.run(77, "release.yml", "v1.3.0", event="push")
    if what == "has its release":
        who, name = server.world.bot, "v1.3.0"
        made = Release(id=7, tag=name, name=name, target="", body="", author=who, draft=False, prerelease=False)
        project.hosted.releases.append(made)
    if what == "itself":
        project.env["GITHUB_WORKFLOW_REF"] = f"octo/demo/{PATH}@refs/tags/v1.3.0"

    done = project.release("--resume")

    assert (done.code, project.started()) == (3, []), done.stderr


def test_a_run_that_github_does_not_show_yet(
    server: GitHubServer, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes some seconds after the push: of a young tag another look is taken."""
    project.env["SOURCE_DATE_EPOCH"] = str(int(time.time()))
    project.checked_out_with(server.world.token("maintainer"))
    assert project.release().code == 0
    clone_again(project)
    waited: list[float] = []

    def settle(seconds: float) -> None:
        waited.append(seconds)
        project.hosted.run(77, "release.yml", "v1.3.0", event="push")

    with monkeypatch.context() as patch:
        patch.setattr(late_start, "sleep", settle)
        done = project.release("--resume")

    assert (done.code, project.started(), waited) == (3, [], [late_start.SETTLE_SECONDS]), done.stderr


def test_only_the_newest_release_is_started(server: GitHubServer, orphaned: Project) -> None:
    """Later commits, and a later release that runs: what came before is over."""
    token = server.world.token("maintainer")
    orphaned.checked_out_with(token)
    orphaned.repo.commit("fix: later")
    orphaned.repo.git("push", "--quiet", "origin", "main")
    assert orphaned.release().code == 0
    orphaned.hosted.run(77, "release.yml", "v1.3.1", event="push")
    clone_again(orphaned)
    assert (orphaned.release("--resume").code, orphaned.started()) == (3, [])


def test_a_clone_that_is_behind(server: GitHubServer, project: Project) -> None:
    """It had been made before the release: the tag is fetched, no branch moves."""
    project.checked_out_with(server.world.actions_token(writes=("contents",)))
    behind = GitRepo.clone(f"file://{project.bare.path}", project.repo.path.with_name("behind"))
    assert project.release().code == 6
    behind.git("remote", "set-url", "origin", project.remote.url("octo/demo.git", with_password=False))
    project.repo, head = behind, behind.head()
    project.checked_out_with(server.world.actions_token(writes=("contents", "actions")))

    done = project.release("--resume")

    assert (done.code, project.started(), behind.head()) == (0, STARTED, head), done.stderr


def test_a_detached_head_needs_its_branch(server: GitHubServer, orphaned: Project) -> None:
    orphaned.checked_out_with(server.world.actions_token(writes=("contents", "actions")))
    orphaned.repo.git("checkout", "--quiet", "--detach")
    unknown = orphaned.release("--resume")
    assert (unknown.code, "hint: verbump release --resume --branch" in unknown.stderr) == (3, True), unknown.stderr
    done = orphaned.release("--resume", "--branch", "main")
    assert (done.code, orphaned.started()) == (0, STARTED), done.stderr


@pytest.mark.parametrize("status", [401, 403])
def test_a_fresh_clone_that_cannot_see_what_runs_starts_nothing(
    server: GitHubServer, orphaned: Project, status: int
) -> None:
    orphaned.checked_out_with(server.world.actions_token(writes=("contents", "actions")))
    server.fail("GET", "/runs$", times=9, status=status)
    done = orphaned.release("--resume")
    assert (done.code, orphaned.started()) == (4, []), done.stderr
