"""The `verbump` command: a group that loads a command only when it is called, and the way from error to exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from verbump import __version__
from verbump.cli.lazy_group import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from verbump.errors import VerbumpError

# Name → what it answers. `--help` reads this table, so that no command module is loaded for it.
COMMANDS = {
    "init": "Write what a repository needs to be released with verbump; --from reads another tool's configuration.",
    "next": "The next version, from the commits since the last release.",
    "release": "Make the release: version, changelog, commit, tag, one atomic push.",
    "notes": "Release notes as Markdown, of the coming release or of a released version.",
    "preview": "What merging a pull request would release: the comment on it.",
    "changelog": "The coming changelog section; the whole document from history with --all.",
    "check": "Are these commit messages conventional.",
    "build": "Libraries, binaries, wheels, sdist, wheel tests, SHA256SUMS.",
    "verify": "Do tag, manifests, lock files, changelog and artifacts agree.",
    "doctor": "Is everything here that a release needs, with the fix for each finding.",
    "workflows": "Write .github/workflows for this project; --check says whether they are current.",
    "publish": "Upload what `build` made: to PyPI, to crates.io, to GitHub.",
    "package": "A package manager's files, from a release's SHA256SUMS.",
    "demo": "A complete release of a small Rust + Python project, in a throw-away repository.",
    "schema": "The JSON schema of the configuration, or of an output.",
    "completion": "The completion script for bash, zsh or fish.",
}
REPORT_TO = "https://pypi.org/project/verbump-release/"


def _here() -> Path:
    from pathlib import Path  # which --help can do without

    return Path()


class Globals:
    """The global options: where to run, which configuration, how much to say, in colour or not.

    No dataclass, and no errors imported before there is one: --help would pay for both.
    """

    __slots__ = ("color", "config", "directory", "is_quiet", "verbosity")

    def __init__(self, *, config: Path | None, verbosity: int, is_quiet: bool, color: str) -> None:
        self.directory = _here()
        self.config = config
        self.verbosity = verbosity
        self.is_quiet = is_quiet
        self.color = color


@click.group(
    cls=LazyGroup,
    module="verbump.cli.",
    prefix="VERBUMP",
    table=COMMANDS,
    name="verbump",
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "VERBUMP"},
)
@click.option("-C", "--directory", type=click.Path(), default=".", help="Run as if started there.")
@click.option("--config", type=click.Path(), help="Read the configuration from this file.")
@click.option("-v", "--verbose", count=True, help="Say more; -vv also shows the traceback of a bug.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the answer and errors.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour in the output.")
@click.version_option(__version__, prog_name="verbump", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """From Conventional Commits to a release that stands everywhere: Rust, Python, or both.

    Try `verbump demo` first, then `verbump next` in a repository of yours.
    """
    from pathlib import Path

    _start_in(Path(options["directory"]))
    ctx.obj = Globals(
        config=Path(options["config"]) if options["config"] is not None else None,
        verbosity=options["verbose"],
        is_quiet=options["quiet"],
        color=options["color"],
    )


def _start_in(directory: Path) -> None:
    """Go there, so that every path of the command line is meant from there.

    Raises:
        UsageError: it is no folder that can be entered.
    """
    if directory == _here():
        return
    try:
        os.chdir(directory)
    except OSError as error:
        from verbump.errors import UsageError

        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        reason = "no such folder" if missing else f"cannot be entered: {error.strerror}"
        raise UsageError(f"{directory}: {reason}", code="no-such-folder") from error


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit status. The only place that exits."""
    from verbump.cli import streams
    from verbump.effects import git_environment

    git_environment.forget_location()
    streams.prepare()
    sys.exit(_status(arguments))


def _with_source(error: click.ClickException) -> click.ClickException:
    """Say so where the wrong value came from the environment: nobody looks there first."""
    if not isinstance(error, click.BadParameter) or error.param is None or error.ctx is None or not error.param.name:
        return error
    if error.ctx.get_parameter_source(error.param.name) is not click.core.ParameterSource.ENVIRONMENT:
        return error
    return click.BadParameter(f"{error.message} (from ${error.param.envvar})", error.ctx, error.param)


def _known() -> type[VerbumpError]:
    from verbump.errors import VerbumpError

    return VerbumpError


def _status(arguments: Sequence[str] | None) -> int:
    try:
        result = cli.main(args=arguments, prog_name="verbump", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        _with_source(error).show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: nothing has changed", err=True)
        return 130
    except _known() as error:
        show_error(error)
        return error.exit_code
    except OSError as error:
        from verbump.effects import refusals

        # A release turns such errors into its own, with the way on; here nothing has been begun.
        show_error(refusals.of_system(error))
        return 4
    except Exception as bug:  # noqa: BLE001  the last door: whatever comes here is a bug of verbump
        return _report(bug, arguments)
    return result if isinstance(result, int) else 0


def show_error(error: VerbumpError) -> None:
    """The error on stderr: what, then how to mend it; every problem of a refusal."""
    from verbump.cli import json_errors, output

    output.show_problems(json_errors.problems_of(error))


def _report(bug: Exception, arguments: Sequence[str] | None) -> int:
    """A short report of a bug; the traceback with -vv."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if "-vv" in words or words.count("-v") + words.count("--verbose") > 1:
        import traceback

        from verbump.effects.redaction import redact

        click.echo(redact("".join(traceback.format_exception(bug))), err=True)
    from verbump.cli import output

    said = f"{type(bug).__name__}: {bug}".split("\n", 1)[0][:300]
    python = ".".join(map(str, sys.version_info[:3]))
    output.echo_error(f"bug in verbump {__version__} (Python {python}, {sys.platform}): {said}")
    output.echo_error(f"  please report it, with the output of -vv: {REPORT_TO}")
    return 70
