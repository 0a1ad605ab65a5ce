"""Text files, read and written whole or not at all; every byte kept: line ends, byte order mark, final newline."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPORARY_PREFIX = ".verbump-"


def read_text(root: Path, path: PurePosixPath) -> str | None:
    """The text of `path` under `root`, every byte kept; None where there is no such file.

    Raises:
        InputError: not UTF-8, a folder, or not readable.
    """
    try:
        return _read_regular(root / path).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"{path}:{line}: not UTF-8: byte 0x{error.object[error.start]:02x}"
        raise InputError(message, hint=f"convert {path} to UTF-8", code="not-utf-8") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}", code="unreadable") from error


def _read_regular(path: Path) -> bytes:
    """The bytes of a file, or of the one that a link leads to: what may never end, a pipe or a device, is not read."""

    def opened(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))

    with open(path, "rb", opener=opened) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return stream.read()


def find_unsafe(root: Path, path: PurePosixPath, *, is_new: bool = False) -> str | None:
    """Why `path` may not be written under `root`, or None: each component is looked at without following links.

    Source: release-protocol, "files: relative, inside the root component by component without following links,
    regular, not under .git". The folders of a file that `is_new` need not be there yet.
    """
    if path.is_absolute() or ".." in path.parts or not path.parts:
        return "is outside the repository"
    if any(part.lower().rstrip(". ") in {".git", "git~1"} or ":" in part for part in path.parts):
        return "is inside .git"
    here = root
    for part in path.parts[:-1]:
        here = here / part
        if here.is_symlink():
            return f"goes through a symbolic link ({here.relative_to(root).as_posix()})"
        if is_new and not here.exists():
            return None
        if not here.is_dir():
            return f"is in a folder that does not exist ({here.relative_to(root).as_posix()})"
        if (here / ".git").exists():
            return f"is inside a submodule ({here.relative_to(root).as_posix()})"
    return _find_irregular(root / path)


def _find_irregular(target: Path) -> str | None:
    """What stands there and is no regular file, or None."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        return "is a symbolic link"
    return None if stat.S_ISREG(mode) else "is not a regular file"


def write_text(root: Path, path: PurePosixPath, text: str) -> None:
    """Replace or make `path` under `root` by one rename, durable on return; mode bits of an existing file are kept.

    Folders on the way to it are made. Ask `find_unsafe` first.
    """
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    write_bytes(root / path, text.encode("utf-8"))


def write_bytes(target: Path, content: bytes, *, before_rename: Callable[[], None] | None = None) -> None:
    """Replace or make `target` by one rename. A crash leaves the old bytes or the new ones, never a mixture.

    What is neither a file nor missing (`/dev/null`, a pipe) is written to, not replaced.
    """
    try:
        there = target.stat().st_mode
        mode = stat.S_IMODE(there)
        if not stat.S_ISREG(there) and not stat.S_ISDIR(there):
            with target.open("wb") as device:
                device.write(content)
            return
    except FileNotFoundError:
        mode = 0o666 & ~read_umask()
    import tempfile  # with random, hashlib and shutil behind it: reading does without

    descriptor, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        if before_rename is not None:
            before_rename()
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def append_text(path: str, text: str) -> None:
    """Append to a file of the workflow runner ($GITHUB_OUTPUT, $GITHUB_STEP_SUMMARY)."""
    with Path(path).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable, where the system can (Windows cannot open folders)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_umask() -> int:
    """The bits that new files do without."""
    current = os.umask(0)
    os.umask(current)
    return current
