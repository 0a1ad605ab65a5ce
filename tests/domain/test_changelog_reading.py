"""What parse_changelog says of a file, and what it refuses."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.changelogs.shapes import BASE, LINKS, SHAPES, crlf
from verbump.domain import changelog
from verbump.errors import InputError

VERSIONS = {
    "keep-a-changelog": ["", "1.1.1", "0.0.5"],
    "tokio": ["1.38.0", "1.37.1"],
    "standard-version": ["1.1.1", "1.1.0"],
    "semantic-release": ["1.0.1", "1.0.0"],
    "anchors": ["1.7.2", "1.7.1"],
    "cargo-release": ["", "4.0.0"],
    "guides": ["", "1.0.0"],
    "fences": ["", "1.0.0"],
    "setext": ["", "1.0.0", "0.9.0"],
    "nested-lists": ["", "1.0.0"],
    "front-matter": ["", "1.0.0"],
    "rules": ["", "1.0.0", "0.9.0"],
    "html": ["", "1.0.0"],
    "gitlab": ["", "1.2.0"],
    "bitbucket": ["", "1.2.0"],
    "metadata": ["", "1.0.0"],
    "definitions-in-the-middle": ["", "1.0.0"],
    "other-headings": ["", "2.0.0"],
    "unicode": ["", "1.0.0"],
    "unreleased at the end": ["1.0.0", ""],
    "two-part and python versions": ["", "1.0.0", "0.9.0", "0.8.0-rc.1"],
    "h1 for all": ["", "1.0.0"],
    "lone cr and unicode separators": ["", "1.0.0"],
}


@pytest.mark.parametrize("name", VERSIONS)
def test_sections(name: str) -> None:
    assert [section.version for section in changelog.parse_changelog(SHAPES[name]).sections] == VERSIONS[name]


def test_section_in_full() -> None:
    document = changelog.parse_changelog(crlf(BASE.replace("2020-01-01", "2020-01-01 [YANKED]") + LINKS))
    section = document.section("1.0.0")
    assert section == changelog.Section(
        title="[1.0.0] - 2020-01-01 [YANKED]",
        version="1.0.0",
        is_unreleased=False,
        yanked=True,
        date="2020-01-01",
        line=9,
        intro=(),
        categories=(
            changelog.HandCategory(
                title="Fixed",
                lines=("- A leak.",),
                entries=(changelog.HandEntry(text="A leak.", lines=("- A leak.",)),),
            ),
        ),
        body="### Fixed\n\n- A leak.",
    )
    assert document.section("9.9.9") is None
    assert document.section("") is None
    assert document.unreleased is document.sections[0]


def test_entries_are_top_level_bullets_and_paragraphs() -> None:
    unreleased = changelog.parse_changelog(SHAPES["nested-lists"]).unreleased
    assert unreleased is not None
    (category,) = unreleased.categories
    assert [entry.text for entry in category.entries] == [
        "One\nover two lines\n- nested\n  - deeper\n\nA second paragraph.",
        "Two",
        "Three",
        "Four",
        "Five",
        "A paragraph of prose.\n\n> quoted",
        "Six\n## not a release: 8.8.8",
    ]
    assert category.entries[0].lines == (
        "- One",
        "  over two lines",
        "  - nested",
        "    - deeper",
        "",
        "  A second paragraph.",
    )


def test_intro_and_guides() -> None:
    prose = changelog.parse_changelog(SHAPES["prose and bullets before categories"]).unreleased
    assert prose is not None
    assert prose.intro == ("Words.", "", "- loose")
    guides = changelog.parse_changelog(SHAPES["guides"]).unreleased
    assert guides is not None
    assert guides.intro == ()
    assert [(each.title, each.lines) for each in guides.categories] == [
        ("Added", ("- A thing <!-- inline -->",)),
        ("Changed", ()),
        ("Fixed", ()),
    ]


def test_text_after_a_comment_is_shown_and_counts() -> None:
    text = "## [Unreleased]\n\n### Added\n\n<!-- 1 --> shown\n\n### Fixed\n\n<!-- not -->\n"
    unreleased = changelog.parse_changelog(text).unreleased
    assert unreleased is not None
    assert [len(each.entries) for each in unreleased.categories] == [1, 0]


def test_unreleased_a_level_deeper_than_versions() -> None:
    text = "## [Unreleased]\n\n### Added\n\n- x\n\n# [1.0.0](https://e.org) (2020-01-01)\n\n### Added\n\n- y\n"
    document = changelog.parse_changelog(text)
    assert [(each.version, [part.title for part in each.categories]) for each in document.sections] == [
        ("", ["Added"]),
        ("1.0.0", ["Added"]),
    ]


def test_body_leaves_out_what_trails() -> None:
    bodies = [section.body for section in changelog.parse_changelog(SHAPES["rules"]).sections]
    assert bodies == ["### Added\n\n- x", "- y", "- z"]
    middle = changelog.parse_changelog(SHAPES["definitions-in-the-middle"]).unreleased
    assert middle is not None
    assert [each.lines for each in middle.categories] == [("- See [#1].",), ("- See [#2].",)]


def test_categories_of_files_with_h1_versions() -> None:
    document = changelog.parse_changelog(SHAPES["tokio"])
    assert (document.level, document.category_level) == (1, 3)
    assert document.sections[0].intro == ("This release marks the beginning of stabilization for runtime metrics.",)
    assert [each.title for each in document.sections[0].categories] == ["Added"]
    mixed = changelog.parse_changelog(SHAPES["standard-version"])
    assert (mixed.level, [[each.title for each in section.categories] for section in mixed.sections]) == (
        2,
        [["Bug Fixes"], ["Features"]],
    )


STYLES = [
    pytest.param("", "\n", True, False, id="empty"),
    pytest.param("## Unreleased\n", "\n", True, False, id="no version yet"),
    pytest.param(BASE, "\n", True, False, id="brackets"),
    pytest.param(BASE.replace("[1.0.0]", "v1.0.0"), "\n", False, True, id="v without brackets"),
    pytest.param(SHAPES["v in brackets"], "\n", True, True, id="v in brackets"),
    pytest.param(SHAPES["escaped brackets"], "\n", False, False, id="escaped brackets"),
    pytest.param(SHAPES["mixed line ends, mostly crlf"], "\r\n", True, False, id="mostly crlf"),
    pytest.param(SHAPES["mixed line ends, mostly lf"], "\n", True, False, id="mostly lf"),
    pytest.param("## [1.0.0]\r\n\r\n## [0.9.0]", "\r\n", True, False, id="crlf without final newline"),
]


@pytest.mark.parametrize(("text", "newline", "bracketed", "v_prefix"), STYLES)
def test_style(text: str, newline: str, bracketed: bool, v_prefix: bool) -> None:
    document = changelog.parse_changelog(text)
    assert (document.newline, document.bracketed, document.v_prefix) == (newline, bracketed, v_prefix)


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", " \t\r\n"])
def test_blank_text_has_no_sections(text: str) -> None:
    assert changelog.parse_changelog(text).sections == ()


REFUSED = [
    pytest.param("Just text.\n", "changelog-no-heading", 1, id="text without headings"),
    pytest.param("# Changelog\n\nIntroduction.\n", "changelog-no-heading", 1, id="only a title"),
    pytest.param("## [Unreleased]\n\n```\n## [1.0.0]\n", "changelog-unclosed-fence", 3, id="fence"),
    pytest.param("## [Unreleased]\n\n- a\n  ~~~\n  b\n", "changelog-unclosed-fence", 4, id="fence in an item"),
    pytest.param("<!--\n\n## [Unreleased]\n", "changelog-unclosed-comment", 1, id="comment"),
    pytest.param("## [Unreleased]\n\n<pre>\n", "changelog-unclosed-html", 3, id="raw html"),
    pytest.param(BASE + "\n## 1.0.0\n", "changelog-duplicate", 15, id="version twice, written otherwise"),
    pytest.param(BASE + "\n## 1.0.0 (2020-01-01)\n", "changelog-duplicate", 15, id="version twice"),
    pytest.param(BASE + "\nUNRELEASED\n---\n", "changelog-duplicate", 15, id="unreleased twice"),
    pytest.param("## `crate` - [1.0.0]\n\n- x\n", "changelog-no-heading", 1, id="versions of a workspace's members"),
]


@pytest.mark.parametrize(("text", "code", "line"), REFUSED)
def test_refusals_name_the_line(text: str, code: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        changelog.parse_changelog(text)
    assert (caught.value.code, caught.value.line) == (code, line)
    assert caught.value.hint


def test_lazy_names() -> None:
    assert changelog.Fault.__name__ == "Fault"
    with pytest.raises(AttributeError, match="Nothing"):
        _ = changelog.Nothing


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        changelog.parse_changelog(text)
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in changelog.find_faults(text))
