"""What headings say of a release."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain.changelog_headings import parse_release_heading

VERSIONS = [
    pytest.param("[1.2.3] - 2024-01-01", "1.2.3", "2024-01-01", "1.2.3", id="keep a changelog"),
    pytest.param("1.2.3 (2024-01-01)", "1.2.3", "2024-01-01", "", id="date in parentheses"),
    pytest.param("[1.0.0](https://e.org/a...b) (2020-01-02)", "1.0.0", "2020-01-02", "1.0.0", id="linked"),
    pytest.param("v1.2.3 — 2020-01-02", "1.2.3", "2020-01-02", "", id="v and em dash"),
    pytest.param("[v1.2.3]", "1.2.3", "", "v1.2.3", id="v in brackets"),
    pytest.param("V1.2.3", "1.2.3", "", "", id="capital v"),
    pytest.param("\\[1.2.3\\] - 2020-01-02", "1.2.3", "2020-01-02", "", id="escaped brackets are no reference"),
    pytest.param("[[1.2.3]] - 2020-01-02", "1.2.3", "2020-01-02", "1.2.3", id="brackets twice"),
    pytest.param("[1.2.3][tag]", "1.2.3", "", "1.2.3", id="full reference"),
    pytest.param("1.38.0 (May 30th, 2024)", "1.38.0", "May 30th, 2024", "", id="date in words"),
    pytest.param("1.2.3, 2020/01/02", "1.2.3", "2020/01/02", "", id="slashes"),
    pytest.param("Version 1.2.3", "1.2.3", "", "", id="a word before"),
    pytest.param("**1.2.3** - 2020-01-02", "1.2.3", "2020-01-02", "", id="bold"),
    pytest.param('<a name="1.2.3"></a>1.2.3', "1.2.3", "", "", id="anchor inside"),
    pytest.param("1.3.0rc1", "1.3.0-rc.1", "", "", id="Python's spelling"),
    pytest.param("[1.0.0-RC.1+b.2]", "1.0.0-RC.1+b.2", "", "1.0.0-RC.1+b.2", id="pre-release and build"),
    pytest.param("0.9 (2019)", "0.9.0", "2019", "", id="two parts"),
    pytest.param("1.2.3.4", "1.2.3.4", "", "", id="four parts stay as they are"),
    pytest.param("2.0.0 The big one", "2.0.0", "", "", id="code name"),
    pytest.param("1.2.3 - Windows 10", "1.2.3", "", "", id="a number that is no date"),
]
OTHERS = [
    "Added",
    "",
    "1",
    "2024-01-01",
    "1.0 is near",
    "1.x",
    "[1.0.x]",
    "Unreleasedly",
    "Unreleased features",
    "Changes in 1.2.3",
    "pkg 1.2.3",
    "12345678901.0.0",
    "[#12]",
    "1.2.3]",
    "Not unreleased",
]
UNRELEASED = [
    "[Unreleased]",
    "unreleased",
    "UNRELEASED",
    "[Unreleased](https://e.org/x)",
    "[Unreleased] - ReleaseDate",
    "Unreleased (in progress)",
    "\\[Unreleased\\]",
    "[unreleased][x]",
    "Unreleased - 2024",
    "Unreleased changes",
    "**Unreleased**",
    "[Unreleased]:",
]


@pytest.mark.parametrize(("text", "version", "date", "label"), VERSIONS)
def test_version_headings(text: str, version: str, date: str, label: str) -> None:
    heading = parse_release_heading(text)
    assert heading is not None
    assert (heading.version, heading.date, heading.label, heading.is_unreleased) == (version, date, label, False)


@pytest.mark.parametrize("text", UNRELEASED)
def test_unreleased_headings(text: str) -> None:
    heading = parse_release_heading(text)
    assert heading is not None
    assert heading.is_unreleased


@pytest.mark.parametrize("text", OTHERS)
def test_other_headings(text: str) -> None:
    assert parse_release_heading(text) is None


def test_yanked_and_target_and_v() -> None:
    yanked = parse_release_heading("[1.0.0] - 2014-12-13 [YANKED]")
    assert yanked is not None
    assert (yanked.is_yanked, yanked.date) == (True, "2014-12-13")
    linked = parse_release_heading("[v1.0.0](https://e.org) - yanked, May 2020")
    assert linked is not None
    assert (linked.target, linked.has_v, linked.is_yanked) == ("https://e.org", True, True)


@given(st.text(alphabet=st.sampled_from("[](){}<>v0123. -–unreleasd\\*`:/"), max_size=60))
def test_never_raises(text: str) -> None:
    parse_release_heading(text)
