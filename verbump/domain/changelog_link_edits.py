"""What a release changes in a changelog's links: Unreleased's compare URL, and a definition for the new version.

Source: rules.md "Changelog" 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.domain import changelog_edits, changelog_insertion, changelog_links
from verbump.domain.changelog_edits import Splice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbump.domain.changelog_document import Document
    from verbump.domain.changelog_links import Definition, NewSection


def release_splices(document: Document, new: NewSection, *, follows_section: bool) -> list[Splice]:
    """The links of a release. `follows_section` says that its section is put at the end of the file.

    Without definitions for versions, and where headings are not written as references, nothing is defined.
    """
    known = changelog_links.definitions_of(document)
    unreleased = _unreleased(known)
    versions = _newest_first([each for each in known if each.version])
    splices = _moved_unreleased(document, unreleased, new)
    label = _label(new, versions)
    if not label or any(each.version == new.version for each in versions):
        return splices
    if not known:
        return splices + _at_end(document, [new], follows_section=follows_section)
    old = changelog_links.old_ref(unreleased)
    target = changelog_links.target_like(versions, new, old)
    moved = changelog_links.moved(unreleased.target, new) if unreleased else None
    target = target or (moved[1] if moved else "") or (new.links.version if new.links else "")
    if target:
        model = versions[0] if versions else unreleased
        assert model is not None
        line = unreleased.line + 1 if unreleased else _line_of_newest(versions)
        splices.append(Splice(line, 0, (model.for_label(label, target) + document.newline,)))
    return splices


def missing_splices(document: Document, sections: Sequence[NewSection], *, follows_section: bool) -> list[Splice]:
    """The links of sections of past releases (newest first), those that are there already included."""
    there = {span.heading.version for span in document.spans}
    known = changelog_links.definitions_of(document)
    missing = [new for new in sections if new.version not in there]
    splices: list[Splice] = []
    if missing and missing[0] is sections[0] and not changelog_insertion.newer_spans(document, missing[0].version):
        splices += _moved_unreleased(document, _unreleased(known), missing[0])
    if not known:
        return splices + _at_end(document, missing, follows_section=follows_section)
    versions = _newest_first([each for each in known if each.version])
    lines = {each.version: each.line for each in versions}
    for new, line in zip(sections, _places(known, sections, lines), strict=True):
        label, target = _label(new, versions), _past_target(known, versions, new)
        if new.version in there or new.version in lines or not label or not target:
            continue
        model = versions[0] if versions else known[0]
        splices.append(Splice(line, 0, (model.for_label(label, target) + document.newline,)))
    return splices


def _unreleased(known: Sequence[Definition]) -> Definition | None:
    return next((each for each in known if each.is_unreleased), None)


def _newest_first(versions: list[Definition]) -> list[Definition]:
    """The definitions as they stand, turned round where the file has its oldest on top."""
    from verbump.domain.versions import parse_or_none

    if len(versions) < 2:
        return versions
    first, last = parse_or_none(versions[0].version), parse_or_none(versions[-1].version)
    return versions[::-1] if first and last and first < last else versions


def _line_of_newest(versions: Sequence[Definition]) -> int:
    """Where a newer one goes: above the newest, or below it where the oldest is on top."""
    is_turned = len(versions) > 1 and versions[0].line > versions[-1].line
    return versions[0].line + is_turned


def _label(new: NewSection, versions: Sequence[Definition]) -> str:
    """What the new definition is called: as the heading's reference, else as the file calls its versions."""
    heading = changelog_insertion.heading_of(new)
    if heading.target:
        return ""
    if heading.label or not versions:
        return heading.label
    return f"v{new.version}" if versions[0].label[:1] in ("v", "V") else new.version


def _moved_unreleased(document: Document, definition: Definition | None, new: NewSection) -> list[Splice]:
    """Unreleased's compare URL led on to the new tag, in its definition or in its heading's own link."""
    splices = []
    if definition is not None:
        moved = changelog_links.moved(definition.target, new)
        if moved and moved[0] != definition.target:
            text = definition.with_target(moved[0])
            splices.append(changelog_edits.replacement(document, definition.line, text))
    span = document.unreleased
    if span is not None and span.heading.target and span.block.height == 1:
        target, line = span.heading.target, document.lines[span.block.line]
        moved = changelog_links.moved(target, new)
        start = line.find(f"]({target}") + 2
        if moved and moved[0] != target and start > 1:
            text = line[:start] + moved[0] + line[start + len(target) :]
            splices.append(changelog_edits.replacement(document, span.block.line, text))
    return splices


def _at_end(document: Document, sections: Sequence[NewSection], *, follows_section: bool) -> list[Splice]:
    """Definitions for a file without any, at its end, for those headings that are written as references."""
    named = [(_label(new, ()), new.links) for new in sections]
    lines = [f"[{label}]: {links.version}" for label, links in named if label and links]
    if not lines:
        return []
    span = document.unreleased
    newest = sections[0].links
    if span is not None and span.heading.label and not span.heading.target and newest is not None:
        lines.insert(0, f"[{span.heading.label}]: {newest.unreleased}")
    end = len(document.lines)
    blocks = document.blocks
    is_after_definition = bool(blocks) and blocks[-1].kind == "definition" and blocks[-1].line == end - 1
    if follows_section or not is_after_definition:
        is_blank = end > 0 and not document.lines[end - 1].strip() and not follows_section
        lines = lines if is_blank else ["", *lines]
    return [Splice(end, 0, tuple(line + document.newline for line in lines))]


def _past_target(known: Sequence[Definition], versions: Sequence[Definition], new: NewSection) -> str:
    """The URL of a past release: in the file's style where there is an older one to compare with, else its own."""
    target = ""
    if new.previous_tag:
        models = [*versions, *(each for each in known if each.is_unreleased)]
        target = changelog_links.target_like(models, new, changelog_links.quoted(new.previous_tag))
    return target or (new.links.version if new.links else "")


def _places(known: Sequence[Definition], sections: Sequence[NewSection], lines: dict[str, int]) -> list[int]:
    """The line before which each definition goes: above that of the next older version, else after the last newer."""
    unreleased = _unreleased(known)
    top = above = (unreleased or known[-1]).line + 1
    after: list[int] = []
    for new in sections:
        above = lines[new.version] + 1 if new.version in lines else above
        after.append(_below_newer(known, new.version, top) if above == top else above)
    below: int | None = None
    places: list[int] = []
    for new, fallback in zip(reversed(sections), reversed(after), strict=True):
        below = lines.get(new.version, below)
        places.append(fallback if below is None else below)
    return places[::-1]


def _below_newer(known: Sequence[Definition], version: str, top: int) -> int:
    """The line behind the last definition of a newer version; `top` where that is further down, or there is none."""
    from verbump.domain.versions import parse_or_none

    own = parse_or_none(version)
    versions = ((each.line, parse_or_none(each.version)) for each in known if each.version)
    return max([top, *(line + 1 for line, other in versions if own and other and own < other)])
