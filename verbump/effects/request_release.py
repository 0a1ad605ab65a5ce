"""Ask for a release by a pull request: hooks in an export of its tree, then what GitHub has to hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.effects import exports, git_history, github
from verbump.effects.git_repository import Repository
from verbump.effects.github_requests import Requester
from verbump.planning.actions import ProposeRelease, RunCommand, actions_of, only_of
from verbump.planning.release_request import BRANCH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verbump.effects.github_requests import Asked
    from verbump.planning.actions import Plan
    from verbump.planning.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of a request, and what a person should know of it."""

    asked: Asked
    remarks: tuple[str, ...]


def propose(
    directory: Path, snapshot: Snapshot, plan: Plan, say: Callable[[str], None], silence_seconds: float
) -> Made:
    """Bring about the pull request of `plan`.

    Raises: as `Requester.propose`; Refused: no token, or a hook failed.
    """
    assert not plan.errors
    repository = Repository(git_history.locate(directory), silence_seconds=silence_seconds)
    hub = github.connect(snapshot.forge)
    action = only_of(plan.actions, ProposeRelease)
    repository.state_folder.mkdir(exist_ok=True)
    commands = tuple(actions_of(plan.actions, RunCommand))
    if commands:
        files = exports.run_before_commit(repository, action.commit, commands, say)
        action = replace(action, commit=replace(action.commit, files=files))
    requester = Requester(hub=hub, repository=repository, say=say)
    asked = requester.propose(action)
    return Made(asked=asked, remarks=tuple(requester.remarks))


def withdraw(directory: Path, snapshot: Snapshot, silence_seconds: float) -> Asked | None:
    """Close the open pull request of a release into the snapshot's branch; None where there is none."""
    if snapshot.branch is None:
        return None
    repository = Repository(git_history.locate(directory), silence_seconds=silence_seconds)
    requester = Requester(hub=github.connect(snapshot.forge), repository=repository, say=lambda _: None)
    return requester.withdraw(BRANCH, snapshot.branch)
