"""`verbump next` and nothing else on the command line: answered without click where the repository is plain."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def answer(words: Sequence[str]) -> bool:
    """Whether the next version was printed; False where the usual way has to be gone."""
    if list(words) != ["next"] or sys.platform == "win32":
        return False
    if any(name.startswith(("VERBUMP_", "_VERBUMP_")) for name in os.environ):
        return False
    from verbump.effects import quick_look

    version = quick_look.next_version(".")
    if version is None:
        return False
    sys.stdout.write(f"{version}\n")
    sys.stdout.flush()
    return True
