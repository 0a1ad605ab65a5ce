"""`verbump changelog`: the coming entries under Unreleased, or every release of the history as a section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import changelog, history, releases
from verbump.planning import next_version, section
from verbump.planning.actions import Plan, WriteFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbump.domain.commits import Commit
    from verbump.domain.forge import Forge
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Snapshot, VersionTag


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRelease:
    """A released version with the commits that it was the first to hold, newest first, and its tag's UTC date."""

    tag: VersionTag
    date: str
    commits: tuple[Commit, ...]


def render_past(snapshot: Snapshot, past: Sequence[PastRelease]) -> list[changelog.NewSection]:
    """A section for each past release, in the order given (newest first), rendered from its commits alone.

    Raises:
        InputError: the changelog, whose headings are the model, cannot be followed.
    """
    rules = next_version.rules_of(snapshot)
    document = changelog.parse_changelog(snapshot.changelog) if snapshot.changelog is not None else None
    reading = history.Reading(squash=snapshot.config.squash, overrides=snapshot.config.overrides, notes=snapshot.notes)
    order = tuple(snapshot.config.categories) or releases.CATEGORY_ORDER
    made = []
    for place, each in enumerate(past):
        previous = past[place + 1].tag.name if place + 1 < len(past) else ""
        entries = section.entries_of(history.select(each.commits, reading).changes, rules)
        _, parts = releases.merge((), entries, order=order)
        version = str(each.tag.version)
        release = releases.Release(
            version=version, tag=each.tag.name, date=each.date, previous_tag=previous, parts=parts
        )
        made.append(
            changelog.NewSection(
                version=version,
                text=section.render(release, document, snapshot.forge),
                links=_links(snapshot.forge, previous, each.tag.name),
                previous_tag=previous,
                tag=each.tag.name,
            )
        )
    return made


def plan_all(snapshot: Snapshot, past: Sequence[PastRelease]) -> str:
    """The whole document from history: every past release, newest first, in a new document.

    Raises:
        InputError: the sections do not make a document that can be read back.
    """
    return changelog.with_missing_sections(None, render_past(snapshot, past))


def plan_write_all(snapshot: Snapshot, past: Sequence[PastRelease]) -> Plan:
    """The changelog with a section for each past release that has none; every existing section stays.

    Raises:
        InputError: the changelog cannot be followed.
    """
    after = changelog.with_missing_sections(snapshot.changelog, render_past(snapshot, past))
    return _plan(snapshot, after)


def plan_write_coming(snapshot: Snapshot, decision: Decision) -> Plan:
    """The changelog with the coming entries under Unreleased; entries that it tells already are not told twice.

    Raises:
        InputError: the changelog cannot be followed.
    """
    text = snapshot.changelog
    rules = next_version.rules_of(snapshot)
    entries = section.entries_of(decision.newer.changes, rules)
    hand = [decision.unreleased] if decision.unreleased else []
    order = tuple(snapshot.config.categories) or releases.CATEGORY_ORDER
    _, parts = releases.merge(hand, entries, order=order)
    lines = {
        part.title: [section.render_entry(entry, snapshot.forge) for entry in part.entries]
        for part in parts
        if part.entries
    }
    return _plan(snapshot, _with_entries(text, lines, order))


def _with_entries(text: str | None, lines: Mapping[str, Sequence[str]], order: Sequence[str]) -> str:
    return changelog.with_unreleased_entries(text, lines, order) if lines else text or ""


def _plan(snapshot: Snapshot, after: str) -> Plan:
    path = snapshot.changelog_path
    if path is None or after == (snapshot.changelog or ""):
        return Plan()
    return Plan(actions=(WriteFile(path=path, before=snapshot.changelog, after=after),))


def _links(forge: Forge | None, previous: str, tag: str) -> changelog.CompareLinks | None:
    if forge is None:
        return None
    version = forge.compare_url(previous, tag) if previous else forge.tag_url(tag)
    return changelog.CompareLinks(unreleased=forge.compare_url(tag, "HEAD"), version=version)
