"""`verbump package winget`: three manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import packaging

if TYPE_CHECKING:
    from verbump.cli.main import Globals


@click.command(name="winget", short_help="The three manifests of the Windows Package Manager.")
@packaging.options("winget")
@packaging.crate_option
@packaging.static_option
@click.option("--identifier", metavar="ID", default="", help="Publisher.Package. Default: the owner and the name.")
@click.option("--publisher", metavar="NAME", default="", help="Who publishes it. Default: the repository's owner.")
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Write the version, installer and locale manifests with which winget installs the release's programs.

    \b
    Example: verbump package winget --identifier Example.Demo
    """
    from verbump.planning.packaging import facts, winget

    found = packaging.read_facts(settings, values)
    files = winget.plan_files(
        facts.of_programs(found),
        identifier=values["identifier"],
        publisher=values["publisher"],
        is_static=values["static_crt"],
    )
    packaging.write(settings, values, found, files)
