"""Which packages a repository holds, and what of its configuration, files and tags belongs to each."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.config import PackageConfig
from verbump.domain import tags
from verbump.domain.manifests import Format, cargo_toml
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from verbump.config import Config
    from verbump.domain.manifests.cargo_toml import CargoToml
    from verbump.domain.tags import TagFormat
    from verbump.planning.snapshot import Snapshot, Target

_ROOT = PurePosixPath()


def find_packages(snapshot: Snapshot, reachable: Collection[str]) -> tuple[PackageConfig, ...]:
    """The packages of a repository: the configured ones, else the crates of a workspace that go their own ways.

    None where the repository is one package. `reachable` are the names of the tags that HEAD reaches.
    """
    config = snapshot.config
    if config.packages:
        return config.packages
    if config.manifests is not None or config.tag_format is not None or config.include:
        return ()
    crates = _independent_crates(snapshot)
    if len(crates) < 2:
        return ()
    tagged = sum(1 for name, folder, _ in crates if _has_tags(reachable, name, folder))
    if len({version for _, _, version in crates}) == 1:
        is_several = tagged > 1  # they happen to agree
    else:
        is_several = tagged > 0 or not _has_version(reachable)
    found = (PackageConfig(name=name, path=str(folder)) for name, folder, _ in crates)
    return tuple(found) if is_several else ()


def _independent_crates(snapshot: Snapshot) -> list[tuple[str, PurePosixPath, str]]:
    """Name, folder and version of the root workspace's crates that are published, in the order of their targets.

    None where one of them inherits its version, and where a Python project stands at the root: its version would
    be nobody's.
    """
    manifests: dict[PurePosixPath, CargoToml] = {}
    for target in snapshot.targets:
        if target.path == PurePosixPath("pyproject.toml") and "[project]" in snapshot.texts.get(target.path, ""):
            return []
        if target.format is Format.CARGO_TOML and target.path in snapshot.texts:
            try:
                manifests[target.path.parent] = cargo_toml.parse(snapshot.texts[target.path])
            except InputError:
                return []  # planning reports it with its line
    root = manifests.get(_ROOT)
    if root is None or not root.is_workspace or any(each.inherits_version for each in manifests.values()):
        return []
    return [
        (each.package_name, folder, each.version)
        for folder, each in manifests.items()
        if each.package_name and each.version and _is_published(each, root)
    ]


def _is_published(manifest: CargoToml, workspace: CargoToml) -> bool:
    return workspace.workspace_publishable if manifest.publish_inherited else manifest.publishable


def _has_tags(reachable: Iterable[str], name: str, folder: PurePosixPath) -> bool:
    try:
        return tags.infer_package_format(reachable, name, str(folder)) is not None
    except InputError:
        return True


def _has_version(reachable: Iterable[str]) -> bool:
    try:
        return tags.infer_format(reachable) is not None
    except InputError:
        return True


def config_of(config: Config, package: PackageConfig, packages: Sequence[PackageConfig]) -> Config:
    """The configuration as it is for one of `packages` alone."""
    folder = PurePosixPath(package.path)
    nested = [PurePosixPath(each.path) for each in packages]
    inner = [each for each in nested if each != folder and each.is_relative_to(folder)]
    include = package.include or (() if folder == _ROOT else (f"{_literal(folder)}/**",))
    exclude = () if package.include else tuple(f"{_literal(each)}/**" for each in inner)
    changelog = package.changelog
    if changelog is None:
        changelog = str(folder / config.changelog) if isinstance(config.changelog, str) else False
    return replace(
        config,
        changelog=changelog,
        manifests=package.manifests,
        include=include,
        exclude=(*exclude, *package.exclude, *config.exclude),
        packages=(),
    )


def _literal(folder: PurePosixPath) -> str:
    """The folder as a glob that matches nothing else."""
    return "".join(f"\\{letter}" if letter in "\\*?[" else letter for letter in str(folder))


def tag_formats_of(
    config: Config, packages: Sequence[PackageConfig], reachable: Collection[str]
) -> Mapping[str, TagFormat]:
    """Package name → its tag format: configured, else that of its own tags, else `{name}-v{version}`.

    A package at the top of the repository, and one that stands alone, may have tags without its name.

    Raises:
        ConfigError: two packages would share a tag.
        InputError: two formats at a package's highest version.
    """
    found: dict[str, TagFormat] = {}
    alone = len(packages) == 1
    for package in sorted(packages, key=lambda each: PurePosixPath(each.path) == _ROOT):
        text = package.tag_format or config.tag_format
        form = tags.parse_format(text) if text else tags.infer_package_format(reachable, package.name, package.path)
        if form is None and (alone or PurePosixPath(package.path) == _ROOT):
            others = tuple(found.values())
            form = tags.infer_format(tag for tag in reachable if all(each.version(tag) is None for each in others))
        found[package.name] = form or tags.parse_format(f"{package.name}-v{{version}}")
    for (name, form), (other, against) in combinations(found.items(), 2):
        shared = tags.shared_tag(form, against)
        if shared is not None:
            message = f"packages {name} and {other} would share the tag {shared}"
            hint = f'give each a tag_format of its own, such as tag_format = "{name}-v{{version}}"'
            raise ConfigError(message, hint=hint, code="tag-formats-collide")
    return found


def own_targets(
    targets: Iterable[Target], package: PackageConfig, packages: Sequence[PackageConfig]
) -> tuple[Target, ...]:
    """The targets less those in another package's folder, unless they are listed or lock files, which are shared."""
    folder = PurePosixPath(package.path)
    others = [PurePosixPath(each.path) for each in packages if PurePosixPath(each.path) != folder]
    return tuple(
        target
        for target in targets
        if target.is_listed
        or target.format in {Format.CARGO_LOCK, Format.UV_LOCK}
        or not any(_is_nearer(target.path, other, folder) for other in others)
    )


def _is_nearer(path: PurePosixPath, other: PurePosixPath, folder: PurePosixPath) -> bool:
    """Whether `other` holds the file, and more closely than `folder` does."""
    if not path.is_relative_to(other):
        return False
    return not path.is_relative_to(folder) or len(other.parts) > len(folder.parts)


def whole_of(snapshot: Snapshot, views: Sequence[Snapshot]) -> Snapshot:
    """The repository with the files of all its packages: theirs first, then what belongs to none, lock files last."""
    targets: dict[tuple[object, ...], Target] = {}
    for target in (*(target for view in views for target in view.targets), *snapshot.targets):
        targets.setdefault((target.path, target.key, target.pattern), target)
    ordered = sorted(targets.values(), key=lambda target: target.format in {Format.CARGO_LOCK, Format.UV_LOCK})
    texts = dict(snapshot.texts)
    for view in views:
        texts |= view.texts
    problems = dict.fromkeys((*snapshot.problems, *(problem for view in views for problem in view.problems)))
    return replace(snapshot, targets=tuple(ordered), texts=texts, problems=tuple(problems))
