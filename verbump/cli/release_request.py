"""`verbump release --pull-request`: the release as a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import output
from verbump.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbump.cli.main import Globals
    from verbump.planning.release import ReleasePlan
    from verbump.planning.snapshot import Snapshot


def propose(settings: Globals, snapshot: Snapshot, release: ReleasePlan, values: dict[str, Any]) -> None:
    """Open the pull request that `release` plans, or bring it up to date.

    Raises: as `github_requests.Requester.propose`, and what a `before_commit` hook does.
    """
    from verbump.effects import request_release

    if not values["yes"] and not click.confirm(f"Open or update the pull request of {release.text}?", err=True):
        raise Cancelled("not asked for: nothing has changed")
    made = request_release.propose(settings.directory, snapshot, release.plan, _report(settings), values["timeout"])
    for remark in made.remarks:
        output.echo_error(f"note: {remark}")
    output.echo_error(f"pull request #{made.asked.number} {made.asked.did}: {release.text} ({made.asked.page})")


def withdraw(settings: Globals, snapshot: Snapshot, values: dict[str, Any]) -> bool:
    """Whether a pull request was open for a release that there is no more; it is closed then."""
    from verbump.effects import request_release

    if values["dry_run"]:
        return False
    closed = request_release.withdraw(settings.directory, snapshot, values["timeout"])
    if closed is not None:
        output.echo_error(f"closed pull request #{closed.number}: nothing to release any more ({closed.page})")
    return closed is not None


def _report(settings: Globals) -> Callable[[str], None]:
    return (lambda _: None) if settings.is_quiet else output.echo_error
