"""`verbump package scoop`: a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import packaging

if TYPE_CHECKING:
    from verbump.cli.main import Globals


@click.command(name="scoop", short_help="A manifest for a Scoop bucket.")
@packaging.options("scoop")
@packaging.crate_option
@packaging.static_option
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Write a Scoop manifest that installs the release's programs on Windows.

    With the forge's own release addresses it updates itself (checkver, autoupdate).

    \b
    Example: verbump package scoop --out bucket
    """
    from verbump.planning.packaging import facts, scoop

    found = packaging.read_facts(settings, values)
    files = scoop.plan_files(facts.of_programs(found), is_static=values["static_crt"])
    packaging.write(settings, values, found, files)
