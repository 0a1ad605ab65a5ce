"""What people changed in a text that is written anew: kept, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADING = "## "


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """How one text differs from the old one: the old lines that stay, and what comes before each of them."""

    kept: tuple[bool, ...]
    inserted: dict[int, list[str]]


def with_edits(old: str, edited: str, new: str) -> str:
    """`new` with what turned `old` into `edited`.

    A line that was edited by hand wins over the new one, one deleted by hand stays away, one added by hand stays.
    Version headings are those of `new`. Line ends belong to their lines.
    """
    if edited == old:
        return new
    if new == old:
        return edited
    olds, edits, news = (text.splitlines(keepends=True) for text in (old, edited, new))
    head = _common(olds, edits, news)
    tail = _common(olds[head:][::-1], edits[head:][::-1], news[head:][::-1])
    middle = [lines[head : len(lines) - tail] for lines in (olds, edits, news)]
    return "".join([*olds[:head], *_merged(*middle), *olds[len(olds) - tail :]])


def _merged(old: list[str], edited: list[str], new: list[str]) -> list[str]:
    by_hand, by_us = _edit(old, edited), _edit(old, new)
    made: list[str] = []
    for place in range(len(old) + 1):
        ours, theirs = by_us.inserted.get(place, []), by_hand.inserted.get(place, [])
        has_heading = any(line.startswith(_HEADING) for line in ours)
        theirs = [line for line in theirs if not (has_heading and line.startswith(_HEADING))]
        made += ours
        made += [] if theirs == ours[: len(theirs)] else theirs
        if place < len(old) and by_hand.kept[place] and by_us.kept[place]:
            made.append(old[place])
    return made


def _edit(old: list[str], text: list[str]) -> _Edit:
    kept = [False] * len(old)
    inserted: dict[int, list[str]] = {}
    for tag, start, end, first, last in SequenceMatcher(None, old, text, autojunk=False).get_opcodes():
        if tag == "equal":
            kept[start:end] = [True] * (end - start)
        elif first < last:
            inserted[start] = text[first:last]
    return _Edit(kept=tuple(kept), inserted=inserted)


def _common(*texts: Sequence[str]) -> int:
    """How many lines all of them begin with."""
    count = 0
    for lines in zip(*texts, strict=False):
        if len(set(lines)) > 1:
            break
        count += 1
    return count
