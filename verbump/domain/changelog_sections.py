"""A changelog's sections as data: Unreleased and one per version, with categories and entries as people wrote them.

Source: Keep a Changelog 1.1.0; rules.md "Changelog".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import changelog_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbump.domain.changelog_document import Document, Group, Span

_MARK = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandEntry:
    """A bullet or paragraph as somebody wrote it: its text without the bullet, and its raw lines without line ends."""

    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandCategory:
    """A category of a section. `lines` are the raw ones under its heading, outer blank lines and definitions left out.

    A category without entries has no lines, whatever comments stand in it.
    """

    title: str
    lines: tuple[str, ...]
    entries: tuple[HandEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section as it stands. `version` is "" for Unreleased, `date` "" where there is none, `line` counts from 1.

    `intro` are the lines before the first category, without comments and definitions. `body` is everything under the
    heading with LF line ends; outer blank lines and what trails (definitions, comments, a thematic break) are left out.
    """

    title: str
    version: str
    is_unreleased: bool
    yanked: bool
    date: str
    line: int
    intro: tuple[str, ...]
    categories: tuple[HandCategory, ...]
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """A file as read: sections top down, and the file's own style.

    `newline` is the majority's line end. `bracketed` and `v_prefix` say how the newest version heading is written;
    `level` and `category_level` how many `#` release and category headings have.
    """

    sections: tuple[Section, ...]
    newline: str = "\n"
    bracketed: bool = True
    v_prefix: bool = False
    level: int = 2
    category_level: int = 3

    @property
    def unreleased(self) -> Section | None:
        """The Unreleased section, None where there is none."""
        return next((section for section in self.sections if section.is_unreleased), None)

    def section(self, version: str) -> Section | None:
        """The section of a version (as SemVer spells it), None where there is none."""
        return next((section for section in self.sections if version and section.version == version), None)


def changelog_of(document: Document) -> Changelog:
    """The sections of a document, and its style."""
    newest = next((span.heading for span in document.spans if span.heading.version), None)
    return Changelog(
        sections=tuple(section_of(document.lines, span) for span in document.spans),
        newline=document.newline,
        bracketed=newest is None or bool(newest.label),
        v_prefix=newest is not None and newest.has_v,
        level=document.level,
        category_level=document.category_level,
    )


def section_of(lines: Sequence[str], span: Span) -> Section:
    """What a section says."""
    heading = span.heading
    intro, *categories = changelog_document.groups_of(span)
    return Section(
        title=span.block.text,
        version=heading.version,
        is_unreleased=heading.is_unreleased,
        yanked=heading.is_yanked,
        date=heading.date,
        line=span.block.line + 1,
        intro=_kept(lines, intro),
        categories=tuple(
            HandCategory(
                title=group.heading.text if group.heading else "",
                lines=_kept(lines, group),
                entries=entries_of(lines, group),
            )
            for group in categories
        ),
        body="\n".join(_trimmed(lines[span.body : span.tail])),
    )


def entries_of(lines: Sequence[str], group: Group) -> tuple[HandEntry, ...]:
    """The bullets and paragraphs at the top of a category.

    A fence, quote or HTML block right after one belongs to it, and is an entry itself where there is none before it.
    """
    found: list[tuple[int, int, int]] = []  # first line, the line after, width of the mark
    is_open = False
    blocks = group.blocks
    for place, block in enumerate(blocks):
        after = blocks[place + 1].line if place + 1 < len(blocks) else group.end
        if block.kind == "other" and is_open:
            found[-1] = (found[-1][0], after, found[-1][2])
        elif block.kind in {"item", "paragraph", "other"}:
            mark = _MARK.match(lines[block.line]) if block.kind == "item" else None
            found.append((block.line, after, mark.end() if mark else 0))
            is_open = True
        else:
            is_open = False
    return tuple(_entry(lines, *each) for each in found)


def _entry(lines: Sequence[str], first: int, after: int, width: int) -> HandEntry:
    text = lines[first][width:].strip()
    if after == first + 1:
        return HandEntry(text=text, lines=(lines[first],))
    own = _trimmed(lines[first:after])
    rest = (line[width:] if not line[:width].strip() else line.lstrip() for line in own[1:])
    return HandEntry(text="\n".join((text, *rest)).rstrip(), lines=own)


def _kept(lines: Sequence[str], group: Group) -> tuple[str, ...]:
    return _trimmed([line for block, after in group.moving() for line in lines[block.line : after]])


def _trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return tuple(lines[first:last])
