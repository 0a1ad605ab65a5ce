"""The files that another tool wrote the version into: those that verbump can read, in the words of `manifests`."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump import config
from verbump.domain import manifests, versions
from verbump.domain.manifests import Format, stated
from verbump.errors import ConfigError, InputError
from verbump.planning import stated_versions
from verbump.planning.adoption import conversions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from verbump.domain.versions import Version
    from verbump.planning.adoption.surroundings import Surroundings

_BY_NAME = {each.value for each in (Format.CARGO_TOML, Format.CARGO_LOCK, Format.PYPROJECT, Format.UV_LOCK)}


def settle_manifests(around: Surroundings, wanted: Sequence[Any]) -> list[Any]:
    """Those of `wanted` that can be read, behind the files that verbump finds and that state the same version."""

    def leave(index: int, why: str) -> None:
        _leave(around, ("manifests", index), why)

    listed = list(_readable(around, wanted, leave))
    snapshot = around.snapshot
    current = snapshot.current()
    goal = current.version if current else _version(around.draft.current)
    told = {each.path: each.version for each in stated_versions.find_stated(snapshot)}
    known = {str(target.path) for target in snapshot.targets}
    paths = [item if isinstance(item, str) else item["path"] for item in listed]
    # What verbump finds by itself it reads by the file's own format: a pattern adds nothing.
    listed = [path if path in known else item for path, item in zip(paths, listed, strict=True)]
    found = [
        str(target.path)
        for target in snapshot.targets
        if not target.is_member and str(target.path) not in paths and (goal is None or told.get(target.path) == goal)
    ]
    return [*found, *listed]


def settle_packages(around: Surroundings, packages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The packages, each with those of its manifests that can be read."""
    settled = []
    for number, package in enumerate(packages):

        def leave(_: int, why: str, number: int = number) -> None:
            _leave(around, ("packages", number), why)

        made = dict(package)
        if "manifests" in made:
            made["manifests"] = list(_readable(around, made["manifests"], leave))
            if not made["manifests"]:
                del made["manifests"]
        settled.append(made)
    return settled


def _leave(around: Surroundings, place: tuple[str, int], why: str) -> None:
    origin = around.draft.origins.get(place)
    if origin is not None:
        table, keys = origin
        table.leave_at(keys, why)


def _readable(around: Surroundings, items: Sequence[Any], leave: Callable[[int, str], None]) -> Iterator[Any]:
    """The items whose files state a version; the others are left. A file without a key or pattern may get one."""
    for index, item in enumerate(items):
        entry = item if isinstance(item, dict) else {"path": item}
        path = entry["path"]
        text = around.texts.get(path)
        try:
            config.parse({"manifests": [entry]}, source="")
            if text is None:
                leave(index, f"{path} is not there: list it in `manifests` once it is")
                continue
            if len(entry) == 1 and path.rsplit("/", 1)[-1] in _BY_NAME:
                yield item
                continue
            _read_stated(entry, text)
        except (InputError, ConfigError) as error:
            found = _found_in(text or "", around, entry) if len(entry) == 1 else None
            if found is None:
                leave(index, f"{path}: {error.message}" + (f"; {error.hint}" if error.hint else ""))
            else:
                yield found
        else:
            yield item


def _read_stated(entry: Mapping[str, str], text: str) -> None:
    """Raises InputError or ConfigError where the file does not state a version in the entry's way."""
    path = PurePosixPath(entry["path"])
    kind = Format.KEY if "key" in entry else Format.PATTERN if "pattern" in entry else Format.MARKER
    if kind is Format.KEY:
        said = [stated.version_at_key(text, path, entry["key"])]
    elif kind is Format.PATTERN:
        said = [version for _, version in stated.versions_by_pattern(text, entry["pattern"])]
    else:
        said = [version for _, version in stated.versions_by_marker(text)]
    for each in said:
        versions.parse_spelled(each, manifests.default_scheme(path, kind))


def _found_in(text: str, around: Surroundings, entry: Mapping[str, str]) -> dict[str, str] | None:
    """The entry with a pattern for the one line that holds the current version; None where it is not one line."""
    current = around.snapshot.current()
    for version in filter(None, (around.draft.current, str(current.version) if current else None)):
        lines = [line for line in text.split("\n") if version in line]
        if len(lines) != 1 or lines[0].count(version) != 1:
            continue
        before = conversions.search_pattern(f"{lines[0].partition(version)[0]}\0", "\0")
        made = {**entry, "pattern": f"^{before}"}
        try:
            found = stated.versions_by_pattern(text, made["pattern"])
            _read_stated(made, text)
        except (InputError, ConfigError):
            return None
        return made if [each for _, each in found] == [version] else None
    return None


def _version(text: str | None) -> Version | None:
    for parse in (versions.parse, versions.from_pep440):
        try:
            return parse(text or "")
        except InputError:
            continue
    return None
