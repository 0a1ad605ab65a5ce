"""A release is spliced into a changelog; nothing else changes, whatever the file looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from domain.changelog_shapes import BASE, LINKS, SHAPES
from verbump.domain import changelog
from verbump.domain.changelog import CompareLinks, NewSection
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

LINES = "### Added\n\n- A stream.\n- New ([abc1234](x))\n"


def section(heading: str = "[1.1.0]", *, level: int = 2, links: bool = False) -> NewSection:
    return NewSection(
        version="1.1.0",
        text=f"{'#' * level} {heading} - 2026-11-23\n\n{LINES[2 - level :]}",
        links=CompareLinks(unreleased="https://f/compare/v1.1.0...HEAD", version="https://f/compare/v1.0.0...v1.1.0")
        if links
        else None,
        previous_tag="v1.0.0",
        tag="v1.1.0",
    )


def is_subsequence(wanted: Sequence[str], lines: Sequence[str]) -> bool:
    rest = iter(lines)
    return all(any(line == each for each in rest) for line in wanted)


@pytest.mark.parametrize("name", SHAPES)
def test_every_line_outside_unreleased_stays_in_order(name: str) -> None:
    text = SHAPES[name]
    document = changelog.parse_changelog(text)
    first, last = document.unreleased.content if document.unreleased else (0, 0)
    definitions = {each.line for each in document.outline.definitions if each.label.casefold() == "unreleased"}
    raw = text.removeprefix("\ufeff").split("\n")
    kept = [line for index, line in enumerate(raw) if not first <= index < last and index not in definitions]

    edited = changelog.with_release(text, section(level=document.level))

    lines = edited.removeprefix("\ufeff").split("\n")
    assert is_subsequence([line.removesuffix("\r") for line in kept], [line.removesuffix("\r") for line in lines])
    assert is_subsequence([line for line in kept[:-1] if "\r" in line or line.strip()], lines)
    assert edited.endswith("\n") == text.endswith("\n")
    assert edited.startswith("\ufeff") == text.startswith("\ufeff")


@pytest.mark.parametrize("name", SHAPES)
def test_new_section_reads_back_and_unreleased_is_empty(name: str) -> None:
    before = changelog.parse_changelog(SHAPES[name])
    edited = changelog.with_release(SHAPES[name], section(level=before.level))
    after = changelog.parse_changelog(edited)

    new = after.section("1.1.0")
    assert new is not None
    assert new.date == "2026-11-23"
    assert [entry.text for entry in new.categories[0].entries] == ["A stream.", "New ([abc1234](x))"]
    assert (after.unreleased is None) == (before.unreleased is None)
    if after.unreleased is not None:
        assert after.unreleased.categories == ()
        assert after.sections.index(after.unreleased) == 0
    for old in before.sections:
        if old.version:
            again = after.section(old.version)
            assert again is not None
            assert again.body == old.body


@pytest.mark.parametrize("name", SHAPES)
def test_undoing_the_splice_gives_the_original(name: str) -> None:
    """What the release put in, taken out again by hand: the lines of the section and its link definition."""
    text = SHAPES[name]
    document = changelog.parse_changelog(text)
    moved = document.lines[slice(*document.unreleased.content)] if document.unreleased else ()
    edited = changelog.with_release(text, section(level=document.level))
    after = changelog.parse_changelog(edited)
    new = after.section("1.1.0")
    assert new is not None
    raw = edited.removeprefix("\ufeff").split("\n")
    gone = {each.line for each in after.outline.definitions if each.label == "1.1.0"}
    restored = [line for index, line in enumerate(raw) if not new.start <= index < new.content[1] and index not in gone]
    old = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
    for each in document.outline.definitions:
        if each.label.casefold() == "unreleased":
            restored = [
                line if not line.lstrip().casefold().startswith("[unreleased]:") else old[each.line]
                for line in restored
            ]
    shown = [line.removesuffix("\r") for line in restored if line.strip()]
    expected = [line for line in old if line.strip()]
    for line in moved:
        if line.strip():
            expected.remove(line)
    assert shown == expected


@pytest.mark.parametrize("name", [name for name in SHAPES if "front matter" not in name])
def test_outline_agrees_with_commonmark(name: str) -> None:
    text = SHAPES[name].removeprefix("\ufeff")
    tokens = MarkdownIt("commonmark").parse(text.replace("\r\n", "\n"))
    wanted = [
        (int(token.tag[1]), token.map[0])
        for token in tokens
        if token.type == "heading_open" and token.level == 0 and token.map
    ]

    found = changelog.parse_changelog(SHAPES[name]).outline.headings

    assert [(each.level, each.start) for each in found] == wanted


@pytest.mark.parametrize("text", [None, "", "\n\n", "\ufeff"])
def test_new_document(text: str | None) -> None:
    edited = changelog.with_release(text, section(links=True))

    document = changelog.parse_changelog(edited)
    assert [each.title for each in document.sections] == ["[Unreleased]", "[1.1.0] - 2026-11-23"]
    assert edited.endswith(
        "[Unreleased]: https://f/compare/v1.1.0...HEAD\n[1.1.0]: https://f/compare/v1.0.0...v1.1.0\n"
    )


REFUSED = [
    pytest.param("Just text.\n", "changelog-no-heading", 1, id="text without headings"),
    pytest.param("# Changelog\n\nText.\n", "changelog-no-heading", 1, id="only a title"),
    pytest.param(BASE + "\n```\ncode\n", "changelog-unclosed-fence", 17, id="fence never closed"),
    pytest.param(BASE + "\n<!-- x\n", "changelog-unclosed-comment", 17, id="comment never closed"),
    pytest.param(BASE + "\n## [1.0.0] - 2025-01-01\n", "changelog-duplicate", 17, id="version twice"),
    pytest.param(BASE + "\n## Unreleased\n", "changelog-duplicate", 17, id="unreleased twice"),
    pytest.param(BASE.replace("1.0.0", "1.1.0"), "changelog-version-exists", 11, id="the version already there"),
]


@pytest.mark.parametrize(("text", "code", "line"), REFUSED)
def test_what_cannot_be_followed_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        changelog.with_release(text, section())
    assert (caught.value.code, caught.value.line) == (code, line)


def definitions(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n") if line.startswith("[") and "]: " in line]


def test_compare_links_move_on_in_their_own_style() -> None:
    assert definitions(changelog.with_release(BASE + LINKS, section())) == [
        "[Unreleased]: https://github.com/o/r/compare/v1.1.0...HEAD",
        "[1.1.0]: https://github.com/o/r/compare/v1.0.0...v1.1.0",
        "[1.0.0]: https://github.com/o/r/releases/tag/v1.0.0",
    ]


def test_compare_links_without_v_stay_without_v() -> None:
    text = BASE + LINKS.replace("v1.0.0", "1.0.0").replace("HEAD", "main")
    assert definitions(changelog.with_release(text, section()))[:2] == [
        "[Unreleased]: https://github.com/o/r/compare/1.1.0...main",
        "[1.1.0]: https://github.com/o/r/compare/1.0.0...1.1.0",
    ]


def test_turned_compare_links() -> None:
    edited = changelog.with_release(SHAPES["bitbucket links"], section())
    assert definitions(edited) == [
        "[Unreleased]: https://bitbucket.org/o/r/branches/compare/HEAD..v1.1.0",
        "[1.1.0]: https://bitbucket.org/o/r/branches/compare/v1.1.0..v1.0.0",
    ]


def test_links_only_where_the_file_or_the_forge_has_them() -> None:
    assert definitions(changelog.with_release(BASE, section())) == []
    assert definitions(changelog.with_release(BASE, section(links=True))) == [
        "[Unreleased]: https://f/compare/v1.1.0...HEAD",
        "[1.1.0]: https://f/compare/v1.0.0...v1.1.0",
    ]
    unbracketed = changelog.with_release(SHAPES["unbracketed"], section(heading="1.1.0", links=True))
    assert definitions(unbracketed) == []


def test_repository_named_like_the_branch_is_not_corrupted() -> None:
    text = BASE + LINKS.replace("o/r", "HEAD/v1.0.0")
    assert definitions(changelog.with_release(text, section()))[0] == (
        "[Unreleased]: https://github.com/HEAD/v1.0.0/compare/v1.1.0...HEAD"
    )


def test_leading_comment_stays_under_unreleased() -> None:
    edited = changelog.with_release(SHAPES["comment under unreleased"], section())
    assert edited.index("<!-- add entries below -->") < edited.index("## [1.1.0]")


def test_moved_lines_keep_their_own_line_end() -> None:
    edited = changelog.with_release(SHAPES["mixed line ends"], section())
    assert "- A stream.\r\n- New ([abc1234](x))\n" in edited


def test_nested_and_wrapped_entries_are_one_entry() -> None:
    document = changelog.parse_changelog(SHAPES["nested lists"])
    assert document.unreleased is not None
    (category,) = document.unreleased.categories
    assert [entry.text.split("\n")[0] for entry in category.entries] == ["A stream:", "B"]


def test_unreleased_entries_go_to_the_end_of_their_category() -> None:
    order = ("Added", "Changed", "Fixed")
    edited = changelog.with_unreleased_entries(BASE, {"Added": ["- B"], "Fixed": ["- C\n  more"]}, order)
    assert edited == BASE.replace("- A stream.\n", "- A stream.\n- B\n\n### Fixed\n\n- C\n  more\n")
    again = changelog.with_unreleased_entries(edited, {"Changed": ["- D"]}, order)
    assert again == edited.replace("### Fixed\n\n- C", "### Changed\n\n- D\n\n### Fixed\n\n- C")


@pytest.mark.parametrize("name", ["no unreleased", "only an empty unreleased at the end", "crlf", "setext", "links"])
def test_unreleased_entries_into_any_shape(name: str) -> None:
    text = SHAPES.get(name, BASE + LINKS)
    edited = changelog.with_unreleased_entries(text, {"Security": ["- S"]}, ("Added", "Security"))
    document = changelog.parse_changelog(edited)
    assert document.unreleased is not None
    assert document.unreleased.categories[-1].entries[-1].text == "S"


def test_missing_sections_are_put_in_their_places() -> None:
    text = BASE + "\n## [0.8.0] - 2024-01-01\n\n- old\n" + LINKS
    made = [
        NewSection(version=each, text=f"## [{each}] - 2025-01-01\n\n- {each}\n", tag=f"v{each}")
        for each in ("1.0.0", "0.9.0", "0.8.0", "0.7.0")
    ]
    edited = changelog.with_missing_sections(text, made)
    assert [each.version for each in changelog.parse_changelog(edited).sections] == [
        "",
        "1.0.0",
        "0.9.0",
        "0.8.0",
        "0.7.0",
    ]
    assert "- A leak." in edited
    assert edited.endswith(LINKS)


def test_faults_are_found_by_line() -> None:
    text = (
        "# Changelog\n\n## [1.0.0] - 2026-01-01\n\n### Fixed\n\n- a\n\n### Fixed\n\n- b\n\n## [1.0.2] - 01.02.2026\n\n"
        "## [Unreleased]\n\n## [0.9.0] - 2026-13-01\n"
    )
    assert [(fault.line, fault.code) for fault in changelog.find_faults(text)] == [
        (3, "changelog-category-twice"),
        (13, "changelog-date"),
        (13, "changelog-order"),
        (15, "changelog-unreleased-place"),
        (17, "changelog-date"),
    ]
    assert changelog.find_faults(BASE + LINKS) == ()


PIECES = st.sampled_from(
    [
        "## [Unreleased]", "## [1.0.0] - 2026-01-01", "## 0.9.0", "### Added", "### Fixed", "- x", "  - y", "* z", "```",
        "~~~", "<!--", "-->", "<!-- c -->", "", "", "text", "    code", "[1.0.0]: https://e.org/compare/v0...v1.0.0",
        "[unreleased]: https://e.org/compare/v1.0.0...HEAD", "----", "====", "> q", "# T", "1. o", "\t", "<div>", "[#1]: u",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_document_is_refused_or_kept(lines: list[str], newline: str, final: bool) -> None:
    text = newline.join(lines) + (newline if final else "")
    try:
        document = changelog.parse_changelog(text)
        edited = changelog.with_release(text, section(level=document.level))
    except InputError as error:
        assert error.code != "changelog-not-proved"
        return
    first, last = document.unreleased.content if document.unreleased else (0, 0)
    moving = {each.line for each in document.outline.definitions if each.label.casefold() == "unreleased"}
    kept = [line for index, line in enumerate(document.lines) if not first <= index < last and index not in moving]
    assert is_subsequence(kept, [line.removesuffix("\r") for line in edited.split("\n")])


@given(st.text(max_size=300))
def test_any_text_is_refused_or_read(text: str) -> None:
    try:
        changelog.with_release(text, section())
    except InputError as error:
        assert error.code != "changelog-not-proved"
    changelog.find_faults(text)


@pytest.mark.parametrize(
    "atom", ["- x\n", "#", "`", "<!--", "[", " ", "\n\n", "## [1.0.0]\n", "=\n", "~~~\n", "<div>\n"]
)
def test_a_megabyte_of_anything_is_read(atom: str) -> None:
    changelog.find_faults(BASE + atom * (300_000 // len(atom)))
