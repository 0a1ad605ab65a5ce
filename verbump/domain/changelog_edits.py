"""Edits of a changelog as splices of whole lines: every byte outside them stays, and undoing them is the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from verbump.domain.changelog_document import BOM
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbump.domain.changelog_document import Document


class Splice(NamedTuple):
    """Before line `line` (from 0), `deleted` lines go and `inserted` ones come, with their line ends."""

    line: int
    deleted: int
    inserted: tuple[str, ...]


def insertion(document: Document, line: int, new: Sequence[str], gone: Iterable[int] = ()) -> Splice:
    """Lines (without ends) to stand before `line`, a blank line on each side where there is none.

    `gone` are lines that another splice deletes; a new line that says the same as one of them keeps its line end.
    """
    lost = set(gone)
    above = line - 1
    while above in lost:
        above -= 1
    lines = list(new)
    if above >= 0 and document.lines[above].strip():
        lines.insert(0, "")
    if line < len(document.lines) and document.lines[line].strip():
        lines.append("")
    return Splice(line, 0, _with_ends(document, lines, lost))


def replacement(document: Document, line: int, text: str) -> Splice:
    """Another text for one line, its line end kept."""
    return Splice(line, 1, (text + document.ends[line],))


def apply(document: Document, text: str, splices: Iterable[Splice]) -> str:
    """The text of `document` with splices applied; those of one line come in the order given.

    A text without a final newline stays one.

    Raises:
        InputError: undoing the splices does not give back the text, byte for byte.
    """
    old = [line + end for line, end in zip(document.lines, document.ends, strict=True)]
    ordered = sorted(splices, key=lambda splice: (splice.line, splice.deleted > 0))
    new: list[str] = []
    place = 0
    for splice in ordered:
        new += old[place : splice.line]
        new += splice.inserted
        place = splice.line + splice.deleted
    new += old[place:]
    _check_undone(old, new, ordered, text + document.missing)
    bom = BOM if text.startswith(BOM) else ""
    if document.missing:
        end = "\r\n" if new[-1].endswith("\r\n") else "\n"
        new[-1] = new[-1].removesuffix(document.missing if place < len(old) else end)
    return bom + "".join(new)


def _check_undone(old: Sequence[str], new: Sequence[str], ordered: Sequence[Splice], text: str) -> None:
    back: list[str] = []
    place = 0
    for splice in ordered:
        kept = splice.line - len(back)
        end = place + kept + len(splice.inserted)
        if kept < 0 or tuple(new[place + kept : end]) != splice.inserted:
            back.clear()
            break
        back += new[place : place + kept]
        back += old[splice.line : splice.line + splice.deleted]
        place = end
    back += new[place:]
    if "".join(back) != text.removeprefix(BOM):
        line = ordered[0].line + 1 if ordered else 1
        raise InputError("the edit cannot be undone", code="changelog-not-proved", line=line)


def _with_ends(document: Document, lines: Sequence[str], gone: Iterable[int]) -> tuple[str, ...]:
    """Lines with line ends: a moved line's own, else the file's."""
    newline = document.newline
    if all(document.ends[place] == newline for place in gone):
        return tuple(line + newline for line in lines)
    places: dict[str, list[int]] = {}
    for place in sorted(gone, reverse=True):
        places.setdefault(document.lines[place], []).append(place)
    result = []
    source: int | None = None  # the line that the last one was, before it moved
    for line in lines:
        if line.strip():
            known = places.get(line)
            source = known.pop() if known else None
        elif source is not None:
            source += 1
            if source >= len(document.lines) or document.lines[source] != line:
                source = None
        result.append(line + (newline if source is None else document.ends[source]))
    return tuple(result)
