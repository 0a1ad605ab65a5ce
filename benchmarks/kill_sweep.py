"""Kill a release at every event that changes a file or a process, and see whether it survives; print what was found.

    python benchmarks/kill_sweep.py [--full] [--only WORD] [--jobs 2] [--folder DIR] [--every N]

Linux with a C compiler. Without --full only the first row. Each point: a fresh copy, the fault, the invariants; then
--abort where nothing is pushed, --resume (or a second release), and the invariants again. Exit 1 where
something did not hold.
"""

from __future__ import annotations

import argparse
import compileall
import os
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support import faults
from support.faults import Fault
from support.running import ROOT
from support.sweep_case import Case
from support.sweep_github import GitHubs
from support.sweeping import RELEASE, RESUME, Sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.sweeping import Tally

# Those of verbump's journal.
STEPS = ("planned", "hooks", "objects", "git_hooks", "pushing", "pushed", "refs", "files")
_GIT_CONFIG = """\
[user]
    name = Test
    email = test@example.invalid
[init]
    defaultBranch = main
[protocol "file"]
    allow = always
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sweep: the faults that hit `words`, each on a copy of `start`."""

    sweep: Sweep
    start: Case
    words: tuple[str, ...]
    points: tuple[Fault, ...]


def main() -> int:
    """0, or 1 where a release did not survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="children alone, kills in --resume, errors, two packages")
    parser.add_argument("--only", default="", help="rows whose name holds this word")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    parser.add_argument("--every", type=int, default=1, help="only every N-th event")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-sweep-", dir=options.folder) as scratch:
        folder = Path(scratch)
        isolate(folder)
        library = faults.build(folder / "library")
        compileall.compile_dir(ROOT / "verbump", quiet=1)  # what is hit writes no bytecode, so it should find some
        print(
            f"{'sweep':<34}{'events':>8}{'states':>8}{'old':>8}{'released':>10}{'half-remote':>13}{'resumed':>9}{'restored':>10}{'failed':>8}"
        )
        failed = 0
        for name, make in rows(folder, library, full=options.full):
            if options.only in name:
                row = make()
                points = row.points[:: options.every]
                failed += show(name, row.sweep.run(points, folder / "points", row.start, row.words, options.jobs))
    return 1 if failed else 0


def isolate(folder: Path) -> None:
    """No configuration and no identity but ours, and one date, so that every release has the same ids."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "GITHUB_", "CI", "VERBUMP_")):
            del os.environ[name]
    config = folder / "gitconfig"
    config.write_text(_GIT_CONFIG)
    values = {"GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    os.environ.update(values, SOURCE_DATE_EPOCH="1795392000", TZ="UTC")


def rows(folder: Path, library: Path, *, full: bool) -> Iterator[tuple[str, Callable[[], Row]]]:
    """The sweeps' names, and what makes each when its turn comes."""

    @cache
    def one() -> Sweep:
        return Sweep(Case.create(folder / "one"), folder / "of-one", library)

    @cache
    def hooked() -> Sweep:
        return Sweep(Case.create(folder / "hooked", hooks=True), folder / "of-hooked", library)

    @cache
    def two() -> Sweep:
        return Sweep(Case.create(folder / "two", packages=("core", "tool")), folder / "of-two", library)

    yield "killed with its children", lambda: row_of(one(), "group")
    if not full:
        return
    yield "git child alone killed", lambda: row_of(one(), "self")
    yield "with hooks, killed", lambda: row_of(hooked(), "group")
    for step in STEPS:
        yield f"--resume killed, after {step}", partial(resumed, one, folder, step)
    for name in ("EIO", "EACCES", "ENOSPC"):
        yield f"{name} at a write, fsync, rename", partial(erring, one, name)
    yield "two packages, killed", lambda: row_of(two(), "group")
    yield "two packages, git child alone", lambda: row_of(two(), "self")
    with closing(GitHubs()) as github:
        four = partial(Case.create, folder / "four", packages=("a", "b", "c", "d"), github=github)
        yield "workflows started, killed", lambda: row_of(Sweep(four(), folder / "of-four", library), "group")


def row_of(sweep: Sweep, how: str, *, resumes: Case | None = None) -> Row:
    """A release hit at every event; or its `--resume`, from the state `resumes`."""
    start, words = (resumes, RESUME) if resumes is not None else (sweep.case, RELEASE)
    only = "git" if how == "self" else ""
    events = sweep.read_events(start, words, only=only)
    points = tuple(
        Fault(at=event.number, how=how, only=only, lasting=how == "ENOSPC")
        for event in events
        if event.writes or how in {"group", "self"}
    )
    return Row(sweep=sweep, start=start, words=words, points=points)


def resumed(one: Callable[[], Sweep], folder: Path, step: str) -> Row:
    """`--resume` hit at every event, after a release that was killed as soon as its journal noted the step."""
    sweep = one()
    at = next(number for number, name in sweep.read_steps() if name == step)
    case = sweep.case.copy(folder / f"after-{step}")
    sweep.hit(case, Fault(at=at + 1))
    return row_of(sweep, "group", resumes=case)


def erring(one: Callable[[], Sweep], name: str) -> Row:
    """Every write, sync and rename fails once, or from there on."""
    return row_of(one(), name)


def show(name: str, tally: Tally) -> int:
    """How much did not hold, printed."""
    print(
        f"{name:<34}{tally.events:>8}{len(tally.states):>8}{tally.old:>8}{tally.released:>10}{tally.half:>13}",
        end="",
    )
    print(f"{tally.resumed:>9}{tally.restored:>10}{len(tally.faults):>8}", flush=True)
    for each in tally.faults:
        print(f"  {each[:2000]}", file=sys.stderr, flush=True)
    return len(tally.faults)


if __name__ == "__main__":
    sys.exit(main())
