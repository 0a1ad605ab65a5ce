"""Releases to package: what their manifests say, and the SHA256SUMS of what was built."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.domain import versions
from verbump.domain.forge import Forge
from verbump.planning.packaging.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable

CARGO = """\
[package]
name = "demo"
version = "1.3.0"
edition = "2021"
description = "Counts words in files."
license = "MIT OR Apache-2.0"
repository = "https://github.com/acme/demo"
"""
PYPROJECT = """\
[build-system]
requires = ["maturin>=1.9,<2"]
build-backend = "maturin"

[project]
name = "demo"
version = "1.3.0"
description = "Counts words in files."
requires-python = ">=3.10"
license = "MIT"

[project.scripts]
demo = "demo:main"
"""
TRIPLES = (
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-gnu",
    "aarch64-pc-windows-msvc",
    "x86_64-pc-windows-msvc",
)
WHEELS = (
    "demo-1.3.0-cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "demo-1.3.0-cp310-abi3-manylinux_2_28_aarch64.whl",
    "demo-1.3.0-cp310-abi3-musllinux_1_2_x86_64.whl",
    "demo-1.3.0-cp310-abi3-macosx_11_0_arm64.whl",
    "demo-1.3.0-cp310-abi3-win_amd64.whl",
)
SDIST = "demo-1.3.0.tar.gz"
FORGE = Forge(kind="github", url="https://github.com/acme/demo")


def archive(triple: str, crate: str = "demo", version: str = "1.3.0") -> str:
    return f"{crate}-{version}-{triple}.{'zip' if 'windows' in triple else 'tar.gz'}"


ALL = (*map(archive, TRIPLES), *WHEELS, SDIST)


def sums(names: Iterable[str]) -> dict[str, str]:
    """File name to a SHA-256: that of the name."""
    return {name: hashlib.sha256(name.encode()).hexdigest() for name in names}


def facts(*, names: Iterable[str] = ALL, cargo: str = CARGO, pyproject: str = PYPROJECT, **more: Any) -> Facts:
    """A release of demo 1.3.0 with a program and a wheel."""
    texts = {PurePosixPath("Cargo.toml"): cargo, PurePosixPath("pyproject.toml"): pyproject}
    known: dict[str, Any] = {
        "version": versions.parse("1.3.0"),
        "tag": "v1.3.0",
        "texts": {path: text for path, text in texts.items() if text},
        "paths": ("Cargo.toml", "LICENSE-MIT", "pyproject.toml", "src/main.rs"),
        "sums": sums(names),
        "forge": FORGE,
    }
    return Facts(**{**known, **more})
