"""A section by plain string work: what `changelog.md.j2` makes of the same data, at a tenth of its price.

A test holds the two against each other. A user's template is rendered by jinja2, as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbump.domain import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.domain import releases
    from verbump.domain.forge import Forge

SHORT_SHA = 7


def render_section(data: Mapping[str, Any]) -> str:
    """The section that `planning.section.template_data` describes."""
    return "".join(f"{line}\n" for line in _lines(data))


def entry_data(entry: releases.Entry, forge: Forge | None) -> dict[str, object]:
    """What a template may know of an entry: every text of a commit is already escaped for Markdown."""
    references = [f"[#{number}]({forge.issue_url(number)})" if forge else f"#{number}" for number in entry.numbers]
    short = entry.sha[:SHORT_SHA]
    if short:
        references.append(f"[{short}]({forge.commit_url(entry.sha)})" if forge else short)
    notes = "\n\n".join(entry.notes)
    return {
        "is_breaking": entry.is_breaking,
        "scope": escape.for_markdown(entry.scope) if entry.scope else "",
        "description": escape.for_markdown(entry.description),
        "notes": escape.for_markdown_block(notes).split("\n") if notes else [],
        "references": references,
        "sha": entry.sha,
        "numbers": list(entry.numbers),
    }


def entry_lines(entry: Mapping[str, Any]) -> list[str]:
    """The lines of an entry that `entry_data` describes."""
    breaking = "**Breaking:** " if entry["is_breaking"] else ""
    scope = f"**{entry['scope']}:** " if entry["scope"] else ""
    references = f" ({', '.join(entry['references'])})" if entry["references"] else ""
    first = f"- {breaking}{scope}{entry['description']}{references}"
    return [first, *(f"  {line}" if line else "" for line in entry["notes"])]


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    yield f"{data['mark']} {data['title']} - {data['date']}"
    if data["intro"]:
        yield ""
        yield from data["intro"]
    for part in data["parts"]:
        yield from ("", f"{data['mark']}# {part['title']}", "")
        yield from part["lines"]
        for entry in part["entries"]:
            yield from entry_lines(entry)
