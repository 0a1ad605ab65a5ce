"""JSON on stdout for an error too: a script that asked for JSON gets it whatever the exit code. Source: commands.md."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from verbump.errors import BuildFailed, CheckFailed, Refused, VerbumpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verbump.errors import Problem


def problems_of(error: VerbumpError) -> Sequence[Problem]:
    """All problems of a refusal, or the one that the error is."""
    return error.problems if isinstance(error, Refused) else (error.as_problem(),)


@contextmanager
def answered_as_plan(form: str) -> Iterator[None]:
    """An error inside is also the answer where JSON is asked for: the plan's shape, without a plan."""
    try:
        yield
    except VerbumpError as error:
        if form == "json":
            from verbump.cli import output

            output.echo_answer(output.as_json(output.plan_data(None, problems_of(error))))
        raise


def with_json_errors(command: Callable[..., None]) -> Callable[..., None]:
    """The same command, which with `--format json` answers `{"schema": 1, "problems": [...]}` before it fails.

    Not for what a check or a build has found: that is answered before the error is raised.
    """

    @functools.wraps(command)
    def answering(*args: Any, **values: Any) -> None:
        try:
            command(*args, **values)
        except (CheckFailed, BuildFailed):
            raise
        except VerbumpError as error:
            if values["form"] == "json":
                from verbump.cli import output

                data = {"schema": 1, "problems": output.problem_data(problems_of(error))}
                output.echo_answer(output.as_json(data))
            raise

    return answering
