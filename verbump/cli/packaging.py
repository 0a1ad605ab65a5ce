"""What the commands of `verbump package` share: their options, and the way from these to files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from verbump.cli import output
from verbump.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbump.cli.main import Globals
    from verbump.planning.packaging.facts import Facts
    from verbump.planning.packaging.subject import PackageFile

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])
_STDOUT = "-"


def options(ecosystem: str) -> Callable[[_Decorated], _Decorated]:
    """The options that every ecosystem has."""

    def decorate(command: _Decorated) -> _Decorated:
        for option in (
            click.option("--remote", metavar="NAME", help="The remote whose address names the repository."),
            click.option("--package", metavar="NAME", help="One package of several."),
            click.option(
                "--name",
                metavar="NAME",
                default="",
                help="What the package is called. Default: as the crate or project.",
            ),
            click.option(
                "--out",
                metavar="DIR",
                default=f"packaging/{ecosystem}",
                show_default=True,
                help="Write the files there; - for stdout, where it is one file.",
            ),
            click.option(
                "--url",
                metavar="BASE",
                default="",
                help="Where the release's files are fetched. Default: the forge's release.",
            ),
            click.option(
                "--version", metavar="VERSION", default="", help="The release, or its tag. Default: that of HEAD."
            ),
            click.option(
                "--dist",
                type=click.Path(file_okay=False, path_type=Path),
                default=Path("dist"),
                show_default=True,
                help="The folder with the release's SHA256SUMS.",
            ),
        ):
            command = option(command)
        return command

    return decorate


def crate_option(command: _Decorated) -> _Decorated:
    """`--crate`: which of several crates with programs."""
    text = "The crate whose programs are packaged, where several have any."
    return click.option("--crate", metavar="NAME", default="", help=text)(command)


def static_option(command: _Decorated) -> _Decorated:
    """`--static-crt`, of the package managers of Windows."""
    text = "The programs are linked with +crt-static: they need no Visual C++ runtime."
    return click.option("--static-crt", is_flag=True, help=text)(command)


def read_facts(settings: Globals, values: dict[str, Any]) -> Facts:
    """What there is to package, as the options have it."""
    from verbump.effects import read_packaging

    return read_packaging.read_facts(
        read_packaging.Asked(
            directory=settings.directory,
            dist=settings.directory / values["dist"],
            shown=values["dist"].as_posix(),
            config_file=settings.config,
            version=values["version"],
            package=values["package"],
            remote=values["remote"],
            url=values["url"],
            crate=values.get("crate", ""),
            name=values["name"],
        )
    )


def write(settings: Globals, values: dict[str, Any], facts: Facts, files: Sequence[PackageFile]) -> None:
    """The files in --out, or the only one on stdout; what was written, and what is odd about it, on stderr.

    Raises:
        UsageError: several files, and --out is stdout.
    """
    if facts.version.prerelease and not settings.is_quiet:
        output.echo_error(f"note: {facts.version} is a pre-release: those who upgrade would get it")
    if values["out"] == _STDOUT:
        if len(files) > 1:
            names = ", ".join(str(each.path) for each in files)
            raise UsageError(f"--out -: there are several files: {names}", hint="--out DIR", code="several-files")
        click.echo(files[0].text, nl=False)
        return
    from verbump.effects import write_package

    for path in write_package.write_files(settings.directory / values["out"], files):
        output.echo_answer(output.safe(str(path)))
