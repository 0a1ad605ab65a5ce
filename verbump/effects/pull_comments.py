"""What a preview writes on GitHub: one comment, edited in place, and a check run; and what it has to ask for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbump.effects import github_failures, read_pull
from verbump.effects.github import quoted
from verbump.errors import Problem, Refused, ServerFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.effects.github import GitHub
    from verbump.effects.read_pull import Found

CHECK_NAME = "verbump preview"
_NOT_PERMITTED = frozenset({403, 404})
_RULES = {
    "pull_request": "changes must come by pull request",
    "required_signatures": "commits must be signed",
    "required_status_checks": "checks must pass first",
    "update": "only some may push",
}


def write_comment(hub: GitHub, number: int, body: str, marker: str) -> str:
    """The address of our comment on a pull request, which says `body` afterwards.

    Ours is what begins with `marker` and was written by whoever the token is: a stranger can copy the marker.

    Raises:
        ServerFailed: GitHub did not take it.
    """
    login = hub.login()
    ours = _find_comment(hub, number, login, marker)
    if ours is not None:
        if ours.get("body") == body:
            return _page(ours)
        try:
            changed = hub.patch(f"issues/comments/{github_failures.field(ours, 'id', int)}", {"body": body})
            return _page(changed)
        except ServerFailed as error:
            if error.answer.status != 404:
                raise
    try:
        return _page(hub.post(f"issues/{number}/comments", {"body": body}))
    except ServerFailed as error:
        # It may have been written all the same; a second one would stay for ever.
        made = _find_comment(hub, number, login, marker) if error.answer.is_unsure else None
        if made is None:
            raise
        return _page(made)


def _find_comment(hub: GitHub, number: int, login: str, marker: str) -> Any:
    for comment in hub.pages(f"issues/{number}/comments"):
        author = comment.get("user") if isinstance(comment, dict) else None
        is_ours = isinstance(author, dict) and author.get("login") == login
        if is_ours and str(comment.get("body") or "").startswith(marker):
            return comment
    return None


def _page(comment: Any) -> str:
    return github_failures.field(comment, "html_url", str)


def write_check(hub: GitHub, sha: str, title: str, summary: str, *, is_clear: bool) -> bool:
    """Whether the token could report the preview as a check of the commit; not being permitted is no failure.

    It is neutral where something would stop the release: the preview judges no pull request.

    Raises:
        ServerFailed: GitHub could not be asked.
    """
    data = {
        "name": CHECK_NAME,
        "head_sha": sha,
        "status": "completed",
        "conclusion": "success" if is_clear else "neutral",
        "output": {"title": title, "summary": summary},
    }
    try:
        hub.post("check-runs", data)
    except ServerFailed as error:
        if error.answer.status not in _NOT_PERMITTED:
            raise
        return False
    return True


def find_pull(hub: GitHub, run: Mapping[str, Any], base_branch: str | None) -> Found | None:
    """The open pull request whose head a finished workflow run was about; None where it has moved on.

    Looked up by the head's repository, branch and commit as GitHub states them; `base_branch` only chooses among
    several.

    Raises:
        Refused: the run was not started by a pull request, or several fit.
        ServerFailed: GitHub cannot be asked.
    """
    if run.get("event") != "pull_request":
        message = f"the run was started by {run.get('event')!r}, not by a pull request"
        hint = "in the workflow: if: github.event.workflow_run.event == 'pull_request'"
        raise Refused([Problem(code="not-a-pull-request", message=message, hint=hint)])
    repository = github_failures.field(run, "head_repository", dict)
    full_name = github_failures.field(repository, "full_name", str)
    sha = github_failures.field(run, "head_sha", str)
    label = f"{full_name.partition('/')[0]}:{github_failures.field(run, 'head_branch', str)}"
    listed = (read_pull.parse(each) for each in hub.pages("pulls", state="open", head=label))
    # GitHub leaves out a filter that it does not understand: the answer is held against what was asked.
    found = [each for each in listed if (each.head_sha, each.head_repository) == (sha, full_name)]
    if len(found) > 1:
        found = [each for each in found if each.base_branch == base_branch]
    if len(found) > 1:
        numbers = ", ".join(f"#{each.number}" for each in found)
        message = f"{label} at {sha[:12]} is the head of several pull requests: {numbers}"
        raise Refused([Problem(code="several-pulls", message=message, hint="--pr N: the one that is meant")])
    return found[0] if found else None


def find_protection(hub: GitHub, branch: str) -> tuple[Problem, ...]:
    """A warning where the base branch is protected, so that a push may be refused; () where that is not to be seen."""
    try:
        is_protected = hub.get(f"branches/{quoted(branch)}").get("protected") is True
        kinds = [str(each.get("type")) for each in hub.pages(f"rules/branches/{quoted(branch)}")]
    except (ServerFailed, AttributeError):
        return ()
    rules = [_RULES[kind] for kind in dict.fromkeys(kinds) if kind in _RULES]
    if not is_protected and not rules:
        return ()
    why = f" ({', '.join(rules)})" if rules else ""
    message = f"branch {branch} is protected{why}: the push of a release may be refused"
    hint = "let the one who releases bypass it, or release by pull request: verbump release --pull-request"
    return (Problem(code="branch-protected", severity="warning", message=message, hint=hint),)
