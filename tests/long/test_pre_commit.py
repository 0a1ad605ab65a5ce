"""The commit-msg hook as the real pre-commit installs and runs it, without a way to any index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.git_repo import GitRepo
from support.running import ROOT

WHEELS = os.environ.get("VERBUMP_WHEELS", "")
pytestmark = pytest.mark.skipif(
    not WHEELS, reason="VERBUMP_WHEELS names no folder with wheels of all that verbump needs: .ci/long makes one"
)
CONFIG = "repos:\n  - repo: {repo}\n    rev: {rev}\n    hooks:\n      - id: verbump-check\n"


@pytest.fixture(scope="module")
def hook_repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """verbump as a repository of its own, as pre-commit clones it."""
    place = tmp_path_factory.mktemp("hook") / "verbump"
    unwanted = shutil.ignore_patterns(".git", ".venv", "mutants", "__pycache__", ".*_cache", "tests", "dist")
    shutil.copytree(ROOT, place, ignore=unwanted)
    repo = GitRepo(place)
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.invalid")
    repo.git("init", "--quiet")
    repo.git("add", "--all")
    repo.git(*identity, "commit", "--quiet", "--message=build: all")
    return repo


def test_refuses_what_misses_the_form(tmp_path: Path, hook_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(Path(WHEELS).resolve()))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {".pre-commit-config.yaml": CONFIG.format(repo=hook_repo.path, rev=hook_repo.head())})
    argv = [sys.executable, "-m", "pre_commit", "install", "--hook-type", "commit-msg", "--install-hooks"]
    done = subprocess.run(argv, cwd=repo.path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

    refused = subprocess.run(
        ["git", "commit", "--allow-empty", "--message=feat (api): x"], cwd=repo.path, capture_output=True, text=True
    )

    assert refused.returncode != 0
    assert "write: feat(api): x" in refused.stdout + refused.stderr
    repo.git("commit", "--quiet", "--allow-empty", "--message=feat(api): x")
    assert repo.git("log", "-1", "--format=%s") == "feat(api): x"
