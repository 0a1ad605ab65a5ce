"""Notes are cut between entries, in the forge's own unit, with every fence closed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.planning import notes

ENTRIES = "### Added\n\n" + "".join(f"- entry {number} 😀\n  more\n" for number in range(200))


def test_short_notes_stay() -> None:
    assert notes.cut(ENTRIES, 125_000) == ENTRIES


def test_astral_characters_count_twice() -> None:
    assert notes.units("a😀") == 3


@pytest.mark.case("F19")
def test_cut_between_entries_with_a_link() -> None:
    for limit in range(980, 1020):  # an entry has 22 units or so
        text = notes.cut(ENTRIES, limit, "[CHANGELOG.md](https://e.org)")
        assert limit - 30 < notes.units(text) <= limit
        assert text.endswith("\n… cut here: the full text is in [CHANGELOG.md](https://e.org).\n")
        body = text[: text.index("\n… cut here")]
        assert ENTRIES.startswith(body)
        assert body.endswith("  more\n")


def test_an_open_fence_is_closed() -> None:
    text = "- a\n\n````\n" + "code\n" * 400 + "````\n"
    cut = notes.cut(text, 600)
    assert "````\n\n… cut here" in cut


def test_the_mark_that_closes_a_fence_is_counted() -> None:
    text = f"{'`' * 50}\n" + "x\n" * 300 + f"{'`' * 50}\n"
    for limit in range(200, 260):
        cut = notes.cut(text, limit)
        assert notes.units(cut) <= limit
        assert "`" * 50 + "\n\n… cut here" in cut


@pytest.mark.case("F19")
@given(
    st.lists(
        st.sampled_from(["- x\n", "  y\n", "```\n", f"{'`' * 40}\n", "😀" * 30 + "\n", "\n", "~~~~\n"]), max_size=60
    ),
    st.integers(200, 800),
)
def test_never_longer_than_the_limit(lines: list[str], limit: int) -> None:
    assert notes.units(notes.cut("".join(lines), limit)) <= limit
