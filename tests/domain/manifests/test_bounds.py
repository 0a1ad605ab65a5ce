"""Release numbers: where the next breaking version lies."""

from __future__ import annotations

import pytest

from verbump.domain.manifests import bounds

NEXT = [
    ("1.3.5", 1, "2"),
    ("1.3.5", 3, "2.0.0"),
    ("0.3.1", 2, "0.4"),
    ("0.3.1", 3, "0.4.0"),
    ("0.3.1", 1, "1"),
    ("0.0.7", 3, "0.0.8"),
    ("0.0.7", 2, "0.1"),
    ("0.0.7", 1, "1"),
    ("0.0.0", 3, "0.0.1"),
    ("0.0", 3, "0.1.0"),
    ("0", 3, "1.0.0"),
    ("1.2", 4, "2.0.0.0"),
]


@pytest.mark.parametrize(("numbers", "precision", "wanted"), NEXT)
def test_next_breaking(numbers: str, precision: int, wanted: str) -> None:
    found = bounds.next_breaking([int(each) for each in numbers.split(".")], precision)
    assert bounds.render(found) == wanted


@pytest.mark.parametrize(("precision", "wanted"), [(1, (1,)), (2, (1, 2)), (3, (1, 2, 0)), (5, (1, 2, 0, 0, 0))])
def test_precision(precision: int, wanted: tuple[int, ...]) -> None:
    assert bounds.at_precision((1, 2), precision) == wanted
