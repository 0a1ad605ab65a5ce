"""What a release starts and imports: as much for any repository, so that it stays quick."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from support.projects import released, remote_refs
from support.running import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MOST_PROCESSES = 40
PROGRAM = """\
import atexit, sys
from verbump.__main__ import main
atexit.register(lambda: print(*sorted(sys.modules), sep="\\n", file=sys.stderr))
main()
"""


def test_git_processes_and_modules_of_a_release(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    trace = tmp_path / "trace"
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, "release", "--yes"],
        cwd=repo.path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GIT_TRACE2_EVENT": str(trace)},
    )
    assert done.returncode == 0, done.stderr
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)
    argvs = [json.loads(line)["argv"] for line in trace.read_text().splitlines() if '"event":"start"' in line]
    ours = [argv for argv in argvs if "--no-replace-objects" in argv]  # not those that git starts itself
    assert 20 < len(ours) <= MOST_PROCESSES, "\n".join(" ".join(argv) for argv in ours)
    assert not {"git", "jinja2", "commitizen", "rich"} & set(done.stderr.split("\n"))
    # The index of a large repository is looked through by one command alone.
    assert sum("status" in argv for argv in ours) == 1
    assert not any("--refresh" in argv or "--really-refresh" in argv for argv in ours)
