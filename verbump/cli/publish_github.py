"""`verbump publish github`: a release with its files."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.errors import Refused

if TYPE_CHECKING:
    from verbump.cli.main import Globals


@click.command(name="github", short_help="A release on GitHub, with every file.")
@click.argument("tag", required=False)
@click.option(
    "--dist",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("dist"),
    show_default=True,
    help="Publish the files in this folder; its SHA256SUMS is checked first.",
)
@click.option("--no-files", is_flag=True, help="A release of its notes alone: of a library that has no files.")
@click.option("--package", metavar="NAME", help="One package of several.")
@click.option("--draft", is_flag=True, help="Leave it a draft: the same command without --draft publishes it.")
@click.option("--remote", metavar="NAME", help="The remote whose address names the repository.")
@click.option("--dry-run", is_flag=True, help="Look, and say what would be done.")
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Make the release of TAG (default: the version tag at HEAD) on GitHub, with the files of --dist.

    The text is what `verbump notes TAG` says. First a draft, then the files, then a look at what GitHub holds, and only
    then is it published: an immutable release keeps what it has. A candidate or a backport never becomes "Latest".
    The token is read from GH_TOKEN or GITHUB_TOKEN and needs Contents: write.

    \b
    Example: verbump publish github --dry-run
    """
    from verbump.effects import github, github_releases, publish_reading, read, read_notes
    from verbump.planning import actions, publish_github

    folder = settings.directory / values["dist"]
    snapshot = read.read_snapshot(options.read_options(settings, values))
    tag = values["tag"] or publish_reading.tag_of_actions()
    view = options.view_of(snapshot, values, tag=tag or "")
    asked = publish_reading.Asked(
        snapshot=view, tag=tag, dist=None if values["no_files"] else folder, stays_draft=values["draft"]
    )
    ready = publish_reading.read_wanted(asked)
    publish_reading.with_notes(ready, read_notes.NOTHING)  # a version without notes is told before anything is asked
    hub = github.connect(view.forge)
    extras = read_notes.read_released(settings.directory, view, ready.wanted.tag, folder, hub)
    ready = publish_reading.with_notes(ready, extras)
    plan, found = publish_reading.read_plan(hub, ready)
    for remark in plan.said if not settings.is_quiet else ():
        output.echo_error(f"note: {remark}")
    if plan.errors:
        raise Refused(plan.errors)
    if plan.actions and not values["dry_run"]:
        publisher = github_releases.Publisher(hub=hub, folder=folder, say=_say, again=_again(ready.wanted.tag, values))
        _say(publisher.publish(actions.only_of(plan.actions, actions.PublishGitHubRelease)))
        return
    lines = publish_github.describe_deeds(ready.wanted.files, found, is_done=not plan.actions)
    for line in (*map(actions.describe, plan.actions), *lines, *([found.page] if found else [])):
        _say(line)


def _say(line: str) -> None:
    click.echo(output.safe(line))


def _again(tag: str, values: dict[str, Any]) -> str:
    """The command that goes on where this one stops."""
    words = [
        "verbump",
        "publish",
        "github",
        tag,
        *(["--no-files"] if values["no_files"] else ["--dist", str(values["dist"])]),
    ]
    for option in ("remote", "package"):
        words += [f"--{option}", values[option]] if values[option] else []
    return shlex.join([*words, *(["--draft"] if values["draft"] else [])])
