"""`verbump workflows`: the workflows that release this project, written or checked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import findings, output, plan_text
from verbump.cli.json_errors import with_json_errors
from verbump.errors import Cancelled, Refused

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.planning.actions import Plan
    from verbump.planning.workflows.shape import Facts


@click.command(name="workflows", short_help="Write .github/workflows, or check them.")
@click.option("--check", "is_check", is_flag=True, help="Say whether they are current; write nothing.")
@click.option("--dry-run", is_flag=True, help="Show the diff; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Also replace files that were edited by hand.")
@click.option("--offline", is_flag=True, help="Do not ask the index for the hashes of verbump's files.")
@click.option("--index-url", metavar="URL", help="The Python index to ask (default: PyPI).")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.pass_obj
@with_json_errors
def command(settings: Globals, /, **values: Any) -> None:
    """Write the workflows that build, test and publish this project, from what it is and [tool.verbump.workflows].

    The diff is the answer; on a terminal it is shown before it asks. What was edited by hand is never overwritten
    without --force; newer pins, as Dependabot writes them, are no edits and are kept. With --check exit status 1: files
    that are not current, actions that are not pinned to a commit or not known, runners that have ended.

    \b
    Example: verbump workflows --dry-run
    """
    from verbump.effects import read_workflows, registries

    asks = not (values["offline"] or values["is_check"])
    reading = read_workflows.Reading(
        directory=settings.directory,
        config_file=settings.config,
        index_url=(values["index_url"] or registries.PYPI) if asks else "",
    )
    facts = read_workflows.read_facts(reading)
    if values["is_check"]:
        _check(settings, facts, values["form"])
        return
    from verbump.planning.workflows import files

    plan = files.plan_workflows(facts, is_forced=values["force"])
    output.echo_plan(plan_text.of_files(plan), is_colored=output.is_colorful(settings.color))
    output.show_problems(problem for problem in plan.problems if problem.severity == "warning")
    for remark in () if settings.is_quiet else plan.said:
        output.echo_error(f"note: {remark}")
    if plan.errors:
        raise Refused(plan.errors)
    if not plan.actions:
        output.echo_error("nothing to do: the workflows are current")
    elif not values["dry_run"]:
        _write(settings, plan, is_agreed=values["yes"])


def _check(settings: Globals, facts: Facts, form: str) -> None:
    from verbump.planning.workflows import checking

    wanted, problems = checking.find_problems(facts)
    data = {"files": [{"path": str(each.path), "state": each.state} for each in wanted]}
    findings.show(problems, form, data)
    findings.fail_on_errors(problems, "workflows-not-current", "the workflows need a look")
    if form == "text" and not settings.is_quiet:
        output.echo_answer(f"{len(wanted)} files are current")


def _write(settings: Globals, plan: Plan, *, is_agreed: bool) -> None:
    from verbump.effects import write_proposal
    from verbump.planning.actions import describe

    # Without a terminal nobody can be asked; nothing is lost, since only files that verbump wrote are replaced.
    if not is_agreed and sys.stdin.isatty() and not click.confirm("Write this?", err=True):
        raise Cancelled("not written: nothing has changed")
    write_proposal.write_whole(settings.directory, plan)
    for action in () if settings.is_quiet else plan.actions:
        output.echo_error(describe(action))
