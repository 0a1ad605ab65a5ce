"""`verbump --version`, `next` and `changelog --all`, just so: without click, the latter two in a plain repository."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def answer(words: Sequence[str]) -> bool:
    """Whether the answer was printed; False where the usual way has to be gone."""
    if tuple(words) not in _ANSWERS or sys.platform == "win32":
        return False
    if any(name.startswith(("VERBUMP_", "_VERBUMP_")) for name in os.environ):
        return False
    answer = _ANSWERS[tuple(words)]()
    if answer is None:
        return False
    sys.stdout.flush()
    try:
        sys.stdout.buffer.write(answer)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone (`verbump changelog --all | head`): leave without a second error at shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def _version() -> bytes:
    from verbump import __version__

    return f"verbump {__version__}\n".encode()


def _next() -> bytes | None:
    from verbump.effects import quick_look

    version = quick_look.next_version(".")
    return f"{version}\n".encode() if version is not None else None


def _whole_changelog() -> bytes | None:
    if sys.stdout.encoding.lower() not in {"utf-8", "utf8"}:
        return None  # what the terminal has no letters for is written otherwise
    from verbump.effects import quick_changelog

    return quick_changelog.whole_document(".")


_ANSWERS = {("--version",): _version, ("next",): _next, ("changelog", "--all"): _whole_changelog}
