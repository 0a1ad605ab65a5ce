"""The ordered actions of a release: one commit, a tag for each package, one push, refs, files, and the hooks around."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import versions
from verbump.errors import InputError
from verbump.planning import starting
from verbump.planning.actions import (
    Action,
    CreateReleaseCommit,
    CreateTag,
    MoveRefs,
    PushAtomically,
    RunCommand,
    UpdateWorktree,
    WriteFile,
)
from verbump.planning.snapshot import Identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verbump.planning.manifest_changes import FileChange
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Request, Snapshot

RELEASE_TRAILER = "Verbump-Release"
PLAN_TRAILER = "Verbump-Plan"
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A package with its next version. `name` is "" where the repository is one package."""

    decision: Decision
    name: str = ""

    @property
    def text(self) -> str:
        """`1.3.0`, or `core 1.3.0` for one of several packages."""
        return f"{self.name} {self.decision.version}".lstrip()


def plan_actions(
    snapshot: Snapshot, request: Request, released: Sequence[Released], changes: Iterable[FileChange]
) -> Iterator[Action]:
    """What makes the release of all of `released`, in order."""
    readiness = snapshot.readiness
    assert readiness is not None
    files = tuple(
        WriteFile(
            path=change.path,
            before=change.before,
            after=change.after,
            mode=readiness.paths[change.path].mode if change.path in readiness.paths else "100644",
        )
        for change in changes
    )
    identity = readiness.identity or Identity(name="", email="")
    variables = _hook_variables(released)
    plan_trailer = _plan_trailer(snapshot, released, files)
    subject = snapshot.config.commit_message.replace("{version}", describe_released(released))
    for argv in snapshot.config.hooks.before_commit:
        yield RunCommand(argv=argv, step="before_commit", environment=variables, may_change=snapshot.config.hooks.paths)
    signs = (readiness.signs_commits, readiness.signs_tags) if request.sign is None else (request.sign, request.sign)
    yield CreateReleaseCommit(
        base=snapshot.head,
        files=files,
        message=f"{subject}\n\n{_release_trailers(released)}{plan_trailer}",
        identity=identity,
        timestamp=snapshot.timestamp,
        sign=signs[0],
        runs_hooks=snapshot.config.git_hooks,
    )
    for each in released:
        yield CreateTag(
            name=each.decision.tag,
            message=f"Release {each.text}\n\n{_release_trailers([each])}{plan_trailer}",
            identity=identity,
            timestamp=snapshot.timestamp,
            sign=signs[1],
        )
    tags = tuple(each.decision.tag for each in released)
    remote = readiness.remote if request.is_pushing else None
    if remote is not None and snapshot.branch is not None:
        yield PushAtomically(remote=remote.name, branch=snapshot.branch, tags=tags, expected=remote.tip)
    yield MoveRefs(
        base=snapshot.head,
        tags=tags,
        branch=snapshot.branch,
        remote=remote.name if remote else None,
        remote_branch=snapshot.branch if remote else None,
        is_detached=snapshot.is_detached,
    )
    yield UpdateWorktree(files=files)
    if remote is not None:
        yield from starting.plan_dispatches(
            readiness.starting, {each.decision.tag: str(each.decision.version) for each in released}
        )
    for argv in snapshot.config.hooks.after_release:
        yield RunCommand(argv=argv, step="after_release", environment=variables)


def describe_released(released: Sequence[Released]) -> str:
    """`1.3.0`, or `core 1.3.0, api 2.0.1`; of many packages the first and how many more."""
    named = ", ".join(each.text for each in released[:_MOST_NAMED])
    rest = len(released) - _MOST_NAMED
    return f"{named} and {rest} more" if rest > 0 else named


def _hook_variables(released: Sequence[Released]) -> dict[str, str]:
    """What hooks know: of the first package, and a line `name version tag` for each of several."""
    decision = released[0].decision
    assert decision.version is not None
    try:
        pep440 = versions.to_pep440(decision.version)
    except InputError:
        pep440 = ""
    variables = {
        "VERBUMP_HOOK_VERSION": str(decision.version),
        "VERBUMP_HOOK_PEP440": pep440,
        "VERBUMP_HOOK_TAG": decision.tag,
        "VERBUMP_HOOK_PREVIOUS": str(decision.current.version) if decision.current else "",
        "VERBUMP_HOOK_PREVIOUS_TAG": decision.current.name if decision.current else "",
    }
    if released[0].name:
        variables["VERBUMP_HOOK_PACKAGE"] = released[0].name
        variables["VERBUMP_HOOK_PACKAGES"] = "".join(f"{each.text} {each.decision.tag}\n" for each in released)
    return variables


def _release_trailers(released: Sequence[Released]) -> str:
    """The truth that `--resume` finds in a fresh clone: a line for each package."""
    return "".join(f"{RELEASE_TRAILER}: {each.text}\n" for each in released)


def _plan_trailer(snapshot: Snapshot, released: Sequence[Released], files: Iterable[WriteFile]) -> str:
    """A hash that covers what is written and where."""
    content: dict[str, object] = {
        "base": snapshot.head,
        "tag": released[0].decision.tag,
        "files": [[str(file.path), file.after] for file in files],
    }
    if len(released) > 1:
        content["tags"] = [each.decision.tag for each in released]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f"{PLAN_TRAILER}: {digest}\n"


def find_trailer(message: str, token: str) -> str:
    """The value of the last trailer of that name, "" where there is none."""
    prefix = f"{token}: "
    found = [line.removeprefix(prefix) for line in message.split("\n") if line.startswith(prefix)]
    return found[-1].strip() if found else ""


def find_release_trailers(message: str) -> tuple[str, ...]:
    """What a commit's or tag's message says it releases: `1.3.0`, or `core 1.3.0` for each of several packages."""
    prefix = f"{RELEASE_TRAILER}: "
    lines = message.rstrip().split("\n")
    return tuple(line.removeprefix(prefix) for line in lines if line.startswith(prefix))
