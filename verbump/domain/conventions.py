"""What a convention is: how messages are judged, and which commits it leaves out before.

The default is verbump's own. A convention is plain functions, so that another tool's rules, or a plugin's, are one
value that the rest of the program does not know from the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from verbump.domain import bumps, reverts
from verbump.domain.commits import Commit, ConventionalCommit, Unconventional

if TYPE_CHECKING:
    from verbump.domain.bumps import Rule, Verdict

Message: TypeAlias = ConventionalCommit | Unconventional


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A message as the convention reads it, and how far it goes. One commit may hold several."""

    parsed: ConventionalCommit
    verdict: Verdict


# A commit, with its message as verbump's own grammar reads it → what the convention takes it for, or what is wrong.
Judge: TypeAlias = Callable[[Commit, Message], tuple[Judged, ...] | Unconventional]
FindCancelled: TypeAlias = Callable[[Sequence[Commit], Mapping[str, Message]], reverts.Cancelled]


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """How commits are judged.

    `find_cancelled` says which commits vanish. `has_merges`: merge commits are judged like others, not left out; the
    same for `has_fixups`. `has_release_as`: a `Release-As` footer decides the version.
    """

    judge: Judge
    find_cancelled: FindCancelled = reverts.find_cancelled
    has_merges: bool = False
    has_fixups: bool = False
    has_release_as: bool = True


def conventional(rules: Mapping[str, Rule] = bumps.DEFAULT_RULES) -> Convention:
    """verbump's own: Conventional Commits 1.0.0 and a rule for each type. Source: rules.md, "Bump"."""

    def judge(_: Commit, message: Message) -> tuple[Judged, ...] | Unconventional:
        if isinstance(message, Unconventional):
            return message
        return (Judged(parsed=message, verdict=bumps.of_commit(message, rules)),)

    return Convention(judge=judge)
