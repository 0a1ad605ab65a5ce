"""Hooks of the configuration and of git: on an export of the release's tree, never in the user's work tree."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from support.projects import released, remote_refs
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path

    from support.git_repo import GitRepo


def project(tmp_path: Path, script: str, *, paths: list[str] | None = None, step: str = "before_commit") -> GitRepo:
    """A project whose hook is a Python script of these lines."""
    repo = released(tmp_path, "feat: streams", more={"docs/version.txt": "1.2.3\n", "other.txt": "other\n"})
    hook = tmp_path / "hook.py"
    hook.write_text(f"import os, pathlib, sys\n{script}\n")
    argv = json.dumps([sys.executable, str(hook)])
    table = f"[hooks]\n{step} = [{argv}]\npaths = {json.dumps(paths or [])}\n"
    repo.commit("chore: hook", {"verbump.toml": table})
    repo.git("push", "--quiet", "origin", "main")
    return repo


def test_what_it_changes_in_declared_paths_is_released(tmp_path: Path) -> None:
    script = "pathlib.Path('docs/version.txt').write_text(os.environ['VERBUMP_HOOK_VERSION'] + '\\n')"
    repo = project(tmp_path, script, paths=["docs/version.txt"])

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert repo.read("docs/version.txt") == b"1.3.0\n"
    assert repo.git("show", "HEAD:docs/version.txt") == "1.3.0"
    assert repo.git("status", "--porcelain") == ""


def test_a_new_folder_in_declared_paths_is_made(tmp_path: Path) -> None:
    script = "pathlib.Path('gen/a').mkdir(parents=True); pathlib.Path('gen/a/x').write_text('y')"
    repo = project(tmp_path, script, paths=["gen/a/x"])

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert repo.read("gen/a/x") == b"y"
    assert repo.git("show", "HEAD:gen/a/x") == "y"
    assert repo.git("status", "--porcelain") == ""


def test_what_it_changes_in_targets_is_released(tmp_path: Path) -> None:
    script = (
        "p = pathlib.Path('CHANGELOG.md'); p.write_text(p.read_text() + 'more\\n'); assert '1.3.0' in p.read_text()"
    )
    repo = project(tmp_path, script)

    assert verbump("release", "--yes", cwd=repo.path).code == 0

    assert repo.read("CHANGELOG.md").endswith(b"more\n")
    assert repo.git("status", "--porcelain") == ""


OTHER = [
    pytest.param("pathlib.Path('other.txt').write_text('x')", "other.txt", id="another file"),
    pytest.param("pathlib.Path('new.txt').write_text('x')", "new.txt", id="a new file"),
    pytest.param(
        "os.system('git add -A .'); pathlib.Path('other.txt').write_text('x'); os.system('git add -A .')",
        "other.txt",
        id="staged",
    ),
    pytest.param("pathlib.Path('CHANGELOG.md').unlink()", "CHANGELOG.md", id="deleted"),
    pytest.param("sys.exit('no release today')", "no release today", id="failed"),
]


@pytest.mark.parametrize(("script", "said"), OTHER)
def test_anything_else_is_refused(tmp_path: Path, script: str, said: str) -> None:
    repo = project(tmp_path, script)
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4, result.stdout
    assert said in result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)
    assert not (repo.path / ".git" / "verbump" / "journal.json").exists()


def test_hook_that_cannot_be_started(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more={"verbump.toml": '[hooks]\nbefore_commit = [["/no/such/program"]]\n'})
    result = verbump("release", "--yes", cwd=repo.path)
    assert result.code == 4
    assert "[hook-failed]" in result.stderr


def test_hooks_get_data_but_no_secrets_and_no_shell(tmp_path: Path) -> None:
    script = f"pathlib.Path({str(tmp_path / 'env')!r}).write_text(repr(dict(os.environ)))"
    repo = project(tmp_path, script)

    verbump("release", "--yes", cwd=repo.path, env={"GITHUB_TOKEN": "canary-1", "TWINE_PASSWORD": "canary-2"})

    seen = (tmp_path / "env").read_text()
    assert "'VERBUMP_HOOK_PEP440': '1.3.0'" in seen
    assert "canary" not in seen


def test_after_release_is_best_effort(tmp_path: Path) -> None:
    repo = project(tmp_path, "sys.exit('later')", step="after_release")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0
    assert "later" in result.stderr
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)


def test_dry_run_runs_no_hook(tmp_path: Path) -> None:
    repo = project(tmp_path, f"pathlib.Path({str(tmp_path / 'ran')!r}).touch()")
    result = verbump("release", "--dry-run", cwd=repo.path)
    assert "(before_commit)" in result.stdout
    assert not (tmp_path / "ran").exists()


def git_hooks(tmp_path: Path, *, enabled: bool, pre_commit: str = "", commit_msg: str = "") -> GitRepo:
    repo = released(tmp_path, "feat: x", more={"verbump.toml": f"git_hooks = {str(enabled).lower()}\n"})
    for name, script in (("pre-commit", pre_commit), ("commit-msg", commit_msg)):
        if script:
            repo.install_hook(name, f"#!/bin/sh\n{script}\n")
    return repo


def test_git_hooks_run_only_where_asked(tmp_path: Path) -> None:
    repo = git_hooks(tmp_path, enabled=False, pre_commit="exit 1", commit_msg="exit 1")
    assert verbump("release", "--yes", cwd=repo.path).code == 0


def test_pre_commit_sees_the_release_tree(tmp_path: Path) -> None:
    script = "grep -q 1.3.0 Cargo.toml && git diff --cached --quiet HEAD -- Cargo.toml; [ $? -eq 1 ] || exit 7"
    repo = git_hooks(tmp_path, enabled=True, pre_commit=script)
    result = verbump("release", "--yes", cwd=repo.path)
    assert result.code == 0, result.stderr


@pytest.mark.parametrize("script", ["echo no >&2; exit 1", "echo x >> Cargo.toml"])
def test_pre_commit_that_fails_or_changes_files(tmp_path: Path, script: str) -> None:
    repo = git_hooks(tmp_path, enabled=True, pre_commit=script)
    before, there = repo.snapshot(), remote_refs(tmp_path)
    assert verbump("release", "--yes", cwd=repo.path).code == 4
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)


def test_commit_msg_may_add_a_trailer(tmp_path: Path) -> None:
    repo = git_hooks(tmp_path, enabled=True, commit_msg='echo "Change-Id: I1" >> "$1"')
    assert verbump("release", "--yes", cwd=repo.path).code == 0
    assert repo.git("log", "-1", "--format=%(trailers:key=Change-Id,valueonly)").strip() == "I1"


def test_clean_filter_applies(tmp_path: Path) -> None:
    """What is committed went through the filters; the work tree keeps its own line ends."""
    repo = released(tmp_path, "feat: x", more={".gitattributes": "CHANGELOG.md text eol=crlf\n"})
    (repo.path / "CHANGELOG.md").unlink()
    repo.git("checkout", "--quiet", "CHANGELOG.md")
    assert b"\r\n" in repo.read("CHANGELOG.md")

    assert verbump("release", "--yes", cwd=repo.path).code == 0

    text = repo.read("CHANGELOG.md")
    assert text.count(b"\r\n") == text.count(b"\n")
    assert "\r" not in repo.git("show", "HEAD:CHANGELOG.md")
    assert repo.git("status", "--porcelain") == ""


def test_executable_bit_stays(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more={"verbump.toml": 'manifests = ["run.py", "Cargo.toml"]\n'})
    path = repo.write("run.py", '__version__ = "1.2.3"\n')
    path.chmod(0o755)
    repo.git("add", "run.py")
    repo.commit("fix: run")
    assert verbump("release", "--yes", cwd=repo.path).code == 0
    assert repo.git("ls-tree", "HEAD", "run.py").startswith("100755")
    assert path.stat().st_mode & 0o111


@pytest.mark.parametrize("state", ["edited", "untracked"])
def test_uncommitted_work_in_a_declared_path_is_never_overwritten(tmp_path: Path, state: str) -> None:
    script = "os.makedirs('docs', exist_ok=True); pathlib.Path('docs/version.txt').write_text('from the hook')"
    repo = project(tmp_path, script, paths=["docs/version.txt"])
    if state == "untracked":
        repo.git("rm", "--quiet", "--cached", "docs/version.txt")
        repo.git("commit", "--quiet", "-m", "chore: forget")
    repo.write("docs/version.txt", "my work\n")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4, result.stdout
    assert "docs/version.txt" in result.stderr
    assert repo.read("docs/version.txt") == b"my work\n"
