"""`verbump changelog`: the coming entries under Unreleased, or every release of the history as a section."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.domain import changelog, history, releases
from verbump.errors import InputError
from verbump.planning import section, section_lines
from verbump.planning.actions import Plan, WriteFile
from verbump.planning.reading import reading_of
from verbump.planning.whole_document import Style

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
        Refused: the user's template cannot be rendered.
    """
    document = changelog.parse_changelog(snapshot.changelog) if snapshot.changelog is not None else None
    reading = reading_of(snapshot)
    order = section.order_of(snapshot)
    made = []
    for place, each in enumerate(past):
        previous = _previous(past, place)
        entries = section.entries_of(history.select(each.commits, reading).changes)
        _, parts = releases.merge((), entries, order=order)
        version, tag = str(each.tag.version), each.tag.name
        made.append(releases.Release(version=version, tag=tag, date=each.date, previous_tag=previous, parts=parts))
    return [
        changelog.NewSection(
            version=release.version,
            text=text,
            links=_links(snapshot.forge, release.previous_tag, release.tag),
            previous_tag=release.previous_tag,
            tag=release.tag,
        )
        for release, text in zip(made, section.render_each(snapshot, made, document), strict=True)
    ]


def style_of(snapshot: Snapshot) -> Style | None:
    """How the document of the whole history is written; None where only `render_past` can tell what is in it.

    Raises:
        InputError: the changelog, whose headings are the model, cannot be followed.
    """
    config = snapshot.config
    corrected = snapshot.notes or config.overrides
    is_filtered = config.include or config.exclude
    is_own = snapshot.rules is None and config.compat is None and config.squash == "title"
    if snapshot.templates is not None or corrected or is_filtered or not is_own:
        return None
    document = changelog.parse_changelog(snapshot.changelog) if snapshot.changelog is not None else None
    order, forge = section.order_of(snapshot), snapshot.forge
    if document is None:
        return Style(order, forge)
    return Style(order, forge, is_bracketed=document.bracketed, has_v=document.v_prefix)


def _previous(past: Sequence[PastRelease], place: int) -> str:
    return past[place + 1].tag.name if place + 1 < len(past) else ""


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
        InputError: the changelog cannot be followed, or the user's template makes no entries that could stand there.
        Refused: the user's template cannot be rendered.
    """
    text = snapshot.changelog
    entries = section.entries_of(decision.newer.changes)
    hand = [decision.unreleased] if decision.unreleased else []
    order = section.order_of(snapshot)
    _, parts = releases.merge(hand, entries, order=order)
    derived = tuple(replace(part, lines=()) for part in parts if part.entries)
    lines = _render_entries(snapshot, decision, derived) if derived else {}
    return _plan(snapshot, _with_entries(text, lines, order))


def _render_entries(
    snapshot: Snapshot, decision: Decision, parts: tuple[releases.CategoryPart, ...]
) -> Mapping[str, Sequence[str]]:
    """The entries as they stand in a rendered section, by the category that they stand in there.

    Raises:
        InputError: an entry is not to be found again, so that the release would tell it twice.
    """
    release = releases.Release(
        version=str(decision.version), tag=decision.tag, date=snapshot.today, parts=parts,
        previous_tag=decision.current.name if decision.current else "",
    )  # fmt: skip
    (made,) = changelog.parse_changelog(section.render(snapshot, release, None)).sections
    hand = [entry for category in made.categories for entry in category.entries]
    for entry in (entry for part in parts for entry in part.entries):
        if not any(releases.is_told(entry, known) for known in hand):
            message = f"the template makes no entry that names {entry.sha[: section_lines.SHORT_SHA]}"
            hint = "let it make a list item under a category heading, with {{ entry.references | join(', ') }}"
            raise InputError(message, hint=hint, code="template-without-entries")
    return {each.title: ["\n".join(entry.lines) for entry in each.entries] for each in made.categories}


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
