"""CHANGELOG.md, text in and text out: a release is spliced in, every other byte stays, and that is proved.

The keepachangelog package reads what is there before and after an edit. It never writes, since it would re-format.

Source: Keep a Changelog 1.1.0; rules.md "Changelog".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from verbump.domain import changelog_document, changelog_sections
from verbump.domain.changelog_new import NEW_DOCUMENT
from verbump.domain.changelog_sections import Changelog, HandCategory, HandEntry, Section
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verbump.domain.changelog_document import Document
    from verbump.domain.changelog_faults import Fault
    from verbump.domain.changelog_links import CompareLinks, NewSection

__all__ = [
    "NEW_DOCUMENT",
    "Changelog",
    "CompareLinks",
    "Fault",
    "HandCategory",
    "HandEntry",
    "NewSection",
    "Section",
    "find_faults",
    "find_lost_lines",
    "parse_changelog",
    "with_missing_sections",
    "with_release",
    "with_unreleased_entries",
]

# One line to keepachangelog, which splits at LF only; to be seen in no changelog's entry otherwise.
_LINE_SEPARATOR = "\u2028"


def parse_changelog(text: str) -> Changelog:
    """The changelog that `text` is, decoded from UTF-8 with BOM and line ends as they are; blank text has no sections.

    Raises:
        InputError: a fence, comment or HTML block is never closed, a version has two sections, or there is text but
            neither an Unreleased nor a version heading. `line` says where.
    """
    return changelog_sections.changelog_of(_followed(text))


def find_faults(text: str) -> tuple[Fault, ...]:
    """All that is wrong with the text, by line: what parse_changelog refuses, and what Keep a Changelog forbids."""
    from verbump.domain import changelog_faults

    return changelog_faults.find_faults(text)


def with_release(text: str | None, new: NewSection) -> str:
    """The text with a release's section, which has taken over what people wrote under Unreleased, and its links.

    The section follows Unreleased, which stays, empty; without one it goes above the first version. None or blank
    text gives a new document. Every other byte stays.

    Raises:
        InputError: the text cannot be followed (see parse_changelog), `changelog-version-exists`, or
            `changelog-not-proved`: the result would not read as it should.
    """
    from verbump.domain import changelog_edits, changelog_insertion, changelog_link_edits

    text = _or_new(text)
    document = _followed(text)
    _check_missing(document, new.version)
    changelog_insertion.heading_of(new)
    moved = changelog_insertion.moved_lines(document)
    lines = changelog_insertion.section_lines(document, new, frozenset(moved))
    splices = changelog_insertion.release_splices(document, lines)
    place = splices[-1].line
    splices += changelog_link_edits.release_splices(document, new, follows_section=place == len(document.lines))
    edited = changelog_edits.apply(document, text, splices)
    spans = [span for span in document.spans if not span.heading.is_unreleased]
    kept = [changelog_sections.section_of(document.lines, span) for span in spans]
    _prove(edited, kept, [lines], line=place + 1)
    return edited


def find_lost_lines(text: str | None, new: NewSection) -> tuple[str, ...]:
    """Lines that with_release would take from Unreleased and that the section does not hold, as they stand.

    A template of one's own may set them elsewhere or mark them otherwise; one that leaves them out loses words.

    Raises:
        InputError: the text cannot be followed (see parse_changelog).
    """
    from verbump.domain import changelog_insertion

    taken = {line.strip() for line in new.text.split("\n")}
    moved = changelog_insertion.moved_lines(_followed(_or_new(text)))
    left = (line for line in moved if line.strip() not in taken)
    return tuple(line for line in left if line.strip().lstrip("-*+ ") not in new.text)


def with_unreleased_entries(text: str | None, entries: Mapping[str, Sequence[str]], order: Sequence[str]) -> str:
    """The text with entries at the end of their categories under Unreleased; what is missing of these is made.

    `entries` are rendered ones (`- **api:** …`, over several lines perhaps) by category; new categories stand in
    `order`, those that it lacks last. Every other byte stays.

    Raises:
        InputError: the text cannot be followed (see parse_changelog), or `changelog-not-proved`.
    """
    from verbump.domain import changelog_edits, changelog_insertion

    text = _or_new(text)
    document = _followed(text)
    expected = list(changelog_sections.changelog_of(document).sections)
    if document.unreleased is None:
        text = changelog_edits.apply(document, text, [changelog_insertion.unreleased_splice(document)])
        document = changelog_document.read(text)
        expected = list(changelog_sections.changelog_of(document).sections)
    place = next(place for place, section in enumerate(expected) if section.is_unreleased)
    for category, rendered in entries.items():
        if rendered:
            splice = changelog_insertion.entry_splice(document, category, rendered, order)
            text = changelog_edits.apply(document, text, [splice])
            document = changelog_document.read(text)
            expected[place] = _with_entries(expected[place], category, rendered)
    _prove(text, expected, [], line=expected[place].line)
    return text


def with_missing_sections(text: str | None, sections: Sequence[NewSection]) -> str:
    """The text with those of the sections (newest first) whose version has none yet, each above the next older one.

    What is there stays as it is, Unreleased too. None or blank text gives a new document.

    Raises:
        InputError: the text cannot be followed (see parse_changelog), or `changelog-not-proved`.
    """
    from verbump.domain import changelog_edits, changelog_insertion, changelog_link_edits

    text = _or_new(text)
    document = _followed(text)
    for new in sections:
        changelog_insertion.heading_of(new)
    splices = changelog_insertion.missing_splices(document, sections)
    if not splices:
        return text
    last = max(splice.line for splice in splices)
    splices += changelog_link_edits.missing_splices(document, sections, follows_section=last == len(document.lines))
    edited = changelog_edits.apply(document, text, splices)
    before = changelog_sections.changelog_of(document)
    there = {section.version for section in before.sections}
    lines = [changelog_insertion.section_lines(document, new) for new in sections if new.version not in there]
    _prove(edited, before.sections, lines, line=splices[0].line + 1)
    return edited


def __getattr__(name: str) -> type:
    """CompareLinks, NewSection and Fault, which a command that only reads does not pay for."""
    if name in {"CompareLinks", "Fault", "NewSection"}:
        from verbump.domain import changelog_faults, changelog_links

        lazy = (changelog_links.CompareLinks, changelog_links.NewSection, changelog_faults.Fault)
        return next(each for each in lazy if each.__name__ == name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _followed(text: str) -> Document:
    document = changelog_document.read(text)
    for error in changelog_document.find_errors(document):
        raise error
    return document


def _or_new(text: str | None) -> str:
    """The text, or a new document with the BOM and line ends of a blank one."""
    if text is not None and text.removeprefix(changelog_document.BOM).strip():
        return text
    blank = changelog_document.read(text or "")
    bom = changelog_document.BOM if text and text.startswith(changelog_document.BOM) else ""
    return bom + NEW_DOCUMENT.replace("\n", blank.newline)


def _check_missing(document: Document, version: str) -> None:
    there = next((span for span in document.spans if span.heading.version == version), None)
    if there is None:
        return
    line = there.block.line + 1
    hint = "release another version, or take that section away"
    if "unreleased" in there.block.text.casefold():
        hint = "rename its heading to `## [Unreleased]`"
    message = f"{version} already has a section, at line {line}"
    raise InputError(message, hint=hint, code="changelog-version-exists", line=line)


def _with_entries(section: Section, category: str, rendered: Sequence[str]) -> Section:
    """Unreleased with entries added to a category."""
    text = "\n".join(("## Unreleased", f"### {category}", *rendered))
    added = changelog_sections.changelog_of(changelog_document.read(text)).sections[0].categories
    return replace(section, categories=(*section.categories, *added))


def _prove(edited: str, sections: Sequence[Section], added: Iterable[Sequence[str]], *, line: int) -> None:
    """Nothing, when the edited text reads as the sections and the lines added to them, to keepachangelog as well.

    Without Unreleased among the sections it must hold no entries, where there is one.

    Raises:
        InputError: it does not.
    """
    document = changelog_document.read(edited)
    after = [changelog_sections.section_of(document.lines, span) for span in document.spans]
    texts = ["\n".join(lines) for lines in added]
    expected = [
        *sections,
        *(changelog_sections.changelog_of(changelog_document.read(each)).sections[0] for each in texts),
    ]
    words = {each.version: _words(each) for each in expected if each.version}
    wrong = next((each for each in after if each.version and words.pop(each.version, None) != _words(each)), None)
    error = next(changelog_document.find_errors(document), None)
    name = wrong.version if wrong else next(iter(words), "")
    if error is None and not name and _read_entries(after) == _read_entries(expected):
        return
    what = error.message if error else f"the section of {name or 'Unreleased'} would not read as it should"
    message = f"the changelog cannot be edited safely: {what}"
    hint = "look for HTML, fences or headings in the entries that swallow what follows them"
    raise InputError(message, hint=hint, code="changelog-not-proved", line=line)


def _words(section: Section) -> tuple[object, ...]:
    """What people wrote in a section: all of it but definitions, which a release may add to."""
    return section.title, section.intro, section.categories


def _read_entries(sections: Iterable[Section]) -> dict[str, Any]:
    """Version to category to entries, as keepachangelog reads them; what holds no entries is left out."""
    import keepachangelog

    read = keepachangelog.to_dict(_plain_lines(sections), show_unreleased=True)
    return {
        version: {title: entries for title, entries in release.items() if entries}
        for version, release in read.items()
        if version != "unreleased" or any(entries for title, entries in release.items() if title != "metadata")
    }


def _plain_lines(sections: Iterable[Section]) -> Iterator[str]:
    """Sections as keepachangelog understands them: plain headings, one line an entry, nothing else.

    By itself it takes every line for an entry, headings in fences for releases, definitions such as `[#12]: url` for
    versions, and it fails at a category of the name Metadata.
    """
    for section in sections:
        yield f"## [{section.version or 'Unreleased'}] - {section.date or 'undated'}"
        for line in section.intro:
            yield f"- {line}"
        for category in section.categories:
            yield f"### {category.title} of {section.version or 'Unreleased'}"
            for entry in category.entries:
                yield f"- {_LINE_SEPARATOR.join(entry.lines)}"
