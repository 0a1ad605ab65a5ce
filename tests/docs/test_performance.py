"""The page about speed says what the last saved run measured, and nothing else claims a speed."""

from __future__ import annotations

import importlib.util
import re
import statistics
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.running import ROOT

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture(scope="module")
def page() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmarks_page", ROOT / "benchmarks" / "page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_pages_hold_what_was_measured(page: Any) -> None:
    for path, text in page.pages(page.read()).items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: python benchmarks/run.py --save"


def test_every_run_is_a_pair(page: Any) -> None:
    rows = page.read()["rows"]
    assert rows
    for row in rows:
        assert len(row["first"]) == len(row["second"]) >= 3, row["subject"]
        assert all(wall > 0 and cpu > 0 and peak > 0 for wall, cpu, peak in (*row["first"], *row["second"]))


def test_another_run_makes_another_page(page: Any) -> None:
    data = page.read()
    row = next(row for row in data["rows"] if row["target"] is not None)
    row["first"] = [[100 * wall, cpu, peak] for wall, cpu, peak in row["first"]]
    assert statistics.median(page.ratios(row)) > row["target"]
    assert "**missed**" in page.table({"rows": [row]})
    assert page.pages(data)[page.PAGE] != page.PAGE.read_text(encoding="utf-8")


def test_no_speed_is_claimed_beside_it(page: Any) -> None:
    readme = page.with_part(page.README.read_text(encoding="utf-8"), "speed", "")
    assert not re.search(r"\d\s*(?:×|x|times|ms\b|milliseconds|seconds) (?:as|fast|slow)|\bblazing|\bfastest", readme)
    text = page.PAGE.read_text(encoding="utf-8")
    for name in ("table", "growth", "machine"):
        text = page.with_part(text, name, "")
    assert not re.search(r"\d\s*(?:×|ms\b|milliseconds|seconds)", text)
