"""A reader that leaves early (`verbump … | head -1`) changes neither what is done nor the exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.git_repo import GitRepo
from support.projects import released
from support.running import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes of Windows fail otherwise")
COMMANDS = {
    "--help": 0,
    "next": 0,
    "next --explain": 0,
    "next --format json": 0,
    "schema": 0,
    "changelog --all": 0,
    "notes": 0,
    "preview --base HEAD~1": 0,
    "check --message nonsense": 1,
    "workflows --check --format json": 1,
    "release --dry-run --no-push": 0,
    "release --abort": 3,
    "release --nonsense": 2,
}
DEEDS = {"workflows --offline": ".github/", "release --yes --no-push": "v1.3.0"}


def run(words: str, cwd: Path, *, closed: str) -> tuple[int, str]:
    """Exit status and what went to an open stderr, with `closed` of the two streams read by nobody."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "verbump", *words.split()],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=writing if "out" in closed else subprocess.DEVNULL,
            stderr=writing if "err" in closed else subprocess.PIPE,
            timeout=120,
        )
    finally:
        os.close(writing)
    return done.returncode, (done.stderr or b"").decode()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("closed"), "feat: streams", "fix: a leak").path


@pytest.mark.parametrize("words", COMMANDS)
def test_the_exit_status_is_that_of_the_answer(words: str, place: Path) -> None:
    code, said = run(words, place, closed="out and err" if COMMANDS[words] else "out")
    assert code == COMMANDS[words]
    assert "BrokenPipe" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("closed", ["out", "out and err"])
@pytest.mark.parametrize("words", DEEDS)
def test_what_was_asked_for_is_done(words: str, closed: str, place: Path, tmp_path: Path) -> None:
    repo = GitRepo.clone(place, tmp_path / "work")
    code, said = run(words, repo.path, closed=closed)
    assert code == 0, said
    assert DEEDS[words] in repo.git("status", "--porcelain") + repo.git("tag")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_no_reader_that_left(place: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "verbump", "schema"],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
        )
    assert done.returncode == 4
    assert b"No space left on device" in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert b"Traceback" not in done.stderr
