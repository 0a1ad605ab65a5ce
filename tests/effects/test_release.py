"""A release from the first commit read to the tag on the remote: what it leaves, and what it leaves alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path


def test_release_stands_here_and_on_the_remote(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat(api): streams (#7)")
    base = repo.head()

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert b'version = "1.3.0"' in repo.read("Cargo.toml")
    assert b'version = "1.3.0"' in repo.read("pyproject.toml")
    assert repo.git("status", "--porcelain") == ""
    assert repo.git("rev-parse", "HEAD~1") == base
    assert repo.git("log", "-1", "--format=%s") == "chore(release): 1.3.0"
    assert repo.git("cat-file", "-t", "v1.3.0") == "tag"
    there = remote_refs(tmp_path)
    assert there["refs/heads/main"] == repo.head()
    assert there["refs/tags/v1.3.0"] == repo.oid("refs/tags/v1.3.0")
    assert repo.oid("refs/remotes/origin/main") == repo.head()
    assert repo.oid("refs/verbump/inflight") == ""
    assert not (repo.path / ".git" / "verbump" / "journal.json").exists()
    assert repo.git("fsck", "--strict") == ""


@pytest.mark.case("R08", "R10")
def test_second_release_finds_nothing(tmp_path: Path) -> None:
    repo = released(tmp_path, "fix: one")
    assert verbump("release", "--yes", cwd=repo.path).code == 0
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert (result.code, result.stdout) == (3, "")
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)
    assert verbump("release", "--yes", "--if-needed", cwd=repo.path).code == 0


def test_dry_run_changes_nothing(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--dry-run", cwd=repo.path)

    assert result.code == 0
    assert "1.2.3 -> 1.3.0 (minor)" in result.stdout
    assert '+version = "1.3.0"' in result.stdout
    assert "+## [1.3.0] - 2026-11-23" in result.stdout
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)


@pytest.mark.case("R30")
def test_user_work_is_untouched(tmp_path: Path) -> None:
    """P4, staged, unstaged and untracked bytes stay as they are and out of the commit."""
    repo = released(tmp_path, "fix: one", more={"a.txt": "a\n", "b.txt": "b\n"})
    repo.write("a.txt", "staged\n")
    repo.git("add", "a.txt")
    repo.write("a.txt", "staged and edited\n")
    repo.write("b.txt", "edited\n")
    repo.write("new.txt", "untracked\n")
    repo.git("stash", "list")
    status = repo.git("status", "--porcelain")
    staged = repo.git("diff", "--cached")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert repo.git("status", "--porcelain") == status
    assert repo.git("diff", "--cached") == staged
    assert repo.read("a.txt") == b"staged and edited\n"
    assert set(repo.git("diff", "--name-only", "HEAD~1", "HEAD").split()) == {
        "CHANGELOG.md",
        "Cargo.toml",
        "pyproject.toml",
    }


def test_same_inputs_give_the_same_ids(tmp_path: Path) -> None:
    """P6."""
    repo = released(tmp_path, "feat: streams")
    twin = GitRepo(tmp_path / "twin")
    twin.path.mkdir()
    subprocess_copy(repo, twin)

    assert verbump("release", "--yes", "--no-push", cwd=repo.path).code == 0
    assert verbump("release", "--yes", "--no-push", cwd=twin.path).code == 0

    assert repo.head() == twin.head()
    assert repo.oid("refs/tags/v1.3.0") == twin.oid("refs/tags/v1.3.0")


def subprocess_copy(repo: GitRepo, twin: GitRepo) -> None:
    import shutil

    twin.path.rmdir()
    shutil.copytree(repo.path, twin.path, symlinks=True)


@pytest.mark.parametrize("epoch", ["0", "1", "99999999999"])
def test_any_source_date_epoch_will_do(tmp_path: Path, epoch: str) -> None:
    """0 and 1 are what build systems set who want no date at all."""
    repo = released(tmp_path, "feat: x")
    done = verbump("release", "--yes", "--no-push", cwd=repo.path, env={"SOURCE_DATE_EPOCH": epoch})
    assert done.code == 0, done.stderr
    assert repo.git("log", "-1", "--format=%at %ct") == f"{epoch} {epoch}"
    assert repo.git("for-each-ref", "--format=%(taggerdate:unix)", "refs/tags/v1.3.0") == epoch


def test_needs_yes_without_a_terminal(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    before = repo.snapshot()

    result = verbump("release", cwd=repo.path)

    assert result.code == 2
    assert "--yes" in result.stderr
    assert repo.snapshot() == before


def test_changelog_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams", more={"verbump.toml": 'changelog = "docs/NEWS.md"\n'})
    assert verbump("changelog", "--write", cwd=repo.path).code == 0
    assert "Streams" in repo.read("docs/NEWS.md").decode()
    (repo.path / "docs" / "NEWS.md").unlink()
    (repo.path / "docs").rmdir()

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert "## [1.3.0]" in repo.read("docs/NEWS.md").decode()
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize("kind", ["file", "link"])
def test_changelog_whose_folder_is_something_else(tmp_path: Path, kind: str) -> None:
    repo = released(tmp_path, "feat: streams", more={"verbump.toml": 'changelog = "docs/news/NEWS.md"\n'})
    if kind == "file":
        repo.commit("docs: note", {"docs": "text"})
    else:
        (tmp_path / "elsewhere").mkdir()
        (repo.path / "docs").symlink_to(tmp_path / "elsewhere")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    assert "[target-unsafe]" in result.stderr
    assert kind == "file" or not list((tmp_path / "elsewhere").iterdir())


def test_release_that_waits_for_a_remote(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    url = repo.git("remote", "get-url", "origin")
    repo.git("remote", "remove", "origin")
    assert verbump("release", "--resume", cwd=repo.path).code == 3
    assert verbump("release", "--yes", "--no-push", cwd=repo.path).code == 0

    waiting = verbump("release", "--resume", cwd=repo.path)
    assert waiting.code == 4
    assert "v1.3.0" in waiting.stderr
    assert "[no-remote]" in waiting.stderr

    repo.git("remote", "add", "origin", url)
    assert verbump("release", "--resume", cwd=repo.path).code == 0
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)


def test_no_push_reads_and_writes_no_remote_and_resume_pushes(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    there = remote_refs(tmp_path)
    (tmp_path / "remote.git").rename(tmp_path / "away.git")

    result = verbump("release", "--yes", "--no-push", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert repo.git("tag", "--points-at", "HEAD") == "v1.3.0"
    (tmp_path / "away.git").rename(tmp_path / "remote.git")
    assert remote_refs(tmp_path) == there

    refused = verbump("release", "--yes", "--bump", "patch", cwd=repo.path)
    assert refused.code == 4
    assert "tag-not-pushed" in refused.stderr

    repo.commit("fix: later")
    resumed = verbump("release", "--resume", cwd=repo.path)

    assert resumed.code == 0, resumed.stderr
    now = remote_refs(tmp_path)
    assert now["refs/tags/v1.3.0"] == repo.oid("refs/tags/v1.3.0")
    assert now["refs/heads/main"] == repo.git("rev-parse", "HEAD~1"), "later commits stay here"
    assert verbump("release", "--resume", cwd=repo.path).code == 3


@pytest.mark.case("R13")
def test_unpushed_commits_go_along_and_are_listed(tmp_path: Path) -> None:
    """As decided by the protocol."""
    repo = released(tmp_path, "fix: pushed")
    sha = repo.commit("feat: not pushed yet")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0
    assert f"{sha[:7]} feat: not pushed yet" in result.stdout
    assert remote_refs(tmp_path)["refs/heads/main"] == repo.head()


@pytest.mark.case("R03")
def test_first_release(tmp_path: Path) -> None:
    """Commits, no tags: what the manifests say if above 0.0.0, else 0.1.0."""
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"Cargo.toml": '[package]\nname = "demo"\nversion = "0.0.0"\n'})
    repo.add_remote(tmp_path / "remote.git")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert "first release" in result.stdout
    assert b'version = "0.1.0"' in repo.read("Cargo.toml")
    assert b"## [0.1.0] - 2026-11-23" in repo.read("CHANGELOG.md")
    assert "refs/tags/v0.1.0" in remote_refs(tmp_path)


def test_remote_that_is_empty_gets_branch_and_tag(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"Cargo.toml": '[package]\nname = "demo"\nversion = "0.4.0"\n'})
    repo.add_remote(tmp_path / "remote.git", push=False)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert set(remote_refs(tmp_path)) == {"refs/heads/main", "refs/tags/v0.4.0"}


@pytest.mark.skipif(os.name == "nt", reason="git's own configuration holds UTF-8 there")
@pytest.mark.parametrize("name", ["Zoë".encode(), "Zoë".encode("latin-1")], ids=["utf-8", "latin-1"])
@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}], ids=["", "C"])
def test_name_in_any_bytes_and_locale(tmp_path: Path, name: bytes, locale: dict[str, str]) -> None:
    repo = released(tmp_path, "feat: streams")
    repo.git("checkout", "--quiet", "-b", "größe")
    repo.commit("chore: configure", {"verbump.toml": 'release_branches = ["*"]\n'})
    env = {**locale, "GIT_COMMITTER_NAME": os.fsdecode(name)}

    result = verbump("release", "--yes", cwd=repo.path, env=env)

    assert result.code == 0, result.stderr
    assert "committer Zoë <" in repo.git("cat-file", "-p", "HEAD"), "git itself recodes a commit's"
    assert f"tagger {os.fsdecode(name)} <" in repo.git("cat-file", "-p", "v1.3.0")
    assert repo.git("rev-parse", "HEAD") == repo.branch_tip("größe")


@pytest.mark.case("R11")
def test_detached_head(tmp_path: Path) -> None:
    """Refused without --branch; with it HEAD moves along."""
    repo = released(tmp_path, "feat: streams")
    repo.git("checkout", "--quiet", "--detach")

    refused = verbump("release", "--yes", cwd=repo.path)
    assert refused.code == 4
    assert "go along" not in refused.stdout
    result = verbump("release", "--yes", "--branch", "main", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert remote_refs(tmp_path)["refs/heads/main"] == repo.head()
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.case("R11")
def test_detached_head_in_actions(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    repo.git("checkout", "--quiet", "--detach")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/heads/main", "GITHUB_SHA": repo.head()}

    result = verbump("release", "--yes", cwd=repo.path, env=env)

    assert result.code == 0, result.stderr


def test_actions_without_identity_use_the_bot(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    env = {"GITHUB_ACTIONS": "true", "GIT_CONFIG_GLOBAL": "/dev/null", "EMAIL": ""}
    repo.git("config", "user.useConfigOnly", "true")

    result = verbump("release", "--yes", cwd=repo.path, env=env)

    assert result.code == 0, result.stderr
    assert "github-actions[bot]" in result.stdout
    assert repo.git("log", "-1", "--format=%an") == "github-actions[bot]"


@pytest.mark.case("R34")
@pytest.mark.parametrize("where", ["subdirectory", "linked worktree", "sha256"])
def test_from_anywhere(tmp_path: Path, where: str) -> None:
    if where == "sha256":
        repo = GitRepo.create(tmp_path / "work", object_format="sha256")
        repo.commit("feat: begin", {"Cargo.toml": '[package]\nname = "demo"\nversion = "1.2.3"\n'})
        repo.tag("v1.2.3")
        repo.commit("fix: one")
        remote = GitRepo.create(tmp_path / "remote.git", bare=True, object_format="sha256")
        repo.git("remote", "add", "origin", str(remote.path))
        repo.git("push", "--quiet", "origin", "main", "--tags")
        folder = repo.path
    else:
        repo = released(tmp_path, "fix: one")
        folder = repo.path / "src"
    if where == "linked worktree":
        repo.git("checkout", "--quiet", "-b", "elsewhere")
        repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "main")
        folder = tmp_path / "linked"

    result = verbump("release", "--yes", cwd=folder)

    assert result.code == 0, result.stderr
    assert "refs/tags/v1.2.4" in remote_refs(tmp_path)


def test_candidate_then_final(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    assert verbump("release", "--yes", "--pre", "rc", cwd=repo.path).code == 0
    assert b'version = "1.3.0-rc.1"' in repo.read("Cargo.toml")
    assert b'version = "1.3.0rc1"' in repo.read("pyproject.toml")
    assert verbump("release", "--yes", "--pre", "rc", cwd=repo.path).code == 3
    repo.commit("fix: a leak")
    assert verbump("release", "--yes", "--pre", "rc", cwd=repo.path).code == 0
    assert "v1.3.0-rc.2" in repo.git("tag")

    assert verbump("release", "--yes", cwd=repo.path).code == 0

    text = repo.read("CHANGELOG.md").decode()
    final = text[text.index("## [1.3.0]") : text.index("## [1.3.0-rc.2]")]
    assert "Streams" in final
    assert "A leak" in final
    assert text.count("Streams") == 2
    assert b'version = "1.3.0"' in repo.read("pyproject.toml")


HATCH = '[project]\nname = "demo"\ndynamic = ["version"]\n[tool.hatch.version]\npath = "src/demo/__about__.py"\n'
SETUPTOOLS = '[project]\nname = "demo"\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = {attr = "demo.__version__"}\n'
FLIT = (
    '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n'
    '[project]\nname = "my-demo"\ndynamic = ["version"]\n'
)
PDM = '[project]\nname = "demo"\ndynamic = ["version"]\n[tool.pdm.version]\nsource = "file"\npath = "demo/v.py"\n'


@pytest.mark.parametrize(
    ("project", "path"),
    [(HATCH, "src/demo/__about__.py"), (SETUPTOOLS, "src/demo/__init__.py"), (FLIT, "my_demo.py"), (PDM, "demo/v.py")],
    ids=["hatch", "setuptools", "flit", "pdm"],
)
def test_dynamic_version_is_written_where_the_backend_reads_it(tmp_path: Path, project: str, path: str) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"pyproject.toml": project, path: '"""Demo."""\n\n__version__ = "1.2.3"\n'})
    repo.tag("v1.2.3")
    repo.commit("feat: x")
    repo.add_remote(tmp_path / "remote.git")

    result = verbump("release", "--yes", "--pre", "rc", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert repo.read(path) == b'"""Demo."""\n\n__version__ = "1.3.0rc1"\n'
    assert repo.read("pyproject.toml").decode() == project


def test_that_nothing_states_the_version_is_said(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"setup.py": ""})
    repo.add_remote(tmp_path / "remote.git")
    assert "no file states the version" in verbump("release", "--dry-run", cwd=repo.path).stdout
