"""What a pull request becomes when it is merged: the messages that the forge writes, by method and settings.

Source: GitHub Docs, "About merge methods on GitHub" and "Configuring commit squashing for pull requests".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbump.domain.commits import Commit
    from verbump.planning.snapshot import Snapshot

Method = Literal["merge", "squash", "rebase"]
METHODS: tuple[Method, ...] = ("merge", "squash", "rebase")


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSettings:
    """What the repository allows and how it words a merge, in GitHub's own words; "" and () where that is not known."""

    methods: tuple[Method, ...] = ()
    squash_title: str = ""
    squash_body: str = ""
    merge_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """Two commits, and what is known of the pull request between them; `title` is "" where it is not known.

    `base_branch` is None where `base` is only a commit. `label` is the branch that is merged: `somebody:topic`.
    """

    base: str
    head: str
    base_branch: str | None
    title: str = ""
    body: str = ""
    label: str = ""
    number: int | None = None
    settings: MergeSettings = field(default_factory=MergeSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The repository as one method leaves it. `shas`: commit that the merge makes → the one it stands for, or ""."""

    method: Method
    snapshot: Snapshot
    shas: Mapping[str, str]


def merge_message(pull: PullRequest) -> str:
    """The message of the merge commit."""
    if pull.settings.merge_title == "PR_TITLE" and pull.title:
        return _numbered(pull)
    number = f" #{pull.number}" if pull.number is not None else ""
    source = f" from {pull.label.replace(':', '/', 1)}" if pull.label else ""
    return f"Merge pull request{number}{source}" + (f"\n\n{pull.title}" if pull.title else "")


def squash_message(pull: PullRequest, commits: Sequence[Commit]) -> str | None:
    """The message of the squashed commit; `commits` are the pull request's, oldest first, without merges.

    None where it hangs on a title that is not known.
    """
    settings = pull.settings
    is_single = len(commits) == 1 and (settings.squash_title == "COMMIT_OR_PR_TITLE" or not pull.title)
    if is_single:
        header, _, body = commits[0].message.partition("\n")
        title = f"{header.rstrip()}{_suffix(pull)}"
    elif pull.title:
        title, body = _numbered(pull), _listed(commits)
    else:
        return None
    if settings.squash_body == "BLANK":
        body = ""
    elif settings.squash_body == "PR_BODY":
        body = pull.body
    body = body.strip("\r\n")
    return f"{title}\n\n{body}" if body else title


def _listed(commits: Sequence[Commit]) -> str:
    return "\n\n".join(f"* {each.message.strip()}" for each in commits)


def _numbered(pull: PullRequest) -> str:
    return f"{pull.title}{_suffix(pull)}"


def _suffix(pull: PullRequest) -> str:
    """` (#12)`, as the forge appends it."""
    return f" (#{pull.number})" if pull.number is not None else ""
