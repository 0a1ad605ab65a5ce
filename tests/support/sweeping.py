"""A release hit by a fault at one event after another, and what must hold afterwards. Source: reliability I1–I8."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from support import faults, forking
from support.faults import Event, Fault
from support.git_repo import GitRepo
from support.sweep_case import CANARY, Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from support.running import Result

RELEASE = ("release", "--yes")
RESUME = ("release", "--resume")
_RANDOM = re.compile(r"(tmp_obj_|verbump-(?:export-[0-9a-f]{12}-)?|#)[A-Za-z0-9_]+")
_BEGUN = re.compile(rb'"begun": [0-9.]+')


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a sweep found. `faults` names each event after which something did not hold."""

    events: int = 0
    old: int = 0
    released: int = 0
    half: int = 0
    resumed: int = 0
    restored: int = 0
    states: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another tally in, but for what it found."""
        self.states |= other.states
        for name in ("events", "old", "released", "half", "resumed", "restored"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Sweep:
    """A command on a case, hit by faults. What it does undisturbed is known from a run of its own, in `folder`."""

    def __init__(self, case: Case, folder: Path, library: Path) -> None:
        self.case = case
        self.folder = folder
        self.library = library
        self.before = _seen(case)
        self.there = case.remote.refs()
        done = case.copy(folder / "reference")
        assert done.verbump("release", "--yes").code == 0
        self.after = _finished(done)
        self.released = done.remote.refs()
        self.started = done.started()
        assert bool(self.started) == (case.github is not None)
        self._known: dict[str, Tally] = {}

    def read_events(self, start: Case, words: tuple[str, ...] = RELEASE, *, only: str = "") -> list[Event]:
        """What the command does undisturbed on a copy of `start`."""
        case = start.at(self.folder / "counted")
        result = self.hit(case, Fault(only=only), words)
        assert result.code == 0, result.stderr
        return faults.read_events(self.folder / "counted-faults")

    def read_steps(self) -> list[tuple[int, str]]:
        """The events of a release that note a step in the journal, and the step's name."""
        found = []
        for event in self.read_events(self.case):
            if event.notes_step:
                case = self.case.copy(self.folder / "step")
                self.hit(case, Fault(at=event.number + 1))
                journal = json.loads((case.repo.path / ".git" / "verbump" / "journal.json").read_text(encoding="utf-8"))
                found.append((event.number, journal["step"]))
        return found

    def run(
        self,
        points: Sequence[Fault],
        folder: Path,
        start: Case | None = None,
        words: tuple[str, ...] = RELEASE,
        jobs: int | None = None,
    ) -> Tally:
        """What came of the faults, `jobs` (of the machine's processors) at a time: each hits a copy of `start`."""
        tally, lock = Tally(), threading.Lock()

        def point(fault: Fault) -> None:
            case = (start or self.case).at(folder / str(threading.get_ident()))
            one = Tally()
            found = list(self.check(case, self.hit(case, fault, words), one))
            with lock:
                tally.add(one)
                tally.faults += [f"{' '.join(words)}: {fault}: {each}" for each in found]

        with forking.serving(), ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
            list(pool.map(point, points))
        return tally

    def hit(self, case: Case, fault: Fault, words: tuple[str, ...] = RELEASE) -> Result:
        """Run the command with the fault in it, and wait until everything has come to rest."""
        try:
            return case.verbump(*words, env=self._variables(case, fault))
        finally:
            faults.wait_for_survivors(case.folder)

    def check(self, case: Case, result: Result, tally: Tally) -> Iterator[str]:
        """What does not hold after a fault; the case is undone on the way, and finished.

        Many events leave the same bytes on disk: what comes of those is worked out once.
        """
        there = case.remote.refs()
        yield from self._now(case, result)
        if result.code == 0 and there == self.there:
            yield "exit 0, but nothing is released"
        state = _digest(case)
        known = self._known.get(state)
        if known is None:
            known = Tally(events=1, states={state})
            known.faults += self._aftermath(case, there, known)
            self._known[state] = known
        tally.add(known)
        yield from known.faults

    def _aftermath(self, case: Case, there: dict[str, str], tally: Tally) -> Iterator[str]:
        if there == self.there:
            tally.old += 1
            yield from self._restore(case, tally)
        elif there == self.released:
            tally.released += 1
        else:
            tally.half += 1
            yield f"half a remote: {there}"
            return
        if case.github and there == self.released:
            yield from self._finish_elsewhere(case)
        yield from self._finish(case, tally)

    def _now(self, case: Case, result: Result) -> Iterator[str]:
        if "Traceback" in result.stderr or result.code in {1, 70}:
            yield f"exit {result.code}: {result.stderr}"
        if result.code in {2, 4, 5, 130} and "not-undone" not in result.stderr and _seen(case) != self.before:
            yield f"exit {result.code}, but something has changed"
        secrets = [str(path) for path in (case.repo.path / ".git" / "verbump").rglob("*") if _holds_canary(path)]
        if secrets or CANARY in result.stdout + result.stderr:
            yield f"I7: the token is in {secrets or 'the output'}"
        snapshot = _seen(case)
        for part in ("stash", "config"):
            if snapshot[part] != self.before[part]:
                yield f"I2: {part} has changed"

    def _restore(self, case: Case, tally: Tally) -> Iterator[str]:
        # In place, so that all is named as it was; the copy takes its place afterwards.
        kept = case.copy(case.folder.with_name(f"{case.folder.name}-kept"))
        result = case.verbump_in_peace("release", "--abort")
        if result.code not in {0, 3}:
            yield f"--abort: exit {result.code}: {result.stderr}"
        elif (after := _seen(case)) != self.before:
            yield f"I6: --abort did not restore {_differing(after, self.before)}"
        elif result.code == 0 and (left := case.leftovers()):
            yield f"I4: --abort left {left}"
        else:
            tally.restored += 1
        shutil.rmtree(case.folder)
        kept.folder.rename(case.folder)

    def _finish_elsewhere(self, case: Case) -> Iterator[str]:
        """What stands on the remote is finished from a fresh clone as well; what was killed finds it done."""
        clone = GitRepo.clone(f"file://{case.remote.path}", case.folder.with_name(f"{case.folder.name}-elsewhere"))
        clone.git("remote", "set-url", "origin", case.repo.git("config", "remote.origin.url"))
        result = forking.verbump("release", "--resume", cwd=clone.path, env=case.variables())
        shutil.rmtree(clone.path)
        if result.code not in {0, 3}:
            yield f"--resume in a fresh clone: exit {result.code}: {result.stderr}"
        elif case.started() != self.started:
            yield f"I5: after --resume in a fresh clone {case.started()} are started"

    def _finish(self, case: Case, tally: Tally) -> Iterator[str]:
        result = case.verbump_in_peace("release", "--resume")
        if result.code == 3:
            result = case.verbump_in_peace("release", "--yes", "--if-needed")
        if result.code != 0:
            yield f"--resume: exit {result.code}: {result.stderr}"
        elif case.remote.refs() != self.released:
            yield "I1: the remote is not as it should be at the end"
        elif case.started() != self.started:
            yield f"I5: {case.started()} are started"
        elif (after := _finished(case)) != self.after:
            yield f"I2, I3, I5: not as without the fault: {_differing(after, self.after)}"
        elif left := case.leftovers():
            yield f"I4: left {left}"
        elif said := case.repo.git("fsck", "--strict", "--no-dangling", check=False):
            yield f"I4: git fsck: {said}"
        elif (again := case.verbump_in_peace("release", "--resume").code) != 3:
            yield f"I5: a second --resume ends with {again}"
        else:
            tally.resumed += 1

    def _variables(self, case: Case, fault: Fault) -> dict[str, str]:
        return faults.variables(self.library, case.folder.with_name(f"{case.folder.name}-faults"), fault)


def _digest(case: Case) -> str:
    """Stands for everything on disk: bytes, but for times of day, random names and git's note of inode numbers."""
    parts = [repr(_seen(case)), repr(case.remote.refs()), repr(case.started())]
    for path in sorted(case.folder.rglob("*")):
        name = _RANDOM.sub(r"\1", str(path.relative_to(case.folder)))
        content = b""
        if path.is_file() and not path.is_symlink() and path.name != "index" and "logs" not in path.parts:
            content = path.read_bytes()
        content = _BEGUN.sub(b"", content.replace(str(case.folder).encode(), b""))
        parts.append(f"{name} {hashlib.sha256(content).hexdigest()}")
    return hashlib.sha256("\n".join(sorted(parts)).encode("utf-8", "surrogateescape")).hexdigest()


def _seen(case: Case) -> dict[str, Any]:
    """What the user sees, but for the time of day and repetitions in reflogs."""
    snapshot: dict[str, Any] = case.repo.snapshot()
    # git writes a reflog before it moves the ref: killed in between, it says twice what happened once.
    timeless = [[re.sub(rb"> \d+ ", b"> ", line) for line in log] for log in snapshot["reflogs"]]
    return {**snapshot, "reflogs": [[line for line, _ in itertools.groupby(log)] for log in timeless]}


def _finished(case: Case) -> dict[str, Any]:
    """As seen at the end, less the own line of the release in reflogs: HEAD gets it only after the branch has moved."""
    seen = _seen(case)
    return {**seen, "reflogs": [[line for line in log if b"\tverbump: " not in line] for log in seen["reflogs"]]}


def _differing(one: dict[str, object], other: dict[str, object]) -> str:
    return "; ".join(
        f"{part}: {one[part]!r} instead of {other[part]!r}"[:600] for part in one if one[part] != other[part]
    )


def _holds_canary(path: Path) -> bool:
    return path.is_file() and CANARY.encode() in path.read_bytes()
