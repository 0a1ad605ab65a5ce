"""Repositories that have misled other tools: bot loops, odd tags, half-finished merges, submodules, large files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import CARGO, released, remote_refs
from support.running import verbump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.case("R04")
def test_first_release_in_ci_takes_the_initial_version_and_says_so(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    files = {"Cargo.toml": CARGO.format(version="0.0.0"), "verbump.toml": 'initial_version = "0.4.0"\n'}
    repo.commit("feat: begin", files)
    repo.add_remote(tmp_path / "remote.git")

    result = verbump("release", "--yes", cwd=repo.path, env={"CI": "true", "GITHUB_ACTIONS": "true"})

    assert result.code == 0, result.stderr
    assert "0.4.0" in result.stdout
    assert "first release" in result.stdout + result.stderr
    assert "refs/tags/v0.4.0" in remote_refs(tmp_path)


@pytest.mark.case("R08", "R10")
def test_bot_that_starts_itself_again_finds_nothing(tmp_path: Path) -> None:
    """HEAD is the release commit: no write anywhere, the remote's own log included."""
    repo = released(tmp_path, "feat: streams")
    remote = GitRepo(tmp_path / "remote.git")
    assert verbump("release", "--yes", cwd=repo.path).code == 0
    remote.install_hook("pre-receive", f"#!/bin/sh\ntouch {tmp_path / 'pushed'}\n")
    before, there = repo.snapshot(), remote.refs()

    for words in (("release", "--yes"), ("release", "--yes", "--if-needed"), ("release", "--resume")):
        assert verbump(*words, cwd=repo.path).code == (0 if "--if-needed" in words else 3)

    assert (repo.snapshot(), remote.refs()) == (before, there)
    assert not (tmp_path / "pushed").exists()


@pytest.mark.case("R17")
def test_fresh_clone_of_a_release_whose_maker_died_after_the_push(tmp_path: Path) -> None:
    """All that git holds is there; nothing is released twice, nothing is undone."""
    repo = released(tmp_path, "feat: streams")
    remote = GitRepo(tmp_path / "remote.git")
    repo.install_hook("pre-push", f"#!/bin/sh\necho $PPID > {tmp_path / 'pid'}\n")
    remote.install_hook("post-receive", f"#!/bin/sh\nkill -9 $(cat {tmp_path / 'pid'})\nsleep 0.2\n")
    assert verbump("release", "--yes", cwd=repo.path).code == -9
    (remote.path / "hooks" / "post-receive").unlink()
    clone = GitRepo.clone(remote.path, tmp_path / "clone")
    before, there = clone.snapshot(), remote.refs()

    assert verbump("release", "--resume", cwd=clone.path).code == 3
    assert verbump("release", "--yes", cwd=clone.path).code == 3
    assert verbump("next", "--current", cwd=clone.path).stdout == "1.3.0\n"

    assert (clone.snapshot(), remote.refs()) == (before, there)
    assert verbump("release", "--resume", cwd=repo.path).code == 0
    assert remote.refs() == there


@pytest.mark.case("R17")
def test_release_without_push_is_pushed_from_a_copy(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    assert verbump("release", "--yes", "--no-push", cwd=repo.path).code == 0
    clone = GitRepo.clone(repo.path, tmp_path / "clone")
    clone.git("remote", "set-url", "origin", str(tmp_path / "remote.git"))

    assert verbump("release", "--resume", cwd=clone.path).code == 0

    assert remote_refs(tmp_path)["refs/tags/v1.3.0"] == repo.oid("refs/tags/v1.3.0")
    assert remote_refs(tmp_path)["refs/heads/main"] == repo.head()


@pytest.mark.case("R16")
def test_next_tag_stands_here_on_another_commit(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    repo.git("tag", "v1.3.0", repo.git("commit-tree", "HEAD^{tree}", "-m", "elsewhere"))
    before = repo.snapshot()

    result = verbump("release", "--yes", "1.3.0", cwd=repo.path)

    assert result.code == 4
    assert "[tag-exists]" in result.stderr
    assert repo.snapshot() == before


@pytest.mark.case("R19")
@pytest.mark.parametrize("annotated", [(True, True), (False, False), (True, False), (False, True)])
def test_lightweight_and_annotated_tags_count_alike(tmp_path: Path, annotated: tuple[bool, bool]) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin")
    repo.tag("v1.0.0", annotated=annotated[0])
    repo.commit("fix: leak")
    repo.tag("v1.0.1", annotated=annotated[1])
    repo.commit("feat: streams")
    assert verbump("next", cwd=repo.path).stdout == "1.1.0\n"


@pytest.mark.case("R21")
def test_final_tag_wins_over_a_candidate_on_the_same_commit(tmp_path: Path) -> None:
    repo = released(tmp_path)
    repo.tag("v1.2.3-rc.1")
    repo.tag("v1.2.2")
    repo.commit("fix: leak")
    assert verbump("next", "--current", cwd=repo.path).stdout == "1.2.3\n"
    assert verbump("next", cwd=repo.path).stdout == "1.2.4\n"


@pytest.mark.case("R23")
def test_tag_format_with_a_slash(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams", tag="py/v1.2.3")
    repo.tag("v9.0.0")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4, "two formats: the highest final tag decides, and it is not the manifests'"
    repo.git("tag", "-d", "v9.0.0")
    assert verbump("release", "--yes", cwd=repo.path).code == 0
    assert "refs/tags/py/v1.3.0" in remote_refs(tmp_path)


@pytest.mark.case("R28")
def test_list_in_a_squashed_body_does_not_count(tmp_path: Path) -> None:
    repo = released(tmp_path, "fix: leak (#7)\n\n* feat!: everything is new\n* feat: streams\n\n- feat!: more")
    assert verbump("next", cwd=repo.path).stdout == "1.2.4\n"


def cherry_pick(repo: GitRepo) -> None:
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    repo.commit("fix: side", {"both.txt": "side\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit("fix: main", {"both.txt": "main\n"})
    repo.git("push", "--quiet", "origin", "main")
    repo.git("cherry-pick", "side", check=False)


def conflict_without_operation(repo: GitRepo) -> None:
    cherry_pick(repo)
    (repo.path / ".git" / "CHERRY_PICK_HEAD").unlink()


@pytest.mark.case("R33")
@pytest.mark.parametrize("spoil", [cherry_pick, conflict_without_operation])
def test_half_finished_merges_are_refused(tmp_path: Path, spoil: Callable[[GitRepo], None]) -> None:
    repo = released(tmp_path, "feat: streams")
    spoil(repo)
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    assert "[operation-under-way]" in result.stderr or "[conflicts]" in result.stderr, result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)


@pytest.mark.case("R35")
def test_dirty_submodule_stays_as_it_is(tmp_path: Path) -> None:
    library = GitRepo.create(tmp_path / "library")
    library.commit("feat: begin", {"lib.txt": "lib\n"})
    repo = released(tmp_path, "feat: streams")
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.path), "vendor")
    repo.commit("build: vendor the library", {})
    repo.git("push", "--quiet", "origin", "main")
    repo.write("vendor/lib.txt", "edited\n")
    inside = GitRepo(repo.path / "vendor")
    inside.commit("fix: mine")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert repo.read("vendor/lib.txt") == b"edited\n"
    assert "vendor" not in repo.git("show", "--format=", "--name-only", "HEAD")
    assert inside.git("log", "-1", "--format=%s") == "fix: mine"


@pytest.mark.case("R36")
def test_large_file_storage_gets_its_object_before_the_pointer_is_pushed(tmp_path: Path) -> None:
    """git-lfs works through a clean filter and the pre-push hook: both run, and a failing upload stops the push."""
    store = tmp_path / "store"
    store.mkdir()
    script = f'#!/bin/sh\nid=$(tee {tmp_path}/clean | git hash-object --stdin)\ncp {tmp_path}/clean {store}/$id\necho "oid $id"\n'
    (tmp_path / "clean.sh").write_text(script)
    (tmp_path / "clean.sh").chmod(0o755)
    repo = released(tmp_path, "feat: streams")
    repo.git("config", "filter.lfs.clean", str(tmp_path / "clean.sh"))
    repo.git("config", "filter.lfs.smudge", f"sed 's/oid //' | xargs -I% cat {store}/%")
    repo.write(".gitattributes", "CHANGELOG.md filter=lfs\n")
    repo.git("add", "--renormalize", ".")
    repo.git("add", ".gitattributes")
    repo.git("commit", "--quiet", "-m", "build: large files")
    repo.git("push", "--quiet", "origin", "main")
    repo.install_hook("pre-push", "#!/bin/sh\nexit 1\n")
    there = remote_refs(tmp_path)
    assert verbump("release", "--yes", cwd=repo.path).code == 4
    assert remote_refs(tmp_path) == there
    repo.install_hook("pre-push", "#!/bin/sh\nexit 0\n")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    pointer = repo.git("cat-file", "blob", "HEAD:CHANGELOG.md")
    assert pointer.startswith("oid ")
    assert (store / pointer.removeprefix("oid ").strip()).read_bytes() == repo.read("CHANGELOG.md")
    assert b"## [1.3.0]" in repo.read("CHANGELOG.md")
    assert repo.git("status", "--porcelain") == ""


QUOTED = [
    "docs: quote\n\n> BREAKING CHANGE: not ours\n\nfeat!: nor this",
    "docs: fence\n\n```\nBREAKING CHANGE: an example\n```\n",
    "docs: list\n\n* feat!: item\n* BREAKING CHANGE: item\n",
]


@pytest.mark.case("S02")
@pytest.mark.parametrize("message", QUOTED, ids=["quotation", "fence", "list"])
def test_quotations_release_nothing(tmp_path: Path, message: str) -> None:
    repo = released(tmp_path, message)
    assert verbump("next", cwd=repo.path).code == 3
