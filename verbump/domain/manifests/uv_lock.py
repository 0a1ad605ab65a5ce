"""uv.lock: the entries of the project's own packages, and what refers to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests.python_requirements import moved_specifier, normalised
from verbump.domain.manifests.toml_splice import with_lock_strings
from verbump.domain.manifests.toml_text import read_toml, string_at, table_at, value_at
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.domain.manifests.toml_text import KeyPath

_HINT = "uv lock"
_LOCAL_SOURCES = frozenset({"editable", "virtual", "directory", "workspace"})
_SPELLING = re.compile(r"[-_.]?(a|b|c|rc|alpha|beta|pre|preview|post|dev)[-_.]?(?=\d)")
_TRAILING_ZEROS = re.compile(r"(?:\.0)+(?![.\d])")
_SHORT = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}


def versions_of(text: str) -> Mapping[str, str]:
    """Normalised name → version of each local package that has one (a dynamic version is not locked), in file order.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    return {
        normalised(name): version
        for _, name, entry in _local_packages(read_toml(text).document)
        if (version := string_at(entry, "version")) is not None
    }


def with_versions(
    text: str, moved: Mapping[str, tuple[str, str]], requirements: Mapping[str, str] | None = None
) -> str:
    """The lock file with other versions for its local packages; `moved` is distribution name → (old, new).

    A package without a version (it is dynamic) stays without. References that state a version change with it.
    Specifiers in `[package.metadata]` on a name of `requirements` (name → new version; None: those of `moved`)
    change as in pyproject.toml; uv writes them only for what does not come from the workspace.

    Raises:
        InputError: `lock-entry-missing`, `lock-stale` (an entry states another version), `manifest-syntax`,
            `manifest-requirement`, `manifest-not-proved`.
    """
    lock = read_toml(text)
    moves = {normalised(name): pair for name, pair in moved.items()}
    wanted = {name: new for name, (_, new) in moves.items()} if requirements is None else requirements
    siblings = {normalised(name): version for name, version in wanted.items()}
    edits: dict[KeyPath, str] = {}
    sources: dict[str, object] = {}
    for index, raw_name, entry in _local_packages(lock.document):
        name, version = normalised(raw_name), string_at(entry, "version")
        if name not in moves:
            continue
        sources[name] = entry.get("source")
        if version is None:
            continue
        old, new = moves[name]
        if _comparable(version) != _comparable(old):
            message = f"the package {raw_name} is locked at {version}, expected {old}"
            raise InputError(message, hint=_HINT, code="lock-stale")
        edits["package", index, "version"] = new
    for name in moves:
        if name not in sources:
            raise InputError(f"no entry for the package {name}", hint=_HINT, code="lock-entry-missing")
    for path, reference in _references(lock.document):
        name = normalised(string_at(reference, "name") or "")
        if name in sources and string_at(reference, "version") is not None and reference.get("source") == sources[name]:
            edits[*path, "version"] = moves[name][1]
    for path, requirement in _metadata(lock.document):
        to = siblings.get(normalised(string_at(requirement, "name") or ""))
        specifier = string_at(requirement, "specifier")
        if to is not None and specifier is not None:
            edits[*path, "specifier"] = moved_specifier(specifier, to)
    return with_lock_strings(lock, edits)


def _packages(document: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from _tables(value_at(document, ("package",)))


def _local_packages(document: Mapping[str, Any]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Index, name and entry of each package that stands in a folder."""
    for index, entry in _packages(document):
        name = string_at(entry, "name")
        if name is not None and not _LOCAL_SOURCES.isdisjoint(table_at(entry, "source")):
            yield index, name, entry


def _references(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Path and table of each dependency of a package, in all its lists."""
    for index, entry in _packages(document):
        lists: list[KeyPath] = [("dependencies",)]
        for kind in ("optional-dependencies", "dev-dependencies"):
            lists += [(kind, group) for group in table_at(entry, kind)]
        for path in lists:
            for place, reference in _tables(value_at(entry, path)):
                yield ("package", index, *path, place), reference


def _metadata(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Path and table of each requirement as the packages' own metadata state it."""
    for index, entry in _packages(document):
        lists: list[KeyPath] = [("metadata", "requires-dist")]
        lists += [("metadata", "requires-dev", group) for group in table_at(entry, "metadata", "requires-dev")]
        for path in lists:
            for place, requirement in _tables(value_at(entry, path)):
                yield ("package", index, *path, place), requirement


def _tables(entries: object) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield index, entry


def _comparable(version: str) -> str:
    """A version in one spelling: uv writes `1.2.0rc1` for `v1.2.0-RC.1`, and 1.2 is the same as 1.2.0."""
    text = version.lower().strip().removeprefix("v")
    text = _SPELLING.sub(lambda found: _SHORT.get(found[1], found[1]), text)
    return _TRAILING_ZEROS.sub("", text)
