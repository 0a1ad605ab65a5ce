"""What `package` has to know: the tree of the release, its forge, SHA256SUMS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.effects import git_history, read, read_dist, read_tree
from verbump.errors import Problem, Refused, UsageError
from verbump.planning import verify
from verbump.planning.artifacts import AGAIN, SUMS
from verbump.planning.packaging.facts import CARGO, Facts

if TYPE_CHECKING:
    from pathlib import Path

    from verbump.effects.git_history import Location
    from verbump.effects.read_tree import Tree
    from verbump.planning.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked for: `version` or its tag, "" for that of HEAD; "" for all that was not said.

    `dist` is the folder with SHA256SUMS, `shown` its name for messages.
    """

    directory: Path
    dist: Path
    shown: str
    config_file: Path | None = None
    version: str = ""
    package: str | None = None
    remote: str | None = None
    url: str = ""
    crate: str = ""
    name: str = ""


def read_facts(asked: Asked) -> Facts:
    """The release as git and the folder have it. The files themselves need not be in the folder.

    Raises:
        UsageError: no repository, no such package, a version that is neither tagged nor that of HEAD.
        Refused: no commits; the tree's files do not agree on a version; no or a malformed SHA256SUMS.
    """
    tree = _read_tree(asked)
    snapshot = tree.snapshot
    verdict = verify.judge(snapshot, tree.tag)
    if verdict.version is None:
        raise Refused([each for each in verdict.problems if each.severity == "error"])
    tag = verdict.tag or snapshot.tag_format.tag(verdict.version)
    if asked.version and asked.version not in {str(verdict.version), tag}:
        message = f"{asked.version} is not tagged, and HEAD is {verdict.version}"
        raise UsageError(message, hint=f"git fetch --tags, or --version {verdict.version}", code="no-such-version")
    sums = read_dist.read_checksums(asked.dist)
    if not sums:
        message = f"{asked.shown}/{SUMS}: there is none, or nothing in it"
        raise Refused([Problem(code="sums-missing", message=message, hint=f"{AGAIN}, or --dist DIR")])
    location = git_history.locate(asked.directory)
    remote = asked.remote or snapshot.config.remote or read.remote_of(location, location.branch)
    _, listed, _ = git_history.look(location.root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", snapshot.head)
    return Facts(
        version=verdict.version,
        tag=tag,
        texts=snapshot.texts,
        paths=tuple(listed.decode("utf-8", "replace").split("\0")[:-1]),
        sums=sums,
        dist=asked.shown,
        workspace=_workspace(location, snapshot),
        triples=snapshot.config.build.targets,
        features=snapshot.config.build.features,
        forge=read.forge_of(location, remote),
        base=asked.url,
        crate=asked.crate,
        name=asked.name,
    )


def _workspace(location: Location, snapshot: Snapshot) -> str:
    """The Cargo.toml at the root, which members may inherit from; a package's view need not hold it."""
    if CARGO in snapshot.texts:
        return snapshot.texts[CARGO]
    status, out, _ = git_history.look(location.root, "cat-file", "blob", f"{snapshot.head}:{CARGO}")
    return out.decode("utf-8", "replace") if status == 0 else ""


def _read_tree(asked: Asked) -> Tree:
    """The tree of the version that is named; HEAD's where none is, or where it has yet to be tagged."""
    try:
        return read_tree.read_tree(asked.directory, asked.config_file, asked.version or "HEAD", asked.package)
    except UsageError as error:
        if not asked.version or error.code != "no-such-ref":
            raise
        return read_tree.read_tree(asked.directory, asked.config_file, "HEAD", asked.package)
