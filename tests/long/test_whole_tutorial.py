"""The tutorial to its end, with a real build and an installation from the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.test_tutorial import run_tutorial

if TYPE_CHECKING:
    from pathlib import Path


def test_tutorial(tmp_path: Path) -> None:
    done = run_tutorial(tmp_path, whole=True)
    assert done.returncode == 0, done.stdout
    for words in ("Successfully installed abacus-0.2.0rc1", "\n42\n", "released v0.2.0 ", "Double a number"):
        assert words in done.stdout, done.stdout
