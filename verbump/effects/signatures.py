"""Signed commits and tags, and the proof that they are signed.

git 2.39 makes an unsigned tag, with exit status 0, when the SSH key is missing: so nothing counts as signed before its
signature has been looked at.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from verbump.errors import GitFailed

if TYPE_CHECKING:
    from verbump.effects.git_repository import Repository
    from verbump.planning.actions import CreateTag

_BLOCK = re.compile(rb"-----BEGIN (PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----")
_SSH_BLOCK = re.compile(rb"-----BEGIN SSH SIGNATURE-----.*?-----END SSH SIGNATURE-----\n?", re.DOTALL)


def create_signed_tag(repository: Repository, action: CreateTag, commit: str) -> str:
    """The id of a signed annotated tag object on `commit`; no ref of this repository points to it.

    `git tag -s` insists on writing a ref: it runs in a scratch bare repository that shares the object store.

    Raises:
        GitFailed: it was not signed, or the signature cannot be verified.
    """
    with tempfile.TemporaryDirectory(prefix="verbump-", dir=repository.state_folder) as folder:
        scratch = str(Path(folder) / "scratch.git")
        kind = repository.run("rev-parse", "--show-object-format").text
        repository.run("init", "--quiet", "--bare", f"--object-format={kind}", "--template=", scratch)
        environment = {
            "GIT_DIR": scratch,
            "GIT_OBJECT_DIRECTORY": str(repository.location.common_dir / "objects"),
            "GIT_COMMITTER_NAME": action.identity.name,
            "GIT_COMMITTER_EMAIL": action.identity.email,
            "GIT_COMMITTER_DATE": f"@{action.timestamp} +0000",
        }
        settings = _signing_settings(repository)
        done = repository.try_run(
            *settings,
            *("tag", "--sign", "--cleanup=verbatim", "-F", "-", "--end-of-options", action.name, commit),
            data=action.message.encode(),
            environment=environment,
        )
        if done.status != 0:
            raise GitFailed(f"the tag could not be signed: {done.stderr.strip()}", hint=_HINT, code="signing-failed")
        oid = repository.run("rev-parse", "--verify", f"refs/tags/{action.name}", environment=environment).text
    verify(repository, "tag", oid, said=done.stderr)
    return oid


def verify(repository: Repository, kind: Literal["commit", "tag"], oid: str, *, said: str = "") -> None:
    """Nothing, when the object carries a good signature.

    Raises:
        GitFailed: it carries none, or a bad one.
    """
    content = repository.run("cat-file", kind, oid).stdout
    if not _BLOCK.search(content):
        message = f"the {kind} was made without a signature although one was asked for: {said.strip()}".rstrip(": ")
        raise GitFailed(message, hint=_HINT, code="signing-failed")
    done = repository.try_run(f"verify-{kind}", oid)
    if done.status == 0 or _is_good_ssh_signature(repository, kind, content):
        return
    message = f"the signature of the {kind} cannot be verified: {done.stderr.strip()}"
    raise GitFailed(message, hint=_HINT, code="signing-failed")


_HINT = "check user.signingKey and gpg.format, or release with --no-sign"


def _signing_settings(repository: Repository) -> list[str]:
    """This repository's own signing settings as `-c` options: the scratch repository would not know them."""
    done = repository.try_run("config", "-z", "--get-regexp", r"^(gpg\..*|user\.signingkey)$")
    options: list[str] = []
    for record in os.fsdecode(done.stdout).split("\0"):
        name, found, value = record.partition("\n")
        if found:
            options += ["-c", f"{name}={value}"]
    return options


def _is_good_ssh_signature(repository: Repository, kind: str, content: bytes) -> bool:
    """Whether an SSH signature fits its text. git itself verifies only with a list of allowed signers."""
    if repository.setting("gpg.format") != "ssh" or repository.setting("gpg.ssh.allowedSignersFile"):
        return False
    payload, signature = _split_tag(content) if kind == "tag" else _split_commit(content)
    program = repository.setting("gpg.ssh.program") or "ssh-keygen"
    with tempfile.TemporaryDirectory(prefix="verbump-", dir=repository.state_folder) as folder:
        path = Path(folder) / "signature"
        path.write_bytes(signature)
        argv = [program, "-Y", "check-novalidate", "-n", "git", "-s", str(path)]
        try:
            done = subprocess.run(argv, input=payload, capture_output=True)  # noqa: PLW1510
        except OSError:
            return False
    return done.returncode == 0


def _split_tag(content: bytes) -> tuple[bytes, bytes]:
    found = _SSH_BLOCK.search(content)
    return (content[: found.start()], found[0]) if found else (content, b"")


def _split_commit(content: bytes) -> tuple[bytes, bytes]:
    """A commit's text without its `gpgsig` header, and that header's value with its continuation blanks taken off."""
    payload: list[bytes] = []
    signature: list[bytes] = []
    head, blank, body = content.partition(b"\n\n")
    is_signature = False
    for line in head.split(b"\n"):
        if line.startswith(b" ") and is_signature:
            signature.append(line[1:])
            continue
        is_signature = line.startswith((b"gpgsig ", b"gpgsig-sha256 "))
        if is_signature:
            signature.append(line.split(b" ", 1)[1])
        else:
            payload.append(line)
    return b"\n".join(payload) + blank + body, b"\n".join(signature) + b"\n"
