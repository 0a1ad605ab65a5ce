"""Release numbers of any precision: how an upper bound is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The numbers of a version, most significant first: (1, 2) for 1.2.
Numbers = tuple[int, ...]


def at_precision(numbers: Sequence[int], precision: int) -> Numbers:
    """`numbers` cut or filled with zeros to so many parts."""
    return tuple(numbers[:precision]) + (0,) * (precision - len(numbers))


def next_breaking(numbers: Sequence[int], precision: int) -> Numbers:
    """The first version after `numbers` that may break its users, of so many parts: 2 for 1.3.5, 0.4 for 0.3.1.

    Always above `numbers`: where the parts are too few to tell (0.3.1 in one part), the last of them is raised.
    Source: The Cargo Book, "SemVer compatibility"; SemVer 2.0.0, 4.
    """
    first = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
    place = min(first, precision - 1)
    raised = [*numbers[:place], numbers[place] + 1]
    return at_precision(raised, precision)


def render(numbers: Sequence[int]) -> str:
    """`1.2.3`."""
    return ".".join(map(str, numbers))
