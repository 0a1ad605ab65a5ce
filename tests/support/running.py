"""The verbump command as a person runs it: a process of its own, with or without a terminal."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parent.parent.parent
_ARGV = [sys.executable, "-P", "-m", "verbump"]
_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True)
class Result:
    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


def verbump(
    *words: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    data: str = "",
    new_session: bool = False,
    timeout_seconds: float = _TIMEOUT_SECONDS,
) -> Result:
    """Run a command to its end, with `data` on its standard input."""
    done = subprocess.run(
        [*_ARGV, *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **(env or {})},
        input=data.encode(),
        capture_output=True,
        start_new_session=new_session,
        timeout=timeout_seconds,
    )
    result = Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    assert "Traceback" not in result.stderr, result.stderr
    return result


def start_verbump(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a command that the test ends itself; its output goes nowhere."""
    return subprocess.Popen(
        [*_ARGV, *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def run_in_process(*words: str, cwd: Path) -> Result:
    """Run a command in this process, for long tables: without a fresh start, its imports are paid once."""
    from contextlib import chdir, redirect_stderr, redirect_stdout
    from unittest.mock import patch

    from verbump.__main__ import main

    written = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(each, encoding="utf-8", write_through=True) for each in written)
    code: object = 0
    with chdir(cwd), patch.object(sys, "argv", ["verbump", *words]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int), code
    return Result(code, *(each.getvalue().decode("utf-8") for each in written))


def run_on_terminal(words: Sequence[str], cwd: Path, answers: Sequence[tuple[str, str]] = ()) -> Result:
    """Run a command on a terminal of its own; both streams are in `stdout`, as the terminal shows them.

    `answers` are what to wait for (a pattern) and what to type then, line ends included; "\\x03" is Ctrl-C.
    """
    import pexpect

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    child: pexpect.spawn[str] = pexpect.spawn(
        _ARGV[0],
        [*_ARGV[1:], *words],
        cwd=str(cwd),
        env=environment,
        encoding="utf-8",
        dimensions=(50, 120),
        timeout=60,
    )
    shown = io.StringIO()
    child.logfile_read = shown
    try:
        for awaited, typed in answers:
            assert child.expect([awaited, pexpect.EOF, pexpect.TIMEOUT]) == 0, (
                f"{awaited!r} never came: {shown.getvalue()}"
            )
            child.send(typed)
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    code = child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0)
    return Result(code, shown.getvalue(), "")
