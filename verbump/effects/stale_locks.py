"""Locks and half-written objects that git processes of a killed release left, told from those of a living git."""

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
_WHOLE_SECOND = 1.0  # of file systems that count in those


def clear(location: Location, record: Record) -> None:
    """Remove half-written objects, and the locks of exactly the refs and the index that `record`'s release touches.

    Only those made since it was begun, that stay for a second, and that no process has open: a git at work holds its
    lock for moments. Called under the journal's lock, before a release goes on or is undone.
    """
    left = {path: made for path in _names(location, record) if (made := _made(path)) >= record.begun - _WHOLE_SECOND}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(_STEP_SECONDS)
        left = {path: made for path, made in left.items() if _made(path) == made}
    for path in left:
        if not _is_open(path):
            path.unlink(missing_ok=True)


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
    yield from location.common_dir.glob("objects/??/tmp_obj_*")


def _made(path: Path) -> float:
    """When it was last written, in seconds since the epoch; -1 where there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return -1.0


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
