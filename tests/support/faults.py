"""One fault at the n-th event of a program and its children: SIGKILL, or a system call that fails. Linux only.

An event changes a file or a process; `faults.c` says which. Counted through LD_PRELOAD, so no right is needed and
nothing slows down.
"""

from __future__ import annotations

import errno
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).with_name("faults.c")
_WRITING = ("open", "openat", "write", "pwrite", "fsync", "fdatasync", "ftruncate", "rename", "link", "mkdir")
_SETTLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens at event `at` (0: nothing).

    `how`: "group" kills the whole process group before it, "self" only the process that does it; the name of an errno
    lets it fail. `lasting`: so do all later ones that write. `only`: count programs whose name begins so.
    """

    at: int = 0
    how: str = "group"
    lasting: bool = False
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    number: int
    program: str
    operation: str
    path: str

    @property
    def writes(self) -> bool:
        """Whether it makes, writes, syncs or renames something."""
        return self.operation.startswith(_WRITING)

    @property
    def notes_step(self) -> bool:
        """Whether it puts a step of the release into verbump's journal."""
        return self.operation == "rename" and self.path.endswith("/verbump/journal.json")


def build(folder: Path, compiler: str = "cc") -> Path:
    """The compiled library, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / "faults.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


def variables(library: Path, folder: Path, fault: Fault) -> dict[str, str]:
    """The environment that brings the fault about; `folder` holds the count and the log of this run."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "count").write_bytes(b"\0" * 8)
    (folder / "log").write_bytes(b"")
    how = fault.how if fault.how in {"group", "self"} else str(getattr(errno, fault.how))
    return {
        "LD_PRELOAD": str(library),
        "FAULT_COUNTER": str(folder / "count"),
        "FAULT_LOG": str(folder / "log"),
        "FAULT_AT": str(fault.at),
        "FAULT_HOW": how,
        "FAULT_LASTING": "1" if fault.lasting else "",
        "FAULT_ONLY": fault.only,
    }


def read_events(folder: Path) -> list[Event]:
    """What happened, in order."""
    events = []
    for line in (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines():
        number, program, operation, path = line.split("\t", 3)
        events.append(Event(number=int(number), program=program, operation=operation, path=path))
    return sorted(events, key=lambda event: event.number)


def wait_for_survivors(folder: Path) -> None:
    """Return when no process works in or on `folder` any more: a server that outlived its client ends by itself."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while any(True for _ in _users(os.fspath(folder))):
        assert time.monotonic() < deadline, f"still at work: {list(_users(os.fspath(folder)))}"
        time.sleep(0.005)


def _users(folder: str) -> Iterator[bytes]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (
                os.fspath((process / "cwd").readlink()).startswith(folder)
                and (process / "stat").read_text().split(") ")[1][0] != "Z"
            ):
                yield (process / "cmdline").read_bytes()
        except OSError:
            continue
