"""`verbump preview`: what merging a pull request would release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.errors import Problem, UsageError

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.planning.preview import Preview


@click.command(name="preview", short_help="What merging a pull request would release: the comment on it.")
@click.option(
    "--base", metavar="REF", help="Merge into this. Default: the pull request's base, else the default branch."
)
@click.option("--head", metavar="REF", help="What is merged. Default: the pull request's head, else HEAD.")
@click.option("--title", metavar="TEXT", help="The pull request's title, which a squash merge takes.")
@click.option(
    "--merge-method",
    "methods",
    type=click.Choice(["merge", "squash", "rebase"]),
    multiple=True,
    help="Only this way of merging; repeatable. Default: what the repository allows, else all.",
)
@click.option("--pr", "number", type=click.IntRange(min=1), metavar="N", help="The pull request, as GitHub knows it.")
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """What merging a pull request would release: the version by each merge method, commits, files, changelog.

    In a workflow on pull_request the event says which; elsewhere HEAD is merged into the remote's default branch. The
    repository stays as it is. Nothing to release is exit status 0, and said in words.

    \b
    Example: verbump preview --base main --title "feat: streams"
    """
    from verbump.cli import preview_data
    from verbump.planning import preview_comment

    made = _plan(settings, values)
    data = preview_data.preview_data(made)
    text = preview_comment.render_comment(data)
    output.echo_answer(output.as_json(data) if values["form"] == "json" else text)


def _plan(settings: Globals, values: dict[str, Any]) -> Preview:
    from verbump.effects import merge_outcomes, read_pull
    from verbump.planning import merges, preview

    asked = read_pull.Asked(base=values["base"], head=values["head"], title=values["title"], number=values["number"])
    found = read_pull.of_event(read_pull.read_event(), asked.number)
    reading = options.read_options(settings, values)
    location, reading, pull = read_pull.read_pull(reading, asked, found)
    methods = values["methods"] or pull.settings.methods or merges.METHODS
    outcomes = merge_outcomes.read_outcomes(reading, location, pull, methods)
    problems = list(outcomes.problems)
    if not any(each.method == "squash" for each in outcomes.merged) and "squash" in methods:
        message = "a squash merge of several commits takes the pull request's title, which is not known"
        if values["methods"]:
            raise UsageError(message, hint='--title "feat: …"', code="title-needed")
        problems.append(Problem(code="title-needed", severity="warning", message=message, hint='--title "feat: …"'))
    inputs = preview.Inputs(
        pull=pull,
        base=outcomes.base,
        merged=outcomes.merged,
        methods=tuple(methods),
        commits=outcomes.commits,
        problems=tuple(problems),
        workflow=outcomes.workflow,
    )
    return preview.plan_preview(inputs)
