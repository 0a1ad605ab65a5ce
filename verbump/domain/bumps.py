"""How far a release goes: the bump each commit and each hand-written entry asks for, and the rule that says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.domain.commits import ConventionalCommit


class Bump(IntEnum):
    """How far. Ordered, so that the bump of many is `max()`."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """`none`, `patch`, `minor` or `major`: the word of options and JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a type leads to: how far, and under which category its entry stands (None: no entry)."""

    bump: Bump
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a commit leads to, and the rule that said so."""

    bump: Bump
    rule: str
    category: str | None = None


BREAKING_CATEGORY = "Changed"
DEFAULT_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "feat": Rule(bump=Bump.MINOR, category="Added"),
        "fix": Rule(bump=Bump.PATCH, category="Fixed"),
        "perf": Rule(bump=Bump.PATCH, category="Performance"),
        "revert": Rule(bump=Bump.PATCH, category="Changed"),
        "deprecate": Rule(bump=Bump.MINOR, category="Deprecated"),
        "remove": Rule(bump=Bump.MINOR, category="Removed"),
        "security": Rule(bump=Bump.PATCH, category="Security"),
    }
)
_MINOR_CATEGORIES = frozenset({"added", "changed", "deprecated", "removed"})


def of_commit(parsed: ConventionalCommit, rules: Mapping[str, Rule]) -> Verdict:
    """What a commit leads to. Source: rules.md, "Bump"."""
    rule = rules.get(parsed.type)
    category = rule.category if rule else None
    if parsed.type == "fix" and category == "Fixed" and (parsed.scope or "").casefold() == "security":
        category = "Security"
    if parsed.breaking:
        how = "!" if parsed.bang else "footer"
        return Verdict(bump=Bump.MAJOR, rule=f"breaking: {how}", category=category or BREAKING_CATEGORY)
    if rule is None or rule.bump is Bump.NONE:
        return Verdict(bump=Bump.NONE, rule=f"type {parsed.type} does not release", category=category)
    return Verdict(bump=rule.bump, rule=f"type {parsed.type}", category=category)


def of_entry(category: str, text: str) -> Bump:
    """The bump that a hand-written entry under Unreleased asks for. Source: rules.md, "Bump"."""
    if text.lstrip().casefold().startswith("**breaking"):
        return Bump.MAJOR
    return Bump.MINOR if category.casefold() in _MINOR_CATEGORIES else Bump.PATCH


def zero_bump(
    requested: Bump, current_major: int, current_minor: int, policy: Literal["minor", "cargo", "strict"]
) -> Bump:
    """What is made of the bump asked for below 1.0.0; from there on the same.

    Source: commands.md, `zero_version`; `cargo` is how cargo reads 0.y.z requirements.
    """
    if current_major > 0 or policy == "strict":
        return requested
    if policy == "minor":
        return min(requested, Bump.MINOR)
    if current_minor == 0:
        return min(requested, Bump.PATCH)
    return Bump(max(requested - 1, Bump.PATCH)) if requested else Bump.NONE
