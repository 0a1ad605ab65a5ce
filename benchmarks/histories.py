"""Repositories to measure on: any length of history, made by `git fast-import`, the same bytes for the same numbers."""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TYPES = ("feat", "fix", "docs", "chore", "test", "refactor", "perf", "build", "ci", "style")
_WEIGHTS = (18, 30, 14, 14, 6, 8, 3, 4, 2, 1)
_SCOPES = ("", "", "", "api", "core", "cli", "parser", "io", "docs", "deps", "python", "ffi")
_TEXT = (
    "add allow avoid buffer cache call check chunk clear client close codec config copy count decode default drop "
    "encode error event export field file filter fix flag format frame handle header import index input iterator join "
    "key layer limit line list load lock log loop map merge method mode module name node option order output page "
    "parse path plan pool port queue read record reduce release remove rename reset result retry return route run "
    "scan schema scope send server set shape signal size slice socket sort source stack state stream string sync "
    "table task test thread timeout token trace tree type update use value version view wait window wrap write"
)
_WORDS = _TEXT.split()
_FIRST_SECOND = 1_500_000_000
_MERGE_EVERY = 12
_BREAKING_EVERY = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How long a history is, how many of its commits follow the last tag, and how many tags it has."""

    commits: int
    since_tag: int
    tags: int

    @property
    def name(self) -> str:
        """A folder's name."""
        return f"{self.commits}-{self.since_tag}-{self.tags}"


def create(root: Path, shape: Shape) -> Path:
    """The repository of `shape` below `root`, made unless it is there: a crate and a Python package on branch main."""
    folder = root / shape.name
    if (folder / "ready").exists():
        return folder / "repository"
    repository = folder / "repository"
    repository.mkdir(parents=True)
    _git(repository, "init", "--quiet", "--initial-branch=main")
    with subprocess.Popen(
        ["git", "fast-import", "--quiet", "--done"], cwd=repository, stdin=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        for piece in _stream(shape):
            process.stdin.write(piece)
        process.stdin.close()
        if process.wait() != 0:
            raise SystemExit("git fast-import failed")
    _git(repository, "reset", "--quiet", "--hard", "main")
    _git(repository, "pack-refs", "--all")
    _git(repository, "remote", "add", "origin", "https://github.com/owner/demo.git")  # never asked: peers want one
    (folder / "ready").touch()
    return repository


def versions_of(tags: int) -> list[str]:
    """That many final versions, ascending: a new minor each tenth tag."""
    return [f"1.{index // 10}.{index % 10}" for index in range(tags)]


def _stream(shape: Shape) -> Iterator[bytes]:
    chance = random.Random(shape.commits)
    versions = versions_of(shape.tags)
    last = shape.commits - shape.since_tag
    tagged = {max(1, last * (index + 1) // shape.tags): version for index, version in enumerate(versions)}
    side: int | None = None
    for mark in range(1, shape.commits + 1):
        is_merge = side is not None
        message = b"Merge branch 'topic'" if is_merge else _message(chance, mark).encode()
        yield b"commit refs/heads/main\nmark :%d\n" % mark
        who = b"Person %d <person%d@example.invalid> %d +0000\n" % (mark % 97, mark % 97, _FIRST_SECOND + 60 * mark)
        yield b"author " + who + b"committer " + who + b"data %d\n" % len(message) + message + b"\n"
        if mark > 1:
            yield b"from :%d\n" % (mark - 1 if not is_merge else side or 1)
        if is_merge:
            yield b"merge :%d\n" % (mark - 1)
            side = None
        elif mark % _MERGE_EVERY == 0 and 1 < mark < shape.commits and mark not in tagged:
            side = mark - 1  # this commit is a branch of one, merged by the next
        yield _file(b"src/file%d.txt" % (mark % 50), b"%d\n" % mark)
        if mark in tagged or mark == 1:
            yield from _project(tagged.get(mark, versions[0]))
        if mark in tagged:
            note = b"Release " + tagged[mark].encode()
            yield b"tag v%s\nfrom :%d\ntagger %sdata %d\n%s\n" % (tagged[mark].encode(), mark, who, len(note), note)
    yield b"done\n"


def _project(version: str) -> Iterator[bytes]:
    yield _file(b"Cargo.toml", f'[package]\nname = "demo"\nversion = "{version}"\nedition = "2021"\n'.encode())
    yield _file(b"pyproject.toml", f'[project]\nname = "demo"\nversion = "{version}"\n'.encode())


def _file(path: bytes, content: bytes) -> bytes:
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(content), content)


def _message(chance: random.Random, mark: int) -> str:
    kind = chance.choices(_TYPES, _WEIGHTS)[0]
    scope = chance.choice(_SCOPES)
    words = " ".join(chance.choices(_WORDS, k=chance.randint(3, 8)))
    header = f"{kind}{f'({scope})' if scope else ''}{'!' if mark % _BREAKING_EVERY == 0 else ''}: {words} (#{mark})"
    body = "\n".join(" ".join(chance.choices(_WORDS, k=10)) for _ in range(chance.choice((0, 0, 1, 2, 4))))
    trailer = f"\n\nSigned-off-by: Person {mark % 97} <person{mark % 97}@example.invalid>" if mark % 3 == 0 else ""
    return f"{header}\n\n{body}{trailer}\n" if body else f"{header}{trailer}\n"


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


# Back to the state before the release, here and on the remote.
_RESET_SCRIPT = (
    "git push -q -f origin start:refs/heads/main && git push -q origin :refs/tags/v0.2.0 2>/dev/null;"
    " git tag -d v0.2.0 >/dev/null 2>&1; git checkout -q -B main start && git update-index -q --refresh"
)
RESET = ("sh", "-c", _RESET_SCRIPT)


def create_release(root: Path, name: str, *, files: int) -> Path:
    """A repository that is ready for release 0.2.0, with a bare remote and `files` tracked files beside its own."""
    folder = root / name
    if (folder / "ready").exists():
        return folder / "repository"
    repository = folder / "repository"
    repository.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    _git(repository, "init", "--quiet", "--initial-branch=main")
    _git(repository, "config", "gc.auto", "0")
    _git(repository, "config", "user.name", "Person")
    _git(repository, "config", "user.email", "person@example.invalid")
    _git(repository, "remote", "add", "origin", str(folder / "remote.git"))
    (repository / "Cargo.toml").write_text('[package]\nname = "demo"\nversion = "0.1.0"\nedition = "2021"\n')
    (repository / "pyproject.toml").write_text('[project]\nname = "demo"\nversion = "0.1.0"\n')
    (repository / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- First.\n")
    for index in range(files):
        path = repository / f"data/{index // 1000}/{index}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{index}\n")
    _git(repository, "add", "--all")
    _git(repository, "commit", "--quiet", "--message=feat: first")
    _git(repository, "tag", "--annotate", "--message=0.1.0", "v0.1.0")
    _git(repository, "commit", "--quiet", "--allow-empty", "--message=feat: second")
    _git(repository, "branch", "start")
    _git(repository, "push", "--quiet", "--set-upstream", "origin", "main", "v0.1.0")
    (folder / "ready").touch()
    return repository
