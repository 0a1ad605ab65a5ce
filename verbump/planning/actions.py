"""What verbump can do to the world: one small union, and the plan that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, assert_never

from verbump.planning import after_push
from verbump.planning.after_push import CommentReleased, DispatchWorkflow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import PurePosixPath

    from verbump.errors import Problem
    from verbump.planning.snapshot import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFile:
    """Text to put at a path; `before` is what stands there now, None where there is no file."""

    path: PurePosixPath
    before: str | None
    after: str
    mode: str = "100644"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCommand:
    """A program to run: an argv list, never a shell string. `needs_env` names secrets, it never holds them.

    `environment` is what it gets on top of the inherited variables; `step` says when: `before_commit` runs in an
    export of the release's tree, `after_release` in the work tree. `may_change` are the paths that it may change
    beside the release's own files.
    """

    argv: tuple[str, ...]
    step: str
    environment: Mapping[str, str]
    needs_env: tuple[str, ...] = ()
    may_change: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateReleaseCommit:
    """A commit on `base` with `files`, made as objects only. `timestamp` is its date, in seconds, UTC.

    `runs_hooks`: git's own pre-commit and commit-msg hooks see it first, on a private index.
    """

    base: str
    files: tuple[WriteFile, ...]
    message: str
    identity: Identity
    timestamp: int
    sign: bool = False
    runs_hooks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTag:
    """An annotated tag on the release commit, made as an object only."""

    name: str
    message: str
    identity: Identity
    timestamp: int
    sign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PushAtomically:
    """Branch and tags in one push: the commit point. `expected` is the remote branch's tip, None where it has none."""

    remote: str
    branch: str
    tags: tuple[str, ...]
    expected: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRefs:
    """Local branch (HEAD, where detached), tags and remote-tracking ref, in one transaction with old values."""

    base: str
    tags: tuple[str, ...]
    branch: str | None
    remote: str | None
    remote_branch: str | None
    is_detached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateWorktree:
    """The release's files in work tree and index, each only where the user has not changed it meanwhile."""

    files: tuple[WriteFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRelease:
    """A pull request from `branch` into `into` with the files of `commit`, which GitHub makes.

    Hand edits of the files `edited` that the branch holds are kept.
    """

    remote: str
    branch: str
    into: str
    commit: CreateReleaseCommit
    title: str
    body: str
    labels: tuple[str, ...] = ()
    edited: tuple[PurePosixPath, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushTags:
    """Tags alone, on `commit`, which the remote holds already, in one push: the commit point."""

    remote: str
    commit: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file to publish. `size` in bytes, `sha256` in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishGitHubRelease:
    """A release for an existing tag, with exactly these files: draft, files, look, publish.

    `body` is its text with verbump's marker; `release` the id of ours that is there, None where there is none.
    """

    tag: str
    body: str
    is_prerelease: bool
    is_latest: bool
    files: tuple[LocalFile, ...]
    release: int | None = None
    is_published: bool = False
    stays_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDistribution:
    """A wheel or a source distribution to upload to the index at `repository_url`, which holds no secret."""

    file: LocalFile
    repository_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCrate:
    """A crate for `cargo publish`. `is_new`: the registry has never seen it; `pause_seconds` come before it."""

    name: str
    version: str
    is_new: bool
    pause_seconds: int = 0


_Kind = TypeVar("_Kind")
Action = (
    WriteFile
    | RunCommand
    | CreateReleaseCommit
    | CreateTag
    | PushAtomically
    | MoveRefs
    | UpdateWorktree
    | PushTags
    | ProposeRelease
    | DispatchWorkflow
    | CommentReleased
    | PublishGitHubRelease
    | UploadDistribution
    | PublishCrate
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Problems and ordered actions. With a problem of severity error it is shown and never executed.

    `said` are remarks for the reader: files that need no change, commits that go along.
    """

    actions: tuple[Action, ...] = ()
    problems: tuple[Problem, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that forbid to execute the plan."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def actions_of(actions: tuple[Action, ...], kind: type[_Kind]) -> list[_Kind]:
    """The actions of one kind, in order."""
    return [action for action in actions if isinstance(action, kind)]


def first_of(actions: tuple[Action, ...], kind: type[_Kind]) -> _Kind | None:
    """The first action of one kind, None where there is none."""
    return next(iter(actions_of(actions, kind)), None)


def only_of(actions: tuple[Action, ...], kind: type[_Kind]) -> _Kind:
    """The action of a kind of which a release has exactly one."""
    (action,) = actions_of(actions, kind)
    return action


def describe(action: Action) -> str:
    """One line that says what the action does."""
    match action:
        case WriteFile():
            return f"{'create' if action.before is None else 'write'} {action.path}"
        case RunCommand():
            return f"run {' '.join(action.argv)} ({action.step})"
        case CreateReleaseCommit():
            files = "1 file" if len(action.files) == 1 else f"{len(action.files)} files"
            signed = "signed commit" if action.sign else "commit"
            return f"{signed} “{action.message.splitlines()[0]}” ({files}) on {action.base[:7]}"
        case CreateTag():
            return f"{'signed tag' if action.sign else 'tag'} {action.name}"
        case PushAtomically():
            return f"push {describe_refs(action.branch, action.tags)} to {action.remote}, atomically"
        case MoveRefs():
            where = "HEAD" if action.is_detached else action.branch
            created = f"create {describe_tags(action.tags)} here"
            return f"move {where} and {created}" if where else created
        case UpdateWorktree() | PushTags() | ProposeRelease():
            return _describe_files(action)
        case DispatchWorkflow() | CommentReleased() | PublishGitHubRelease() | UploadDistribution() | PublishCrate():
            return _describe_publishing(action)
        case _:
            assert_never(action)


def _describe_files(action: UpdateWorktree | PushTags | ProposeRelease) -> str:
    if isinstance(action, UpdateWorktree):
        return "update the work tree: " + ", ".join(str(file.path) for file in action.files)
    if isinstance(action, PushTags):
        return f"push {describe_tags(action.tags)} at {action.commit[:7]} to {action.remote}, atomically"
    files = "1 file" if len(action.commit.files) == 1 else f"{len(action.commit.files)} files"
    return f"pull request “{action.title}” ({files}) from {action.branch} into {action.into}"


def _describe_publishing(
    action: DispatchWorkflow | CommentReleased | PublishGitHubRelease | UploadDistribution | PublishCrate,
) -> str:
    if isinstance(action, DispatchWorkflow | CommentReleased):
        return after_push.describe(action)
    if isinstance(action, PublishCrate):
        return f"publish the crate {action.name} {action.version}"
    if isinstance(action, UploadDistribution):
        return f"upload {action.file.name} to {action.repository_url}"
    if action.is_published:
        return f"add what is missing to the release {action.tag}"
    begun = "finish the draft of" if action.release is not None else "draft"
    kind = "pre-release" if action.is_prerelease else "release"
    if action.stays_draft:
        return f"{begun} the {kind} {action.tag}, not published"
    return f"{begun} the {kind} {action.tag}, then publish it{' as Latest' if action.is_latest else ''}"


def describe_tags(tags: Sequence[str]) -> str:
    """Their names, as in a sentence: `a`, `a and b`, `a, b and c`."""
    *first, last = tags
    return f"{', '.join(first)} and {last}" if first else last


def describe_refs(branch: str, tags: Sequence[str]) -> str:
    """Branch and tags, as in a sentence."""
    return describe_tags((branch, *tags))


def describe_kind(action: Action) -> str:
    """The action's name in JSON, such as `create-tag`."""
    name = type(action).__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
