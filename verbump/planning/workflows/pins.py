"""The actions that workflows use, each at the commit of a tag; what a file uses, and how it pins that."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from verbump.planning import templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_USES = re.compile(
    r"""^(?P<head>[ \t]*(?:-[ \t]+)?uses:[ \t]*)(?P<quote>["']?)(?P<action>[^\s"'#@]+)"""
    r"""(?:@(?P<ref>[^\s"'#]+))?(?P=quote)(?P<rest>[ \t]*(?:\#[ \t]*(?P<version>\S*).*)?)$""",
    re.MULTILINE,
)
_SHA = re.compile(r"[0-9a-f]{40}")
_NUMBERS = re.compile(r"v?(\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A version of an action, and the commit that its tag names. `date`: when that was last seen in use, ISO."""

    action: str
    version: str
    sha: str
    date: str = ""

    @property
    def text(self) -> str:
        """As it stands behind `uses:`."""
        return f"{self.action}@{self.sha} # {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A `uses:` line. `ref` is what stands behind the @, `version` the comment's first word; `line` is 1-based."""

    action: str
    ref: str
    version: str
    line: int

    @property
    def is_pinned(self) -> bool:
        """Whether it names a commit, which nobody can move."""
        return _SHA.fullmatch(self.ref) is not None

    @property
    def is_local(self) -> bool:
        """Whether it lies in the repository itself."""
        return self.action.startswith(("./", "$/"))


@cache
def table() -> Mapping[str, Pin]:
    """The actions that verbump knows, by name."""
    rows = tomllib.loads(templates.source("workflows/actions.toml"))
    return {
        name: Pin(action=name, version=row["version"], sha=row["sha"], date=row["date"].isoformat())
        for name, row in rows.items()
    }


def find_uses(text: str) -> Iterator[Use]:
    """Every `uses:` of a workflow, in order."""
    for found in _USES.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Use(action=found["action"], ref=found["ref"] or "", version=found["version"] or "", line=line)


def without_pins(text: str) -> str:
    """The text with what follows each action's name left out: Dependabot's bumps are no edits."""
    return _USES.sub(lambda found: f"{found['head']}{found['action']}", text)


def with_newer_pins(text: str, present: str) -> str:
    """The text with the pins of `present` that are of a higher version: a bump outlives the file's next writing."""
    newer = {use.action: use for use in find_uses(present) if use.is_pinned and _is_newer(use)}

    def kept(found: re.Match[str]) -> str:
        use = newer.get(found["action"])
        return found[0] if use is None else f"{found['head']}{use.action}@{use.ref} # {use.version}"

    return _USES.sub(kept, text)


def is_known(use: Use) -> bool:
    """Whether it is the table's own pin, or one of a higher version."""
    pin = table().get(use.action)
    return pin is not None and (use.ref == pin.sha or _is_newer(use))


def _is_newer(use: Use) -> bool:
    pin = table().get(use.action)
    return pin is not None and use.ref != pin.sha and _numbers(use.version) > _numbers(pin.version)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    return tuple(int(each) for each in found[1].split(".")[:4] if len(each) < 10) if found else ()
