"""`verbump package conda`: a recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import output, packaging

if TYPE_CHECKING:
    from verbump.cli.main import Globals


@click.command(name="conda", short_help="A recipe from the source distribution.")
@packaging.options("conda")
@click.option("--module", metavar="NAME", default="", help="What the package's test imports. Default: the project.")
@click.option(
    "--maintainer", "maintainers", metavar="ACCOUNT", multiple=True, help="On GitHub; repeatable. Default: the owner."
)
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Write a recipe.yaml with which rattler-build makes conda packages of the release's source distribution.

    Requirements keep the names that they have on PyPI; conda-forge has other ones for a few.

    \b
    Example: verbump package conda --maintainer octocat --out recipes/demo
    """
    from verbump.planning.packaging import conda, facts

    found = packaging.read_facts(settings, values)
    recipe = conda.plan_files(
        facts.of_python(found), found.texts, module=values["module"], maintainers=values["maintainers"]
    )
    for remark in recipe.remarks if not settings.is_quiet else ():
        output.echo_error(f"note: {remark}")
    packaging.write(settings, values, found, recipe.files)
