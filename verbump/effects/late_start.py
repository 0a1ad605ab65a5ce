"""Start the workflow of a release that is pushed, from a clone that knows no more of it than what the remote holds.

Its maker may have died between the push and the dispatch. Who pushed is not known here, so GitHub is asked whether
anything runs, or has run, at the tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep, time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from verbump.effects import completing, git_history, github, github_place, push_credentials, release_tags
from verbump.effects import workflow_start as starts
from verbump.effects.journal import Record, Step
from verbump.effects.release_protocol import Outcome
from verbump.errors import NothingToDo
from verbump.planning import starting
from verbump.planning.actions import describe_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbump.config import Config
    from verbump.domain.forge import Forge
    from verbump.effects.git_history import TagRef
    from verbump.effects.git_repository import Repository
    from verbump.effects.github import GitHub
    from verbump.effects.release_protocol import Protocol
    from verbump.planning.after_push import DispatchWorkflow
    from verbump.planning.snapshot import RemoteState

# GitHub shows a run some seconds after the push that starts it: of a tag as young as this, another look is taken.
SETTLE_SECONDS = 30.0
_NOTHING = "no release is under way, and none is missing on the remote"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Released:
    """The newest release of a branch: its commit, and its tags with their objects."""

    commit: str
    tags: dict[str, str]


def start(protocol: Protocol, config: Config, state: RemoteState, there: Sequence[TagRef]) -> Outcome:
    """Start the newest release's workflow at each of its tags where it neither runs nor has run.

    `state` and `there` are what the remote holds: the branch's tip, and tags.

    Raises:
        NothingToDo: it runs, or there is nothing to start, or no token to see that with.
        ServerFailed: GitHub cannot be asked; nothing was started.
        ReleaseUnfinished: one could not be started. The hint is the command that does it.
    """
    repository = protocol.repository
    forge = push_credentials.read_forge(repository, state.name)
    if forge is None or forge.kind != "github" or state.tip is None:
        raise _nothing()
    released = _newest(repository, state.name, state.tip, there)
    pushed = push_credentials.Pushed(
        remote=state.name, forge=forge, commit=released.commit, workflow=config.workflows.release
    )
    facts = push_credentials.read_starting(repository, pushed)
    versions = release_tags.read_versions(repository, released.tags)
    actions = list(starting.plan_late_dispatches(facts, versions))
    if not actions:
        raise _nothing()
    hub = _hub(repository, state.name, forge)
    if hub is None:
        message = f"{_NOTHING}; whether {pushed.workflow} runs at {describe_tags(tuple(versions))} cannot be seen"
        hint = f"export GH_TOKEN=…, or where it does not run: {starting.describe_commands(actions)}"
        raise NothingToDo(f"{message} without a token", hint=hint, code="nothing-to-resume")
    left = _unstarted(hub, released.commit, actions)
    age = time() - max(release_tags.read_time(repository, tag) for tag in released.tags)
    if left and 0 <= age < SETTLE_SECONDS:
        protocol.say(f"nothing runs at {describe_tags(tuple(versions))} yet: looking again in {SETTLE_SECONDS:.0f} s")
        sleep(SETTLE_SECONDS)
        left = _unstarted(hub, released.commit, left)
    if not left:
        raise _nothing()
    at = starts.AtRemote(remote=state.name, commit=released.commit, is_repeat=True)
    starts.start_by(hub, at, left, protocol.say)
    record = Record(
        version=describe_tags(tuple(released.tags)),
        tags=tuple(released.tags),
        worktree=str(repository.root),
        actions=tuple(left),
        step=Step.STARTED,
        commit=released.commit,
        tag_objects=tuple(released.tags.values()),
    )
    return Outcome(record=record)


def _newest(repository: Repository, remote: str, tip: str, there: Iterable[TagRef]) -> _Released:
    """The newest release that the remote's branch reaches, once a shallow or tagless clone has been completed."""
    held = {tag.name: tag.target for tag in there}
    here = {tag.name for tag in git_history.read_tags(repository.root)}
    location = repository.location
    if location.is_shallow:
        completing.fetch(location, remote, "history", looking=False)
    elif not held.keys() <= here:
        completing.fetch(location, remote, "tags", looking=False)
    if repository.resolve(f"{tip}^{{commit}}") is None:
        raise NothingToDo(f"{_NOTHING}; its branch has moved on", hint="git pull, then again", code="nothing-to-resume")
    tags = [tag for tag in release_tags.read_annotated(repository, tip) if held.get(tag.name) == tag.target]
    newest = next((tag for tag in reversed(tags) if release_tags.read_trailers(repository, tag.target)), None)
    if newest is None:
        raise _nothing()
    together = (tag for tag in tags if tag.commit == newest.commit)
    return _Released(
        commit=newest.commit,
        tags={tag.name: tag.target for tag in together if release_tags.read_trailers(repository, tag.target)},
    )


def _hub(repository: Repository, remote: str, forge: Forge) -> GitHub | None:
    """The GitHub to ask, with the environment's token or else git's own; None without one."""
    place = github_place.read_place(forge)
    if place.token_variable:
        return github.connect(forge)
    url = push_credentials.push_url(repository, remote)
    token = push_credentials.read_token(repository, url) if urlsplit(url).scheme in {"http", "https"} else ""
    return github.GitHub(place, token) if token else None


def _unstarted(hub: GitHub, commit: str, actions: Sequence[DispatchWorkflow]) -> list[DispatchWorkflow]:
    """Those at whose tag nothing has run, and that have no release on GitHub: old runs are deleted, releases stay.

    Raises:
        ServerFailed: that cannot be seen.
    """
    running = starts.read_running(hub, commit, actions[0].workflow, is_repeat=True)
    silent = [action for action in actions if action.tag not in running]
    return [action for action in silent if hub.find(f"releases/tags/{github.quoted(action.tag)}") is None]


def _nothing() -> NothingToDo:
    return NothingToDo(_NOTHING, code="nothing-to-resume")
