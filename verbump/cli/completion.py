"""`verbump completion`: the shell's completion script."""

from __future__ import annotations

import click

from verbump.cli import output


@click.command(name="completion", short_help="The completion script for bash, zsh or fish.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """The script that makes SHELL complete commands and options.

    \b
    Example: eval "$(verbump completion bash)"
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    script = found(ctx.find_root().command, {}, "verbump", "_VERBUMP_COMPLETE")
    output.echo_answer(script.source())
