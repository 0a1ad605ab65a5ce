"""The real tools that lock files are held against."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Mapping

# Read before every test gets a home of its own: rustup's cargo looks for its toolchains there.
RUSTUP_HOME = os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program with the environment that keeps it off the network and out of the user's folders."""

    program: str
    environment: Mapping[str, str]

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            [self.program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    def succeed(self, folder: Path, *arguments: str) -> None:
        done = self.run(folder, *arguments)
        assert done.returncode == 0, f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}"


@pytest.fixture
def cargo(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """Skips where cargo is missing, and fails there in CI."""
    home = str(tmp_path_factory.mktemp("cargo-home"))
    environment = {"CARGO_HOME": home, "CARGO_NET_OFFLINE": "true", "RUSTUP_HOME": RUSTUP_HOME}
    return Tool(program=require("cargo"), environment=environment)


@pytest.fixture
def uv(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """Skips where uv is missing, and fails there in CI."""
    cache = str(tmp_path_factory.mktemp("uv-cache"))
    environment = {"UV_CACHE_DIR": cache, "UV_OFFLINE": "1", "UV_PYTHON": sys.executable, "UV_NO_CONFIG": "1"}
    return Tool(program=require("uv"), environment=environment)
