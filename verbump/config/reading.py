"""The table as TOML gives it → Config, and the JSON schema that describes it.

Source: commands.md, "Configuration".
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from verbump.config.descriptions import DESCRIPTIONS
from verbump.config.settings import Config
from verbump.errors import ConfigError

_SOURCES = (
    ("pyproject.toml", ("tool", "verbump")),
    ("verbump.toml", ()),
    ("Cargo.toml", ("package", "metadata", "verbump")),
    ("Cargo.toml", ("workspace", "metadata", "verbump")),
)
_MOST_SHOWN = 20


def find_table(documents: Mapping[str, Mapping[str, object]]) -> tuple[Mapping[str, object], str]:
    """The table that holds the configuration, and where it stands; ({}, "") where there is none.

    `documents` is file name → parsed TOML. An empty verbump.toml holds none.

    Raises:
        ConfigError: it stands in two places, or is no table.
    """
    found: list[tuple[Any, str]] = []
    for name, path in _SOURCES:
        node: Any = documents.get(name)
        for key in path:
            node = node.get(key) if isinstance(node, Mapping) else None
        if node or (path and node is not None):
            found.append((node, f"{name} [{'.'.join(path)}]" if path else name))
    if len(found) > 1:
        places = " and ".join(source for _, source in found)
        raise ConfigError(f"two configurations: {places}", hint="keep one of them", code="two-configurations")
    if not found:
        return {}, ""
    table, source = found[0]
    if not isinstance(table, Mapping):
        file, dotted = _parts(source)
        raise ConfigError(f"{file}: {dotted}: expected a table", hint=f"write [{dotted}] and the settings below it")
    return table, source


def parse(table: Mapping[str, object], *, source: str) -> Config:
    """The configuration that `table` spells. `source` is where it stands, as `find_table` says it; for messages.

    Raises:
        ConfigError: unknown keys, wrong types, impossible values: a line each, of the first 20.
    """
    import msgspec

    from verbump.config import mistakes, shape

    found: list[tuple[str, str]] = []
    sound: dict[str, object] = {}
    for key, value in table.items():
        wrong = [*islice(shape.find_mistakes({key: value}, Config), _MOST_SHOWN + 1)]
        found += wrong
        if len(found) > _MOST_SHOWN:
            break
        if not wrong:
            sound[key] = value
    else:  # what has the right shape is judged beside what has not
        config = msgspec.convert(_normal(sound), Config)
        found += ((said, "") for said in mistakes.find_impossible(config))
        if not found:
            return config
    raise _error(source, found)


def json_schema() -> dict[str, object]:
    """The JSON schema of the table: types, choices, defaults, a description for each setting; no other key."""
    import msgspec

    schema = msgspec.json.schema(Config)
    definitions: dict[str, Any] = schema["$defs"]
    for name, definition in definitions.items():
        definition["additionalProperties"] = False
        for key, setting in definition["properties"].items():
            _without_null(setting)
            setting["description"] = DESCRIPTIONS[name][key]
            if key == "manifests":
                setting["items"] = {"anyOf": [{"type": "string"}, setting["items"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "[tool.verbump]", **schema}


def _without_null(setting: dict[str, Any]) -> None:
    """TOML has no null: a setting that is None by default is one that is not written."""
    if setting.get("default", ...) is None:
        del setting["default"]
        choices = [each for each in setting.pop("anyOf") if each != {"type": "null"}]
        setting.update(choices[0] if len(choices) == 1 else {"anyOf": choices})


def _normal(table: Mapping[str, object]) -> dict[str, Any]:
    """The table with plain strings of `manifests` lists made records."""
    made: dict[str, Any] = dict(table)
    if isinstance(packages := made.get("packages"), list):
        made["packages"] = [_normal(each) for each in packages]
    if isinstance(entries := made.get("manifests"), list):
        made["manifests"] = [{"path": each} if isinstance(each, str) else each for each in entries]
    return made


def _error(source: str, found: list[tuple[str, str]]) -> ConfigError:
    """One mistake with its hint, or a line for each of several."""
    from verbump.config.shape import SCHEMA

    file, dotted = _parts(source)
    begin = f"{file}: {dotted}." if dotted else f"{file}: "
    if len(found) == 1:
        return ConfigError(f"{begin}{found[0][0]}", hint=found[0][1])
    lines = [begin + said + (f"; {hint}" if hint not in {"", SCHEMA} else "") for said, hint in found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        lines.append(f"{file}: there are more mistakes")
    return ConfigError("\n".join(lines), hint=SCHEMA)


def _parts(source: str) -> tuple[str, str]:
    """`pyproject.toml [tool.verbump]` → `pyproject.toml`, `tool.verbump`; the second empty for a whole file."""
    file, _, dotted = source.removesuffix("]").rpartition(" [") if source.endswith("]") else (source, "", "")
    return file, dotted
