"""Which pull requests and issues a release tells."""

from __future__ import annotations

import pytest

from verbump.planning import after_push


@pytest.mark.parametrize(
    ("section", "numbers"),
    [
        ("- Streams ([#12](https://x/issues/12), [abc1234](https://x))\n- Files (#3, #12)", (12, 3)),
        ("(other/repo#4) a#5 https://x/#6 &#7; ##8 #9a #0 #012 #10-x C#", ()),
        ("#1: and #2.", (1, 2)),
        ("#1234567890123456789", ()),
        ("", ()),
    ],
)
def test_numbers_of_a_section(section: str, numbers: tuple[int, ...]) -> None:
    assert after_push.find_numbers(section) == numbers


def test_no_more_than_fifty() -> None:
    assert after_push.find_numbers(" ".join(f"#{number}" for number in range(1, 1000))) == tuple(range(1, 51))
