"""`verbump package docker`: a Dockerfile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verbump.cli import packaging
from verbump.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbump.cli.main import Globals
    from verbump.planning.packaging.facts import Facts
    from verbump.planning.packaging.subject import PackageFile


@click.command(name="docker", short_help="A Dockerfile for several architectures.")
@packaging.options("docker")
@packaging.crate_option
@click.option("--base", metavar="IMAGE@DIGEST", required=True, help="The base image, pinned: IMAGE@sha256:…")
@click.option(
    "--from",
    "source",
    type=click.Choice(["programs", "wheels"]),
    help="What is installed. Default: programs, where there are archives for Linux.",
)
@click.option("--command", "entry", metavar="NAME", default="", help="Of wheels: the command that the container runs.")
@click.pass_obj
def command(settings: Globals, /, **values: Any) -> None:
    """Write a Dockerfile for linux/amd64 and linux/arm64 that fetches the release's files and checks their SHA-256.

    The container runs as user 65532 and needs no build context. Of wheels the base must have the Python.

    \b
    Example: verbump package docker --base debian:12-slim@sha256:… --out -
    """
    from verbump.planning.packaging import docker

    docker.check_base(values["base"])
    found = packaging.read_facts(settings, values)
    packaging.write(settings, values, found, _files(found, values))


def _files(found: Facts, values: dict[str, Any]) -> Sequence[PackageFile]:
    from verbump.planning.packaging import docker, facts

    if values["source"] != "wheels":
        try:
            programs = facts.of_programs(found)
        except Refused as error:
            if values["source"] or error.code != "no-program":
                raise
        else:
            if values["source"] or docker.has_programs(programs):
                return docker.plan_programs(programs, values["base"])
    return docker.plan_wheels(facts.of_python(found), values["base"], values["entry"])
