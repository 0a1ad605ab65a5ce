"""Smart HTTP is spoken by the real git on both sides, and each fault is what its name says."""

from __future__ import annotations

import gzip
import subprocess
import time
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

from support import http_remote
from support.git_repo import GitRepo
from support.http_remote import PASSWORD, USER, HttpRemote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def http(tmp_path: Path) -> Iterator[HttpRemote]:
    with http_remote.serving(tmp_path) as remote:
        yield remote


@pytest.fixture
def repo(tmp_path: Path, http: HttpRemote) -> GitRepo:
    """Its remote is over HTTP and lacks the last commit."""
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"a": "a"})
    repo.add_remote(tmp_path / "remote.git")
    repo.git("remote", "set-url", "origin", http.url("remote.git"))
    repo.commit("fix: new", {"a": "b"})
    return repo


def push(repo: GitRepo, *words: str, timeout: float = 30) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", *words, "push", "origin", "main"], cwd=repo.path, capture_output=True, timeout=timeout
    )


def tip(tmp_path: Path) -> str:
    return GitRepo(tmp_path / "remote.git").branch_tip("main")


def test_clone_and_push(tmp_path: Path, http: HttpRemote, repo: GitRepo) -> None:
    assert push(repo).returncode == 0
    assert tip(tmp_path) == repo.head()
    assert http.pushes == 1
    clone = GitRepo.clone(http.url("remote.git"), tmp_path / "clone")
    assert clone.head() == repo.head()


@pytest.mark.parametrize("who", ["", f"{USER}:wrong@"])
def test_wrong_password(tmp_path: Path, http: HttpRemote, repo: GitRepo, who: str) -> None:
    repo.git("remote", "set-url", "origin", f"http://{who}127.0.0.1:{http.port}/remote.git")
    done = push(repo)
    assert done.returncode == 128
    assert b"Authentication failed" in done.stderr or b"could not read Username" in done.stderr
    assert tip(tmp_path) != repo.head()
    plain = HTTPConnection("127.0.0.1", http.port, timeout=10)
    plain.request("GET", "/remote.git/info/refs?service=git-upload-pack")
    answer = plain.getresponse()
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="git"')
    plain.close()


@pytest.mark.parametrize("fault", ["401", "403", "500"])
def test_refused_before_the_backend(tmp_path: Path, http: HttpRemote, repo: GitRepo, fault: str) -> None:
    http.fault = fault
    done = push(repo)
    assert done.returncode != 0
    assert fault.encode() in done.stderr or b"Authentication failed" in done.stderr
    assert (tip(tmp_path), http.pushes) == (repo.oid("HEAD~1"), 0)


def test_answer_dropped_after_the_backend(tmp_path: Path, http: HttpRemote, repo: GitRepo) -> None:
    http.fault = "drop"
    assert push(repo).returncode != 0
    assert tip(tmp_path) == repo.head()
    assert http.pushes >= 1  # curl asks again where a line that it uses again is cut
    http.fault = ""
    again = push(repo)
    assert again.returncode == 0
    assert b"up-to-date" in again.stderr


def test_hanging_server_changes_nothing(tmp_path: Path, http: HttpRemote, repo: GitRepo) -> None:
    http.fault = "hang"
    with pytest.raises(subprocess.TimeoutExpired):
        push(repo, timeout=1)
    assert tip(tmp_path) != repo.head()


def test_delay(tmp_path: Path, http: HttpRemote, repo: GitRepo) -> None:
    http.delay_seconds = 0.5
    start = time.monotonic()
    assert push(repo).returncode == 0
    assert time.monotonic() - start >= 0.5
    assert tip(tmp_path) == repo.head()


def test_chunked_push(tmp_path: Path, http: HttpRemote, repo: GitRepo) -> None:
    """git sends what is larger than http.postBuffer in chunks."""
    repo.commit("feat: large", {"large": bytes(range(256)) * 40_000})
    repo.git("config", "core.compression", "0")
    assert push(repo, "-c", "http.postBuffer=65536").returncode == 0
    assert tip(tmp_path) == repo.head()
    assert "chunked" in http.seen


def test_gzipped_request(tmp_path: Path, http: HttpRemote, repo: GitRepo) -> None:
    """git compresses a long list of wants and haves; here one is sent by hand."""
    want = tip(tmp_path)
    line = f"0032want {want}\n00000009done\n".encode()
    connection = HTTPConnection("127.0.0.1", http.port, timeout=10)
    headers = {
        "Authorization": http_remote.AUTHORIZATION,
        "Content-Type": "application/x-git-upload-pack-request",
        "Content-Encoding": "gzip",
    }
    connection.request("POST", "/remote.git/git-upload-pack", gzip.compress(line), headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read().startswith(b"0008NAK\nPACK")
    connection.close()
    assert "gzip" in http.seen


def test_no_repository_there(tmp_path: Path, http: HttpRemote) -> None:
    done = subprocess.run(["git", "ls-remote", http.url("none.git")], capture_output=True)
    assert done.returncode == 128
    assert b"not found" in done.stderr


def test_password_survives_the_address() -> None:
    assert "/" in PASSWORD  # an address that is quoted wrongly fails test_clone_and_push
