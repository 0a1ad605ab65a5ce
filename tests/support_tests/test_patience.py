"""The guard against hanging tests."""

from __future__ import annotations

import re
import sys

import pytest

from support.patience import patience


@pytest.mark.skipif(sys.platform == "win32", reason="no timer of CPU time there")
def test_ends_a_match_that_backtracks() -> None:
    with pytest.raises(AssertionError, match=r"still at work after 0\.1 seconds"), patience(0.1):
        re.match("(a+)+b", "a" * 60)


def test_says_nothing_about_what_ends() -> None:
    with patience(60):
        assert re.match("a+", "aaa")
