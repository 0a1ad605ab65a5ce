"""Which commits of a range count: without merges, fix-ups and what cancels out; with corrections and steering footers.

Source: rules.md, "Commits".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from verbump.domain import commits as messages
from verbump.domain import conventions, footers, reverts
from verbump.domain.commits import Commit, ConventionalCommit, Unconventional
from verbump.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbump.domain.bumps import Verdict
    from verbump.domain.conventions import Convention, Message

_UNFINISHED = ("fixup! ", "squash! ", "amend! ")
_BULLET = re.compile(r"[*-] (?P<header>\S.*)")
_SHORTEST = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A commit that counts, whatever its type, and how far it goes.

    `hidden`: it makes no changelog entry (`Changelog: skip`, or it cancels out where a convention counts it still).
    """

    commit: Commit
    parsed: ConventionalCommit
    verdict: Verdict
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A commit that does not count, and why; `finding` says what is wrong with a header that misses the form."""

    commit: Commit
    why: str
    finding: Unconventional | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAs:
    """The newest `Release-As` footer: its text and the commit that carries it."""

    version: str
    commit: Commit


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a range of commits says. `changes` and `ignored` are newest first."""

    changes: tuple[Change, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    release_as: ReleaseAs | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How messages are read: `overrides` by abbreviated sha and `notes` by full sha stand for the message."""

    convention: Convention = field(default_factory=conventions.conventional)
    squash: Literal["title", "body"] = "title"
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def select(commits: Iterable[Commit], reading: Reading | None = None) -> History:
    """What `commits` (newest first, children before parents) say under `reading`."""
    reading = reading or Reading()
    convention = reading.convention
    found = tuple(_corrected(commit, reading) for commit in commits)
    parsed = {
        commit.sha: messages.parse(commit.message)
        for commit in found
        if convention.has_merges or len(commit.parents) < 2
    }
    gone = convention.find_cancelled(found, parsed)
    untold = gone if convention.find_cancelled is reverts.find_cancelled else reverts.find_cancelled(found, parsed)
    changes: list[Change] = []
    ignored: list[Ignored] = []
    problems: list[Problem] = []
    release_as: ReleaseAs | None = None
    for commit in found:
        why = _why_ignored(commit, gone, convention)
        message = parsed.get(commit.sha)
        problems += _warnings(commit, message if why is None else None)
        if why is not None or message is None:
            ignored.append(Ignored(commit=commit, why=why or "merge commit"))
            continue
        if release_as is None and convention.has_release_as:
            release_as = _release_as(commit, message)
        judged = convention.judge(commit, message)
        if isinstance(judged, Unconventional):
            ignored.append(Ignored(commit=commit, why=f"not conventional: {judged.reason}", finding=judged))
        else:
            hidden = commit.sha in untold.by or commit.sha in untold.acting or _is_hidden(message)
            changes += (
                Change(commit=commit, parsed=each.parsed, verdict=each.verdict, hidden=hidden) for each in judged
            )
        changes += _squashed(commit, message, reading)
    return History(changes=tuple(changes), ignored=tuple(ignored), release_as=release_as, problems=tuple(problems))


def _corrected(commit: Commit, reading: Reading) -> Commit:
    """The commit with the message that a git note or an override puts in place of its own."""
    if commit.sha in reading.notes:
        return commit._replace(message=reading.notes[commit.sha])
    for prefix, message in reading.overrides.items():
        if len(prefix) >= _SHORTEST and commit.sha.startswith(prefix.lower()):
            return commit._replace(message=message)
    return commit


def _why_ignored(commit: Commit, cancelled: reverts.Cancelled, convention: Convention) -> str | None:
    if commit.sha in cancelled.by:
        return f"reverted by {cancelled.by[commit.sha][:_SHORTEST]}"
    if commit.sha in cancelled.acting:
        return f"reverts {cancelled.acting[commit.sha][:_SHORTEST]}"
    if len(commit.parents) > 1 and not convention.has_merges:
        return "merge commit"
    if convention.has_fixups:
        return None
    prefix = next((each for each in _UNFINISHED if commit.message.startswith(each)), None)
    return f"{prefix.strip()} commit" if prefix else None


def _release_as(commit: Commit, message: Message) -> ReleaseAs | None:
    """The commit's Release-As footer; the header need not be conventional to steer."""
    if "release-as" not in commit.message.casefold():
        return None
    if isinstance(message, ConventionalCommit):
        version = message.footer("Release-As")
    else:
        lines = [line.removesuffix("\r") for line in commit.message.split("\n")[1:]]
        named = [each.value for each in footers.read(lines).footers if each.token.casefold() == "release-as"]
        version = named[-1] if named else None
    return ReleaseAs(version=version.strip(), commit=commit) if version and version.strip() else None


def _is_hidden(message: Message) -> bool:
    if isinstance(message, Unconventional):
        return False
    return (message.footer("Changelog") or "").strip().casefold() == "skip"


def _squashed(commit: Commit, message: Message, reading: Reading) -> Iterator[Change]:
    """With `squash = "body"`, each bullet of the body that has the form, as a change of its own."""
    if reading.squash != "body":
        return
    body = commit.message.replace("\r\n", "\n").partition("\n")[2]
    for line in footers.plain_lines(body):
        bullet = _BULLET.fullmatch(line)
        if bullet is None:
            continue
        alone = commit._replace(message=bullet["header"])
        judged = reading.convention.judge(alone, messages.parse(alone.message))
        for each in judged if isinstance(judged, tuple) else ():
            yield Change(commit=commit, parsed=each.parsed, verdict=each.verdict, hidden=_is_hidden(message))


def _warnings(commit: Commit, message: Message | None) -> Iterator[Problem]:
    """`message` is None where the commit is left out."""
    short = commit.sha[:_SHORTEST]
    if message is None and commit.message.startswith(_UNFINISHED):
        text = f"{short} ({commit.message.partition(' ')[0]}) does not count"
        yield Problem(code="fixup-commit", severity="warning", message=text, hint="git rebase --autosquash")
    if isinstance(message, ConventionalCommit) and message.cut:
        text = f"{short}: the message is longer than verbump reads; the rest was cut"
        yield Problem(code="message-cut", severity="warning", message=text)
