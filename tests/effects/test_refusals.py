"""What is not ready is refused: every problem at once, each with its fix, and nothing has changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import Result, verbump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def dirty_target(repo: GitRepo, tmp_path: Path) -> None:
    repo.write("Cargo.toml", repo.read("Cargo.toml") + b"# edited\n")


def staged_target(repo: GitRepo, tmp_path: Path) -> None:
    dirty_target(repo, tmp_path)
    repo.git("add", "Cargo.toml")


def dirty_changelog(repo: GitRepo, tmp_path: Path) -> None:
    repo.write("CHANGELOG.md", repo.read("CHANGELOG.md") + b"\nx\n")


def untracked_target(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("rm", "--quiet", "--cached", "pyproject.toml")
    repo.git("commit", "--quiet", "-m", "chore: forget it")


def ignored_target(repo: GitRepo, tmp_path: Path) -> None:
    untracked_target(repo, tmp_path)
    repo.commit("chore: ignore it", {".gitignore": "pyproject.toml\n"})


def symlink_target(repo: GitRepo, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_bytes(repo.read("Cargo.toml"))
    (repo.path / "Cargo.toml").unlink()
    (repo.path / "Cargo.toml").symlink_to(outside)
    repo.git("add", "Cargo.toml")
    repo.git("commit", "--quiet", "-m", "chore: link")


def merge_under_way(repo: GitRepo, tmp_path: Path) -> None:
    (repo.path / ".git" / "MERGE_HEAD").write_text(repo.head() + "\n")


def rebase_under_way(repo: GitRepo, tmp_path: Path) -> None:
    (repo.path / ".git" / "rebase-merge").mkdir()


def bisect_under_way(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("bisect", "start")


def index_locked(repo: GitRepo, tmp_path: Path) -> None:
    (repo.path / ".git" / "index.lock").touch()


def other_branch(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("checkout", "--quiet", "-b", "feature")


def tag_on_other_branch(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    repo.commit("feat: side")
    repo.tag("v1.3.0")
    repo.git("checkout", "--quiet", "main")


def tag_on_remote_only(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo.clone(tmp_path / "remote.git", tmp_path / "other")
    other.git("checkout", "--quiet", "-b", "side")
    other.commit("feat: side")
    other.tag("v1.3.0")
    other.git("push", "--quiet", "origin", "v1.3.0")


def tag_as_folder(repo: GitRepo, tmp_path: Path) -> None:
    repo.tag("v1.3.0/notes", annotated=False)


def moved_tag(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("tag", "--force", "--annotate", "-m", "moved", "v1.2.3", "v1.2.3^{}")


def higher_tag_elsewhere(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("checkout", "--quiet", "-b", "next")
    repo.commit("feat!: next")
    repo.tag("v2.0.0")
    repo.git("push", "--quiet", "origin", "v2.0.0")
    repo.git("checkout", "--quiet", "main")


def local_behind(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo.clone(tmp_path / "remote.git", tmp_path / "other")
    other.commit("fix: somebody else's")
    other.git("push", "--quiet", "origin", "main")


def remote_gone(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("remote", "set-url", "origin", str(tmp_path / "nowhere.git"))


def no_remote(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("remote", "remove", "origin")


def mirror_remote(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("config", "remote.origin.mirror", "true")


def versions_disagree(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("chore: oops", {"pyproject.toml": '[project]\nname = "demo"\nversion = "1.2.4"\n'})


def broken_manifest(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("chore: oops", {"Cargo.toml": '[package]\nname = "demo"\nversion =\n'})


def changelog_without_heading(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("chore: oops", {"CHANGELOG.md": "just text\n"})


def changelog_has_version(repo: GitRepo, tmp_path: Path) -> None:
    text = "# Changelog\n\n## [Unreleased]\n\n## [1.3.0] - 2026-02-02\n\n- told\n"
    repo.commit("chore: oops", {"CHANGELOG.md": text})


def changelog_unclosed_fence(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("chore: oops", {"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n```\ncode\n"})


def changelog_not_utf8(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("chore: oops", {"CHANGELOG.md": b"# Changelog\n\n## [Unreleased]\n\n- \xff\n"})


def listed_missing(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("chore: list it", {"verbump.toml": 'manifests = ["Cargo.toml", "gone.toml"]\n'})


def no_identity(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("config", "user.useConfigOnly", "true")
    repo.git("config", "user.name", "")
    repo.git("config", "user.email", "")


CASES = [
    pytest.param(dirty_target, "target-dirty", marks=pytest.mark.case("R31"), id="dirty_target"),
    pytest.param(staged_target, "target-dirty", marks=pytest.mark.case("R31"), id="staged_target"),
    pytest.param(dirty_changelog, "target-dirty", marks=pytest.mark.case("R31"), id="dirty_changelog"),
    pytest.param(untracked_target, "target-untracked", marks=pytest.mark.case("R32"), id="untracked_target"),
    pytest.param(ignored_target, "target-ignored", marks=pytest.mark.case("R32"), id="ignored_target"),
    pytest.param(symlink_target, "target-unsafe", marks=pytest.mark.case("S11"), id="symlink_target"),
    pytest.param(merge_under_way, "operation-under-way", marks=pytest.mark.case("R33"), id="merge_under_way"),
    pytest.param(rebase_under_way, "operation-under-way", marks=pytest.mark.case("R33"), id="rebase_under_way"),
    pytest.param(bisect_under_way, "operation-under-way", id="bisect_under_way"),
    pytest.param(index_locked, "index-locked", marks=pytest.mark.case("F26"), id="index_locked"),
    pytest.param(other_branch, "branch-not-allowed", id="other_branch"),
    pytest.param(tag_on_other_branch, "tag-exists", marks=pytest.mark.case("R14"), id="tag_on_other_branch"),
    pytest.param(tag_on_remote_only, "tag-exists", marks=pytest.mark.case("R15"), id="tag_on_remote_only"),
    pytest.param(tag_as_folder, "tag-clash", id="tag_as_folder"),
    pytest.param(moved_tag, "tag-moved", marks=pytest.mark.case("R20"), id="moved_tag"),
    pytest.param(
        higher_tag_elsewhere, "higher-tag-elsewhere", marks=pytest.mark.case("R18"), id="higher_tag_elsewhere"
    ),
    pytest.param(local_behind, "branch-behind", marks=pytest.mark.case("R12"), id="local_behind"),
    pytest.param(remote_gone, "remote-unreachable", marks=pytest.mark.case("R07"), id="remote_gone"),
    pytest.param(no_remote, "no-remote", id="no_remote"),
    pytest.param(mirror_remote, "remote-mirror", id="mirror_remote"),
    pytest.param(versions_disagree, "versions-disagree", marks=pytest.mark.case("R40"), id="versions_disagree"),
    pytest.param(broken_manifest, "manifest-syntax", id="broken_manifest"),
    pytest.param(changelog_without_heading, "changelog-no-heading", id="changelog_without_heading"),
    pytest.param(
        changelog_has_version, "changelog-version-exists", marks=pytest.mark.case("R41"), id="changelog_has_version"
    ),
    pytest.param(changelog_unclosed_fence, "changelog-unclosed-fence", id="changelog_unclosed_fence"),
    pytest.param(changelog_not_utf8, "not-utf-8", id="changelog_not_utf8"),
    pytest.param(listed_missing, "manifest-missing", marks=pytest.mark.case("R32"), id="listed_missing"),
    pytest.param(no_identity, "no-identity", id="no_identity"),
]


@pytest.mark.parametrize(("spoil", "code"), CASES)
def test_refused_and_nothing_has_changed(tmp_path: Path, spoil: Callable[[GitRepo, Path], None], code: str) -> None:
    repo = released(tmp_path, "feat: streams")
    spoil(repo, tmp_path)
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4, result.stderr
    assert f"[{code}]" in result.stderr
    assert "hint: " in result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)
    assert not (repo.path / ".git" / "verbump" / "journal.json").exists()
    assert_same_in_json(repo, result, code)


def assert_same_in_json(repo: GitRepo, result: Result, code: str) -> None:
    again = verbump("release", "--dry-run", "--format", "json", cwd=repo.path)
    assert again.code == result.code
    assert code in [problem["code"] for problem in again.json["problems"]]


def test_all_problems_at_once(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    for spoil in (versions_disagree, other_branch, dirty_changelog, merge_under_way):
        spoil(repo, tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    for code in ("versions-disagree", "branch-not-allowed", "target-dirty", "operation-under-way"):
        assert f"[{code}]" in result.stderr


def test_a_manifest_that_is_missing_hides_no_other(tmp_path: Path) -> None:
    listed = """manifests = ["pyproject.toml", "Cargo.toml", {path = "notes.txt", pattern = "v(?P<version>\\\\S+)"},
        {path = "nothing.txt", pattern = "v(?P<version>\\\\S+)"}]"""
    repo = released(tmp_path, "feat: x", more={"verbump.toml": listed, ".gitignore": "notes.txt\n"})
    repo.write("notes.txt", "v1.2.3\n")
    repo.write("pyproject.toml", repo.read("pyproject.toml") + b"# mine\n")
    dirty_changelog(repo, tmp_path)
    repo.git("rm", "-q", "--cached", "Cargo.toml")

    refused = verbump("release", "--dry-run", "--pre", "nightly", "--no-push", cwd=repo.path)

    assert refused.code == 4
    found = set(re.findall(r"error: (\S+) .*\[([a-z0-9-]+)\]$", refused.stderr, re.MULTILINE))
    assert found == {
        ("nothing.txt:", "manifest-missing"),
        ("notes.txt", "target-ignored"),
        ("pyproject.toml", "target-dirty"),
        ("CHANGELOG.md", "target-dirty"),
        ("Cargo.toml", "target-untracked"),
        ("1.3.0-nightly.1", "no-pep440-form"),
    }


def test_align_goes_on_although_versions_disagree(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    versions_disagree(repo, tmp_path)

    result = verbump("release", "--yes", "--align", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert b'version = "1.3.0"' in repo.read("pyproject.toml")


def test_next_only_warns_of_disagreeing_versions(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    versions_disagree(repo, tmp_path)

    result = verbump("next", cwd=repo.path)

    assert (result.code, result.stdout) == (0, "1.3.0\n")
    assert "warning: versions disagree: tag v1.2.3, Cargo.toml 1.2.3, pyproject.toml 1.2.4" in result.stderr


def test_maintenance_branch_explains_a_higher_tag(tmp_path: Path) -> None:
    repo = released(tmp_path)
    higher_tag_elsewhere(repo, tmp_path)
    repo.git("checkout", "--quiet", "-b", "1.2.x")
    repo.commit("fix: backport")

    result = verbump("release", "--yes", cwd=repo.path)
    assert result.code == 0, result.stderr

    repo.commit("feat: too much for here")
    refused = verbump("release", "--yes", cwd=repo.path)
    assert refused.code == 4
    assert "[out-of-range]" in refused.stderr


@pytest.mark.case("R01", "R02")
@pytest.mark.parametrize(
    ("prepare", "code"),
    [("nothing", "not-a-repository"), ("bare", "not-a-work-tree"), ("empty", "no-commits")],
)
@pytest.mark.parametrize("command", ["next", "release"])
def test_no_repository_to_work_on(tmp_path: Path, prepare: str, code: str, command: str) -> None:
    """R01 is a usage error, R02 a refusal."""
    folder = tmp_path / "folder"
    if prepare == "nothing":
        folder.mkdir()
    else:
        GitRepo.create(folder, bare=prepare == "bare")
    words = ["release", "--dry-run"] if command == "release" else ["next"]

    result = verbump(*words, "--format", "json", cwd=folder)

    assert result.code == (4 if prepare == "empty" else 2)
    assert [problem["code"] for problem in result.json["problems"]] == [code]
    assert result.json["next"] is None


def test_target_outside_the_repository_is_a_configuration_error(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    outside = tmp_path / "version.txt"
    outside.write_text("1.2.3 # verbump: version\n")
    repo.commit("chore: list it", {"verbump.toml": 'manifests = ["../version.txt"]\n'})

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 2
    assert "inside the repository" in result.stderr
    assert outside.read_text() == "1.2.3 # verbump: version\n"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(broken_manifest, "manifest-syntax"), (listed_missing, "manifest-missing"), (symlink_target, "target-unsafe")],
)
def test_next_only_warns_of_manifests(tmp_path: Path, spoil: Callable[[GitRepo, Path], None], code: str) -> None:
    repo = released(tmp_path, "feat: streams")
    spoil(repo, tmp_path)

    result = verbump("next", cwd=repo.path)

    assert (result.code, result.stdout) == (0, "1.3.0\n")
    assert "warning: " in result.stderr
    assert f"[{code}]" in result.stderr
