"""What is wrong with a configuration: keys that are no settings, values that cannot work, and what was meant."""

from __future__ import annotations

import re
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args, get_type_hints

from verbump.config.settings import (
    CheckConfig,
    Config,
    HooksConfig,
    ManifestEntry,
    NotesConfig,
    PackageConfig,
    TypeRule,
)
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Texts that make GitHub or GitLab skip the workflows of a push: the tag's as well.
_SKIPS_CI = re.compile(
    r"\[(?:skip ci|ci skip|no ci|skip actions|actions skip|skip-ci|ci-skip)\]|\*\*\*no_ci\*\*\*|^skip-checks:",
    re.IGNORECASE | re.MULTILINE,
)
_SHA = re.compile(r"[0-9a-f]{7,64}")


def find_unknown_keys(table: Mapping[str, object], kind: type, place: str) -> Iterator[tuple[str, str]]:
    """Each key that is no setting: where it stands, and which setting was probably meant."""
    import difflib

    known = {each.name for each in fields(kind)}
    for key, value in table.items():
        where = f"{place}{key}"
        if key not in known:
            close = difflib.get_close_matches(key.replace("-", "_").lower(), known, n=1)
            yield f"{where} is not a setting", f"did you mean {close[0]}?" if close else "verbump schema lists them"
            continue
        inner = _NESTED.get((kind.__name__, key))
        if inner is None:
            continue
        if key == "types" and isinstance(value, dict):
            for name, row in value.items():
                if isinstance(row, dict):
                    yield from find_unknown_keys(row, inner, f"{where}.{name}.")
        elif isinstance(value, dict):
            yield from find_unknown_keys(value, inner, f"{where}.")
        elif isinstance(value, list):
            for index, row in enumerate(value):
                if isinstance(row, dict):
                    yield from find_unknown_keys(row, inner, f"{where}[{index}].")


_NESTED: Mapping[tuple[str, str], type] = MappingProxyType(
    {
        ("Config", "types"): TypeRule,
        ("Config", "manifests"): ManifestEntry,
        ("Config", "hooks"): HooksConfig,
        ("Config", "notes"): NotesConfig,
        ("Config", "check"): CheckConfig,
        ("Config", "packages"): PackageConfig,
        ("PackageConfig", "manifests"): ManifestEntry,
    }
)


def worded(said: str) -> str:
    """msgspec's message with the path first: `squash: expected …`."""
    what, _, path = said.partition(" - at `")
    where = path.rstrip("`").removeprefix("$").removeprefix(".") or "the table"
    found = re.fullmatch(r"Invalid enum value (.*)", what)
    if found is not None:
        return f"{where}: expected {_choices(where)}, got {found[1]}"
    return f"{where}: {what[0].lower()}{what[1:]}"


def _choices(where: str) -> str:
    """The values that a setting may have, in words."""
    name = re.sub(r"\[[^\]]*\]", "", where).rpartition(".")[2]
    hints = [get_type_hints(kind).get(name) for kind in (Config, TypeRule, ManifestEntry, PackageConfig)]
    hint = next((each for each in hints if each is not None), None)
    flat = [value for each in get_args(hint) for value in (get_args(each) or (each,))]
    shown = [repr(value) for value in flat if isinstance(value, (str, bool))]
    return " or ".join(["a text"] * (str in flat) + shown) or "another value"


def find_impossible(config: Config) -> Iterator[str]:
    """Values of the right type that cannot work."""
    yield from _unavailable(config)
    yield from _impossible_versions(config)
    yield from _impossible_message(config.commit_message)
    for key in config.overrides:
        if not _SHA.fullmatch(key):
            yield f"overrides.{key}: expected 7 to 64 hex digits of a commit"
    for where, path in _paths(config):
        if not path or path.startswith("/") or "\\" in path or ".." in path.split("/"):
            yield f"{where}: expected a path inside the repository with forward slashes, got {path!r}"
    for index, entry in enumerate(config.manifests or ()):
        if entry.key and entry.pattern:
            yield f"manifests[{index}]: either key or pattern, not both"
    for name, rule in config.types.items():
        if not re.fullmatch(r"[\w-]+", name):
            yield f"types.{name}: a commit type is letters, digits, - and _"
        if rule.category is not None and not rule.category.strip():
            yield f"types.{name}.category: empty; leave it out for no entry"
    for place, commands in (
        ("before_commit", config.hooks.before_commit),
        ("after_release", config.hooks.after_release),
    ):
        yield from (f"hooks.{place}[{index}]: an empty command" for index, argv in enumerate(commands) if not argv)


def _unavailable(config: Config) -> Iterator[str]:
    """Settings of the contract that this version cannot honour: refused, since ignoring them would release wrongly."""
    asked = {
        "convention": config.convention != "conventional",
        "compat": config.compat is not None,
        "template": config.template is not None,
        "packages": bool(config.packages),
    }
    yield from (f"{name}: is not available in this version" for name, is_asked in asked.items() if is_asked)


def _impossible_versions(config: Config) -> Iterator[str]:
    from verbump.domain import tags, versions

    if config.tag_format is not None:
        try:
            tags.parse_format(config.tag_format)
        except ConfigError as error:
            yield f"{error.message} (for example {error.hint})"
    if config.initial_version is not None:
        try:
            versions.parse(config.initial_version)
        except InputError as error:
            yield f"initial_version: {error.message}"


def _impossible_message(message: str) -> Iterator[str]:
    if "{version}" not in message:
        yield f"commit_message: expected {{version}} in it, got {message!r}"
    if "\n" in message or "\r" in message:
        yield "commit_message: expected one line"
    found = _SKIPS_CI.search(message)
    if found:
        yield f"commit_message: {found[0]!r} makes CI skip the tag's workflow too, so nothing would be published"


def _paths(config: Config) -> Iterator[tuple[str, str]]:
    if config.changelog:
        yield "changelog", config.changelog
    for index, entry in enumerate(config.manifests or ()):
        yield f"manifests[{index}].path", entry.path
    for index, path in enumerate(config.hooks.paths):
        yield f"hooks.paths[{index}]", path
    if config.template is not None:
        yield "template", config.template
