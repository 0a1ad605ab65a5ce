"""Whole releases, a folder each: `history.txt`, `in/`, `args.txt`, and what must come of them in `plan.txt` and `out/`.

`history.txt` has a line a step: `tag v1.0.0`, `touch PATH` (the next commit changes that file), or a commit's message with
`\\n` for line ends; `in/` comes with the first commit. Each case runs dry, when nothing may change, then for real. `UPDATE_CASES=1` writes `plan.txt` and `out/` anew.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from support.git_repo import GitRepo
from support.projects import remote_refs
from support.running import verbump

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.name for path in CASES.iterdir() if (path / "history.txt").exists())
IS_UPDATING = bool(os.environ.get("UPDATE_CASES"))


def build(case: Path, tmp_path: Path) -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    date = {"GIT_AUTHOR_DATE": "1790000000 +0000", "GIT_COMMITTER_DATE": "1790000000 +0000"}
    shutil.copytree(case / "in", repo.path, dirs_exist_ok=True)
    repo.git("add", "--all", "--force")
    for line in (case / "history.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("tag "):
            repo.git("tag", "--annotate", "--message=x", line.removeprefix("tag "), env=date)
        elif line.startswith("touch "):
            name = line.removeprefix("touch ")
            repo.write(name, (repo.read(name) if (repo.path / name).exists() else b"") + b"//\n")
            repo.git("add", "--", name)
        elif line and not line.startswith("#"):
            message = line.replace("\\n", "\n").encode()
            repo.git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-F", "-", data=message, env=date)
    repo.add_remote(tmp_path / "remote.git")
    return repo


def tree(repo: GitRepo) -> dict[str, bytes]:
    names = repo.git("ls-files", "-z").split("\0")
    return {name: repo.read(name) for name in names if name}


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, tmp_path: Path) -> None:
    case = CASES / name
    repo = build(case, tmp_path)
    args = (case / "args.txt").read_text().split() if (case / "args.txt").exists() else []
    before, old, there = repo.snapshot(), tree(repo), remote_refs(tmp_path)

    dry = verbump("release", "--dry-run", *args, cwd=repo.path)

    assert dry.code == 0, dry.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)
    plan = "".join(f"{line.rstrip()}\n" for line in (dry.stdout + dry.stderr).splitlines())
    if IS_UPDATING:
        (case / "plan.txt").write_text(plan, encoding="utf-8")
    assert plan == (case / "plan.txt").read_text(encoding="utf-8")

    real = verbump("release", "--yes", *args, cwd=repo.path)

    assert real.code == 0, real.stderr
    changed = {path: content for path, content in tree(repo).items() if old.get(path) != content}
    if IS_UPDATING:
        shutil.rmtree(case / "out", ignore_errors=True)
        for path, content in changed.items():
            target = case / "out" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    out = case / "out"
    expected = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert changed == expected
    tags = re.findall(r"\. tag (\S+)\n", plan)
    assert tags
    for tag in tags:
        assert remote_refs(tmp_path)[f"refs/tags/{tag}"] == repo.oid(f"refs/tags/{tag}")
    assert remote_refs(tmp_path)["refs/heads/main"] == repo.head()
    assert repo.git("status", "--porcelain") == ""
