"""`verbump publish pypi`: wheels and source distributions into a Python index."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import output, progress
from verbump.errors import Refused

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.planning.publish_pypi import Index


@click.command(name="pypi", short_help="Wheels and source distribution into a Python index.")
@click.option(
    "--dist",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("dist"),
    show_default=True,
    help="Publish the files in this folder; its SHA256SUMS, where there is one, is checked first.",
)
@click.option("--repository-url", metavar="URL", help="Where to upload (default: PyPI).")
@click.option("--index-url", metavar="URL", help="The simple index where the files are seen (default: found).")
@click.option(
    "--timeout",
    type=click.IntRange(0, 3600),
    default=120,
    show_default=True,
    metavar="SECONDS",
    help="How long the index may take to show what it has taken.",
)
@click.option("--dry-run", is_flag=True, help="Look, and say what would be done.")
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Upload the wheels and the source distribution of --dist that the index lacks.

    The index is asked first, and what it has is compared by SHA-256: another file of the same name is an error.
    Then twine uploads the rest, and the index is asked again until it shows all.

    Trusted publishing is used where CI and the index offer it. Else a token: VERBUMP_PYPI_TOKEN, TWINE_PASSWORD (with
    TWINE_USERNAME), UV_PUBLISH_TOKEN or UV_PUBLISH_PASSWORD; without any, what twine finds in ~/.pypirc and keyring.

    \b
    Example: verbump publish pypi --repository-url https://test.pypi.org/legacy/ --dry-run
    """
    from verbump.effects import package_index, publish_credentials, publish_folder, uploads
    from verbump.planning import publish_pypi

    whole = publish_folder.read_config(settings.directory, settings.config)
    config = whole.publish
    folder = settings.directory / values["dist"]
    index = publish_pypi.find_index(
        values["repository_url"] or config.repository_url, values["index_url"] or config.index_url
    )
    meant = publish_folder.read_distributions(folder, settings.directory, whole)
    token = publish_credentials.find_token(index)
    asked = package_index.PackageIndex(
        index=index, project=publish_pypi.find_project(meant), meant=meant, credentials=token
    )
    plan = publish_pypi.plan_publish(meant, asked.read(), index)
    if plan.errors:
        raise Refused(plan.errors)
    wanted = publish_pypi.find_uploads(plan)
    names = {action.file.name for action in wanted}
    for each in meant:
        if each.name not in names:
            _say(f"unchanged {each.name}: already there, same SHA-256")
    if values["dry_run"] or not wanted:
        for action in wanted:
            _say(f"would upload {action.file.name} to {index.url}")
        return
    asked.credentials, remark = publish_credentials.for_index(index, config.trusted_publishing)
    for note in (remark, _plain_remark(index)) if not settings.is_quiet else ():
        if note:
            output.echo_error(f"note: {note}")
    uploads.Uploader(
        folder=folder,
        index=asked,
        trust=config.trusted_publishing,
        say=_say,
        step=progress.step_reporter(is_quiet=settings.is_quiet),
        again=_again(values, index),
        timeout_seconds=values["timeout"],
    ).upload(wanted)


def _say(line: str) -> None:
    click.echo(output.safe(line))


def _plain_remark(index: Index) -> str:
    return f"{index.url} is not encrypted: whoever listens on the way can read the password" if index.is_plain else ""


def _again(values: dict[str, Any], index: Index) -> str:
    """The command that goes on where this one stops; without a password that the address held."""
    words = ["verbump", "publish", "pypi", "--dist", str(values["dist"])]
    if values["repository_url"]:
        words += ["--repository-url", index.url]
    if values["index_url"]:
        words += ["--index-url", values["index_url"]]
    return shlex.join(words)
