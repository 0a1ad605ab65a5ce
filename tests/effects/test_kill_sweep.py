"""A sample of benchmarks/kill_sweep.py: killed or failing anywhere, a release is not begun or finishes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from support import faults, forking
from support.faults import Fault
from support.git_repo import GitRepo
from support.sweep_case import Case
from support.sweeping import RELEASE, RESUME, Sweep, Tally
from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from support.running import Result

_MADE: list[Sweep] = []

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults come through LD_PRELOAD")


@pytest.fixture
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sweep]:
    """One for all tests: what comes of a state is worked out once. Made in the first one, whose environment is ours."""
    with forking.serving():
        if not _MADE:
            folder = tmp_path_factory.mktemp("sweep")
            _MADE.append(Sweep(Case.create(folder / "one"), folder / "of-one", faults.build(folder, require("cc"))))
        yield _MADE[0]


def spread(numbers: Sequence[int], count: int) -> list[int]:
    """`count` of the numbers, at even distances."""
    return [numbers[len(numbers) * each // count] for each in range(count)]


def assert_survived(
    sweep: Sweep, points: Sequence[Fault], start: Case | None = None, words: tuple[str, ...] = RELEASE
) -> None:
    tally = sweep.run(points, sweep.folder / "points", start, words)
    assert tally.faults == []
    assert (tally.events, tally.half) == (len(points), 0)
    assert tally.resumed == tally.old + tally.released == tally.events
    assert tally.restored == tally.old


@pytest.mark.case("F07")
def test_killed_around_every_step_and_in_between(sweep: Sweep) -> None:
    events = sweep.read_events(sweep.case)
    steps = [event.number for event in events if event.notes_step]
    assert len(steps) == 8, "one for each step of the journal"
    chosen = {*steps, *(step + 1 for step in steps), *spread([event.number for event in events], 50)}
    assert_survived(sweep, [Fault(at=at) for at in sorted(chosen)])


@pytest.mark.case("F07")
def test_git_alone_killed(sweep: Sweep) -> None:
    numbers = [event.number for event in sweep.read_events(sweep.case, only="git")]
    assert_survived(sweep, [Fault(at=at, how="self", only="git") for at in [*spread(numbers, 6), *numbers[-3:]]])


@pytest.mark.case("F10")
def test_killed_while_it_is_resumed(sweep: Sweep, tmp_path: Path) -> None:
    steps = [event.number for event in sweep.read_events(sweep.case) if event.notes_step]
    start = sweep.case.copy(tmp_path / "interrupted")
    sweep.hit(start, Fault(at=steps[2] + 1))
    numbers = [event.number for event in sweep.read_events(start, RESUME)]
    assert_survived(sweep, [Fault(at=at) for at in spread(numbers, 6)], start=start, words=RESUME)


@pytest.mark.case("F09")
@pytest.mark.parametrize("name", ["EIO", "EACCES", "ENOSPC"])
def test_write_sync_or_rename_fails(sweep: Sweep, name: str) -> None:
    numbers = [event.number for event in sweep.read_events(sweep.case) if event.writes]
    assert_survived(sweep, [Fault(at=at, how=name, lasting=name == "ENOSPC") for at in spread(numbers, 4)])


def test_that_the_sweep_sees_half_a_remote(sweep: Sweep, tmp_path: Path) -> None:
    """The check is not blind: a tag without its branch, a lock and a lost file are found."""
    case = sweep.case.copy(tmp_path / "half")
    result = sweep.hit(case, Fault(at=1))
    GitRepo(case.remote.path).git("update-ref", "refs/tags/v1.3.0", "main")
    tally = faults_of(sweep, case, result)
    assert any("half a remote" in each for each in tally)
    case = sweep.case.copy(tmp_path / "lost")
    (case.repo.path / "mine.txt").unlink()
    (case.repo.path / ".git" / "refs" / "heads" / "other.lock").touch()
    result = case.verbump("release", "--yes")
    assert any("mine.txt" in each for each in faults_of(sweep, case, result))


def faults_of(sweep: Sweep, case: Case, result: Result) -> list[str]:
    return list(sweep.check(case, result, Tally()))
