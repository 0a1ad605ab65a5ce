"""GitHubs for a sweep: one for each folder that a case is copied to, git beside it through a stand-in for ssh."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from support import github_server
from support.git_repo import GitRepo
from support.github_state import Token
from support.release_project import PATH, WORKFLOW
from support.sweep_case import CANARY

if TYPE_CHECKING:
    from pathlib import Path

    from support.github_server import GitHubServer
    from support.github_state import Hosted

# Called as `ssh HOST COMMAND`: git's server, which lives on when the client dies.
_SSH = """\
#!/bin/sh
set -- $2
exec env -u LD_PRELOAD setsid "$1" "${0%/*}/../remote.git"
"""


class GitHubs:
    """octo/demo on each; `close` ends them and raises what they found wrong."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._lock = threading.Lock()
        self._made: dict[Path, tuple[GitHubServer, Hosted]] = {}

    def files(self) -> dict[str, str | bytes]:
        """What a project on it has."""
        return {PATH: WORKFLOW}

    def remote(self) -> dict[str, str]:
        """The settings of git for it."""
        return {"url": "ssh://git@github.com/octo/demo.git"}

    def install(self, folder: Path) -> None:
        """What stands for ssh, which every copy of the folder has then."""
        script = folder / "tmp" / "ssh"
        script.write_text(_SSH)
        script.chmod(0o755)

    def variables(self, folder: Path) -> dict[str, str]:
        """What leads the case in this folder to its GitHub."""
        server, _ = self._at(folder)
        return {**server.environment("octo/demo"), "GIT_SSH": str(folder / "tmp" / "ssh"), "GIT_SSH_VARIANT": "simple"}

    def started(self, folder: Path) -> list[str]:
        """The tags at which a workflow was started, sorted."""
        return sorted(str(each["ref"]) for each in self._at(folder)[1].dispatches)

    def forget(self, folder: Path) -> None:
        """As before anything was started."""
        if folder in self._made:
            _, hosted = self._made[folder]
            hosted.dispatches.clear()
            hosted.runs.clear()

    def close(self) -> None:
        self._stack.close()

    def _at(self, folder: Path) -> tuple[GitHubServer, Hosted]:
        with self._lock:
            if folder not in self._made:
                server = self._stack.enter_context(github_server.serving())
                server.world.tokens[CANARY] = Token(account=server.world.account("maintainer"))
                hosted = server.world.host("octo/demo", GitRepo(folder / "remote.git"))
                hosted.workflows["release.yml"] = True
                self._made[folder] = server, hosted
            return self._made[folder]
