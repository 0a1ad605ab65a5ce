"""Packages that cannot stand beside one another: names, folders, files that two of them claim."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.config.settings import Config, PackageConfig

# What crates, distributions and npm packages are called. It goes into tags, commit subjects and lines of output.
_NAME = re.compile(r"@?[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,98}[A-Za-z0-9])?")


def find(config: Config) -> Iterator[str]:
    """What is wrong with `packages`, each beginning with the path of its setting."""
    if not config.packages:
        return
    if config.manifests is not None:
        yield "manifests: stands beside packages; list the files in the package that they belong to"
    if config.include:
        yield "include: stands beside packages; write the globs into the packages"
    names: dict[str, int] = {}
    folders: dict[PurePosixPath, int] = {}
    changelogs: dict[PurePosixPath, int] = {}
    for index, package in enumerate(config.packages):
        where = f"packages[{index}]"
        if not _NAME.fullmatch(package.name):
            yield f"{where}.name: expected letters, digits and . _ / - between them, got {package.name!r}"
        first = names.setdefault(re.sub(r"[-_.]+", "-", package.name).lower(), index)
        if first != index:
            yield f"{where}.name: {package.name!r} is the name of packages[{first}] too"
        folder = PurePosixPath(package.path)
        first = folders.setdefault(folder, index)
        if first != index and not (package.include and package.manifests):
            yield (
                f"{where}.path: {package.path!r} is the folder of packages[{first}] too; "
                "with include and manifests of its own it may be"
            )
        if isinstance(package.changelog, str):
            first = changelogs.setdefault(PurePosixPath(package.changelog), index)
            if first != index:
                yield f"{where}.changelog: {package.changelog!r} is the changelog of packages[{first}] too"
        yield from _impossible_tag_format(where, package)


def _impossible_tag_format(where: str, package: PackageConfig) -> Iterator[str]:
    from verbump.domain import tags

    if package.tag_format is not None:
        try:
            tags.parse_format(package.tag_format)
        except ConfigError as error:
            yield f"{where}.{error.message} (for example {package.name}-v{{version}})"
