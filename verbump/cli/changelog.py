"""`verbump changelog`: the coming section, the whole document, or whether the file is well formed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.cli.json_errors import with_json_errors
from verbump.errors import CheckFailed, InputError, NothingToDo, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.cli.main import Globals
    from verbump.planning.actions import Plan
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Snapshot


@click.command(name="changelog", short_help="The coming changelog section, or the whole document.")
@click.option("--all", "whole", is_flag=True, help="The whole document, from history.")
@click.option("--write", is_flag=True, help="Write: coming entries under [Unreleased]; with --all missing sections.")
@click.option("--check", is_flag=True, help="Say whether the file is well formed.")
@click.option("--package", metavar="NAME", help="One package of several.")
@options.range_options
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False), help="Write to this file instead.")
@click.pass_obj
@with_json_errors
def command(settings: Globals, /, **values: Any) -> None:
    """The section that the next release would write; with --all the whole document from history.

    --write changes CHANGELOG.md in the work tree and commits nothing. --check exits with 1 where the file has faults.

    \b
    Example: verbump changelog --check
    """
    if values["check"] and (values["write"] or values["whole"]):
        raise UsageError("--check goes with neither --write nor --all")
    request = options.request_of(values, exact=None)
    snapshot = options.read_snapshot(settings, values)
    if values["check"]:
        _check_all(snapshot, values)
    elif values["whole"]:
        view = options.view_of(snapshot, values)
        with _placed(view):
            _whole(settings, view, values)
    else:
        view, decision = options.plan_next(snapshot, request)
        with _placed(view):
            _coming(settings, view, decision, values)


@contextmanager
def _placed(view: Snapshot) -> Iterator[None]:
    """A changelog that cannot be followed is a refusal with its path."""
    try:
        yield
    except InputError as error:
        raise Refused([error.at(view.config.changelog).as_problem()]) from error


def _check_all(snapshot: Snapshot, values: dict[str, Any]) -> None:
    """Each package's changelog where no package is named; the last that has faults ends it."""
    if not snapshot.packages or values["package"] is not None:
        _check(options.view_of(snapshot, values))
        return
    failed: CheckFailed | None = None
    for package in snapshot.packages:
        if package.view.changelog_path is None:
            continue
        if package.view.changelog is None:
            output.echo_error(f"{package.view.changelog_path}: none yet; the first release of {package.name} makes it")
            continue
        try:
            _check(package.view)
        except CheckFailed as error:
            if failed is not None:
                output.echo_error(failed.message)
            failed = error
    if failed is not None:
        raise failed


def _check(snapshot: Snapshot) -> None:
    from verbump.domain import changelog

    if snapshot.changelog is None:
        path = snapshot.config.changelog
        said, hint = (f"{path}: no such file", "`verbump init`, or the next release, makes it")
        if not path:
            said, hint = ("this project keeps no changelog", "set tool.verbump.changelog to its path")
        raise CheckFailed(said, hint=hint, code="changelog-missing")
    faults = changelog.find_faults(snapshot.changelog)
    for fault in faults:
        output.echo_answer(output.safe(f"{snapshot.config.changelog}:{fault.line}: {fault.message} [{fault.code}]"))
        if fault.hint:
            output.echo_answer(output.safe(f"  hint: {fault.hint}"))
    if faults:
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        raise CheckFailed(f"{snapshot.config.changelog}: {count}", code="changelog-faults")


def _whole(settings: Globals, snapshot: Snapshot, values: dict[str, Any]) -> None:
    from verbump.effects import read_past
    from verbump.planning import whole_changelog

    if not values["write"] and (text := read_past.read_document(settings.directory, snapshot)) is not None:
        _answer(text, values)
        return
    past = read_past.read_past(settings.directory, snapshot)
    if not past:
        raise NothingToDo("no version tag is reachable: history holds no release", code="no-release-yet")
    if values["write"]:
        _write(settings, whole_changelog.plan_write_all(snapshot, past))
    else:
        _answer(whole_changelog.plan_all(snapshot, past), values)


def _answer(document: str, values: dict[str, Any]) -> None:
    """The document as it is, or as JSON: section by section."""
    if values["form"] == "json":
        from verbump.domain import changelog

        sections = [
            {
                "title": section.title,
                "version": section.version or None,
                "date": section.date or None,
                "yanked": section.yanked,
                "body": section.body,
            }
            for section in changelog.parse_changelog(document).sections
        ]
        document = output.as_json({"schema": 1, "sections": sections, "markdown": document})
    output.write_answer(document, values["target"])


def _coming(settings: Globals, snapshot: Snapshot, decision: Decision, values: dict[str, Any]) -> None:
    from verbump.planning import coming, notes, release, whole_changelog

    if errors := [problem for problem in decision.problems if problem.severity == "error"]:
        raise Refused(errors)
    if decision.version is None:
        raise NothingToDo("nothing to release: the coming section is empty")
    document, problems = coming.parse_changelog(snapshot)
    if problems:
        raise Refused(problems)
    if values["write"]:
        _write(settings, whole_changelog.plan_write_coming(snapshot, decision))
        return
    text = release.render_section(snapshot, decision, document)
    if values["form"] == "json":
        text = output.as_json({"schema": 1, **notes.section_data(snapshot, decision), "markdown": text})
    output.write_answer(text, values["target"])


def _write(settings: Globals, plan: Plan) -> None:
    from verbump.effects import execute
    from verbump.planning.actions import describe

    execute.write_files(settings.directory, plan)
    for action in plan.actions:
        output.echo_error(describe(action))
    if not plan.actions and not settings.is_quiet:
        output.echo_error("nothing to write: everything is told already")
