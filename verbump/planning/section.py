"""The section that the next version gets in the changelog: what it holds, and its text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verbump.domain import changelog, releases
from verbump.planning import next_version, section_lines, templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbump.domain.changelog import Changelog, Section
    from verbump.domain.forge import Forge
    from verbump.domain.history import Change, Ignored
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Snapshot


def release_of(snapshot: Snapshot, decision: Decision, document: Changelog | None) -> releases.Release:
    """The release that `decision` makes, hand-written lines and entries merged. Its version must not be None.

    A candidate tells what is new since the tag before it; a final release what its candidates' sections say, then
    what is newer. Source: rules.md, Version, "Next".
    """
    assert decision.version is not None
    entries, hand = _content(snapshot, decision, document)
    intro, parts = releases.merge(hand, entries, order=order_of(snapshot))
    return releases.Release(
        version=str(decision.version),
        tag=decision.tag,
        date=snapshot.today,
        previous_tag=decision.current.name if decision.current else "",
        intro=intro,
        parts=parts,
    )


def order_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The categories' titles in their order: the setting's, else those of commitizen's rules, else the standard's."""
    if snapshot.config.categories or snapshot.rules is None:
        return snapshot.config.categories or releases.CATEGORY_ORDER
    return (*snapshot.rules.change_type_order, *releases.CATEGORY_ORDER)


def render(snapshot: Snapshot, release: releases.Release, document: Changelog | None) -> str:
    """The section as Markdown in the document's own heading style. Line ends are LF.

    Raises:
        Refused: the user's template cannot be rendered.
    """
    return render_each(snapshot, [release], document)[0]


def render_each(snapshot: Snapshot, made: Iterable[releases.Release], document: Changelog | None) -> list[str]:
    """The section of each release, all rendered at once. Raises: as `render`."""
    items = [template_data(release, document, snapshot.forge) for release in made]
    user = snapshot.templates
    if user is not None and templates.SECTION in user.names:
        return user.render(templates.SECTION, items)
    return [section_lines.render_section(item) for item in items]


def template_data(release: releases.Release, document: Changelog | None, forge: Forge | None) -> dict[str, object]:
    """What a template may know of a release: plain data, every text of a commit already escaped for Markdown."""
    name = f"v{release.version}" if document and document.v_prefix else release.version
    title = f"[{name}]" if document is None or document.bracketed else name
    return {
        "mark": "#" * (document.level if document else 2),
        "title": title,
        "version": release.version,
        "tag": release.tag,
        "previous_tag": release.previous_tag,
        "date": release.date,
        "intro": release.intro,
        "parts": [
            {
                "title": part.title,
                "lines": part.lines if releases.is_list(part.lines) or not part.entries else (*part.lines, ""),
                "entries": [section_lines.entry_data(entry, forge) for entry in part.entries],
            }
            for part in release.parts
        ],
    }


def links_of(snapshot: Snapshot, decision: Decision) -> changelog.CompareLinks | None:
    """Compare links for the coming release, or None where the forge is not known."""
    if snapshot.forge is None:
        return None
    previous = decision.current
    version_url = (
        snapshot.forge.compare_url(previous.name, decision.tag) if previous else snapshot.forge.tag_url(decision.tag)
    )
    return changelog.CompareLinks(unreleased=snapshot.forge.compare_url(decision.tag, "HEAD"), version=version_url)


def entries_of(changes: Iterable[Change]) -> tuple[releases.Entry, ...]:
    """The entries of changes (newest first), oldest first."""
    made = (releases.entry_of(change) for change in changes)
    return tuple(entry for entry in made if entry is not None)[::-1]


def _content(
    snapshot: Snapshot, decision: Decision, document: Changelog | None
) -> tuple[tuple[releases.Entry, ...], list[Section]]:
    """Entries from commits, and the sections whose lines are taken as they are, oldest first."""
    unreleased = [decision.unreleased] if decision.unreleased else []
    updates = tuple(
        releases.Entry(category=next_version.UPDATED_CATEGORY, description=f"{_update_of(name)}{version}", sha="")
        for name, version in snapshot.updated
    )
    if decision.version is not None and decision.version.prerelease:
        return (*entries_of(decision.newer.changes), *updates), unreleased
    candidates, complete = _candidate_sections(snapshot, document)
    ignored = decision.history.ignored
    outdated = tuple(_update_of(name) for name, _ in snapshot.updated)
    hand = [*(_without_reverted(section, ignored, outdated) for section in candidates), *unreleased]
    if not complete:
        return (*entries_of(decision.history.changes), *updates), hand
    gone = {each.commit.sha for each in ignored}
    newer = entries_of(each for each in decision.newer.changes if each.commit.sha not in gone)
    return (*newer, *updates), hand


def _update_of(name: str) -> str:
    """How the entry of a dependency that is released along begins; its version follows."""
    return f"Updated {name} to "


def _candidate_sections(snapshot: Snapshot, document: Changelog | None) -> tuple[tuple[Section, ...], bool]:
    """The sections of the candidates since the last final release, oldest first; whether each candidate has one."""
    final = snapshot.last_final()
    tags = [
        tag
        for tag in sorted(snapshot.tags, key=lambda tag: tag.version)
        if tag.is_reachable and tag.version.prerelease and (final is None or tag.version > final.version)
    ]
    sections = [document.section(str(tag.version)) if document else None for tag in tags]
    return tuple(section for section in sections if section), all(sections)


def _without_reverted(section: Section, ignored: Sequence[Ignored], outdated: tuple[str, ...]) -> Section:
    """A candidate's section without the lines of commits that were reverted after it, or that begin as `outdated`."""
    shas = [each.commit.sha for each in ignored if each.why.startswith("reverted")]
    if not shas and not outdated:
        return section
    categories = []
    for category in section.categories:
        kept = [
            entry
            for entry in category.entries
            if not entry.text.startswith(outdated) and not any(releases.names_sha(entry, sha) for sha in shas)
        ]
        if len(kept) < len(category.entries):
            lines = tuple(line for entry in kept for line in entry.lines)
            category = replace(category, entries=tuple(kept), lines=lines)  # noqa: PLW2901
        categories.append(category)
    return replace(section, categories=tuple(categories))
