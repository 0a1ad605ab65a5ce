"""`verbump next`: the next version."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.errors import NothingToDo, Refused, VerbumpError

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Request, Snapshot


@click.command(name="next", short_help="The next version.")
@click.option("--current", is_flag=True, help="The current version instead.")
@options.version_options
@click.option("--exact", metavar="VERSION", help="This version; it must be higher than the current one.")
@click.option("--offline", is_flag=True, help="Ask no remote.")
@options.range_options
@click.option("--explain", is_flag=True, help="A table of the commits, the rule that fired and the entry each makes.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """The next version, from the commits since the last release and the hand-written notes under [Unreleased].

    Prints the version and nothing else; --format json says why, commit by commit. Exit status 3: nothing to release.

    \b
    Example: verbump next --explain
    """
    form = values["form"]
    try:
        snapshot, decision = _decide(settings, values)
    except VerbumpError as error:
        if form == "json":
            problems = error.problems if isinstance(error, Refused) else (error.as_problem(),)
            output.echo_answer(output.as_json(output.next_data(None, problems)))
        raise
    errors = [problem for problem in decision.problems if problem.severity == "error"]
    if form == "json":
        output.echo_answer(output.as_json(output.next_data(decision)))
    if not settings.is_quiet:
        output.show_problems(problem for problem in decision.problems if problem.severity == "warning")
    if settings.verbosity and snapshot.foreign_tags:
        output.echo_error(f"{snapshot.foreign_tags} tags are no versions in the format {snapshot.tag_format.text}")
    if errors:
        raise Refused(errors)
    if values["current"]:
        _show_current(decision, form)
    elif form == "github":
        _write_github(snapshot, decision)
    else:
        _show_next(settings, decision, values)


def _decide(settings: Globals, values: dict[str, Any]) -> tuple[Snapshot, Decision]:
    from verbump.effects import read
    from verbump.planning import release

    request: Request = options.request_of(values, exact=values["exact"])
    reading = options.read_options(settings, values, is_offline=values["offline"], is_exact=values["exact"] is not None)
    snapshot = read.read_snapshot(reading)
    return snapshot, release.plan_next(snapshot, request)


def _show_next(settings: Globals, decision: Decision, values: dict[str, Any]) -> None:
    if values["explain"] and values["form"] == "text":
        table = output.explain(decision, color=settings.color)
        click.echo(table.rstrip("\n"))
        click.echo("")
    if decision.version is None:
        since = f" since {decision.current.name}" if decision.current else ""
        raise NothingToDo(f"nothing to release{since}")
    if values["form"] == "text":
        output.echo_answer(str(decision.version))


def _show_current(decision: Decision, form: str) -> None:
    if decision.current is None:
        raise NothingToDo("no release yet: no version tag is reachable", code="no-release-yet")
    if form == "text":
        output.echo_answer(str(decision.current.version))
    elif form == "github":
        _append(
            {
                "version": str(decision.current.version),
                "pep440": output.pep440_or_empty(decision.current.version),
                "tag": decision.current.name,
            }
        )


def _write_github(snapshot: Snapshot, decision: Decision) -> None:
    """The step outputs; nothing to release is `release=false` and exit status 0."""
    from verbump.planning import notes

    version = decision.version
    _append(
        {
            "release": "true" if version else "false",
            "version": str(version) if version else "",
            "pep440": output.pep440_or_empty(version),
            "tag": decision.tag,
            "previous": str(decision.current.version) if decision.current else "",
            "bump": decision.bump.word,
            "prerelease": "true" if version and version.prerelease else "false",
            "notes": notes.render_coming(snapshot, decision) if version else "",
        }
    )


def _append(values: dict[str, str]) -> None:
    """Append to the file that $GITHUB_OUTPUT names, or print where it is unset."""
    import secrets

    from verbump.domain import escape

    text = "".join(escape.github_output(key, value, secrets.token_hex(16)) for key, value in values.items())
    path = os.environ.get("GITHUB_OUTPUT")
    if not path:
        output.echo_answer(text)
        return
    from verbump.effects import files

    files.append_text(path, text)
