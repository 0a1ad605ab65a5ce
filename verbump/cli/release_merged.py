"""`verbump release --tag-merged`: the tag of a release whose pull request has been merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.cli.json_errors import answered_as_plan
from verbump.errors import Cancelled, NothingToDo, Refused

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.effects.tag_release import Found, Tagger


def tag(settings: Globals, values: dict[str, Any]) -> None:
    """Tag every merged request that has no tag yet, and start its workflow.

    Raises:
        NothingToDo: each has its tag.
        As `tag_release.Tagger`.
    """
    from verbump.planning import tag_merged

    with answered_as_plan(values["form"]):
        tagger, found = _find(settings, values)
    _show(found, values)
    if any(each.plan.errors for each in found):
        raise Refused(tuple(problem for each in found for problem in each.plan.errors))
    fresh = [each for each in found if not each.is_tagged]
    if not found and values["if_needed"]:
        output.echo_error(_NOTHING)
    elif not found:
        raise NothingToDo(_NOTHING, hint="verbump release --pull-request asks for one")
    elif not values["dry_run"]:
        named = "; ".join(tag_merged.describe(each.merged, each.wanted) for each in fresh)
        if fresh and not values["yes"] and not click.confirm(f"Tag {named}?", err=True):
            raise Cancelled("not tagged: nothing has changed")
        for each in found:
            tagger.tag(each)
            if not each.is_tagged:
                output.echo_error(f"tagged {tag_merged.describe(each.merged, each.wanted)}")


def _find(settings: Globals, values: dict[str, Any]) -> tuple[Tagger, list[Found]]:
    from verbump.effects import execute, read, tag_release
    from verbump.planning import tag_merged

    execute.refuse_pending(settings.directory)
    reading = options.read_options(settings, values, is_release=True, is_exact=True, silence_seconds=values["timeout"])
    snapshot = read.read_snapshot(reading)
    if problems := tuple(tag_merged.find_problems(snapshot)):
        raise Refused(problems)
    report = (lambda _: None) if settings.is_quiet else output.echo_error
    tagger = tag_release.Tagger(settings.directory, snapshot, report, values["timeout"])
    return tagger, tagger.find(options.request_of(values, exact=None))


_NOTHING = "no merged release request without its tag"


def _show(found: list[Found], values: dict[str, Any]) -> None:
    from verbump.planning.actions import describe, describe_kind

    if values["form"] == "json":
        data = {
            "schema": 1,
            "requests": [
                {
                    "pull_request": each.merged.number,
                    "commit": each.merged.commit,
                    "tags": [wanted.name for wanted in each.wanted],
                    "problems": output.problem_data(each.plan.problems),
                    "actions": [{"do": describe_kind(act), "text": describe(act)} for act in each.plan.actions],
                }
                for each in found
            ],
        }
        output.echo_answer(output.as_json(data))
        return
    for each in found:
        output.show_problems(problem for problem in each.plan.problems if problem.severity == "warning")
        for action in each.plan.actions:
            click.echo(output.safe(describe(action)))
