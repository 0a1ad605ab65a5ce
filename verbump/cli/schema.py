"""`verbump schema`: the JSON schema of the configuration and of the outputs."""

from __future__ import annotations

import click

from verbump.cli import output

_WHICH = ("config", "next", "plan", "preview", "doctor", "build", "verify")


@click.command(name="schema", short_help="The JSON schema of the configuration, or of an output.")
@click.argument("which", type=click.Choice(_WHICH), default="config", required=False)
def command(which: str) -> None:
    """The JSON schema of the configuration, or of what a command writes as JSON: `plan` is that of `release`.

    \b
    Example: verbump schema > verbump.schema.json
    """
    if which == "config":
        from verbump import config

        schema = config.json_schema()
    else:
        from verbump.cli import schemas

        schema = getattr(schemas, which.upper())
    output.echo_answer(output.as_json(schema))
