"""`verbump preview --from-plan`: a plan made elsewhere, held against what GitHub says of its pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbump.errors import Problem, Refused, UsageError

if TYPE_CHECKING:
    from verbump.effects.github import GitHub
    from verbump.effects.read_pull import Found


def read(path: str) -> dict[str, Any]:
    """The plan in a file. Raises: as `read_plan.read_plan`."""
    from verbump.cli import schemas
    from verbump.effects import read_plan

    return read_plan.read_plan(path, schemas.PREVIEW)


def find_pull(hub: GitHub, data: dict[str, Any], event: dict[str, Any], named: Found | None) -> Found | None:
    """The pull request that the plan may be shown on; None where it has moved on since.

    Which one it is says the event of the finished run, or `named` (the option's); what the plan says must agree.

    Raises:
        UsageError: neither says which.
        Refused: the plan is of another pull request or commit, or the run of none.
    """
    from verbump.effects import pull_comments

    run, planned = event.get("workflow_run"), data["pull_request"]
    if named is not None:
        found: Found | None = named
    elif isinstance(run, dict):
        found = pull_comments.find_pull(hub, run, planned["base_branch"])
    else:
        hint = "--pr N, or run it in a workflow on workflow_run"
        raise UsageError("--from-plan --post: which pull request?", hint=hint, code="pull-needed")
    if found is None:
        return None
    if planned["number"] not in {None, found.number}:
        raise _refused(f"the plan is of pull request #{planned['number']}, not of #{found.number}")
    if planned["head"] != found.head_sha:
        raise _refused(f"the plan is of commit {planned['head'][:12]!r}, not of {found.head_sha[:12]}")
    if planned["title"] is not None and planned["title"] != " ".join(found.title.split()):
        hint = "the next run tells"
        message = "the title has changed since: a squash merge takes the new one"
        warning = Problem(code="title-changed", severity="warning", message=message, hint=hint)
        from verbump.cli import output

        data["problems"] += output.problem_data([warning])
    return found


def _refused(message: str) -> Refused:
    hint = "nothing was written: a plan is shown only on the pull request that it was made for"
    return Refused([Problem(code="other-pull", message=message, hint=hint)])
