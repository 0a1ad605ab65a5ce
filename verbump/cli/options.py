"""Options that several commands share, and the way from them to a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from verbump.errors import InputError, UsageError

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.effects.read import Options
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Request, Snapshot

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def version_options(command: _Decorated) -> _Decorated:
    """`--bump`, `--pre`, `--package`: what `next` and `release` share."""
    for option in (
        click.option("--package", metavar="NAME", help="One package of several."),
        click.option("--pre", metavar="TOKEN", help="A pre-release: alpha, beta or rc."),
        click.option("--bump", type=click.Choice(["major", "minor", "patch"]), help="At least this bump."),
    ):
        command = option(command)
    return command


def range_options(command: _Decorated) -> _Decorated:
    """`--from` and `--to`: another range of commits than since the last release."""
    command = click.option("--to", "end", metavar="REF", help="Up to this commit, branch or tag.")(command)
    return click.option("--from", "start", metavar="REF", help="Only commits after this one.")(command)


def request_of(values: dict[str, Any], *, exact: str | None, is_pushing: bool = True) -> Request:
    """The request that the options spell.

    Raises:
        UsageError: options that contradict one another.
    """
    from verbump.planning.snapshot import Request

    if exact is not None and (values.get("bump") or values.get("pre")):
        hint = "name the version, or how to find it, not both"
        raise UsageError(f"version {exact} cannot be combined with --bump or --pre", hint=hint)
    _check_spelling(exact, values.get("pre"))
    return Request(
        exact=exact,
        token=values.get("pre"),
        floor=values.get("bump"),
        package=values.get("package"),
        is_aligning=values.get("align", False),
        is_pushing=is_pushing,
        sign=values.get("sign"),
    )


def _check_spelling(exact: str | None, token: str | None) -> None:
    """Raises UsageError for what can be no version and no token, in whatever repository."""
    if exact is None and token is None:
        return
    from verbump.domain import versions

    try:
        if exact is not None:
            versions.parse(exact)
        if token is not None:
            versions.check_token(token)
    except InputError as error:
        raise UsageError(error.message, hint=error.hint, code=error.code) from error


def read_options(settings: Globals, values: dict[str, Any], **more: Any) -> Options:
    """How to read the repository for a command with these options."""
    from verbump.effects.read import Options

    return Options(
        directory=settings.directory,
        config_file=settings.config,
        package=values.get("package"),
        start=values.get("start"),
        end=values.get("end"),
        branch=values.get("branch"),
        remote=values.get("remote"),
        **more,
    )


def read_snapshot(settings: Globals, values: dict[str, Any], **more: Any) -> Snapshot:
    """The repository as it is; what is wrong with its state, an unfinished release say, is warned of."""
    from verbump.cli import output
    from verbump.effects import read

    snapshot = read.read_snapshot(read_options(settings, values, **more))
    if not settings.is_quiet:
        output.show_problems(problem for problem in snapshot.problems if problem.severity == "warning")
    return snapshot


def view_of(snapshot: Snapshot, values: dict[str, Any], *, tag: str = "") -> Snapshot:
    """What the package that is meant sees: the named one, or the only one that has `tag`.

    Raises:
        UsageError: several packages, and it is not said which.
    """
    if not snapshot.packages:
        return snapshot
    from verbump.planning import packages

    name = values.get("package")
    having = [each.name for each in snapshot.packages if tag and each.view.tag_format.version(tag) is not None]
    return packages.select(snapshot, having[0] if name is None and len(having) == 1 else name)


def plan_next(snapshot: Snapshot, request: Request) -> tuple[Snapshot, Decision]:
    """What the one package that is meant sees, and what is decided for it.

    Raises:
        UsageError: several packages, and none named.
    """
    if not snapshot.packages:
        from verbump.planning import coming

        return snapshot, coming.plan_next(snapshot, request)
    from verbump.planning import packages

    packages.select(snapshot, request.package)
    (decided,) = packages.plan_next(snapshot, request)
    return decided.package.view, decided.decision
