"""`verbump notes`: release notes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.cli.json_errors import with_json_errors
from verbump.errors import NothingToDo, Refused

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.errors import Problem


@click.command(name="notes", short_help="Release notes as Markdown.")
@click.argument("version", required=False)
@click.option("--package", metavar="NAME", help="One package of several.")
@options.range_options
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
@click.option(
    "--dist",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("dist"),
    help="With `notes.checksums`: where SHA256SUMS is. Default: dist.",
)
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False), help="Write to this file instead.")
@click.pass_obj
@with_json_errors
def command(settings: Globals, /, **values: Any) -> None:
    """Release notes: of the coming release, or of VERSION (a released version or its tag) from the changelog.

    \b
    Example: verbump notes
    """
    from verbump.effects import read_notes
    from verbump.planning import notes, notes_tail

    snapshot = options.read_snapshot(settings, values)
    name = values["version"]
    if name is not None:
        view = options.view_of(snapshot, values, tag=name)
        notes.render_released(view, name)  # an unknown version is told before anything is asked
        extras = read_notes.read_released(settings.directory, view, name, settings.directory / values["dist"], _warn)
        text = notes.render_released(view, name, extras)
        tag, previous = notes.find_tags(view, name)
        data = {"version": notes.find_version(view, name), "tag": tag, "released": True}
    else:
        view, decision = options.plan_next(snapshot, options.request_of(values, exact=None))
        if errors := [problem for problem in decision.problems if problem.severity == "error"]:
            raise Refused(errors)
        if decision.version is None:
            raise NothingToDo("nothing to release: the coming release has no notes")
        extras = read_notes.read_coming(settings.directory, view, decision, _warn)
        text = notes.render_coming(view, decision, extras)
        tag, previous = decision.tag, notes.find_previous(view, decision)
        data = {"released": False, **notes.section_data(view, decision)}
    if values["form"] == "json":
        data |= notes_tail.extras_data(extras, notes_tail.compare_url(view, previous, tag))
        text = output.as_json({"schema": 1, **data, "markdown": text})
    output.write_answer(text, values["target"])


def _warn(problem: Problem) -> None:
    output.show_problems([problem])
