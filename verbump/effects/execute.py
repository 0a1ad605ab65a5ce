"""Carry out a plan; say what is done and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.effects import files, git_history, release_protocol
from verbump.effects.git_repository import Repository
from verbump.effects.journal import Journal
from verbump.errors import Problem, Refused
from verbump.planning.actions import CreateReleaseCommit, PushAtomically, WriteFile, actions_of, only_of
from verbump.planning.after_push import CommentReleased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from verbump.effects import resuming
    from verbump.effects.journal import Record
    from verbump.effects.release_protocol import Outcome
    from verbump.planning.actions import Plan


def execute(
    directory: Path, version: str, plan: Plan, report: Callable[[str], None], silence_seconds: float
) -> Outcome:
    """Make the release that `plan` describes, by the protocol; `report` gets a line per step.

    A remote that is silent for `silence_seconds` is given up.

    Raises: as `release_protocol.Protocol.begin`.
    """
    assert not plan.errors
    assert any(isinstance(action, CreateReleaseCommit) for action in plan.actions)
    protocol = _protocol(directory, report, silence_seconds)
    return _commented(protocol, protocol.begin(version, plan.actions))


def write_files(directory: Path, plan: Plan) -> None:
    """Write the plan's files into the work tree, each only while it holds what the plan saw.

    Raises:
        Refused: a file may not be written, or has changed since it was read; those before it are written.
    """
    root = git_history.locate(directory).root
    for action in plan.actions:
        assert isinstance(action, WriteFile)
        reason = files.find_unsafe(root, action.path, is_new=action.before is None)
        if reason is None and files.read_text(root, action.path) != action.before:
            reason = "has changed meanwhile"
        if reason is not None:
            raise Refused([Problem(code="target-unsafe", message=f"{action.path} {reason}", hint="run again")])
        files.write_text(root, action.path, action.after)


def resume(
    directory: Path, asked: resuming.Asked, report: Callable[[str], None], silence_seconds: float
) -> Iterator[Outcome]:
    """Finish what is unfinished: the release in the journal, else what stands in git alone tells of.

    Raises: as `release_protocol.Protocol.resume`.
    """
    from verbump.effects import resuming  # which asks GitHub: a release that goes well does without

    protocol = _protocol(directory, report, silence_seconds)
    if protocol.journal.read() is not None:
        yield _commented(protocol, protocol.resume())
    else:
        yield from resuming.finish(protocol, asked)


def _commented(protocol: release_protocol.Protocol, outcome: Outcome) -> Outcome:
    """The same, once its pull requests and issues are told, as far as that goes."""
    comments = actions_of(outcome.record.actions, CommentReleased)
    if comments:
        from verbump.effects import comment_released

        remote = only_of(outcome.record.actions, PushAtomically).remote
        outcome.remarks += comment_released.comment(protocol.repository, remote, comments, protocol.say)
    return outcome


def abort(directory: Path, silence_seconds: float) -> Record:
    """Undo the release in the journal; its record. Raises: as `release_protocol.Protocol.abort`."""
    return _protocol(directory, lambda _: None, silence_seconds).abort()


def refuse_pending(directory: Path) -> None:
    """Nothing, when no release is unfinished here. Raises ReleasePending when one is."""
    Journal(git_history.locate(directory).common_dir / "verbump").refuse_pending()


def _protocol(directory: Path, report: Callable[[str], None], silence_seconds: float) -> release_protocol.Protocol:
    repository = Repository(git_history.locate(directory), silence_seconds=silence_seconds)
    return release_protocol.Protocol(repository, report)
