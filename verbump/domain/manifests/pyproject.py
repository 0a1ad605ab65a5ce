"""pyproject.toml: the project, where its version comes from, and its requirements on sibling packages."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from verbump.domain.manifests.toml_text import read_toml, render_path, string_at, strings_at, table_at, value_at
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.domain.manifests.toml_text import KeyPath

_PROJECT_VERSION = ("project", "version")
_POETRY_VERSION = ("tool", "poetry", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class PyProject:
    """What a pyproject.toml says about its version and members.

    `name` is as written. `version` is `project.version`, else `tool.poetry.version`, None where neither is a string.
    `dynamic`: there is a project and its version stands elsewhere. `table` is the one that states the version, else
    the one that describes the project; None where the file is only configuration. `build_backend` is empty where it is
    not said. `maturin_manifest` is the path of a Cargo.toml as written. `uv_members` and `uv_excluded` are globs,
    relative to the file's folder. `version_files` are those that may hold a dynamic version as `__version__`, where
    hatch, PDM, setuptools or flit would read it, most likely first.
    """

    name: str | None
    version: str | None
    dynamic: bool
    table: Literal["project", "tool.poetry"] | None
    build_backend: str
    maturin_manifest: str | None
    uv_members: tuple[str, ...]
    uv_excluded: tuple[str, ...]
    requires_python: str | None
    version_files: tuple[str, ...]


def parse(text: str) -> PyProject:
    """What the file says.

    Raises:
        InputError: `manifest-syntax`, with the line.
    Source: PEP 621; Poetry's documentation, "The pyproject.toml file"; uv's and maturin's settings.
    """
    document = read_toml(text).document
    poetry = table_at(document, "tool", "poetry")
    version = _version(document)
    return PyProject(
        name=string_at(document, "project", "name") or string_at(poetry, "name"),
        version=version,
        dynamic=version is None and ("version" in strings_at(document, "project", "dynamic") or bool(poetry)),
        table=_table(document),
        build_backend=string_at(document, "build-system", "build-backend") or "",
        maturin_manifest=string_at(document, "tool", "maturin", "manifest-path"),
        uv_members=strings_at(document, "tool", "uv", "workspace", "members"),
        uv_excluded=strings_at(document, "tool", "uv", "workspace", "exclude"),
        requires_python=string_at(document, "project", "requires-python"),
        version_files=_version_files(document) if version is None else (),
    )


def dependencies_of(text: str) -> frozenset[str]:
    """Normalised names of what the project needs to be built or to run: no groups that only developers install.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    from verbump.domain.manifests.python_requirements import normalised, required_name

    document = read_toml(text).document
    named = [
        required_name(requirement)
        for path, requirement in _requirements(document)
        if path[0] != "dependency-groups" and "dev-dependencies" not in path
    ]
    constraints = _poetry_constraints(document)
    named += [name for name, path, _ in constraints if path[:3] == ("tool", "poetry", "dependencies")]
    return frozenset(normalised(name) for name in named if name)


def version_of(text: str) -> str | None:
    """`project.version`, else `tool.poetry.version`; None where neither is a string."""
    return _version(read_toml(text).document)


def with_version(text: str, version: str) -> str:
    """The file with another version: in `[project]` and `[tool.poetry]` where both state the same, else in the first.

    Raises:
        InputError: `manifest-no-version` where neither states one; `manifest-syntax`; `manifest-not-proved`.
    """
    from verbump.domain.manifests.toml_splice import with_manifest_strings

    manifest = read_toml(text)
    old = _version(manifest.document)
    if old is None:
        message = "neither project.version nor tool.poetry.version is a string"
        raise InputError(message, hint='add version = "0.1.0" to [project]', code="manifest-no-version")
    stated = [path for path in (_PROJECT_VERSION, _POETRY_VERSION) if string_at(manifest.document, *path) == old]
    return with_manifest_strings(manifest, dict.fromkeys(stated, version))


def with_requirements(text: str, moved: Mapping[str, str]) -> str:
    """The file with requirements that admit the new versions of siblings; `moved` is distribution name → its version.

    Names are compared as PEP 503 does. Looked at are project.dependencies, project.optional-dependencies,
    dependency-groups, build-system.requires, tool.uv.dev-dependencies and Poetry's tables of dependencies.

    Raises:
        InputError: `manifest-requirement` for a requirement on a sibling that cannot be read; `manifest-syntax`;
            `manifest-not-proved`.
    """
    from verbump.domain.manifests.python_requirements import moved_poetry_constraint, moved_requirement, normalised
    from verbump.domain.manifests.toml_splice import with_manifest_strings

    manifest = read_toml(text)
    versions = {normalised(name): version for name, version in moved.items()}
    edits: dict[KeyPath, str] = {}
    for path, requirement in _requirements(manifest.document):
        with _placed(path):
            edits[path] = moved_requirement(requirement, versions)
    for name, path, constraint in _poetry_constraints(manifest.document):
        version = versions.get(normalised(name))
        if version is not None:
            with _placed(path):
                edits[path] = moved_poetry_constraint(constraint, version)
    return with_manifest_strings(manifest, edits)


def _version(document: Mapping[str, Any]) -> str | None:
    return string_at(document, *_PROJECT_VERSION) or _poetry_version(document)


def _poetry_version(document: Mapping[str, Any]) -> str | None:
    """Poetry's version, None where it only holds the place of the one that poetry-dynamic-versioning puts there."""
    is_dynamic = value_at(document, ("tool", "poetry-dynamic-versioning", "enable")) is True
    return None if is_dynamic else string_at(document, *_POETRY_VERSION)


def _version_files(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Where build backends look for a dynamic version.

    Sources: hatch's "regex" version source, PDM's "file", setuptools' `attr`, flit's module.
    """
    found = [string_at(document, "tool", "hatch", "version", "path")]
    if string_at(document, "tool", "pdm", "version", "source") == "file":
        found.append(string_at(document, "tool", "pdm", "version", "path"))
    attribute = value_at(document, ("tool", "setuptools", "dynamic", "version", "attr"))
    if isinstance(attribute, str) and attribute.endswith(".__version__"):
        found += _module_files(attribute.removesuffix(".__version__"))
    name = string_at(document, "tool", "flit", "module", "name") or string_at(document, "project", "name")
    backend = string_at(document, "build-system", "build-backend") or ""
    if backend.startswith("flit") and name is not None:
        found += _module_files(name.replace("-", "_"))
    return tuple(each for each in found if each is not None)


def _module_files(module: str) -> list[str]:
    path = module.replace(".", "/")
    return [f"{folder}{path}{end}" for folder in ("src/", "") for end in ("/__init__.py", ".py")]


def _table(document: Mapping[str, Any]) -> Literal["project", "tool.poetry"] | None:
    if string_at(document, *_PROJECT_VERSION) is not None:
        return "project"
    if _poetry_version(document) is not None:
        return "tool.poetry"
    if "project" in document:
        return "project"
    return "tool.poetry" if table_at(document, "tool", "poetry") else None


def _requirements(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Path and text of each PEP 508 requirement."""
    yield from _strings(document, ("project", "dependencies"))
    yield from _strings(document, ("build-system", "requires"))
    yield from _strings(document, ("tool", "uv", "dev-dependencies"))
    for tables in (("project", "optional-dependencies"), ("dependency-groups",)):
        for group in table_at(document, *tables):
            yield from _strings(document, (*tables, group))


def _strings(document: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    found = value_at(document, path)
    for index, each in enumerate(found if isinstance(found, list) else []):
        if isinstance(each, str):
            yield (*path, index), each


def _poetry_constraints(document: Mapping[str, Any]) -> Iterator[tuple[str, KeyPath, str]]:
    """Name, path and text of each constraint: `name = "^1"`, `name = {version = "^1"}`, or a list of such tables."""
    poetry = ("tool", "poetry")
    tables: list[tuple[str, ...]] = [(*poetry, "dependencies"), (*poetry, "dev-dependencies")]
    tables += [(*poetry, "group", group, "dependencies") for group in table_at(document, *poetry, "group")]
    for table in tables:
        for name, entry in table_at(document, *table).items():
            if isinstance(entry, str):
                yield name, (*table, name), entry
            places: list[KeyPath] = [(*table, name)]
            if isinstance(entry, list):
                places = [(*table, name, index) for index in range(len(entry))]
            for place in places:
                constraint = value_at(document, (*place, "version"))
                if isinstance(constraint, str):
                    yield name, (*place, "version"), constraint


@contextmanager
def _placed(path: KeyPath) -> Iterator[None]:
    """Puts the path before the message of an InputError."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{render_path(path)}: {error.message}", hint=error.hint, code=error.code) from None
