"""A clone with work of its user in it, and its bare remote: what a sweep copies for every fault."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from support import forking
from support.git_repo import GitRepo
from support.projects import files
from support.running import Result, verbump

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.sweep_github import GitHubs

CANARY = "ghp_canary+/=token"
# The server lives on when the client dies, as over a network: a cut line, not a crash of the server.
_SERVER = "env -u LD_PRELOAD setsid git-"
_PACKAGE = '[[packages]]\nname = "{0}"\npath = "{0}"\ntag_format = "{0}-v{{version}}"\n\n'
_HOOKS = """\
git_hooks = true

[hooks]
before_commit = [["sh", "-c", "echo made > made.txt"]]
after_release = [["true"]]
paths = ["made.txt"]
"""


class Case:
    """A clone with work of its user in it, and its bare remote, in `folder`."""

    def __init__(self, folder: Path, github: GitHubs | None = None) -> None:
        self.folder = folder
        self.github = github
        self.repo = GitRepo(folder / "work")
        self.remote = GitRepo(folder / "remote.git")

    @classmethod
    def create(
        cls, folder: Path, *, packages: tuple[str, ...] = (), hooks: bool = False, github: GitHubs | None = None
    ) -> Case:
        """One to be released as 1.3.0; with `packages` each with a tag, with `hooks` hooks of all kinds.

        With `github` its remote is there, and has a workflow for tags.
        """
        case = cls(folder, github)
        GitRepo.create(case.repo.path)
        more = github.files() if github else {}
        if packages:
            made = {f"{each}/{name}": text for each in packages for name, text in files().items()}
            settings = "".join(map(_PACKAGE.format, packages))
            more |= {"verbump.toml": settings, **made}
            case.repo.commit("feat: begin", {"mine.txt": "mine\n", "staged.txt": "", **more})
            for name in packages:
                case.repo.tag(f"{name}-v1.2.3")
            for name in packages:
                case.repo.commit(f"feat: streams of {name}", {f"{name}/src/lib.rs": "// streams\n"})
        else:
            more |= {"verbump.toml": _HOOKS} if hooks else {}
            case.repo.commit("feat: begin", {"mine.txt": "mine\n", "staged.txt": "", **more, **files()})
            case.repo.tag("v1.2.3")
            case.repo.commit("feat: streams")
        if hooks:
            for name in ("pre-commit", "commit-msg", "pre-push"):
                case.repo.install_hook(name, "#!/bin/sh\nexit 0\n")
        case.repo.add_remote(case.remote.path)
        # Relative, so that a copy has its own remote.
        local = {
            "url": "../remote.git",
            "receivepack": _SERVER + "receive-pack",
            "uploadpack": _SERVER + "upload-pack",
        }
        for name, value in (github.remote() if github else local).items():
            case.repo.git("config", f"remote.origin.{name}", value)
        case.repo.write("mine.txt", "stashed\n")
        case.repo.git("stash")
        case.repo.write("mine.txt", "edited\n")
        case.repo.write("staged.txt", "staged\n")
        case.repo.git("add", "staged.txt")
        case.repo.write("new.txt", "new\n")
        (folder / "tmp").mkdir()
        if github:
            github.install(folder)
        return case

    def copy(self, folder: Path) -> Case:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, symlinks=True)
        if self.github:
            self.github.forget(folder)
        return Case(folder, self.github)

    def at(self, folder: Path) -> Case:
        """A copy that is at work in its new place: its journal says so."""
        copy = self.copy(folder)
        journal = folder / "work" / ".git" / "verbump" / "journal.json"
        if journal.exists():
            journal.write_text(journal.read_text(encoding="utf-8").replace(str(self.folder), str(folder)))
        return copy

    def verbump(self, *words: str, env: Mapping[str, str] | None = None) -> Result:
        """The command in a process group of its own, so that all of it can be killed."""
        return verbump(*words, cwd=self.repo.path, env={**self.variables(), **(env or {})}, new_session=True)

    def verbump_in_peace(self, *words: str) -> Result:
        """The command where nothing will happen to it: quicker."""
        return forking.verbump(*words, cwd=self.repo.path, env=self.variables())

    def started(self) -> list[str]:
        """The tags at which a workflow was started, sorted."""
        return self.github.started(self.folder) if self.github else []

    def variables(self) -> dict[str, str]:
        """What verbump and git find in their environment."""
        mine = {"TMPDIR": str(self.folder / "tmp"), "GITHUB_TOKEN": CANARY, "PYTHONDONTWRITEBYTECODE": "1"}
        return {**mine, **(self.github.variables(self.folder) if self.github else {})}

    def leftovers(self) -> list[str]:
        """I4: locks and temporary files."""
        git = self.repo.path / ".git"
        found = [path for path in git.rglob("*") if path.name.endswith(".lock") or path.name.startswith("tmp_")]
        found += [path for path in self.repo.path.rglob("*") if path.name.startswith((".verbump-", "verbump-"))]
        found += [*(git / "verbump").glob("journal*"), *(self.folder / "tmp").glob("*verbump*")]
        return sorted({str(path.relative_to(self.folder)) for path in found})
