"""plan_release: from a snapshot to everything that a release writes, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import changelog
from verbump.errors import InputError, Problem, Refused
from verbump.planning import checks, manifest_changes, next_version, section, starting, stated_versions
from verbump.planning.actions import Plan
from verbump.planning.after_push import plan_comments
from verbump.planning.coming import parse_changelog
from verbump.planning.manifest_changes import FileChange
from verbump.planning.release_actions import Released, describe_released, plan_actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.domain.changelog import Changelog
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Request, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRelease:
    """What is decided for one of several packages, and its changelog section, "" without a release."""

    name: str
    decision: Decision
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePlan:
    """The decision and what it leads to. `section` is the changelog section as Markdown, "" without a release.

    Of several packages `decision` and `section` are those of the first that is released; `packages` holds all.
    """

    decision: Decision
    plan: Plan
    files: tuple[FileChange, ...] = ()
    section: str = ""
    packages: tuple[PackageRelease, ...] = ()

    @property
    def text(self) -> str:
        """What is released: `1.3.0`, or `core 1.3.0, api 2.0.1` of several packages; "" without a release."""
        named = [
            Released(name=each.name, decision=each.decision)
            for each in self.packages
            if each.decision.version is not None
        ]
        if self.packages:
            return describe_released(named)
        return "" if self.decision.version is None else str(self.decision.version)


def plan_release(snapshot: Snapshot, request: Request) -> ReleasePlan:
    """The release under `request`: decision, files, ordered actions; every problem that forbids it."""
    document, problems = parse_changelog(snapshot)
    decision = next_version.decide(snapshot, request, document)
    problems = [*snapshot.problems, *problems, *decision.problems]
    if decision.version is None:
        problems += checks.find_remote_problems(snapshot, request)
        return ReleasePlan(decision=decision, plan=Plan(problems=tuple(problems)))
    problems += find_problems(snapshot, request, decision)
    manifests = manifest_changes.plan(snapshot, decision.version)
    problems += manifests.problems
    written, text = plan_changelog(snapshot, decision, document)
    problems += [written] if isinstance(written, Problem) else []
    changes = (*manifests.files, *([written] if isinstance(written, FileChange) else []))
    problems += checks.find_target_problems(snapshot, checks.paths_meant(snapshot, manifests, changes))
    problems += find_start_problems(snapshot, 1)
    unique = tuple(dict.fromkeys(problems))
    actions = plan_actions(snapshot, request, (Released(decision=decision),), changes)
    comments = plan_comments(snapshot, {decision.tag: text}) if request.is_pushing else ()
    plan = Plan(
        actions=(*actions, *comments),
        problems=unique,
        said=(*manifests.said, *describe_surroundings(snapshot, request), *describe_package(snapshot)),
    )
    return ReleasePlan(decision=decision, plan=plan, files=changes, section=text)


def render_section(snapshot: Snapshot, decision: Decision, document: Changelog | None) -> str:
    """The coming version's section as Markdown, line ends as in the template.

    Raises:
        Refused: the user's template cannot be rendered.
    """
    release = section.release_of(snapshot, decision, document)
    return section.render(snapshot, release, document)


def find_problems(snapshot: Snapshot, request: Request, decision: Decision) -> Iterator[Problem]:
    """What forbids the release that `decision` makes, its files apart."""
    readiness = snapshot.readiness
    assert readiness is not None
    if not request.is_aligning:
        stated = stated_versions.find_stated(snapshot)
        yield from checks.find_version_problems(snapshot, stated, is_release=True)
    else:
        yield from checks.find_version_problems(snapshot, (), is_release=True)
    yield from checks.find_range_problems(snapshot, decision)
    yield from checks.find_build_problems(decision)
    yield from checks.find_spelling_problems(snapshot, decision)
    yield from checks.find_tag_problems(snapshot, decision)
    yield from checks.find_repository_problems(snapshot, readiness, request)


def find_start_problems(snapshot: Snapshot, count: int) -> Iterator[Problem]:
    """A warning where pushing `count` tags starts no workflow, though there is one for them."""
    readiness = snapshot.readiness
    return starting.find_problems(readiness.starting if readiness else None, count)


def plan_changelog(
    snapshot: Snapshot, decision: Decision, document: Changelog | None
) -> tuple[FileChange | Problem | None, str]:
    """The changelog's change and the section that it gets; a changelog or template that refuses is a Problem."""
    try:
        text = render_section(snapshot, decision, document)
    except Refused as refused:
        return refused.problems[0], ""
    path, before = snapshot.changelog_path, snapshot.changelog
    if path is None or (before is not None and document is None):
        return None, text
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
        return error.at(path).as_problem(), text
    if lost:
        message = f"{path}: the new section leaves out hand-written lines, the first of them: {lost[0]!r}"
        return Problem(code="changelog-lines-lost", message=message, hint="mend the template"), text
    return FileChange(path=path, before=before, after=after), text


def describe_surroundings(snapshot: Snapshot, request: Request) -> Iterator[str]:
    """Remarks on who releases and what goes along."""
    readiness = snapshot.readiness
    assert readiness is not None
    if readiness.identity is not None and readiness.identity.note:
        yield readiness.identity.note
    if request.is_pushing and readiness.ahead and snapshot.branch is not None:
        count = len(readiness.ahead)
        yield f"{count} commit{'s' if count > 1 else ''} of {snapshot.branch} that the remote's branch lacks go along:"
        for commit in readiness.ahead[:20]:
            yield f"  {commit.sha[:7]} {commit.header}"
        if count > 20:
            yield f"  and {count - 20} more"


def describe_package(snapshot: Snapshot) -> Iterator[str]:
    """Remarks on what is released."""
    if not stated_versions.find_stated(snapshot):
        yield "no file states the version: only the tag will (`verbump init` looks for files that should)"
    if snapshot.current() is None:
        yield "no version tag is reachable: this is the first release"
