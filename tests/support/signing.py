"""Keys to sign with, and the git configuration that uses them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.git_repo import GitRepo


@contextmanager
def gpg(repo: GitRepo) -> Iterator[dict[str, str]]:
    """A GPG key for `repo`; the variables that git and verbump need. GNUPGHOME is short: its socket has a limit."""
    program = require("gpg")
    home = tempfile.mkdtemp(prefix="vbg", dir="/tmp")
    variables = {"GNUPGHOME": home}
    make = ["--batch", "--passphrase", "", "--quick-gen-key", "Test <test@example.invalid>", "ed25519", "sign", "never"]
    try:
        subprocess.run([program, "--homedir", home, *make], check=True, capture_output=True)
        repo.git("config", "user.signingKey", "test@example.invalid")
        repo.git("config", "commit.gpgSign", "true")
        repo.git("config", "tag.gpgSign", "true")
        yield variables
    finally:
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


def ssh(repo: GitRepo, folder: Path, *, with_signers: bool = True) -> None:
    """An SSH key for `repo`; with `with_signers` also the list of allowed signers."""
    keygen = require("ssh-keygen")
    folder.mkdir(parents=True)
    key = folder / "signing"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    repo.git("config", "gpg.format", "ssh")
    repo.git("config", "user.signingKey", str(key))
    repo.git("config", "commit.gpgSign", "true")
    repo.git("config", "tag.gpgSign", "true")
    if with_signers:
        signers = folder / "signers"
        signers.write_text(f"test@example.invalid {Path(f'{key}.pub').read_text()}")
        repo.git("config", "gpg.ssh.allowedSignersFile", str(signers))
