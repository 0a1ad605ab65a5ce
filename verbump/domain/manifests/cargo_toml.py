"""Cargo.toml: the package, the workspace, and the requirements among their crates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests.toml_text import read_toml, render_path, string_at, strings_at, table_at, value_at
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.domain.manifests.toml_text import KeyPath

_PACKAGE_VERSION = ("package", "version")
_WORKSPACE_VERSION = ("workspace", "package", "version")
# cargo still reads the spellings with `_`, with a warning.
_KINDS = ("dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathDependency:
    """A dependency on another folder. `table` is as TOML writes it; `package` is its real name, `key` the one used.

    `path` is relative to the manifest's folder. `requirement` is None where it states no version.
    """

    table: str
    key: str
    package: str
    path: str | None
    requirement: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoToml:
    """What a Cargo.toml says about versions and members.

    `package_name` is None for a virtual manifest. `version` is `package.version` where it is a string;
    `inherits_version` where it comes from the workspace. `members` and `excluded` are globs and folders, relative to
    the manifest's. `publishable` is what the package says itself, true where `publish_inherited`: then
    `workspace_publishable` of the workspace's manifest decides. `inherited_dependencies` are the keys of
    `key.workspace = true`, sorted: their paths stand in the workspace's manifest.
    """

    package_name: str | None
    version: str | None
    inherits_version: bool
    workspace_version: str | None
    is_workspace: bool
    members: tuple[str, ...]
    excluded: tuple[str, ...]
    publishable: bool
    publish_inherited: bool
    workspace_publishable: bool
    path_dependencies: tuple[PathDependency, ...]
    inherited_dependencies: tuple[str, ...]


def parse(text: str) -> CargoToml:
    """What the manifest says; path dependencies in the order of the tables in the file.

    Raises:
        InputError: `manifest-syntax`, with the line.
    Source: The Cargo Book, "The Manifest Format" and "Workspaces".
    """
    document = read_toml(text).document
    package = table_at(document, "package")
    publish = package.get("publish")
    version = string_at(package, "version")
    inherits = value_at(package, ("version", "workspace")) is True
    entries = list(_dependencies(document))
    return CargoToml(
        package_name=string_at(package, "name"),
        version=version,
        inherits_version=inherits,
        workspace_version=string_at(document, *_WORKSPACE_VERSION),
        is_workspace=isinstance(value_at(document, ("workspace",)), dict),
        members=strings_at(document, "workspace", "members"),
        excluded=strings_at(document, "workspace", "exclude"),
        # Since cargo 1.75 a package without version is one that is not published.
        publishable=_is_publishable(publish, when_silent=version is not None or inherits) and bool(package),
        publish_inherited=value_at(publish, ("workspace",)) is True,
        workspace_publishable=_is_publishable(value_at(document, ("workspace", "package", "publish"))),
        path_dependencies=tuple(
            PathDependency(
                table=render_path(table),
                key=key,
                package=string_at(entry, "package") or key,
                path=string_at(entry, "path"),
                requirement=string_at(entry, "version"),
            )
            for table, key, entry in entries
            if string_at(entry, "path") is not None
        ),
        inherited_dependencies=tuple(sorted({key for _, key, entry in entries if entry.get("workspace") is True})),
    )


def dependencies_of(text: str, workspace: str = "") -> frozenset[str]:
    """Real names of the crates in folders that the package is built with: of every table but dev-dependencies.

    `workspace` is the text of the workspace's manifest, where `key.workspace = true` leads.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    shared = table_at(read_toml(workspace).document, "workspace", "dependencies")
    found = set()
    for table, key, stated in _dependencies(read_toml(text).document):
        entry = table_at(shared, key) if stated.get("workspace") is True else stated
        if table[0] != "workspace" and not table[-1].startswith("dev") and string_at(entry, "path") is not None:
            found.add(string_at(entry, "package") or key)
    return frozenset(found)


def version_of(text: str) -> str | None:
    """`package.version` where it is a string, else `workspace.package.version`; None where neither is there."""
    document = read_toml(text).document
    return string_at(document, *_PACKAGE_VERSION) or string_at(document, *_WORKSPACE_VERSION)


def with_version(text: str, version: str) -> str:
    """The manifest with `version` wherever it states one of its own.

    That is `package.version` where it is a string and `workspace.package.version`: both change where a root package
    stands beside a version for the members.

    Raises:
        InputError: `manifest-no-version` where neither is there; `manifest-syntax`; `manifest-not-proved`.
    """
    from verbump.domain.manifests.toml_splice import with_manifest_strings

    manifest = read_toml(text)
    stated = [
        path for path in (_PACKAGE_VERSION, _WORKSPACE_VERSION) if string_at(manifest.document, *path) is not None
    ]
    if not stated:
        message = "neither package.version nor workspace.package.version is a string"
        raise InputError(message, hint='add version = "0.1.0" to [package]', code="manifest-no-version")
    return with_manifest_strings(manifest, dict.fromkeys(stated, version))


def with_requirements(text: str, moved: Mapping[str, str]) -> str:
    """The manifest with requirements that admit the new versions; `moved` is the crate's real name → its version.

    Only entries with a `path` and a `version` are touched, in every table of dependencies.

    Raises:
        InputError: `manifest-requirement` for a requirement that cannot be read; `manifest-syntax`;
            `manifest-not-proved`.
    """
    from verbump.domain.manifests.cargo_requirements import moved_requirement
    from verbump.domain.manifests.toml_splice import with_manifest_strings

    manifest = read_toml(text)
    edits: dict[KeyPath, str] = {}
    for table, key, entry in _dependencies(manifest.document):
        version = moved.get(string_at(entry, "package") or key)
        requirement = string_at(entry, "version")
        if version is None or requirement is None or string_at(entry, "path") is None:
            continue
        try:
            edits[*table, key, "version"] = moved_requirement(requirement, version)
        except InputError as error:
            message = f"{render_path((*table, key))}: {error.message}"
            raise InputError(message, hint=error.hint, code=error.code) from None
    return with_manifest_strings(manifest, edits)


def _dependencies(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str, Mapping[str, Any]]]:
    """Path of the table, key and entry of each dependency that is written as a table, in the order of the file."""
    for table in _dependency_tables(document):
        for key, entry in table_at(document, *table).items():
            if isinstance(entry, dict):
                yield table, key, entry


def _dependency_tables(document: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name in document:
        if name in _KINDS:
            yield (name,)
        elif name == "workspace":
            yield ("workspace", "dependencies")
        elif name == "target":
            for target, tables in table_at(document, "target").items():
                if isinstance(tables, dict):
                    yield from (("target", target, kind) for kind in tables if kind in _KINDS)


def _is_publishable(publish: object, *, when_silent: bool = True) -> bool:
    return when_silent if publish is None else publish is not False and publish != []
