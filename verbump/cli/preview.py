"""`verbump preview`: what merging a pull request would release."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.cli.json_errors import with_json_errors
from verbump.errors import Problem, UsageError

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.effects.github import GitHub
    from verbump.effects.read_pull import Found
    from verbump.planning.preview import Preview

_NOT_WITH_PLAN = ("base", "head", "title", "methods")


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
@click.option("--post", is_flag=True, help="Write it on the pull request: one comment, edited in place.")
@click.option(
    "--from-plan",
    "plan",
    type=click.Path(dir_okay=False),
    help="Show what a job without rights has made with --format json.",
)
@click.pass_obj
@with_json_errors
def command(settings: Globals, /, **values: Any) -> None:
    """What merging a pull request would release: the version by each merge method, commits, files, changelog.

    In a workflow on pull_request the event says which; elsewhere HEAD is merged into the remote's default branch. The
    repository stays as it is. Nothing to release is exit status 0, and said in words. The token for --post is read from
    GH_TOKEN or GITHUB_TOKEN and needs Pull requests: write.

    \b
    Example: verbump preview --base main --title "feat: streams"
    """
    from verbump.effects import read_pull
    from verbump.planning import preview_comment

    _check(values)
    event = read_pull.read_event()
    found = read_pull.of_event(event, values["number"])
    hub = _connect(settings, values) if values["post"] or (values["number"] and found is None) else None
    if hub is not None and found is None and values["number"]:
        found = read_pull.of_number(hub, values["number"])
    if values["plan"] is not None:
        from verbump.cli import preview_plan

        data = preview_plan.read(values["plan"])
        if hub is not None:
            found = preview_plan.find_pull(hub, data, event, found)
            if found is None:
                output.echo_error(
                    "note: the pull request has been closed or has moved on: there is nothing to say on it"
                )
                return
    else:
        from verbump.cli import preview_data

        data = preview_data.preview_data(_plan(settings, values, found))
    if hub is not None:
        _add_protection(hub, data, found)
    text = preview_comment.render_comment(data)
    _write_summary(text)
    if values["post"]:
        assert hub is not None
        _post(hub, data, text, found)
    output.echo_answer(output.as_json(data) if values["form"] == "json" else text)


def _check(values: dict[str, Any]) -> None:
    """Raises UsageError for options that do not go together."""
    given = [name for name in _NOT_WITH_PLAN if values[name]]
    if values["plan"] is not None and given:
        raise UsageError(
            f"--from-plan shows what was planned: --{given[0].replace('methods', 'merge-method')} is too late"
        )


def _connect(settings: Globals, values: dict[str, Any]) -> GitHub:
    """The repository's GitHub: in a workflow the one that it runs for, else the remote's.

    Raises:
        Refused: no repository on GitHub is known; or no token for --post.
    """
    from verbump.effects import git_history, github, read

    forge = None
    if not os.environ.get("GITHUB_REPOSITORY"):
        location = git_history.locate(settings.directory)
        forge = read.forge_of(location, read.remote_of(location, location.branch))
    return github.connect(forge, needs_token=values["post"])


def _plan(settings: Globals, values: dict[str, Any], found: Found | None) -> Preview:
    from verbump.effects import merge_outcomes, read_pull
    from verbump.planning import merges, preview

    asked = read_pull.Asked(base=values["base"], head=values["head"], title=values["title"], number=values["number"])
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


def _add_protection(hub: GitHub, data: dict[str, Any], found: Found | None) -> None:
    """The base branch's protection, as GitHub tells it, among the problems."""
    from verbump.effects import pull_comments

    branch = found.base_branch if found is not None else data["pull_request"]["base_branch"]
    if branch:
        data["problems"] += output.problem_data(pull_comments.find_protection(hub, branch))


def _write_summary(text: str) -> None:
    """The same in the step summary of a workflow."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        from verbump.effects import files

        files.append_text(path, text)


def _post(hub: GitHub, data: dict[str, Any], text: str, found: Found | None) -> None:
    from verbump.effects import pull_comments
    from verbump.planning import preview_comment

    number = found.number if found is not None else data["pull_request"]["number"]
    if number is None:
        raise UsageError("--post: which pull request?", hint="--pr N", code="pull-needed")
    page = pull_comments.write_comment(hub, number, text, preview_comment.MARKER)
    output.echo_error(f"note: {page}")
    is_clear = not any(each["severity"] == "error" for each in data["problems"])
    title = preview_comment.render_title(data)
    sha = data["pull_request"]["head"]
    if not pull_comments.write_check(hub, sha, title, text, is_clear=is_clear):
        output.echo_error("note: no check run: it needs `checks: write`")
