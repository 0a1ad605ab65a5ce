"""Cargo.toml of a Python extension: its features, and what PyO3 is asked for.

Source: The Cargo Book, "Features"; the PyO3 guide, "Building and distribution"; maturin's settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests.toml_text import read_toml, string_at, strings_at, table_at, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ABI3 = re.compile(r"abi3-py3(\d{1,3})")
_FREE_THREADING = re.compile(r"Programming Language :: Python :: Free Threading(?: :: [2-4] - |\Z)")
_C_LIBRARIES = frozenset({"cdylib", "staticlib"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What PyO3 is asked for with the features that a wheel is built with.

    `abi3`: one wheel serves every Python from there on; `oldest` is that Python's minor version, None where PyO3
    takes the building one's. `links_always`: `extension-module` stands in the dependency itself.
    """

    abi3: bool
    oldest: int | None
    links_always: bool


def find_extension(text: str, features: Iterable[str] = (), workspace: str = "") -> Extension | None:
    """What the crate asks of PyO3, None where it does not use it. `workspace` is its root's Cargo.toml.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    document = read_toml(text).document
    dependency = value_at(document, ("dependencies", "pyo3"))
    if dependency is None:
        return None
    asked = set(strings_at(document, "dependencies", "pyo3", "features"))
    if isinstance(dependency, dict) and dependency.get("workspace") is True and workspace:
        asked |= set(strings_at(read_toml(workspace).document, "workspace", "dependencies", "pyo3", "features"))
    always = "extension-module" in asked
    asked |= _of_pyo3(table_at(document, "features"), ("default", *features))
    minors = [int(found[1]) for each in asked if (found := _ABI3.fullmatch(each))]
    return Extension(abi3="abi3" in asked or bool(minors), oldest=min(minors, default=None), links_always=always)


def find_unknown_features(text: str, features: Iterable[str]) -> tuple[str, ...]:
    """Those that the crate has not: no feature, no optional dependency, no `dependency/feature` of one it has.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    document = read_toml(text).document
    dependencies = table_at(document, "dependencies")
    known = {"default", *table_at(document, "features")}
    known |= {name for name, entry in dependencies.items() if isinstance(entry, dict) and entry.get("optional")}
    return tuple(
        each
        for each in features
        if each not in known and not ("/" in each and each.partition("/")[0].rstrip("?") in dependencies)
    )


def find_archived(text: str, *, has_program: bool) -> str | None:
    """The crate's name where it makes something to archive: a program, or a C library; else None.

    `has_program`: src/main.rs or src/bin exists. Raises InputError: `manifest-syntax`, with the line.
    """
    document = read_toml(text).document
    name = string_at(document, "package", "name")
    kinds = {*strings_at(document, "lib", "crate-type"), *strings_at(document, "lib", "crate_type")}
    finds_itself = value_at(document, ("package", "autobins")) is not False
    has_any = (has_program and finds_itself) or bool(document.get("bin")) or not _C_LIBRARIES.isdisjoint(kinds)
    return name if has_any else None


def program_names(text: str, *, has_program: bool) -> tuple[str, ...]:
    """The names of the programs that the crate makes. `has_program`: src/main.rs or src/bin exists.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    document = read_toml(text).document
    package = string_at(document, "package", "name")
    listed = document.get("bin")
    names = [each.get("name", package) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    if not names and has_program and package and value_at(document, ("package", "autobins")) is not False:
        names = [package]
    return tuple(each for each in names if isinstance(each, str))


def criterion_benches(text: str) -> tuple[str, tuple[str, ...]]:
    """The crate's name, and its benchmarks with a harness of their own, where it uses Criterion.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    document = read_toml(text).document
    name, listed = string_at(document, "package", "name") or "", document.get("bench")
    known = {*table_at(document, "dev-dependencies"), *table_at(document, "dependencies")}
    if not isinstance(listed, list) or not known & {"criterion", "codspeed-criterion-compat"}:
        return name, ()
    found = [each.get("name") for each in listed if isinstance(each, dict) and each.get("harness") is False]
    return name, tuple(each for each in found if isinstance(each, str))


def classifiers(text: str) -> tuple[str, ...]:
    """`project.classifiers` of a pyproject.toml, as written."""
    return strings_at(read_toml(text).document, "project", "classifiers")


def maturin_features(text: str) -> tuple[str, ...]:
    """`tool.maturin.features` of a pyproject.toml."""
    return strings_at(read_toml(text).document, "tool", "maturin", "features")


def tested_pythons(text: str) -> tuple[str, ...]:
    """The Pythons that a pyproject.toml's classifiers name, such as `3.12`, as written."""
    found = (
        re.fullmatch(r"Programming Language :: Python :: (3\.\d{1,3})", each.strip()) for each in classifiers(text)
    )
    return tuple(each[1] for each in found if each)


def says_free_threaded(text: str) -> bool:
    """Whether the classifiers of a pyproject.toml say that it runs without the GIL, as a beta or better."""
    return any(_FREE_THREADING.match(each) for each in classifiers(text))


def _of_pyo3(table: Mapping[str, Any], enabled: Iterable[str]) -> set[str]:
    """PyO3's features that enabling these of the crate turns on."""
    queue, seen, found = list(enabled), set[str](), set[str]()
    while queue:
        feature = queue.pop()
        if feature in seen:
            continue
        seen.add(feature)
        dependency, slash, name = feature.partition("/")
        if slash and dependency.rstrip("?") == "pyo3":
            found.add(name)
        queue += [each for each in table.get(feature, ()) if isinstance(each, str)]
    return found
