"""CHANGELOG.md, text in and text out: a release is spliced in, every other byte stays, and that is proved.

The keepachangelog package reads what is there before and after; it never writes, since it would re-format.

Source: Keep a Changelog 1.1.0; rules.md "Changelog".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import changelog_edits, changelog_sections
from verbump.domain.changelog_faults import Fault, find_faults
from verbump.domain.changelog_links import CompareLinks, find_edit
from verbump.domain.changelog_sections import Changelog, HandCategory, HandEntry, Section
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbump.domain.changelog_edits import Splice

__all__ = [
    "Changelog",
    "CompareLinks",
    "Fault",
    "HandCategory",
    "HandEntry",
    "NewSection",
    "Section",
    "find_faults",
    "parse_changelog",
    "with_missing_sections",
    "with_release",
    "with_unreleased_entries",
]

PREAMBLE = """\
# Changelog

Notable changes of each release. The format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/);
versions follow [Semantic Versioning](https://semver.org/spec/v2.0.0.html).

## [Unreleased]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSection:
    """A section to put in. `text` begins with its heading and has LF line ends; `links` where the forge is known."""

    version: str
    text: str
    links: CompareLinks | None = None
    previous_tag: str = ""
    tag: str = ""


def parse_changelog(text: str) -> Changelog:
    """The changelog that `text` is; blank text has no sections.

    Raises:
        InputError: it cannot be followed; the message says why, `line` where.
    """
    return changelog_sections.parse(text)


def with_release(text: str | None, new: NewSection) -> str:
    """The text with the section under Unreleased, whose hand-written lines the section has taken over.

    None or blank text gives a new document.

    Raises:
        InputError: the file cannot be followed, has that version already, or the edit cannot be proved.
    """
    old = _or_new(text)
    document = parse_changelog(old)
    if document.section(new.version) is not None:
        line = document.by_version[new.version].line
        message = f"version {new.version} has a section already"
        raise InputError(message, hint="release another version", code="changelog-version-exists", line=line)
    lines = _section_lines(new.text)
    splices = [_place(document, lines), *_link_splices(document, new)]
    edited = changelog_edits.apply(old, document.newline, splices)
    _prove(old, edited, new.version, is_unreleased_empty=True)
    return edited


def with_unreleased_entries(text: str | None, entries: Mapping[str, Sequence[str]], order: Sequence[str]) -> str:
    """The text with entries at the end of their categories under Unreleased, both made where they are missing.

    `entries` is category → rendered bullets (each may run over lines); new categories stand in `order`.

    Raises:
        InputError: the file cannot be followed, or the edit cannot be proved.
    """
    edited = _or_new(text)
    document = parse_changelog(edited)
    if document.unreleased is None:
        edited = changelog_edits.apply(edited, document.newline, [_place(document, ["## [Unreleased]"])])
    for category, bullets in entries.items():
        document = parse_changelog(edited)
        lines = [line for bullet in bullets for line in bullet.split("\n")]
        splice = changelog_edits.into_category(document, category, lines, order)
        edited = changelog_edits.apply(edited, document.newline, [splice])
    _prove(_or_new(text), edited, "", is_unreleased_empty=False)
    return edited


def with_missing_sections(text: str | None, sections: Sequence[NewSection]) -> str:
    """The text with those sections (newest first) whose version has none yet, each above the next older one there is.

    Raises:
        InputError: the file cannot be followed, or the edit cannot be proved.
    """
    edited = _or_new(text)
    for index, new in enumerate(sections):
        document = parse_changelog(edited)
        if document.section(new.version) is not None:
            continue
        older = (document.section(each.version) for each in sections[index + 1 :])
        below = next((each for each in older if each is not None), None)
        lines = _section_lines(new.text)
        at = below.start if below else _end_of_sections(document)
        before = edited
        splices = [changelog_edits.insert(document.lines, at, lines), *_own_link(document, new)]
        edited = changelog_edits.apply(edited, document.newline, splices)
        _prove(before, edited, new.version, is_unreleased_empty=False)
    return edited


def _or_new(text: str | None) -> str:
    return PREAMBLE if text is None or not text.removeprefix("\ufeff").strip() else text


def _section_lines(text: str) -> list[str]:
    return text.strip("\n").split("\n")


def _place(document: Changelog, lines: list[str]) -> Splice:
    """Where the section goes: in place of Unreleased's content, else above the first version."""
    unreleased = document.unreleased
    if unreleased is not None:
        first, last = unreleased.content
        if first < last:
            return changelog_edits.replace(document.lines, (first, last), lines)
        return changelog_edits.insert(document.lines, last if last > unreleased.start else unreleased.end, lines)
    return changelog_edits.insert(document.lines, document.sections[0].start, lines)


def _end_of_sections(document: Changelog) -> int:
    """The line after the last section's content, before trailing link definitions."""
    if not document.sections:
        return len(document.lines)
    last = document.sections[-1]
    return max(last.content[1], last.start + 1)


def _link_splices(document: Changelog, new: NewSection) -> list[Splice]:
    label = _label(new)
    if not label:
        return []
    edit = find_edit(document, label, new.tag, new.previous_tag, new.links)
    splices = []
    if edit.line is not None:
        splices.append(changelog_edits.Splice(at=edit.line, deleted=1, lines=(edit.replacement,)))
    if edit.added:
        splices.append(changelog_edits.Splice(at=edit.at, deleted=0, lines=edit.added))
    return splices


def _own_link(document: Changelog, new: NewSection) -> list[Splice]:
    """The definition of a section put in from history: after the last one there is, or at the end."""
    label = _label(new)
    known = {each.label.casefold() for each in document.outline.definitions}
    if not label or new.links is None or label.casefold() in known:
        return []
    end = len(document.lines)
    while end > 0 and not document.lines[end - 1].strip():
        end -= 1
    definitions = document.outline.definitions
    at = definitions[-1].line + 1 if definitions else end
    blank = () if definitions else ("",)
    return [changelog_edits.Splice(at=at, deleted=0, lines=(*blank, f"[{label}]: {new.links.version}"))]


def _label(new: NewSection) -> str:
    """What stands in brackets in the section's heading, "" where it has none: then there is nothing to link."""
    title = new.text.split("\n", 1)[0].lstrip("# ")
    return title[1 : title.index("]")] if title.startswith("[") and "]" in title else ""


def _prove(old: str, new: str, version: str, *, is_unreleased_empty: bool) -> None:
    """Nothing, when the keepachangelog package reads every other release as before.

    Raises:
        InputError: it does not, or the new section, or an emptied Unreleased, is not what it should be.
    """
    before, after = _read(old), _read(new)
    changed = {"unreleased", version}
    lost = next((key for key in before if key not in changed and after.get(key) != before[key]), None)
    if lost is not None:
        raise InputError(f"the section of {lost} would not read as before", code="changelog-not-proved")
    if version and version not in after:
        raise InputError(f"the section of {version} could not be read back", code="changelog-not-proved")
    if is_unreleased_empty and after.get("unreleased"):
        raise InputError("Unreleased would not be empty afterwards", code="changelog-not-proved")


def _read(text: str) -> dict[str, dict[str, list[str]]]:
    """Version → category → entries, as keepachangelog reads the file.

    It gets one line an entry and plain headings: by itself it takes every line for an entry, headings in fences for
    releases, and the last undated version for Unreleased.
    """
    import keepachangelog

    lines = []
    names = {}
    for place, section in enumerate(changelog_sections.read(text).sections):
        name = section.version or "unreleased"
        key = f"{place}.0.0"
        names[key] = name
        lines.append(f"## [{key}] - 2000-01-01")
        lines += [f"- {_one_line(entry)}" for entry in changelog_sections.split_entries(section.intro)]
        for number, category in enumerate(section.categories):
            lines.append(f"### {number} {category.title}")
            lines += [f"- {_one_line(entry)}" for entry in category.entries]
    found = keepachangelog.to_dict(lines, show_unreleased=True)
    return {
        names[key]: {name: entries for name, entries in release.items() if name != "metadata"}
        for key, release in found.items()
        if key in names
    }


def _one_line(entry: HandEntry) -> str:
    return "\u2028".join(entry.lines)
