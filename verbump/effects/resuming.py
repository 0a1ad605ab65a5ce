"""`--resume` without a journal, as in a fresh clone: git's tags, here and on the remote, tell what is unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from verbump.effects import (
    exports,
    git_objects,
    late_start,
    push_credentials,
    read,
    read_config,
    refusals,
    release_tags,
    repository_state,
)
from verbump.effects.journal import Record, Step
from verbump.effects.release_protocol import RESUME, Outcome
from verbump.errors import GitFailed, NothingToDo, Problem, Refused, ReleaseUnfinished, VerbumpError
from verbump.planning import starting
from verbump.planning.actions import PushAtomically, describe_refs, describe_tags

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from verbump.config import Config
    from verbump.effects.git_history import TagRef
    from verbump.effects.git_repository import Repository
    from verbump.effects.release_protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line names: the remote, the branch where HEAD is on none, the configuration file."""

    remote: str | None = None
    branch: str | None = None
    config_file: Path | None = None


def finish(protocol: Protocol, asked: Asked) -> Iterator[Outcome]:
    """Push each release that HEAD holds and the remote lacks, oldest first, branch and its tags as one.

    What is pushed is the tagged commit, never the branch's tip: later commits stay here. Where the remote lacks none,
    the workflow of the newest release is started if nothing runs at its tags.

    Raises:
        NothingToDo: nothing is left to be done.
        Refused: the remote cannot be read, or has refused.
        ServerFailed: GitHub cannot be asked what runs; nothing was started.
        ReleaseUnfinished: the hint is the command that goes on.
    """
    repository = protocol.repository
    location = repository.location
    config = read_config.read(location.root, asked.config_file)
    if location.head is None:
        raise NothingToDo("no release is under way", code="nothing-to-resume")
    branch = read.branch_of(location, asked.branch)
    if branch is None:
        message = "no release is under way here, and HEAD is on no branch whose releases could be looked for"
        raise NothingToDo(message, hint=f"{RESUME} --branch NAME", code="nothing-to-resume")
    name = asked.remote or config.remote or read.remote_of(location, branch)
    if name is None:
        raise _no_remote(_find_made(repository, location.head))
    with protocol.journal.locked():
        state, there = repository_state.read_remote(repository, name, branch)
        if state.error:
            message = f"{name} cannot be read: {state.error}"
            raise Refused([Problem(code="remote-unreachable", message=message, hint=f"git ls-remote {name}")])
        held = {tag.name for tag in there}
        missing = _find_made(repository, location.head, without=held)
        if missing:
            action = PushAtomically(remote=name, branch=branch, tags=(), expected=state.tip)
            yield from _push_all(protocol, config, action, missing)
        else:
            yield late_start.start(protocol, config, state, there)


def _find_made(repository: Repository, head: str, without: Collection[str] = ()) -> list[TagRef]:
    """The tags that `head` holds and that a release has made, oldest first."""
    tags = release_tags.read_annotated(repository, head)
    return [tag for tag in tags if tag.name not in without and release_tags.read_trailers(repository, tag.target)]


def _no_remote(made: Sequence[TagRef]) -> VerbumpError:
    """Why nothing can be pushed: the newest release that may wait for it, or that there is none."""
    if not made:
        return NothingToDo("no release is under way, and there is no remote to push to", code="nothing-to-resume")
    message = f"there is no remote to push {made[-1].name} to"
    return Refused([Problem(code="no-remote", message=message, hint=f"git remote add origin URL, then {RESUME}")])


def _push_all(protocol: Protocol, config: Config, base: PushAtomically, missing: Sequence[TagRef]) -> Iterator[Outcome]:
    expected = base.expected
    for commit, group in groupby(missing, key=lambda tag: tag.commit):
        tags = tuple(group)
        action = PushAtomically(
            remote=base.remote, branch=base.branch, tags=tuple(tag.name for tag in tags), expected=expected
        )
        tag_objects = tuple(tag.target for tag in tags)
        record = _push(protocol, action, commit, tag_objects)
        _start(protocol, config, record)
        yield Outcome(record=record)
        expected = commit


def _push(protocol: Protocol, action: PushAtomically, commit: str, tag_objects: tuple[str, ...]) -> Record:
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
        raise ReleaseUnfinished(f"{error.message}; whether it arrived is not known", hint=RESUME) from error
    if pushed.result != "done":
        raise refusals.of_push(repository, action, pushed)
    protocol.say(f"pushed {describe_refs(action.branch, action.tags)} to {action.remote}")
    return Record(
        version=named,
        tags=action.tags,
        worktree=str(repository.root),
        actions=(action,),
        step=Step.FILES,
        commit=commit,
        tag_objects=tag_objects,
    )


def _start(protocol: Protocol, config: Config, record: Record) -> None:
    """Start the release's workflow at each tag, where the push does not. Raises: as `workflow_start.start`."""
    repository = protocol.repository
    (push,) = record.actions
    assert isinstance(push, PushAtomically)
    pushed = push_credentials.Pushed(
        remote=push.remote,
        forge=push_credentials.read_forge(repository, push.remote),
        commit=record.commit,
        workflow=config.workflows.release,
    )
    versions = release_tags.read_versions(repository, dict(zip(record.tags, record.tag_objects, strict=True)))
    facts = push_credentials.read_starting(repository, pushed)
    if dispatches := list(starting.plan_dispatches(facts, versions)):
        from verbump.effects import workflow_start

        at = workflow_start.AtRemote(remote=push.remote, commit=record.commit, is_repeat=False)
        workflow_start.start(repository, at, dispatches, protocol.say)
