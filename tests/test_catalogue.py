"""docs/reliability.md and the suite agree: each case names the tests that carry its id."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from support.running import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ROW = re.compile(r"\| ([RFSM]\d\d) \| (.+?) \| (.+) \|")
LAST = {"reliability.md": (("R", 41), ("F", 26), ("S", 19)), "build.md": (("M", 21),)}


def test_every_case_is_tested_or_open(tmp_path: Path) -> None:
    told: dict[str, list[str]] = {}
    waiting: set[str] = set()
    for name, letters in LAST.items():
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        rows = [found.groups() for found in map(ROW.fullmatch, text.split("\n")) if found]
        ids = [f"{letter}{number:02}" for letter, last in letters for number in range(1, last + 1)]
        assert [each for each, _, _ in rows] == ids
        waiting |= {each for each, _, tests in rows if tests.startswith("open: ")}
        told |= {each: sorted(re.findall(r"`(test_\w+)`", tests)) for each, _, tests in rows}
    marked = read_marks(tmp_path / "marks.json")
    assert {each: tests for each, tests in told.items() if each not in waiting} == marked


def read_marks(path: Path) -> dict[str, list[str]]:
    """Case id → the names of the tests that carry it."""
    argv = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-qq",
        "-p",
        "support.catalogue",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "CATALOGUE": str(path), "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run([*argv, "tests"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    marks: dict[str, list[str]] = json.loads(path.read_text())
    return marks
