"""Other tools, each from PyPI in an environment of its own, and how they are asked the same question."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SEMANTIC_RELEASE = '[semantic_release]\ntag_format = "v{version}"\n[semantic_release.branches.main]\nmatch = "main"\n'
_COMMITIZEN = '[tool.commitizen]\ntag_format = "v$version"\nversion_provider = "scm"\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A tool: its requirement, its program; the words for the next version and for the whole changelog.

    `{config}` in the words is a file with `config` as its text; `limit` the longest history that it is given (the
    slowest take hours on more). `status` are the exit statuses of a run that did its work.
    """

    name: str
    requirement: str
    program: str
    next_words: tuple[str, ...]
    changelog_words: tuple[str, ...]
    limit: int
    config: str = ""
    status: tuple[int, ...] = (0,)
    environment: Mapping[str, str] | None = None


PEERS = (
    Peer(
        name="git-cliff 2.12.0",
        requirement="git-cliff==2.12.0",
        program="git-cliff",
        next_words=("--bumped-version",),
        changelog_words=("--output", "/dev/null"),
        limit=100_000,
    ),
    Peer(
        name="git-cliff 2.14",
        requirement="git-cliff==2.14.*",
        program="git-cliff",
        next_words=("--bumped-version",),
        changelog_words=("--output", "/dev/null"),
        limit=10_000,
    ),
    Peer(
        name="commitizen",
        requirement="commitizen==4.19.3",
        program="cz",
        next_words=("--config", "{config}", "bump", "--get-next", "--yes"),
        changelog_words=("--config", "{config}", "changelog", "--dry-run"),
        limit=100_000,
        config=_COMMITIZEN,
        status=(0, 16, 21),
    ),
    Peer(
        name="python-semantic-release",
        requirement="python-semantic-release==10.7.0",
        program="semantic-release",
        next_words=("--config", "{config}", "version", "--print"),
        changelog_words=("--noop", "--config", "{config}", "changelog"),
        limit=10_000,
        config=_SEMANTIC_RELEASE,
        environment={"GIT_PYTHON_REFRESH": "quiet"},
    ),
)


def install(peer: Peer, root: Path) -> tuple[str, str]:
    """The program's path and that of its configuration; both are made below `root` unless they are there."""
    folder = root / peer.name.replace(" ", "-")
    program = folder / "venv" / "bin" / peer.program
    config = folder / "config.toml"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        subprocess.run(
            [str(folder / "venv/bin/python"), "-m", "pip", "install", "--quiet", peer.requirement], check=True
        )
    config.write_text(peer.config)
    return str(program), str(config)
