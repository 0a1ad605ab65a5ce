"""Maintenance branches: which names promise a range of versions, and which range.

Source: commands.md, `release_branches`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.domain import versions
from verbump.domain.bumps import Bump

if TYPE_CHECKING:
    from verbump.domain.versions import Version

_MAINTENANCE = re.compile(r"v?(0|[1-9][0-9]{0,9})(?:\.(0|[1-9][0-9]{0,9}|x))?\.x")
_LIKE_MAINTENANCE = re.compile(r"v?[0-9][0-9.x]*\.x")


def range_of(branch: str) -> tuple[Version, Version] | None:
    """The versions that a maintenance branch may release, [low, high): 1.2.x holds 1.2.0 up to 1.3.0, 1.x up to 2.0.0.

    None for any other name. The last part of a path counts, with or without a v: `release/1.2.x`, `v1.x`; 1.x.x is 1.x.
    """
    found = _MAINTENANCE.fullmatch(branch.rpartition("/")[2])
    if found is None:
        return None
    minor = None if found[2] in {None, "x"} else int(found[2])
    low = versions.Version(int(found[1]), minor or 0, 0)
    return low, versions.raised(low, Bump.MAJOR if minor is None else Bump.MINOR)


def is_like_one(branch: str) -> bool:
    """Whether a branch is named as if it kept to a range, though range_of may not read which: 1.2.3.x."""
    return _LIKE_MAINTENANCE.fullmatch(branch.rpartition("/")[2]) is not None
