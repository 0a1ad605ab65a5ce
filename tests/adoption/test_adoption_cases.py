"""Another tool's real configuration, a folder each: `in/` and `tags.txt` are the repository, `tool.txt` names the tool.

What must come of it: `out/` (the files that are written) and `said.txt` (what is not carried over, what is noted).
`UPDATE_CASES=1` writes both anew. Each proposal is written, loaded as any command loads it, and released by.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path

import pytest

from support.git_repo import GitRepo
from verbump.effects import read, read_adoption, write_proposal
from verbump.planning import coming
from verbump.planning.adoption import proposal, tools
from verbump.planning.snapshot import Request

CASES = Path(__file__).parent.parent / "cases" / "adoption"
NAMES = sorted(path.name for path in CASES.iterdir())
IS_UPDATING = bool(os.environ.get("UPDATE_CASES"))


def build(case: Path, tmp_path: Path) -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    shutil.copytree(case / "in", repo.path, dirs_exist_ok=True)
    repo.git("add", "--all", "--force")
    date = {"GIT_AUTHOR_DATE": "1790000000 +0000", "GIT_COMMITTER_DATE": "1790000000 +0000"}
    repo.git("commit", "--quiet", "--message=feat: begin", env=date)
    for tag in (case / "tags.txt").read_text().split():
        repo.git("tag", "--annotate", "--message=x", tag, env=date)
        repo.git("commit", "--quiet", "--allow-empty", f"--message=fix: after {tag}", env=date)
    return repo


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, tmp_path: Path) -> None:
    case = CASES / name
    repo = build(case, tmp_path)
    before = files_of(repo.path)
    tool = (case / "tool.txt").read_text().strip()

    around = read_adoption.read_surroundings(repo.path, tool)
    plan = proposal.plan_adoption(around)

    assert plan.errors == ()
    left = sorted(around.draft.left, key=lambda each: (each.path, each.line))
    for each in left:
        assert 1 <= each.line <= before[each.path].count("\n") + 1
        last = each.key.rpartition(".")[2].strip("'\"")
        assert last in {"the file", ""} or last.endswith("]") or last in before[each.path].split("\n")[each.line - 1], (
            each
        )
    write_proposal.write_whole(repo.path, plan)
    after = files_of(repo.path)
    written = {path: text for path, text in after.items() if before.get(path) != text}
    written.pop("docs/RELEASE.md", None)  # of what the project is, not of its tool: tests/planning/test_release_guide
    said = "".join(f"{line}\n" for line in [*map(str, left), *(f"note: {line}" for line in plan.said)])
    if IS_UPDATING:
        shutil.rmtree(case / "out", ignore_errors=True)
        for path, text in written.items():
            target = case / "out" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        (case / "said.txt").write_text(said, encoding="utf-8")
    assert written == files_of(case / "out")
    assert said == (case / "said.txt").read_text(encoding="utf-8")
    assert proposal.plan_adoption(read_adoption.read_surroundings(repo.path, tool)).actions == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_other_byte_stays(name: str) -> None:
    """What was in the file is in front of what is added, and says what it said."""
    for path, text in files_of(CASES / name / "out").items():
        old = CASES / name / "in" / path
        if not old.exists():
            continue
        assert text.startswith(old.read_text(encoding="utf-8"))
        had, has = tomllib.loads(old.read_text(encoding="utf-8")), tomllib.loads(text)
        for place in (("tool",), ("package", "metadata"), ("workspace", "metadata")):
            holder = has
            for key in place:
                holder = holder.get(key, {})
            holder.pop("verbump", None)
        for made in (had, has):
            for key in ("tool", "package", "workspace"):
                if key in made and not made[key].get("metadata", 1):
                    del made[key]["metadata"]
                if key in made and not made[key]:
                    del made[key]
        assert has == had


@pytest.mark.parametrize("name", NAMES)
def test_the_next_version_is_found_with_it(name: str, tmp_path: Path) -> None:
    case = CASES / name
    repo = build(case, tmp_path)
    shutil.copytree(case / "out", repo.path, dirs_exist_ok=True)
    snapshot = read.read_snapshot(read.Options(directory=repo.path))
    decision = coming.plan_next(snapshot, Request())
    assert [problem.message for problem in decision.problems if problem.severity == "error"] == []
    assert decision.version is not None


def test_three_of_each_tool() -> None:
    named = [(CASES / name / "tool.txt").read_text().strip() for name in NAMES]
    assert {tool: named.count(tool) >= 3 for tool in tools.TOOLS} == dict.fromkeys(tools.TOOLS, True)
