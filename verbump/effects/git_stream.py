"""A git process that is read while it works. It is started before anything is imported that reading does not need."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verbump.effects import git_environment

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

_CHUNK = 65536  # a larger read buffer is allocated anew for each piece: 8 times the CPU
_PIPE = 1 << 20  # room for what git writes while modules are loaded
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ, which the fcntl module names from 3.10 on, on Linux alone


class GitStream:
    """A git process that only looks, in `directory`; its output comes through a pipe, its errors go nowhere."""

    def __init__(self, directory: str, *arguments: str) -> None:
        argv = git_environment.git_argv(arguments, looking=True)
        argv[1:1] = ["-C", directory]
        # git says so in git(1): without, it writes each commit by itself.
        environment = {**os.environ, **git_environment.git_variables(), "GIT_FLUSH": "0"}
        self._pid = 0
        self._process: subprocess.Popen[bytes] | None = None
        if not hasattr(os, "posix_spawnp"):
            import subprocess

            self._process = subprocess.Popen(
                argv, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            assert self._process.stdout is not None
            self.descriptor = self._process.stdout.fileno()
            return
        self.descriptor, write = os.pipe()
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, write, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        try:
            self._pid = os.posix_spawnp("git", argv, environment, file_actions=actions)
        finally:
            os.close(write)

    @classmethod
    def log(cls, directory: str, *revisions: str, options: tuple[str, ...] = ()) -> GitStream:
        """git at work on a history; its records are the ids of a commit and its parents, a line end, the message."""
        format_ = ("-z", "--encoding=UTF-8", "--format=%H %P%n%B")
        return cls(directory, "log", *format_, *options, "--end-of-options", *revisions, "--")

    def widen(self) -> None:
        """More room in the pipe, where the system has that: git works on while we do something else."""
        try:
            import fcntl

            fcntl.fcntl(self.descriptor, _SET_PIPE_SIZE, _PIPE)
        except (ImportError, OSError):
            pass  # a smaller pipe only makes git wait for us

    def read(self) -> Iterator[bytes]:
        """What git writes, as it comes."""
        while chunk := os.read(self.descriptor, _CHUNK):
            yield chunk

    def records(self) -> Iterator[list[bytes]]:
        """What git has written between NULs, some at a time."""
        rest = b""
        for chunk in self.read():
            *whole, rest = (rest + chunk).split(b"\0")
            if whole:
                yield whole
        if rest.strip():
            yield [rest]

    def status(self) -> int:
        """The exit status, once all has been read; nothing is waited for that nobody has read."""
        if self._process is not None:
            assert self._process.stdout is not None
            self._process.stdout.close()
            return self._process.wait()
        os.close(self.descriptor)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def answer(self, *allowed: int) -> bytes | None:
        """All that git wrote; None where it ended with a status that is not allowed."""
        out = b"".join(self.read())
        return out if self.status() in allowed else None
