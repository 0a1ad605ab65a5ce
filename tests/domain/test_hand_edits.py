"""What people changed in a text that is written anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain.hand_edits import with_edits

OLD = """# Changelog

## [Unreleased]

## [1.3.0] - 2026-11-22

### Added

- Streams
- Files

## [1.2.3] - 2026-01-01
"""
NEW = OLD.replace("11-22", "11-23").replace("- Files\n", "- Files\n- Pipes\n\n### Fixed\n\n- A leak\n")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param(("", ""), NEW, id="none"),
        pytest.param(("- Streams", "- Better"), NEW.replace("- Streams", "- Better"), id="beside what stays"),
        pytest.param(("- Files", "- Better"), NEW.replace("- Files", "- Better"), id="beside a new line"),
        pytest.param(("- Streams\n", ""), NEW.replace("- Streams\n", ""), id="deleted"),
        pytest.param(
            ("- Streams\n", "Words.\n\n- Streams\n"), NEW.replace("- Streams", "Words.\n\n- Streams"), id="added"
        ),
        pytest.param(("11-22", "12-24"), NEW, id="the heading is verbump's"),
        pytest.param(
            ("## [1.2.3] - 2026-01-01", "## [1.2.3] - 2026-01-02"),
            NEW.replace("01-01", "01-02"),
            id="an old heading is not",
        ),
        pytest.param(("- Files\n", "- Files\n- Pipes\n"), NEW, id="the same by both"),
    ],
)
def test_edits_stay(edit: tuple[str, str], expected: str) -> None:
    assert with_edits(OLD, OLD.replace(*edit) if edit[0] else OLD, NEW) == expected


def test_line_ends_and_a_missing_one_stay() -> None:
    assert with_edits("a\r\nb\r\nc", "a\r\nB\r\nc", "a\r\nb\r\nc\r\nd") == "a\r\nB\r\nc\r\nd"


_TEXTS = st.lists(st.sampled_from(["- a\n", "- b\n", "- c\n", "\n", "### Added\n"]), max_size=8).map("".join)


@given(_TEXTS, _TEXTS)
def test_one_side_alone_wins_whole(old: str, other: str) -> None:
    assert with_edits(old, old, other) == other
    assert with_edits(old, other, old) == other


@given(_TEXTS, _TEXTS)
def test_the_same_change_on_both_sides_is_made_once(old: str, other: str) -> None:
    assert with_edits(old, other, other) == other
