"""What jobs install: verbump and everything it needs, each with the hashes of its files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from verbump.planning import templates

_BLOCK = re.compile(r"\n(?=[A-Za-z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """verbump itself: `version` in PEP 440, SHA-256 of its files on the index, () where they are not known."""

    name: str
    version: str
    hashes: tuple[str, ...] = field(default=())

    @property
    def line(self) -> str:
        """The requirement, with the hashes on lines of their own."""
        return " \\\n".join((f"{self.name}=={self.version}", *(f"    --hash=sha256:{each}" for each in self.hashes)))


def render_requirements(own: Own | None) -> str:
    """The requirements of every job. None: verbump's own repository, which installs itself from its checkout."""
    if own is None:
        return _merged(_lock("requirements.txt"), _lock("requirements-hatchling.txt"))
    return _merged(f"{own.line}\n", _lock("requirements.txt"))


def render_audit_requirements() -> str:
    """The requirements of the jobs that look for known vulnerabilities."""
    return _lock("requirements-audit.txt")


def render_cross_requirements() -> str:
    """What builds for Linux on other architectures."""
    return _lock("requirements-cross.txt")


def find_hashes(text: str, name: str, version: str) -> tuple[str, ...]:
    """The hashes that a requirements file gives for that version of a project, () where it gives none."""
    for block in _BLOCK.split(text):
        if re.match(rf"{re.escape(name)}=={re.escape(version)}(?![0-9a-zA-Z.+!])", block):
            return tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
    return ()


def _lock(name: str) -> str:
    return templates.source(f"workflows/{name}")


def _merged(*texts: str) -> str:
    """The requirements of all, the first of each project, in order of their names."""
    found: dict[str, str] = {}
    for text in texts:
        for block in _BLOCK.split(text.strip("\n")):
            found.setdefault(block.partition("==")[0].lower(), block)
    return "".join(f"{found[name]}\n" for name in sorted(found))
