"""A release's section as data: hand-written lines and commit-derived entries, told once, grouped and ordered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbump.domain.changelog import HandEntry, Section
    from verbump.domain.history import Change

CATEGORY_ORDER = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Performance")

_TRAILING_NUMBER = re.compile(r"\s*\((?:[\w.-]{1,100}/[\w.-]{1,100})?#(\d{1,10})\)\s*$")
_CLOSING_TOKENS = frozenset({"close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"})
_NUMBER = re.compile(r"(?:#|/(?:issues|pull|merge_requests|pull-requests)/)(\d{1,10})\b")
_SHA_WORD = re.compile(r"\b[0-9a-f]{7,64}\b")
_REFERENCES = re.compile(r"\s*\((?:[^()\n]|\([^()\n]*\)){0,2000}\)\s*$")
_LABEL = re.compile(r"^\*\*(?:breaking:?|[^*\n]{1,200}:)\*\*:?\s*", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One commit's line in a section. `numbers` are the issues and pull requests it names, as they stand in it."""

    category: str
    description: str
    sha: str
    scope: str | None = None
    is_breaking: bool = False
    notes: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPart:
    """A category of a section: hand-written lines as they stand (no line ends), then derived entries."""

    title: str
    lines: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Version, tag, date and entries. `intro` are hand-written lines before the first category."""

    version: str
    tag: str
    date: str
    previous_tag: str = ""
    intro: tuple[str, ...] = ()
    parts: tuple[CategoryPart, ...] = field(default=())


def entry_of(change: Change) -> Entry | None:
    """The entry that a commit makes under the rule that fired; None where it makes none.

    Source: rules.md, Changelog 3; footers `Changelog: skip` and `Changelog-Entry`.
    """
    if change.verdict.category is None or change.hidden:
        return None
    parsed = change.parsed
    description, numbers = _without_trailing_numbers(parsed.description)
    written = parsed.footer("Changelog-Entry")
    for footer in parsed.footers:
        if footer.token.lower() in _CLOSING_TOKENS:
            whole = f"#{footer.value}" if footer.separator == " #" else footer.value
            numbers += tuple(int(number) for number in _NUMBER.findall(whole))
    return Entry(
        category=change.verdict.category,
        scope=parsed.scope,
        description=sentence(" ".join((written or description).split())),
        is_breaking=parsed.breaking,
        notes=tuple(note for note in parsed.breaking_notes if note.strip()),
        sha=change.commit.sha,
        numbers=tuple(dict.fromkeys(numbers)),
    )


def is_told(entry: Entry, hand: HandEntry) -> bool:
    """Whether a hand-written line already tells this commit: same `#number`, same sha, or same text.

    Source: rules.md, Changelog 4.
    """
    if names_sha(hand, entry.sha):
        return True
    if any(int(number) in entry.numbers for number in _NUMBER.findall(hand.text)):
        return True
    return _plain(_LABEL.sub("", _REFERENCES.sub("", hand.text))) == _plain(entry.description)


def names_sha(hand: HandEntry, sha: str) -> bool:
    """Whether a hand-written line names this commit by at least seven digits of its sha."""
    return any(sha.startswith(word) for word in _SHA_WORD.findall(hand.text))


def merge(
    hand: Sequence[Section], entries: Iterable[Entry], *, order: Sequence[str] = CATEGORY_ORDER
) -> tuple[tuple[str, ...], tuple[CategoryPart, ...]]:
    """Introduction lines and category parts of one section.

    `hand` are the sections whose lines are taken as they are, oldest first (a final release gets its candidates'
    sections, then Unreleased). Parts stand in `order`, which also spells the titles of new ones, then the file's own
    others as they appear. In a part the
    hand-written lines come first, then breaking entries, then the others, oldest first.

    Source: rules.md, Changelog 2 and 4.
    """
    intro: list[str] = []
    lines: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    told = [entry for section in hand for category in section.categories for entry in category.entries]
    for section in hand:
        _append(intro, section.intro)
        for category in section.categories:
            key = category.title.casefold()
            titles.setdefault(key, category.title)
            _append(lines.setdefault(key, []), category.lines)
    derived: dict[str, list[Entry]] = {}
    spelled = {title.casefold(): title for title in order}
    for entry in entries:
        if any(is_told(entry, known) for known in told):
            continue
        key = entry.category.casefold()
        titles.setdefault(key, spelled.get(key, entry.category))
        derived.setdefault(key, []).append(entry)
    places = {title.casefold(): place for place, title in enumerate(order)}
    keys = sorted(titles, key=lambda key: places.get(key, len(places)))
    parts = (
        CategoryPart(
            title=titles[key],
            lines=tuple(lines.get(key, ())),
            entries=tuple(sorted(derived.get(key, ()), key=lambda entry: not entry.is_breaking)),
        )
        for key in keys
    )
    return tuple(intro), tuple(part for part in parts if part.lines or part.entries)


def is_list(lines: Sequence[str]) -> bool:
    """Whether bullets may follow these lines directly: anything but a list needs a blank line in between."""
    return not lines or _is_list_line(lines[-1])


def _append(lines: list[str], more: Sequence[str]) -> None:
    """Join two blocks: bullets follow bullets directly, anything else after a blank line."""
    if not more:
        return
    if lines and not (_is_list_line(lines[-1]) and _is_list_line(more[0])):
        lines.append("")
    lines.extend(more)


def _is_list_line(line: str) -> bool:
    return line.startswith((" ", "\t", "- ", "* ", "+ "))


def _without_trailing_numbers(description: str) -> tuple[str, tuple[int, ...]]:
    numbers: tuple[int, ...] = ()
    while found := _TRAILING_NUMBER.search(description[-240:]):
        numbers = (int(found[1]), *numbers)
        description = description[: len(description) - len(found[0])]
    return description, numbers


def sentence(description: str) -> str:
    """The description with a capital first letter, unless its first word is a name: `iPhone`, `foo_bar()`, `a.toml`."""
    first, _, _ = description.partition(" ")
    word = first.rstrip(",:;")
    if not (word.replace("-", "").replace("'", "").isalpha() and word.islower()):
        return description
    capital = description[0].upper()
    return capital + description[1:] if len(capital) == 1 else description


def _plain(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.casefold()).strip()
