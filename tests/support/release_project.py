"""A project whose remote is on the GitHub of the tests and is pushed to over HTTP, as from a workflow or a laptop."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING
from unittest.mock import patch

from support import projects
from support.git_repo import GitRepo
from support.running import run_in_process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.github_server import GitHubServer
    from support.github_state import Hosted
    from support.http_remote import HttpRemote
    from support.running import Result

PATH = ".github/workflows/release.yml"
WORKFLOW = """\
on:
  push:
    tags: ["v*"]
  workflow_dispatch:
    inputs:
      version:
        default: dry-run
      publish:
        type: boolean
jobs: {}
"""


class Project:
    """A clone of octo/demo, released as 1.2.3 and with one feature since. `env` is that of a workflow."""

    def __init__(self, server: GitHubServer, remote: HttpRemote, folder: Path, *, workflow: str = WORKFLOW) -> None:
        self.server, self.remote = server, remote
        self.repo = projects.released(folder, "feat: streams", more={PATH: workflow} if workflow else {})
        (folder / "octo").mkdir()
        (folder / "remote.git").rename(folder / "octo" / "demo.git")
        self.repo.git("remote", "set-url", "origin", remote.url("octo/demo.git", with_password=False))
        self.bare = GitRepo(folder / "octo" / "demo.git")
        self.hosted: Hosted = server.world.host("octo/demo", self.bare)
        self.hosted.workflows["release.yml"] = True
        self.env = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_SERVER_URL": f"http://127.0.0.1:{remote.port}",
            "GITHUB_WORKFLOW_REF": "octo/demo/.github/workflows/bump.yml@refs/heads/main",
            **server.environment("octo/demo"),
        }

    def checked_out_with(self, token: str) -> None:
        """As actions/checkout leaves a clone: a header with the token for the host."""
        self.remote.tokens.add(token)
        pair = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        name = f"http.http://127.0.0.1:{self.remote.port}/.extraheader"
        self.repo.git("config", name, f"AUTHORIZATION: basic {pair}")

    def in_workflow(self, *writes: str) -> None:
        """As in a job whose GITHUB_TOKEN may write these, and stands in the environment."""
        token = self.server.world.actions_token(writes=writes or ("contents", "pull_requests", "issues", "actions"))
        self.checked_out_with(token)
        self.env["GITHUB_TOKEN"] = token

    def release(self, *words: str, env: Mapping[str, str] | None = None) -> Result:
        with patch.dict(os.environ, {**self.env, **(env or {})}):
            return run_in_process("release", *(words or ("--yes",)), cwd=self.repo.path)

    def started(self) -> list[tuple[str, dict[str, str]]]:
        return [(each["ref"], each["inputs"]) for each in self.hosted.dispatches]
