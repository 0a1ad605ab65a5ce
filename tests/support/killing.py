"""A `git` in front of the real one that kills the program which started it, at the n-th call."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SHIM = """\
#!/bin/sh
count=$(($(cat {folder}/count 2>/dev/null || echo 0) + 1))
echo $count > {folder}/count
if [ $count -eq {at} ] && [ {when} = before ]; then kill -{signal} $PPID; [ {signal} = 9 ] && exit 1; fi
if [ $count -eq {at} ] && [ {when} = during ]; then
  {git} "$@" &
  sleep 0.002
  kill -9 0
fi
{git} "$@"
status=$?
if [ $count -eq {at} ] && [ {when} = after ]; then kill -{signal} $PPID; fi
exit $status
"""


def shim(folder: Path, *, at: int, when: str, signal: int = 9) -> dict[str, str]:
    """The variables that put the shim in front: at call number `at` it kills its parent `before` or `after` git ran,
    or the whole process group `during` its run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "count").unlink(missing_ok=True)
    git = shutil.which("git")
    script = folder / "git"
    script.write_text(_SHIM.format(folder=folder, at=at, when=when, signal=signal, git=git))
    script.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def calls(folder: Path) -> int:
    """How many times git was called through the shim."""
    return int((folder / "count").read_text())
