"""`verbump release`: makes the release."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.cli.json_errors import answered_as_plan
from verbump.effects import git_environment
from verbump.errors import Cancelled, NothingToDo, Refused, UsageError

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.effects.journal import Record
    from verbump.effects.release_protocol import Outcome
    from verbump.planning.release import ReleasePlan
    from verbump.planning.snapshot import Snapshot


@click.command(name="release", short_help="Make the release.")
@click.argument("version", required=False)
@click.option("--dry-run", is_flag=True, help="Show the plan with a diff of every file; do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.version_options
@click.option("--if-needed", is_flag=True, help="Nothing to release is exit status 0.")
@click.option("--no-push", is_flag=True, help="Everything local, no remote read or written; --resume pushes it later.")
@click.option("--pull-request", is_flag=True, help="Ask for the release by a pull request (GitHub).")
@click.option("--tag-merged", is_flag=True, help="Tag the release whose pull request has been merged.")
@click.option("--remote", metavar="NAME", help="Push to this remote.")
@click.option("--branch", metavar="NAME", help="Release this branch, when HEAD is detached.")
@click.option("--sign/--no-sign", default=None, help="Sign commit and tag, or not (default: as git is configured).")
@click.option("--align", is_flag=True, help="Go on although tag and manifests disagree: all get the new version.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=git_environment.SILENCE_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Give up on a remote that shows no sign of life for so long.",
)
@click.option("--resume", is_flag=True, help="Finish an interrupted release.")
@click.option("--abort", is_flag=True, help="Undo a release that has not been pushed.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Make the release: version in every manifest and lock file, changelog, commit, tag, one atomic push.

    VERSION is the exact version; without it the commits decide. Shows the plan and asks; without a terminal --yes is
    required. Nothing changes here before the remote has accepted branch and tag together.

    Where the branch takes no push, --pull-request asks for the release by a pull request, and --tag-merged makes the
    tag once it is merged.

    \b
    Example: verbump release --dry-run
    """
    with answered_as_plan(values["form"]):
        _check(values)
        if values["resume"] or values["abort"]:
            _finish_earlier(settings, values)
            return
    if values["tag_merged"]:
        from verbump.cli import release_merged

        release_merged.tag(settings, values)
        return
    with answered_as_plan(values["form"]):
        snapshot, release = _plan(settings, values)
    _show(settings, release, values)
    if release.plan.errors:
        raise Refused(release.plan.errors)
    if release.decision.version is None:
        _nothing(settings, snapshot, release, values)
    elif values["pull_request"] and not values["dry_run"]:
        from verbump.cli import release_request

        release_request.propose(settings, snapshot, release, values)
    elif not values["dry_run"]:
        _make(settings, release, values)


# Each another way to go; the first two are about a release that was begun before.
_WAYS = ("resume", "abort", "pull-request", "tag-merged", "no-push")


def _check(values: dict[str, Any]) -> None:
    """Raises UsageError for options that do not go together, before anything is read."""
    chosen = [name for name in _WAYS if values[name.replace("-", "_")]]
    if len(chosen) > 1:
        raise UsageError(f"--{chosen[0]} and --{chosen[1]} exclude one another")
    if values["tag_merged"] and (values["version"] or values["bump"] or values["pre"]):
        raise UsageError(
            "--tag-merged tags the version that was merged: name none", hint="verbump release --tag-merged"
        )
    if values["resume"] or values["abort"]:
        return
    if values["version"] is not None and (values["bump"] or values["pre"]):
        hint = "name the version, or how to find it, not both"
        raise UsageError(f"version {values['version']} cannot be combined with --bump or --pre", hint=hint)
    if not values["dry_run"] and not values["yes"] and not sys.stdin.isatty():
        hint = "verbump release --yes, or --dry-run to see the plan"
        raise UsageError("there is no terminal to ask on: --yes is required", hint=hint, code="needs-yes")


def _plan(settings: Globals, values: dict[str, Any]) -> tuple[Snapshot, ReleasePlan]:
    from verbump.effects import execute, read
    from verbump.planning import release

    request = options.request_of(values, exact=values["version"], is_pushing=not values["no_push"])
    reading = options.read_options(
        settings,
        values,
        is_offline=values["no_push"],
        is_release=True,
        is_exact=values["version"] is not None,
        silence_seconds=values["timeout"],
    )
    execute.refuse_pending(settings.directory)
    snapshot = read.read_snapshot(reading)
    if not snapshot.packages:
        made = release.plan_release(snapshot, request)
    else:
        from verbump.planning import packages

        made = packages.plan_release(snapshot, request)
    if values["pull_request"]:
        from verbump.planning import release_request

        made = release_request.plan_request(snapshot, made)
    return snapshot, made


def _show(settings: Globals, release: ReleasePlan, values: dict[str, Any]) -> None:
    warnings = [problem for problem in release.plan.problems if problem.severity == "warning"]
    if warnings and not settings.is_quiet:
        output.show_problems(warnings)
    if values["form"] == "json":
        output.echo_plan([output.as_json(output.plan_data(release))])
    elif release.decision.version is not None:
        from verbump.cli import plan_text

        lines = plan_text.of_release(release, with_diff=values["dry_run"])
        output.echo_plan(lines, is_colored=output.is_colorful(settings.color))


def _nothing(settings: Globals, snapshot: Snapshot, release: ReleasePlan, values: dict[str, Any]) -> None:
    if values["pull_request"]:
        from verbump.cli import release_request

        if release_request.withdraw(settings, snapshot, values):
            return
    current = release.decision.current if len(release.packages) < 2 else None
    message = f"nothing to release{f' since {current.name}' if current else ''}"
    if not values["if_needed"]:
        raise NothingToDo(message, hint="`verbump next --explain` says why; `--bump patch` releases all the same")
    output.echo_error(message)


def _make(settings: Globals, release: ReleasePlan, values: dict[str, Any]) -> None:
    from verbump.effects import execute

    if not values["yes"] and not click.confirm(f"Release {release.text}?", err=True):
        raise Cancelled("not released: nothing has changed")
    report = _report(settings)
    outcome = execute.execute(settings.directory, release.text, release.plan, report, values["timeout"])
    _tell(outcome)
    if values["no_push"]:
        output.echo_error("not pushed: `verbump release --resume` does it")


def _finish_earlier(settings: Globals, values: dict[str, Any]) -> None:
    from verbump.effects import execute, resuming

    report = _report(settings)
    if values["abort"]:
        record = execute.abort(settings.directory, values["timeout"])
        output.echo_error(_describe_aborted(record))
        return
    asked = resuming.Asked(remote=values["remote"], branch=values["branch"], config_file=settings.config)
    for outcome in execute.resume(settings.directory, asked, report, values["timeout"]):
        _tell(outcome)


def _describe_aborted(record: Record) -> str:
    from verbump.effects.journal import Step

    if record.step >= Step.FILES:
        return f"{record.name} is released and stays so; its workflow is left to you"
    return f"undone: {record.name} was not pushed, and nothing of it is left"


def _report(settings: Globals) -> Any:
    """Where each finished step is told: stderr, or nowhere with -q."""
    return (lambda _: None) if settings.is_quiet else output.echo_error


def _tell(outcome: Outcome) -> None:
    for remark in outcome.remarks:
        output.echo_error(f"note: {remark}")
    output.echo_error(f"released {outcome.record.name} ({outcome.record.commit[:7]})")
