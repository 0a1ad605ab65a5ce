"""plan_release: from a snapshot to everything that a release writes, in order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.domain import changelog
from verbump.errors import InputError, Problem, Refused
from verbump.planning import checks, manifest_changes, next_version, section
from verbump.planning.actions import (
    Action,
    CreateReleaseCommit,
    CreateTag,
    MoveRefs,
    Plan,
    PushAtomically,
    RunCommand,
    UpdateWorktree,
    WriteFile,
)
from verbump.planning.manifest_changes import FileChange, ManifestChanges
from verbump.planning.snapshot import Identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbump.domain.changelog import Changelog
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Request, Snapshot

RELEASE_TRAILER = "Verbump-Release"
PLAN_TRAILER = "Verbump-Plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePlan:
    """The decision and what it leads to. `section` is the changelog section as Markdown, "" without a release."""

    decision: Decision
    plan: Plan
    files: tuple[FileChange, ...] = ()
    section: str = ""


def plan_next(snapshot: Snapshot, request: Request) -> Decision:
    """The next version, with all that is wrong on the way there (most of it a warning: `next` only looks).

    `request` as given on the command line.
    """
    document, problems = parse_changelog(snapshot)
    decision = next_version.decide(snapshot, request, document)
    stated = manifest_changes.find_stated(snapshot)
    found = checks.find_version_problems(snapshot, stated, is_release=False)
    return replace(
        decision,
        problems=(
            *snapshot.problems,
            *(replace(problem, severity="warning") for problem in problems),
            *(replace(problem, severity="warning") for problem in manifest_changes.find_unreadable(snapshot)),
            *decision.problems,
            *found,
            *checks.find_range_problems(snapshot, decision),
            *checks.find_build_problems(decision),
        ),
    )


def plan_release(snapshot: Snapshot, request: Request) -> ReleasePlan:
    """The release under `request`: decision, files, ordered actions; every problem that forbids it."""
    document, problems = parse_changelog(snapshot)
    decision = next_version.decide(snapshot, request, document)
    problems = [*snapshot.problems, *problems, *decision.problems]
    if decision.version is None:
        problems += checks.find_remote_problems(snapshot, request)
        return ReleasePlan(decision=decision, plan=Plan(problems=tuple(problems)))
    problems += _find_problems(snapshot, request, decision)
    manifests = manifest_changes.plan(snapshot, decision.version)
    problems += manifests.problems
    files, text = _files(snapshot, decision, document, manifests)
    problems += [file for file in files if isinstance(file, Problem)]
    changes = tuple(file for file in files if isinstance(file, FileChange))
    problems += checks.find_target_problems(snapshot, changes)
    unique = tuple(dict.fromkeys(problems))
    plan = Plan(
        actions=tuple(_actions(snapshot, request, decision, changes)),
        problems=unique,
        said=(*manifests.said, *_said(snapshot, request)),
    )
    return ReleasePlan(decision=decision, plan=plan, files=changes, section=text)


def parse_changelog(snapshot: Snapshot) -> tuple[Changelog | None, list[Problem]]:
    """The changelog as it stands; None where there is none or it cannot be followed, then with the reason."""
    text = snapshot.changelog
    if text is None:
        return None, []
    try:
        return changelog.parse_changelog(text), []
    except InputError as error:
        return None, [error.at(snapshot.config.changelog).as_problem()]


def render_section(snapshot: Snapshot, decision: Decision, document: Changelog | None) -> str:
    """The coming version's section as Markdown, line ends as in the template.

    Raises:
        Refused: the user's template cannot be rendered.
    """
    release = section.release_of(snapshot, decision, document)
    return section.render(snapshot, release, document)


def _find_problems(snapshot: Snapshot, request: Request, decision: Decision) -> Iterator[Problem]:
    readiness = snapshot.readiness
    assert readiness is not None
    if not request.is_aligning:
        stated = manifest_changes.find_stated(snapshot)
        yield from checks.find_version_problems(snapshot, stated, is_release=True)
    else:
        yield from checks.find_version_problems(snapshot, (), is_release=True)
    yield from checks.find_range_problems(snapshot, decision)
    yield from checks.find_build_problems(decision)
    yield from checks.find_tag_problems(snapshot, decision)
    yield from checks.find_repository_problems(snapshot, readiness, request)


def _files(
    snapshot: Snapshot, decision: Decision, document: Changelog | None, manifests: ManifestChanges
) -> tuple[list[FileChange | Problem], str]:
    """Changes of manifests, then of the changelog; a changelog or template that refuses is a Problem in its place."""
    files: list[FileChange | Problem] = list(manifests.files)
    try:
        text = render_section(snapshot, decision, document)
    except Refused as refused:
        return [*files, *refused.problems], ""
    path, before = snapshot.changelog_path, snapshot.changelog
    if path is None or (before is not None and document is None):
        return files, text
    new = changelog.NewSection(
        version=str(decision.version),
        text=text,
        links=section.links_of(snapshot, decision),
        previous_tag=decision.current.name if decision.current else "",
        tag=decision.tag,
    )
    try:
        after = changelog.with_release(before, new)
        lost = changelog.find_lost_lines(before, new)
    except InputError as error:
        return [*files, error.at(path).as_problem()], text
    if lost:
        message = f"{path}: the new section leaves out hand-written lines, the first of them: {lost[0]!r}"
        return [*files, Problem(code="changelog-lines-lost", message=message, hint="mend the template")], text
    return [*files, FileChange(path=path, before=before, after=after)], text


def _actions(
    snapshot: Snapshot, request: Request, decision: Decision, changes: Iterable[FileChange]
) -> Iterator[Action]:
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
    trailers = _trailers(snapshot, decision, files)
    subject = snapshot.config.commit_message.replace("{version}", str(decision.version))
    for argv in snapshot.config.hooks.before_commit:
        yield RunCommand(
            argv=argv,
            step="before_commit",
            environment=_hook_variables(decision),
            may_change=snapshot.config.hooks.paths,
        )
    signs = (readiness.signs_commits, readiness.signs_tags) if request.sign is None else (request.sign, request.sign)
    yield CreateReleaseCommit(
        base=snapshot.head,
        files=files,
        message=f"{subject}\n\n{trailers}",
        identity=identity,
        timestamp=snapshot.timestamp,
        sign=signs[0],
        runs_hooks=snapshot.config.git_hooks,
    )
    yield CreateTag(
        name=decision.tag,
        message=f"Release {decision.version}\n\n{trailers}",
        identity=identity,
        timestamp=snapshot.timestamp,
        sign=signs[1],
    )
    remote = readiness.remote if request.is_pushing else None
    if remote is not None and snapshot.branch is not None:
        yield PushAtomically(remote=remote.name, branch=snapshot.branch, tags=(decision.tag,), expected=remote.tip)
    yield MoveRefs(
        base=snapshot.head,
        tags=(decision.tag,),
        branch=snapshot.branch,
        remote=remote.name if remote else None,
        remote_branch=snapshot.branch if remote else None,
        is_detached=snapshot.is_detached,
    )
    yield UpdateWorktree(files=files)
    for argv in snapshot.config.hooks.after_release:
        yield RunCommand(argv=argv, step="after_release", environment=_hook_variables(decision))


def _hook_variables(decision: Decision) -> dict[str, str]:
    from verbump.domain import versions

    assert decision.version is not None
    try:
        pep440 = versions.to_pep440(decision.version)
    except InputError:
        pep440 = ""
    return {
        "VERBUMP_HOOK_VERSION": str(decision.version),
        "VERBUMP_HOOK_PEP440": pep440,
        "VERBUMP_HOOK_TAG": decision.tag,
        "VERBUMP_HOOK_PREVIOUS": str(decision.current.version) if decision.current else "",
        "VERBUMP_HOOK_PREVIOUS_TAG": decision.current.name if decision.current else "",
    }


def _trailers(snapshot: Snapshot, decision: Decision, files: Iterable[WriteFile]) -> str:
    """The release's trailers: the truth that `--resume` finds in a fresh clone. The hash covers what is written."""
    content = {
        "base": snapshot.head,
        "tag": decision.tag,
        "files": [[str(file.path), file.after] for file in files],
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f"{RELEASE_TRAILER}: {decision.version}\n{PLAN_TRAILER}: {digest}\n"


def _said(snapshot: Snapshot, request: Request) -> Iterator[str]:
    readiness = snapshot.readiness
    assert readiness is not None
    if readiness.identity is not None and readiness.identity.note:
        yield readiness.identity.note
    if request.is_pushing and readiness.ahead:
        count = len(readiness.ahead)
        yield f"{count} commit{'s' if count > 1 else ''} of {snapshot.branch} not on the remote yet go along:"
        for commit in readiness.ahead[:20]:
            yield f"  {commit.sha[:7]} {commit.header}"
        if count > 20:
            yield f"  and {count - 20} more"
    if not manifest_changes.find_stated(snapshot):
        yield "no file states the version: only the tag will (list files in tool.verbump.manifests)"
    if snapshot.current() is None:
        yield "no version tag is reachable: this is the first release"


def find_release_trailer(message: str) -> str | None:
    """The version that a commit's or tag's message says it releases, or None."""
    lines = message.rstrip().split("\n")
    prefix = f"{RELEASE_TRAILER}: "
    return next((line.removeprefix(prefix) for line in reversed(lines) if line.startswith(prefix)), None)
