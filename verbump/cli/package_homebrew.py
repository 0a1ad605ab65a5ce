"""`verbump package homebrew`: a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import packaging

if TYPE_CHECKING:
    from verbump.cli.main import Globals


@click.command(name="homebrew", short_help="A formula for a Homebrew tap.")
@packaging.options("homebrew")
@packaging.crate_option
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Write a Homebrew formula that installs the release's programs on macOS and Linux.

    It goes into the folder Formula of a tap, a repository called homebrew-<something>.

    \b
    Example: verbump package homebrew --out Formula
    """
    from verbump.planning.packaging import facts, homebrew

    found = packaging.read_facts(settings, values)
    packaging.write(settings, values, found, homebrew.plan_files(facts.of_programs(found)))
