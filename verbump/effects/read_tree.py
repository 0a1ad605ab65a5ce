"""The manifests and the changelog of one commit, read from git and not from the work tree."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from verbump.domain.tags import DEFAULT_FORMAT
from verbump.effects import exports, files, git_history, read, read_config, read_packages, read_tags, targets
from verbump.errors import InputError, Problem, Refused
from verbump.planning import build_sources, package_views, packages
from verbump.planning.snapshot import Snapshot

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from verbump.config import Config
    from verbump.effects.git_history import Location
    from verbump.planning.snapshot import VersionTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What a commit holds, and its version tag: the one asked for, else the highest at that commit, or None.

    `programs` are the folders that hold src/main.rs or src/bin.
    """

    snapshot: Snapshot
    tag: VersionTag | None
    programs: frozenset[PurePosixPath] = frozenset()


def read_tree(directory: Path, config_file: Path | None, revision: str, package: str | None = None) -> Tree:
    """The commit that `revision` names: a tag, a version, HEAD, or anything that git takes.

    Of several packages what concerns the one called `package`, else the one whose tag `revision` is.

    Raises:
        UsageError: no repository, no such commit, no such package, or several and it is not said which.
        Refused: no commits yet.
    """
    from verbump.effects.git_repository import Repository

    location = git_history.locate(directory)
    if location.head is None:
        message = f"{location.root}: no commits yet: there is no tree to look at"
        raise Refused([Problem(code="no-commits", message=message, hint="git commit")])
    local = git_history.read_tags(location.root)
    names = {tag.name: tag for tag in local}
    meant = revision
    if revision not in names and revision != "HEAD":
        configured = read_config.read(location.root, config_file)
        form = read_tags.tag_format(configured, local, _reachable(location, location.head))
        meant = f"{form.prefix}{revision}{form.suffix}"
    found = names.get(meant)
    commit = found.commit if found else read.commit_of(location, revision)
    known = read_tags.Known(local=local, remote=(), reachable=_reachable(location, commit))
    with tempfile.TemporaryDirectory(prefix="verbump-verify-") as scratch:
        folder = exports.write_tree(Repository(location), commit, Path(scratch), looking=True).folder
        config = read_config.read(folder, config_file)
        snapshot = Snapshot(
            head=commit,
            branch=location.branch,
            today="YYYY-MM-DD",
            timestamp=0,
            tag_format=DEFAULT_FORMAT,
            config=config,
            tag_names=frozenset(names),
        )
        snapshot = with_files(folder, config, snapshot)
        several = package_views.find_packages(snapshot, known.reachable)
        if several:
            whole = read_packages.with_packages(replace(location, root=folder), snapshot, several, known)
            snapshot = packages.select(whole, package or _owner_of(whole, meant))
        elif package is not None:
            raise read.no_packages(package)
        else:
            form = read_tags.tag_format(config, local, known.reachable)
            tags = read_tags.version_tags(location, form, known, commit)
            snapshot = replace(snapshot, tag_format=form, tags=tags)
        programs = find_programs(folder, snapshot)
    at_commit = [tag for tag in snapshot.tags if tag.commit == commit]
    named = [tag for tag in at_commit if tag.name == meant]
    highest = max(named or at_commit, key=lambda tag: tag.version, default=None)
    return Tree(snapshot=snapshot, tag=highest, programs=programs)


def _owner_of(snapshot: Snapshot, tag: str) -> str | None:
    """The package whose tag it is, None where it is no package's or several packages'."""
    found = [each.name for each in snapshot.packages if each.view.tag_format.version(tag) is not None]
    return found[0] if len(found) == 1 else None


def find_programs(folder: Path, snapshot: Snapshot) -> frozenset[PurePosixPath]:
    """The folders of crates that hold src/main.rs or src/bin."""
    folders = {path.parent for path in build_sources.find_crates(snapshot)}
    places = ("src/main.rs", "src/bin")
    return frozenset(each for each in folders if any((folder / each / place).exists() for place in places))


def with_files(folder: Path, config: Config, snapshot: Snapshot) -> Snapshot:
    """The snapshot with the targets and the changelog that lie in `folder`.

    Raises:
        Refused: one of them cannot be read.
    """
    try:
        found = targets.read_targets(folder, config)
        path = snapshot.changelog_path
        text = files.read_text(folder, path) if path is not None else None
    except InputError as error:
        raise Refused([error.as_problem()]) from error
    texts = dict(found.texts)
    if path is not None and text is not None:
        texts[path] = text
    return replace(snapshot, targets=tuple(found.targets), texts=texts)


def _reachable(location: Location, commit: str) -> frozenset[str]:
    return git_history.read_reachable_tag_names(location.root, commit)
