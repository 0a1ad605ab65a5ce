"""On a terminal: the question, its answers, Ctrl-C, colour."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pexpect
import pytest

from effects.test_build import pure
from support.projects import released, remote_refs
from support.running import ROOT, verbump

if TYPE_CHECKING:
    from pathlib import Path


def spawn(cwd: Path, *words: str) -> pexpect.spawn[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    return pexpect.spawn(
        sys.executable, ["-P", "-m", "verbump", *words], cwd=str(cwd), env=env, encoding="utf-8", dimensions=(50, 120)
    )


def end(child: pexpect.spawn[str]) -> int:
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.exitstatus


def test_yes_releases(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    child = spawn(repo.path, "release")
    child.expect("Release 1.3.0\\?")
    child.sendline("y")
    assert end(child) == 0
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)


@pytest.mark.parametrize("answer", ["n", "", "\x03"], ids=["no", "enter", "Ctrl-C"])
def test_anything_else_changes_nothing(tmp_path: Path, answer: str) -> None:
    repo = released(tmp_path, "feat: x")
    before = repo.snapshot()
    child = spawn(repo.path, "release")
    child.expect("Release 1.3.0\\?")
    child.send(answer if answer == "\x03" else f"{answer}\n")
    assert end(child) == 130
    assert repo.snapshot() == before


def test_colour_only_where_wanted(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    child = spawn(repo.path, "next", "--explain")
    assert end(child) == 0
    assert "\x1b[" in (child.before or "")
    child = spawn(repo.path, "--color", "never", "next", "--explain")
    assert end(child) == 0
    assert "\x1b[" not in (child.before or "")


def test_steps_of_a_build_show_their_time(tmp_path: Path) -> None:
    repo = pure(tmp_path)

    child = spawn(repo.path, "build", "--no-tests")
    child.timeout = 300  # a guard against hanging
    assert end(child) == 0
    said = child.before or ""

    # The line that moves, then the step with its time in its place.
    assert re.search(r"source distribution \S*0:\d\d:\d\d", said), said
    assert re.search(r"\x1b\[2Ksource distribution \(\d+\.\d s\)\r\n", said), said
    assert "\x1b" not in verbump("build", "--no-tests", cwd=repo.path).stderr
