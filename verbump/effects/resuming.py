"""`--resume` without a journal: releases that stand here, made with `--no-push`, and not yet on the remote."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from verbump.effects import (
    exports,
    git_history,
    git_objects,
    push_credentials,
    read_config,
    refusals,
    repository_state,
)
from verbump.effects.journal import Record, Step
from verbump.effects.release_protocol import Outcome
from verbump.errors import GitFailed, NothingToDo, Problem, Refused, ReleaseUnfinished
from verbump.planning import starting
from verbump.planning.actions import PushAtomically, describe_refs, describe_tags
from verbump.planning.release_actions import find_release_trailers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.effects.git_history import TagRef
    from verbump.effects.git_repository import Repository
    from verbump.effects.release_protocol import Protocol


def push_unpushed(protocol: Protocol, remote: str | None) -> Iterator[Outcome]:
    """Push each release that HEAD holds and the remote lacks, oldest first, branch and its tags as one.

    What is pushed is the tagged commit, never the branch's tip: later commits stay here.

    Raises:
        NothingToDo: the remote lacks none.
        Refused: the remote cannot be read, or has refused.
    """
    repository = protocol.repository
    location = repository.location
    if location.branch is None or location.head is None:
        raise NothingToDo("no release is under way", code="nothing-to-resume")
    name = remote or _remote_of(protocol, location.branch)
    state, there = repository_state.read_remote(repository, name, location.branch)
    if state.error:
        message = f"{name} cannot be read: {state.error}"
        raise Refused([Problem(code="remote-unreachable", message=message, hint=f"git ls-remote {name}")])
    held = {tag.name for tag in there}
    missing = [tag for tag in _releases(protocol, location.head) if tag.name not in held]
    if not missing:
        raise NothingToDo("no release is under way, and none is missing on the remote", code="nothing-to-resume")
    expected = state.tip
    for commit, group in groupby(missing, key=lambda tag: tag.commit):
        tags = tuple(group)
        names = tuple(tag.name for tag in tags)
        action = PushAtomically(remote=name, branch=location.branch, tags=names, expected=expected)
        yield _push(protocol, action, commit, tuple(tag.target for tag in tags))
        expected = commit


def _push(protocol: Protocol, action: PushAtomically, commit: str, tag_objects: tuple[str, ...]) -> Outcome:
    repository = protocol.repository
    named = describe_tags(action.tags)
    if action.expected is not None and not repository.is_ancestor(action.expected, commit):
        message = f"{action.remote}/{action.branch} is at {action.expected[:7]}, which {named} does not hold"
        hint = f"git fetch {action.remote}; the release was made on an older {action.branch}"
        raise Refused([Problem(code="branch-behind", message=message, hint=hint)])
    exports.run_pre_push(repository, action, commit, tag_objects)
    try:
        pushed = git_objects.push(repository, action, commit, tag_objects)
    except GitFailed as error:
        raise ReleaseUnfinished(f"{error.message}; whether it arrived is not known", hint=_RESUME) from error
    if pushed.result != "done":
        raise refusals.of_push(repository, action, pushed)
    record = Record(
        version=named,
        tags=action.tags,
        worktree=str(repository.root),
        actions=(action,),
        step=Step.FILES,
        commit=commit,
        tag_objects=tag_objects,
    )
    protocol.say(f"pushed {describe_refs(action.branch, action.tags)} to {action.remote}")
    _start(protocol, action, commit, tag_objects)
    return Outcome(record=record)


def _start(protocol: Protocol, action: PushAtomically, commit: str, tag_objects: tuple[str, ...]) -> None:
    """Start the release's workflow at each tag, where the push does not. Raises: as `workflow_start.start`."""
    repository = protocol.repository
    pushed = push_credentials.Pushed(
        remote=action.remote,
        forge=push_credentials.read_forge(repository, action.remote),
        commit=commit,
        workflow=read_config.read(repository.root, None).workflows.release,
    )
    versions = {}
    for tag, oid in zip(action.tags, tag_objects, strict=True):
        (released, *_) = find_release_trailers(_message(repository, oid))
        versions[tag] = released.rpartition(" ")[2]
    facts = push_credentials.read_starting(repository, pushed)
    if dispatches := list(starting.plan_dispatches(facts, versions)):
        from verbump.effects import workflow_start

        at = workflow_start.AtRemote(remote=action.remote, commit=commit, is_repeat=False)
        workflow_start.start(repository, at, dispatches, protocol.say)


_RESUME = "verbump release --resume"


def _releases(protocol: Protocol, head: str) -> list[TagRef]:
    """Tags that carry our trailer and that HEAD reaches, oldest first by topology."""
    repository = protocol.repository
    reachable = git_history.read_reachable_tag_names(repository.root, head)
    found = []
    for tag in git_history.read_tags(repository.root):
        if tag.name not in reachable or tag.target == tag.commit:
            continue
        if find_release_trailers(_message(repository, tag.target)):
            found.append(tag)
    order = repository.run("rev-list", "--topo-order", "--reverse", "--end-of-options", head).text.split("\n")
    places = {sha: place for place, sha in enumerate(order)}
    return sorted(found, key=lambda tag: places[tag.commit])


def _message(repository: Repository, tag_object: str) -> str:
    """What a tag says, without its signature."""
    text = repository.run("cat-file", "tag", tag_object).stdout.decode("utf-8", "replace")
    return text.split("-----BEGIN ", 1)[0]


def _remote_of(protocol: Protocol, branch: str) -> str:
    repository = protocol.repository
    upstream = repository.setting(f"branch.{branch}.remote")
    names = repository.remote_names()
    if upstream in names and upstream is not None:
        return upstream
    if "origin" in names:
        return "origin"
    if len(names) == 1:
        return names[0]
    raise NothingToDo("no release is under way, and there is no remote to push to", code="nothing-to-resume")
