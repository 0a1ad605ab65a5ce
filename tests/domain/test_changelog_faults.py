"""What `changelog --check` finds."""

from __future__ import annotations

import pytest

from domain.changelogs.shapes import BASE, LINKS, SHAPES
from verbump.domain import changelog

GH = "https://github.com/o/r/releases/tag/"
DAY = " - 2020-01-01"
FAULTS = [
    pytest.param(BASE + LINKS, [], id="well formed"),
    pytest.param("", [], id="empty"),
    pytest.param("Text.\n", [(1, "changelog-no-heading")], id="no heading"),
    pytest.param("## [1.0.0] - 2020-01-01\n\n```\n", [(3, "changelog-unclosed-fence")], id="fence"),
    pytest.param(
        "# C\n\n<!--\n## [1.0.0] - 2020-01-01\n", [(3, "changelog-unclosed-comment")], id="comment hides the headings"
    ),
    pytest.param(
        "## [1.0.0] - 2020-01-01\n\n## 1.0.0 - 2020-01-01\n\n## [1.0.0] - 2020-01-01\n\n<!--\n",
        [(3, "changelog-duplicate"), (5, "changelog-duplicate"), (7, "changelog-unclosed-comment")],
        id="all of them, by line",
    ),
    pytest.param(
        "## [1.0.0] - 2020-01-01\n\n## [1.1.0] - 2020-02-01\n",
        [(3, "changelog-order")],
        id="older on top",
    ),
    pytest.param(
        "## [1.0.0] - 2020-01-01\n\n## [1.1.0]\n",
        [(3, "changelog-date"), (3, "changelog-order")],
        id="older on top of one without a date",
    ),
    pytest.param(
        "## [1.0.0] - 2020-01-01\n\n## [1.1.0] - 2020-01-01\n", [(3, "changelog-order")], id="older on top on one day"
    ),
    pytest.param(
        "## [1.2.5] - 2024-05-01\n\n## [2.0.0] - 2024-01-01\n\n## [1.2.4] - 2023-01-01\n",
        [],
        id="a maintenance release on top by date",
    ),
    pytest.param(
        f"## [1.0.0]{DAY}\n\n## [1.0.0-rc.10]{DAY}\n\n## [1.0.0-rc.9]{DAY}\n\n## [1.0.0-rc.11]{DAY}\n",
        [(7, "changelog-order")],
        id="candidates in numeric order",
    ),
    pytest.param(
        "## [1.0.0] - 2020-01-01\n\n## [Unreleased]\n", [(3, "changelog-unreleased-place")], id="unreleased below"
    ),
    pytest.param("## [1.2.3.4] - 2020-01-01\n", [(1, "changelog-version")], id="four parts"),
    pytest.param("## [1.0.0] - 01.02.2020\n", [(1, "changelog-date")], id="german date"),
    pytest.param("## [1.0.0] - 20200101\n", [(1, "changelog-date")], id="basic format"),
    pytest.param("## [1.0.0] - 2020-13-01\n", [(1, "changelog-date")], id="thirteenth month"),
    pytest.param("## 1.0.0 (May 3rd, 2024)\n", [(1, "changelog-date")], id="date in words"),
    pytest.param("## [1.0.0]\n", [(1, "changelog-date")], id="no date"),
    pytest.param(
        "## [1.0.0] - 2020-01-01\n\n### Added\n\n- a\n\n### Fixed\n\n- b\n\n### added\n\n- c\n",
        [(11, "changelog-category-twice")],
        id="category twice",
    ),
    pytest.param(
        "## [1.1.0] - 2020-01-01\n\n### Added\n\n## [1.0.0] - 2020-01-01\n\n### Added\n",
        [],
        id="once in each of two sections",
    ),
    pytest.param(
        f"## [1.0.0] - 2020-01-01\n\n[1.0.0]: {GH}v1.0.0\n[0.9.0]: {GH}v0.9.0\n",
        [(4, "changelog-link-unknown")],
        id="definition without a section",
    ),
    pytest.param(
        f"## [3.0.0]{DAY}\n## [2.0.0]{DAY}\n## [1.0.0]{DAY}\n\n[3.0.0]: {GH}3\n[1.0.0]: {GH}1\n[2.0.0]: {GH}2\n",
        [(7, "changelog-link-order")],
        id="definitions out of order",
    ),
    pytest.param(
        f"## [3.0.0]{DAY}\n## [2.0.0]{DAY}\n## [1.0.0]{DAY}\n\n[1.0.0]: {GH}1\n[2.0.0]: {GH}2\n[3.0.0]: {GH}3\n",
        [],
        id="definitions with the oldest on top",
    ),
    pytest.param(
        f"## [1.2.5] - 2024-05-01\n## [2.0.0] - 2024-01-01\n## [1.2.4] - 2023-01-01\n\n"
        f"[1.2.5]: {GH}1.2.5\n[2.0.0]: {GH}2.0.0\n[1.2.4]: {GH}1.2.4\n",
        [],
        id="definitions as the sections stand",
    ),
    pytest.param(
        f"## [2.0.0] - 2024-06-01\n## [1.2.5] - 2024-05-01\n## [1.2.4] - 2023-01-01\n\n"
        f"[1.2.5]: {GH}1.2.5\n[2.0.0]: {GH}2.0.0\n[1.2.4]: {GH}1.2.4\n",
        [(6, "changelog-link-order")],
        id="definitions not as the sections stand",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_faults(text: str, expected: list[tuple[int, str]]) -> None:
    found = changelog.find_faults(text)
    assert [(fault.line, fault.code) for fault in found] == expected
    assert all(fault.message and fault.hint for fault in found)


# The shapes in which something is to be said against.
FAULTY = {
    "tokio": {"changelog-date"},
    "other-headings": {"changelog-date"},
    "metadata": {"changelog-category-twice"},
    "category twice": {"changelog-category-twice"},
    "unreleased at the end": {"changelog-unreleased-place", "changelog-date"},
    "nested-lists": {"changelog-date"},
    "closers and indents": {"changelog-date"},
    "two-part and python versions": {"changelog-date"},
}


@pytest.mark.parametrize("name", SHAPES)
def test_real_shapes(name: str) -> None:
    assert {fault.code for fault in changelog.find_faults(SHAPES[name])} == FAULTY.get(name, set())
