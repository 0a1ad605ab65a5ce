"""Signed commits and tags where git is configured for it, and the proof that they are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import signing
from support.projects import released, remote_refs
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path


def test_gpg(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    with signing.gpg(repo) as variables:
        result = verbump("release", "--yes", cwd=repo.path, env=variables)

        assert result.code == 0, result.stderr
        assert "signed commit" in result.stdout
        repo.git("verify-tag", "v1.3.0", env=variables)
        repo.git("verify-commit", "HEAD", env=variables)
    assert "-----BEGIN PGP SIGNATURE-----" in repo.git("cat-file", "tag", "v1.3.0")
    assert remote_refs(tmp_path)["refs/tags/v1.3.0"] == repo.oid("refs/tags/v1.3.0")


@pytest.mark.parametrize("with_signers", [True, False], ids=["allowed signers", "no allowed signers"])
def test_ssh(tmp_path: Path, with_signers: bool) -> None:
    repo = released(tmp_path, "feat: streams")
    signing.ssh(repo, tmp_path / "keys", with_signers=with_signers)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert "-----BEGIN SSH SIGNATURE-----" in repo.git("cat-file", "tag", "v1.3.0")
    assert "-----BEGIN SSH SIGNATURE-----" in repo.git("cat-file", "commit", "HEAD")
    if with_signers:
        repo.git("verify-tag", "v1.3.0")
        repo.git("verify-commit", "HEAD")


@pytest.mark.case("F25")
@pytest.mark.parametrize("what", ["ssh tag", "ssh", "gpg"])
def test_missing_key_is_refused(tmp_path: Path, what: str) -> None:
    """Git 2.39 makes an unsigned tag, with exit status 0, when the SSH key is missing."""
    repo = released(tmp_path, "feat: streams")
    signing.ssh(repo, tmp_path / "keys")
    (tmp_path / "keys" / "signing").unlink()
    (tmp_path / "keys" / "signing.pub").unlink()
    if what == "ssh tag":
        repo.git("config", "commit.gpgSign", "false")
    if what == "gpg":
        repo.git("config", "gpg.format", "openpgp")
        repo.git("config", "user.signingKey", "nobody@example.invalid")
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    assert "sign" in result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)


def test_no_sign_overrides_the_configuration(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    signing.ssh(repo, tmp_path / "keys")

    result = verbump("release", "--yes", "--no-sign", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert "SIGNATURE" not in repo.git("cat-file", "tag", "v1.3.0")
    assert "SIGNATURE" not in repo.git("cat-file", "commit", "HEAD")


def test_sign_asks_for_it(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    signing.ssh(repo, tmp_path / "keys")
    repo.git("config", "commit.gpgSign", "false")
    repo.git("config", "tag.gpgSign", "false")

    assert verbump("release", "--yes", "--sign", cwd=repo.path).code == 0

    repo.git("verify-tag", "v1.3.0")
    repo.git("verify-commit", "HEAD")
