"""Tags and commits, fast: plain git processes, bytes in, Commits out. The hot path of `next`.

GitPython's import costs more than everything that happens here, so this room does without it; whatever changes a
repository goes through `git_repository`.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from verbump.domain.commits import Commit
from verbump.effects import git_environment, git_settings
from verbump.effects.git_settings import Settings
from verbump.errors import GitFailed, Problem, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHUNK = 65536  # a larger read buffer is allocated anew for each piece: 8 times the CPU


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a repository is and where its HEAD stands.

    `root` is the work tree's top folder; `head` is None before the first commit; `branch` is the short name of the
    checked-out branch, None when HEAD is detached.
    """

    root: Path
    git_dir: Path
    common_dir: Path
    is_shallow: bool
    head: str | None
    branch: str | None
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRef:
    """A tag as git stores it: `target` is the tag object (the commit, for a lightweight tag), `commit` the peeled."""

    name: str
    target: str
    commit: str


def locate(directory: Path) -> Location:
    """Where the repository that holds `directory` is.

    Raises:
        UsageError: no repository there, or a bare one.
        Refused: git is missing, or will not touch a folder that belongs to somebody else.
    """
    # All in one process; before the first commit git stops at HEAD, and for a bare repository at the top folder.
    places = ("--is-bare-repository", "--is-shallow-repository", "--absolute-git-dir", "--git-common-dir")
    heads = ("--show-toplevel", "HEAD^{commit}", "--symbolic-full-name", "HEAD")
    asked = git_settings.ask(directory)
    try:
        status, out, _ = look(directory, "rev-parse", *places, *heads)
    finally:
        settings = git_settings.parse(asked.answer(0) if asked is not None else None)
    said = os.fsdecode(out).split("\n")
    if status != 0 or len(said) != len(places) + len(heads):
        return replace(_locate_step_by_step(directory), settings=settings)
    _, shallow, git_dir, common_dir, root, head, branch = said[:7]
    return Location(
        root=Path(root),
        git_dir=Path(git_dir),
        common_dir=(directory / common_dir).resolve(),
        is_shallow=shallow == "true",
        head=head,
        branch=branch.removeprefix("refs/heads/") if branch != "HEAD" else None,
        settings=settings,
    )


def _locate_step_by_step(directory: Path) -> Location:
    asked = ("--is-bare-repository", "--is-shallow-repository", "--absolute-git-dir", "--git-common-dir")
    status, out, error = look(directory, "rev-parse", *asked)
    if status != 0:
        raise _not_found(directory, error)
    bare, shallow, git_dir, common_dir = os.fsdecode(out).split("\n")[:4]
    inside, root, _ = look(directory, "rev-parse", "--show-toplevel")
    if bare == "true" or inside != 0:
        message = f"{directory}: not a work tree (a bare repository, or the inside of .git)"
        raise UsageError(message, hint="run verbump in a clone of it", code="not-a-work-tree")
    _, head, _ = look(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
    _, branch, _ = look(directory, "symbolic-ref", "--quiet", "HEAD")
    return Location(
        root=Path(os.fsdecode(root.rstrip(b"\n"))),
        git_dir=Path(git_dir),
        common_dir=(directory / common_dir).resolve(),
        is_shallow=shallow == "true",
        head=head.decode().strip() or None,
        branch=os.fsdecode(branch.strip()).removeprefix("refs/heads/") or None,
    )


def read_tags(root: Path) -> tuple[TagRef, ...]:
    """Every tag that peels to an object, in git's order of names. One process, no tag object is opened."""
    _, out, _ = look(root, "show-ref", "--dereference", "--tags")
    return parse_tag_lines(out)


def parse_tag_lines(out: bytes) -> tuple[TagRef, ...]:
    """The tags in the output of `show-ref -d` or `ls-remote`: `<oid> SP|TAB refs/tags/<name>[^{}]` a line."""
    targets: dict[str, str] = {}
    peeled: dict[str, str] = {}
    for line in out.split(b"\n"):
        oid, _, ref = line.replace(b"\t", b" ", 1).partition(b" ")
        if not ref.startswith(b"refs/tags/"):
            continue
        name = os.fsdecode(ref.removeprefix(b"refs/tags/"))
        if name.endswith("^{}"):
            peeled[name.removesuffix("^{}")] = oid.decode()
        else:
            targets[name] = oid.decode()
    return tuple(TagRef(name=name, target=oid, commit=peeled.get(name, oid)) for name, oid in targets.items())


def read_reachable_tag_names(root: Path, head: str, names: Iterable[str] = ()) -> frozenset[str]:
    """Names of the tags whose commit `head` reaches: of `names`, or of all tags, for which git may walk all history."""
    refs = [f"refs/tags/{name}" for name in names] or ["refs/tags/"]
    _, out, _ = look(root, "for-each-ref", "--format=%(refname)", f"--merged={head}", *refs)
    return frozenset(os.fsdecode(line.removeprefix(b"refs/tags/")) for line in out.split(b"\n") if line)


def read_notes(root: Path, ref: str) -> dict[str, str]:
    """Full sha → the text of its git note under `ref`; empty where there is no such ref."""
    status, out, _ = look(root, "notes", f"--ref={ref}", "list")
    if status != 0:
        return {}
    pairs = [line.split(" ") for line in out.decode("ascii", "replace").split("\n") if " " in line]
    return {sha: look(root, "cat-file", "blob", note)[1].decode("utf-8", "replace").strip("\n") for note, sha in pairs}


def is_reached(root: Path, commit: str, head: str) -> bool:
    """Whether `head` reaches `commit`; False as well where that commit is not here."""
    return look(root, "merge-base", "--is-ancestor", commit, head)[0] == 0


def read_commits(
    root: Path, head: str, *, without: tuple[str, ...] = (), paths: tuple[str, ...] = ()
) -> Iterator[Commit]:
    """The commits that `head` reaches and none of `without` does, children before parents, newest first.

    `paths` are pathspecs: only merges and the commits that touch one of them, on whichever branch they were made; a
    commit's parents are then the next ones that are left. What a merge brought in can only be told with it.

    Messages are decoded as UTF-8 after git has recoded declared encodings; undeclared bytes become U+FFFD.

    Raises:
        GitFailed: git ended with an error (a missing object in a partial or damaged clone, say).
    """
    revisions = (head, *(f"^{sha}" for sha in without))
    found = _parse_commits(_log(root, ("--format=%H %P%n%B",), revisions))
    if not paths:
        return found
    return find_kept(tuple(found), read_touching(root, revisions, paths))


def read_touching(root: Path, revisions: tuple[str, ...], paths: tuple[str, ...]) -> frozenset[str]:
    """Ids of the commits of a range that touch one of `paths`, on whichever branch they were made."""
    # --full-history, else git leaves out side branches whose outcome is on the main one too.
    touching = _log(root, ("--format=%H", "--full-history"), (*revisions, "--", *paths))
    return frozenset(record.decode() for record in touching)


def find_kept(commits: tuple[Commit, ...], touching: frozenset[str]) -> Iterator[Commit]:
    """The merges and the commits of `touching`, each with the nearest of these as its parents."""
    standing: dict[str, str] = {}  # sha → itself, or the nearest ancestor that is left or lies outside of the range
    for commit in reversed(commits):
        is_left = commit.sha in touching or len(commit.parents) > 1
        above = commit.sha if is_left or not commit.parents else commit.parents[0]
        standing[commit.sha] = standing.get(above, above)
    for commit in commits:
        if commit.sha in touching or len(commit.parents) > 1:
            yield commit._replace(parents=tuple(standing.get(parent, parent) for parent in commit.parents))


def _parse_commits(records: Iterator[bytes]) -> Iterator[Commit]:
    for record in records:
        ids, _, message = record.partition(b"\n")
        sha, *parents = ids.decode().split()
        yield Commit(sha=sha, parents=tuple(parents), message=message.decode("utf-8", "replace"))


def _log(root: Path, options: tuple[str, ...], revisions: tuple[str, ...]) -> Iterator[bytes]:
    """What `git log` prints of each commit, in topological order. `revisions` begin with the newest commit."""
    arguments = ("log", "-z", "--topo-order", "--encoding=UTF-8", *options, "--end-of-options", *revisions)
    argv = git_environment.git_argv(arguments if "--" in revisions else (*arguments, "--"), looking=True)
    environment = {**os.environ, **git_environment.git_variables(), "GIT_FLUSH": "0"}
    with subprocess.Popen(
        argv, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        yield from _split_records(process.stdout.fileno())
        error = process.stderr.read().decode("utf-8", "replace").strip()
        if process.wait() != 0:
            raise GitFailed(f"git log {revisions[0][:12]}: {error}", hint="git fsck", code="history-unreadable")


def look(directory: Path, *arguments: str) -> tuple[int, bytes, bytes]:
    """Exit status, output and error output of a git command that only reads."""
    environment = {**os.environ, **git_environment.git_variables()}
    argv = git_environment.git_argv(arguments, looking=True)
    try:
        done = subprocess.run(argv, cwd=directory, env=environment, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: PLW1510
    except (FileNotFoundError, NotADirectoryError) as missing:
        if not directory.is_dir():
            raise UsageError(f"{directory}: no such folder", code="no-such-folder") from missing
        raise _git_missing() from missing
    return done.returncode, done.stdout, done.stderr


def _split_records(descriptor: int) -> Iterator[bytes]:
    rest = b""
    while chunk := os.read(descriptor, _CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest.strip():
        yield rest


def _not_found(directory: Path, error: bytes) -> Exception:
    said = error.decode("utf-8", "replace").strip()
    if b"dubious ownership" in error:
        hint = f"git config --global --add safe.directory {directory}"
        message = f"{directory}: git does not trust this folder: it belongs to another user"
        return Refused([Problem(code="dubious-ownership", message=message, hint=hint)])
    if b"not a git repository" in error:
        hint = "cd into one, or verbump -C FOLDER; git init makes one here"
        return UsageError(f"{directory.resolve()}: not in a git repository", hint=hint, code="not-a-repository")
    return Refused([Problem(code="git-failed", message=f"{directory}: {said}", hint="git status")])


def _git_missing() -> Refused:
    problem = Problem(
        code="git-missing", message="git is not on PATH; verbump needs git 2.31 or newer", hint="https://git-scm.com"
    )
    return Refused([problem])
