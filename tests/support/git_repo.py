"""A real git repository in a folder, as tests make and look at it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class GitRepo:
    """A repository at `path`. Every call runs the real git."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path, *, branch: str = "main", bare: bool = False, object_format: str = "sha1") -> GitRepo:
        path.mkdir(parents=True)
        repo = cls(path)
        options = ["--bare"] if bare else []
        repo.git("init", "--quiet", f"--initial-branch={branch}", f"--object-format={object_format}", *options)
        return repo

    @classmethod
    def clone(cls, source: Path | str, path: Path, *options: str) -> GitRepo:
        argv = ["git", "clone", "--quiet", *options, str(source), str(path)]
        subprocess.run(argv, check=True, capture_output=True)
        return cls(path)

    def git(self, *arguments: str, data: bytes = b"", check: bool = True, env: Mapping[str, str] | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, input=data, capture_output=True, env={**os.environ, **(env or {})}
        )
        if check and done.returncode != 0:
            raise AssertionError(f"git {arguments}: {done.stderr.decode()}")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, name: str, content: str | bytes) -> Path:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def commit(self, message: str, files: Mapping[str, str | bytes] | None = None) -> str:
        for name, content in (files or {}).items():
            self.write(name, content)
        if files:
            self.git("add", "--", *files)
        options = ["--quiet", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim"]
        self.git("commit", *options, "-F", "-", data=message.encode())
        return self.head()

    def merge(self, *revs: str, message: str = "Merge") -> str:
        """A merge commit even where a fast-forward would do; its sha."""
        self.git("merge", "--quiet", "--no-ff", "--cleanup=verbatim", f"--message={message}", *revs)
        return self.head()

    def tag(self, name: str, *, rev: str = "HEAD", annotated: bool = True) -> None:
        options = ["--annotate", f"--message=Release {name}"] if annotated else []
        self.git("tag", *options, name, rev)

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def branch_tip(self, name: str) -> str:
        """The commit of a branch, or "" where there is none."""
        return self.oid(f"refs/heads/{name}")

    def oid(self, ref: str) -> str:
        return self.git("rev-parse", "--verify", "--quiet", ref, check=False)

    def add_remote(self, path: Path, name: str = "origin", *, push: bool = True) -> GitRepo:
        """A bare remote; with `push` it holds the branch and every tag."""
        remote = GitRepo.create(path, bare=True)
        self.git("remote", "add", name, str(path))
        if push:
            self.git("push", "--quiet", "--set-upstream", name, "HEAD")
            self.git("push", "--quiet", name, "--tags")
        return remote

    def install_hook(self, name: str, script: str) -> None:
        folder = self.path / "hooks" if (self.path / "HEAD").exists() else self.path / ".git" / "hooks"
        folder.mkdir(exist_ok=True)
        hook = folder / name
        hook.write_text(script)
        hook.chmod(0o755)

    def refs(self) -> dict[str, str]:
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)").split("\n")
        return dict(line.split(" ") for line in lines if line)

    def snapshot(self) -> dict[str, object]:
        """Everything a user can see, as a value to compare: refs, HEAD, index, status, files, stash, configuration,
        reflogs of HEAD and of its branch. Loose objects are not seen.
        """
        branch = self.git("symbolic-ref", "--quiet", "HEAD", check=False)
        return {
            "refs": self.refs(),
            "head": branch or self.head(),
            "index": self.git("ls-files", "--stage"),
            "status": self.git("status", "--porcelain", "-z", env={"GIT_OPTIONAL_LOCKS": "0"}),
            "files": dict(self._seen_files()),
            "stash": self.git("stash", "list"),
            "config": self._git_file("config").read_bytes(),
            "reflogs": [_lines(self._git_file(f"logs/{ref}")) for ref in ("HEAD", branch) if ref],
        }

    def _seen_files(self) -> Iterator[tuple[str, tuple[int, bytes]]]:
        """Every path of the work tree with its mode, and its bytes, or where a link leads; folders too, but git's."""
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path)
            if name.parts[0] == ".git":
                continue
            if path.is_symlink():
                content = os.fsencode(path.readlink())
            else:
                content = path.read_bytes() if path.is_file() else b""
            yield name.as_posix(), (path.lstat().st_mode, content)

    def _git_file(self, name: str) -> Path:
        return self.path / self.git("rev-parse", "--git-path", name)


def _lines(log: Path) -> list[bytes]:
    return log.read_bytes().splitlines() if log.exists() else []
