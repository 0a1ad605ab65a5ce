"""One program of a build: its output in a log, its process group ended when the build is interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from verbump.effects import git_environment, tools
from verbump.effects.redaction import redact
from verbump.errors import BuildFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_QUOTED_LINES = 40
_QUOTED_LETTERS = 6000
_GRACE_SECONDS = 5
# Settings of the caller that would let the source tree, or another environment, into a test of an installed wheel.
_LEAKING = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTEST_ADDOPTS", "PYTHONWARNINGS", "__PYVENV_LAUNCHER__")
# Words in a failed log, and what then mends it.
_ADVICE = (
    (
        re.compile(r"undefined (?:symbol|reference)[^\n]*\b_?Py[A-Z_]\w+|symbol\(s\) not found[\s\S]*_Py\w+"),
        'leave extension-module to maturin: in pyproject.toml [tool.maturin] features = ["pyo3/extension-module"]',
    ),
    (
        re.compile(r"lock file .* needs to be updated|cannot (?:update|create) the lock file"),
        "cargo update --workspace",
    ),
    (
        re.compile(r"does not contain this feature|does not have (?:the|these) features?"),
        "mend tool.verbump.build.features",
    ),
    (re.compile(r"No space left on device"), "make room on the disk, then run again"),
)


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs the programs of one build. `folder` is the build's own, `epoch` its date in seconds."""

    folder: Path
    epoch: int
    variables: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def run(self, title: str, argv: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
        """Run a program to its end.

        Raises:
            BuildFailed: it could not be started, or failed; the message quotes the end of its log.
        """
        self.count += 1
        name = re.sub(r"[^A-Za-z0-9.]+", "-", title).strip("-")[:60]
        log = self.folder / "logs" / f"{self.count:02}-{name}.log"
        program = tools.find_program(argv[0]) or argv[0]
        with log.open("wb") as stream:
            stream.write(f"$ {' '.join(argv)}\n".encode())
            stream.flush()
            try:
                process = subprocess.Popen(
                    [program, *argv[1:]],
                    cwd=folder,
                    env={**self.environment(), **(environment or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    start_new_session=sys.platform != "win32",
                )
            except OSError as error:
                raise BuildFailed(
                    f"{title}: {argv[0]} cannot be started: {error.strerror}", code="build-failed"
                ) from error
            status = _wait(process)
        if status != 0:
            raise _failure(title, status, log)

    def environment(self) -> dict[str, str]:
        """What the programs get: this process's variables without secrets, the date, tools beside this Python."""
        kept = {
            name: value
            for name, value in git_environment.without_secrets(dict(os.environ)).items()
            if name not in _LEAKING and not name.startswith("VERBUMP_")
        }
        beside = str(Path(sys.executable).parent)
        return {
            **kept,
            "PATH": os.pathsep.join([kept.get("PATH", os.defpath), beside]),
            "SOURCE_DATE_EPOCH": str(self.epoch),
            "CARGO_TERM_COLOR": "never",
            "CARGO_PROFILE_RELEASE_STRIP": "symbols",
            "NO_COLOR": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            **self.variables,
        }


def _wait(process: subprocess.Popen[bytes]) -> int:
    """The exit status. An interrupt ends the whole group of processes first: no compiler is left behind."""
    try:
        return process.wait()
    except BaseException:
        _end(process, signal.SIGTERM)
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            _end(process, getattr(signal, "SIGKILL", signal.SIGTERM))
            process.wait()
        raise


def _end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        if sys.platform == "win32":
            process.terminate()
        else:
            os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def _failure(title: str, status: int, log: Path) -> BuildFailed:
    said = redact(log.read_bytes().decode("utf-8", "replace")).strip()
    lines = said.split("\n")[-_QUOTED_LINES:]
    advice = next((hint for pattern, hint in _ADVICE if pattern.search(said)), "")
    message = f"{title} failed with status {status}:\n" + "\n".join(lines)[-_QUOTED_LETTERS:]
    return BuildFailed(message, hint=f"{advice}; the whole log: {log}".lstrip("; "), code="build-failed")
