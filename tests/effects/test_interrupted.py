"""A release that was interrupted finishes or is undone, whatever its user does meanwhile. Kills: test_kill_sweep."""

from __future__ import annotations

import contextlib
import json
import os
import time
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path

MINE = {"mine.txt": "mine\n"}


def project(tmp_path: Path) -> GitRepo:
    repo = released(tmp_path, "feat: streams", more=MINE)
    repo.write("mine.txt", "edited\n")
    repo.write("new.txt", "new\n")
    return repo


def is_released(repo: GitRepo, tmp_path: Path) -> bool:
    """I1: the remote holds both refs, or neither."""
    there = remote_refs(tmp_path)
    has_tag = "refs/tags/v1.3.0" in there
    has_branch = there["refs/heads/main"] != repo.git("rev-parse", "v1.2.3^{commit}") and GitRepo(
        tmp_path / "remote.git"
    ).git("log", "-1", "--format=%s", "main").startswith("chore(release)")
    assert has_tag == has_branch, there
    return has_tag


def assert_finished(repo: GitRepo, tmp_path: Path) -> None:
    assert is_released(repo, tmp_path)
    assert repo.oid("refs/tags/v1.3.0") == remote_refs(tmp_path)["refs/tags/v1.3.0"]
    assert repo.head() == remote_refs(tmp_path)["refs/heads/main"]
    assert repo.git("status", "--porcelain").split("\n") == [" M mine.txt", "?? new.txt"]
    assert repo.read("mine.txt") == b"edited\n"
    assert_no_leftovers(repo)


def assert_no_leftovers(repo: GitRepo) -> None:
    """I4."""
    left = [path for path in repo.path.rglob("*") if path.name.startswith((".verbump-", "verbump-"))]
    left += list((repo.path / ".git").rglob("*.lock"))
    left += list((repo.path / ".git" / "verbump").glob("journal*"))
    assert left == []
    assert repo.oid("refs/verbump/inflight") == ""
    assert repo.git("fsck", "--strict", "--no-dangling") == ""


def test_pending_release_is_named(tmp_path: Path) -> None:
    """Exit 7 for `release`; the others only warn."""
    repo = project(tmp_path)
    begin_and_die(tmp_path, repo)

    pending = verbump("release", "--yes", cwd=repo.path)
    assert pending.code == 7
    assert "--resume" in pending.stderr
    looked = verbump("next", cwd=repo.path)
    assert (looked.code, looked.stdout) == (0, "1.3.0\n")
    assert "[release-pending]" in looked.stderr
    for words in (["notes"], ["changelog"], ["notes", "1.2.3"]):
        told = verbump(*words, cwd=repo.path)
        assert told.code == 0
        assert "warning: " in told.stderr
        assert "[release-pending]" in told.stderr
        assert "pending" not in told.stdout
    assert verbump("-q", "notes", cwd=repo.path).stderr == ""

    assert verbump("release", "--abort", cwd=repo.path).code == 0
    assert verbump("release", "--abort", cwd=repo.path).code == 3
    assert verbump("release", "--resume", cwd=repo.path).code == 3


def begin_and_die(tmp_path: Path, repo: GitRepo) -> None:
    """Leave a journal behind, before the push."""
    repo.install_hook("pre-push", '#!/bin/sh\nkill -9 "$PPID"\n')
    assert verbump("release", "--yes", cwd=repo.path).code == -9
    (repo.path / ".git" / "hooks" / "pre-push").unlink()
    assert (repo.path / ".git" / "verbump" / "journal.json").exists()


def test_pushed_release_cannot_be_aborted(tmp_path: Path) -> None:
    repo = project(tmp_path)
    kill_after_push(tmp_path, repo)
    before = repo.snapshot()

    refused = verbump("release", "--abort", cwd=repo.path)

    assert refused.code == 4
    assert "verbump release --resume" in refused.stderr
    assert repo.snapshot() == before
    assert verbump("release", "--resume", cwd=repo.path).code == 0
    assert_finished(repo, tmp_path)


def kill_after_push(tmp_path: Path, repo: GitRepo) -> None:
    hook = "#!/bin/sh\nwhile read line; do :; done\nkill -9 $(cat %s)\nsleep 0.2\n" % (tmp_path / "pid")
    GitRepo(tmp_path / "remote.git").install_hook("post-receive", hook)
    repo.install_hook("pre-push", f"#!/bin/sh\necho $PPID > {tmp_path / 'pid'}\n")
    assert verbump("release", "--yes", cwd=repo.path).code == -9
    GitRepo(tmp_path / "remote.git").install_hook("post-receive", "#!/bin/sh\n")
    assert is_released(repo, tmp_path)
    for _ in range(100):  # the push that outlived its parent ends by itself
        if repo.oid("refs/remotes/origin/main") == remote_refs(tmp_path)["refs/heads/main"]:
            break
        time.sleep(0.05)


@pytest.mark.case("F12")
def test_edit_between_crash_and_resume_wins(tmp_path: Path) -> None:
    repo = project(tmp_path)
    kill_after_push(tmp_path, repo)
    repo.write("Cargo.toml", repo.read("Cargo.toml") + b"# my edit\n")

    result = verbump("release", "--resume", cwd=repo.path)

    assert result.code == 0
    assert "Cargo.toml was edited meanwhile: your version stays" in result.stderr
    assert repo.read("Cargo.toml").endswith(b"# my edit\n")
    assert b'version = "1.3.0"' in repo.read("pyproject.toml")


@pytest.mark.case("F13")
def test_commit_between_crash_and_resume_stays(tmp_path: Path) -> None:
    repo = project(tmp_path)
    kill_after_push(tmp_path, repo)
    mine = repo.commit("feat: meanwhile")

    result = verbump("release", "--resume", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert "git pull --rebase" in result.stderr
    assert repo.head() == mine
    assert repo.oid("refs/tags/v1.3.0") == remote_refs(tmp_path)["refs/tags/v1.3.0"]


@pytest.mark.case("F11")
@pytest.mark.parametrize("content", ["{", "[]", '{"schema": 1}', '{"schema": 99}'])
def test_damaged_or_newer_journal_is_kept(tmp_path: Path, content: str) -> None:
    repo = project(tmp_path)
    begin_and_die(tmp_path, repo)
    journal = repo.path / ".git" / "verbump" / "journal.json"
    journal.write_text(content)

    for words in (("release", "--resume"), ("release", "--abort"), ("release", "--yes")):
        result = verbump(*words, cwd=repo.path)
        assert result.code == 2, result.stderr
        assert "journal.json" in result.stderr
    assert journal.read_text() == content


@pytest.mark.case("F04")
def test_two_at_once_in_one_clone(tmp_path: Path) -> None:
    """The second one is told so and waits for nothing."""
    repo = project(tmp_path)
    inner = tmp_path / "inner"
    repo.install_hook(
        "pre-push", f"#!/bin/sh\n{verbump_command()} release --abort > /dev/null 2> {inner}\necho $? >> {inner}\n"
    )

    assert verbump("release", "--yes", cwd=repo.path).code == 0

    lines = inner.read_text().strip().split("\n")
    assert lines[-1] == "7"
    assert "[release-running]" in lines[0]


def verbump_command() -> str:
    import sys

    return f"{sys.executable} -P -m verbump"


@pytest.mark.case("F08")
@pytest.mark.parametrize("number", [2, 15], ids=["Ctrl-C", "SIGTERM"])
def test_signal_before_the_push_undoes_everything(tmp_path: Path, number: int) -> None:
    repo = project(tmp_path)
    before, there = repo.snapshot(), remote_refs(tmp_path)
    repo.install_hook("pre-push", f"#!/bin/sh\nkill -{number} $PPID\n")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 130, result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)
    assert_no_leftovers(repo)


@pytest.mark.case("F08")
def test_signal_during_the_push_waits_and_reads(tmp_path: Path) -> None:
    repo = project(tmp_path)
    repo.install_hook("pre-push", f"#!/bin/sh\necho $PPID > {tmp_path / 'pid'}\n")
    remote = GitRepo(tmp_path / "remote.git")
    remote.install_hook("post-receive", f"#!/bin/sh\nkill -2 $(cat {tmp_path / 'pid'})\nsleep 0.1\n")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 6, result.stderr
    assert "verbump release --resume" in result.stderr
    assert verbump("release", "--resume", cwd=repo.path).code == 0
    assert_finished(repo, tmp_path)


@pytest.mark.case("S14")
def test_journal_holds_no_secret(tmp_path: Path) -> None:
    """P7."""
    repo = project(tmp_path)
    repo.git("remote", "set-url", "--push", "origin", str(tmp_path / "remote.git"))
    repo.install_hook("pre-push", '#!/bin/sh\nenv > "$PWD/../env"\nkill -9 "$PPID"\n')
    verbump("release", "--yes", cwd=repo.path, env={"GITHUB_TOKEN": "ghp_canary+/=", "PYPI_PASSWORD": "canary2"})

    journal = (repo.path / ".git" / "verbump" / "journal.json").read_text()
    assert "canary" not in journal
    assert "canary" not in (tmp_path / "env").read_text(), "hooks get no secrets"
    assert json.loads(journal)["schema"] == 1


LOCKS = ["refs/heads/main.lock", "refs/tags/v1.3.0.lock", "index.lock", "HEAD.lock", "refs/remotes/origin/main.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_of_a_killed_git_is_cleared(tmp_path: Path, name: str) -> None:
    repo = project(tmp_path)
    kill_after_push(tmp_path, repo)
    (repo.path / ".git" / name).touch()

    assert verbump("release", "--resume", cwd=repo.path).code == 0

    assert_finished(repo, tmp_path)


@pytest.mark.case("F26")
@pytest.mark.parametrize("whose", ["older", "open", "another ref's"])
def test_lock_of_somebody_else_stays(tmp_path: Path, whose: str) -> None:
    repo = project(tmp_path)
    kill_after_push(tmp_path, repo)
    lock = repo.path / ".git" / ("refs/heads/other.lock" if whose == "another ref's" else "index.lock")
    lock.touch()
    if whose == "older":
        os.utime(lock, (1, 1))
    with lock.open("a") if whose == "open" else contextlib.nullcontext():
        result = verbump("release", "--resume", cwd=repo.path)

    assert lock.exists()
    assert result.code == (0 if whose == "another ref's" else 6), result.stderr
    lock.unlink()
    if result.code == 6:
        assert "index.lock" in result.stderr
        assert verbump("release", "--resume", cwd=repo.path).code == 0
    assert_finished(repo, tmp_path)


def test_only_what_a_killed_release_wrote_is_taken_away(tmp_path: Path) -> None:
    """A file of the user with such a name stays."""
    repo = project(tmp_path)
    kill_after_push(tmp_path, repo)
    repo.write(".verbump-abcdefgh", '[package]\nname = "demo"\nver')
    repo.write(".verbump-mine4567", "mine\n")

    assert verbump("release", "--resume", cwd=repo.path).code == 0

    assert not (repo.path / ".verbump-abcdefgh").exists()
    assert repo.read(".verbump-mine4567") == b"mine\n"
