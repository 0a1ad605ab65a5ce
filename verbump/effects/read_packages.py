"""A repository of several packages, each with its own tags, files and commits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.effects import read_tags, read_view
from verbump.errors import ConfigError, InputError, Refused
from verbump.planning import package_views, packages
from verbump.planning.snapshot import Package

if TYPE_CHECKING:
    from verbump.config import PackageConfig
    from verbump.domain.tags import TagFormat
    from verbump.effects.git_history import Location
    from verbump.effects.read_tags import Known
    from verbump.planning.snapshot import Snapshot


def with_packages(
    location: Location, snapshot: Snapshot, configured: tuple[PackageConfig, ...], known: Known
) -> Snapshot:
    """The snapshot with a view for each of `configured`, still without commits, and the files of all of them.

    Raises:
        ConfigError: a package's folder is missing, or two packages would share a tag.
        Refused: a package has two tag formats at its highest version.
    """
    for index, package in enumerate(configured):
        if not (location.root / package.path).is_dir():
            message = f"packages[{index}].path: no such folder: {package.path}"
            raise ConfigError(message, hint="name the folder from the top of the repository", code="package-missing")
    try:
        formats = package_views.tag_formats_of(snapshot.config, configured, known.reachable)
    except InputError as error:
        raise Refused([error.as_problem()]) from error
    made = tuple(
        Package(
            name=package.name,
            path=PurePosixPath(package.path),
            view=_view(location, snapshot, package, configured),
        )
        for package in configured
    )
    made = tuple(replace(each, view=_with_tags(location, each.view, formats[each.name], known)) for each in made)
    whole = package_views.whole_of(snapshot, [each.view for each in made])
    return replace(whole, packages=made)


def _view(
    location: Location, snapshot: Snapshot, package: PackageConfig, configured: tuple[PackageConfig, ...]
) -> Snapshot:
    config = package_views.config_of(snapshot.config, package, configured)
    view = replace(snapshot, config=config, package=package.name, targets=(), texts={})
    view = read_view.with_files(location, view, PurePosixPath(package.path))
    return replace(view, targets=package_views.own_targets(view.targets, package, configured))


def _with_tags(location: Location, view: Snapshot, form: TagFormat, known: Known) -> Snapshot:
    return replace(view, tag_format=form, tags=read_tags.version_tags(location, form, known, view.head))


def with_commits(location: Location, snapshot: Snapshot, name: str | None, start: str | None) -> Snapshot:
    """The snapshot with the commits of each package, or of the one called `name` alone.

    Raises:
        UsageError: there is no such package.
    """
    if name is not None:
        packages.find_package(snapshot.packages, name)
    made = tuple(
        each
        if name not in {None, each.name}
        else replace(each, view=read_view.with_commits(location, each.view, start))
        for each in snapshot.packages
    )
    return replace(snapshot, packages=made)
