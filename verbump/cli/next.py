"""`verbump next`: the next version."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.cli.json_errors import problems_of
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

    Prints the version and nothing else (of several packages a line `name version` each); --format json says why, commit
    by commit. Exit status 3: nothing to release.

    \b
    Example: verbump next --explain
    """
    form = values["form"]
    try:
        answers = _decide(settings, values)
    except VerbumpError as error:
        if form == "json":
            problems = problems_of(error)
            output.echo_answer(output.as_json(output.next_data(None, problems)))
        raise
    if form == "json":
        output.echo_answer(output.as_json(_data(answers)))
    problems = tuple(dict.fromkeys(problem for each in answers for problem in each.decision.problems))
    if not settings.is_quiet:
        output.show_problems(problem for problem in problems if problem.severity == "warning")
    first = answers[0].view
    if settings.verbosity and first.foreign_tags and not first.package:
        output.echo_error(f"{first.foreign_tags} tags are no versions in the format {first.tag_format.text}")
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise Refused(errors)
    if values["current"]:
        _show_current(answers, form)
    elif form == "github":
        _write_github(answers)
    else:
        _show_next(settings, answers, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What is decided for the repository, or for one of its packages, which `view` names."""

    view: Snapshot
    decision: Decision


def _decide(settings: Globals, values: dict[str, Any]) -> list[_Answer]:
    from verbump.effects import read
    from verbump.planning import coming

    request: Request = options.request_of(values, exact=values["exact"])
    is_exact = values["exact"] is not None
    reading = options.read_options(settings, values, is_offline=values["offline"], is_exact=is_exact, is_recent=True)
    snapshot = read.read_snapshot(reading)
    if not snapshot.packages:
        return [_Answer(view=snapshot, decision=coming.plan_next(snapshot, request))]
    from verbump.planning import packages

    decided = packages.plan_next(snapshot, request)
    return [_Answer(view=each.package.view, decision=each.decision) for each in decided]


def _data(answers: list[_Answer]) -> dict[str, Any]:
    if not answers[0].view.package:
        return output.next_data(answers[0].decision)
    return output.next_data_of({each.view.package: each.decision for each in answers})


def _show_next(settings: Globals, answers: list[_Answer], values: dict[str, Any]) -> None:
    is_text = values["form"] == "text"
    if values["explain"] and is_text:
        for each in answers:
            if not each.decision.reasons and not each.decision.ignored:
                continue
            if len(answers) > 1:
                click.echo(f"{each.view.package}:")
            table = output.explain(each.decision, color=settings.color)
            click.echo(table.rstrip("\n"), color=output.is_colorful(settings.color))
            click.echo("")
    released = [each for each in answers if each.decision.version is not None]
    if not released:
        current = answers[0].decision.current if len(answers) == 1 else None
        hint = "" if values["explain"] or not is_text else "`verbump next --explain` says why"
        raise NothingToDo(f"nothing to release{f' since {current.name}' if current else ''}", hint=hint)
    if is_text:
        for each in released:
            output.echo_answer(_named(each, str(each.decision.version), answers))


def _named(each: _Answer, version: str, answers: list[_Answer]) -> str:
    """The version alone where it can be no other package's, else the package's name before it."""
    return f"{each.view.package} {version}" if len(answers) > 1 else version


def _show_current(answers: list[_Answer], form: str) -> None:
    released = [(each, each.decision.current) for each in answers if each.decision.current is not None]
    if not released:
        raise NothingToDo("no release yet: no version tag is reachable", code="no-release-yet")
    if form == "text":
        for each, tag in released:
            output.echo_answer(_named(each, str(tag.version), answers))
    elif form == "github":
        tag = released[0][1]
        _append({"version": str(tag.version), "pep440": output.pep440_or_empty(tag.version), "tag": tag.name})


def _write_github(answers: list[_Answer]) -> None:
    """The step outputs; nothing to release is `release=false` and exit status 0.

    Of several packages the first that is released, and all that are as JSON in `packages`.
    """
    import json

    from verbump.planning import notes

    released = [each for each in answers if each.decision.version is not None]
    first = (released or answers)[0]
    values = {
        **_outputs(first.decision),
        "notes": notes.render_coming(first.view, first.decision) if released else "",
    }
    if first.view.package:
        values["packages"] = json.dumps([{"name": each.view.package, **_outputs(each.decision)} for each in released])
    _append(values)


def _outputs(decision: Decision) -> dict[str, str]:
    version = decision.version
    return {
        "release": "true" if version else "false",
        "version": str(version) if version else "",
        "pep440": output.pep440_or_empty(version),
        "tag": decision.tag,
        "previous": str(decision.current.version) if decision.current else "",
        "bump": decision.bump.word,
        "prerelease": "true" if version and version.prerelease else "false",
    }


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
