"""What a release still does on GitHub once its tags are pushed: start a workflow, tell pull requests and issues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.planning.snapshot import Snapshot

MOST_COMMENTS = 50
# A number of this repository: not `owner/name#12`, not part of a word, of an address or of an entity (&#12;).
_NUMBER = re.compile(r"(?<![\w/&#])#([1-9][0-9]{0,8})(?![\w-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchWorkflow:
    """A workflow to start at a tag that is pushed, because the push does not. `inputs` are those that it declares.

    `is_certain`: the push starts nothing, whoever makes it; else that is so only of a workflow's GITHUB_TOKEN.
    """

    workflow: str
    tag: str
    inputs: Mapping[str, str]
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentReleased:
    """A comment that names the release's tag, on each of these pull requests and issues that it concerns."""

    tag: str
    numbers: tuple[int, ...]


def describe(action: DispatchWorkflow | CommentReleased) -> str:
    """One line that says what the action does."""
    if isinstance(action, CommentReleased):
        named = ", ".join(f"#{number}" for number in action.numbers)
        return f"comment “released in {action.tag}” on {named}, where merged or closed"
    where = "" if action.is_certain else ", where the push does not (GITHUB_TOKEN)"
    return f"start {action.workflow} at {action.tag}{where}"


def find_numbers(section: str) -> tuple[int, ...]:
    """The pull requests and issues that a changelog's section names, in its order, the first 50."""
    found = dict.fromkeys(int(number) for number in _NUMBER.findall(section))
    return tuple(found)[:MOST_COMMENTS]


def plan_comments(snapshot: Snapshot, sections: Mapping[str, str]) -> Iterator[CommentReleased]:
    """The comments of a release, where the setting asks for them. `sections` is tag → its section of the changelog."""
    if not snapshot.config.github.comment_released or snapshot.forge is None or snapshot.forge.kind != "github":
        return
    for tag, section in sections.items():
        if numbers := find_numbers(section):
            yield CommentReleased(tag=tag, numbers=numbers)
