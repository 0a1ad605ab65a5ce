"""Measure verbump against the floor of what is possible and against other tools; print a table of ratios.

    python benchmarks/run.py [--quick] [--longest 1000000] [--runs 5] [--only WORD] [--plot FILE] [--json FILE]

Histories and other tools' environments are kept in build/benchmarks. No absolute time decides anything: each row is a
ratio of two commands that were run in turn.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import jobs
from measure import Figure, Pair, compare

if TYPE_CHECKING:
    from jobs import Job

ROOT = Path(__file__).parent.parent / "build" / "benchmarks"
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
    words.add_argument("--runs", type=int, default=5, help="pairs of runs for each row")
    words.add_argument("--only", default="", help="only rows whose job or opponent holds this word")
    words.add_argument("--plot", type=Path, help="write a picture of time over length of history")
    words.add_argument("--json", type=Path, help="write every run as JSON")
    given = words.parse_args()
    longest, runs = (30_000, 3) if given.quick else (given.longest, given.runs)
    ROOT.mkdir(parents=True, exist_ok=True)
    compile_all()
    print(HEADER, flush=True)
    rows = []
    for job in jobs.all_jobs(ROOT, longest=longest):
        if given.only not in f"{job.subject} {job.against}":
            continue
        row = Row(job=job, pair=compare(job.first, job.second, runs=runs))
        print(row.line(), flush=True)
        rows.append(row)
    print("\n" + "\n".join(growth(rows)))
    if given.json:
        given.json.write_text(json.dumps([as_data(row) for row in rows], indent=1) + "\n")
    if given.plot:
        import plot

        plot.draw([as_data(row) for row in rows], given.plot)
    missed = [row for row in rows if row.is_met is False]
    print(f"\n{len(rows)} rows, {len(missed)} targets not met")
    sys.exit(1 if missed else 0)


def compile_all() -> None:
    """Write the bytecode of verbump and of what it uses: installers need not have, and a first run would pay for it."""
    import compileall
    import sysconfig

    for folder in (sysconfig.get_path("purelib"), Path(__file__).parent.parent / "verbump"):
        compileall.compile_dir(folder, quiet=2)


def growth(rows: list[Row]) -> list[str]:
    """Of each job against git, what a commit costs in its longest history over what it costs in its shortest."""
    said = []
    for subject in dict.fromkeys(row.job.subject for row in rows if row.job.commits and row.job.tool == "verbump"):
        same = [row for row in rows if row.job.subject == subject and row.job.tool == "verbump"]
        short, long = min(same, key=lambda row: row.job.commits), max(same, key=lambda row: row.job.commits)
        if short.job.commits == long.job.commits:
            continue
        cost = [Figure.of([run.wall for run in row.pair.first]).middle / row.job.commits for row in (short, long)]
        peak = [max(run.peak for run in row.pair.first) for row in (short, long)]
        said.append(
            f"{subject}: from {short.job.commits:,} to {long.job.commits:,} commits the cost of one is × "
            f"{cost[1] / cost[0]:.2f}, the peak of memory × {peak[1] / peak[0]:.2f}"
        )
    return said


def as_data(row: Row) -> dict[str, object]:
    """A row as plain data: seconds and KiB of every run."""
    return {
        "subject": row.job.subject,
        "against": row.job.against,
        "tool": row.job.tool,
        "commits": row.job.commits,
        "target": row.job.target,
        "first": [[run.wall, run.cpu, run.peak] for run in row.pair.first],
        "second": [[run.wall, run.cpu, run.peak] for run in row.pair.second],
    }


if __name__ == "__main__":
    main()
