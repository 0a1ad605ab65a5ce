"""A release's section: which entry a commit makes, which line tells it already, and how all of it is ordered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import changelog, history, releases
from verbump.domain.commits import Commit
from verbump.domain.releases import CategoryPart, Entry

SHA = "0123456789abcdef0123456789abcdef01234567"


def entry(message: str) -> Entry | None:
    (change,) = history.select([Commit(sha=SHA, parents=(), message=message)]).changes
    return releases.entry_of(change)


PLAIN = Entry(category="Fixed", description="A thing", sha=SHA)
MADE: list[tuple[str, Entry | None]] = [
    ("fix: a thing", PLAIN),
    ("fix(api): a thing", replace(PLAIN, scope="api")),
    ("feat!: a thing", replace(PLAIN, category="Added", is_breaking=True)),
    ("fix: a thing\n\nBREAKING CHANGE: it is gone", replace(PLAIN, is_breaking=True, notes=("it is gone",))),
    ("docs: a thing", None),
    ("docs!: a thing", replace(PLAIN, category="Changed", is_breaking=True)),
    ("fix: a thing\n\nChangelog: skip", None),
    ("fix: a thing\n\nChangelog: SKIP", None),
    ("fix: a thing\n\nChangelog: skipped", PLAIN),
    ("fix: x\n\nChangelog-Entry: a  thing\n in two lines", replace(PLAIN, description="A thing in two lines")),
    ("fix: a thing (#12)", replace(PLAIN, numbers=(12,))),
    ("fix: a thing (#12) (#13)", replace(PLAIN, numbers=(12, 13))),
    ("fix: a thing (o/r#12)", replace(PLAIN, numbers=(12,))),
    ("fix: a thing (#12) more", replace(PLAIN, description="A thing (#12) more")),
    ("fix: a thing (#12345678901)", replace(PLAIN, description="A thing (#12345678901)")),
    ("fix: a thing (#12)\n\nCloses #13\nFixes: #14\nRefs: #15", replace(PLAIN, numbers=(12, 13, 14))),
    ("fix: a thing (#12)\n\nFixes #12", replace(PLAIN, numbers=(12,))),
    ("fix: a thing\n\nResolves: https://f.org/o/r/issues/7", replace(PLAIN, numbers=(7,))),
    ("fix: iPhone works", replace(PLAIN, description="iPhone works")),
    ("fix: foo_bar() works", replace(PLAIN, description="foo_bar() works")),
    ("fix: a.toml works", replace(PLAIN, description="a.toml works")),
    ("fix: don't stop", replace(PLAIN, description="Don't stop")),
    ("fix: re-read, then stop", replace(PLAIN, description="Re-read, then stop")),
    ("fix: stop: now", replace(PLAIN, description="Stop: now")),
    ("fix: 2 things", replace(PLAIN, description="2 things")),
    ("fix: ßtraße", replace(PLAIN, description="ßtraße")),
    ("fix: über", replace(PLAIN, description="Über")),
]


@pytest.mark.parametrize(("message", "wanted"), MADE)
def test_entry_of(message: str, wanted: Entry | None) -> None:
    assert entry(message) == wanted


TOLD = Entry(category="Added", description="Streams of bytes", sha=SHA, numbers=(12,))
TELLING = [
    ("- anything (#12)", True),
    ("- anything (#123)", False),
    ("- anything #012", True),
    ("- anything https://f.org/o/r/pull/12", True),
    ("- anything https://f.org/o/r/-/merge_requests/12", True),
    ("- anything https://f.org/o/r/pulls/12", False),
    ("- anything (0123456)", True),
    ("- anything (012345)", False),
    ("- anything (01234567f)", False),
    (f"- anything {SHA}", True),
    ("- streams of bytes", True),
    ("- Streams, of *bytes*!", True),
    ("- **api:** Streams of bytes", True),
    ("- **Breaking:** Streams of bytes", True),
    ("- **breaking** streams of bytes", True),
    ("- Streams of bytes ([#99](https://x.y/99), [abcdef0](https://x.y/c))", True),
    ("- Streams of bits", False),
    ("- Streams of bytes and more", False),
]


@pytest.mark.parametrize(("line", "wanted"), TELLING)
def test_is_told_by_a_hand_written_line(line: str, wanted: bool) -> None:
    (section,) = changelog.parse_changelog(f"## Unreleased\n\n### Added\n\n{line}\n").sections
    (hand,) = section.categories[0].entries
    assert releases.is_told(TOLD, hand) is wanted


HAND = """\
## Unreleased

An introduction.

### Notes

- A note.

### fixed

- By hand.

Words.
"""


def merged(
    text: str, *entries: Entry, order: tuple[str, ...] = releases.CATEGORY_ORDER
) -> tuple[tuple[str, ...], tuple[CategoryPart, ...]]:
    return releases.merge(changelog.parse_changelog(text).sections, entries, order=order)


def numbered(place: int, category: str = "Fixed", *, is_breaking: bool = False) -> Entry:
    return Entry(category=category, description=f"Number {place}", sha=str(place) * 40, is_breaking=is_breaking)


def test_hand_written_first_then_breaking_then_oldest_first() -> None:
    entries = [numbered(1), numbered(2, is_breaking=True), numbered(3), numbered(4, is_breaking=True)]
    intro, parts = merged(HAND, *entries)
    assert intro == ("An introduction.",)
    assert [part.title for part in parts] == ["fixed", "Notes"]
    assert parts[0].lines == ("- By hand.", "", "Words.")
    assert [each.description[-1] for each in parts[0].entries] == ["2", "4", "1", "3"]
    assert parts[1] == CategoryPart(title="Notes", lines=("- A note.",))


def test_categories_in_their_order_which_spells_them_then_as_they_appear() -> None:
    entries = [numbered(place, title) for place, title in enumerate(("Zeta", "Fixed", "added", "Alpha"))]
    assert [part.title for part in merged("", *entries)[1]] == ["Added", "Fixed", "Zeta", "Alpha"]
    assert [part.title for part in merged("", *entries, order=("alpha", "zeta"))[1]] == [
        *("alpha", "zeta", "Fixed", "added")
    ]


def test_what_is_told_by_hand_is_told_once() -> None:
    assert merged("## Unreleased\n\n### Added\n\n- number 1\n", numbered(1))[1] == (
        CategoryPart(title="Added", lines=("- number 1",)),
    )


def test_sections_of_candidates_are_joined() -> None:
    text = (
        "## [1.0.0-rc.1] - 2026-01-01\n\nFirst.\n\n### Fixed\n\n- a\n\n"
        "## [1.0.0-rc.2] - 2026-01-02\n\nSecond.\n\n### Fixed\n\n- b\n\n"
        "## [1.0.0-rc.3] - 2026-01-03\n\n### Fixed\n\nWords.\n\n### Empty\n"
    )
    intro, parts = merged(text)
    assert intro == ("First.", "", "Second.")
    assert parts == (CategoryPart(title="Fixed", lines=("- a", "- b", "", "Words.")),)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        *(((), True), (("- x",), True), (("* x",), True), (("+ x",), True), (("  x",), True), (("\tx",), True)),
        *((("x",), False), (("- x", "x"), False), (("-x",), False), (("x", "- x"), True)),
    ],
)
def test_is_list(lines: tuple[str, ...], wanted: bool) -> None:
    assert releases.is_list(lines) is wanted


@given(st.text(max_size=60))
def test_a_description_keeps_its_words(text: str) -> None:
    made = entry(f"fix: a{text}")
    assert made is not None
    header = f"a{text}".split("\n")[0].removesuffix("\r")
    if not made.numbers:
        assert made.description.casefold() == " ".join(header.split()).casefold()
