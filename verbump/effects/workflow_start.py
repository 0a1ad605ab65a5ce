"""Start a release's workflow at its tags, where the push has not: once for each, whatever was interrupted before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.effects import github, github_place, push_credentials
from verbump.errors import ReleaseUnfinished, ServerFailed, VerbumpError
from verbump.planning import starting
from verbump.planning.actions import describe_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verbump.effects.git_repository import Repository
    from verbump.effects.github import GitHub
    from verbump.planning.after_push import DispatchWorkflow

_BOT = "github-actions[bot]"
# The list of runs may be closed to a token that can dispatch, and is empty before the first run.
_UNREADABLE = frozenset({403, 404})


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRemote:
    """Tags that are pushed, and their commit. `is_repeat`: their workflow may have been started before."""

    remote: str
    commit: str
    is_repeat: bool


def start(
    repository: Repository, pushed: AtRemote, actions: Sequence[DispatchWorkflow], say: Callable[[str], None]
) -> None:
    """Dispatch each workflow of a release that is pushed, unless it runs at its tag already or the push starts it.

    `say` gets a line for each.

    Raises:
        ReleaseUnfinished: one could not be started. The hint is the command that does it.
    """
    try:
        hub = _hub(repository, pushed.remote, actions)
    except VerbumpError as error:
        raise _unfinished(error, actions) from error
    if hub is None:
        say(f"the push starts {actions[0].workflow}")
    else:
        start_by(hub, pushed, actions, say)


def start_by(hub: GitHub, pushed: AtRemote, actions: Sequence[DispatchWorkflow], say: Callable[[str], None]) -> None:
    """Dispatch each workflow that does not run at its tag yet. Raises: as `start`."""
    left = list(actions)
    try:
        running = read_running(hub, pushed.commit, actions[0].workflow, is_repeat=pushed.is_repeat)
        for action in actions:
            if action.tag in running:
                say(f"{action.workflow} runs at {action.tag} already")
            else:
                _dispatch(hub, pushed.commit, action)
                say(f"started {action.workflow} at {action.tag}")
            left.remove(action)
    except VerbumpError as error:
        raise _unfinished(error, left) from error
    except KeyboardInterrupt as error:
        raise _unfinished(ReleaseUnfinished("interrupted"), left) from error


def _hub(repository: Repository, remote: str, actions: Sequence[DispatchWorkflow]) -> GitHub | None:
    """The GitHub to ask, with the environment's token or else git's own; None where the push starts the workflow."""
    url = push_credentials.push_url(repository, remote)
    found = push_credentials.read_forge(repository, remote)
    place = github_place.read_place(found)
    token = ""
    if not all(action.is_certain for action in actions):
        token = push_credentials.read_token(repository, url)
        # The token of an app other than GitHub's own looks the same, and its pushes start workflows.
        if not token or push_credentials.is_personal(token) or github.GitHub(place, token).login() != _BOT:
            return None
    if place.token_variable or not token:
        return github.connect(found)
    return github.GitHub(place, token)


def read_running(hub: GitHub, commit: str, workflow: str, *, is_repeat: bool) -> frozenset[str]:
    """The tags at which the workflow runs or has run for this commit. Raises ServerFailed: it cannot be seen."""
    path = f"actions/workflows/{github.quoted(workflow)}/runs"
    try:
        runs = list(hub.pages(path, key="workflow_runs", head_sha=commit))
    except ServerFailed as error:
        if is_repeat or error.answer.status not in _UNREADABLE:
            raise
        return frozenset()
    return frozenset(str(each.get("head_branch")) for each in runs if isinstance(each, dict))


def _dispatch(hub: GitHub, commit: str, action: DispatchWorkflow) -> None:
    """Start it. Where the answer was lost, look before anything is done again: two runs would publish twice."""
    data = {"ref": action.tag, **({"inputs": dict(action.inputs)} if action.inputs else {})}
    try:
        hub.post(f"actions/workflows/{github.quoted(action.workflow)}/dispatches", data)
    except ServerFailed as error:
        if not error.answer.is_unsure:
            raise
        if action.tag not in read_running(hub, commit, action.workflow, is_repeat=True):
            raise


def _unfinished(error: VerbumpError, left: Sequence[DispatchWorkflow]) -> ReleaseUnfinished:
    tags, names = describe_tags([action.tag for action in left]), left[0].workflow
    why = f"{error.message} ({error.hint})" if error.hint else error.message
    message = f"{tags} {'is' if len(left) == 1 else 'are'} released, but {names} was not started: {why}"
    return ReleaseUnfinished(message, hint=starting.describe_commands(left), code="workflow-not-started")
