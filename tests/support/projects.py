"""Projects that tests release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.git_repo import GitRepo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CARGO = '[package]\nname = "demo"\nversion = "{version}"\nedition = "2021"\n'
PYPROJECT = '[project]\nname = "demo"\nversion = "{version}"\n'
CHANGELOG = """\
# Changelog

## [Unreleased]

## [1.2.3] - 2026-01-01

### Fixed

- Something.
"""


def files(version: str = "1.2.3") -> dict[str, str]:
    """A crate and a Python package of one version, with a changelog."""
    return {
        "Cargo.toml": CARGO.format(version=version),
        "src/lib.rs": "",
        "pyproject.toml": PYPROJECT.format(version=version),
        "CHANGELOG.md": CHANGELOG,
    }


def released(
    tmp_path: Path, *messages: str, more: Mapping[str, str | bytes] | None = None, tag: str = "v1.2.3"
) -> GitRepo:
    """A project released as 1.2.3, with a commit for each of `messages` since, and a bare remote `remote.git`."""
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {**files(), **(more or {})})
    repo.tag(tag)
    for message in messages:
        repo.commit(message)
    repo.add_remote(tmp_path / "remote.git")
    return repo


def remote_refs(tmp_path: Path) -> dict[str, str]:
    return GitRepo(tmp_path / "remote.git").refs()
