"""A changelog's sections: Unreleased and one per version, with their categories and entries as people wrote them.

Source: Keep a Changelog 1.1.0; headings in the wild are read leniently (links, dates in brackets, setext).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.domain import changelog_outline, versions
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbump.domain.changelog_outline import Heading, Outline

_UNRELEASED = re.compile(r"\[?unreleased\]?(?![\w-])", re.IGNORECASE)
_VERSION = re.compile(
    r"(?:version |release )?(\[)?(v)?(\d{1,10}\.\d{1,10}(?:\.\d{1,10})?(?:[-+.]?[0-9A-Za-z][0-9A-Za-z.+-]{0,80})?)"
    r"(?![\w])",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandEntry:
    """A bullet (or a paragraph) as somebody wrote it: its text without the bullet, and its raw lines."""

    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandCategory:
    """A category of a section: its title, its lines (outer blank ones dropped), the entries among them."""

    title: str
    lines: tuple[str, ...]
    entries: tuple[HandEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of the file.

    `version` is "" for Unreleased; `line` (1-based) is its heading's; `intro` the lines before its first category;
    `body` all of it with LF line ends, without heading and trailing link definitions.

    `start` and `end` are line indices: the heading's first line, and the line after the section's last.
    `content` are those of what a release takes away, outer blank lines, leading comments and trailing link
    definitions left out.
    """

    title: str
    version: str
    is_unreleased: bool
    line: int
    start: int
    end: int
    content: tuple[int, int]
    date: str = ""
    yanked: bool = False
    intro: tuple[str, ...] = ()
    categories: tuple[HandCategory, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """A file as read. `lines` have no line ends; `newline` is the majority's; `level` that of version headings."""

    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    outline: Outline
    newline: str = "\n"
    level: int = 2
    bracketed: bool = True
    v_prefix: bool = False
    unreleased: Section | None = None
    by_version: dict[str, Section] = field(default_factory=dict)

    def section(self, version: str) -> Section | None:
        """The section of a version (SemVer spelling), None where there is none."""
        return self.by_version.get(version)


def parse(text: str) -> Changelog:
    """The changelog that `text` is. Blank text is one without sections.

    Raises:
        InputError: it cannot be followed: a fence or comment never closed, a version twice, text but neither an
            Unreleased nor a version heading.
    """
    faults = list(structural_faults(text))
    if faults:
        raise faults[0]
    return read(text)


def read(text: str) -> Changelog:
    """As `parse`, making the best of a file with faults. Never raises."""
    raw = text.split("\n")
    lines = tuple(line.removesuffix("\r") for line in raw)
    shown = (lines[0].removeprefix("\ufeff"), *lines[1:])
    found = changelog_outline.outline(shown)
    level = next((each.level for each in found.headings if _is_release(each)), 2)
    heads = [each for each in found.headings if each.level == level and _is_release(each)]
    borders = [*(each.start for each in found.headings if each.level <= level), len(lines)]
    page = _Page(lines=shown, outline=found)
    sections = tuple(page.section(head, borders[bisect_right(borders, head.start)]) for head in heads)
    named = [_VERSION.match(each.title) for each in heads if not _UNRELEASED.match(each.title)]
    by_version: dict[str, Section] = {}
    for section in sections:
        if section.version:
            by_version.setdefault(section.version, section)
    crlf = sum(1 for line in raw[:-1] if line.endswith("\r"))
    return Changelog(
        lines=shown,
        sections=sections,
        outline=found,
        newline="\r\n" if crlf * 2 > len(raw) - 1 else "\n",
        level=level,
        bracketed=not named or any(match is not None and match[1] for match in named),
        v_prefix=bool(named) and all(match is not None and match[2] for match in named),
        unreleased=next((section for section in sections if section.is_unreleased), None),
        by_version=by_version,
    )


def structural_faults(text: str) -> Iterator[InputError]:
    """Everything that makes a file impossible to follow, in order of kind."""
    document = read(text)
    found = document.outline
    if found.open_fence is not None:
        yield InputError(
            "a code fence is opened here and never closed",
            hint="close it with the same mark",
            code="changelog-unclosed-fence",
            line=found.open_fence + 1,
        )
    if found.open_comment is not None:
        yield InputError(
            "a comment is opened here and never closed",
            hint="close it with -->",
            code="changelog-unclosed-comment",
            line=found.open_comment + 1,
        )
    counts = Counter(section.version or "Unreleased" for section in document.sections)
    seen: set[str] = set()
    for section in document.sections:
        name = section.version or "Unreleased"
        if counts[name] > 1 and name in seen:
            hint = "merge the two sections"
            yield InputError(f"{name} has a section already", hint=hint, code="changelog-duplicate", line=section.line)
        seen.add(name)
    if not document.sections and text.removeprefix("\ufeff").strip():
        yield InputError(
            "there is text, but neither an Unreleased nor a version heading",
            hint="add a line `## [Unreleased]` where the next release shall go",
            code="changelog-no-heading",
            line=1,
        )


def split_entries(lines: Sequence[str]) -> tuple[HandEntry, ...]:
    """The top-level bullets and the paragraphs among lines, each with the lines that belong to it."""
    groups: list[list[str]] = []
    after_blank = True
    for line in lines:
        if not line.strip():
            after_blank = True
            if groups:
                groups[-1].append(line)
            continue
        is_new = (changelog_outline.is_bullet(line) and not line.startswith("  ")) or (
            after_blank and not line.startswith((" ", "\t"))
        )
        if is_new or not groups:
            groups.append([])
        groups[-1].append(line)
        after_blank = False
    return tuple(_entry(group) for group in groups)


def _entry(group: list[str]) -> HandEntry:
    while group and not group[-1].strip():
        group.pop()
    texts = [line.strip() for line in group]
    if changelog_outline.is_bullet(group[0]):
        texts[0] = texts[0].split(maxsplit=1)[1] if len(texts[0].split(maxsplit=1)) > 1 else ""
    return HandEntry(text="\n".join(texts).strip(), lines=tuple(group))


def _is_release(heading: Heading) -> bool:
    return bool(_UNRELEASED.match(heading.title) or _VERSION.match(heading.title))


class _Page:
    """The lines and their outline, looked up by line without going through all of it for each section."""

    def __init__(self, *, lines: Sequence[str], outline: Outline) -> None:
        self._lines = lines
        self._outline = outline
        self._starts = [each.start for each in outline.headings]
        self._definitions = {each.line for each in outline.definitions}

    def section(self, head: Heading, end: int) -> Section:
        """The section under a heading, up to the line `end`."""
        version = None if _UNRELEASED.match(head.title) else _VERSION.match(head.title)
        rest = head.title[version.end() :] if version else ""
        date = _DATE.search(rest)
        first, last = self._content(head.end, end)
        subs = self._outline.headings[bisect_left(self._starts, first) : bisect_left(self._starts, last)]
        top = min((each.level for each in subs), default=0)
        tops = [each for each in subs if each.level == top]
        bounds = [*(each.start for each in tops), last]
        return Section(
            title=head.title,
            version=_normal(version[3]) if version else "",
            is_unreleased=version is None,
            line=head.start + 1,
            start=head.start,
            end=end,
            content=(first, last),
            date=date[0] if date else "",
            yanked="[yanked]" in rest.casefold(),
            intro=_trimmed(self._lines[first : bounds[0]]),
            categories=tuple(
                _category(each.title, self._lines[each.end : border])
                for each, border in zip(tops, bounds[1:], strict=True)
            ),
            body="\n".join(_trimmed(self._lines[head.end : max(last, head.end)])),
        )

    def _content(self, start: int, end: int) -> tuple[int, int]:
        """The lines that hold entries: without leading comments, outer blank lines, trailing link definitions."""
        while end > start and (not self._lines[end - 1].strip() or end - 1 in self._definitions):
            end -= 1
        first = start
        while first < end and (not self._lines[first].strip() or first in self._outline.comments):
            first += 1
        return first, end


def _category(title: str, lines: Sequence[str]) -> HandCategory:
    kept = _trimmed(lines)
    return HandCategory(title=title, lines=kept, entries=split_entries(kept))


def _trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return tuple(lines[first:last])


def _normal(text: str) -> str:
    """The version as SemVer spells it, where it is one in either spelling; else as it stands."""
    text = text.rstrip(".-+")
    if versions.parse_or_none(text) is not None:
        return text
    try:
        return str(versions.from_pep440(text))
    except InputError:
        return text
