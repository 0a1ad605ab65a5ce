"""The next version of a plain repository, asked with git at work from the first moment; or None: not plain enough.

Nothing here explains or refuses: whatever is unusual gives None, and the usual way answers, warns or refuses.
Source: quality.md, "How fast"; GIT_FLUSH: git(1).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verbump.effects import git_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.planning.quick_next import LastTag

_CHUNK = 65536  # a larger read buffer is allocated anew for each piece: 8 times the CPU
_PIPE = 1 << 20  # room for what git writes while modules are loaded
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ, which the fcntl module names from 3.10 on, on Linux alone
_READ_WHOLE = ("Cargo.toml", "pyproject.toml", "CHANGELOG.md")
_CONFIGURATIONS = ("verbump.toml", ".cz.toml", "cz.toml", ".cz.json", "cz.json", ".cz.yaml", "cz.yaml")


class _Process:
    """A git process whose output is read from a pipe; its errors go nowhere, since they end the quick look."""

    def __init__(self, directory: str, *arguments: str) -> None:
        argv = git_environment.git_argv(arguments, looking=True)
        argv[1:1] = ["-C", directory]
        self.descriptor, write = os.pipe()
        environment = {**os.environ, **git_environment.git_variables(), "GIT_FLUSH": "0"}
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, write, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        try:
            self._pid = os.posix_spawnp("git", argv, environment, file_actions=actions)
        finally:
            os.close(write)

    def read(self) -> Iterator[bytes]:
        """What git writes, as it comes."""
        while chunk := os.read(self.descriptor, _CHUNK):
            yield chunk

    def status(self) -> int:
        """The exit status, once all has been read."""
        os.close(self.descriptor)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def answer(self, *allowed: int) -> bytes | None:
        """All that git wrote; None where it ended with a status that is not allowed."""
        out = b"".join(self.read())
        return out if self.status() in allowed else None


def next_version(directory: str) -> str | None:
    """The next version of the repository that holds `directory`; None where the usual way has to answer."""
    if not hasattr(os, "posix_spawnp") or any(name in os.environ for name in git_environment.LOCATION_VARIABLES):
        return None
    try:
        tags = _Process(directory, "show-ref", "--dereference", "--tags")
        place = _Process(
            directory,
            *("rev-parse", "--is-bare-repository", "--is-shallow-repository", "--absolute-git-dir"),
            *("--git-common-dir", "--show-toplevel", "--symbolic-full-name", "HEAD"),
        )
        settings = _Process(directory, "config", "--get-regexp", r"^remote\..*\.tagopt$")
        notes = _Process(directory, "for-each-ref", "--count=1", "refs/notes/verbump")
    except OSError:
        return None
    from verbump.planning import quick_next

    listing = tags.answer(0)
    last = quick_next.find_last_tag(listing) if listing is not None else None
    log = _log(directory, last) if last is not None else None
    root = _root(place.answer(0), directory)
    others = (settings.answer(0, 1), notes.answer(0))
    if last is None or log is None:
        return None
    version = None
    try:
        texts = _texts(root) if root is not None and others == (b"", b"") else None
        if texts is not None and quick_next.is_plain_project(texts, ".".join(map(str, last.numbers))):
            version = quick_next.next_numbers(last, _records(log))
    finally:
        is_whole = _end(log)
    return ".".join(map(str, version)) if version is not None and is_whole else None


def _log(directory: str, last: LastTag) -> _Process:
    options = ("log", "-z", "--boundary", "--encoding=UTF-8", "--format=%m%H %P%n%B", "--end-of-options")
    log = _Process(directory, *options, "HEAD", f"^{last.commit}", "--")
    try:
        import fcntl

        fcntl.fcntl(log.descriptor, _SET_PIPE_SIZE, _PIPE)
    except (ImportError, OSError):
        pass  # a smaller pipe only makes git wait for us
    return log


def _end(log: _Process) -> bool:
    """Whether git wrote all there was; what nobody read is not waited for."""
    whole = os.read(log.descriptor, 1) == b""
    return log.status() == 0 and whole


def _records(log: _Process) -> Iterator[bytes]:
    rest = b""
    for chunk in log.read():
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest.strip():
        yield rest


def _root(said: bytes | None, directory: str) -> str | None:
    """The work tree's top folder; None for a bare or shallow repository, a detached HEAD, or an unfinished release."""
    if said is None:
        return None
    lines = said.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) != 7 or lines[:2] != ["false", "false"]:
        return None
    common, root, branch = lines[3:6]
    name = branch.removeprefix("refs/heads/")
    if name == branch or name.endswith(".x"):  # a maintenance branch has a range to stay in
        return None
    journal = os.path.join(directory, common, "verbump", "journal.json")  # noqa: PTH118  pathlib costs its import
    return None if os.path.lexists(journal) else root


def _texts(root: str) -> dict[str, str] | None:
    """The files that a plain project has, by name; None where one is no plain file or a configuration is there."""
    if any(os.path.lexists(f"{root}/{name}") for name in _CONFIGURATIONS):
        return None
    texts = {}
    for name in _READ_WHOLE:
        path = f"{root}/{name}"
        if os.path.islink(path):  # noqa: PTH114  pathlib costs its import
            return None
        try:
            with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123  as above
                texts[name] = file.read()
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            return None
    return texts
