"""A PyO3 workspace with everything that goes wrong elsewhere, released twice, compared byte for byte."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from support.git_repo import GitRepo
from support.projects import remote_refs
from support.running import verbump
from support.tools import require

if TYPE_CHECKING:
    from pathlib import Path

ROOT = """\
# The workspace.
[workspace]
members = ["crates/*"]
exclude = ["crates/attic"]
resolver = "2"

[workspace.package]
version = "0.9.0"   # one for all
edition = "2021"

[workspace.dependencies]
kern = { package = "core", path = "crates/core", version = "0.9" }
"""
CORE = """\
[package]
name = "core"
version.workspace = true
edition.workspace = true

[dependencies]
"""
PYTHON = """\
[package]
name = 'python'
version = { workspace = true }
edition.workspace = true
publish = false

[dependencies.core]
path = "../core"
version = "=0.9.0"

[target.'cfg(unix)'.dev-dependencies]
core = { path = "../core", version = '^0.9.0' } # again

[lib]
crate-type = ["cdylib"]
"""
XTASK = """\
[package]
name = "xtask"
version = "0.0.0"
edition = "2021"
publish = false
"""
PYPROJECT = (
    '[build-system]\r\nrequires = ["maturin>=1.7,<2"]\r\nbuild-backend = "maturin"\r\n\r\n'
    "[project]\r\nname = \"Demo.Pkg\"\r\nversion = '0.9.0' # the same as Cargo's\r\n\r\n"
    '[tool.maturin]\r\nmanifest-path = "crates/python/Cargo.toml"\r\n'
)
CHANGELOG = (
    "\ufeff# Änderungen\n\nAlles von Hand.\n\n## [Unreleased]\n\n### Changed\n\n"
    "- Schnellere Blöcke,\n  gemessen.\n* Auch das hier.\n\n"
    "## [0.9.0] - 2026-01-01\n\n### Fixed\n\n- Nothing — really.\n\n"
    "[unreleased]: https://github.com/demo/demo/compare/v0.9.0...HEAD\n"
    "[0.9.0]: https://github.com/demo/demo/releases/tag/v0.9.0"
)


def workspace(tmp_path: Path) -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    files = {
        "Cargo.toml": ROOT,
        "crates/core/Cargo.toml": CORE,
        "crates/core/src/lib.rs": "",
        "crates/python/Cargo.toml": PYTHON,
        "crates/python/src/lib.rs": "",
        "crates/xtask/Cargo.toml": XTASK,
        "crates/xtask/src/main.rs": "fn main() {}\n",
        "crates/attic/Cargo.toml": '[package]\nname = "attic"\nversion = "7.0.0"\nedition = "2021"\n',
        "crates/attic/src/lib.rs": "",
        "pyproject.toml": PYPROJECT,
        "CHANGELOG.md": CHANGELOG,
        ".gitignore": "target/\n",
        ".gitattributes": "* -text\n",
    }
    for name, text in files.items():
        repo.write(name, text.encode())
    cargo(repo, "generate-lockfile", "--offline")
    repo.git("add", ".")
    repo.commit("feat: begin")
    repo.tag("v0.9.0")
    repo.commit("feat(kern): Ströme lesen ☃ (#12)")
    bad = repo.commit("feat: 実験的な機能")
    repo.commit(f'Revert "feat: 実験的な機能"\n\nThis reverts commit {bad}.')
    repo.commit("fix: leere Liste\n\nCloses #15")
    repo.add_remote(tmp_path / "remote.git")
    # A forge to link to, and the bare repository to push to.
    repo.git("config", "remote.origin.pushurl", str(tmp_path / "remote.git"))
    return repo


def cargo(repo: GitRepo, *words: str) -> None:
    done = subprocess.run([require("cargo"), *words], cwd=repo.path, capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr.decode()


def assert_cargo_agrees(repo: GitRepo) -> None:
    """The edited workspace and its lock are what cargo itself would have."""
    cargo(repo, "metadata", "--locked", "--offline", "--format-version=1")
    lock = repo.read("Cargo.lock")
    cargo(repo, "update", "--workspace", "--offline")
    assert repo.read("Cargo.lock") == lock


def test_candidate_then_final_byte_for_byte(tmp_path: Path) -> None:
    repo = workspace(tmp_path)
    lock = repo.read("Cargo.lock").decode()
    attic, xtask = repo.read("crates/attic/Cargo.toml"), repo.read("crates/xtask/Cargo.toml")
    stream, fix = (repo.git("log", "-1", "--format=%h", "--abbrev=7", f"--grep={word}") for word in ("Ströme", "leere"))

    first = verbump("release", "--yes", "--pre", "rc", cwd=repo.path)

    assert first.code == 0, first.stderr
    assert repo.read("Cargo.toml").decode() == ROOT.replace('version = "0.9.0"  ', 'version = "0.10.0-rc.1"  ').replace(
        'version = "0.9" }', 'version = "0.10.0-rc.1" }'
    )
    assert repo.read("crates/core/Cargo.toml").decode() == CORE
    assert repo.read("crates/python/Cargo.toml").decode() == PYTHON.replace("=0.9.0", "=0.10.0-rc.1").replace(
        "^0.9.0", "^0.10.0-rc.1"
    )
    assert repo.read("pyproject.toml").decode() == PYPROJECT.replace("'0.9.0'", "'0.10.0rc1'")
    assert repo.read("Cargo.lock").decode() == lock.replace('version = "0.9.0"', 'version = "0.10.0-rc.1"')
    notes = (
        f"### Added\n\n- **kern:** Ströme lesen ☃ (#12, {stream})\n\n### Changed\n\n- Schnellere Blöcke,\n  gemessen.\n"
        f"* Auch das hier.\n\n### Fixed\n\n- Leere Liste (#15, {fix})\n\n"
    )
    head = "\ufeff# Änderungen\n\nAlles von Hand.\n\n## [Unreleased]\n\n"
    old = CHANGELOG[CHANGELOG.index("## [0.9.0]") : CHANGELOG.index("[unreleased]:")]
    links = (
        "[unreleased]: https://github.com/demo/demo/compare/v0.10.0-rc.1...HEAD\n"
        "[0.10.0-rc.1]: https://github.com/demo/demo/compare/v0.9.0...v0.10.0-rc.1\n"
        "[0.9.0]: https://github.com/demo/demo/releases/tag/v0.9.0"
    )
    candidate = f"## [0.10.0-rc.1] - 2026-11-23\n\n{notes}"
    assert repo.read("CHANGELOG.md").decode() == f"{head}{candidate}{old}{links}"
    assert_cargo_agrees(repo)

    late = repo.commit("perf: rascher")[:7]
    second = verbump("release", "--yes", cwd=repo.path)

    assert second.code == 0, second.stderr
    assert repo.read("Cargo.toml").decode() == ROOT.replace('version = "0.9.0"  ', 'version = "0.10.0"  ').replace(
        'version = "0.9" }', 'version = "0.10.0" }'
    )
    assert repo.read("pyproject.toml").decode() == PYPROJECT.replace("'0.9.0'", "'0.10.0'")
    assert repo.read("Cargo.lock").decode() == lock.replace('version = "0.9.0"', 'version = "0.10.0"')
    final = f"## [0.10.0] - 2026-11-23\n\n{notes}### Performance\n\n- Rascher ({late})\n\n"
    links = (
        "[unreleased]: https://github.com/demo/demo/compare/v0.10.0...HEAD\n"
        "[0.10.0]: https://github.com/demo/demo/compare/v0.10.0-rc.1...v0.10.0\n"
        "[0.10.0-rc.1]: https://github.com/demo/demo/compare/v0.9.0...v0.10.0-rc.1\n"
        "[0.9.0]: https://github.com/demo/demo/releases/tag/v0.9.0"
    )
    assert repo.read("CHANGELOG.md").decode() == f"{head}{final}{candidate}{old}{links}"
    assert (repo.read("crates/attic/Cargo.toml"), repo.read("crates/xtask/Cargo.toml")) == (attic, xtask)
    assert_cargo_agrees(repo)
    assert "refs/tags/v0.10.0" in remote_refs(tmp_path)
    assert repo.git("status", "--porcelain") == ""


def test_uv_workspace(tmp_path: Path) -> None:
    """uv's own check accepts the lock that verbump has edited."""
    uv = require("uv")
    repo = GitRepo.create(tmp_path / "work")
    build = '[build-system]\nrequires = []\nbuild-backend = "x"\n'
    files = {
        "pyproject.toml": '[project]\nname = "app"\nversion = "1.2.3"\nrequires-python = ">=3.11"\n'
        'dependencies = ["core==1.2.3"]\n\n[tool.uv.sources]\ncore = { workspace = true }\n\n'
        '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
        "packages/core/pyproject.toml": f'[project]\nname = "core"\nversion = "1.2.3"\nrequires-python = ">=3.11"\n{build}',
    }
    for name, text in files.items():
        repo.write(name, text)
    options = ("--offline", "--no-cache", "--no-python-downloads")
    subprocess.run([uv, "lock", *options], cwd=repo.path, check=True, capture_output=True)
    repo.git("add", ".")
    repo.commit("feat: begin")
    repo.tag("v1.2.3")
    repo.commit("feat: more")
    repo.add_remote(tmp_path / "remote.git")

    result = verbump("release", "--yes", "--pre", "beta", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert b'"core==1.3.0b1"' in repo.read("pyproject.toml")
    assert repo.read("uv.lock").count(b'version = "1.3.0b1"') == 2
    done = subprocess.run([uv, "lock", "--check", *options], cwd=repo.path, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
