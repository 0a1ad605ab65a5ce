"""Where the projects of a repository lie when none is at its top: one release of their files, or several packages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.domain import tags, versions
from verbump.domain.manifests import cargo_toml, pyproject, stated
from verbump.errors import InputError
from verbump.planning.adoption import conversions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.domain.versions import Version
    from verbump.planning.adoption.surroundings import Surroundings

_CARGO, _PYTHON = "Cargo.toml", "pyproject.toml"
#: What older Python projects state their version in.
PATHS = ("setup.cfg", "setup.py")
_TOP = PurePosixPath()
# Manifests below these belong to no release: they are there to be tested, shown or copied.
_ASIDE = re.compile(
    r"\..*|tests?|testing|testdata|fixtures?|examples?|samples?|demos?|docs?|bench(?:es|marks?)|fuzz|templates?"
    r"|vendor|third[_-]party|node_modules",
    re.IGNORECASE,
)
_CFG_VERSION = r"^version[ \t]*=[ \t]*(?P<version>\d[^\s#;]*)"
_CFG_ATTRIBUTE = re.compile(r"^version[ \t]*=[ \t]*attr:[ \t]*([\w.]+)\.__version__[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder with a project: the names that it goes by, likeliest first, its version, the files that state one."""

    folder: PurePosixPath
    names: tuple[str, ...]
    version: Version | None
    files: tuple[str, ...]


def propose_layout(around: Surroundings) -> dict[str, Any]:
    """`manifests` or `packages` for what is not found from the top; nothing where it is, or where nothing is there."""
    if around.snapshot.packages or {"manifests", "packages"} & around.draft.settings.keys():
        return {}
    return find_layout(around.texts, around.snapshot.tag_names)


def find_layout(texts: Mapping[str, str], tag_names: frozenset[str]) -> dict[str, Any]:
    """The same, from the repository's manifests by path and its tags.

    Projects in several folders are one release where they have one version and at most one of them tags of its own.
    """
    if any(_is_project(texts[name], name) for name in (_CARGO, _PYTHON) if name in texts):
        return {}
    legacy = _find_legacy(texts)
    if legacy:
        return {"manifests": legacy}
    places = _find_places(texts)
    own = [name for place in places if (name := _tagged_name(tag_names, place)) is not None]
    if len({place.version for place in places if place.version is not None}) > 1 or len(own) > 1:
        return {"packages": _packages(tag_names, places)}
    return {"manifests": files} if (files := [path for place in places for path in place.files]) else {}


def find_version_files(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Paths of Python modules that may hold the version of a project below the top, or of setup.cfg."""
    found = [path for folder in _folders(texts) for path in _module_paths(texts, folder)]
    attribute = _CFG_ATTRIBUTE.search(texts.get("setup.cfg", ""))
    if attribute:
        module = attribute[1].replace(".", "/")
        found += [f"{start}{module}{end}" for start in ("src/", "") for end in ("/__init__.py", ".py")]
    return tuple(found)


def find_forgotten(around: Surroundings) -> Iterator[str]:
    """A remark for each manifest below the top that states the version and would not be released with it."""
    current = around.snapshot.current()
    known = {target.path for target in around.snapshot.targets}
    if current is None or not known or around.snapshot.packages or around.draft.settings:
        return
    for place in _find_places(around.texts):
        for path in place.files:
            if place.version == current.version and PurePosixPath(path) not in known:
                yield f"{path} states {current.version} too, and would not be released with it: list it in `manifests`"


def _is_project(text: str, name: str) -> bool:
    """Whether a manifest at the top is of a project, or of a Cargo workspace; one that cannot be read is."""
    try:
        if name == _PYTHON:
            return pyproject.parse(text).table is not None
        manifest = cargo_toml.parse(text)
    except InputError:
        return True
    return manifest.is_workspace or manifest.package_name is not None


def _find_legacy(texts: Mapping[str, str]) -> list[Any]:
    """The files of a setuptools project that no pyproject.toml describes."""
    found: list[Any] = []
    for path, pattern in (("setup.cfg", _CFG_VERSION), ("setup.py", conversions.variable_pattern("version"))):
        if path in texts and _matches_once(texts[path], pattern):
            found.append({"path": path, "pattern": pattern, "scheme": "pep440"})
    if found or not set(PATHS) & texts.keys():
        return found
    return [path for path in find_version_files(texts) if path in texts and "/" in path and _has_marker(texts[path])][
        :1
    ]


def _matches_once(text: str, pattern: str) -> bool:
    try:
        return len(stated.versions_by_pattern(text, pattern)) == 1
    except InputError:
        return False


def _has_marker(text: str) -> bool:
    try:
        return bool(stated.versions_by_marker(text))
    except InputError:
        return False


def _folders(texts: Mapping[str, str]) -> list[PurePosixPath]:
    """The folders below the top that hold a manifest, less those inside another of them."""
    found: list[PurePosixPath] = []
    paths = [PurePosixPath(path) for path in texts]
    folders = {path.parent for path in paths if path.name in {_CARGO, _PYTHON} and path.parent != _TOP}
    for folder in sorted(folders, key=lambda each: (len(each.parts), each)):
        if not any(_ASIDE.fullmatch(part) for part in folder.parts) and not set(folder.parents) & set(found):
            found.append(folder)
    return sorted(found)


def _find_places(texts: Mapping[str, str]) -> list[Place]:
    return [place for folder in _folders(texts) if (place := _place(texts, folder)) is not None]


def _place(texts: Mapping[str, str], folder: PurePosixPath) -> Place | None:
    """None where the folder's manifests are of no project, or cannot be read."""
    try:
        name, said = _said_by_python(texts, folder)
        crate, said_by_crate = _said_by_cargo(texts, folder)
    except InputError:
        return None
    said |= said_by_crate
    known = tuple(dict.fromkeys(each for each in (name, crate) if each))
    if not known and not said:
        return None
    version = next((each for each in said.values() if each is not None), None)
    return Place(folder=folder, names=known or (folder.name,), version=version, files=tuple(said))


def _said_by_python(texts: Mapping[str, str], folder: PurePosixPath) -> tuple[str | None, dict[str, Version | None]]:
    """Name and stated versions by path, also of the module that holds a dynamic version."""
    path = f"{folder}/{_PYTHON}"
    if path not in texts:
        return None, {}
    project = pyproject.parse(texts[path])
    if project.version is not None:
        return project.name, {path: _version(project.version)}
    module = next((each for each in _module_paths(texts, folder) if each in texts and _has_marker(texts[each])), None)
    if module is None:
        return project.name, {}
    return project.name, {module: _version(stated.versions_by_marker(texts[module])[0][1])}


def _said_by_cargo(texts: Mapping[str, str], folder: PurePosixPath) -> tuple[str | None, dict[str, Version | None]]:
    """Name and stated version of a crate or a workspace; nothing of a helper that is not published.

    The crate behind a Python module is often not published either, and yet carries its version.
    """
    path = f"{folder}/{_CARGO}"
    if path not in texts:
        return None, {}
    manifest = cargo_toml.parse(texts[path])
    is_helper = manifest.package_name and not manifest.publishable and f"{folder}/{_PYTHON}" not in texts
    text = manifest.version or manifest.workspace_version
    if is_helper or (text is None and not manifest.is_workspace):
        return None, {}
    return manifest.package_name, {path: _version(text) if text else None}


def _module_paths(texts: Mapping[str, str], folder: PurePosixPath) -> list[str]:
    try:
        project = pyproject.parse(texts.get(f"{folder}/{_PYTHON}", ""))
    except InputError:
        return []
    return [f"{folder}/{path}" for path in project.version_files]


def _version(text: str) -> Version | None:
    for read in (versions.parse, versions.from_pep440):
        try:
            return read(text)
        except InputError:
            continue
    return None


def _tagged_name(tag_names: frozenset[str], place: Place) -> str | None:
    """The first of its names that tags carry, None where none do."""
    return next((name for name in place.names if _has_tags(tag_names, name, place.folder)), None)


def _has_tags(tag_names: frozenset[str], name: str, folder: PurePosixPath) -> bool:
    try:
        return tags.infer_package_format(tag_names, name, str(folder)) is not None
    except InputError:
        return True


def _packages(tag_names: frozenset[str], places: list[Place]) -> list[dict[str, str]]:
    """One each, by the name that its tags carry; by its folder where another has that name."""
    made: list[dict[str, str]] = []
    for place in places:
        name = _tagged_name(tag_names, place) or place.names[0]
        if any(each["name"] == name for each in made):
            name = "-".join(place.folder.parts)
        made.append({"name": name, "path": str(place.folder)})
    return made
