"""The repository that tests make is a real one, and its snapshot sees all that a user could."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MESSAGE = "fix: x\n\n# kept, since nothing is cleaned up\n\n\ntrailing \n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"a.txt": "a\n", "sub/b.bin": b"\0\r\n"})
    return repo


def test_commit_takes_the_message_as_it_is_and_only_the_files_named(repo: GitRepo) -> None:
    repo.write("other.txt", "not mine")
    sha = repo.commit(MESSAGE, {"a.txt": "b\n"})
    assert sha == repo.head() == repo.branch_tip("main")
    assert repo.git("cat-file", "commit", sha).endswith("\n\n" + MESSAGE.removesuffix("\n"))
    assert repo.git("show", "--name-only", "--format=", sha) == "a.txt"
    assert repo.read("sub/b.bin") == b"\0\r\n"


def test_tags_of_both_kinds(repo: GitRepo) -> None:
    first = repo.head()
    repo.commit("fix: x")
    repo.tag("v1")
    repo.tag("light", annotated=False, rev=first)
    assert repo.git("cat-file", "-t", "v1") == "tag"
    assert repo.oid("refs/tags/light") == first


def test_merge_has_two_parents(repo: GitRepo) -> None:
    repo.git("checkout", "--quiet", "-b", "side")
    side = repo.commit("feat: side")
    repo.git("checkout", "--quiet", "main")
    main = repo.head()
    assert repo.git("rev-parse", f"{repo.merge('side')}^1", "HEAD^2").split("\n") == [main, side]


def test_remote_and_clone(repo: GitRepo, tmp_path: Path) -> None:
    repo.tag("v1")
    remote = repo.add_remote(tmp_path / "remote.git")
    assert remote.refs() == {name: oid for name, oid in repo.refs().items() if not name.startswith("refs/remotes/")}
    clone = GitRepo.clone(remote.path, tmp_path / "clone", "--depth=1")
    assert clone.branch_tip("main") == repo.head()


def test_failure_says_what_git_said(repo: GitRepo) -> None:
    with pytest.raises(AssertionError, match="no-such-branch"):
        repo.git("checkout", "no-such-branch")
    assert repo.git("checkout", "no-such-branch", check=False) == ""
    assert repo.branch_tip("no-such-branch") == ""


def test_sha256(tmp_path: Path) -> None:
    assert len(GitRepo.create(tmp_path / "work", object_format="sha256").commit("feat: x")) == 64


def test_hook_runs(repo: GitRepo) -> None:
    repo.install_hook("pre-commit", "#!/bin/sh\nexit 1\n")
    with pytest.raises(AssertionError):
        repo.commit("fix: x")


CHANGES: dict[str, Callable[[GitRepo], object]] = {
    "content": lambda repo: repo.write("a.txt", "b\n"),
    "new file": lambda repo: repo.write("new", ""),
    "ignored file": lambda repo: (repo.write(".git/info/exclude", "x\n"), repo.write("x", "")),
    "mode": lambda repo: (repo.path / "a.txt").chmod(0o755),
    "empty folder": lambda repo: (repo.path / "empty").mkdir(),
    "dangling link": lambda repo: (repo.path / "link").symlink_to("nowhere"),
    "deleted": lambda repo: (repo.path / "a.txt").unlink(),
    "index": lambda repo: repo.git("rm", "--quiet", "--cached", "a.txt"),
    "intent to add": lambda repo: (repo.write("n", ""), repo.git("add", "-N", "n")),
    "commit": lambda repo: repo.commit("fix: x"),
    "tag": lambda repo: repo.tag("v1"),
    "branch": lambda repo: repo.git("branch", "other"),
    "own ref": lambda repo: repo.git("update-ref", "refs/verbump/inflight", "HEAD"),
    "HEAD": lambda repo: repo.git("checkout", "--quiet", "--detach"),
    "stash": lambda repo: (repo.write("a.txt", "c\n"), repo.git("stash", "--quiet")),
    "configuration": lambda repo: repo.git("config", "x.y", "z"),
    "reflog of HEAD": lambda repo: repo.git("reflog", "expire", "--expire=all", "HEAD"),
    "reflog of the branch": lambda repo: repo.git("reflog", "expire", "--expire=all", "refs/heads/main"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_snapshot_sees(repo: GitRepo, name: str) -> None:
    before = repo.snapshot()
    assert repo.snapshot() == before
    CHANGES[name](repo)
    assert repo.snapshot() != before


def test_snapshot_does_not_see_loose_objects(repo: GitRepo) -> None:
    before = repo.snapshot()
    repo.git("hash-object", "-w", "--stdin", data=b"nobody's")
    assert repo.snapshot() == before


@pytest.mark.parametrize("kind", ["unborn", "linked worktree"])
def test_snapshot_of(tmp_path: Path, repo: GitRepo, kind: str) -> None:
    if kind == "unborn":
        other = GitRepo.create(tmp_path / "other")
    else:
        repo.git("worktree", "add", "--quiet", str(tmp_path / "other"), "-b", "other")
        other = GitRepo(tmp_path / "other")
    before = other.snapshot()
    other.commit("feat: x")
    assert other.snapshot() != before
