"""Commit messages to check: of a range, since the last tag, or from a commit-msg hook's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verbump.config import DEFAULT
from verbump.effects import git_history, read, read_config
from verbump.errors import UsageError

if TYPE_CHECKING:
    from verbump.config import Config
    from verbump.domain.commits import Commit


def read_since_tag(options: read.Options) -> tuple[list[Commit], Config]:
    """The commits since the last tag of any kind, newest first; of one package where `options` name one.

    Raises: as `read.read_snapshot`.
    """
    snapshot = read.read_snapshot(options)
    if snapshot.packages and options.package is None:
        tagged = {tag.commit for each in snapshot.packages if (tag := each.view.current()) is not None}
        root = git_history.locate(options.directory).root
        return list(git_history.read_commits(root, snapshot.head, without=tuple(sorted(tagged)))), snapshot.config
    if options.package is not None:
        from verbump.planning import packages

        snapshot = packages.select(snapshot, options.package)
    return [commit for commit in snapshot.commits if commit.sha in snapshot.fresh], snapshot.config


def read_range(directory: Path, config_file: Path | None, revisions: str) -> tuple[list[Commit], Config]:
    """The commits of `A..B`, or all that `A` reaches, newest first.

    Raises:
        UsageError: no repository, or no such commit.
    """
    location = git_history.locate(directory)
    start, dots, end = revisions.partition("..")
    head = read.commit_of(location, end.removeprefix(".") or "HEAD") if dots else read.commit_of(location, start)
    without = (read.commit_of(location, start or "HEAD"),) if dots else ()
    config = read_config.read(location.root, config_file)
    return list(git_history.read_commits(location.root, head, without=without)), config


def read_config_beside(directory: Path, config_file: Path | None) -> Config:
    """The configuration of the repository that holds `directory`; the defaults outside of one."""
    if config_file is not None:
        return read_config.read(directory, config_file)
    try:
        return read_config.read(git_history.locate(directory).root)
    except UsageError:
        return DEFAULT


def read_file(path: str) -> str:
    """The text of a file, undeclared bytes as U+FFFD.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return Path(path).read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", code="unreadable") from error
