"""Each shape of project goes through `init`, `next`, `release --dry-run` and `release` without a hand on it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from conftest import IS_CI
from support.git_repo import GitRepo
from support.project_shapes import SHAPES, build
from support.projects import remote_refs
from support.running import run_in_process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.project_shapes import Shape
    from support.running import Result


def tracked(repo: GitRepo) -> dict[str, bytes]:
    return {name: repo.read(name) for name in repo.git("ls-files", "-z").split("\0") if name}


def run(repo: GitRepo, *words: str) -> Result:
    done = run_in_process(*words, cwd=repo.path)
    assert done.code == 0, done.stdout + done.stderr
    return done


def replaced(shape: Shape, before: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files as they must be after the release, without the changelogs."""
    files = dict(before)
    for path, changes in shape.changes.items():
        text = files[path].decode()
        for old, new in changes:
            assert text.count(old) == 1, (path, old)
            text = text.replace(old, new)
        files[path] = text.encode()
    return {path: content for path, content in files.items() if path not in shape.changelogs}


@pytest.mark.parametrize("name", SHAPES)
def test_is_released_as_it_is(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    repo = build(shape, tmp_path)
    original = tracked(repo)

    run(repo, "init", "--yes")
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--message=chore: release with verbump")
    repo.git("push", "--quiet")
    adopted, snapshot, there = tracked(repo), repo.snapshot(), remote_refs(tmp_path)
    assert all(adopted[path].startswith(content) for path, content in original.items()), "init only adds"

    coming = run(repo, "next").stdout.split()
    plan = run(repo, "release", "--dry-run")
    assert (repo.snapshot(), remote_refs(tmp_path)) == (snapshot, there), "looking changes nothing"
    run(repo, "release", "--yes")

    made = {ref.removeprefix("refs/tags/") for ref in remote_refs(tmp_path) if ref not in there}
    assert made == set(shape.tags)
    assert all(f". tag {tag}\n" in plan.stdout for tag in shape.tags)
    assert all(any(tag.endswith(word) for word in coming) for tag in shape.tags)
    clone = GitRepo.clone(tmp_path / "remote.git", tmp_path / "clone")
    after = tracked(clone)
    assert {path: content for path, content in after.items() if path not in shape.changelogs} == replaced(
        shape, adopted
    )
    assert tracked(repo) == after
    assert repo.git("status", "--porcelain") == ""
    assert repo.head() == remote_refs(tmp_path)["refs/heads/main"]
    check_changelogs(shape, repo, adopted)
    prove(shape, clone)
    again = run_in_process("release", "--yes", cwd=repo.path)
    assert (again.code, again.stdout) == (3, "")


def check_changelogs(shape: Shape, repo: GitRepo, adopted: Mapping[str, bytes]) -> None:
    """Sound, and every line that was there still is, in its order, with the line ends that it had."""
    assert run_in_process("changelog", "--check", cwd=repo.path).code == 0
    texts = [repo.read(path) for path in shape.changelogs]
    assert all(sum(entry.encode() in text for text in texts) == 1 for entry in shape.entries)
    for path, text in zip(shape.changelogs, texts, strict=True):
        later = iter(text.split(b"\n"))
        links = b"[Unreleased]:"
        assert [each for each in adopted.get(path, b"").split(b"\n") if links not in each and each not in later] == []
        assert text.count(b"\r\n") in {0, text.count(b"\n")}


def prove(shape: Shape, clone: GitRepo) -> None:
    for argv in shape.proofs:
        assert shutil.which(argv[0]) or not IS_CI, f"{argv[0]} is not installed"
        if shutil.which(argv[0]):
            done = subprocess.run(argv, cwd=clone.path, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
