"""`verbump package chocolatey`: a nuspec and its install script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import packaging

if TYPE_CHECKING:
    from verbump.cli.main import Globals


@click.command(name="chocolatey", short_help="A nuspec and its install script.")
@packaging.options("chocolatey")
@packaging.crate_option
@packaging.static_option
@click.option("--authors", metavar="NAMES", default="", help="Default: those of the manifests, else the owner.")
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Write what `choco pack` makes a package of: it fetches the release's programs and checks their SHA-256.

    \b
    Example: verbump package chocolatey --out chocolatey
    """
    from verbump.planning.packaging import chocolatey, facts

    found = packaging.read_facts(settings, values)
    files = chocolatey.plan_files(facts.of_programs(found), authors=values["authors"], is_static=values["static_crt"])
    packaging.write(settings, values, found, files)
