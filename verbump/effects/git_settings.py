"""What git's configuration says of branches and remotes: one process, beside the one that finds the repository."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.effects.git_stream import GitStream

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ASKED = r"^(branch\..*\.remote|remote\..*|url\..*\.insteadof)$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Name → its values, the one that wins last. A name is as git canonicalizes it: `branch.main.remote`."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def last(self, name: str) -> str | None:
        """The value that wins, None where the setting is not set."""
        return self.values[name][-1] if name in self.values else None

    def remotes(self) -> list[str]:
        """The names of the remotes, sorted, as `git remote` lists them."""
        parts = (name.removeprefix("remote.").rpartition(".")[0] for name in self.values if name.startswith("remote."))
        return sorted({name for name in parts if name and not name.startswith("/")})

    def url(self, remote: str) -> str | None:
        """The address of a remote; None where git itself has to be asked: none is set, or some are rewritten."""
        urls = self.values.get(f"remote.{remote}.url", ())
        is_plain = bool(urls) and all(urls) and not any(name.startswith("url.") for name in self.values)
        return urls[0] if is_plain else None


def ask(directory: Path) -> GitStream | None:
    """The process that says what `parse` reads; None where there is no git, which who comes next will say."""
    try:
        return GitStream(os.fspath(directory), "config", "-z", "--get-regexp", _ASKED)
    except OSError:
        return None


def parse(said: bytes | None) -> Settings:
    """The settings in the output of `git config -z --get-regexp`; a setting without a value has an empty one."""
    values: dict[str, tuple[str, ...]] = {}
    for item in (said or b"").split(b"\0"):
        name, _, value = os.fsdecode(item).partition("\n")
        if name:
            values[name] = (*values.get(name, ()), value)
    return Settings(values=values)
