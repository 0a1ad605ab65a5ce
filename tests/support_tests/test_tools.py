"""A missing program skips a test, and fails it in CI."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from support import tools


def test_a_program_that_is_there() -> None:
    program = tools.require("git")
    assert Path(program).is_absolute()
    assert subprocess.run([program, "--version"], capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("is_ci", "outcome"), [(False, pytest.skip.Exception), (True, pytest.fail.Exception)], ids=["laptop", "CI"]
)
def test_a_missing_program(monkeypatch: pytest.MonkeyPatch, is_ci: bool, outcome: type[BaseException]) -> None:
    monkeypatch.setattr(tools, "IS_CI", is_ci)
    with pytest.raises(outcome, match="no-such-program is not installed"):
        tools.require("no-such-program")
