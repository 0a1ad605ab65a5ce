"""The folder that a build works in, and the output folder that it fills by one rename."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from verbump.domain import distributions
from verbump.effects import artifacts, files
from verbump.errors import InputError, Problem, Refused
from verbump.planning.artifacts import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def build_folder(key: str) -> Iterator[Path]:
    """A folder of this build alone, removed at the end but for its logs after a failure.

    Its path depends on `key` only: compilers and SBOMs write paths into what they make, so that two builds of one
    tree give the same bytes.

    Raises:
        Refused: another build of the same tree is at work.
    """
    folder = _cache() / "verbump" / "build" / key
    folder.parent.mkdir(parents=True, exist_ok=True)
    _claim(folder)
    try:
        for name in ("made", "logs"):
            (folder / name).mkdir()
        yield folder
    except BaseException:
        _remove(folder, keeping="logs")
        raise
    _remove(folder)


def find_foreign(out: Path) -> tuple[str, ...]:
    """Files of the output folder that no earlier build wrote, going by its SHA256SUMS: a build will not delete them.

    Raises:
        UsageError: it is no folder.
    """
    if not out.exists() and not out.is_symlink():
        return ()
    if out.is_symlink() or not out.is_dir():
        return (out.name,)
    try:
        ours = distributions.parse_sums(artifacts.read_sums(out) or "")
    except InputError:
        ours = {}
    return tuple(sorted(path.name for path in out.iterdir() if path.name != SUMS and path.name not in ours))


def fill(made: Path, out: Path) -> None:
    """What `made` holds as the folder `out`, by one rename; what an earlier build left there goes away."""
    out.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f"{files.TEMPORARY_PREFIX}dist-", dir=out.parent))
    old = Path(f"{new}-old")
    try:
        for path in sorted(made.iterdir()):
            shutil.copyfile(path, new / path.name)
            with (new / path.name).open("rb+") as stream:
                os.fsync(stream.fileno())
        new.chmod(0o777 & ~files.read_umask())
        files.sync_folder(new)
        if out.exists():
            out.rename(old)
        new.rename(out)
    except BaseException:
        if old.exists() and not out.exists():
            old.rename(out)
        shutil.rmtree(new, ignore_errors=True)
        raise
    files.sync_folder(out.parent)
    shutil.rmtree(old, ignore_errors=True)


def _claim(folder: Path) -> None:
    """Make the folder, in place of one that a dead process has left behind. `pid` beside it says whose it is."""
    owner = folder.with_suffix(".pid")
    try:
        descriptor = os.open(owner, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pid = _pid_in(owner)
        if pid is not None and pid != os.getpid() and _is_alive(pid):
            message = f"another build of the same tree is at work (process {pid})"
            raise Refused(
                [Problem(code="build-under-way", message=message, hint=f"wait for it, or kill {pid}")]
            ) from None
        owner.unlink(missing_ok=True)
        descriptor = os.open(owner, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(str(os.getpid()))
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)


def _remove(folder: Path, keeping: str = "") -> None:
    for path in folder.iterdir():
        if path.name != keeping:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    if not keeping:
        folder.rmdir()
    folder.with_suffix(".pid").unlink(missing_ok=True)


def _pid_in(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # asking would mean to kill: the message names the process
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _cache() -> Path:
    """Where this system keeps what can be made again. Source: XDG Base Directory; Apple's and Microsoft's guides."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
