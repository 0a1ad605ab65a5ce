"""Shallow and tagless clones never lead to a wrong version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path


def clone(tmp_path: Path, *options: str) -> GitRepo:
    return GitRepo.clone(f"file://{tmp_path}/remote.git", tmp_path / "clone", *options)


@pytest.fixture
def upstream(tmp_path: Path) -> GitRepo:
    return released(tmp_path, "feat: streams", "fix: one", "docs: two")


SHAPES = [("--depth=1",), ("--depth=2",), ("--no-tags",), ("--depth=1", "--no-tags"), ("--filter=blob:none",)]


@pytest.mark.case("R05", "R06")
@pytest.mark.parametrize("options", SHAPES, ids=" ".join)
def test_next_is_right(tmp_path: Path, upstream: GitRepo, options: tuple[str, ...]) -> None:
    repo = clone(tmp_path, *options)
    branches = {name: oid for name, oid in repo.refs().items() if name.startswith("refs/heads/")}

    result = verbump("next", cwd=repo.path)

    assert (result.code, result.stdout) == (0, "1.3.0\n"), result.stderr
    assert branches.items() <= repo.refs().items()


@pytest.mark.case("R05", "R06")
@pytest.mark.parametrize("options", SHAPES, ids=" ".join)
def test_release_is_right(tmp_path: Path, upstream: GitRepo, options: tuple[str, ...]) -> None:
    repo = clone(tmp_path, *options)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)


@pytest.mark.parametrize("options", [("--depth=1",), ("--no-tags",)], ids=" ".join)
@pytest.mark.parametrize("words", [("next", "--offline"), ("release", "--yes", "--no-push")], ids=" ".join)
def test_offline_refuses_to_guess(
    tmp_path: Path, upstream: GitRepo, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    repo = clone(tmp_path, *options)
    before = repo.snapshot()

    result = verbump(*words, cwd=repo.path)

    assert (result.code, result.stdout) == (4, "")
    assert "[incomplete-clone]" in result.stderr
    assert repo.snapshot() == before


def test_unreachable_remote_refuses_to_guess(tmp_path: Path, upstream: GitRepo) -> None:
    repo = clone(tmp_path, "--no-tags")
    (tmp_path / "remote.git").rename(tmp_path / "away.git")

    result = verbump("next", cwd=repo.path)

    assert result.code == 4
    assert "[incomplete-clone]" in result.stderr


def test_tags_deleted_locally_come_back(tmp_path: Path, upstream: GitRepo) -> None:
    upstream.git("tag", "--delete", "v1.2.3")

    assert verbump("next", cwd=upstream.path).stdout == "1.3.0\n"


def test_remote_tag_on_our_branch_that_is_missing_here_counts(tmp_path: Path, upstream: GitRepo) -> None:
    """A normal clone that lacks the newest tag: release holds its tags against the remote's."""
    other = clone(tmp_path)
    other.tag("v1.3.0")
    other.git("push", "--quiet", "origin", "v1.3.0")
    upstream.commit("fix: later")

    result = verbump("release", "--yes", "--align", cwd=upstream.path)

    assert result.code == 0, result.stderr
    assert "refs/tags/v1.3.1" in remote_refs(tmp_path)


def test_first_release_of_a_repository_without_remote(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"a": ""})

    assert verbump("next", cwd=repo.path).stdout == "0.1.0\n"
    assert verbump("next", "--offline", cwd=repo.path).stdout == "0.1.0\n"


@pytest.mark.case("R07")
def test_offline_with_tags_works(tmp_path: Path, upstream: GitRepo) -> None:
    upstream.git("remote", "set-url", "origin", str(tmp_path / "nowhere"))

    assert verbump("next", "--offline", cwd=upstream.path).stdout == "1.3.0\n"
    assert verbump("next", cwd=upstream.path).stdout == "1.3.0\n", "no remote is asked when nothing may be missing"
