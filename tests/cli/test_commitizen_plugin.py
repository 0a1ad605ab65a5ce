"""verbump as a commitizen plugin, run through the real `cz`."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.tools import require

if TYPE_CHECKING:
    from pathlib import Path

MESSAGES = [
    ("feat: x", 0, ""),
    ("my-type(größe x)!: y", 0, ""),
    ("feat: x\r\n\r\nBREAKING CHANGE: y", 0, ""),
    ("Merge branch 'x'", 0, ""),
    ("feat():x", 14, "column 5: empty scope"),
    ("feat (x): y", 14, "write: feat(x): y"),
    ("no form", 14, "expected `type: description`"),
]


@pytest.mark.parametrize(("message", "code", "said"), MESSAGES)
def test_cz_check(tmp_path: Path, message: str, code: int, said: str) -> None:
    repo = GitRepo.create(tmp_path / "work")
    done = subprocess.run([require("cz"), "-n", "verbump", "check", "-m", message], cwd=repo.path, capture_output=True)
    assert done.returncode == code, done.stderr.decode()
    assert said in done.stdout.decode() + done.stderr.decode()


def test_cz_knows_the_plugin_and_its_limit(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    listed = subprocess.run([require("cz"), "ls"], cwd=repo.path, capture_output=True)
    assert b"verbump" in listed.stdout
    long = ["-n", "verbump", "check", "-l", "10", "-m", "feat: longer than ten"]
    assert subprocess.run([require("cz"), *long], cwd=repo.path, capture_output=True).returncode != 0
