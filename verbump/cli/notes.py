"""`verbump notes`: release notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.errors import NothingToDo, Refused

if TYPE_CHECKING:
    from verbump.cli.main import Globals


@click.command(name="notes", short_help="Release notes as Markdown.")
@click.argument("version", required=False)
@click.option("--package", metavar="NAME", help="One package of several.")
@options.range_options
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False), help="Write to this file instead.")
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Release notes: of the coming release, or of VERSION (a released version or its tag) from the changelog.

    \b
    Example: verbump notes
    """
    from verbump.effects import read
    from verbump.planning import notes

    request = options.request_of(values, exact=None)
    snapshot = read.read_snapshot(options.read_options(settings, values))
    data: dict[str, Any] = {"schema": 1}
    if values["version"] is not None:
        view = options.view_of(snapshot, values, tag=values["version"])
        text = notes.render_released(view, values["version"])
        data |= {"version": values["version"], "released": True}
    else:
        view, decision = options.plan_next(snapshot, request)
        if errors := [problem for problem in decision.problems if problem.severity == "error"]:
            raise Refused(errors)
        if decision.version is None:
            raise NothingToDo("nothing to release: the coming release has no notes")
        text = notes.render_coming(view, decision)
        data |= {"released": False, **notes.section_data(view, decision)}
    answer = text if values["form"] == "markdown" else output.as_json({**data, "markdown": text})
    output.write_answer(answer, values["target"])
