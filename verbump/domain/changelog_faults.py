"""What is wrong with a changelog, by line: for `verbump changelog --check`.

Source: Keep a Changelog 1.1.0, "Guiding principles" and "bad practices".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from verbump.domain import changelog_document, changelog_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.domain.changelog_document import Document, Span
    from verbump.domain.versions import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: its line (from 1), a short stable name, what it is, and how to mend it."""

    line: int
    code: str
    message: str
    hint: str = ""


def find_faults(text: str) -> tuple[Fault, ...]:
    """Every fault of the text, by line."""
    document = changelog_document.read(text)
    found = [
        Fault(line=error.line or 1, code=error.code, message=error.message, hint=error.hint)
        for error in changelog_document.find_errors(document)
    ]
    found += _order_faults(document)
    found += _link_faults(document)
    for span in document.spans:
        found += _section_faults(span)
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.code)))


def _order_faults(document: Document) -> Iterator[Fault]:
    """Versions below a lower one, unless dates explain it: files in order of date hold maintenance releases on top."""
    above: tuple[Version, Span] | None = None
    for place, span in enumerate(document.spans):
        line = span.block.line + 1
        if span.heading.is_unreleased:
            if place:
                message = "Unreleased stands below a version"
                yield Fault(line=line, code="changelog-unreleased-place", message=message, hint="move it to the top")
            continue
        version = _version(span.heading.version)
        if version is None:
            message = f"{span.heading.version} is not a SemVer version"
            yield Fault(line=line, code="changelog-version", message=message, hint="write major.minor.patch")
            continue
        if above is not None and version > above[0] and not _is_later(above[1], span):
            message = f"{version} stands below {above[0]}"
            yield Fault(line=line, code="changelog-order", message=message, hint="the newest version comes first")
        above = (version, span)


def _is_later(upper: Span, lower: Span) -> bool:
    """Whether the section further up has the later date of the two."""
    dates = _iso(upper.heading.date), _iso(lower.heading.date)
    return bool(dates[0] and dates[1]) and dates[0] > dates[1]


def _section_faults(span: Span) -> Iterator[Fault]:
    heading = span.heading
    if heading.version and not _iso(heading.date):
        what = f"{heading.date!r} is not a date as ISO 8601 writes it"
        message = what if heading.date else f"{heading.version} has no date"
        yield Fault(line=span.block.line + 1, code="changelog-date", message=message, hint="write YYYY-MM-DD")
    seen: dict[str, int] = {}
    for group in changelog_document.groups_of(span):
        if group.heading is None:
            continue
        name, line = group.heading.text.casefold(), group.heading.line + 1
        if name in seen:
            message = (
                f"{group.heading.text} stands twice in {heading.version or 'Unreleased'}: line {seen[name]} has it"
            )
            yield Fault(line=line, code="changelog-category-twice", message=message, hint="merge the two lists")
        seen.setdefault(name, line)


def _link_faults(document: Document) -> Iterator[Fault]:
    """Definitions of versions that have no section, and definitions in no order at all."""
    definitions = [each for each in changelog_links.definitions_of(document) if each.version]
    there = {span.heading.version for span in document.spans}
    for each in definitions:
        if each.version not in there:
            message = f"[{each.label}] is defined, but {each.version} has no section"
            hint = "take the definition away, or add the section"
            yield Fault(line=each.line + 1, code="changelog-link-unknown", message=message, hint=hint)
    known = [(version, each) for each in definitions if (version := _version(each.version))]
    if len(known) > 1 and known[0][0] < known[-1][0]:
        known.reverse()
    for (upper, _), (lower, each) in pairwise(known):
        if lower > upper and not _is_section_order(document, upper, lower):
            message = f"the definition of {lower} is out of order beside that of {upper}"
            hint = "order definitions as the sections stand"
            yield Fault(line=each.line + 1, code="changelog-link-order", message=message, hint=hint)


def _is_section_order(document: Document, upper: Version, lower: Version) -> bool:
    places = {span.heading.version: place for place, span in enumerate(document.spans)}
    first, second = places.get(str(upper)), places.get(str(lower))
    return first is not None and second is not None and first < second


def _version(text: str) -> Version | None:
    from verbump.domain import versions

    return versions.parse_or_none(text)


def _iso(text: str) -> str:
    """The text if it is a date of the calendar as YYYY-MM-DD, else ""."""
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return ""
    return text if len(text) == 10 else ""  # Python also takes 20240101
