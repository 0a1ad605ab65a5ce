"""The record of a release under way, in git's common directory: what was planned and which step is done.

A cache: the truth is the remote, and the trailers in the release's commit and tag. It holds no secret.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.effects import files
from verbump.errors import ReleasePending, UsageError
from verbump.planning.actions import (
    Action,
    CreateReleaseCommit,
    CreateTag,
    MoveRefs,
    PushAtomically,
    RunCommand,
    UpdateWorktree,
    WriteFile,
    describe_tags,
)
from verbump.planning.after_push import CommentReleased, DispatchWorkflow
from verbump.planning.snapshot import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = 1
_KINDS: tuple[type[Action], ...] = (
    WriteFile,
    RunCommand,
    CreateReleaseCommit,
    CreateTag,
    PushAtomically,
    MoveRefs,
    UpdateWorktree,
    DispatchWorkflow,
    CommentReleased,
)


class Step(IntEnum):
    """What is done of a release.

    Up to PUSHING nothing that a user can see has changed; PUSHING itself is settled by reading the remote, which holds
    the release or does not.
    """

    PLANNED = 1
    HOOKS = 2
    OBJECTS = 3
    GIT_HOOKS = 4
    PUSHING = 5
    PUSHED = 6
    REFS = 7
    FILES = 8
    STARTED = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One release under way, begun in `worktree` at `begun` (seconds since the epoch).

    `tags` are the names of its tags, one for each package; `commit` is "" and `tag_objects` (in the order of `tags`)
    empty until they are made.
    """

    version: str
    tags: tuple[str, ...]
    worktree: str
    actions: tuple[Action, ...]
    begun: float = 0.0
    step: Step = Step.PLANNED
    commit: str = ""
    tag_objects: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What is released, as in a sentence: its tags."""
        return describe_tags(self.tags)

    def at(self, step: Step) -> Record:
        """The record one step on."""
        return replace(self, step=step)

    def with_commit(self, action: CreateReleaseCommit) -> Record:
        """The record with another commit action, and the work tree's files to match."""
        changed: dict[type[Action], Action] = {
            CreateReleaseCommit: action,
            UpdateWorktree: UpdateWorktree(files=action.files),
        }
        return replace(self, actions=tuple(changed.get(type(each), each) for each in self.actions))


class Journal:
    """The journal of one repository: `folder` is its state folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.json"
        self._lock_path = folder / "lock"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock; it dies with the process.

        Raises:
            ReleasePending: another verbump holds it.
        """
        from filelock import FileLock, Timeout

        self.path.parent.mkdir(exist_ok=True)
        lock = FileLock(self._lock_path, timeout=0)
        try:
            lock.acquire()
        except Timeout as held:
            message = "another verbump release is running in this repository"
            raise ReleasePending(message, hint="wait for it to end", code="release-running") from held
        try:
            yield
        finally:
            lock.release()

    def read(self) -> Record | None:
        """The unfinished release, None where there is none.

        Raises:
            UsageError: a journal of a newer verbump, or a damaged one. It is kept.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            data = json.loads(text)
            if data["schema"] > SCHEMA:
                hint = "finish with the verbump that began it"
                raise UsageError(f"{self.path}: written by a newer verbump", hint=hint, code="journal-newer")
            return _record_of(data)
        except (ValueError, KeyError, TypeError, AttributeError) as damage:
            hint = f"rm {self.path}; then `verbump release --resume` goes by what the remote holds"
            raise UsageError(f"{self.path}: cannot be read ({damage})", hint=hint, code="journal-damaged") from damage

    def refuse_pending(self) -> None:
        """Nothing, when no release is unfinished.

        Raises:
            ReleasePending: one is.
        """
        record = self.read()
        if record is not None:
            message = f"the release of {record.name} is unfinished (last step: {record.step.name.lower()})"
            raise ReleasePending(message, hint="`verbump release --resume` finishes it, `--abort` undoes it")

    def write(self, record: Record) -> Record:
        """The record, once it is durable."""
        text = json.dumps(_data_of(record), indent=1, ensure_ascii=False) + "\n"
        files.write_bytes(self.path, text.encode("utf-8", "surrogateescape"))
        return record

    def clear(self) -> None:
        """Forget the release: it is finished or undone."""
        self.path.unlink(missing_ok=True)
        files.sync_folder(self.path.parent)

    def sweep(self) -> None:
        """Take away temporary files that a killed process left here. Only under the lock."""
        for leftover in self.path.parent.glob(f"{files.TEMPORARY_PREFIX}*"):
            leftover.unlink(missing_ok=True)


def _data_of(record: Record) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "version": record.version,
        "tags": list(record.tags),
        "worktree": record.worktree,
        "begun": record.begun,
        "step": record.step.name.lower(),
        "commit": record.commit,
        "tag_objects": list(record.tag_objects),
        "actions": [{"do": type(action).__name__, **_plain(action)} for action in record.actions],
    }


def _plain(value: Any) -> Any:
    """A dataclass as JSON data."""
    from dataclasses import fields, is_dataclass

    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, PurePosixPath) else value


def _record_of(data: dict[str, Any]) -> Record:
    return Record(
        version=data["version"],
        tags=tuple(data["tags"]),
        worktree=data["worktree"],
        begun=float(data["begun"]),
        step=Step[data["step"].upper()],
        commit=data["commit"],
        tag_objects=tuple(data["tag_objects"]),
        actions=tuple(_action_of(each) for each in data["actions"]),
    )


def _action_of(data: dict[str, Any]) -> Action:
    kinds = {kind.__name__: kind for kind in _KINDS}
    values = dict(data)
    kind = kinds[values.pop("do")]
    if "files" in values:
        values["files"] = tuple(_file_of(each) for each in values["files"])
    if "identity" in values:
        values["identity"] = Identity(**values["identity"])
    if "tags" in values:
        values["tags"] = tuple(values["tags"])
    if "numbers" in values:
        values["numbers"] = tuple(values["numbers"])
    if "argv" in values:
        values["argv"] = tuple(values["argv"])
        values["needs_env"] = tuple(values["needs_env"])
        values["may_change"] = tuple(values["may_change"])
    return kind(**values)


def _file_of(data: dict[str, Any]) -> WriteFile:
    return WriteFile(**{**data, "path": PurePosixPath(data["path"])})
