"""Splices of lines, applied to a text so that every byte outside them stays, and undone again as the proof of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbump.domain.changelog_sections import Changelog, HandCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class Splice:
    """At line index `at`, `deleted` lines go and `lines` (without line ends) come."""

    at: int
    deleted: int
    lines: tuple[str, ...]


def insert(lines: Sequence[str], at: int, new: Sequence[str]) -> Splice:
    """Lines to come before index `at`, with a blank line on each side where there is none."""
    return replace(lines, (at, at), new)


def replace(lines: Sequence[str], span: tuple[int, int], new: Sequence[str]) -> Splice:
    """Lines in place of a span, with a blank line on each side where there is none."""
    first, last = span
    before = ("",) if first > 0 and lines[first - 1].strip() else ()
    after = ("",) if last < len(lines) and lines[last].strip() else ()
    return Splice(at=first, deleted=last - first, lines=(*before, *new, *after))


def into_category(document: Changelog, category: str, lines: Sequence[str], order: Sequence[str]) -> Splice:
    """The splice that puts lines at the end of a category of Unreleased, which the document has."""
    section = document.unreleased
    assert section is not None
    first, last = section.content
    starts = _category_starts(document, first, last)
    found = next(
        (index for index, each in enumerate(section.categories) if each.title.casefold() == category.casefold()), None
    )
    if found is not None:
        end = starts[found + 1] if found + 1 < len(starts) else last
        while end > starts[found] + 1 and not document.lines[end - 1].strip():
            end -= 1
        is_empty = not section.categories[found].lines
        return Splice(at=end, deleted=0, lines=("", *lines) if is_empty else tuple(lines))
    heading = f"{'#' * (document.level + 1)} {category}"
    at = _place(section.categories, starts, category, order)
    if at is None:
        at = last if first < last else _after_heading(document)
    return insert(document.lines, at, [heading, "", *lines])


def apply(text: str, newline: str, splices: Sequence[Splice]) -> str:
    """The text with splices applied. New lines get `newline`; a replaced line that says the same keeps its own.

    Raises:
        InputError: undoing the splices does not give the text back.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    raw = text.removeprefix(mark).split("\n")
    ends = "\r" if newline == "\r\n" else ""
    undo: list[tuple[int, int, list[str]]] = []
    result = list(raw)
    # From the end, so that no splice moves another; of two at one place the first one stays in front.
    for splice in sorted(splices, key=lambda splice: splice.at)[::-1]:
        at, old = splice.at, result[splice.at : splice.at + splice.deleted]
        new = _with_own_ends(old, splice.lines, ends)
        # The last line has no line end: one that comes after it gives it one, and is the last itself.
        if at == len(result) and result[-1] != "":
            at, old = at - 1, [result[-1]]
            new = [old[0] + ends, *new]
        if at + len(old) == len(result) and new:
            new[-1] = new[-1].removesuffix("\r")
        undo.append((at, len(new), old))
        result[at : at + len(old)] = new
    edited = mark + "\n".join(result)
    for at, count, old in reversed(undo):
        result[at : at + count] = old
    if mark + "\n".join(result) != text:
        raise InputError("the edit cannot be undone", code="changelog-not-proved")
    return edited


def _with_own_ends(old: Sequence[str], new: Sequence[str], ends: str) -> list[str]:
    """New lines with the file's line end; a line that stood among the replaced ones keeps the end that it had."""
    known = {line.removesuffix("\r"): line for line in reversed(old)}
    return [known.get(line, line + ends) for line in new]


def _category_starts(document: Changelog, first: int, last: int) -> list[int]:
    inside = [each for each in document.outline.headings if first <= each.start < last]
    top = min((each.level for each in inside), default=0)
    return [each.start for each in inside if each.level == top]


def _place(
    categories: Sequence[HandCategory], starts: Sequence[int], category: str, order: Sequence[str]
) -> int | None:
    """The start of the first category that comes later in `order`, None where there is none."""
    places = {title.casefold(): place for place, title in enumerate(order)}
    own = places.get(category.casefold(), len(places))
    for each, start in zip(categories, starts, strict=True):
        if places.get(each.title.casefold(), len(places)) > own:
            return start
    return None


def _after_heading(document: Changelog) -> int:
    """The line after the heading of an empty Unreleased and the comments under it."""
    section = document.unreleased
    assert section is not None
    return max(section.content[1], section.start + 1)
