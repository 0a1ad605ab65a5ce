"""An end to work that grows with the square of its text: a guard against hanging, no measurement.

How time grows with length is measured by `tests/fuzz/growth.py`.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 60.0


@contextmanager
def patience(seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Let what is inside work for so many seconds of CPU time; AssertionError behind that, also out of a pattern's match.

    Where the system has no such timer (Windows), nothing ends it.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def end(*_: object) -> None:
        raise AssertionError(f"still at work after {seconds:g} seconds of CPU time")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
