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

ROW = re.compile(r"\| ([RFS]\d\d) \| (.+?) \| (.+) \|")
IDS = [f"{letter}{number:02}" for letter, last in (("R", 41), ("F", 26), ("S", 19)) for number in range(1, last + 1)]


def test_every_case_is_tested(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = [found.groups() for found in map(ROW.fullmatch, text.split("\n")) if found]
    assert [each for each, _, _ in rows] == IDS
    marked = read_marks(tmp_path / "marks.json")
    told = {each: sorted(re.findall(r"`(test_\w+)`", tests)) for each, _, tests in rows}
    assert told == marked


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
