"""What a manifest says of the project to people: description, licence, addresses, the programs that it has.

Source: The Cargo Book, "The Manifest Format" and "Cargo Targets"; PEP 621, PEP 639, PEP 753; Poetry's documentation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests.toml_text import read_toml, string_at, strings_at, table_at, value_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_WEB = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_LABELS = {
    "homepage": ("homepage",),
    "repository": ("repository", "source", "sourcecode", "github"),
    "documentation": ("documentation", "docs"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is said, as written; "" where nothing is. Addresses are http or https, else they count as not given.

    `scripts` are the commands that a Python project installs, in the order of the file.
    """

    name: str = ""
    description: str = ""
    licence: str = ""
    homepage: str = ""
    repository: str = ""
    documentation: str = ""
    authors: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


def of_cargo(text: str, workspace: str = "") -> About:
    """What a Cargo.toml says; keys with `workspace = true` from the text of the workspace's.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    package = table_at(read_toml(text).document, "package")
    shared = table_at(read_toml(workspace).document, "workspace", "package") if workspace else {}

    def said(key: str) -> Any:
        return shared.get(key) if value_at(package, (key, "workspace")) is True else package.get(key)

    return About(
        name=_text(package.get("name")),
        description=_text(said("description")),
        licence=_text(said("license")),
        homepage=_web(said("homepage")),
        repository=_web(said("repository")),
        documentation=_web(said("documentation")),
        authors=tuple(_person(each) for each in said("authors") or () if isinstance(each, str) and _person(each)),
    )


def of_pyproject(text: str) -> About:
    """What a pyproject.toml says in `[project]`, else in `[tool.poetry]`.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    document = read_toml(text).document
    project, poetry = table_at(document, "project"), table_at(document, "tool", "poetry")
    table = project or poetry
    urls = {_label(key): value for key, value in table_at(table, "urls").items()}
    urls |= {key: table[key] for key in _LABELS if isinstance(table.get(key), str)}
    found = {
        key: next((_web(urls[label]) for label in labels if _web(urls.get(label))), "")
        for key, labels in _LABELS.items()
    }
    licence = table.get("license")
    return About(
        name=_text(table.get("name")),
        description=_text(table.get("description")),
        licence=_text(licence) or _text(value_at(licence, ("text",))),
        authors=tuple(_authors(table.get("authors"))),
        scripts=tuple(table_at(table, "scripts")),
        **found,
    )


def merged(said: Iterable[About]) -> About:
    """For each key what the first says that says anything."""
    several = tuple(said)
    first = {each.name: next((v for one in several if (v := getattr(one, each.name))), None) for each in fields(About)}
    return About(**{key: value for key, value in first.items() if value is not None})


def find_programs(text: str, paths: Collection[str], features: Collection[str] = ()) -> tuple[str, ...]:
    """Names of the binaries that `cargo build` makes of the crate, sorted.

    `paths` are the crate's files, relative to its Cargo.toml; `features` those that are turned on beside the default
    ones. Raises InputError: `manifest-syntax`, with the line.
    """
    document = read_toml(text).document
    name = string_at(document, "package", "name")
    if name is None:
        return ()
    found = {"src/main.rs": name} if "src/main.rs" in paths else {}
    for path in paths:
        inside = re.fullmatch(r"src/bin/([^/]+?)(?:\.rs|/main\.rs)", path)
        found |= {path: inside[1]} if inside else {}
    if value_at(document, ("package", "autobins")) is False:
        found = {}
    enabled = {*features, "default", *strings_at(document, "features", "default")}
    entries = value_at(document, ("bin",))
    for entry in entries if isinstance(entries, list) else ():
        own = string_at(entry, "name") or name
        places = [string_at(entry, "path")] if string_at(entry, "path") else _places(own, name)
        found = {path: each for path, each in found.items() if path not in places and each != own}
        if enabled.issuperset(strings_at(entry, "required-features")):
            found[f"[[bin]] {own}"] = own
    return tuple(sorted(set(found.values())))


def _places(own: str, package: str) -> list[str | None]:
    main: list[str | None] = ["src/main.rs"] if own == package else []
    return [*main, f"src/bin/{own}.rs", f"src/bin/{own}/main.rs"]


def _authors(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else ():
        person = _person(each) if isinstance(each, str) else _text(value_at(each, ("name",)))
        if person:
            yield person


def _person(text: str) -> str:
    """The name of `Name <address>`."""
    return text.partition("<")[0].strip()


def _label(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _web(value: object) -> str:
    text = _text(value)
    return text if _WEB.fullmatch(text) else ""
