"""Versions that only a real remote, or a real release before, can decide."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import run_in_process, verbump

if TYPE_CHECKING:
    from pathlib import Path


def test_candidates_are_numbered_over_tags_that_only_the_remote_has(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    other = GitRepo.clone(tmp_path / "remote.git", tmp_path / "other")
    other.commit("feat: elsewhere")
    other.tag("v1.3.0-rc.4")
    other.git("push", "--quiet", "origin", "v1.3.0-rc.4")

    done = verbump("release", "--pre", "rc", "--yes", cwd=repo.path)

    assert done.code == 0, done.stderr
    assert "refs/tags/v1.3.0-rc.5" in remote_refs(tmp_path)


def test_build_metadata_in_every_spelling_and_gone_with_the_next_release(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")

    done = verbump("release", "1.3.0+Build.005", "--yes", cwd=repo.path)

    assert done.code == 0, done.stderr
    assert "PyPI takes no such version, crates.io none but one that is 1.3.0 [build-metadata]" in done.stderr
    assert "refs/tags/v1.3.0+Build.005" in remote_refs(tmp_path)
    assert tomllib.loads(repo.read("Cargo.toml").decode())["package"]["version"] == "1.3.0+Build.005"
    assert tomllib.loads(repo.read("pyproject.toml").decode())["project"]["version"] == "1.3.0+build.5"
    assert b"## [1.3.0+Build.005] - 2026-11-23" in repo.read("CHANGELOG.md")
    repo.commit("fix: y")
    assert run_in_process("next", cwd=repo.path).stdout == "1.3.1\n"
    dry = verbump("release", "--dry-run", cwd=repo.path)
    assert (dry.code, dry.stdout.split("\n")[0]) == (0, "1.3.0+Build.005 -> 1.3.1 (patch)")
