"""What is wrong with a changelog, by line: for `verbump changelog --check`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import changelog_sections, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.domain.changelog_sections import Changelog, Section

_ANY_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\b\d{1,2}\.? [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{1,2},? \d{4}"
)
_ISO_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: the line (from 1), its short name, what is wrong, how to mend it."""

    line: int
    code: str
    message: str
    hint: str = ""


def find_faults(text: str) -> tuple[Fault, ...]:
    """Every fault of the file, by line: what cannot be followed, versions out of order, dates, categories twice."""
    found = [
        Fault(line=error.line or 1, code=error.code, message=error.message, hint=error.hint)
        for error in changelog_sections.structural_faults(text)
    ]
    document = changelog_sections.read(text)
    found += _order(document)
    for section in document.sections:
        found += _dates(section)
        found += _categories(section)
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.code)))


def _order(document: Changelog) -> Iterator[Fault]:
    """Versions that stand above a higher one, and an Unreleased that is not on top."""
    above: tuple[versions.Version, Section] | None = None
    for place, section in enumerate(document.sections):
        if section.is_unreleased and place > 0:
            yield Fault(
                line=section.line,
                code="changelog-unreleased-place",
                message="Unreleased stands below a version",
                hint="move it to the top",
            )
        version = versions.parse_or_none(section.version)
        if version is None:
            continue
        if above is not None and version > above[0] and _same_line(version, above[0]):
            yield Fault(
                line=section.line,
                code="changelog-order",
                message=f"{version} stands below {above[0]}",
                hint="the newest version comes first",
            )
        above = (version, section)


def _same_line(left: versions.Version, right: versions.Version) -> bool:
    """Whether both are of one major: files that keep maintenance lines apart by date are left in peace."""
    return left.major == right.major and left.minor == right.minor


def _dates(section: Section) -> Iterator[Fault]:
    if section.is_unreleased:
        return
    if section.date and not _ISO_DATE.fullmatch(section.date):
        message = f"{section.date} is no date"
        yield Fault(line=section.line, code="changelog-date", message=message, hint="YYYY-MM-DD")
    elif not section.date:
        other = _ANY_DATE.search(section.title.replace(section.version, ""))
        what = f"{other[0]!r} is not an ISO date" if other else f"{section.version or section.title} has no date"
        yield Fault(line=section.line, code="changelog-date", message=what, hint="- YYYY-MM-DD after the version")


def _categories(section: Section) -> Iterator[Fault]:
    seen: set[str] = set()
    for category in section.categories:
        name = category.title.casefold()
        if name in seen:
            message = f"category {category.title} stands twice in {section.version or 'Unreleased'}"
            yield Fault(line=section.line, code="changelog-category-twice", message=message, hint="merge the two")
        seen.add(name)
