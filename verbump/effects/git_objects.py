"""Blobs, trees, commits and tags without touching a ref; the atomic push; the transaction of refs.

Nothing here moves a branch before the remote has accepted it: a rejected push leaves nothing to roll back.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from verbump.effects import signatures
from verbump.errors import GitFailed
from verbump.planning.actions import describe_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.effects.git_repository import Repository
    from verbump.planning.actions import CreateReleaseCommit, CreateTag, MoveRefs, PushAtomically, WriteFile

_KEEP_REF = "refs/verbump/inflight"
PushResult = Literal["done", "absent", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What the remote held after the push: our tags (`done`), none of them (`absent`) or others (`other`).

    `is_silent`: it never answered.
    """

    result: PushResult
    said: str = ""
    is_silent: bool = False


def create_commit(repository: Repository, action: CreateReleaseCommit) -> str:
    """The id of the release commit, made in the object store only, and verified where it is signed.

    Raises:
        GitFailed: an object could not be made, or the signature not be verified.
    """
    tree = create_tree(repository, action.base, action.files)
    arguments = ["commit-tree", tree, "-p", action.base, "-F", "-"]
    if action.sign:
        arguments.append("-S")
    done = repository.run(*arguments, data=action.message.encode(), environment=_identity_variables(action))
    commit = done.text
    if action.sign:
        signatures.verify(repository, "commit", commit)
    return commit


def create_tree(repository: Repository, base: str, files: tuple[WriteFile, ...]) -> str:
    """The id of the tree of `base` with `files` in place. Clean filters apply; the user's index is not touched."""
    with tempfile.TemporaryDirectory(prefix="verbump-", dir=repository.state_folder) as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        repository.run("read-tree", f"{base}^{{tree}}", environment=index)
        lines = [f"{file.mode} {create_blob(repository, file)} 0\t{file.path}" for file in files]
        repository.run("update-index", "-z", "--index-info", data=_nul(lines), environment=index)
        return repository.run("write-tree", environment=index).text


def create_blob(repository: Repository, file: WriteFile) -> str:
    """The id of the blob that git would make of the file's text at its path."""
    return blob_of(repository, str(file.path), file.after, write=True)


def blob_of(repository: Repository, path: str, text: str, *, write: bool = False) -> str:
    """The id of the blob that git would make of `text` at `path`; `write` also stores it."""
    options = ["-w"] if write else []
    return repository.run("hash-object", *options, f"--path={path}", "--stdin", data=text.encode()).text


def create_tag(repository: Repository, action: CreateTag, commit: str) -> str:
    """The id of the annotated tag object on `commit`; no ref points to it.

    Raises:
        GitFailed: it could not be made, or a signature was asked for and is missing or bad.
    """
    if action.sign:
        return signatures.create_signed_tag(repository, action, commit)
    # The name in the bytes that git gave: it need be neither UTF-8 nor what the locale can say.
    who = os.fsencode(f"{action.identity.name} <{action.identity.email}>")
    head = f"object {commit}\ntype commit\ntag {action.name}\ntagger ".encode("utf-8", "surrogateescape")
    text = b"".join([head, who, f" {action.timestamp} +0000\n\n{action.message}".encode()])
    return repository.run("mktag", "--strict", data=text).text


def keep_refs(count: int) -> list[str]:
    """The names of the refs that keep a release's `count` tag objects."""
    return [_KEEP_REF, *(f"{_KEEP_REF}-{number}" for number in range(2, count + 1))]


def keep(repository: Repository, tag_objects: tuple[str, ...]) -> None:
    """Point keep refs at the tag objects, so that `git gc --prune=now` leaves the release's objects alone."""
    refs = zip(keep_refs(len(tag_objects)), tag_objects, strict=True)
    lines = "".join(f"update {ref} {oid}\n" for ref, oid in refs)
    repository.run("update-ref", "--stdin", data=lines.encode())


def release_objects(repository: Repository) -> None:
    """Drop the keep refs, where they stand."""
    if kept := _kept(repository):
        repository.run("update-ref", "--stdin", data="".join(f"delete {ref}\n" for ref in kept).encode())


def _kept(repository: Repository) -> list[str]:
    """The keep refs that stand."""
    found = repository.run("for-each-ref", "--format=%(refname)", f"{_KEEP_REF}*").text
    return found.split("\n") if found else []


def push(repository: Repository, action: PushAtomically, commit: str, tag_objects: tuple[str, ...]) -> Pushed:
    """Push branch and tags as one, by object id, and say what the remote holds afterwards.

    Every ref carries a lease: the branch must still be at `action.expected`, no tag may exist. The exit status
    decides nothing: an answer can be lost on the way, so after an error the remote is read.

    Raises:
        GitFailed: the remote could not be read after a failed push, so what happened is not known.
    """
    branch = f"refs/heads/{action.branch}"
    tags = {f"refs/tags/{tag}": oid for tag, oid in zip(action.tags, tag_objects, strict=True)}
    done = repository.try_remote(
        "push",
        "--progress",
        "--atomic",
        "--porcelain",
        "--no-verify",
        f"--force-with-lease={branch}:{action.expected or ''}",
        *(f"--force-with-lease={tag}:" for tag in tags),
        "--end-of-options",
        action.remote,
        f"{commit}:{branch}",
        *(f"{oid}:{tag}" for tag, oid in tags.items()),
    )
    said = _server_words(done.stdout.decode("utf-8", "replace"), done.stderr)
    there = read_remote_refs(repository, action.remote, *tags)
    if there == tags:
        return Pushed(result="done", said=said)
    return Pushed(result="other" if there else "absent", said=said, is_silent=done.is_silent)


def push_tags(repository: Repository, remote: str, tags: Mapping[str, str]) -> Pushed:
    """Push tag objects (name → id) as one, none of which may exist there, and say what the remote holds afterwards.

    Raises:
        GitFailed: the remote could not be read after a failed push, so what happened is not known.
    """
    refs = {f"refs/tags/{name}": oid for name, oid in tags.items()}
    leases = [f"--force-with-lease={ref}:" for ref in refs]
    options = ("--progress", "--atomic", "--porcelain", "--no-verify", *leases)
    refspecs = [f"{oid}:{ref}" for ref, oid in refs.items()]
    done = repository.try_remote("push", *options, "--end-of-options", remote, *refspecs)
    said = _server_words(done.stdout.decode("utf-8", "replace"), done.stderr)
    there = read_remote_refs(repository, remote, *refs)
    if there == refs:
        return Pushed(result="done", said=said)
    return Pushed(result="other" if there else "absent", said=said, is_silent=done.is_silent)


def read_remote_refs(repository: Repository, remote: str, *refs: str) -> dict[str, str]:
    """Ref → the object id that it holds now on the remote; refs that the remote does not have are left out.

    Raises:
        GitFailed: the remote cannot be read.
    """
    done = repository.run_remote("ls-remote", "--quiet", "--end-of-options", remote, *refs)
    lines = (line.partition("\t") for line in done.text.split("\n"))
    return {name: oid for oid, _, name in lines if name in refs}


def move_refs(repository: Repository, action: MoveRefs, commit: str, tag_objects: tuple[str, ...]) -> bool:
    """Create the tags and move the branch in one transaction; False when the user has moved the branch meanwhile.

    Then the branch stays where it is, and only the rest is done. The keep refs go in the same transaction.
    """
    branch = f"refs/heads/{action.branch}"
    tracking = f"refs/remotes/{action.remote}/{action.remote_branch}"
    refs = repository.read_refs(*(f"refs/tags/{name}" for name in action.tags), branch, tracking, f"{_KEEP_REF}*")
    lines = ["start"]
    for name, tag_object in zip(action.tags, tag_objects, strict=True):
        if f"refs/tags/{name}" not in refs:
            lines.append(f"create refs/tags/{name} {tag_object}")
    moved = True
    now = repository.resolve("HEAD") if action.is_detached else refs.get(branch)
    if now == action.base:
        lines += ["option no-deref"] if action.is_detached else []
        lines.append(f"update {'HEAD' if action.is_detached else branch} {commit} {action.base}")
    else:
        moved = now == commit
    if action.remote is not None and action.remote_branch is not None:
        lines += _tracking_lines(repository, action, commit, (tracking, refs.get(tracking)))
    lines += [f"delete {ref}" for ref in refs if ref.startswith(_KEEP_REF)]
    lines += ["prepare", "commit"]
    transaction = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    repository.run("update-ref", "-m", f"verbump: release {describe_tags(action.tags)}", "--stdin", data=transaction)
    return moved


def _tracking_lines(
    repository: Repository, action: MoveRefs, commit: str, tracking: tuple[str, str | None]
) -> list[str]:
    """The remote-tracking ref, as `git push` would move it: only where the remote's fetch setting maps the branch."""
    ref, now = tracking
    if now == commit:
        return []
    fetch = repository.setting(f"remote.{action.remote}.fetch")
    return [f"update {ref} {commit}"] if fetch == f"+refs/heads/*:refs/remotes/{action.remote}/*" else []


def _identity_variables(action: CreateReleaseCommit) -> dict[str, str]:
    date = f"@{action.timestamp} +0000"  # @: else git takes fewer than nine digits for no time
    return {
        "GIT_AUTHOR_NAME": action.identity.name,
        "GIT_AUTHOR_EMAIL": action.identity.email,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": action.identity.name,
        "GIT_COMMITTER_EMAIL": action.identity.email,
        "GIT_COMMITTER_DATE": date,
    }


def _nul(lines: list[str]) -> bytes:
    return b"".join(line.encode("utf-8", "surrogateescape") + b"\0" for line in lines)


def _server_words(porcelain: str, stderr: str) -> str:
    """What the server and git said about a push that failed, without the lines that only repeat the command."""
    refused = [line.removeprefix("!\t") for line in porcelain.split("\n") if line.startswith("!")]
    words = [line for line in stderr.split("\n") if line.strip() and not line.startswith(("To ", "hint:"))]
    return "\n".join([*words, *refused]).strip()


def remove_leftovers(folder: Path) -> None:
    """Take away the scratch folders of a killed process. Only under the journal's lock."""
    for leftover in folder.glob("verbump-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if not folder.is_dir():
        raise GitFailed(f"{folder}: cannot be made")
