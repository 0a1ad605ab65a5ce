"""Release notes as Markdown: of a released version from the changelog, of the coming one from the plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.domain import changelog
from verbump.errors import InputError, Problem, Refused
from verbump.planning import coming, notes_tail, release, section, section_lines, templates
from verbump.planning.notes_tail import Extras

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Snapshot

NO_EXTRAS = Extras()
_FENCES = ("```", "~~~")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def render_coming(snapshot: Snapshot, decision: Decision, extras: Extras = NO_EXTRAS) -> str:
    """The notes of the version that `decision` makes: the section that `release` would write, without its heading.

    Raises:
        Refused: a template of the user's cannot be rendered.
    """
    document, _ = coming.parse_changelog(snapshot)
    text = release.render_section(snapshot, decision, document)
    data = {
        "version": str(decision.version),
        "tag": decision.tag,
        "previous_tag": find_previous(snapshot, decision),
        "date": snapshot.today,
    }
    return _finished(snapshot, _without_heading(text), data, extras)


def render_released(snapshot: Snapshot, name: str, extras: Extras = NO_EXTRAS) -> str:
    """The notes of a released version: its changelog section, hand edits included. `name` is a version or a tag.

    Raises:
        Refused: the changelog has no such section, or cannot be followed; a template cannot be rendered.
    """
    version = find_version(snapshot, name)
    text = snapshot.changelog
    if text is None:
        where = snapshot.config.changelog or "the configuration (changelog = false)"
        raise _unknown(f"there is no changelog at {where}", name)
    try:
        found = changelog.parse_changelog(text).section(version)
    except InputError as error:
        raise Refused([error.at(snapshot.config.changelog).as_problem()]) from error
    if found is None:
        raise _unknown(f"{snapshot.config.changelog} has no section for {version}", name)
    own, previous = find_tags(snapshot, version)
    data = {
        "version": version,
        "tag": own or name,
        "previous_tag": previous,
        "date": found.date,
    }
    return _finished(snapshot, found.body, data, extras)


def find_version(snapshot: Snapshot, name: str) -> str:
    """The version that somebody means by `name`: itself, or a tag of it."""
    tagged = snapshot.tag_format.version(name)
    return str(tagged) if tagged is not None else name.removeprefix("v")


def find_tags(snapshot: Snapshot, name: str) -> tuple[str, str]:
    """The tag of a released version (or tag), and that of the version before it; "" for each that there is not.

    Before a final version comes the last final one, as its section tells what its candidates did too.
    """
    own = next((tag for tag in snapshot.tags if name in {str(tag.version), tag.name}), None)
    if own is None:
        return "", ""
    is_final = not own.version.prerelease
    before = (tag for tag in snapshot.tags if tag.version < own.version and not (is_final and tag.version.prerelease))
    previous = max(before, key=lambda tag: tag.version, default=None)
    return own.name, previous.name if previous else ""


def find_previous(snapshot: Snapshot, decision: Decision) -> str:
    """The tag before the coming version: of a final one the last final tag, "" where there is none."""
    is_candidate = decision.version is not None and bool(decision.version.prerelease)
    previous = decision.current if is_candidate else snapshot.last_final()
    return previous.name if previous else ""


def _unknown(reason: str, name: str) -> Refused:
    hint = "`verbump notes` without a version: the coming release"
    return Refused([Problem(code="version-unknown", message=f"no notes for {name}: {reason}", hint=hint)])


def _without_heading(text: str) -> str:
    return text.split("\n", 1)[1].strip("\n") + "\n" if "\n" in text else ""


def _finished(snapshot: Snapshot, body: str, data: Mapping[str, object], extras: Extras) -> str:
    """The body and what follows it, or the user's template if there is one; with one line end, within the limit."""
    tag, limit = str(data["tag"]), snapshot.config.notes.max_length
    compared = notes_tail.compare_url(snapshot, str(data["previous_tag"]), tag)
    tail = notes_tail.render_tail(extras, compared)
    if snapshot.templates is not None and templates.NOTES in snapshot.templates.names:
        item = {**data, "body": body.strip("\n"), **notes_tail.extras_data(extras, compared)}
        (body,) = snapshot.templates.render(templates.NOTES, [item])
        tail = ""
    link, path = "", snapshot.config.changelog
    if snapshot.forge is not None and tag and path:
        link = f"[{path}]({snapshot.forge.file_url(tag, path)})"
    whole = body.strip("\n") + "\n" if body.strip() else ""
    if not tail or units(tail) > limit // 2:
        return cut(_joined(whole, tail), limit, link)
    return _joined(cut(whole, limit - units(tail) - 1, link), tail)


def _joined(body: str, tail: str) -> str:
    return f"{body}\n{tail}" if body and tail else body or tail


def cut(text: str, limit: int, link: str = "") -> str:
    """The text within `limit` UTF-16 units: cut between entries, fences closed, with a line that says so.

    Source: GitHub counts a release body's length so, and takes 125,000.
    """
    if units(text) <= limit:
        return text
    rest = f"\n… cut here: the full text is in {link or 'the changelog'}.\n"
    room = limit - units(rest)
    kept: list[str] = []
    used, fence = 0, ""
    for entry in _entries(text):
        used, after = used + units(entry), _open_fence(entry, fence)
        if used + len(after) + 1 > room:  # closing it takes a line
            break
        kept.append(entry)
        fence = after
    return "".join(kept) + (f"{fence}\n" if fence else "") + rest


def units(text: str) -> int:
    """The length in UTF-16 code units."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def _entries(text: str) -> Iterator[str]:
    """The text in pieces between which it may be cut: a top-level bullet with what belongs to it, or one line."""
    piece = ""
    for line in _LINE.findall(text):  # splitlines would also split at U+2028 and its kin
        if piece and not line.startswith((" ", "\t")) and line.strip():
            yield piece
            piece = ""
        piece += line
    if piece:
        yield piece


def _open_fence(text: str, fence: str) -> str:
    """The mark that closes a fence left open at the end, or ""; `fence` is that of the text before."""
    for line in text.split("\n"):
        bare = line.strip()
        if not fence and bare.startswith(_FENCES):
            fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
        elif fence and bare.startswith(fence) and not bare.strip(fence[0]):
            fence = ""
    return fence


def section_data(snapshot: Snapshot, decision: Decision) -> dict[str, object]:
    """The coming section as JSON data: version, tag, date, categories with their lines and entries."""
    document, _ = coming.parse_changelog(snapshot)
    made = section.release_of(snapshot, decision, document)
    return {
        "version": made.version,
        "tag": made.tag,
        "date": made.date,
        "categories": [
            {
                "title": part.title,
                "lines": list(part.lines),
                "entries": [section_lines.entry_data(entry, snapshot.forge) for entry in part.entries],
            }
            for part in made.parts
        ],
    }
