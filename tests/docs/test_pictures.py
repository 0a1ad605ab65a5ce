"""The pictures show what verbump shows today."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    pytest.skip("pictures are made on a POSIX terminal", allow_module_level=True)

from docs import make_pictures, preview_picture

WIDEST = make_pictures.COLUMNS


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell here")
def test_pictures_are_current() -> None:
    made = dict(make_pictures.pictures())
    assert sorted(made) == sorted(path.stem for path in make_pictures.FOLDER.glob("*.svg"))
    for name, picture in made.items():
        kept = (make_pictures.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
        assert make_pictures.text_of(kept) == make_pictures.text_of(picture), "python docs/make_pictures.py"
        assert "http" not in kept.replace("http://www.w3.org/2000/svg", ""), "nothing from another server"


def test_only_ids_and_dates_are_made_alike() -> None:
    shown = "4d4e0c6 (HEAD) 2026-11-25 version 0.5.0 feedface added"
    pictures = [make_pictures.render("x", text) for text in (shown, shown.replace("4d4e0c6", "1234567"))]
    assert make_pictures.text_of(pictures[0]) == make_pictures.text_of(pictures[1])
    for old, new in (("0.5.0", "0.6.0"), ("added", "fixed")):
        assert make_pictures.text_of(make_pictures.render("x", shown.replace(old, new))) != make_pictures.text_of(
            pictures[0]
        )


def test_the_comment_in_the_documentation_is_current(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    kept = preview_picture.comment_in(preview_picture.PICTURE.read_bytes())
    assert kept == preview_picture.example(tmp_path / "demo"), "python docs/preview_picture.py NODE_MODULES CHROMIUM"
