"""The bump rules of semantic-release with its default preset, angular: `!` says nothing, notes are found loosely.

Source: the documentation of @semantic-release/commit-analyzer and of conventional-changelog-angular; commit-analyzer
13.0.1 with angular 8.3.1 run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.domain.bumps import Bump
from verbump.domain.compat.findings import Found
from verbump.domain.reverts import Cancelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbump.domain.commits import Commit
    from verbump.domain.conventions import Message

_BUMPS = {"feat": Bump.MINOR, "fix": Bump.PATCH, "perf": Bump.PATCH, "FEAT": Bump.MINOR, "FIX": Bump.PATCH}
# What JavaScript calls white space and a line's characters.
_BLANK = r"[\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
_ANY = r"[^\n\r\u2028\u2029]"
_HEADER = re.compile(rf"(?P<type>\w*)(?:\((?P<scope>{_ANY}*)\))?: (?P<subject>{_ANY}*)", re.ASCII)
_NOTE = re.compile(rf"(?:{_BLANK}|[|*])*BREAKING CHANGE(?::|{_BLANK})+", re.ASCII | re.IGNORECASE)
_FIELD = re.compile(rf"-(?P<name>{_ANY}*?)-", re.ASCII)
_SIGNATURE = re.compile(rf"{_BLANK}*gpg:")
_REVERT = re.compile(rf"(?:Revert|revert:){_BLANK}\"?", re.ASCII | re.IGNORECASE)
_REVERTED = re.compile(r"This reverts commit (\w{7,40})\b", re.ASCII | re.IGNORECASE)


def find(message: str) -> tuple[Found, ...] | str:
    """The change that the message is; what is wrong where its header has no type and nothing else counts either."""
    lines = _lines(message)
    head = _HEADER.fullmatch(lines[0])
    kind = head["type"] if head else ""
    if _has_note(lines[1:]):
        bump, rule = Bump.MAJOR, "breaking: BREAKING CHANGE"
    elif kind in _BUMPS:
        bump, rule = _BUMPS[kind], f"type {kind}"
    elif _reverted(message) is not None:
        bump, rule = Bump.PATCH, "a revert"
        kind = kind or "revert"
    elif head is not None and kind:
        bump, rule = Bump.NONE, f"type {kind} does not release"
    else:
        return "the header is not `type(scope): subject`"
    return (
        Found(
            type=kind,
            scope=head["scope"] if head else None,
            description=head["subject"].strip() if head else "",
            bump=bump,
            rule=rule,
            breaking="BREAKING CHANGE" if bump is Bump.MAJOR else "",
            text="\n".join(lines),
        ),
    )


def find_cancelled(commits: Sequence[Commit], _: Mapping[str, Message]) -> Cancelled:
    """What vanishes: a commit and the revert that names its header and its whole sha. `commits` are newest first."""
    waiting: dict[tuple[str, str], str] = {}
    found = Cancelled()
    for commit in commits:
        name = (_lines(commit.message)[0].strip(), commit.sha)
        revert = waiting.pop(name, None)
        if revert is not None:
            found.by[commit.sha] = revert
            found.acting[revert] = commit.sha
            continue
        reverted = _reverted(commit.message)
        if reverted is not None:
            waiting.setdefault(reverted, commit.sha)
    return found


def _lines(message: str) -> list[str]:
    """The message's lines without signatures; the first is the header."""
    lines = [line.removesuffix("\r") for line in message.strip("\r\n").split("\n")]
    return [line for line in lines if not _SIGNATURE.match(line)] or [""]


def _has_note(lines: Sequence[str]) -> bool:
    """Whether a line declares a breaking change. A line `-name-` begins a field, which takes what follows it."""
    field = ""
    for line in lines:
        begins = _FIELD.fullmatch(line)
        if begins is not None:
            field = begins["name"]
        elif not field and _NOTE.match(line):
            return True
    return False


def _reverted(message: str) -> tuple[str, str] | None:
    """The header and the sha that a revert names; None where the message is no revert."""
    begins = _REVERT.match(message)
    names = _REVERTED.search(message, begins.end() + 1) if begins else None
    if begins is None or names is None:
        return None
    return message[begins.end() : names.start()].rstrip().removesuffix('"').strip(), names[1]
