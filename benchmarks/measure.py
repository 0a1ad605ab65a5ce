"""Two commands in turn, A B A B …: ratios pair by pair, so that a machine whose speed drifts does not decide."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run, where; `status` are the exit statuses that count as done. `reset` is run before, unmeasured."""

    argv: Sequence[str]
    folder: Path
    environment: Mapping[str, str] | None = None
    status: tuple[int, ...] = (0,)
    reset: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: seconds on the wall and of CPU (children included), KiB of the largest process."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Minimum, median and maximum."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Figure:
        """Of at least one value."""
        return cls(low=min(values), middle=statistics.median(values), high=max(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The runs of two commands and the ratios first/second of their wall times."""

    first: list[Run]
    second: list[Run]

    @property
    def ratio(self) -> Figure:
        """Pair by pair."""
        return Figure.of([a.wall / b.wall for a, b in zip(self.first, self.second, strict=True)])


def run_once(command: Command) -> Run:
    """One run of a command, its output thrown away.

    Raises:
        SystemExit: it could not be run, or ended with another status than `command.status`.
    """
    if command.reset:
        subprocess.run(command.reset, check=True, cwd=command.folder)
    environment = {**os.environ, **(command.environment or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an install that never wrote bytecode starts several times slower
    with open(os.devnull, "r+b") as nowhere:  # noqa: PTH123  os.devnull is no path on every system
        begin = time.perf_counter()
        process = subprocess.Popen(
            list(command.argv), cwd=command.folder, env=environment, stdin=nowhere, stdout=nowhere, stderr=nowhere
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.status:
        raise SystemExit(f"{' '.join(command.argv)} ended with {process.returncode} in {command.folder}")
    return Run(wall=wall, cpu=used.ru_utime + used.ru_stime, peak=used.ru_maxrss)


def compare(first: Command, second: Command, *, runs: int, most_seconds: float = 30.0) -> Pair:
    """`runs` runs of each, in turn, after an uncounted one; fewer, but three, where they take longer than that."""
    begin = time.perf_counter()
    run_once(first)
    run_once(second)
    once = time.perf_counter() - begin
    fitting = max(_FEWEST, min(runs, int(most_seconds / once)))
    pairs = [(run_once(first), run_once(second)) for _ in range(fitting)]
    return Pair(first=[a for a, _ in pairs], second=[b for _, b in pairs])
