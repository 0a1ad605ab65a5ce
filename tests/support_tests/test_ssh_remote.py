"""The sshd is a real one, lets in the one key, and knows nothing of the person who runs the tests."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from support import ssh_remote
from support.git_repo import GitRepo

if TYPE_CHECKING:
    from pathlib import Path


def test_clone_and_push(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin")
    remote = repo.add_remote(tmp_path / "remote.git")
    with ssh_remote.serving(tmp_path / "sshd") as (address, variables):
        repo.git("remote", "set-url", "origin", f"{address}{remote.path}")
        repo.commit("fix: x")
        repo.git("push", "--quiet", "origin", "main", env=variables)
        assert remote.branch_tip("main") == repo.head()

        # The other side of the connection has the configuration of the test, not that of the person.
        command = [*variables["GIT_SSH_COMMAND"].split(), *ssh_remote.as_operands(address)]
        seen = subprocess.run([*command, "git config --list --show-scope"], capture_output=True, check=True)
        assert b"test@example.invalid" in seen.stdout
        assert b"system\t" not in seen.stdout

        wrong = subprocess.run(
            ["git", "ls-remote", f"{address}{remote.path}"],
            env={**os.environ, "GIT_SSH_COMMAND": variables["GIT_SSH_COMMAND"].replace("/key ", "/host ")},
            capture_output=True,
        )
        assert wrong.returncode == 128
        assert b"Permission denied" in wrong.stderr
        unknown = subprocess.run(
            ["git", "ls-remote", f"{address}{remote.path}"],
            env={**os.environ, "GIT_SSH_COMMAND": variables["GIT_SSH_COMMAND"].replace("/known", "/none")},
            capture_output=True,
        )
        assert unknown.returncode == 128
        assert b"Host key verification failed" in unknown.stderr
    gone = subprocess.run(
        ["git", "ls-remote", f"{address}{remote.path}"], env={**os.environ, **variables}, capture_output=True
    )
    assert gone.returncode == 128
