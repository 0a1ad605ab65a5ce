"""stdout and stderr as `run` leaves them: no locale turns a text into a crash, and a reader may leave early."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO, cast

from verbump.cli import plain_letters

if TYPE_CHECKING:
    from typing_extensions import Buffer

# What Windows says where others say that the pipe is broken.
_CLOSED = {errno.EPIPE, errno.EINVAL} if sys.platform == "win32" else {errno.EPIPE}


class _Patient(io.FileIO):
    """A stream whose reader may leave: what is written from then on goes nowhere.

    `verbump workflows | head -1` shows a line and writes the files; what is done does not hang on who reads.
    """

    def write(self, data: Buffer, /) -> int:
        try:
            return super().write(data) or 0
        except OSError as error:
            if error.errno not in _CLOSED:
                raise
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self.fileno())
        os.close(nothing)
        return super().write(data) or 0


def prepare() -> None:
    """Make the process's two streams so. Those that a caller put in their place keep theirs, as do terminals."""
    sys.stdout = _prepared(sys.stdout, sys.__stdout__)
    sys.stderr = _prepared(sys.stderr, sys.__stderr__)


def _prepared(stream: TextIO, given: TextIO | None) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors=plain_letters.NAME)
    if stream is not given or stream.isatty():
        return stream
    stream.flush()
    raw = _Patient(stream.fileno(), "w", closefd=False)
    return cast(
        "TextIO",
        io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding=stream.encoding,
            errors=plain_letters.NAME,
            line_buffering=stream.line_buffering,
        ),
    )
