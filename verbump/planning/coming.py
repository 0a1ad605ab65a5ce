"""The coming version, as it is only looked at: what `next` needs, and nothing of what makes a release."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verbump.domain import changelog
from verbump.errors import InputError
from verbump.planning import checks, next_version, stated_versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbump.domain.changelog import Changelog
    from verbump.errors import Problem
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Request, Snapshot


def plan_next(snapshot: Snapshot, request: Request) -> Decision:
    """The next version, with all that is wrong on the way there (most of it a warning: `next` only looks).

    `request` as given on the command line.
    """
    document, problems = parse_changelog(snapshot)
    return with_warnings(snapshot, next_version.decide(snapshot, request, document), problems)


def with_warnings(snapshot: Snapshot, decision: Decision, problems: Iterable[Problem]) -> Decision:
    """The decision with what a release would refuse; `problems` are the changelog's."""
    stated = stated_versions.find_stated(snapshot)
    found = checks.find_version_problems(snapshot, stated, is_release=False)
    return replace(
        decision,
        problems=(
            *snapshot.problems,
            *(replace(problem, severity="warning") for problem in problems),
            *(replace(problem, severity="warning") for problem in stated_versions.find_unreadable(snapshot)),
            *decision.problems,
            *found,
            *checks.find_range_problems(snapshot, decision),
            *checks.find_build_problems(decision),
            *checks.find_spelling_problems(snapshot, decision),
        ),
    )


def parse_changelog(snapshot: Snapshot) -> tuple[Changelog | None, list[Problem]]:
    """The changelog as it stands; None where there is none or it cannot be followed, then with the reason."""
    text = snapshot.changelog
    if text is None:
        return None, []
    try:
        return changelog.parse_changelog(text), []
    except InputError as error:
        return None, [error.at(snapshot.config.changelog).as_problem()]
