"""A release is spliced in: what people wrote moves, the links follow, and every other byte stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.changelogs.shapes import BASE, LINKS, SHAPES, crlf
from domain.test_changelog_outline import ALPHABET, headings, oracle
from support.patience import patience
from verbump.domain import changelog, changelog_document
from verbump.domain.changelog import CompareLinks, NewSection
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORGE = CompareLinks(unreleased="https://f.org/compare/v9.0.0...HEAD", version="https://f.org/compare/v1.0.0...v9.0.0")


def section_for(text: str | None, *, links: CompareLinks | None = FORGE) -> NewSection:
    """The section that a release makes: what people wrote, then a derived entry under Fixed."""
    document = changelog.parse_changelog(text or "")
    name = f"{'v' * document.v_prefix}9.0.0"
    lines = [f"## [{name}] - 2026-11-23" if document.bracketed else f"## {name} - 2026-11-23"]
    unreleased = document.unreleased
    parts = {each.title: list(each.lines) for each in unreleased.categories if each.lines} if unreleased else {}
    if unreleased and any(len([each for each in unreleased.categories if each.title == title]) > 1 for title in parts):
        parts = {}
        for each in unreleased.categories:
            parts.setdefault(each.title, []).extend(each.lines)
    if unreleased and unreleased.intro:
        lines += ["", *unreleased.intro]
    for title, rows in parts.items():
        lines += ["", f"### {title}", "", *rows]
    lines += ["", "### Performance", "", "- Derived ([abc1234](https://f.org/c))"]
    return NewSection(version="9.0.0", text="\n".join(lines) + "\n", links=links, previous_tag="v1.0.0", tag="v9.0.0")


def split(text: str) -> list[str]:
    """Lines with their ends; the last one may have none."""
    *lines, last = text.removeprefix("\ufeff").split("\n")
    return [*(line + "\n" for line in lines), last]


def moving(text: str) -> list[str]:
    """What a release takes from Unreleased, without line ends: prose, entries, the headings of filled categories."""
    unreleased = changelog.parse_changelog(text).unreleased
    if unreleased is None:
        return []
    filled = [each for each in unreleased.categories if each.lines]
    return [*unreleased.intro, *(line for each in filled for line in (each.title, *each.lines))]


def bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def is_link_or_heading(line: str) -> bool:
    return line.lstrip().casefold().startswith(("[unreleased]:", "## [unreleased]("))


def unexplained(old: str, new: str) -> Iterator[str]:
    """Lines of `old` that are neither in `new` in the same order nor moved by the release. Blank ones may go."""
    taken = [line for line in moving(old) if line.strip()]
    rest = split(new)
    place = 0
    for line in split(old):
        if not bare(line).strip() or is_link_or_heading(line):
            continue
        words = bare(line).strip("# \t").strip()
        known = next((each for each in taken if each in (bare(line), words)), None)
        is_under = known is not None and bare(line) not in (bare(each) for each in rest[place:])
        found = next((at for at in range(place, len(rest)) if line in (rest[at], rest[at][:-1], bare(rest[at]))), None)
        if known is not None and (is_under or found is None):
            taken.remove(known)
        elif found is None:
            yield line
        elif known is None:
            place = found + 1


@pytest.mark.case("R41")
@pytest.mark.parametrize("name", SHAPES)
def test_every_other_byte_stays(name: str) -> None:
    text = SHAPES[name]
    edited = changelog.with_release(text, section_for(text))
    assert list(unexplained(text, edited)) == []
    assert edited.endswith("\n") == text.endswith("\n")
    assert edited.startswith("\ufeff") == text.startswith("\ufeff")
    assert edited.count("\r\n") - edited.count("\n") == 0 or "\r\n" not in text or "mixed" in name


@pytest.mark.parametrize("name", SHAPES)
def test_taking_the_insertion_out_again_gives_the_original(name: str) -> None:
    """With nothing to move and no links to write, all that happens is one insertion."""
    lines = split(SHAPES[name])
    text = "".join(line for line in lines if not line.lstrip().startswith("[") or "]:" not in line)
    text = text.replace("[Unreleased](", "[Unreleased] (")
    emptied = changelog.with_release(text, section_for(text, links=None))
    new = NewSection(version="9.1.0", text="## [9.1.0] - 2027-01-01\n\n### Added\n\n- Later\n")
    edited = changelog.with_release(emptied, new)
    size = len(edited) - len(emptied)
    places = [
        at for at in range(len(emptied) + 1) if emptied[:at] == edited[:at] and emptied[at:] == edited[at + size :]
    ]
    assert places
    assert "[9.1.0]" in edited[places[0] : places[0] + size]


@pytest.mark.parametrize("name", SHAPES)
def test_the_result_reads_as_it_should(name: str) -> None:
    before = changelog.parse_changelog(SHAPES[name])
    edited = changelog.with_release(SHAPES[name], section_for(SHAPES[name]))
    after = changelog.parse_changelog(edited)
    new = after.section("9.0.0")
    assert new is not None
    assert new.date == "2026-11-23"
    assert new.categories[-1].entries[-1].text == "Derived ([abc1234](https://f.org/c))"
    old = [(each.title, each.intro, each.categories) for each in before.sections if each.version]
    assert [(each.title, each.intro, each.categories) for each in after.sections if each.version][
        -len(old or [1]) :
    ] == (old or [(new.title, new.intro, new.categories)]) or name == "unreleased at the end"
    assert (after.unreleased is None) == (before.unreleased is None)
    if after.unreleased and before.unreleased:
        assert not any(each.entries for each in after.unreleased.categories)
        assert after.unreleased.intro == ()
        place = [each.version for each in after.sections].index("9.0.0")
        assert after.sections[place - 1].is_unreleased
        moved = [entry.text for each in before.unreleased.categories for entry in each.entries]
        found = [entry.text for each in new.categories for entry in each.entries]
        assert sorted(moved) == sorted(found[:-1])
    if name != "front-matter":
        plain = edited.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", " ")
        assert headings(plain) == oracle(plain)


@pytest.mark.parametrize("text", [None, "", "\n\n", "\ufeff", "\r\n\r\n"])
def test_new_document(text: str | None) -> None:
    edited = changelog.with_release(text, section_for(text))
    assert edited.startswith("\ufeff") == (text == "\ufeff")
    if text == "\r\n\r\n":
        assert edited == crlf(edited.replace("\r\n", "\n"))
    assert edited.removeprefix("\ufeff").replace("\r\n", "\n").startswith("# Changelog\n\n")
    assert "https://keepachangelog.com/en/1.1.0/" in edited
    assert "https://semver.org/" in edited
    assert edited.replace("\r\n", "\n").endswith(
        "## [Unreleased]\n\n## [9.0.0] - 2026-11-23\n\n### Performance\n\n- Derived ([abc1234](https://f.org/c))\n\n"
        "[Unreleased]: https://f.org/compare/v9.0.0...HEAD\n[9.0.0]: https://f.org/compare/v1.0.0...v9.0.0\n"
    )


NEW = "## [9.0.0] - 2026-11-23\n\n### Added\n\n- A stream.\n- N\n"
EXACT = [
    pytest.param(
        BASE + LINKS,
        BASE.replace("### Added\n\n- A stream.\n", NEW)
        + LINKS.replace("v1.0.0...HEAD\n", "v9.0.0...HEAD\n[9.0.0]: https://github.com/o/r/compare/v1.0.0...v9.0.0\n"),
        id="keep a changelog",
    ),
    pytest.param(
        SHAPES["no blank lines at all"],
        f"# Changelog\n## [Unreleased]\n\n{NEW}\n## [1.0.0] - 2020-01-01\n- x\n",
        id="blank lines where there are none",
    ),
    pytest.param(
        SHAPES["no unreleased"], SHAPES["no unreleased"].replace("## [", NEW + "\n## [", 1), id="no unreleased"
    ),
    pytest.param("## [Unreleased]", "## [Unreleased]\n\n" + NEW.rstrip("\n"), id="one line without an end"),
    pytest.param(
        "## [Unreleased]\n\n- A stream.\n\n[#1]: u\n",
        f"## [Unreleased]\n\n{NEW}\n[#1]: u\n",
        id="definitions stay, below the section",
    ),
    pytest.param(
        "## [Unreleased]\n<!-- guide -->\n\n### Added\n\n- A stream.\n\n### Fixed\n<!-- none -->\n\n## [1.0.0]\n",
        f"## [Unreleased]\n<!-- guide -->\n\n### Fixed\n<!-- none -->\n\n{NEW}\n## [1.0.0]\n",
        id="guides and empty categories stay under Unreleased",
    ),
    pytest.param(
        "## [Unreleased]\n\n- A stream.\n\n---\n\n## [1.0.0]\n",
        f"## [Unreleased]\n\n{NEW}\n---\n\n## [1.0.0]\n",
        id="a rule between sections stays between them",
    ),
    pytest.param(
        "## [Unreleased]\n\n<!-- for 1.0.0 -->\n## [1.0.0]\n",
        f"## [Unreleased]\n\n{NEW}\n<!-- for 1.0.0 -->\n## [1.0.0]\n",
        id="a comment right above a heading belongs to it",
    ),
    pytest.param(
        "<!-- next -->\n<a name='1.0.0'></a>\n## [1.0.0]\n",
        f"<!-- next -->\n\n{NEW}\n<a name='1.0.0'></a>\n## [1.0.0]\n",
        id="an anchor belongs to the heading below it",
    ),
    pytest.param(
        "# 1.0.0 (May 2020)\n\n### Fixed\n\n- x\n",
        f"{NEW[1:]}\n# 1.0.0 (May 2020)\n\n### Fixed\n\n- x\n",
        id="headings as deep as the file's: # and ###",
    ),
    pytest.param(
        "# 1.0.0 (May 2020)\n\n## Fixed\n\n- x\n",
        f"{NEW[1:].replace('###', '##')}\n# 1.0.0 (May 2020)\n\n## Fixed\n\n- x\n",
        id="headings as deep as the file's: # and ##",
    ),
    pytest.param(
        "Unreleased\n---\n\n1.0.0\n---\n",
        f"Unreleased\n---\n\n{NEW}\n1.0.0\n---\n",
        id="setext",
    ),
    pytest.param(
        "\ufeff## [Unreleased]\r\n- A stream.\r\n## [1.0.0]\r\n",
        "\ufeff" + crlf(f"## [Unreleased]\n\n{NEW}\n## [1.0.0]\n"),
        id="bom and crlf",
    ),
    pytest.param(
        "## [Unreleased]\n\n### Added\n\n- A stream.\r\n\n## [1.0.0]\n",
        f"## [Unreleased]\n\n{NEW}\n## [1.0.0]\n".replace("stream.\n", "stream.\r\n"),
        id="a moved line keeps its own line end",
    ),
]


@pytest.mark.parametrize(("text", "expected"), EXACT)
def test_exactly(text: str, expected: str) -> None:
    new = NewSection(version="9.0.0", text=NEW, previous_tag="v1.0.0", tag="v9.0.0")
    assert changelog.with_release(text, new) == expected


def test_blank_lines_of_moved_blocks_keep_their_ends() -> None:
    text = "## [Unreleased]\n\n- a\r\n\r\n  b\r\n\n## [1.0.0]\n\n- x\n\n- y\n"
    new = NewSection(version="9.0.0", text="## [9.0.0]\n\n- a\n\n  b\n- c\n")
    assert "## [9.0.0]\n\n- a\r\n\r\n  b\r\n- c\n\n## [1.0.0]" in changelog.with_release(text, new)


REFUSED = [
    pytest.param(BASE.replace("1.0.0", "9.0.0"), "changelog-version-exists", 9, id="there already"),
    pytest.param("## 9.0.0 (unreleased)\n\n- x\n", "changelog-version-exists", 1, id="zest.releaser's unreleased"),
    pytest.param("Text.\n", "changelog-no-heading", 1, id="no heading"),
    pytest.param(
        "## [Unreleased]\n\n## [1.0.0]\n\n- x\n\n   ## [0.9.0]\n\n- y\n", None, 0, id="indented heading after a list"
    ),
    pytest.param(
        "## [Unreleased]\n\n  ## [0.9.0]\n\n- y\n",
        "changelog-not-proved",
        2,
        id="an indented heading that the section's list would swallow",
    ),
]


@pytest.mark.case("R41")
@pytest.mark.parametrize(("text", "code", "line"), REFUSED)
def test_refusals(text: str, code: str | None, line: int) -> None:
    new = NewSection(version="9.0.0", text=NEW, tag="v9.0.0")
    if code is None:
        assert changelog.with_release(text, new)
        return
    with pytest.raises(InputError) as caught:
        changelog.with_release(text, new)
    assert (caught.value.code, caught.value.line) == (code, line)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Changes\n\n- x\n", id="no heading"),
        pytest.param("## [8.0.0]\n\n- x\n", id="another version"),
        pytest.param("\n\n", id="empty"),
        pytest.param("## [9.0.0]\n\n```\n", id="a fence never closed"),
        pytest.param("## [9.0.0]\n\n- x\n\n## [9.0.1]\n", id="two versions"),
    ],
)
def test_sections_that_cannot_be_proved(text: str) -> None:
    with pytest.raises(InputError) as caught:
        changelog.with_release(BASE, NewSection(version="9.0.0", text=text))
    assert caught.value.code == "changelog-not-proved"
    assert caught.value.line


def test_lost_lines() -> None:
    new = NewSection(version="9.0.0", text="## [9.0.0]\n\n* A stream.\n")
    assert changelog.find_lost_lines(BASE, new) == ()
    assert changelog.find_lost_lines(BASE.replace("- A stream", "- B\n- A stream"), new) == ("- B",)
    assert changelog.find_lost_lines(None, new) == ()


def definitions(text: str) -> list[str]:
    return [bare(line) for line in text.split("\n") if line.lstrip().startswith("[") and "]:" in line]


GH = "https://github.com/o/r"
LINK_STYLES = [
    pytest.param(
        f"[Unreleased]: {GH}/compare/v1.0.0...HEAD",
        [f"[Unreleased]: {GH}/compare/v9.0.0...HEAD", f"[9.0.0]: {GH}/compare/v1.0.0...v9.0.0"],
        id="unreleased only",
    ),
    pytest.param(
        f"[unreleased]: {GH}/compare/1.0.0..main\n[1.0.0]: {GH}/compare/0.9.0..1.0.0",
        [
            f"[unreleased]: {GH}/compare/9.0.0..main",
            f"[9.0.0]: {GH}/compare/1.0.0..9.0.0",
            f"[1.0.0]: {GH}/compare/0.9.0..1.0.0",
        ],
        id="no v, two dots, a branch",
    ),
    pytest.param(
        f" [UNRELEASED]:   <{GH}/compare/v1.0.0...HEAD> 'title'\n[v1.0.0]: <{GH}/compare/v0.9.0...v1.0.0>",
        [
            f" [UNRELEASED]:   <{GH}/compare/v9.0.0...HEAD> 'title'",
            f"[9.0.0]: <{GH}/compare/v1.0.0...v9.0.0>",
            f"[v1.0.0]: <{GH}/compare/v0.9.0...v1.0.0>",
        ],
        id="angle brackets, title, blanks",
    ),
    pytest.param(
        "[Unreleased]: https://gitlab.com/g/r/-/compare/v1.0.0...main",
        [
            "[Unreleased]: https://gitlab.com/g/r/-/compare/v9.0.0...main",
            "[9.0.0]: https://gitlab.com/g/r/-/compare/v1.0.0...v9.0.0",
        ],
        id="gitlab",
    ),
    pytest.param(
        "[Unreleased]: https://bitbucket.org/o/r/branches/compare/HEAD%0Dv1.0.0#diff",
        [
            "[Unreleased]: https://bitbucket.org/o/r/branches/compare/HEAD%0Dv9.0.0#diff",
            "[9.0.0]: https://bitbucket.org/o/r/branches/compare/v9.0.0%0Dv1.0.0#diff",
        ],
        id="bitbucket, newest first",
    ),
    pytest.param(
        f"[Unreleased]: {GH}/compare/v1.0.0...HEAD\n"
        f"[1.0.0]: {GH}/releases/tag/v1.0.0\n[0.9.0]: {GH}/releases/tag/v0.9.0",
        [
            f"[Unreleased]: {GH}/compare/v9.0.0...HEAD",
            f"[9.0.0]: {GH}/releases/tag/v9.0.0",
            f"[1.0.0]: {GH}/releases/tag/v1.0.0",
            f"[0.9.0]: {GH}/releases/tag/v0.9.0",
        ],
        id="tag pages",
    ),
    pytest.param(
        f"[1.0.0]: {GH}/compare/v0.9.0...v1.0.0\n[0.9.0]: {GH}/tree/v0.9.0",
        [
            f"[9.0.0]: {GH}/compare/v1.0.0...v9.0.0",
            f"[1.0.0]: {GH}/compare/v0.9.0...v1.0.0",
            f"[0.9.0]: {GH}/tree/v0.9.0",
        ],
        id="versions only: on top of them",
    ),
    pytest.param(
        f"[0.9.0]: {GH}/tree/v0.9.0\n[1.0.0]: {GH}/compare/v0.9.0...v1.0.0",
        [
            f"[0.9.0]: {GH}/tree/v0.9.0",
            f"[1.0.0]: {GH}/compare/v0.9.0...v1.0.0",
            f"[9.0.0]: {GH}/compare/v1.0.0...v9.0.0",
        ],
        id="oldest on top: below them",
    ),
    pytest.param(
        f"[Unreleased]: {GH}/commits/main",
        [f"[Unreleased]: {GH}/commits/main", f"[9.0.0]: {FORGE.version}"],
        id="no comparison",
    ),
    pytest.param(
        f"[Unreleased]: {GH}/compare/v1.0.0...HEAD\n[9.0.0]: {GH}/mine",
        [f"[Unreleased]: {GH}/compare/v9.0.0...HEAD", f"[9.0.0]: {GH}/mine"],
        id="defined already",
    ),
    pytest.param(
        "[Unreleased]: https://h/HEAD/v1.0.0/compare/v1.0.0...HEAD",
        [
            "[Unreleased]: https://h/HEAD/v1.0.0/compare/v9.0.0...HEAD",
            "[9.0.0]: https://h/HEAD/v1.0.0/compare/v1.0.0...v9.0.0",
        ],
        id="a repository called like branch and tag",
    ),
    pytest.param(
        f"[Unreleased]: {GH}/compare/3f2a...HEAD",
        [f"[Unreleased]: {GH}/compare/v9.0.0...HEAD", f"[9.0.0]: {GH}/compare/3f2a...v9.0.0"],
        id="since the first commit",
    ),
]


@pytest.mark.parametrize(("links", "expected"), LINK_STYLES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_link_styles(links: str, expected: list[str], newline: str) -> None:
    text = (BASE + "\n" + links + "\n").replace("\n", newline)
    new = NewSection(version="9.0.0", text=NEW, links=FORGE, previous_tag="v1.0.0", tag="v9.0.0")
    edited = changelog.with_release(text, new)
    assert definitions(edited) == expected
    assert edited.count("\n") == edited.count(newline)


def test_tags_in_links() -> None:
    text = BASE + "\n[Unreleased]: https://h/r/compare/py%2Fv1.0.0...HEAD\n"
    new = NewSection(version="9.0.0", text=NEW, previous_tag="py/v1.0.0", tag="py/v9.0.0+x (y)")
    assert definitions(changelog.with_release(text, new)) == [
        "[Unreleased]: https://h/r/compare/py%2Fv9.0.0+x%20%28y%29...HEAD",
        "[9.0.0]: https://h/r/compare/py%2Fv1.0.0...py%2Fv9.0.0+x%20%28y%29",
    ]
    untold = NewSection(version="9.0.0", text=NEW)
    assert definitions(changelog.with_release(BASE + LINKS, untold))[0].endswith("/compare/v9.0.0...HEAD")


def test_links_only_where_something_refers_to_them() -> None:
    new = NewSection(version="9.0.0", text=NEW, links=FORGE)
    assert definitions(changelog.with_release(BASE, new)) == [
        f"[Unreleased]: {FORGE.unreleased}",
        f"[9.0.0]: {FORGE.version}",
    ]
    plain = NewSection(version="9.0.0", text=NEW.replace("[9.0.0]", "9.0.0"), links=FORGE)
    assert definitions(changelog.with_release(SHAPES["lower case, no brackets"], plain)) == []
    assert definitions(changelog.with_release(BASE, NewSection(version="9.0.0", text=NEW))) == []
    mixed = BASE.replace("[Unreleased]", "Unreleased")
    assert definitions(changelog.with_release(mixed, new)) == [f"[9.0.0]: {FORGE.version}"]


def test_a_section_with_its_own_link_needs_no_definition() -> None:
    new = NewSection(version="9.0.0", text=NEW.replace("[9.0.0]", "[9.0.0](https://e.org)"), links=FORGE, tag="v9.0.0")
    assert definitions(changelog.with_release(BASE, new)) == []


def test_definition_right_above_what_moves() -> None:
    text = "## [Unreleased]\n[unreleased]: https://h/compare/v1.0.0...HEAD\n- A stream.\n"
    new = NewSection(version="9.0.0", text=NEW, previous_tag="v1.0.0", tag="v9.0.0")
    assert changelog.with_release(text, new) == (
        "## [Unreleased]\n[unreleased]: https://h/compare/v9.0.0...HEAD\n"
        f"[9.0.0]: https://h/compare/v1.0.0...v9.0.0\n\n{NEW}"
    )


def test_link_in_the_heading_of_unreleased_moves_on() -> None:
    new = NewSection(version="9.0.0", text=NEW, links=FORGE, previous_tag="v1.0.0", tag="v9.0.0")
    edited = changelog.with_release(SHAPES["unreleased with a compare link"], new)
    assert "## [Unreleased](https://h/r/compare/v9.0.0...main)\n" in edited
    assert definitions(edited) == [f"[9.0.0]: {FORGE.version}"]


PIECES = [
    "## [Unreleased]",
    "## [Unreleased]",
    "Unreleased\n---",
    "## [1.2.0] - 2020-01-01",
    "## 1.1.0",
    "### [0.9.0] (2019-01-01)",
    "### Added",
    "### Fixed",
    "### Added",
    "#### Sub",
    "- x",
    "- y",
    "  z",
    "# Changelog",
    "",
    "",
    "<!-- guide -->",
    "[#12]: u",
    "[unreleased]: https://h/compare/v1.2.0...HEAD",
    "[1.2.0]: https://h/compare/v1.1.0...v1.2.0",
    "```",
    "~~~",
    "---",
]


def check_release(text: str) -> None:
    try:
        new = section_for(text)
        edited = changelog.with_release(text, new)
    except InputError:
        return
    if changelog.parse_changelog(text).sections:
        assert list(unexplained(text, edited)) == []
        assert edited.endswith("\n") == text.endswith("\n")
        assert changelog.parse_changelog(edited).section("9.0.0")


@given(st.lists(st.sampled_from(PIECES), max_size=16), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=max(150, settings().max_examples))
def test_any_changelog_is_refused_or_kept(lines: list[str], newline: str, final: bool) -> None:
    check_release(newline.join(lines) + newline * final)


@given(st.lists(st.tuples(st.sampled_from([*PIECES, *ALPHABET]), st.sampled_from(["\n", "\n", "\r\n"])), max_size=14))
@settings(max_examples=max(150, settings().max_examples))
def test_any_document_is_refused_or_kept(lines: list[tuple[str, str]]) -> None:
    check_release("## [Unreleased]\n" + "".join(line + end for line, end in lines))


@given(st.lists(st.sampled_from(["- x", "- y", "  z", "", "### Added", "### Fixed", "Words."]), max_size=12))
@settings(max_examples=max(100, settings().max_examples))
def test_ordinary_entries_are_never_refused(lines: Sequence[str]) -> None:
    text = "\n".join(["# Changelog", "", "## [Unreleased]", "", *lines, "", "## [1.0.0] - 2020-01-01", "", "- old", ""])
    edited = changelog.with_release(text, section_for(text))
    assert list(unexplained(text, edited)) == []


HOSTILE = [
    pytest.param("### Added\n" + "- x\n" * 25_000, id="entries"),
    pytest.param("### Added\n- x\n" * 8_000, id="categories"),
    pytest.param("".join(f"## {n}.0.0\n- x\n" for n in range(6_000, 10, -1)), id="sections"),
    pytest.param("".join(f"[{n}.0.0]: https://h/compare/v1...v{n}.0.0\n" for n in range(3_000, 10, -1)), id="links"),
    pytest.param("- a\n  ```\n  ## [1.0.0]\n  ```\n" * 4_000, id="fences"),
    pytest.param("[unreleased]: https://h" + "/compare/" * 11_000 + "v1...HEAD\n", id="one long link"),
    pytest.param("- " * 50_000 + "\n", id="one deep list"),
    pytest.param("x\r\n" * 30_000 + "y\n", id="mixed line ends"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hundred_kilobytes_of_hostile_text_are_released(text: str) -> None:
    """A tenth of a megabyte takes a part of a second: quadratic work would take minutes."""
    text = "## [Unreleased]\n\n" + text
    with patience():
        changelog.with_release(text, section_for(text))
        changelog.find_faults(text)


def test_document_is_read_without_faults_even_where_it_has_some() -> None:
    assert changelog_document.read("```\n## [1.0.0]\n").unclosed == (0, "fence")


FIRST_DEFINITIONS = [
    pytest.param(
        "## [Unreleased]\n\n## [1.0.0]\n\n- x [s]\n\n[s]: https://s.org\n",
        "- x [s]\n\n[s]: https://s.org\n[Unreleased]: {unreleased}\n[9.0.0]: {version}\n",
        id="right behind another definition",
    ),
    pytest.param(
        "## [Unreleased]\n\n## [1.0.0]\n\n[s]: https://s.org\n\n- x [s]\n",
        "- x [s]\n\n[Unreleased]: {unreleased}\n[9.0.0]: {version}\n",
        id="a definition that is not at the end",
    ),
    pytest.param(
        "## [Unreleased]\n\n## [1.0.0]\n\n- x\n",
        "- x\n\n[Unreleased]: {unreleased}\n[9.0.0]: {version}\n",
        id="behind a blank line",
    ),
    pytest.param(
        "## [Unreleased]\n\n## [1.0.0]\n\n- x\n\n",
        "- x\n\n[Unreleased]: {unreleased}\n[9.0.0]: {version}\n",
        id="a blank line is there",
    ),
    pytest.param(
        "## [Unreleased]\n",
        "- Derived ([abc1234](https://f.org/c))\n\n[Unreleased]: {unreleased}\n[9.0.0]: {version}\n",
        id="behind the section itself",
    ),
    pytest.param("## Unreleased\n\n## 1.0.0\n\n- x\n", "- x\n", id="headings that are no references"),
]


@pytest.mark.parametrize(("text", "end"), FIRST_DEFINITIONS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_definitions_of_a_file_without_any_for_versions(text: str, end: str, newline: str) -> None:
    text, end = text.replace("\n", newline), end.replace("\n", newline)
    edited = changelog.with_release(text, section_for(text))
    assert edited.endswith(end.format(unreleased=FORGE.unreleased, version=FORGE.version)), edited


def test_without_a_forge_nothing_is_defined() -> None:
    text = "## [Unreleased]\n\n## [1.0.0]\n\n- x\n"
    assert changelog.with_release(text, section_for(text, links=None)).endswith("- x\n")
