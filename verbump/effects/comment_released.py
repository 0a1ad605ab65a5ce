"""Tell the pull requests and issues of a release that it is made: best effort, once each, one write a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from verbump.domain import escape
from verbump.effects import github, pull_comments, push_credentials
from verbump.errors import VerbumpError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verbump.effects.git_repository import Repository
    from verbump.effects.github import GitHub
    from verbump.planning.after_push import CommentReleased

# Source: GitHub Docs, "Best practices for using the REST API": wait at least one second between writes.
PAUSE_SECONDS = 1.0


def comment(
    repository: Repository, remote: str, actions: Sequence[CommentReleased], say: Callable[[str], None]
) -> list[str]:
    """What a person should know of the comments that could not be made. Nothing that goes wrong here is an error."""
    if not actions:
        return []
    remarks: list[str] = []
    try:
        hub = github.connect(push_credentials.read_forge(repository, remote))
        last = 0.0
        for action in actions:
            for number in action.numbers:
                time.sleep(max(0.0, last + PAUSE_SECONDS - time.monotonic()))
                try:
                    if _comment(hub, number, action.tag):
                        last = time.monotonic()
                        say(f"commented on #{number}: released in {action.tag}")
                except VerbumpError as error:
                    if error.code in {"bad-token", "forbidden", "rate-limited", "unreachable"}:
                        raise
                    remarks.append(f"no comment on #{number}: {error.message}")
    except VerbumpError as error:
        remarks.append(f"pull requests and issues are not told of the release: {error.message}")
    except KeyboardInterrupt:
        remarks.append("interrupted: not every pull request and issue is told of the release")
    return remarks


def _comment(hub: GitHub, number: int, tag: str) -> bool:
    """Whether there is something of that number that the release concerns: a merged pull request, a closed issue."""
    found = hub.find(f"issues/{number}")
    if not isinstance(found, dict) or found.get("state") != "closed" or found.get("locked") is True:
        return False
    pull = found.get("pull_request")
    if isinstance(pull, dict) and not pull.get("merged_at"):
        return False
    marker = f"<!-- verbump released {escape.for_markdown(tag)} -->"
    page = hub.page(f"releases/tag/{github.quoted(tag)}")
    body = f"{marker}\nReleased in [{escape.for_markdown(tag)}]({page}).\n"
    pull_comments.write_comment(hub, number, body, marker)
    return True
