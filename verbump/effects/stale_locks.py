"""Lock files that git processes of a killed release left behind, and how they are told from those of a living git."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from verbump.effects import git_objects
from verbump.planning.actions import MoveRefs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.effects.git_history import Location
    from verbump.effects.journal import Record

_PATIENCE_SECONDS = 1.0
_STEP_SECONDS = 0.05


def clear(location: Location, record: Record) -> None:
    """Remove the locks of exactly the refs and the index that the release of `record` touches.

    Only those made since it was begun, that stay for a second, and that no process has open: a git at work holds its
    lock for moments. Called under the journal's lock, before a release goes on.
    """
    for lock in _names(location, record):
        if _is_abandoned(lock, record.begun):
            lock.unlink(missing_ok=True)


def _names(location: Location, record: Record) -> Iterator[Path]:
    refs = [*git_objects.keep_refs(len(record.tags)), *(f"refs/tags/{tag}" for tag in record.tags), "packed-refs"]
    for action in record.actions:
        if isinstance(action, MoveRefs):
            if action.branch is not None:
                refs.append(f"refs/heads/{action.branch}")
            if action.remote is not None:
                refs.append(f"refs/remotes/{action.remote}/{action.remote_branch}")
    for ref in refs:
        yield location.common_dir / f"{ref}.lock"
    for name in ("HEAD", "index"):
        yield location.git_dir / f"{name}.lock"


def _is_abandoned(lock: Path, begun: float) -> bool:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            made = lock.stat().st_mtime
        except OSError:
            return False
        if made < begun - 1:  # file systems that count in whole seconds
            return False
        time.sleep(_STEP_SECONDS)
    return not _is_open(lock)


def _is_open(lock: Path) -> bool:
    """Whether a process has the file open, where the system lets us see that (Linux)."""
    wanted = os.fspath(lock.resolve())
    for descriptors in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(str(each.readlink()) == wanted for each in descriptors.iterdir()):
                return True
        except OSError:
            continue
    return False
