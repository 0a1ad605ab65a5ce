"""`verbump doctor`: is everything here that a release needs, with the fix for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import findings, options, output
from verbump.cli.json_errors import with_json_errors
from verbump.errors import Refused

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.planning.doctor import Facts


@click.command(name="doctor", short_help="Is everything here that a release needs.")
@click.option("--offline", is_flag=True, help="Ask neither the remote nor a registry.")
@click.option("--remote", metavar="NAME", help="The remote to push to.")
@click.option("--branch", metavar="NAME", help="The branch to release, when HEAD is detached.")
@click.option("--index-url", metavar="URL", help="The Python index to ask (default: PyPI).")
@click.option("--crates-index", metavar="URL", help="The sparse crate index to ask (default: crates.io).")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.pass_obj
@with_json_errors
def command(settings: Globals, /, **values: Any) -> None:
    """Is everything here that a release needs: tools, repository, manifests, remote, registries.

    Each finding comes with its fix. Errors block a release, warnings do not. Changes nothing. Exit status 1: errors.

    \b
    Example: verbump doctor --offline
    """
    from verbump.effects import read_facts, registries
    from verbump.planning import doctor

    reading = options.read_options(settings, values, is_offline=values["offline"], is_release=True, is_exact=True)
    index_url, crates_index = values["index_url"] or registries.PYPI, values["crates_index"] or registries.CRATES
    try:
        facts = read_facts.read_facts(reading, index_url, crates_index)
        problems = doctor.diagnose(facts)
    except Refused as error:
        findings.show(error.problems, values["form"], _data(None))
        findings.fail_on_errors(error.problems, "not-ready", "a release is not possible here")
        return
    if values["form"] == "text":
        for tool in facts.tools:
            if tool.version:
                output.echo_answer(output.safe(f"{tool.name} {tool.version}"))
    findings.show(problems, values["form"], _data(facts))
    findings.fail_on_errors(problems, "not-ready", "a release is not possible here")
    if values["form"] == "text" and not settings.is_quiet:
        output.echo_error("nothing stands in the way of a release")


def _data(facts: Facts | None) -> dict[str, Any]:
    if facts is None:
        return {"tools": [], "registries": []}
    return {
        "tools": [{"name": each.name, "version": each.version or None} for each in facts.tools],
        "registries": [
            {"registry": each.registry, "name": each.name, "exists": each.exists, "error": each.error}
            for each in facts.registered
        ],
    }
