"""verbump run many times without its imports: a process that has them forks for each run. Not on Windows.

    with forking.serving():
        result = forking.verbump("release", "--resume", cwd=folder, env={"TMPDIR": …})

Each thread has a process of its own. Python's start and GitPython's import are most of a short command's time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from support.running import ROOT, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import NoReturn

_PATIENCE_SECONDS = 120
_PRELOADED = ("git", "filelock", "msgspec", "verbump.cli.release", "verbump.effects.execute", "verbump.effects.read")
_parents: dict[int, subprocess.Popen[str]] = {}


@contextmanager
def serving() -> Iterator[None]:
    """End what `verbump` has started."""
    try:
        yield
    finally:
        while _parents:
            _, parent = _parents.popitem()
            parent.communicate()


def verbump(*words: str, cwd: Path, env: Mapping[str, str]) -> Result:
    """As `running.verbump`; `env` are changes to this process's."""
    parent = _parents.get(threading.get_ident())
    if parent is None:
        parent = _parents[threading.get_ident()] = subprocess.Popen(
            [sys.executable, "-P", "-m", "support.forking"],
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "PYTHONWARNINGS": "error"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with TemporaryDirectory() as folder:
        asked = {"words": words, "cwd": str(cwd), "env": {**os.environ, **env}, "folder": folder}
        parent.stdin.write(f"{json.dumps(asked)}\n")
        parent.stdin.flush()
        code = int(parent.stdout.readline())
        out, err = (Path(folder, name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err"))
    assert "Traceback" not in err, err
    return Result(code, out, err)


def _serve() -> None:
    for name in _PRELOADED:
        __import__(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(**json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(words: list[str], cwd: str, env: dict[str, str], folder: str) -> NoReturn:
    from verbump.__main__ import main

    signal.alarm(_PATIENCE_SECONDS)
    flags = os.O_WRONLY | os.O_CREAT
    for number, (path, how) in enumerate(
        ((os.devnull, os.O_RDONLY), (f"{folder}/out", flags), (f"{folder}/err", flags))
    ):
        os.dup2(os.open(path, how, 0o600), number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = ["verbump", *words]
    code: object = 1
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    finally:
        if sys.exception() is not None:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    _serve()
