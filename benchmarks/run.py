"""Measure verbump against the floor of what is possible and against other tools; print a table of ratios.

    python benchmarks/run.py [--quick] [--longest N] [--runs 9] [--only WORD] [--no-peers] [--keep FOLDER] [--save]

--save writes benchmarks/results.json, and from it the table and the picture of docs/performance.md and the README's
sentence. Histories and other tools' environments are kept in build/benchmarks. No absolute time decides anything: each
row is a ratio of two commands that were run in turn.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import jobs
import page
from measure import Figure, Pair, compare

if TYPE_CHECKING:
    from jobs import Job
    from measure import Run

_HERE = Path(__file__).parent
ROOT = _HERE.parent / "build" / "benchmarks"
_MIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A job and what was measured."""

    job: Job
    pair: Pair

    @property
    def is_met(self) -> bool | None:
        """Whether the median ratio keeps the target; None where there is none."""
        return None if self.job.target is None else self.pair.ratio.middle <= self.job.target

    def line(self) -> str:
        """A row of the table."""
        ratio, job = self.pair.ratio, self.job
        wall = Figure.of([run.wall for run in self.pair.first])
        peak = max(run.peak for run in self.pair.first) / _MIB
        target = "" if job.target is None else f"{job.target:.2f} {'met' if self.is_met else 'NOT MET'}"
        each = f"{wall.middle / job.commits * 1e6:.1f}" if job.commits else ""
        return (
            f"| {job.subject} | {f'{job.commits:,}' if job.commits else ''} | {job.against} "
            f"| {ratio.low:.3f} | {ratio.middle:.3f} | {ratio.high:.3f} | {target} | {peak:.0f} | {each} |"
        )


HEADER = (
    "| job | commits | against | min | median | max | target | peak MiB | µs a commit |\n"
    "|---|--:|---|--:|--:|--:|---|--:|--:|"
)


def main() -> None:
    """Measure what the words ask for; exit status 1 where a target is not met."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true", help="histories up to 30,000 commits, 3 runs")
    words.add_argument("--longest", type=int, default=1_000_000, help="the longest history, in commits")
    words.add_argument("--runs", type=int, default=9, help="pairs of runs for each row")
    words.add_argument("--only", default="", help="only rows whose job or opponent holds this word")
    words.add_argument("--no-peers", action="store_true", help="leave the other tools out")
    words.add_argument("--keep", type=Path, default=ROOT, help="where histories and environments are kept")
    words.add_argument("--save", action="store_true", help="write results.json, the page's table, the picture")
    given = words.parse_args()
    longest, runs = (30_000, 3) if given.quick else (given.longest, given.runs)
    root: Path = given.keep.resolve()
    root.mkdir(parents=True, exist_ok=True)
    machine = describe_machine()
    compile_all()
    print(HEADER, flush=True)
    rows = []
    for job in jobs.all_jobs(root, longest=longest, with_peers=not given.no_peers):
        if given.only not in f"{job.subject} {job.against}":
            continue
        row = Row(job=job, pair=compare(job.first, job.second, runs=runs))
        print(row.line(), flush=True)
        rows.append(row)
    data = {"machine": machine, "rows": [as_data(row) for row in rows]}
    print("\n" + page.growth(data))
    if given.save:
        page.save(data)
    missed = [row for row in rows if row.is_met is False]
    print(f"\n{len(rows)} rows, {len(missed)} targets not met")
    sys.exit(1 if missed else 0)


def compile_all() -> None:
    """Write the bytecode of verbump and of what it uses: installers need not have, and a first run would pay for it."""
    folders = [sysconfig.get_path("purelib"), str(_HERE.parent / "verbump")]
    # In another process: a child's peak of memory begins with what its parent holds.
    subprocess.run([sys.executable, "-m", "compileall", "-qq", *folders], check=False)


def describe_machine() -> dict[str, object]:
    """What the figures depend on: the versions, the cores, and how busy they were when the run began."""
    git = subprocess.run(["git", "version"], check=True, capture_output=True, text=True).stdout.split()[2]
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "python": platform.python_version(),
        "git": git,
        "system": platform.system(),
        "cores": os.cpu_count(),
        "load": round(load, 1),
    }


def as_data(row: Row) -> dict[str, object]:
    """A row as plain data: seconds and KiB of every run."""
    return {
        "subject": row.job.subject,
        "against": row.job.against,
        "tool": row.job.tool,
        "commits": row.job.commits,
        "target": row.job.target,
        "first": [_rounded(run) for run in row.pair.first],
        "second": [_rounded(run) for run in row.pair.second],
    }


def _rounded(run: Run) -> list[float]:
    return [round(run.wall, 5), round(run.cpu, 5), run.peak]


if __name__ == "__main__":
    main()
