"""What the notes of a release need beside the changelog, as the settings ask for it: contributors, checksums."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verbump.effects import git_history
from verbump.errors import Problem, Refused, ServerFailed
from verbump.planning import notes
from verbump.planning.notes_tail import Extras

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verbump.effects.github import GitHub
    from verbump.planning.next_version import Decision
    from verbump.planning.notes_tail import Contributor
    from verbump.planning.snapshot import Snapshot

NOTHING = Extras()


def read_released(
    directory: Path, view: Snapshot, name: str, dist: Path, forge: GitHub | Callable[[Problem], None]
) -> Extras:
    """What belongs to the notes of a released version or tag; checksums where `dist` holds SHA256SUMS.

    `forge` is asked for accounts; or it is told of what keeps GitHub from being asked, and names have to do.

    Raises:
        ServerFailed: the given GitHub does not answer.
    """
    tag, previous = notes.find_tags(view, name)
    people: tuple[Contributor, ...] = ()
    if tag and view.config.notes.contributors:
        people = _contributors(directory, view, (f"refs/tags/{tag}^{{commit}}", previous), forge)
    return Extras(contributors=people, checksums=_checksums(view, dist))


def read_coming(directory: Path, view: Snapshot, decision: Decision, warn: Callable[[Problem], None]) -> Extras:
    """What belongs to the notes of the coming version; `warn` as `forge` of `read_released`."""
    if not view.config.notes.contributors:
        return NOTHING
    ends = (view.head, notes.find_previous(view, decision))
    return Extras(contributors=_contributors(directory, view, ends, warn))


def _contributors(
    directory: Path, view: Snapshot, ends: tuple[str, str], forge: GitHub | Callable[[Problem], None]
) -> tuple[Contributor, ...]:
    from verbump.effects import github
    from verbump.effects.read_contributors import Range, read_contributors

    head, previous = ends
    commits = Range(root=git_history.locate(directory).root, head=head, previous=previous)
    if isinstance(forge, github.GitHub):
        return read_contributors(commits, forge)
    if not _is_on_github(view):
        return read_contributors(commits, None)
    try:
        return read_contributors(commits, github.connect(view.forge, needs_token=False))
    except (ServerFailed, Refused) as error:
        message = f"contributors by name only: {error.message}"
        forge(Problem(code=error.code, message=message, hint=error.hint, severity="warning"))
        return read_contributors(commits, None)


def _is_on_github(view: Snapshot) -> bool:
    """Whether the remote is on a GitHub, or the environment names a repository there."""
    if view.forge is not None:
        return view.forge.kind == "github"
    return bool(os.environ.get("GITHUB_REPOSITORY"))


def _checksums(view: Snapshot, dist: Path) -> dict[str, str]:
    if not view.config.notes.checksums:
        return {}
    from verbump.effects import read_dist

    return read_dist.read_checksums(dist)
