"""`next` asks git which tags HEAD reaches only down to the last release; the answer is that of asking for all."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from verbump.config import Config
from verbump.effects import git_history, read, read_tags
from verbump.errors import Refused
from verbump.planning import coming
from verbump.planning.snapshot import Request

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("v{}", "v{}", "v{}", "v{}-rc.1", "v{}-rc.2", "{}", "pkg-v{}", "v{}+1")


def history(folder: Path, seed: int) -> GitRepo:
    """Branches that come back and branches that do not, with versions on both, in no order."""
    chance = random.Random(seed)
    repo = GitRepo.create(folder)
    repo.commit("feat: first")
    for number in range(14):
        repo.commit(chance.choice(("fix: a", "feat: b", "docs: c")))
        if chance.random() < 0.5:
            version = f"{chance.randint(0, 1)}.{chance.randint(0, 3)}.{number}"
            repo.tag(chance.choice(NAMES).format(version), annotated=chance.random() < 0.5)
        if chance.random() < 0.3:
            repo.git("checkout", "-q", "-b", f"side{number}", "HEAD~1")
            repo.commit("feat: aside")
            repo.tag(f"v{chance.randint(0, 2)}.{chance.randint(0, 3)}.{100 + number}")
            repo.git("checkout", "-q", "main")
            if chance.random() < 0.5:
                repo.git("merge", "-q", "--no-ff", "-m", f"Merge {number}", f"side{number}")
    return repo


@pytest.mark.parametrize("seed", range(16))
def test_same_decision(tmp_path: Path, seed: int) -> None:
    repo = history(tmp_path / "work", seed)
    decided: list[object] = []
    for is_recent in (True, False):
        for config in (None, Config(tag_format="v{version}")):
            reading = read.Options(directory=repo.path, config=config, is_recent=is_recent)
            try:
                decided.append(coming.plan_next(read.read_snapshot(reading), Request()))
            except Refused as refused:
                decided.append([problem.code for problem in refused.problems])
    assert decided[:2] == decided[2:]


def test_lower_tags_are_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = GitRepo.create(tmp_path / "work")
    for number in range(30):
        repo.commit("fix: x")
        repo.tag(f"v1.0.{number}", annotated=False)
    asked = []
    ask = git_history.read_reachable_tag_names

    def listen(root: Path, head: str, names: object = ()) -> frozenset[str]:
        asked.append(list(names))  # type: ignore[call-overload]
        return ask(root, head, names)  # type: ignore[arg-type]

    monkeypatch.setattr(git_history, "read_reachable_tag_names", listen)
    local = git_history.read_tags(repo.path)
    assert read_tags.read_recent(repo.path, repo.head(), Config(), local) == {"v1.0.29"}
    assert asked == [["v1.0.29"]]
    asked.clear()
    assert read_tags.read_recent(repo.path, f"{repo.head()}~3", Config(), local) >= {"v1.0.26"}
    assert [len(names) for names in asked] == [1, 8]
    asked.clear()
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit("fix: y")
    assert read_tags.read_recent(repo.path, repo.head(), Config(), local) == frozenset()
    assert [len(names) for names in asked] == [1, 8, 21]
