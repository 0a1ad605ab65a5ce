"""`verbump build`: libraries, binaries, wheels, sdist, wheel tests, SHA256SUMS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import findings, output, progress
from verbump.cli.json_errors import with_json_errors
from verbump.errors import BuildFailed, UsageError

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.effects.build import Built
    from verbump.errors import Problem
    from verbump.planning.artifacts import Artifact


@click.command(name="build", short_help="Libraries, binaries, wheels, sdist, wheel tests, SHA256SUMS.")
@click.option("--next", "is_next", is_flag=True, help="Build the coming version, before any commit or tag exists.")
@click.option("--worktree", is_flag=True, help="Build the files as they lie, not HEAD.")
@click.option("--rust-only", is_flag=True, help="Only the crates.")
@click.option("--python-only", is_flag=True, help="Only the Python project.")
@click.option("--no-tests", is_flag=True, help="Leave cargo test and the wheels' tests out.")
@click.option("--target", "triples", multiple=True, metavar="TRIPLE", help="Build for this target; repeatable.")
@click.option("--universal2", is_flag=True, help="Build for both architectures of macOS in one.")
@click.option("--package", metavar="NAME", help="One package of several.")
@click.option("--out", type=click.Path(path_type=Path), default="dist", show_default=True, metavar="DIR")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
@with_json_errors
def command(settings: Globals, /, **values: Any) -> None:
    """Build, test and check everything that a release hands out, from an export of HEAD.

    The work tree is never touched, and uncommitted edits never ship. Wheels are built from the source distribution
    alone, installed into fresh environments, and tested there. DIR is filled at the end, by one rename.

    \b
    Example: verbump build && verbump verify HEAD --dist dist
    """
    _check(values)
    from verbump.effects import build
    from verbump.planning.build import Wanted

    order = build.Order(
        directory=settings.directory,
        config_file=settings.config,
        sources="next" if values["is_next"] else "worktree" if values["worktree"] else "head",
        out=settings.directory / values["out"],
        package=values["package"],
        wanted=Wanted(
            rust=not values["python_only"],
            python=not values["rust_only"],
            tests=not values["no_tests"],
            triples=tuple(dict.fromkeys(values["triples"])),
            universal2=values["universal2"],
        ),
    )
    is_json = values["form"] == "json"
    try:
        built = build.build_project(order, progress.step_reporter(is_quiet=settings.is_quiet))
    except BuildFailed as error:
        if is_json:
            _show_data(None, (error.as_problem(),))
        raise
    if is_json:
        _show_data(built)
        return
    if not settings.is_quiet:
        for remark in built.remarks:
            output.echo_error(f"note: {remark}")
    _show(built.artifacts)


def _check(values: dict[str, Any]) -> None:
    """Raises UsageError for options that do not go together, before anything is read."""
    pairs = (("--next", "--worktree"), ("--rust-only", "--python-only"), ("--worktree", "--package"))
    for one, other in pairs:
        if values[one[2:].replace("next", "is_next").replace("-", "_")] and values[other[2:].replace("-", "_")]:
            raise UsageError(f"{one} and {other} exclude one another")


def _show(artifacts: tuple[Artifact, ...]) -> None:
    """File, size in bytes, SHA-256: a line each, in columns."""
    width = max((len(each.name) for each in artifacts), default=0)
    digits = max((len(f"{each.size:,}") for each in artifacts), default=0)
    for each in artifacts:
        output.echo_answer(output.safe(f"{each.name:<{width}}  {each.size:>{digits},}  {each.sha256}"))
    if not artifacts:
        output.echo_error("no artifact: a library crate is built and tested, and published as it is")


def _show_data(built: Built | None, problems: tuple[Problem, ...] = ()) -> None:
    """What was built, or why nothing was, as JSON."""
    data = {
        "schema": 1,
        "version": str(built.version) if built else None,
        "pep440": output.pep440_or_empty(built.version) if built else "",
        "artifacts": findings.artifact_data(built.artifacts) if built else [],
        "notes": list(built.remarks) if built else [],
        "problems": output.problem_data(problems),
    }
    output.echo_answer(output.as_json(data))
