"""A release asked for by a pull request: its branch, its text, and what the plan of a release becomes then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verbump.errors import Problem
from verbump.planning import notes
from verbump.planning.actions import CreateReleaseCommit, ProposeRelease, RunCommand, actions_of, only_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.planning.release import ReleasePlan
    from verbump.planning.snapshot import Snapshot

BRANCH = "verbump/release"
EDITS_TRAILER = "Verbump-Edits"
MARKER = "<!-- verbump release request -->"
LONGEST_BODY = 60_000  # GitHub takes 65,536
# What is wrong with a commit made here, and is none of a commit that GitHub makes.
_NOT_ASKED = frozenset({"no-identity", "workflow-not-started"})


def plan_request(snapshot: Snapshot, release: ReleasePlan) -> ReleasePlan:
    """The same release as a request: hooks, then one commit on a branch of its own and its pull request."""
    problems = [problem for problem in release.plan.problems if problem.code not in _NOT_ASKED]
    problems = [_with_hint(problem) for problem in (*problems, *_find_problems(snapshot))]
    plan = replace(release.plan, problems=tuple(problems))
    if release.decision.version is None or snapshot.branch is None:
        return replace(release, plan=replace(plan, actions=()))
    readiness = snapshot.readiness
    assert readiness is not None
    commit = only_of(plan.actions, CreateReleaseCommit)
    hooks = [each for each in actions_of(plan.actions, RunCommand) if each.step == "before_commit"]
    views = [package.view for package in snapshot.packages] or [snapshot]
    propose = ProposeRelease(
        remote=readiness.remote.name if readiness.remote else "",
        branch=BRANCH,
        into=snapshot.branch,
        commit=commit,
        title=commit.message.split("\n", 1)[0],
        body=render_body(release),
        labels=snapshot.config.github.labels,
        edited=tuple(view.changelog_path for view in views if view.changelog_path is not None),
    )
    return replace(release, plan=replace(plan, actions=(*hooks, propose)))


def render_body(release: ReleasePlan) -> str:
    """The pull request's text: what merging it releases, and the sections, within what GitHub takes."""
    sections = [each.section for each in release.packages if each.section]
    named = [f"**{each.name}**\n\n{each.section}" for each in release.packages if each.section]
    text = "\n".join(named) if len(sections) > 1 else (sections[0] if sections else release.section)
    tail = (
        "\n---\nEdit the changelog on this branch to change the notes: edits stay when the request is updated. "
        f"After the merge `verbump release --tag-merged` makes the tag.\n{MARKER}\n"
    )
    head = f"Merging this releases {release.text}.\n\n"
    room = LONGEST_BODY - notes.units(head) - notes.units(tail)
    return f"{head}{notes.cut(text.strip() + chr(10), room, 'the changelog of this branch')}{tail}"


def _find_problems(snapshot: Snapshot) -> Iterator[Problem]:
    readiness = snapshot.readiness
    if readiness is None:
        return
    if readiness.remote is not None and not readiness.remote.error and readiness.remote.tip is None:
        message = f"{readiness.remote.name} has no branch {snapshot.branch} to make a pull request for"
        yield Problem(code="no-base", message=message, hint=f"git push {readiness.remote.name} {snapshot.branch}")
    elif readiness.ahead and readiness.remote is not None:
        count = len(readiness.ahead)
        named = f"{count} commits are" if count > 1 else f"{readiness.ahead[0].sha[:7]} is"
        message = f"{named} not on {readiness.remote.name}/{snapshot.branch}, where the pull request starts from"
        yield Problem(code="not-pushed", message=message, hint=f"git push {readiness.remote.name} {snapshot.branch}")
    if snapshot.branch == BRANCH:
        message = f"{BRANCH} is the branch of the pull request itself"
        yield Problem(code="request-branch", message=message, hint="git switch main")


def _with_hint(problem: Problem) -> Problem:
    """Versions disagree as well where a request has been merged and its tag is still to come."""
    if problem.code != "versions-disagree":
        return problem
    hint = f"where the request has just been merged: verbump release --tag-merged; else {problem.hint}"
    return replace(problem, hint=hint)
