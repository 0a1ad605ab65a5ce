"""docs/versions.md: each row is a repository made, asked, and held against what the page says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.running import ROOT, run_in_process

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
ROWS = [
    (line.split(" | ")[0].removeprefix("| "), *line.removesuffix(" |").split("|")[2:])
    for line in PAGE.splitlines()
    if line.startswith("| `")
]
CODE = re.compile(r"`([^`]+)`")
# The exit status of what is no version; 4 for all others.
CODES = {"nothing-to-release": 3, "configuration": 2, "version-invalid": 2, "prerelease-token": 2}


def test_every_row_is_read() -> None:
    assert len(ROWS) == PAGE.count("\n| `") > 60
    assert all(len(row) == 3 for row in ROWS)


def made(tmp_path: Path, history: str, branch: str, settings: str) -> GitRepo:
    """The history in one process: what begins with a type is a commit, everything else a tag."""
    stream, mark = [], 0
    for item in CODE.findall(f"`chore: begin` {history}"):
        name = item.strip("()")
        if ": " in item:
            mark += 1
            files = {"verbump.toml": settings} if settings else {}
            stream.append(_commit(branch, mark, item.replace("⏎", "\n"), files))
        elif item.startswith("("):
            stream.append(f"{_commit('elsewhere', 100, 'fix: elsewhere', {})}from :{mark}\n\n")
            stream.append(f"reset refs/tags/{name}\nfrom :100\n\n")
        else:
            stream.append(f"reset refs/tags/{name}\nfrom :{mark}\n\n")
    repo = GitRepo.create(tmp_path / "work", branch=branch)
    repo.git("fast-import", "--quiet", data="".join(stream).encode())
    repo.git("reset", "--quiet", "--hard")
    return repo


def _commit(branch: str, mark: int, message: str, files: dict[str, str]) -> str:
    parts = [f"commit refs/heads/{branch}\nmark :{mark}\ncommitter T <t@example.invalid> 1790000000 +0000\n"]
    parts.append(f"data {len(message.encode())}\n{message}\n")
    parts += [f"M 100644 inline {name}\ndata {len(text.encode())}\n{text}\n" for name, text in files.items()]
    return "".join(parts)


@pytest.mark.parametrize(("history", "asked", "wanted"), ROWS, ids=lambda each: re.sub(r"[`\s]+", " ", each).strip())
def test_row(tmp_path: Path, history: str, asked: str, wanted: str) -> None:
    words = CODE.findall(asked)
    on = re.search(r"branch `([^`]+)`", asked)
    settings = "".join(f"{word}\n" for word in words if " = " in word)
    repo = made(tmp_path, history, on[1] if on else "main", settings)
    options = [part for word in words if word.startswith("--") for part in word.split(" ")]
    if "release" in words:
        repo.add_remote(tmp_path / "remote.git")
        options = [part for part in options if part != "--exact"]
        result = run_in_process("release", "--dry-run", *options, cwd=repo.path)
        found = result.stdout.partition("\n")[0].partition(" -> ")[2].partition(" ")[0]
    else:
        result = run_in_process("next", *options, cwd=repo.path)
        found = result.stdout.strip()

    (answer,) = CODE.findall(wanted)

    if answer[0].isdigit():
        assert (result.code, found) == (0, answer), result.stderr
    else:
        assert result.code == CODES.get(answer, 4), result.stdout
        assert f"[{answer}]" in result.stderr
        fixes = ("  hint: ", "for example", "did you mean")
        assert answer == "nothing-to-release" or any(fix in result.stderr for fix in fixes), result.stderr
