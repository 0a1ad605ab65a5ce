"""How the time of every parser grows with its text: at 4n it may take less than 6 times as long as at n.

python tests/fuzz/growth.py [TARGET ...] [--longest 1000000]

Every prefix, repeated atom and suffix; the best of several tries, in CPU time of this process, so that other work on the
machine counts little. Texts grow until one takes a measurable time or is `longest`. Exit 1 where something grows faster.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from fuzz.targets import ATOMS, PREFIXES, SUFFIXES, TARGETS, survives

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 6.0
_MEASURABLE_SECONDS = 0.02
_PATIENCE_SECONDS = 30.0


def main() -> int:
    """0, or 1 where time grows faster than the text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--longest", type=int, default=1_000_000)
    options = parser.parse_args()
    failed = 0
    for name in options.targets or TARGETS:
        worst, where = 0.0, ""
        for shape in itertools.product(PREFIXES, ATOMS, SUFFIXES):
            ratio = growth(TARGETS[name], shape, options.longest)
            if ratio > worst:
                worst, where = ratio, repr(shape)
        failed += worst >= LIMIT
        sys.stdout.write(f"{name:<18}{worst:>8.2f}  {where}\n")
        sys.stdout.flush()
    return 1 if failed else 0


def growth(target: Callable[[str], None], shape: tuple[str, str, str], longest: int) -> float:
    """Time at 4n over time at n, for the smallest n that is measurable; 0 where none up to `longest` / 4 is."""
    size = 1000
    while size * 4 <= longest:
        once = best_seconds(target, shape, size, tries=1)
        if once >= _MEASURABLE_SECONDS:
            break
        size *= 4
    else:
        return 0.0
    ratio = LIMIT
    for tries in (1, 3, 7):  # a disturbance is measured again, growth stays
        ratio = best_seconds(target, shape, size * 4, tries) / best_seconds(target, shape, size, tries + 2)
        if ratio < LIMIT:
            break
    return ratio


def best_seconds(target: Callable[[str], None], shape: tuple[str, str, str], size: int, tries: int) -> float:
    """CPU seconds of the quickest of `tries` runs on a text of about `size` characters."""
    prefix, atom, suffix = shape
    text = prefix + atom * (size // len(atom)) + suffix
    found = []
    for _ in range(tries):
        start = time.process_time()
        survives(target, text)
        found.append(time.process_time() - start)
        if found[-1] > _PATIENCE_SECONDS:
            break
    return max(min(found), 1e-9)


if __name__ == "__main__":
    sys.exit(main())
