"""What something long is doing, on stderr: a line that moves on a terminal, a line a step elsewhere."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from verbump.cli import output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager


def step_reporter(*, is_quiet: bool) -> Callable[[str], AbstractContextManager[None]]:
    """What is entered around each step of something long: its title and its time on stderr, nothing with -q.

    On a terminal the title moves while the step runs; elsewhere there is one line when it is over.
    """

    @contextmanager
    def reported(title: str) -> Iterator[None]:
        start = time.monotonic()
        with _spinner(title) if sys.stderr.isatty() else nullcontext():
            yield
        output.echo_error(f"{title} ({time.monotonic() - start:.1f} s)")

    return (lambda _: nullcontext()) if is_quiet else reported


def _spinner(title: str) -> AbstractContextManager[object]:
    """A line on a terminal that moves, with the time that the step has taken."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.text import Text

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
    progress = Progress(*columns, console=console, transient=True)
    progress.add_task(Text(output.safe(title)).plain, total=None)
    return progress
