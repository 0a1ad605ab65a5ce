"""How a release is made, step by step: objects, the atomic push, refs, files. Each step checks, acts, verifies, notes.

Before the push nothing that a user can see has changed; after it only forward. Source: release-protocol.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from verbump.effects import exports, git_objects, refusals, stale_locks, worktree
from verbump.effects.interrupts import Interrupts
from verbump.effects.journal import Journal, Record, Step
from verbump.errors import (
    Cancelled,
    GitFailed,
    NothingToDo,
    Problem,
    Refused,
    ReleaseUnfinished,
    VerbumpError,
)
from verbump.planning.actions import (
    CreateReleaseCommit,
    CreateTag,
    MoveRefs,
    PushAtomically,
    RunCommand,
    UpdateWorktree,
    actions_of,
    describe_refs,
    first_of,
    only_of,
)
from verbump.planning.after_push import DispatchWorkflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbump.effects.git_repository import Repository
    from verbump.planning.actions import Action

RESUME = "verbump release --resume"


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a finished release left: its ids, and remarks for the user (an edit that won, a hook that failed)."""

    record: Record
    remarks: list[str] = field(default_factory=list)


class Protocol:
    """The steps of one release in one repository. `report` gets a line for each thing done."""

    def __init__(self, repository: Repository, report: Callable[[str], None]) -> None:
        self.repository = repository
        self.journal = Journal(repository.state_folder)
        self.say = report
        self.is_resuming = False

    def begin(self, version: str, actions: tuple[Action, ...]) -> Outcome:
        """Make the release that `actions` plan.

        Raises:
            ReleasePending: an earlier one is unfinished, or another verbump is at work here.
            Refused, RaceLost, Cancelled: nothing has changed.
            ReleaseUnfinished: it stands on the remote (or, without a push, here) but is not finished.
        """
        tags = tuple(action.name for action in actions_of(actions, CreateTag))
        with self.journal.locked():
            self.journal.refuse_pending()
            self._sweep()
            record = Record(
                version=version, tags=tags, worktree=str(self.repository.root), actions=actions, begun=time.time()
            )
            return self._carry_out(record)

    def resume(self) -> Outcome:
        """Finish the release that the journal tells of.

        Raises:
            NothingToDo: there is none.
            As `begin`.
        """
        with self.journal.locked():
            record = self.journal.read()
            if record is None:
                raise NothingToDo("no release is under way", code="nothing-to-resume")
            self._check_worktree(record)
            self.is_resuming = True
            stale_locks.clear(self.repository.location, record)
            self._sweep()
            worktree.remove_leftovers(self.repository.root, only_of(record.actions, UpdateWorktree).files)
            return self._carry_out(self._settle(record))

    def abort(self) -> Record:
        """Undo a release that has not been pushed; its record.

        Raises:
            NothingToDo: there is none.
            Refused: it is past the point of no return.
        """
        with self.journal.locked():
            record = self.journal.read()
            if record is None:
                raise NothingToDo("no release is under way", code="nothing-to-abort")
            record = self._settle(record)
            if record.step == Step.FILES and first_of(record.actions, DispatchWorkflow) is not None:
                self.journal.clear()  # the release stands, and its workflow is left to somebody else
                return record
            if record.step >= Step.PUSHED:
                where = "on the remote" if first_of(record.actions, PushAtomically) else "here"
                message = f"{record.name} stands {where} already: it can be finished, not undone"
                raise Refused([Problem(code="already-released", message=message, hint=RESUME)])
            self._undo(record)
            return record

    def _carry_out(self, record: Record) -> Outcome:
        outcome = Outcome(record=record)
        steps = (
            (Step.PLANNED, self._plan),
            (Step.HOOKS, self._hooks),
            (Step.OBJECTS, self._objects),
            (Step.GIT_HOOKS, self._git_hooks),
            (Step.PUSHED, self._push),
            (Step.REFS, self._refs),
            (Step.FILES, self._files),
            (Step.STARTED, self._start),
        )
        point_of_no_return = Step.PUSHED if first_of(record.actions, PushAtomically) else Step.REFS
        with Interrupts() as interrupts:
            for step, act in steps:
                if outcome.record.step >= step > Step.PLANNED:
                    continue
                try:
                    act(outcome)
                except (VerbumpError, OSError) as error:
                    raise self._failed(error, outcome.record, point_of_no_return, interrupts) from error
                if interrupts.seen and step < Step.FILES:
                    raise self._interrupted(outcome.record, point_of_no_return)
            try:
                self.journal.clear()
            except OSError as error:
                said = refusals.of_system(error).message
                raise ReleaseUnfinished(f"{said}; all is done but the journal is still there", hint=RESUME) from error
        outcome.remarks += exports.run_after_release(self.repository, outcome.record.actions, self.say)
        return outcome

    def _plan(self, outcome: Outcome) -> None:
        if outcome.record.step == Step.PLANNED:
            self.journal.write(outcome.record)

    def _hooks(self, outcome: Outcome) -> None:
        record = outcome.record
        action = only_of(record.actions, CreateReleaseCommit)
        commands = tuple(each for each in actions_of(record.actions, RunCommand) if each.step == "before_commit")
        if commands:
            files = exports.run_before_commit(self.repository, action, commands, self.say)
            record = record.with_commit(replace(action, files=files))
            action = only_of(record.actions, CreateReleaseCommit)
        if action.runs_hooks:
            message = exports.run_git_hooks(self.repository, action)
            record = record.with_commit(replace(action, message=message))
        outcome.record = self.journal.write(record.at(Step.HOOKS))

    def _objects(self, outcome: Outcome) -> None:
        record = outcome.record
        commit = git_objects.create_commit(self.repository, only_of(record.actions, CreateReleaseCommit))
        tags = actions_of(record.actions, CreateTag)
        tag_objects = tuple(git_objects.create_tag(self.repository, tag, commit) for tag in tags)
        git_objects.keep(self.repository, tag_objects)
        record = replace(record.at(Step.OBJECTS), commit=commit, tag_objects=tag_objects)
        outcome.record = self.journal.write(record)
        self.say(f"commit {commit[:7]} and tag {record.name}, as objects only")

    def _git_hooks(self, outcome: Outcome) -> None:
        record = outcome.record
        push = first_of(record.actions, PushAtomically)
        if push is not None:
            exports.run_pre_push(self.repository, push, record.commit, record.tag_objects)
        outcome.record = self.journal.write(record.at(Step.GIT_HOOKS))

    def _push(self, outcome: Outcome) -> None:
        record = outcome.record
        action = first_of(record.actions, PushAtomically)
        if action is None:
            return
        outcome.record = self.journal.write(record.at(Step.PUSHING))
        pushed = git_objects.push(self.repository, action, record.commit, record.tag_objects)
        if pushed.result != "done":
            # Settled by reading: none of it is there. Back to where an abort is possible.
            outcome.record = record
            raise refusals.of_push(self.repository, action, pushed)
        outcome.record = self.journal.write(record.at(Step.PUSHED))
        self.say(f"pushed {describe_refs(action.branch, action.tags)} to {action.remote}")

    def _refs(self, outcome: Outcome) -> None:
        record = outcome.record
        action = only_of(record.actions, MoveRefs)
        moved = git_objects.move_refs(self.repository, action, record.commit, record.tag_objects)
        for tag, wanted in zip(action.tags, record.tag_objects, strict=True):
            if (there := self.repository.resolve(f"refs/tags/{tag}")) != wanted:
                raise GitFailed(f"tag {tag} is {there} here, not {wanted}", code="tag-differs")
        if not moved:
            outcome.remarks.append(
                f"{action.branch} has moved meanwhile and stays where it is: "
                f"git pull --rebase {action.remote or ''} {action.remote_branch or ''}".rstrip()
            )
        outcome.record = self.journal.write(record.at(Step.REFS))
        self.say(f"moved {action.branch or 'HEAD'} and created {record.name} here")

    def _files(self, outcome: Outcome) -> None:
        record = outcome.record
        action = only_of(record.actions, UpdateWorktree)
        base = only_of(record.actions, CreateReleaseCommit).base
        head = self.repository.resolve("HEAD")
        if head != record.commit and not self.repository.is_ancestor(record.commit, head or ""):
            return  # the user's branch is elsewhere: its files are not the release's
        kept = worktree.update(self.repository, base, record.commit, action.files)
        outcome.remarks += [f"{path} was edited meanwhile: your version stays" for path in kept]
        outcome.record = self.journal.write(record.at(Step.FILES))
        count = len(action.files) - len(kept)
        self.say(f"updated {count} file{'' if count == 1 else 's'} in the work tree")

    def _start(self, outcome: Outcome) -> None:
        """Where the push starts no workflow, a dispatch does; the journal is kept until it has."""
        dispatches = actions_of(outcome.record.actions, DispatchWorkflow)
        if dispatches:
            from verbump.effects import workflow_start

            outcome.record = record = self.journal.write(outcome.record.at(Step.FILES))
            remote = only_of(record.actions, PushAtomically).remote
            pushed = workflow_start.AtRemote(remote=remote, commit=record.commit, is_repeat=self.is_resuming)
            workflow_start.start(self.repository, pushed, dispatches, self.say)

    def _settle(self, record: Record) -> Record:
        """A record whose push may or may not have happened, brought to what the remote says."""
        push = first_of(record.actions, PushAtomically)
        if record.step != Step.PUSHING or push is None:
            return record
        wanted = {f"refs/tags/{tag}": oid for tag, oid in zip(push.tags, record.tag_objects, strict=True)}
        there = git_objects.read_remote_refs(self.repository, push.remote, *wanted)
        step = Step.PUSHED if there == wanted else Step.GIT_HOOKS
        return self.journal.write(record.at(step))

    def _failed(
        self, error: VerbumpError | OSError, record: Record, point_of_no_return: Step, interrupts: Interrupts
    ) -> VerbumpError:
        """What a failed step becomes: before the point of no return all is undone, after it the way on is named."""
        if isinstance(error, ReleaseUnfinished):
            return error
        known = error if isinstance(error, VerbumpError) else refusals.of_system(error)
        if record.step is Step.PUSHING or record.step >= point_of_no_return:
            said = "whether it arrived is not known" if record.step is Step.PUSHING else "the release is not finished"
            return ReleaseUnfinished(f"{known.message}; {said}", hint=RESUME)
        if (stuck := self._try_undo(record)) is not None:
            return stuck
        if interrupts.seen:
            return Cancelled("interrupted: nothing has changed")
        if isinstance(known, GitFailed):
            return Refused([known.as_problem()])
        return known

    def _interrupted(self, record: Record, point_of_no_return: Step) -> VerbumpError:
        if record.step >= point_of_no_return:
            return ReleaseUnfinished(f"interrupted after {record.step.name.lower()}", hint=RESUME)
        return self._try_undo(record) or Cancelled("interrupted: nothing has changed")

    def _try_undo(self, record: Record) -> VerbumpError | None:
        """None once everything is undone; what to tell the user where even that fails (a full disk, say)."""
        try:
            self._undo(record)
        except (VerbumpError, OSError) as error:
            known = error if isinstance(error, VerbumpError) else refusals.of_system(error)
            message = f"{known.message}; nothing that you see has changed, but traces of the attempt are left"
            return Refused([Problem(code="not-undone", message=message, hint="verbump release --abort")])
        return None

    def _undo(self, record: Record) -> None:
        stale_locks.clear(self.repository.location, record)
        git_objects.release_objects(self.repository)
        self._sweep()
        self.journal.clear()

    def _sweep(self) -> None:
        self.journal.sweep()
        git_objects.remove_leftovers(self.repository.state_folder)
        exports.remove_leftovers(self.repository)

    def _check_worktree(self, record: Record) -> None:
        if record.worktree != str(self.repository.root):
            message = f"the release of {record.name} was begun in {record.worktree}"
            hint = f"verbump -C {record.worktree} release --resume"
            raise Refused([Problem(code="other-worktree", message=message, hint=hint)])
