"""Every option can come from `VERBUMP_<COMMAND>_<OPTION>`, spelled as the option is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from support.projects import released
from support.running import verbump
from verbump.cli.main import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def every_option(command: click.Command, prefix: str) -> Iterator[tuple[str, str | None]]:
    """Of each option its variable as commands.md has it, and the one that is read."""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            long = next(each for each in parameter.opts if each.startswith("--"))
            assert isinstance(parameter.envvar, str)
            yield f"{prefix}_{long[2:].replace('-', '_').upper()}", parameter.envvar
    for name, inner in command.commands.items() if isinstance(command, click.Group) else ():
        yield from every_option(inner, f"{prefix}_{name.upper()}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_its_variable(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options = list(every_option(command, f"VERBUMP_{name.upper()}"))
    assert [expected for expected, _ in options] == [found for _, found in options]


def test_variables_are_read_and_the_command_line_wins(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", "fix: y")
    assert verbump("next", cwd=repo.path, env={"VERBUMP_NEXT_FORMAT": "json"}).json["next"]["version"] == "1.3.0"
    assert verbump("next", cwd=repo.path, env={"VERBUMP_NEXT_FROM": "HEAD~1"}).stdout == "1.2.4\n"
    both = verbump("next", "--from", "v1.2.3", cwd=repo.path, env={"VERBUMP_NEXT_FROM": "HEAD~1"})
    assert both.stdout == "1.3.0\n"


def test_wrong_value_names_the_variable(tmp_path: Path) -> None:
    result = verbump("next", cwd=released(tmp_path, "feat: x").path, env={"VERBUMP_NEXT_FORMAT": "yaml"})
    assert result.code == 2
    assert "VERBUMP_NEXT_FORMAT" in result.stderr
