"""What the keys sign verifies, with them and not without."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from support import signing
from support.git_repo import GitRepo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin")
    return repo


def verify(repo: GitRepo, kind: str, name: str, **variables: str) -> int:
    done = subprocess.run(
        ["git", f"verify-{kind}", name], cwd=repo.path, env={**os.environ, **variables}, capture_output=True
    )
    return done.returncode


def test_gpg(repo: GitRepo, tmp_path: Path) -> None:
    with signing.gpg(repo) as variables:
        repo.git("commit", "--quiet", "--allow-empty", "-m", "fix: signed", env=variables)
        repo.git("tag", "-m", "signed", "v1", env=variables)
        assert "-----BEGIN PGP SIGNATURE-----" in repo.git("cat-file", "tag", "v1")
        assert verify(repo, "tag", "v1", **variables) == 0
        assert verify(repo, "commit", "HEAD", **variables) == 0
        other = tmp_path / "o"
        other.mkdir(mode=0o700)
        assert verify(repo, "tag", "v1", GNUPGHOME=str(other)) == 1


def test_ssh(repo: GitRepo, tmp_path: Path) -> None:
    signing.ssh(repo, tmp_path / "keys")
    repo.git("commit", "--quiet", "--allow-empty", "-m", "fix: signed")
    repo.git("tag", "-m", "signed", "v1")
    assert "-----BEGIN SSH SIGNATURE-----" in repo.git("cat-file", "tag", "v1")
    assert verify(repo, "tag", "v1") == 0
    assert verify(repo, "commit", "HEAD") == 0
    repo.git("config", "--unset", "gpg.ssh.allowedSignersFile")
    assert verify(repo, "tag", "v1") != 0


def test_ssh_without_signers_signs_what_cannot_be_verified(repo: GitRepo, tmp_path: Path) -> None:
    signing.ssh(repo, tmp_path / "keys", with_signers=False)
    repo.git("tag", "-m", "signed", "v1")
    assert "-----BEGIN SSH SIGNATURE-----" in repo.git("cat-file", "tag", "v1")
    assert verify(repo, "tag", "v1") != 0
