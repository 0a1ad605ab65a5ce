"""Names of maintenance branches, and the ranges that they promise."""

from __future__ import annotations

import pytest

from verbump.domain import maintenance
from verbump.domain.versions import parse

RANGES = [
    ("1.2.x", "1.2.0", "1.3.0"),
    ("1.x", "1.0.0", "2.0.0"),
    ("1.x.x", "1.0.0", "2.0.0"),
    ("0.0.x", "0.0.0", "0.1.0"),
    ("release/v0.3.x", "0.3.0", "0.4.0"),
]
NO_RANGES = ["main", "x", "", "1.2.3", "01.x", "1٣.x", "1.2.3.x", "foo-1.x", "1.x/feature", "1.x\n", "x.x", "1.x.x.x"]


@pytest.mark.parametrize(("branch", "low", "high"), RANGES)
def test_maintenance_range(branch: str, low: str, high: str) -> None:
    assert maintenance.range_of(branch) == (parse(low), parse(high))


@pytest.mark.parametrize("branch", NO_RANGES)
def test_no_maintenance_range(branch: str) -> None:
    assert maintenance.range_of(branch) is None


LIKE = {
    "1.2.3.x": True,
    "01.x": True,
    "team/v1.x.x.x": True,
    "1.2.x": True,
    "main": False,
    "x": False,
    "fix-1.x": False,
}


@pytest.mark.parametrize(("branch", "wanted"), LIKE.items())
def test_named_like_a_maintenance_branch(branch: str, wanted: bool) -> None:
    assert maintenance.is_like_one(branch) is wanted
