"""The growth of every parser without a clock: lines of verbump that run, at n and at 4n. By the clock: growth.py."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from fuzz.targets import ATOMS, PREFIXES, TARGETS, survives
from support.running import ROOT

if TYPE_CHECKING:
    from types import FrameType

SIZE = 64
LIMIT = 6
HERE = str(ROOT / "verbump")


def lines_run(name: str, text: str) -> int:
    """How many lines of verbump the target runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(HERE):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        survives(TARGETS[name], text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.case("S18")
@pytest.mark.parametrize("name", TARGETS)
def test_work_grows_with_the_text(name: str) -> None:
    for prefix in PREFIXES:
        for atom in ATOMS:
            small, large = (lines_run(name, prefix + atom * size) for size in (SIZE, 4 * SIZE))
            assert large < LIMIT * max(small, SIZE), (prefix, atom, small, large)


def test_that_quadratic_work_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from verbump.domain import footers

    def quadratic(text: str) -> None:
        for _ in text:
            footers.plain_lines(text)

    monkeypatch.setitem(TARGETS, "quadratic", quadratic)
    small, large = (lines_run("quadratic", "a\n" * size) for size in (SIZE, 4 * SIZE))
    assert large >= LIMIT * small
