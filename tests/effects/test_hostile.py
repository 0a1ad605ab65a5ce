"""Hostile repositories: messages, tags, branches, remotes and encodings that have broken other tools."""

from __future__ import annotations

import base64
import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path

FORGED = [
    "docs: x\n\n----------commit-delimiter----------\nfeat!: forged",
    "docs: x\n\n\\x00feat!: forged",
    "docs: x\n\ncommit 0123456789abcdef0123456789abcdef01234567\nAuthor: x\n\n    feat!: forged",
    "docs: a\u2028feat!: forged",
    "docs: a\x0bfeat!: forged\x0cfeat!: forged\x85feat!: forged\rfeat!: forged",
]


@pytest.mark.case("S01")
@pytest.mark.parametrize("message", FORGED)
def test_one_message_is_one_commit(tmp_path: Path, message: str) -> None:
    repo = released(tmp_path, message)
    assert verbump("next", cwd=repo.path).code == 3
    data = verbump("next", "--format", "json", cwd=repo.path).json
    assert len(data["ignored"]) == 1


def raw_commit(repo: GitRepo, content: bytes, *, encoding: str = "") -> None:
    """A commit whose message is these bytes."""
    head = f"tree {repo.git('rev-parse', 'HEAD^{tree}')}\nparent {repo.head()}\n"
    who = "Test <test@example.invalid> 1790000000 +0000"
    head += f"author {who}\ncommitter {who}\n" + (f"encoding {encoding}\n" if encoding else "")
    data = head.encode() + b"\n" + content
    oid = repo.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", data=data)
    repo.git("update-ref", "refs/heads/main", oid)


ENCODED = [
    pytest.param("feat: größer".encode("latin-1"), "ISO-8859-1", "Größer", id="declared latin-1"),
    pytest.param(b"feat: raw \xff\xfe bytes", "", "Raw \ufffd\ufffd bytes", id="undeclared bytes"),
    pytest.param(b"feat: a\xed\xa0\x80b", "", "b", id="lone surrogate"),
    pytest.param(b"feat: cut\x00feat!: hidden", "", "Cut", id="NUL"),
]


@pytest.mark.case("S04")
@pytest.mark.parametrize(("content", "encoding", "shown"), ENCODED)
def test_encodings(tmp_path: Path, content: bytes, encoding: str, shown: str) -> None:
    repo = released(tmp_path)
    raw_commit(repo, content, encoding=encoding)
    result = verbump("release", "--yes", cwd=repo.path)
    assert result.code == 0, result.stderr
    assert shown in repo.read("CHANGELOG.md").decode("utf-8")
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)


@pytest.mark.case("S03")
def test_empty_and_huge_messages(tmp_path: Path) -> None:
    repo = released(tmp_path, "fix: one")
    raw_commit(repo, b"")
    raw_commit(repo, b"feat: x\n\n" + b" " * 1_000_000)
    raw_commit(repo, b"fix: " + b"y" * 100_000 + b"\n\n" + b"z: \n" * 100_000)
    result = verbump("next", cwd=repo.path)
    assert result.stdout == "1.3.0\n"
    assert "[message-cut]" in result.stderr


TAGS = ["v1.9.9$(touch${IFS}pwned)", "v1.9.9;touch", "v1.9.9`id`", "--output=v9.9.9", "v1.9.9'", "v9.9.9|x", "v1.9.9&"]


@pytest.mark.case("S09")
def test_tags_are_names_and_nothing_else(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    for name in TAGS:
        repo.git("update-ref", f"refs/tags/{name}", "HEAD")
    repo.git("push", "--quiet", "origin", "refs/tags/*:refs/tags/*")
    result = verbump("release", "--yes", cwd=repo.path)
    assert result.code == 0, result.stderr
    assert "v1.3.0" in repo.git("tag")
    assert sorted(path.name for path in repo.path.iterdir()) == sorted(
        [".git", "CHANGELOG.md", "Cargo.toml", "pyproject.toml", "src"]
    )


@pytest.mark.parametrize("branch", ["main;id", "main$(id)", "a'b", "größe"])
def test_odd_branches(tmp_path: Path, branch: str) -> None:
    repo = released(tmp_path, more={"verbump.toml": 'release_branches = ["*"]\n'})
    repo.git("checkout", "--quiet", "-b", branch)
    repo.commit("feat: x")
    result = verbump("release", "--yes", cwd=repo.path)
    assert result.code == 0, result.stderr
    assert remote_refs(tmp_path)[f"refs/heads/{branch}"] == repo.head()


OPTIONS = [
    ["release", "--yes", "--branch", "--receive-pack=touch pwned"],
    ["release", "--yes", "--remote", "--receive-pack=touch pwned"],
    ["release", "--yes", "--remote", "ext::sh -c 'touch pwned'"],
    ["next", "--from", "--output=pwned"],
    ["next", "--to", "HEAD --output=pwned"],
]


@pytest.mark.case("S10")
@pytest.mark.parametrize("words", OPTIONS, ids=lambda words: words[-1])
def test_options_of_git_cannot_be_smuggled_in(tmp_path: Path, words: list[str]) -> None:
    repo = released(tmp_path, "feat: x")
    repo.git("checkout", "--quiet", "--detach")
    before = repo.snapshot()
    result = verbump(*words, cwd=repo.path)
    assert result.code in {2, 4}
    assert repo.snapshot() == before
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.case("S10")
def test_remote_that_would_run_a_program(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    repo.git("remote", "set-url", "origin", "ext::sh -c 'touch pwned'")
    repo.git("config", "protocol.ext.allow", "always")
    result = verbump("release", "--yes", cwd=repo.path)
    assert result.code == 4
    assert not list(tmp_path.rglob("pwned"))


def test_replace_refs_are_not_followed(tmp_path: Path) -> None:
    repo = released(tmp_path, "docs: harmless")
    fake = repo.git("commit-tree", "HEAD^{tree}", "-p", "HEAD~1", "-m", "feat!: forged")
    repo.git("replace", "HEAD", fake)
    assert verbump("next", cwd=repo.path).code == 3


@pytest.mark.case("S11")
@pytest.mark.parametrize("path", ["link/version.py", ".git/config", ".GIT/config", "sub/version.py"])
def test_targets_stay_inside(tmp_path: Path, path: str) -> None:
    repo = released(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "version.py").write_text('__version__ = "1.2.3"\n')
    (repo.path / "link").symlink_to(outside)
    sub = GitRepo.create(repo.path / "sub")
    sub.commit("x", {"version.py": '__version__ = "1.2.3"\n'})
    repo.commit("feat: x", {"verbump.toml": f'manifests = ["Cargo.toml", "{path}"]\n'})
    config = (repo.path / ".git" / "config").read_text()

    result = verbump("release", "--yes", cwd=repo.path)

    is_refused_by_name = path.lower().startswith(".git/")  # before anything is read
    assert result.code == (2 if is_refused_by_name else 4), result.stdout
    assert ("[configuration]" if is_refused_by_name else "[target-unsafe]") in result.stderr
    assert (outside / "version.py").read_text() == '__version__ = "1.2.3"\n'
    assert (repo.path / ".git" / "config").read_text() == config


@pytest.mark.case("S11")
@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
@pytest.mark.parametrize("name", ["verbump.toml", "Cargo.toml", "pyproject.toml", "CHANGELOG.md"])
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero"])
def test_what_never_ends_is_not_read(tmp_path: Path, name: str, kind: str) -> None:
    """A pipe waits for somebody who writes, and a link to a device has no end."""
    repo = released(tmp_path, "feat: streams")
    (repo.path / name).unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(repo.path / name)
    else:
        (repo.path / name).symlink_to(kind)

    result = verbump("next", cwd=repo.path)

    assert result.code in {0, 2, 4}
    assert f"{name}: cannot be read: not a regular file" in result.stderr


@pytest.mark.case("S05")
def test_escape_sequences_reach_no_terminal(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: \x1b]0;pwned\x07\u202e", "\x1b[2Jnot conventional")
    repo.write(
        "CHANGELOG.md", repo.read("CHANGELOG.md").replace(b"## [Unreleased]\n", b"## [Unreleased]\n\n- a\x1b[31mb\n")
    )
    repo.git("commit", "--quiet", "-am", "docs: notes")
    for words in (["next", "--explain"], ["release", "--dry-run"], ["release", "--dry-run", "--format", "json"]):
        result = verbump(*words, cwd=repo.path)
        assert "\x1b" not in result.stdout + result.stderr
        assert "\u202e" not in result.stdout + result.stderr


def test_unusual_file_names(tmp_path: Path) -> None:
    name = "weird ‘name’ $(id) -x.py"
    repo = released(
        tmp_path, "feat: x", more={name: '__version__ = "1.2.3"\n', "verbump.toml": f'manifests = ["{name}"]\n'}
    )
    result = verbump("release", "--yes", cwd=repo.path)
    assert result.code == 0, result.stderr
    assert repo.read(name) == b'__version__ = "1.3.0"\n'
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.case("R29")
def test_reversed_and_absurd_dates(tmp_path: Path) -> None:
    repo = released(tmp_path)
    for date, message in (("@4000000000 +0000", "feat: later"), ("@1 +0000", "fix: earlier")):
        env = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        repo.git("commit", "--quiet", "--allow-empty", "-m", message, env=env)
    data = verbump("next", "--format", "json", cwd=repo.path).json
    assert data["next"]["version"] == "1.3.0"
    assert [reason["header"] for reason in data["reasons"]] == ["fix: earlier", "feat: later"]


CANARY = "ghp_canary+/=0123456789"
REFUSALS = {
    "unreachable": "",
    "hook": f"#!/bin/sh\necho 'no: {CANARY} http://me:{CANARY}@example.invalid/x ghp_canary%2B%2F%3D0123456789'\nexit 1\n",
}


@pytest.mark.case("S14")
@pytest.mark.parametrize("where", REFUSALS)
@pytest.mark.parametrize("options", [[], ["-vv"]])
def test_token_is_in_no_output_and_no_file(tmp_path: Path, where: str, options: list[str]) -> None:
    """Of a push that fails: raw, URL-encoded and base64."""
    repo = released(tmp_path, "feat: x")
    if where == "unreachable":
        repo.git(
            "remote", "set-url", "origin", f"http://bot:{CANARY.replace('/', '%2F')}@127.0.0.1:9/x.git?token={CANARY}"
        )
    else:
        repo.install_hook("pre-push", REFUSALS[where])

    result = verbump(*options, "release", "--yes", cwd=repo.path, env={"GITHUB_TOKEN": CANARY})

    assert result.code == 4, result.stderr
    state = b"".join(path.read_bytes() for path in (repo.path / ".git" / "verbump").rglob("*") if path.is_file())
    seen = result.stdout + result.stderr + state.decode()
    spellings = [CANARY, quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode()]
    assert [each for each in spellings if each in seen] == []
    assert "ghp_canary" not in seen
