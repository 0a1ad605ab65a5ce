"""What another tool finds in a message, and how that becomes verbump's own words for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from verbump.domain import bumps, commits, footers
from verbump.domain.bumps import Bump, Rule, Verdict
from verbump.domain.commits import ConventionalCommit, Unconventional
from verbump.domain.conventions import Judge, Judged, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.domain.commits import Commit

OTHER_CATEGORY = "Changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A change that the tool sees: its type as written, how far it goes, and why, in words.

    `breaking` says by what it is breaking ("" where it is not). `text` is the part of the message that it was found
    in; its first line is the header.
    """

    type: str
    bump: Bump
    rule: str
    text: str
    description: str = ""
    scope: str | None = None
    breaking: str = ""


# A whole message → what the tool finds in it, or why it takes the message for none of its own.
Find: TypeAlias = Callable[[str], tuple[Found, ...] | str]


def judge_by(tool: str, find: Find, rows: Mapping[str, Rule]) -> Judge:
    """A judge that goes by what `find` finds. `rows` (type in lower case → rule) stand over the tool's own rules."""

    def judge(commit: Commit, message: Message) -> tuple[Judged, ...] | Unconventional:
        found = find(commits.within_limit(commit.message))
        if isinstance(found, str):
            own = message if isinstance(message, Unconventional) else Unconventional(reason="", column=1)
            return Unconventional(reason=f"compat {tool}: {found}", column=own.column, suggestion=own.suggestion)
        return tuple(Judged(parsed=_parsed(each, message), verdict=_verdict(tool, each, rows)) for each in found)

    return judge


def _verdict(tool: str, found: Found, rows: Mapping[str, Rule]) -> Verdict:
    kind = found.type.lower()
    own = rows.get(kind)
    known = bumps.DEFAULT_RULES.get(kind)
    if own is not None and not found.breaking:
        said = f"type {kind}" if own.bump else f"type {kind} does not release"
        return Verdict(bump=own.bump, rule=said, category=own.category)
    category = own.category if own is not None else known.category if known is not None else None
    if not found.bump:
        category = None
    elif category is None:
        category = OTHER_CATEGORY
    return Verdict(bump=found.bump, rule=f"compat {tool}: {found.rule}", category=category)


def _parsed(found: Found, message: Message) -> ConventionalCommit:
    """The change in the shape that entries are made of; what the tool leaves open as verbump reads it."""
    header = commits.header_of(found.text).strip()
    description = found.description
    if not description:
        description = message.description if isinstance(message, ConventionalCommit) else header
    parts = footers.read([line.removesuffix("\r") for line in found.text.split("\n")[1:]])
    notes = tuple(each.value.strip() for each in parts.footers if each.is_breaking and each.value.strip())
    return ConventionalCommit(
        type=found.type.lower(),
        scope=found.scope or None,
        description=description,
        body=parts.body,
        footers=parts.footers,
        breaking=bool(found.breaking),
        breaking_notes=notes if found.breaking else (),
        bang=found.breaking == "!",
    )
