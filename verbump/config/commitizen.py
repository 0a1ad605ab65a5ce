"""Settings of `[tool.commitizen]` that have an equivalent, laid under those of `[tool.verbump]`.

Source: rules.md, "Bump", on `convention`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from verbump.config.settings import TypeRule
from verbump.domain import bumps
from verbump.errors import ConfigError

if TYPE_CHECKING:
    from verbump.config.settings import Config

# commitizen can spell a version in parts; all of them in order are the version.
_PARTS = re.compile(
    r"\$(?:major|\{major\})\.\$(?:minor|\{minor\})\.\$(?:patch|\{patch\})"
    r"(?:\$(?:prerelease|\{prerelease\}))?(?:\$(?:devrelease|\{devrelease\}))?"
)
_TEXTS = ("name", "tag_format", "changelog_file")


def with_commitizen(config: Config, given: Collection[str], table: Mapping[str, Any], place: str) -> Config:
    """`config` with what `table` ([tool.commitizen]) adds; the settings named in `given` stay.

    `place` is where the table stands, for messages. With `convention = "commitizen"` the rules come from the plugin, so
    that its bumps below 1.0.0 are taken as they are unless `zero_version` is given. With `compat` no type gets a row
    for its title: a row would also say how far the type goes.

    Raises:
        ConfigError: a setting that is honoured has another type, or its value cannot work.
    """
    _check_types(table, place)
    changes: dict[str, Any] = {}
    is_plugin = config.convention == "commitizen"
    if "tag_format" not in given and table.get("tag_format"):
        changes["tag_format"] = _tag_format(table["tag_format"], place)
    if "zero_version" not in given:
        if is_plugin:
            changes["zero_version"] = "strict"
        elif "major_version_zero" in table:
            changes["zero_version"] = "minor" if table["major_version_zero"] else "strict"
    if "changelog" not in given and str(table.get("changelog_file") or "").endswith(".md"):
        changes["changelog"] = table["changelog_file"]
    if "categories" not in given and table.get("change_type_order"):
        changes["categories"] = tuple(dict.fromkeys(table["change_type_order"]))
    if not is_plugin and config.compat is None and table.get("change_type_map"):
        changes["types"] = {**_types(table["change_type_map"], config.types), **config.types}
    return replace(config, **changes)


def _check_types(table: Mapping[str, Any], place: str) -> None:
    expected: dict[str, tuple[str, bool]] = {
        name: ("a text", isinstance(table.get(name), str)) for name in _TEXTS if table.get(name) is not None
    }
    if "major_version_zero" in table:
        expected["major_version_zero"] = ("true or false", isinstance(table["major_version_zero"], bool))
    if (titles := table.get("change_type_map")) is not None:
        is_sound = isinstance(titles, Mapping) and all(isinstance(each, str) and each for each in titles.values())
        expected["change_type_map"] = ("a table of texts", is_sound)
    if (order := table.get("change_type_order")) is not None:
        is_sound = isinstance(order, list) and all(isinstance(each, str) and each for each in order)
        expected["change_type_order"] = ("a list of texts", is_sound)
    for name, (kind, is_sound) in expected.items():
        if not is_sound:
            raise ConfigError(f"{place}.{name}: expected {kind}", hint="commitizen's documentation describes it")


def _tag_format(text: str, place: str) -> str:
    from verbump.domain import tags

    spelled = _PARTS.sub("$version", text)
    try:
        tags.parse_format(spelled)
    except ConfigError as error:
        hint = f"set tag_format of verbump: {error.hint}"
        raise ConfigError(f"{place}.{error.message}", hint=hint, code=error.code) from error
    return spelled


def _types(titles: Mapping[str, str], own: Mapping[str, TypeRule]) -> dict[str, TypeRule]:
    """A row for each type that gets another title, as far as it goes by verbump's rules."""
    known = {name.lower() for name in own}
    rows = {}
    for name, title in titles.items():
        if name.lower() in known or not re.fullmatch(r"[\w-]+", name):
            continue
        rule = bumps.DEFAULT_RULES.get(name.lower())
        bump: Any = rule.bump.word if rule else "none"
        rows[name] = TypeRule(bump=bump, category=title)
    return rows
