"""`verbump demo`: a complete release, each step shown as it happens."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verbump.cli import output
from verbump.errors import UsageError, VerbumpError

if TYPE_CHECKING:
    from verbump.cli.main import Globals

_RULE = "-" * 72


@click.command(name="demo", short_help="A complete release in a throw-away repository.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Make it there and keep it."
)
@click.pass_obj
def command(settings: Globals, /, keep: Path | None) -> None:
    """Make a small Rust + Python project with a bare remote, and release it. Needs nothing but git.

    \b
    Example: verbump demo --keep ./ferrite-demo
    """
    del settings
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="verbump-demo-", ignore_cleanup_errors=True) as folder:
            _run(Path(folder))
        return
    if keep.exists() and any(keep.iterdir()):
        raise UsageError(f"{keep}: not empty", hint="name a new folder", code="folder-not-empty")
    keep.mkdir(parents=True, exist_ok=True)
    _run(keep.resolve())
    output.echo_answer(f"\nKept: the project is {keep / 'ferrite'}, its remote {keep / 'remote.git'}")


def _run(folder: Path) -> None:
    from verbump.effects import demo_repository

    _title("A project: two crates, one Python package, one release so far")
    root = demo_repository.create(folder, _say)
    _title("What is next, and why")
    _verbump(root, "next", "--explain")
    _title("The release: version, changelog, commit, tag, one atomic push")
    _verbump(root, "release", "--yes")
    _title("The result: the tag, here and on the remote")
    _say(demo_repository.show(root, "log", "--oneline", "--decorate", "-3").rstrip())
    _say(demo_repository.show(root, "ls-remote", "--heads", "--tags", "origin").rstrip())
    _title("The release commit")
    _say(demo_repository.show(root, "show", "--stat", "--format=%B", "HEAD").rstrip())
    _say(demo_repository.show(root, "diff", "--no-ext-diff", "HEAD~1", "HEAD", "--", ":(exclude)CHANGELOG.md").rstrip())
    _title("Its changelog section")
    _verbump(root, "notes", "0.5.0")


def _verbump(root: Path, *words: str) -> None:
    """Run a verbump command as a user would, what it prints passed through."""
    from verbump.effects import demo_repository

    _say(f"$ verbump {' '.join(words)}")
    argv = [sys.executable, "-P", "-m", "verbump", *words]
    environment = demo_repository.variables()
    if sys.stdout.isatty():
        environment["COLUMNS"] = str(shutil.get_terminal_size().columns)  # its stdout is a pipe, ours is not
    with subprocess.Popen(argv, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            _say(line.decode("utf-8", "replace").rstrip("\r\n"))
    if process.returncode != 0:
        raise VerbumpError(f"verbump {' '.join(words)} ended with status {process.returncode}", code="demo-failed")


def _title(text: str) -> None:
    click.echo(f"\n{_RULE}\n{text}\n{_RULE}")


def _say(text: str) -> None:
    for line in text.split("\n"):
        click.echo(output.safe(line.replace("\t", "  ")))
