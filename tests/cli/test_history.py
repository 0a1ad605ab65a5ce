"""Which commits count, in histories that git itself made: its own reverts, merges, renames, fix-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.projects import released
from support.running import run_in_process

if TYPE_CHECKING:
    from pathlib import Path

    from support.git_repo import GitRepo


def decided(repo: GitRepo, *options: str) -> Any:
    return run_in_process("next", "--format", "json", *options, cwd=repo.path).json


def counted(repo: GitRepo) -> list[str]:
    return [reason["header"] for reason in decided(repo)["reasons"]]


def revert(repo: GitRepo, *options: str) -> None:
    repo.git("revert", "--no-edit", *options)


def merged(repo: GitRepo, *, elsewhere: str) -> None:
    """A commit on main, then a side branch of two merged over one more commit that touches `elsewhere`."""
    repo.commit("feat: base", {"src/base": "1"})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("feat!: one", {"src/one": "1"})
    repo.commit("fix: two", {"src/two": "1"})
    repo.git("checkout", "--quiet", "main")
    repo.commit("fix: meanwhile", {elsewhere: "1"})
    repo.merge("side")


def test_git_revert_and_its_revert(tmp_path: Path) -> None:
    repo = released(tmp_path, "chore: x")
    repo.commit("feat: a", {"a": "1"})
    revert(repo, "HEAD")
    assert decided(repo)["next"] is None
    revert(repo, "HEAD")
    assert counted(repo) == ["feat: a"]
    revert(repo, "HEAD")
    assert decided(repo)["next"] is None


def test_revert_of_what_is_released_is_a_change_until_it_is_reverted(tmp_path: Path) -> None:
    repo = released(tmp_path, "chore: x")
    repo.commit("feat: a", {"a": "1"})
    repo.tag("v1.3.0")
    revert(repo, "HEAD")
    data = decided(repo)
    assert (data["next"]["version"], data["reasons"][0]["category"]) == ("1.3.1", "Changed")
    revert(repo, "HEAD")
    assert decided(repo)["next"] is None
    repo.commit("fix: b")
    assert counted(repo) == ["fix: b"]


def test_revert_of_a_released_revert_is_a_change(tmp_path: Path) -> None:
    repo = released(tmp_path, "chore: x")
    repo.commit("feat: a", {"a": "1"})
    revert(repo, "HEAD")
    repo.tag("v1.2.4")
    revert(repo, "HEAD")
    assert [(each["type"], each["bump"]) for each in decided(repo)["reasons"]] == [("revert", "patch")]


@pytest.mark.parametrize("length", [7, 12, 40])
def test_abbreviated_reference(tmp_path: Path, length: int) -> None:
    repo = released(tmp_path, "feat: a", "fix: b")
    sha = repo.git("rev-parse", "HEAD~1")[:length]
    repo.commit(f"revert: a\n\nThis reverts commit {sha} (feat: a, 2026-01-01).")
    assert counted(repo) == ["fix: b"]


def test_reverted_merge_takes_only_its_own_commits_away(tmp_path: Path) -> None:
    repo = released(tmp_path, "chore: x")
    merged(repo, elsewhere="else")
    revert(repo, "-m", "1", "HEAD")
    assert counted(repo) == ["fix: meanwhile", "feat: base"]
    revert(repo, "HEAD")
    assert sorted(counted(repo)) == ["feat!: one", "feat: base", "fix: meanwhile", "fix: two"]


def test_reverted_merge_under_path_filters(tmp_path: Path) -> None:
    """The first parent touches no path that counts: what stands before the merge must not go with it."""
    repo = released(tmp_path, "chore: x", more={"verbump.toml": 'include = ["src/**"]\n'})
    merged(repo, elsewhere="else")
    revert(repo, "-m", "1", "HEAD")
    assert counted(repo) == ["feat: base"]
    revert(repo, "HEAD")
    assert sorted(counted(repo)) == ["feat!: one", "feat: base", "fix: two"]


def test_renames_count_where_they_leave_and_where_they_arrive(tmp_path: Path) -> None:
    more = {"verbump.toml": 'include = ["src/**"]\n', "src/a": "a\n" * 50, "else/b": "b\n" * 40}
    repo = released(tmp_path, "chore: x", more=more)
    repo.git("mv", "src/a", "else/a")
    repo.git("commit", "--quiet", "--message=fix: out")
    repo.git("mv", "else/b", "src/b")
    repo.git("commit", "--quiet", "--message=feat: in")
    repo.git("mv", "else/a", "else/c")
    repo.git("commit", "--quiet", "--message=feat!: outside")
    assert counted(repo) == ["feat: in", "fix: out"]


def test_a_merge_that_changes_a_path_by_itself_is_left_out(tmp_path: Path) -> None:
    repo = released(tmp_path, "chore: x", more={"verbump.toml": 'include = ["src/**"]\nexclude = ["src/doc/**"]\n'})
    merged(repo, elsewhere="src/doc/x")
    repo.write("src/evil", "1")
    repo.git("add", "src/evil")
    repo.git("commit", "--quiet", "--amend", "--message=feat!: a merge")
    assert sorted(counted(repo)) == ["feat!: one", "feat: base", "fix: two"]


def test_candidate_under_path_filters(tmp_path: Path) -> None:
    repo = released(tmp_path, "chore: x", more={"verbump.toml": 'include = ["src/**"]\n'})
    repo.commit("feat: a", {"src/a": "1"})
    repo.tag("v1.3.0-rc.1")
    repo.commit("fix: outside", {"else": "1"})
    assert decided(repo, "--pre", "rc")["next"] is None
    repo.commit("fix: inside", {"src/b": "1"})
    assert decided(repo, "--pre", "rc")["next"]["version"] == "1.3.0-rc.2"


def test_a_whole_changelog_under_path_filters(tmp_path: Path) -> None:
    more = {"verbump.toml": 'include = ["src/**"]\n', "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n"}
    repo = released(tmp_path, more=more)
    merged(repo, elsewhere="else")
    revert(repo, "-m", "1", "HEAD")
    repo.tag("v1.3.0")
    text = run_in_process("changelog", "--all", cwd=repo.path).stdout
    section = text[text.index("1.3.0") : text.index("1.2.3")]
    assert "Base" in section
    for absent in ("Meanwhile", "One", "Two"):
        assert absent not in section


@pytest.mark.parametrize("word", ["fixup!", "squash!", "amend!"])
def test_unfinished_commits_are_warned_of_and_do_not_count(tmp_path: Path, word: str) -> None:
    repo = released(tmp_path, "fix: a", f"{word} feat!: b")
    result = run_in_process("next", cwd=repo.path)
    assert result.stdout == "1.2.4\n"
    short = repo.head()[:7]
    assert f"warning: {short} ({word}) does not count [fixup-commit]\n" in result.stderr
    assert "hint: git rebase --autosquash" in result.stderr
