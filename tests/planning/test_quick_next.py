"""What the quick way takes for a plain changelog is one that can be followed, with nothing under Unreleased."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.changelogs.shapes import SHAPES
from verbump.domain import changelog
from verbump.planning import quick_next

TOP = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-01\n\n### Fixed\n\n- Something.\n"
LINES = (
    *(
        "- An entry.",
        "",
        "## [1.2.2] - 2025-01-01",
        "## [1.2.3] - 2026-01-01",
        "## [Unreleased]",
        " ## [1.2.3]",
        "### Added",
    ),
    *(
        "```",
        "```rust",
        "~~~",
        "<!-- no",
        "-->",
        "<div>",
        "See <https://example.invalid/x>.",
        "1.2.3",
        "---",
        "===",
        "    ## [1.2.3]",
    ),
    *(
        "\t## [1.2.3]",
        "   - nested",
        "* star",
        "[1.2.3]: https://example.invalid",
        "# Other",
        "text",
        "- ## [1.2.3]",
        "> ## [1.2.3]",
    ),
)


def is_plain(text: str) -> bool:
    return quick_next.is_plain_project({"CHANGELOG.md": text}, "1.2.3")


def holds(text: str) -> bool:
    """Whether the usual way follows the text and finds nothing hand-written."""
    unreleased = changelog.parse_changelog(text).unreleased
    return unreleased is None or not (any(unreleased.intro) or unreleased.categories)


@given(st.lists(st.sampled_from(LINES), max_size=9), st.booleans())
def test_plain_texts_hold(lines: list[str], is_below: bool) -> None:
    more = "".join(f"{line}\n" for line in lines)
    text = TOP + more if is_below else TOP.replace("## [Unreleased]\n\n", f"## [Unreleased]\n\n{more}")
    if is_plain(text):
        assert holds(text)


@pytest.mark.parametrize("name", SHAPES)
def test_changelogs_of_all_shapes(name: str) -> None:
    if is_plain(SHAPES[name]):
        assert holds(SHAPES[name])


@pytest.mark.parametrize(
    "more",
    [
        "",
        "\n```rust\nlet x = 1;\n```\n",
        "\nSee <https://example.invalid/x>.\n",
        "    - nested\n",
        "\n## [1.2.2] - 2025-01-01\n",
    ],
)
def test_usual_changelogs_are_plain(more: str) -> None:
    assert is_plain(TOP + more)
