"""After a release its pull requests and issues are told, once, and whatever goes wrong there changes no exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.github_state import Pull

if TYPE_CHECKING:
    from support.github_server import GitHubServer
    from support.release_project import Project
    from support.running import Result


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was waited between writes, and is not waited here."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


def pull(project: Project, number: int, *, state: str = "closed", merged: bool = True) -> None:
    author = project.server.world.account("somebody")
    sha = project.bare.branch_tip("main") if merged else ""
    project.hosted.pulls.append(
        Pull(number=number, title="x", body="", head="x", base="main", author=author, state=state, merge_sha=sha)
    )


@pytest.fixture(autouse=True)
def _told(project: Project) -> None:
    """#1 is merged, #2 a closed issue, #3 an open one, #4 a pull request that was not taken, #5 is nothing."""
    project.in_workflow()
    pull(project, 1)
    pull(project, 4, merged=False)
    project.hosted.issues |= {2: "bug", 3: "idea"}
    project.hosted.closed.add(2)
    repo = project.repo
    repo.commit("chore: tell", {"verbump.toml": "[github]\ncomment_released = true\n"})
    repo.commit("feat: files (#1)\n\nCloses #2\nRefs: #9")
    repo.commit("fix: a leak (#3)")
    repo.commit("fix: another (#4) (#5)")
    repo.git("push", "-q", "origin", "main")


def said(project: Project) -> list[tuple[int, str]]:
    return [(each.issue, each.body) for each in project.hosted.comments]


def release(project: Project, *words: str) -> Result:
    return project.release(*(words or ("--yes",)))


def test_merged_and_closed_are_told_once(project: Project, pauses: list[float]) -> None:
    dry = release(project, "--dry-run")
    assert "comment “released in v1.3.0” on #1, #2, #3, #4, #5, where merged or closed" in dry.stdout
    assert project.hosted.comments == []

    done = release(project)

    assert done.code == 0, done.stderr
    page = f"http://127.0.0.1:{project.remote.port}".replace("http://", "https://").rpartition(":")[0]
    text = f"<!-- verbump released v1.3.0 -->\nReleased in [v1.3.0]({page}/octo/demo/releases/tag/v1.3.0).\n"
    assert said(project) == [(1, text), (2, text)]
    assert "commented on #2: released in v1.3.0\n" in done.stderr
    assert max(pauses) > 0.5  # between two writes


def test_without_the_setting_nobody_is_told(project: Project) -> None:
    project.repo.commit("chore: hush", {"verbump.toml": ""})
    assert release(project).code == 0
    assert said(project) == []


def test_a_comment_that_is_there_is_not_made_again(server: GitHubServer, project: Project) -> None:
    server.fail("POST", "/issues/1/comments$", kind="drop")  # made, and the answer is lost
    assert release(project).code == 0
    assert [number for number, _ in said(project)] == [1, 2]


@pytest.mark.case("F20")
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 401}, "are not told of the release"),
        ({"status": 403}, "are not told of the release"),
        ({"status": 403, "headers": {"Retry-After": "3600"}}, "are not told of the release"),
        ({"status": 410}, "no comment on #1"),
        ({"status": 502}, "no comment on #1"),
        ({"kind": "cut"}, "are not told of the release"),
    ],
)
def test_what_goes_wrong_is_a_remark(
    server: GitHubServer, project: Project, fault: dict[str, object], words: str
) -> None:
    server.fail("POST", "/issues/1/comments$", times=9, **fault)
    done = release(project)
    assert (done.code, bool(project.bare.oid("v1.3.0"))) == (0, True)
    assert words in done.stderr
    assert "released v1.3.0" in done.stderr


def test_no_token(project: Project) -> None:
    project.env["GITHUB_TOKEN"] = ""
    done = release(project)
    assert (done.code, said(project)) == (0, [])
    assert "note: pull requests and issues are not told of the release: no token for" in done.stderr


def test_a_merged_request_tells_as_well(project: Project) -> None:
    from support.github_merge_routes import merge

    assert release(project, "--pull-request", "--yes").code == 0
    assert said(project) == []
    merge(project.hosted, project.hosted.pulls[-1], "squash")
    done = release(project, "--tag-merged", "--yes")
    assert done.code == 0, done.stderr
    assert [number for number, _ in said(project)] == [1, 2, 5]  # the request has the number that a commit names
