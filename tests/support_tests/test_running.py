"""The command runs from any folder, as a process and on a terminal, and never for ever."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from support.projects import released
from support.running import run_on_terminal, verbump

if TYPE_CHECKING:
    from pathlib import Path


def test_as_a_process(tmp_path: Path) -> None:
    result = verbump("--version", cwd=tmp_path)
    assert (result.code, result.stderr) == (0, "")
    assert "verbump" in result.stdout
    assert verbump("nxt", cwd=tmp_path).code == 2


def test_nothing_in_the_folder_is_imported(tmp_path: Path) -> None:
    """`python -m` without -P would take click.py of the repository for click."""
    (tmp_path / "click.py").write_text("raise SystemExit('taken in')\n")
    assert verbump("--version", cwd=tmp_path).code == 0


def test_variables_and_standard_input(tmp_path: Path) -> None:
    released(tmp_path, "feat: x")
    assert verbump("check", "--stdin", cwd=tmp_path / "work", data="fix: x\n").code == 0
    assert verbump("check", "--stdin", cwd=tmp_path / "work", data="nonsense\n").code == 1
    result = verbump("next", "--format", "json", cwd=tmp_path / "work", env={"VERBUMP_NEXT_PRE": "rc"})
    assert result.json["next"]["version"] == "1.3.0-rc.1"


def test_a_command_that_hangs_fails(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    repo.install_hook("pre-push", "#!/bin/sh\nexec sleep 4\n")
    with pytest.raises(subprocess.TimeoutExpired):
        verbump("release", "--yes", cwd=repo.path, timeout_seconds=2)


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 130), ("\x03", 130)], ids=["yes", "no", "Ctrl-C"])
def test_on_a_terminal(tmp_path: Path, typed: str, code: int) -> None:
    repo = released(tmp_path, "feat: x")
    result = run_on_terminal(["release"], repo.path, [(r"Release 1\.3\.0\?", typed)])
    assert result.code == code, result.stdout
    assert ("refs/tags/v1.3.0" in repo.refs()) == (code == 0)


def test_a_question_that_never_comes(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    with pytest.raises(AssertionError, match=r"(?s)What is your name.*1\.3\.0"):
        run_on_terminal(["next"], repo.path, [("What is your name", "x\n")])
