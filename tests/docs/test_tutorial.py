"""The tutorial up to the build: each command as typed. tests/long goes on to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.test_examples import shell
from docs.test_pages import DOCS, WHO, script_of
from support import parts
from support.tools import require

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

BUILD = "verbump build\n"


def run_tutorial(tmp_path: Path, *, whole: bool) -> subprocess.CompletedProcess[str]:
    """The tutorial's commands in an empty folder, both streams in `stdout`."""
    require("cargo")
    script = script_of(DOCS / "tutorial.md")
    assert BUILD in script
    folder = tmp_path / "here"
    folder.mkdir()
    commands = script if whole else script.partition(BUILD)[0]
    return shell(f"exec 2>&1\n{commands}", folder, tmp_path, {**WHO, **parts.variables(tmp_path / "target")})


def test_tutorial_up_to_the_build(tmp_path: Path) -> None:
    done = run_tutorial(tmp_path, whole=False)
    assert done.returncode == 0, done.stdout
    for words in ("\n0.1.0\n", "released v0.1.0", "type feat", '+version = "0.2.0rc1"', "released v0.2.0-rc.1"):
        assert words in done.stdout
