"""Files of a proposal: all or none, whatever happens on the way."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from support.git_repo import GitRepo
from verbump.effects.write_proposal import write_whole
from verbump.errors import Refused
from verbump.planning.actions import Plan, WriteFile


def write(path: str, after: str, before: str | None = None) -> WriteFile:
    return WriteFile(path=PurePosixPath(path), before=before, after=after)


def test_folders_are_made(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    write_whole(repo.path, Plan(actions=(write(".github/workflows/a.yml", "a\n"), write("b", "b\r\n"))))
    assert repo.read(".github/workflows/a.yml") == b"a\n"
    assert repo.read("b") == b"b\r\n"


@pytest.mark.parametrize("name", ["last", "new/folder/last"])
def test_what_was_written_is_taken_back(tmp_path: Path, name: str) -> None:
    """The last text cannot be encoded, which is found only when its turn comes."""
    repo = GitRepo.create(tmp_path / "work")
    repo.write("old", "old\n").chmod(0o755)
    before = repo.snapshot()
    plan = Plan(actions=(write("old", "new\n", before="old\n"), write("new/first", "x"), write(name, "\ud800")))
    with pytest.raises(UnicodeEncodeError):
        write_whole(repo.path, plan)
    assert repo.snapshot() == before


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (write("old", "new", before="older"), "has changed meanwhile"),
        (write("old", "new"), "has changed meanwhile"),
        (write("../out", "x"), "is outside the repository"),
        (write("link/x", "x"), "goes through a symbolic link"),
        (write("old/x", "x"), "is in a folder that does not exist"),
        (write(".git/hooks/x", "x"), "is inside .git"),
    ],
)
def test_nothing_is_written_where_one_file_may_not_be(tmp_path: Path, action: WriteFile, why: str) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.write("old", "old\n")
    (repo.path / "link").symlink_to(tmp_path)
    before = repo.snapshot()
    with pytest.raises(Refused) as caught:
        write_whole(repo.path, Plan(actions=(write("a/b/first", "x"), action)))
    assert why in caught.value.message
    assert repo.snapshot() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["work"]
