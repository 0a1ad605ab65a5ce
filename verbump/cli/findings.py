"""Findings of a check: as text, as JSON data, as workflow commands that GitHub shows beside the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbump.cli import output
from verbump.domain import escape
from verbump.errors import CheckFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbump.errors import Problem
    from verbump.planning.artifacts import Artifact


def show(problems: Sequence[Problem], form: str, data: dict[str, Any]) -> None:
    """The findings on stdout: errors first. `data` is what JSON holds beside them."""
    ordered = sorted(problems, key=lambda problem: problem.severity)
    if form == "json":
        output.echo_answer(output.as_json({"schema": 1, **data, "problems": output.problem_data(ordered)}))
        return
    for problem in ordered:
        if form == "github":
            output.echo_answer(_annotation(problem))
            continue
        output.echo_answer(_safe_lines(f"{problem.severity}: {problem.message} [{problem.code}]"))
        if problem.hint:
            output.echo_answer(_safe_lines(f"  hint: {problem.hint}"))


def artifact_data(artifacts: Iterable[Artifact]) -> list[dict[str, Any]]:
    """Files of an output folder as JSON data."""
    return [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in artifacts]


def fail_on_errors(problems: Sequence[Problem], code: str, what: str) -> None:
    """Raises CheckFailed where one of the findings is an error."""
    errors = sum(1 for problem in problems if problem.severity == "error")
    if errors:
        raise CheckFailed(f"{errors} {'error' if errors == 1 else 'errors'}: {what}", code=code)


def escaped(text: str, *, in_property: bool = False) -> str:
    """A text inside a workflow command, escaped as GitHub's toolkit does."""
    lines = [escape.for_terminal(line) for line in text.replace("%", "%25").split("\n")]
    joined = "%0A".join(lines)
    return joined.replace(":", "%3A").replace(",", "%2C") if in_property else joined


def _annotation(problem: Problem) -> str:
    text = f"{problem.message} [{problem.code}]" + (f"\n{problem.hint}" if problem.hint else "")
    return f"::{problem.severity} title={escaped(problem.code, in_property=True)}::{escaped(text)}"


def _safe_lines(text: str) -> str:
    from verbump.effects.redaction import redact

    return "\n".join(output.safe(line) for line in redact(text).split("\n"))
