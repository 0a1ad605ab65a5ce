"""`verbump publish crates`: the crates of a workspace into a registry, in the order of their dependencies."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import output, progress
from verbump.errors import Refused

if TYPE_CHECKING:
    from verbump.cli.main import Globals


@click.command(name="crates", short_help="Crates into crates.io, dependencies first.")
@click.option("--registry", metavar="NAME", help="Cargo's name for another registry than crates.io.")
@click.option("--no-verify", is_flag=True, help="Do not compile the crates as they are packed.")
@click.option(
    "--timeout",
    type=click.IntRange(0, 3600),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long the index may take to show a crate.",
)
@click.option("--dry-run", is_flag=True, help="Look, pack, and say what would be done.")
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Publish the workspace's crates that the registry lacks, each after those that it depends on.

    The index is asked first; a version that is there is compared by SHA-256. All are packed and compiled before the
    first is uploaded, and each is seen in the index before the next. What stopped half-way goes on with the same
    command. The limits of crates.io are counted before it starts.

    Trusted publishing is used where CI and the registry offer it, else CARGO_REGISTRY_TOKEN (for another registry
    CARGO_REGISTRIES_NAME_TOKEN), else what `cargo login` has stored.

    \b
    Example: verbump publish crates --dry-run
    """
    from verbump.effects import cargo_registry, cargo_workspace, crate_publishing, publish_folder
    from verbump.planning import publish_crates

    config = publish_folder.read_config(settings.directory, settings.config).publish
    name = values["registry"] or config.registry or publish_crates.CRATES_IO
    registry = cargo_registry.read_registry(name, settings.directory)
    workspace = cargo_workspace.read_workspace(settings.directory)
    publishable = publish_crates.find_publishable(workspace.members, name)
    ordered, problems = publish_crates.order(publishable)
    problems = (*publish_crates.find_problems(publishable, workspace.members, name), *problems)
    if problems:
        raise Refused(problems)
    there = {each.name: registry.read(each.name) for each in ordered}
    with progress.step_reporter(is_quiet=settings.is_quiet)("pack the crates"):
        is_verified = not values["no_verify"] and not values["dry_run"]
        packed = cargo_workspace.pack(workspace, ordered, name, is_verified=is_verified)
    plan = publish_crates.plan_publish(ordered, there, packed, name)
    for remark in plan.said if not settings.is_quiet else ():
        output.echo_error(f"note: {remark}")
    if plan.errors:
        raise Refused(plan.errors)
    wanted = publish_crates.find_crates(plan)
    names = {each.name for each in wanted}
    for each in ordered:
        if each.name not in names:
            _say(f"unchanged {each.name} {each.version}: already there, same SHA-256")
    if values["dry_run"]:
        for action in wanted:
            _say(f"would publish {action.name} {action.version}{', a new crate' if action.is_new else ''}")
        return
    crate_publishing.CratePublisher(
        workspace=workspace,
        registry=registry,
        trust=config.trusted_publishing,
        say=_say,
        step=progress.step_reporter(is_quiet=settings.is_quiet),
        again=_again(values),
        timeout_seconds=values["timeout"],
    ).publish(wanted)


def _say(line: str) -> None:
    click.echo(output.safe(line))


def _again(values: dict[str, Any]) -> str:
    """The command that goes on where this one stops."""
    words = ["verbump", "publish", "crates"]
    return shlex.join([*words, *(["--registry", values["registry"]] if values["registry"] else [])])
