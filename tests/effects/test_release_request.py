"""`release --pull-request` and `--tag-merged`: from commits over a merged request to the tag and its workflow."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from support import projects
from support.github_merge_routes import merge
from support.running import start_verbump

if TYPE_CHECKING:
    from support.github_server import GitHubServer
    from support.github_state import Pull
    from support.release_project import Project
    from support.running import Result

BRANCH, NEXT = "verbump/release", "verbump/release-next"
ASK = ("--pull-request", "--yes")
TAG = ("--tag-merged", "--yes")
STARTED = [("v1.3.0", {"version": "1.3.0", "publish": "true"})]


@pytest.fixture(autouse=True)
def _workflow(project: Project) -> None:
    project.in_workflow()


def ask(project: Project, code: int = 0) -> Result:
    done = project.release(*ASK)
    assert done.code == code, done.stderr
    return done


def show(project: Project, path: str, ref: str = BRANCH) -> str:
    return project.bare.git("show", f"{ref}:{path}")


def subjects(project: Project, ref: str = BRANCH) -> list[str]:
    return project.bare.git("log", "--format=%s", f"main..{ref}").split("\n")


def edit(project: Project, old: str, new: str, path: str = "CHANGELOG.md") -> None:
    """A person edits a file on the branch of the request."""
    repo = project.repo
    repo.git("fetch", "-q", "origin", BRANCH)
    repo.git("switch", "-q", "--detach", "FETCH_HEAD")
    text = repo.read(path).decode()
    assert old in text
    repo.commit("docs: better words", {path: text.replace(old, new)})
    repo.git("push", "-q", "origin", f"HEAD:{BRANCH}")
    repo.git("switch", "-q", "main")


def commit(project: Project, message: str) -> None:
    project.repo.git("pull", "-q", "--rebase", "origin", "main")
    project.repo.commit(message)
    project.repo.git("push", "-q", "origin", "main")


def only_pull(project: Project) -> Pull:
    (pull,) = project.hosted.pulls
    return pull


def merged(project: Project, method: str = "merge", message: str = "") -> str:
    sha = merge(project.hosted, project.hosted.pulls[-1], method, message)
    project.repo.git("pull", "-q", "--ff-only", "origin", "main")
    return sha


# --- The request -----------------------------------------------------------------------------------------------------


def test_a_release_is_asked_for(server: GitHubServer, project: Project) -> None:
    before, there = project.repo.snapshot(), project.bare.refs()
    dry = project.release("--pull-request", "--dry-run")
    assert (dry.code, project.bare.refs(), server.log) == (0, there, []), dry.stderr
    assert "1. pull request “chore(release): 1.3.0” (3 files) from verbump/release into main" in dry.stdout

    done = ask(project)

    assert project.repo.snapshot() == before
    pull = only_pull(project)
    assert (pull.title, pull.head, pull.base, pull.state) == ("chore(release): 1.3.0", BRANCH, "main", "open")
    assert pull.body.startswith("Merging this releases 1.3.0.\n\n## [1.3.0] - 2026-11-23\n\n### Added\n\n- Streams")
    page = f"{server.url.replace('127.0.0.1', 'localhost')}/octo/demo/pull/1"
    assert f"pull request #1 opened: 1.3.0 ({page})\n" in done.stderr
    assert subjects(project) == ["chore(release): 1.3.0"]
    assert 'version = "1.3.0"' in show(project, "Cargo.toml")
    assert "\nVerbump-Release: 1.3.0\nVerbump-Plan: " in project.bare.git("log", "-1", "--format=%B", BRANCH)
    assert set(project.bare.refs()) - set(there) == {f"refs/heads/{BRANCH}"}


def test_asked_again_nothing_is_written(server: GitHubServer, project: Project) -> None:
    ask(project)
    refs = project.bare.refs()
    server.log.clear()
    assert "pull request #1 is current" in ask(project).stderr
    assert project.bare.refs() == refs
    assert not server.asked("^(POST|PATCH|PUT|DELETE) /repos")


def test_a_newer_commit_brings_it_up_to_date(project: Project) -> None:
    ask(project)
    commit(project, "feat!: other streams")
    assert "pull request #1 updated: 2.0.0" in ask(project).stderr
    assert only_pull(project).title == "chore(release): 2.0.0"
    assert subjects(project) == ["chore(release): 2.0.0"]
    assert project.bare.git("rev-parse", f"{BRANCH}^") == project.bare.branch_tip("main")


def test_hand_edits_of_the_changelog_stay_over_two_updates(project: Project) -> None:
    ask(project)
    edit(project, "- Streams", "- Streams that never end")
    assert "is current" in ask(project).stderr  # and nothing of the edit is touched
    for number, message in enumerate(("fix: a leak", "fix: another leak"), 1):
        commit(project, message)
        done = ask(project)
        assert "hand edits kept" in done.stderr
        text = show(project, "CHANGELOG.md")
        assert "- Streams that never end" in text
        assert "\n- Streams (" not in text
        assert text.count("leak") == number
        assert text.count("## [1.3.0]") == 1
    assert subjects(project) == ["chore(release): keep hand edits", "chore(release): 1.3.0"]


def test_other_files_changed_by_hand_are_named(project: Project) -> None:
    ask(project)
    edit(project, '"demo"', '"other"', "Cargo.toml")
    commit(project, "fix: a leak")
    assert "changed by hand on verbump/release, not kept: Cargo.toml; `git show " in ask(project).stderr
    assert '"demo"' in show(project, "Cargo.toml")


def test_closed_by_hand_it_is_asked_anew(project: Project) -> None:
    ask(project)
    only_pull(project).state = "closed"
    assert "pull request #2 opened" in ask(project).stderr


def test_nothing_to_release_any_more(project: Project) -> None:
    ask(project)
    sha = project.repo.head()
    commit(project, f'Revert "feat: streams"\n\nThis reverts commit {sha}.')
    done = ask(project)
    assert "closed pull request #1: nothing to release any more" in done.stderr
    assert only_pull(project).state == "closed"
    assert project.release(*ASK).code == 3


def test_labels_and_hooks(project: Project) -> None:
    hooks = '[hooks]\nbefore_commit = [["sh", "-c", "echo $VERBUMP_HOOK_VERSION > v.txt"]]\npaths = ["v.txt"]\n'
    project.repo.write("v.txt", "1.2.3\n")
    project.repo.git("add", "v.txt")
    project.repo.commit("chore: set up", {"verbump.toml": hooks + '[github]\nlabels = ["release"]\n'})
    project.repo.git("push", "-q", "origin", "main")
    ask(project)
    assert show(project, "v.txt") == "1.3.0"
    assert project.hosted.labels == {1: ["release"]}


def test_a_branch_left_from_the_last_release_is_written_anew(project: Project) -> None:
    ask(project)
    merged(project, "squash")
    assert project.release(*TAG).code == 0
    commit(project, "fix: a leak")
    done = ask(project)
    assert ("pull request #2 opened: 1.3.1" in done.stderr, "note:" in done.stderr) == (True, False)
    assert subjects(project) == ["chore(release): 1.3.1"]


# --- What goes wrong with it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "fault", "code", "words"),
    [
        ("GET /pulls$", {"status": 401}, 4, "is not (or no longer) valid"),
        ("POST /git/refs$", {"status": 403}, 4, "fine-grained token"),
        ("POST /git/refs$", {"status": 404}, 4, "GitHub says 404"),
        ("POST /git/refs$", {"status": 409}, 4, "409"),
        ("POST /graphql$", {"status": 502}, 4, "502"),
        ("POST /graphql$", {"kind": "cut"}, 4, "error"),
        ("POST /pulls$", {"status": 422}, 6, "holds the release, but its pull request is not there"),
    ],
)
def test_answers_that_say_no(
    server: GitHubServer, project: Project, where: str, fault: dict[str, object], code: int, words: str
) -> None:
    method, _, path = where.partition(" ")
    server.fail(method, path, times=9, **fault)
    done = ask(project, code)
    assert words in done.stderr
    assert bool(project.bare.branch_tip(BRANCH)) is (code == 6)
    assert project.hosted.pulls == []
    server.faults.clear()
    assert "pull request #1 opened" in ask(project).stderr
    assert not project.bare.branch_tip(NEXT)


def test_a_token_that_may_not_open_pull_requests(server: GitHubServer, project: Project) -> None:
    body = (
        b'{"message": "GitHub Actions is not permitted to create or approve pull requests.", "documentation_url": "x"}'
    )
    server.fail("POST", "/pulls$", status=403, body=body)
    done = ask(project, 6)
    assert "Settings, Actions, General: allow GitHub Actions to create" in done.stderr
    assert "hint: verbump release --pull-request\n" in done.stderr


def test_somebody_pushes_to_the_branch_meanwhile(server: GitHubServer, project: Project) -> None:
    ask(project)
    commit(project, "fix: a leak")
    tip = project.bare.branch_tip(BRANCH)
    other = project.bare.git("commit-tree", f"{tip}^{{tree}}", "-p", tip, "-m", "docs: mine")
    project.bare.install_hook(
        "reference-transaction",
        f"#!/bin/sh\nread old new ref\n[ $1 = committed ] && [ $ref = refs/heads/{NEXT} ] && [ ! -e moved ]"
        f" && touch moved && git update-ref refs/heads/{BRANCH} {other}\nexit 0\n",
    )
    done = ask(project, 5)
    assert "verbump/release has moved meanwhile" in done.stderr
    assert project.bare.branch_tip(BRANCH) == other


def test_commits_that_are_not_pushed_yet(project: Project) -> None:
    project.repo.commit("fix: mine")
    done = ask(project, 4)
    assert "is not on origin/main, where the pull request starts from [not-pushed]" in done.stderr
    assert "hint: git push origin main" in done.stderr


def test_without_a_token(project: Project) -> None:
    done = project.release(*ASK, env={"GITHUB_TOKEN": ""})
    assert (done.code, "no token for" in done.stderr) == (4, True)
    assert project.release("--pull-request", "--tag-merged", "--yes").code == 2


@pytest.mark.parametrize("path", ["/git/refs$", "/graphql$", "/pulls$"])
def test_killed_on_the_way(server: GitHubServer, project: Project, path: str) -> None:
    server.fail("POST", path, delay_seconds=1.5)
    child = start_verbump("release", *ASK, cwd=project.repo.path, env=project.env)
    deadline = time.monotonic() + 60
    while not any(fault.times == 0 for fault in server.faults) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    child.kill()
    assert child.wait() == -signal.SIGKILL

    ask(project)

    assert only_pull(project).state == "open"
    assert subjects(project) == ["chore(release): 1.3.0"]
    assert not project.bare.branch_tip(NEXT)


# --- The tag ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_the_merge_is_tagged(project: Project, method: str) -> None:
    ask(project)
    edit(project, "- Streams", "- Streams that never end")
    sha = merged(project, method, "as a person would say it" if method == "squash" else "")
    there = project.bare.branch_tip("main")

    done = project.release(*TAG)

    assert done.code == 0, done.stderr
    assert (project.bare.oid("v1.3.0^{commit}"), project.repo.oid("v1.3.0^{commit}")) == (sha, sha)
    assert project.bare.branch_tip("main") == there
    assert "\nRelease 1.3.0\n\nVerbump-Release: 1.3.0\nVerbump-Plan: " in project.bare.git("cat-file", "tag", "v1.3.0")
    assert project.started() == STARTED
    assert f"tagged v1.3.0 at {sha[:7]} (pull request #1)" in done.stderr
    again = project.release(*TAG)
    assert (again.code, project.started()) == (0, STARTED), again.stderr  # a look at the runs of today's tag
    assert project.release("--yes").code == 3


def test_commits_after_the_merge_are_not_tagged(project: Project) -> None:
    ask(project)
    sha = merged(project)
    commit(project, "feat: more")
    dry = project.release("--tag-merged", "--dry-run")
    assert dry.stdout == (
        f"tag v1.3.0\npush v1.3.0 at {sha[:7]} to origin, atomically\n"
        "start release.yml at v1.3.0, where the push does not (GITHUB_TOKEN)\n"
    )
    assert not project.bare.oid("v1.3.0")
    assert project.release(*TAG).code == 0
    assert project.bare.oid("v1.3.0^{commit}") == sha


def test_a_merge_that_is_not_here_yet_is_fetched(project: Project) -> None:
    ask(project)
    sha = merge(project.hosted, only_pull(project), "rebase")
    assert project.release(*TAG).code == 0
    assert project.bare.oid("v1.3.0^{commit}") == sha


def test_a_merge_that_the_branch_has_lost(project: Project) -> None:
    ask(project)
    before = project.repo.head()
    merge(project.hosted, only_pull(project), "squash")
    project.bare.git("update-ref", "refs/heads/main", before)
    done = project.release(*TAG)
    assert (done.code, "which origin/main does not hold [merge-not-on-branch]" in done.stderr) == (4, True)


def test_several_packages_are_several_tags(project: Project) -> None:
    repo = project.repo
    listed = "".join(f'[[packages]]\nname = "{name}"\npath = "{name}"\n\n' for name in ("a", "b"))
    made = {f"{name}/Cargo.toml": projects.CARGO.replace("demo", name).format(version="0.1.0") for name in "ab"}
    repo.git("rm", "-q", "Cargo.toml", "pyproject.toml", "CHANGELOG.md")
    repo.commit("feat: packages", {"verbump.toml": listed, **made})
    repo.git("push", "-q", "origin", "main")
    ask(project)
    assert only_pull(project).title == "chore(release): a 0.1.0, b 0.1.0"
    sha = merged(project, "squash")
    done = project.release(*TAG)
    assert done.code == 0, done.stderr
    assert {project.bare.oid(f"{name}-v0.1.0^{{commit}}") for name in "ab"} == {sha}
    assert [ref for ref, _ in project.started()] == ["a-v0.1.0", "b-v0.1.0"]


def test_nothing_merged(project: Project) -> None:
    ask(project)
    assert project.release(*TAG).code == 3
    assert project.release(*TAG, "--if-needed").code == 0
    assert project.release("--tag-merged").code == 2  # no terminal to ask on


@pytest.mark.parametrize("fork", ["mallory/demo", "octo/twin"])
def test_a_request_of_a_fork_is_nobodys(server: GitHubServer, project: Project, fork: str) -> None:
    """An owner may have a fork of their own: GitHub's filter, `head=octo:BRANCH`, lists its requests as well."""
    ask(project)
    merged(project)
    server.world.host(fork, project.bare)
    only_pull(project).head_repository = fork
    assert project.release(*TAG).code == 3


def test_files_that_say_another_version(project: Project) -> None:
    ask(project)
    edit(project, 'version = "1.3.0"', 'version = "9.0.0"', "Cargo.toml")
    merged(project)
    done = project.release(*TAG)
    assert (done.code, project.bare.oid("v1.3.0")) == (4, "")
    assert "where pull request #1 was merged: Cargo.toml states 9.0.0, 1.3.0 says 1.3.0" in done.stderr


def test_a_tag_that_the_server_refuses(project: Project) -> None:
    ask(project)
    merged(project)
    project.bare.install_hook("pre-receive", "#!/bin/sh\necho GH013: rule violations >&2\nexit 1\n")
    done = project.release(*TAG)
    assert (done.code, project.started(), project.repo.oid("v1.3.0")) == (4, [], "")
    assert "origin refused v1.3.0; nothing has changed" in done.stderr
    assert "GH013: rule violations" in done.stderr


def test_the_workflow_could_not_be_started(server: GitHubServer, project: Project) -> None:
    ask(project)
    merged(project)
    server.fail("POST", "/dispatches$", status=403)
    done = project.release(*TAG)
    assert (done.code, bool(project.bare.oid("v1.3.0"))) == (6, True)
    assert "hint: gh workflow run release.yml --ref v1.3.0 -f version=1.3.0 -f publish=true" in done.stderr
    assert project.release(*TAG).code == 0
    assert project.started() == STARTED


def test_killed_between_tag_and_workflow(server: GitHubServer, project: Project) -> None:
    ask(project)
    merged(project)
    server.fail("POST", "/graphql$", delay_seconds=3.0)
    child = start_verbump("release", *TAG, cwd=project.repo.path, env=project.env)
    deadline = time.monotonic() + 60
    while not any(fault.times == 0 for fault in server.faults) and time.monotonic() < deadline:
        time.sleep(0.01)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert (bool(project.bare.oid("v1.3.0")), project.started()) == (True, [])
    assert project.release(*TAG).code == 0
    assert project.started() == STARTED
