"""The parts of a snapshot that each package of several has for itself: commits, manifests, changelog."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verbump.effects import files, git_history, targets
from verbump.errors import InputError

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from verbump.config import Config
    from verbump.effects.git_history import Location
    from verbump.planning.snapshot import Snapshot


def with_commits(location: Location, snapshot: Snapshot, start: str | None) -> Snapshot:
    """The snapshot with the commits after `start` (a full id; None: after the last final tag)."""
    final, current = snapshot.last_final(), snapshot.current()
    without = (start,) if start else (final.commit,) if final else ()
    paths = pathspecs(snapshot.config)
    commits = tuple(git_history.read_commits(location.root, snapshot.head, without=without, paths=paths))
    fresh = frozenset(commit.sha for commit in commits)
    if current is not None and current.version.prerelease and start is None:
        newer = git_history.read_commits(location.root, snapshot.head, without=(*without, current.commit), paths=paths)
        fresh = frozenset(commit.sha for commit in newer)
    return replace(snapshot, commits=commits, fresh=fresh)


def pathspecs(config: Config) -> tuple[str, ...]:
    """`include` and `exclude` as git's pathspecs, from the top of the work tree; none where neither is set."""
    if not config.include and not config.exclude:
        return ()
    included = [f":(top,glob){glob}" for glob in config.include] or [":(top)"]
    return (*included, *(f":(top,exclude,glob){glob}" for glob in config.exclude))


def with_files(location: Location, snapshot: Snapshot, folder: PurePosixPath = targets.TOP) -> Snapshot:
    """The snapshot with the manifests of `folder`, or the listed ones, and the changelog.

    A file that cannot be read is a problem of the snapshot, not an end to it.
    """
    try:
        found = targets.read_targets(location.root, snapshot.config, folder)
    except InputError as error:
        return replace(snapshot, problems=(*snapshot.problems, error.as_problem()))
    ignored = _ignored_locks(location, [target.path for target in found.targets if _is_lock(target.path)])
    kept = tuple(target for target in found.targets if target.path not in ignored)
    texts = dict(found.texts)
    problems = list(snapshot.problems)
    path = snapshot.changelog_path
    try:
        text = files.read_text(location.root, path) if path is not None else None
    except InputError as error:
        problems.append(error.as_problem())
        text = None
    if path is not None and text is not None:
        texts[path] = text
    return replace(snapshot, targets=kept, texts=texts, problems=tuple(problems))


def _is_lock(path: PurePosixPath) -> bool:
    return path.suffix == ".lock"


def _ignored_locks(location: Location, paths: list[PurePosixPath]) -> frozenset[PurePosixPath]:
    """Lock files that git ignores: a library may choose not to keep its own."""
    found = []
    for path in paths:
        tracked, _, _ = git_history.look(location.root, "ls-files", "--error-unmatch", "--", f":(literal,top){path}")
        ignored, _, _ = git_history.look(location.root, "check-ignore", "--quiet", "--", str(path))
        if tracked != 0 and ignored == 0:
            found.append(path)
    return frozenset(found)
