"""Links between files lead somewhere, headings included; the site is built with its own checks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conftest import IS_CI
from support.running import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)


def without_code(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """As GitHub and mkdocs make them of headings: letters, digits and hyphens."""
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def broken(page: Path) -> list[str]:
    found = []
    for one, other in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        target, _, anchor = (one or other).partition("#")
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), target
            continue
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            found.append(one or other)
    return found


@pytest.mark.parametrize("page", [page for page in PAGES if page.exists()], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](none.md) `[d](none.md)`\n\n[e]: page.md#one\n[f]: page.md#three\n")
    assert broken(page) == ["#two", "none.md", "page.md#three"]


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    if not IS_CI:
        pytest.importorskip("material", reason="the site's tools are not installed: pip install '.[docs]'")
    done = build_site(ROOT / "mkdocs.yml", tmp_path / "site")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "errors.html").is_file()
    assert not list((tmp_path / "site").rglob("*.py"))


def test_a_page_that_is_not_in_the_menu_is_found(tmp_path: Path) -> None:
    if not IS_CI:
        pytest.importorskip("material", reason="the site's tools are not installed: pip install '.[docs]'")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("*.py"))
    (tmp_path / "docs" / "new.md").write_text("# New\n")
    done = build_site(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert done.returncode == 1
    assert "new.md" in done.stderr


def build_site(settings: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """mkdocs with its warnings as errors; `--quiet` would hide them from --strict."""
    argv = [
        "-W",
        "ignore",
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--config-file",
        str(settings),
        "--site-dir",
        str(target),
    ]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run([sys.executable, *argv], cwd=ROOT, env=environment, capture_output=True, text=True)
