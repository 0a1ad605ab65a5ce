"""Options that several commands share, and the way from them to a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from verbump.errors import UsageError

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.effects.read import Options
    from verbump.planning.snapshot import Request

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
        UsageError: options that contradict one another, or a package where there is only one.
    """
    from verbump.planning.snapshot import Request

    if exact is not None and (values.get("bump") or values.get("pre")):
        hint = "name the version, or how to find it, not both"
        raise UsageError(f"version {exact} cannot be combined with --bump or --pre", hint=hint)
    if values.get("package"):
        message = f"package {values['package']!r}: this repository has no [[tool.verbump.packages]]"
        raise UsageError(message, hint="leave --package out", code="no-such-package")
    return Request(
        exact=exact,
        token=values.get("pre"),
        floor=values.get("bump"),
        is_aligning=values.get("align", False),
        is_pushing=is_pushing,
        sign=values.get("sign"),
    )


def read_options(settings: Globals, values: dict[str, Any], **more: Any) -> Options:
    """How to read the repository for a command with these options."""
    from verbump.effects.read import Options

    return Options(
        directory=settings.directory,
        config_file=settings.config,
        start=values.get("start"),
        end=values.get("end"),
        branch=values.get("branch"),
        remote=values.get("remote"),
        **more,
    )
