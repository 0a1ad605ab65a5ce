"""The verbump command as a person runs it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Result:
    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


def verbump(
    *words: str, cwd: Path, env: Mapping[str, str] | None = None, data: str = "", new_session: bool = False
) -> Result:
    """Run a command to its end."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "verbump", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **(env or {})},
        input=data.encode(),
        capture_output=True,
        start_new_session=new_session,
    )
    result = Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    assert "Traceback" not in result.stderr, result.stderr
    return result
