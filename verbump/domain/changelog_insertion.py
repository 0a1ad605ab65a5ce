"""Where things go in a changelog: a release's section, sections of past releases, entries under Unreleased.

Source: rules.md "Changelog" 1, 2 and the paragraph on `changelog --all`.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from verbump.domain import changelog_document, changelog_edits, changelog_headings, changelog_outline
from verbump.domain.changelog_edits import Splice
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from verbump.domain.changelog_document import Document, Group, Span
    from verbump.domain.changelog_headings import ReleaseHeading
    from verbump.domain.changelog_links import NewSection


def release_splices(document: Document, lines: Sequence[str]) -> list[Splice]:
    """A section's lines under the heading of Unreleased, whose entries go; above the first version without Unreleased.

    The last splice is the section's.
    """
    span = document.unreleased
    if span is None:
        return [changelog_edits.insertion(document, document.spans[0].start, lines)]
    deletions = moving_splices(span)
    gone = [line for each in deletions for line in range(each.line, each.line + each.deleted)]
    return [*deletions, changelog_edits.insertion(document, span.tail, lines, gone)]


def moved_lines(document: Document) -> list[str]:
    """What a release takes along: the lines of Unreleased's entries and prose, category headings left out."""
    span = document.unreleased
    groups = changelog_document.groups_of(span) if span else ()
    ranges = [(block.line, after) for group in groups for block, after in group.moving()]
    return [line for first, after in ranges for line in document.lines[first:after] if line.strip()]


def moving_splices(span: Span) -> list[Splice]:
    """Deletions of all that a release takes along: categories that hold entries, and prose before the first.

    Empty categories, definitions and writers' guides in comments stay.
    """
    ranges: list[list[int]] = []
    for group in changelog_document.groups_of(span):
        parts = [(block.line, after) for block, after in group.moving()]
        if parts and group.heading is not None:
            after_heading = group.blocks[0].line if group.blocks else group.end
            parts.insert(0, (group.heading.line, after_heading))
        for first, after in parts:
            if ranges and ranges[-1][1] == first:
                ranges[-1][1] = after
            else:
                ranges.append([first, after])
    return [Splice(first, after - first, ()) for first, after in ranges]


def unreleased_splice(document: Document) -> Splice:
    """A heading for Unreleased above the first version, written like the versions'."""
    newest = next((span.heading for span in document.spans if span.heading.version), None)
    title = "[Unreleased]" if newest is None or newest.label else "Unreleased"
    line = document.spans[0].start if document.spans else len(document.lines)
    return changelog_edits.insertion(document, line, [f"{'#' * document.level} {title}"])


def entry_splice(document: Document, category: str, entries: Sequence[str], order: Sequence[str]) -> Splice:
    """Entries at the end of a category of Unreleased, which the document must have; the category is made if need be."""
    span = document.unreleased
    assert span is not None
    lines = [line for entry in entries for line in entry.split("\n")]
    groups = [group for group in changelog_document.groups_of(span) if group.heading]
    own = [group for group in groups if group.heading and group.heading.text.casefold() == category.casefold()]
    if own:
        return _at_end_of(document, own[-1], lines)
    places = {title.casefold(): place for place, title in enumerate(order)}
    rank = places.get(category.casefold(), len(places))
    later = (
        group.heading.line
        for group in groups
        if group.heading and places.get(group.heading.text.casefold(), len(places)) > rank
    )
    heading = f"{'#' * max(document.category_level, span.block.level + 1)} {category}"
    return changelog_edits.insertion(document, next(later, span.tail), [heading, "", *lines])


def missing_splices(document: Document, sections: Sequence[NewSection]) -> list[Splice]:
    """The sections (newest first) whose version has none, each above the next older one of them that is there."""
    there = {span.heading.version: span for span in document.spans}
    lines_of: dict[int, list[str]] = {}
    for new, line in zip(sections, _places(document, sections, there), strict=True):
        if new.version in there:
            continue
        known = lines_of.setdefault(line, [])
        if known:
            known.append("")
        known += section_lines(document, new)
    return [changelog_edits.insertion(document, line, lines) for line, lines in lines_of.items()]


def heading_of(new: NewSection) -> ReleaseHeading:
    """What the first line of a rendered section says.

    Raises:
        InputError: it is no heading for the section's version, so the section could not be found again.
    """
    blocks = changelog_outline.scan(new.text.lstrip("\n").split("\n", 2)[:2])[0]
    first = blocks[0] if blocks else None
    heading = None
    if first is not None and first.kind == "heading" and first.line == 0:
        heading = changelog_headings.parse_release_heading(first.text)
    if heading is None or heading.version != new.version:
        message = f"the rendered section does not begin with a heading for {new.version}"
        hint = f"let the template begin with `## [{new.version}] - YYYY-MM-DD`"
        raise InputError(message, hint=hint, code="changelog-not-proved", line=1)
    return heading


def section_lines(document: Document, new: NewSection, moved: Collection[str] = frozenset()) -> list[str]:
    """The section's lines, its headings as deep as the document's. Hand-written lines (`moved`) stay as they are."""
    lines = new.text.strip("\n").split("\n")
    top = changelog_outline.scan(lines[:2])[0][0].level
    shifts = {top: document.level - top, top + 1: document.category_level - top - 1}
    if not any(shifts.values()):
        return lines
    for block in changelog_outline.scan(lines)[0]:
        line = lines[block.line]
        shift = shifts.get(block.level, 0)
        if block.kind == "heading" and shift and line.startswith("#") and (block.line == 0 or line not in moved):
            lines[block.line] = "#" * (block.level + shift) + line.lstrip("#")
    return lines


def _at_end_of(document: Document, group: Group, lines: Sequence[str]) -> Splice:
    """The splice that puts entries after the last one of a category; a list is gone on with."""
    assert group.heading is not None
    last = group.heading
    end = group.blocks[0].line if group.blocks else group.end
    for place, block in enumerate(group.blocks):
        if block.kind == "definition" or (block.kind == "comment" and group.has_content):
            continue
        last, end = block, group.blocks[place + 1].line if place + 1 < len(group.blocks) else group.end
    while end > last.line + last.height and not document.lines[end - 1].strip():
        end -= 1
    splice = changelog_edits.insertion(document, end, lines)
    if last.kind == "item" and splice.inserted[0].strip() == "":
        return splice._replace(inserted=splice.inserted[1:])
    return splice


def _places(document: Document, sections: Sequence[NewSection], there: Mapping[str, Span]) -> list[int]:
    """The line before which each section goes."""
    unreleased = document.unreleased
    top = above = unreleased.tail if unreleased else document.spans[0].start
    after: list[int] = []  # the end of the nearest newer section, for those with no older one below
    for new in sections:
        if new.version in there:
            above = there[new.version].tail
        after.append(_below_newer(document, new) or above if above == top else above)
    below: int | None = None
    places: list[int] = []
    for new, fallback in zip(reversed(sections), reversed(after), strict=True):
        if new.version in there:
            below = there[new.version].start
        places.append(fallback if below is None else below)
    return places[::-1]


def newer_spans(document: Document, version: str) -> list[Span]:
    """The sections on top of the file that are of a newer version, whether it has a tag or not."""
    from verbump.domain.versions import parse_or_none

    own = parse_or_none(version)
    versions = ((span, parse_or_none(span.heading.version)) for span in document.spans if span.heading.version)
    return [span for span, other in takewhile(lambda each: own and each[1] and own < each[1], versions)]


def _below_newer(document: Document, new: NewSection) -> int | None:
    newer = newer_spans(document, new.version)
    return newer[-1].tail if newer else None
