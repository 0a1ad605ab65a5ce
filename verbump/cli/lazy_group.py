"""A group of commands that loads a command only when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


# click's own bounds of a help's width, in columns.
_WIDEST = 80
_NARROWEST = 50


def name_variables(command: click.Command, prefix: str) -> None:
    """Give each option its environment variable, after its long name: `VERBUMP_NEXT_FORMAT`. Source: commands.md.

    click would name it after the parameter, which is not always what a person types.
    """
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.envvar is None:
            longest = max(parameter.opts, key=len).lstrip("-")
            parameter.envvar = f"{prefix}_{longest}".replace("-", "_").upper()
    for name, inner in command.commands.items() if isinstance(command, click.Group) else ():
        name_variables(inner, f"{prefix}_{name}")


class LazyGroup(click.Group):
    """A group whose commands are modules, loaded when called: `table` is name → what it answers, in the help's order.

    The command `name` is `command` of the module `{module}{name}`; its variables begin with `prefix`.
    """

    def __init__(self, *, module: str, prefix: str, table: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        self.module = module
        self.prefix = prefix
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        del ctx
        if cmd_name not in self.table:
            return None
        command = importlib.import_module(f"{self.module}{cmd_name}").command
        assert isinstance(command, click.Command)
        name_variables(command, f"{self.prefix}_{cmd_name}")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with "did you mean" for an unknown command."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            close = difflib.get_close_matches(args[0], self.table, n=1, cutoff=0.5)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]!r}?", ctx) from error

    def get_help(self, ctx: click.Context) -> str:
        """The help, as wide as click makes it; click would ask shutil, which loads three libraries for archives."""
        if ctx.terminal_width is None:
            ctx.terminal_width = max(min(_columns(), ctx.max_content_width or _WIDEST) - 2, _NARROWEST)
        return super().get_help(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without loading one."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))


def _columns() -> int:
    """Columns of the terminal, as shutil.get_terminal_size() counts them."""
    with suppress(ValueError):
        if (given := int(os.environ.get("COLUMNS", "0"))) > 0:
            return given
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _WIDEST if sys.__stdout__ else _WIDEST
    except (ValueError, OSError):
        return _WIDEST
