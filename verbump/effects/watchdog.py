"""A git process that speaks to a remote, ended where it shows no sign of life: a server that never answers."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen

_GRACE_SECONDS = 2.0
# What git --progress prints, each on a line that it overwrites.
_PROGRESS = re.compile(
    r"(?:remote: )?(?:(?:Enumerating|Counting|Compressing|Writing|Receiving|Unpacking) objects: |Resolving deltas: "
    r"|Delta compression using |Total \d|Updating files: )"
)


def watch(process: Popen[bytes], silence_seconds: float) -> tuple[bytes, bytes, bool]:
    """Its stdout, its stderr, and whether it was ended because nothing came from it for `silence_seconds`.

    git takes its own helpers along when it is ended. What a helper that lives on has still in hand is not waited for.
    """
    streams = [_Stream(stream) for stream in (process.stdout, process.stderr) if stream is not None]
    is_silent = False
    while any(stream.is_alive() for stream in streams):
        rest = max(stream.heard for stream in streams) + silence_seconds - time.monotonic()
        if rest <= 0:
            is_silent = True
            _end(process, streams)
            break
        next(stream for stream in streams if stream.is_alive()).join(rest)
    if not is_silent:
        process.wait()
    for stream in streams:
        if not stream.is_alive():  # else it would go on reading from whatever gets the same number
            stream.stream.close()
    return bytes(streams[0].content), bytes(streams[1].content), is_silent


def without_progress(said: str) -> str:
    """What git printed on stderr, less the lines that `--progress` adds."""
    lines = (line.rpartition("\r")[2] for line in said.replace("\r\n", "\n").removesuffix("\r").split("\n"))
    return "\n".join(line for line in lines if not _PROGRESS.match(line))


class _Stream(threading.Thread):
    """Reads a pipe to its end; `heard` is when something last came, by the monotonic clock."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self.stream = stream
        self.content = bytearray()
        self.heard = time.monotonic()
        self.start()

    def run(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # closed from the other side of the watch
            while chunk := os.read(self.stream.fileno(), 65536):
                self.content += chunk
                self.heard = time.monotonic()


def _end(process: Popen[bytes], streams: list[_Stream]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in streams:
        stream.join(_GRACE_SECONDS)
