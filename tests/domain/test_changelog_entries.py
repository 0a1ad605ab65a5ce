"""Entries under Unreleased, and sections of past releases in their places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.changelogs.shapes import BASE, LINKS, SHAPES, crlf
from verbump.domain import changelog
from verbump.domain.changelog import CompareLinks, NewSection
from verbump.errors import InputError

ORDER = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Performance")
TAIL = "\n## [1.0.0] - 2020-01-01\n"

ENTRIES = [
    pytest.param(
        f"## [Unreleased]\n\n### Added\n\n- a\n{TAIL}",
        {"Added": ["- b"]},
        f"## [Unreleased]\n\n### Added\n\n- a\n- b\n{TAIL}",
        id="goes on with the list",
    ),
    pytest.param(
        f"## [Unreleased]\n\n### ADDED\n\n- a\n\n  more\n{TAIL}",
        {"Added": ["- b\n  two", "- c"]},
        f"## [Unreleased]\n\n### ADDED\n\n- a\n\n  more\n- b\n  two\n- c\n{TAIL}",
        id="several lines, a heading in capitals",
    ),
    pytest.param(
        f"## [Unreleased]\n\n### Added\n\nProse.\n{TAIL}",
        {"Added": ["- b"]},
        f"## [Unreleased]\n\n### Added\n\nProse.\n\n- b\n{TAIL}",
        id="after prose",
    ),
    pytest.param(
        f"## [Unreleased]\n\n### Added\n\n<details>\nx\n</details>\n{TAIL}",
        {"Added": ["- b"]},
        f"## [Unreleased]\n\n### Added\n\n<details>\nx\n</details>\n\n- b\n{TAIL}",
        id="after HTML, which would swallow it",
    ),
    pytest.param(
        f"## [Unreleased]\n{TAIL}",
        {"Fixed": ["- f"], "Added": ["- a"]},
        f"## [Unreleased]\n\n### Added\n\n- a\n\n### Fixed\n\n- f\n{TAIL}",
        id="new categories in order",
    ),
    pytest.param(
        f"## [Unreleased]\n### Fixed\n- f{TAIL}",
        {"Own": ["- o"], "Changed": ["- c"]},
        f"## [Unreleased]\n\n### Changed\n\n- c\n\n### Fixed\n- f\n\n### Own\n\n- o\n{TAIL}",
        id="between, and an unknown one last",
    ),
    pytest.param(
        f"## [Unreleased]\n\n### Added\n<!-- guide -->\n\n### Fixed\n{TAIL}",
        {"Added": ["- a"], "Fixed": ["- f"]},
        f"## [Unreleased]\n\n### Added\n<!-- guide -->\n\n- a\n\n### Fixed\n\n- f\n{TAIL}",
        id="empty categories with a guide",
    ),
    pytest.param(
        "## [1.0.0] - 2020-01-01\n",
        {"Added": ["- a"]},
        "## [Unreleased]\n\n### Added\n\n- a\n\n## [1.0.0] - 2020-01-01\n",
        id="no unreleased yet",
    ),
    pytest.param(
        "# v1.0.0\n\n### Fixed\n\n- x\n",
        {"Added": ["- a"]},
        "# Unreleased\n\n### Added\n\n- a\n\n# v1.0.0\n\n### Fixed\n\n- x\n",
        id="no unreleased yet, in the file's style",
    ),
    pytest.param(
        "## [Unreleased]\n\n### Added\n\n- a\n\n[#1]: u\n\n---\n",
        {"Added": ["- b"]},
        "## [Unreleased]\n\n### Added\n\n- a\n- b\n\n[#1]: u\n\n---\n",
        id="definitions and rules below",
    ),
    pytest.param(
        "\ufeff## Unreleased\r\n- x",
        {"Added": ["- a"]},
        "\ufeff## Unreleased\r\n- x\r\n\r\n### Added\r\n\r\n- a",
        id="bom, crlf, no final newline",
    ),
    pytest.param(BASE, {"Added": []}, BASE, id="nothing"),
]


@pytest.mark.parametrize(("text", "entries", "expected"), ENTRIES)
def test_entries_exactly(text: str, entries: dict[str, list[str]], expected: str) -> None:
    if not text.endswith(("\n", "x")):
        text, expected = text + "\n", expected + "\n"
    assert changelog.with_unreleased_entries(text, entries, ORDER) == expected


@pytest.mark.parametrize("name", SHAPES)
def test_entries_into_any_shape(name: str) -> None:
    text = SHAPES[name]
    edited = changelog.with_unreleased_entries(text, {"Fixed": ["- F ([abc1234](u))"], "Security": ["- S"]}, ORDER)
    before, after = changelog.parse_changelog(text), changelog.parse_changelog(edited)
    assert after.unreleased is not None
    found = [entry.text for each in after.unreleased.categories for entry in each.entries]
    old = [entry.text for each in before.unreleased.categories for entry in each.entries] if before.unreleased else []
    assert sorted(found) == sorted([*old, "F ([abc1234](u))", "S"])
    assert [each.categories for each in after.sections if each.version] == [
        each.categories for each in before.sections if each.version
    ]
    rest = iter(edited.removeprefix("\ufeff").split("\n"))
    assert all(line in rest for line in text.removeprefix("\ufeff").split("\n")[:-1])


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_entries_into_a_new_document(text: str | None) -> None:
    edited = changelog.with_unreleased_entries(text, {"Added": ["- a"]}, ORDER)
    assert edited.startswith("# Changelog\n")
    assert edited.endswith("\n## [Unreleased]\n\n### Added\n\n- a\n")


def test_entries_that_would_swallow_the_rest_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        changelog.with_unreleased_entries(BASE, {"Added": ["- a\n\n<!-- b"]}, ORDER)
    assert caught.value.code == "changelog-not-proved"
    with pytest.raises(InputError) as caught:
        changelog.with_unreleased_entries("text\n", {"Added": ["- a"]}, ORDER)
    assert caught.value.code == "changelog-no-heading"


@given(
    st.dictionaries(st.sampled_from([*ORDER, "Own"]), st.lists(st.sampled_from(["- a", "- b\n  c"]), max_size=2)),
    st.lists(st.sampled_from(["### Added", "### Fixed", "- x", "", "Words.", "<!-- g -->", "[#1]: u"]), max_size=8),
)
@settings(max_examples=max(100, settings().max_examples))
def test_entries_are_added_and_nothing_else_changes(entries: dict[str, list[str]], lines: list[str]) -> None:
    text = "\n".join(["## [Unreleased]", *lines, "", "## [1.0.0]", "", "- old", ""])
    edited = changelog.with_unreleased_entries(text, entries, ORDER)
    rest = iter(edited.split("\n"))
    assert all(line in rest for line in text.split("\n"))
    added = sorted(line for each in entries.values() for entry in each for line in entry.split("\n"))
    old, new = sorted(text.split()), sorted(edited.split())
    assert len(new) - len(old) >= sum(len(line.split()) for line in added)


def past(version: str, previous: str = "") -> NewSection:
    base = "https://f.org/o/r"
    tag, before = f"v{version}", f"v{previous}"
    return NewSection(
        version=version,
        text=f"## [{version}] - 2019-01-01\n\n### Fixed\n\n- From {version}\n",
        links=CompareLinks(
            unreleased=f"{base}/compare/{tag}...HEAD",
            version=f"{base}/compare/{before}...{tag}" if previous else f"{base}/releases/tag/{tag}",
        ),
        previous_tag=before if previous else "",
        tag=tag,
    )


PAST = [past("1.1.0", "1.0.0"), past("1.0.0", "0.9.0"), past("0.9.0", "0.8.0"), past("0.8.0")]


def body(version: str) -> str:
    return f"## [{version}] - 2019-01-01\n\n### Fixed\n\n- From {version}\n"


def test_missing_sections_of_an_empty_file() -> None:
    edited = changelog.with_missing_sections(None, PAST)
    assert edited.endswith(
        "## [Unreleased]\n\n"
        + "\n".join(body(each) for each in ("1.1.0", "1.0.0", "0.9.0", "0.8.0"))
        + "\n[Unreleased]: https://f.org/o/r/compare/v1.1.0...HEAD\n"
        "[1.1.0]: https://f.org/o/r/compare/v1.0.0...v1.1.0\n"
        "[1.0.0]: https://f.org/o/r/compare/v0.9.0...v1.0.0\n"
        "[0.9.0]: https://f.org/o/r/compare/v0.8.0...v0.9.0\n"
        "[0.8.0]: https://f.org/o/r/releases/tag/v0.8.0\n"
    )
    assert changelog.with_missing_sections(edited, PAST) == edited
    assert changelog.with_missing_sections(BASE, []) == BASE


def test_missing_sections_around_what_is_there() -> None:
    edited = changelog.with_missing_sections(BASE + LINKS, PAST)
    github = "https://github.com/o/r"
    assert edited == (
        BASE.replace("## [1.0.0]", body("1.1.0") + "\n## [1.0.0]")
        + f"\n{body('0.9.0')}\n{body('0.8.0')}"
        + f"\n[Unreleased]: {github}/compare/v1.1.0...HEAD\n[1.1.0]: {github}/compare/v1.0.0...v1.1.0\n"
        f"[1.0.0]: {github}/releases/tag/v1.0.0\n[0.9.0]: {github}/compare/v0.8.0...v0.9.0\n"
        "[0.8.0]: https://f.org/o/r/releases/tag/v0.8.0\n"
    )


def test_missing_sections_beside_versions_that_have_no_tag() -> None:
    text = "## [2.0.0]\n\n- two\n\n## [1.0.0]\n\n- one\n\n## [0.0.1]\n\n- untagged\n"
    edited = changelog.with_missing_sections(text, PAST)
    versions = [section.version for section in changelog.parse_changelog(edited).sections]
    assert versions == ["2.0.0", "1.1.0", "1.0.0", "0.9.0", "0.8.0", "0.0.1"]


@pytest.mark.parametrize("unreleased", ["", "## [Unreleased]\n\n- new\n\n"])
def test_missing_sections_below_newer_versions_that_have_no_tag(unreleased: str) -> None:
    text = f"{unreleased}## [3.0.0]\n\n- three\n\n## [v2.0.0]\n\n- two\n\n## [1.0.5]\n\n- five\n"
    edited = changelog.with_missing_sections(text, PAST[:2])
    versions = [section.version for section in changelog.parse_changelog(edited).sections if section.version]
    assert versions == ["3.0.0", "2.0.0", "1.1.0", "1.0.5", "1.0.0"]
    assert edited.startswith(text[: text.index("## [1.0.5]")])


def sections(*versions: str) -> str:
    return "".join(f"## [{each}] - 2019-01-01\n\n- {each}\n\n" for each in versions)


FORGE = "https://f.org/o/r"
NEWEST = f"[1.1.0]: {FORGE}/compare/v1.0.0...v1.1.0"
SECOND = f"[1.0.0]: {FORGE}/compare/v0.9.0...v1.0.0"
DEFINED = [
    pytest.param(
        sections("3.0.0"),
        [f"[3.0.0]: {FORGE}/releases/tag/v3.0.0", f"[#7]: {FORGE}/issues/7"],
        [f"[3.0.0]: {FORGE}/releases/tag/v3.0.0", NEWEST, SECOND, f"[#7]: {FORGE}/issues/7"],
        id="no older one is there: after the last of a version",
    ),
    pytest.param(
        sections("2.0.0", "1.0.0"),
        [f"[2.0.0]: {FORGE}/compare/v1.0.0...v2.0.0", f"[1.0.0]: {FORGE}/releases/tag/v1.0.0"],
        [f"[2.0.0]: {FORGE}/compare/v1.0.0...v2.0.0", NEWEST, f"[1.0.0]: {FORGE}/releases/tag/v1.0.0"],
        id="above the next older one",
    ),
    pytest.param(
        "## [Unreleased]\n\n" + sections("1.1.0"),
        [f"[Unreleased]: {FORGE}/compare/v1.1.0...HEAD"],
        [f"[Unreleased]: {FORGE}/compare/v1.1.0...HEAD", SECOND],
        id="Unreleased stays where the newest is there",
    ),
    pytest.param(
        "## [Unreleased]\n\n" + sections("1.0.0"),
        [f"[Unreleased]: {FORGE}/compare/v1.0.0...HEAD"],
        [f"[Unreleased]: {FORGE}/compare/v1.1.0...HEAD", NEWEST],
        id="Unreleased is led on where it is not; a section without a definition gets none",
    ),
    pytest.param(
        "## [Unreleased]\n\n" + sections("2.0.0"),
        [f"[Unreleased]: {FORGE}/compare/v2.0.0...HEAD", f"[2.0.0]: {FORGE}/compare/v1.1.0...v2.0.0"],
        [f"[Unreleased]: {FORGE}/compare/v2.0.0...HEAD", f"[2.0.0]: {FORGE}/compare/v1.1.0...v2.0.0", NEWEST, SECOND],
        id="Unreleased is never led back: the newest has no tag",
    ),
    pytest.param(
        sections("1.1.0"),
        [NEWEST, f"[1.0.0]: {FORGE}/releases/tag/v1.0.0"],
        [NEWEST, f"[1.0.0]: {FORGE}/releases/tag/v1.0.0"],
        id="a definition that waits for its section is not made again",
    ),
]


@pytest.mark.parametrize(("text", "before", "after"), DEFINED)
def test_definitions_of_missing_sections(text: str, before: list[str], after: list[str]) -> None:
    edited = changelog.with_missing_sections(text + "\n".join([*before, ""]), PAST[:2])
    assert edited.partition("\n[")[2].split("\n") == "\n".join([*after, ""]).removeprefix("[").split("\n")


def test_definitions_are_called_as_the_file_calls_them() -> None:
    bare = [replace(each, text=each.text.replace("[", "").replace("]", "")) for each in PAST[:2]]
    defined = f"[v1.0.0]: {FORGE}/releases/tag/v1.0.0\n"
    edited = changelog.with_missing_sections(f"## 1.0.0 - 2019-01-01\n\n- one\n\n{defined}", bare)
    assert edited.endswith(f"- one\n\n[v1.1.0]: {FORGE}/compare/v1.0.0...v1.1.0\n{defined}")


def test_a_section_without_an_address_gets_no_definition() -> None:
    text = f"{sections('1.0.0')}[1.0.0]: {FORGE}/releases/tag/v1.0.0\n"
    edited = changelog.with_missing_sections(text, [PAST[1], replace(PAST[3], links=None)])
    assert edited == f"{sections('1.0.0')}{body('0.8.0')}\n[1.0.0]: {FORGE}/releases/tag/v1.0.0\n"


@pytest.mark.parametrize("name", SHAPES)
def test_missing_sections_into_any_shape(name: str) -> None:
    text = SHAPES[name]
    made = [past("8.0.0", "7.0.0"), past("7.0.0", "0.0.2"), past("0.0.2", "0.0.1"), past("0.0.1")]
    edited = changelog.with_missing_sections(text, made)
    before, after = changelog.parse_changelog(text), changelog.parse_changelog(edited)
    assert {each.version for each in after.sections} == {each.version for each in before.sections} | {
        each.version for each in made
    }
    new = {each.version for each in made}
    kept = [(each.title, each.intro, each.categories) for each in after.sections if each.version not in new]
    assert [(each[0].split("(http")[0], *each[1:]) for each in kept] == [
        (each.title.split("(http")[0], each.intro, each.categories) for each in before.sections
    ]


def test_missing_sections_keep_line_ends() -> None:
    assert changelog.with_missing_sections(crlf(BASE + LINKS), PAST) == crlf(
        changelog.with_missing_sections(BASE + LINKS, PAST)
    )
