"""Every row of docs/conventional-commits.md is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from verbump.domain import bumps, commits
from verbump.domain.commits import Unconventional

PAGE = Path(__file__).parents[2] / "docs" / "conventional-commits.md"
ROW = re.compile(r"\| (\d+) \| .* \| `(.*)` \| ([a-z ]+) \| (\S+) \|")
ROWS = [found.groups() for found in map(ROW.fullmatch, PAGE.read_text(encoding="utf-8").split("\n")) if found]


@pytest.mark.parametrize(("rule", "message", "bump", "category"), ROWS)
def test_row(rule: str, message: str, bump: str, category: str) -> None:
    parsed = commits.parse(message.replace("⏎", "\n"))
    if isinstance(parsed, Unconventional):
        assert bump == "not conventional"
        return
    verdict = bumps.of_commit(parsed, bumps.DEFAULT_RULES)
    assert (verdict.bump.word, verdict.category or "–") == (bump, category)


def test_every_rule_has_a_row() -> None:
    assert sorted({int(rule) for rule, *_ in ROWS}) == list(range(1, 17))
