"""Files of a release as a script with `sed` gets them wrong: tables of dependencies, line ends, candidates, the tag."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path

CARGO = """\
[package]
name = "demo"
version = "1.2.3"
edition = "2021"

[dependencies.extra]
version = "1.2.3"
path = "../extra"

[profile.release]
strip = true
"""
PYPROJECT = '[project]\r\nname = "demo"\r\nversion = "1.2.3"\r\n\r\n[tool.other]\r\nversion = "1.2.3"\r\n'


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo.create(tmp_path / "work")
    files = {
        "Cargo.toml": CARGO,
        "pyproject.toml": PYPROJECT,
        "src/lib.rs": "",
        "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n",
    }
    made.commit("feat: begin", files)
    made.tag("v1.2.3")
    made.commit("feat: streams")
    made.add_remote(tmp_path / "remote.git")
    return made


def _show(repo: GitRepo, revision: str) -> bytes:
    return subprocess.check_output(["git", "cat-file", "blob", revision], cwd=repo.path)


@pytest.mark.case("M02", "M10")
def test_one_version_changes_and_no_other_byte(repo: GitRepo) -> None:
    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    cargo, python = (_show(repo, f"v1.3.0:{name}").decode() for name in ("Cargo.toml", "pyproject.toml"))
    assert cargo == CARGO.replace("1.2.3", "1.3.0", 1)
    assert python == PYPROJECT.replace("1.2.3", "1.3.0", 1)


@pytest.mark.case("M01")
def test_a_dry_run_changes_nothing(repo: GitRepo, tmp_path: Path) -> None:
    before, there = repo.snapshot(), GitRepo(tmp_path / "remote.git").refs()

    result = verbump("release", "--dry-run", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert (repo.snapshot(), GitRepo(tmp_path / "remote.git").refs()) == (before, there)


@pytest.mark.case("M04", "M05")
def test_a_candidate_is_tagged_with_its_own_version_inside(repo: GitRepo) -> None:
    result = verbump("release", "--pre", "rc", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert b'version = "1.3.0-rc.1"' in _show(repo, "v1.3.0-rc.1:Cargo.toml")
    assert b'version = "1.3.0rc1"' in _show(repo, "v1.3.0-rc.1:pyproject.toml")
    verified = verbump("verify", "v1.3.0-rc.1", cwd=repo.path)
    assert (verified.code, verified.stdout[:12]) == (0, "v1.3.0-rc.1:"), verified.stdout
