"""The preview of a pull request that `verbump release --pull-request` has made: what it releases itself. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.errors import Problem
from verbump.planning import tag_merged
from verbump.planning.release_actions import find_release_trailers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verbump.domain.commits import Commit
    from verbump.planning.merges import PullRequest
    from verbump.planning.snapshot import Snapshot


def find_requests(commits: Iterable[Commit]) -> tuple[str, ...]:
    """What these commits say that they release: `1.3.0`, or `core 1.3.0`; nothing for any other pull request."""
    return tuple(dict.fromkeys(text for each in commits for text in find_release_trailers(each.message)))


def tags_of(snapshot: Snapshot, requests: tuple[str, ...]) -> tuple[str, ...]:
    """The tags that the request leads to, in the same order; none for what is no version or package of this project."""
    wanted, _ = tag_merged.find_wanted(snapshot, tag_merged.Merged(number=0, commit="", released=requests))
    return tuple(each.name for each in wanted)


def find_outdated(pull: PullRequest, asked: Sequence[str], requests: Sequence[str]) -> Iterator[Problem]:
    """A warning where a release from the merge would be another (`asked`) than the pull request has written."""
    if set(asked) != set(requests):
        base = pull.base_branch or pull.base[:12]
        message = f"this pull request releases {', '.join(requests)}, but what would be on {base} asks for "
        yield Problem(
            code="request-outdated",
            severity="warning",
            message=f"{message}{', '.join(asked) or 'no release'}",
            hint="verbump release --pull-request brings it up to date",
        )
