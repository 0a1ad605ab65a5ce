"""`verbump init`: what a repository needs to be released with verbump, proposed as a diff, then written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import output, plan_text
from verbump.errors import Cancelled, Refused, UsageError

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.planning.actions import Plan

# Named here so that `--help` reads no translator; a test holds it against the translators' own list.
TOOLS = ("commitizen", "python-semantic-release", "release-please", "git-cliff", "bump-my-version", "release-plz")


class ToolChoice(click.Choice[str]):
    """One of the tools, with "did you mean"."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """click's own message, and the name that is near."""
        import difflib

        said = super().get_invalid_choice_message(value, ctx)
        near = difflib.get_close_matches(str(value).lower(), TOOLS, n=1, cutoff=0.5)
        return f"{said} Did you mean {near[0]!r}?" if near else said


@click.command(name="init", short_help="Write what a repository needs to be released with verbump.")
@click.option(
    "--from",
    "tool",
    type=ToolChoice(TOOLS),
    metavar="TOOL",
    help=f"Carry that tool's configuration over: {', '.join(TOOLS[:-1])} or {TOOLS[-1]}.",
)
@click.option("--force", is_flag=True, help="Replace a configuration that is there and says something else.")
@click.option("--dry-run", is_flag=True, help="Show the diff; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Propose configuration, changelog, workflows, release guide and commit-msg hook as one diff, ask, write them.

    Only what differs from the defaults is configured. With --from, another tool's configuration is translated, and
    each setting that cannot be carried over is listed with its line. Without a terminal --yes is required.

    \b
    Example: verbump init --from commitizen --dry-run
    """
    if settings.config is not None:
        raise UsageError("--config does not go with init, which writes the configuration", hint="leave --config out")
    if not values["dry_run"] and not values["yes"] and not sys.stdin.isatty():
        hint = "verbump init --yes, or --dry-run to see the diff"
        raise UsageError("there is no terminal to ask on: --yes is required", hint=hint, code="needs-yes")
    plan = _plan(settings, values)
    if plan.errors:
        raise Refused(plan.errors)
    if not plan.actions:
        output.echo_error("nothing to do: this repository has what it needs")
    elif not values["dry_run"]:
        _write(settings, plan, is_agreed=values["yes"])


def _plan(settings: Globals, values: dict[str, Any]) -> Plan:
    """The plan, once it is shown: the diff on stdout; on stderr what is not carried over, and what there is to know."""
    from verbump.effects import read_adoption
    from verbump.planning.adoption import proposal

    around = read_adoption.read_surroundings(settings.directory, values["tool"], is_forced=values["force"])
    plan = proposal.plan_adoption(around)
    output.echo_plan(plan_text.of_files(plan), is_colored=output.is_colorful(settings.color))
    output.show_problems(problem for problem in plan.problems if problem.severity == "warning")
    for remark in () if settings.is_quiet else plan.said:
        output.echo_error(f"note: {remark}")
    if left := sorted(around.draft.left, key=lambda each: (each.path, each.line)):
        output.echo_error(f"not carried over from {values['tool']}:")
        for each in left:
            output.echo_error(f"  {each}")
    return plan


def _write(settings: Globals, plan: Plan, *, is_agreed: bool) -> None:
    from verbump.effects import write_proposal
    from verbump.planning.actions import describe

    if not is_agreed and not click.confirm("Write this?", err=True):
        raise Cancelled("not written: nothing has changed")
    write_proposal.write_whole(settings.directory, plan)
    for action in () if settings.is_quiet else plan.actions:
        output.echo_error(describe(action))
