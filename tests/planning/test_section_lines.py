"""Sections by string work are those of the shipped template, which people copy to make their own."""

from __future__ import annotations

import itertools

from verbump.planning import section_lines, templates


def entry(*, is_breaking: bool, scope: str, notes: list[str], references: list[str]) -> dict[str, object]:
    return {
        "is_breaking": is_breaking,
        "scope": scope,
        "description": "Does {{ it }} %b",
        "notes": notes,
        "references": references,
        "sha": "a" * 40,
        "numbers": [],
    }


def test_string_work_is_the_template() -> None:
    intros = ((), ("one", "", "two"))
    lines = ((), ("- by hand",), ("text", ""))
    notes: tuple[list[str], ...] = ([], ["one"], ["one", "", "two"])
    references: tuple[list[str], ...] = ([], ["#1"], ["#1", "[abc](https://example.invalid/abc)"])
    for intro, hand, note, reference in itertools.product(intros, lines, notes, references):
        entries = [
            entry(is_breaking=True, scope="api", notes=note, references=reference),
            entry(is_breaking=False, scope="", notes=[], references=reference),
            entry(is_breaking=False, scope="x", notes=note, references=[]),
        ]
        parts = [
            {"title": "Added", "lines": hand, "entries": entries},
            {"title": "Fixed", "lines": hand, "entries": []},
        ]
        for parts_here in (parts, [], parts[1:]):
            data = {"mark": "##", "title": "[1.2.3]", "date": "2026-01-01", "intro": intro, "parts": parts_here}
            assert section_lines.render_section(data) == templates.render(templates.SECTION, data)
