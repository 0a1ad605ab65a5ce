"""The table as TOML gives it → Config, and the JSON schema that describes it. The only door to msgspec.

Source: commands.md, "Configuration".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbump.config import mistakes
from verbump.config.settings import DESCRIPTIONS, Config
from verbump.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOURCES = (
    ("pyproject.toml", ("tool", "verbump")),
    ("verbump.toml", ()),
    ("Cargo.toml", ("package", "metadata", "verbump")),
    ("Cargo.toml", ("workspace", "metadata", "verbump")),
)


def find_table(documents: Mapping[str, Mapping[str, object]]) -> tuple[Mapping[str, object], str]:
    """The table that holds the configuration, and where it stands; ({}, "") where there is none.

    `documents` is file name → parsed TOML.

    Raises:
        ConfigError: it stands in two places.
    """
    found: list[tuple[Mapping[str, object], str]] = []
    for name, path in _SOURCES:
        node: Any = documents.get(name)
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and (node or path):
            found.append((node, f"{name} [{'.'.join(path)}]" if path else name))
    if len(found) > 1:
        places = " and ".join(source for _, source in found)
        raise ConfigError(f"two configurations: {places}", hint="keep one of them", code="two-configurations")
    return found[0] if found else ({}, "")


def parse(table: Mapping[str, object], *, source: str) -> Config:
    """The configuration that `table` spells. `source` is the file, for messages.

    Raises:
        ConfigError: unknown keys, wrong types, impossible values; all of them, a line each.
    """
    import msgspec

    faults = [*mistakes.find_unknown_keys(table, Config, "")]
    if len(faults) == 1:
        raise _error(source, [faults[0][0]], faults[0][1])
    if faults:
        raise _error(source, [f"{fault}: {hint}" for fault, hint in faults], "")
    try:
        config = msgspec.convert(_normal(table), Config)
    except msgspec.ValidationError as error:
        raise _error(source, [mistakes.worded(str(error))], "verbump schema") from error
    if wrong := list(mistakes.find_impossible(config)):
        raise _error(source, wrong, "")
    return config


def json_schema() -> dict[str, object]:
    """The JSON schema of the table: types, choices, a description for each setting."""
    import msgspec

    schema = msgspec.json.schema(Config)
    definitions: dict[str, Any] = schema["$defs"]
    for definition in definitions.values():
        definition["additionalProperties"] = False
    for name, text in DESCRIPTIONS.items():
        definitions["Config"]["properties"][name]["description"] = text
    entries = definitions["Config"]["properties"]["manifests"]["anyOf"]
    for choice in entries:
        if choice.get("type") == "array":
            choice["items"] = {"anyOf": [{"type": "string"}, choice["items"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "[tool.verbump]", **schema}


def _normal(table: Mapping[str, object]) -> dict[str, Any]:
    """The table with plain strings of `manifests` lists made records."""
    made: dict[str, Any] = dict(table)
    for holder in (made, *_tables(made.get("packages"))):
        if isinstance(holder.get("manifests"), list):
            holder["manifests"] = [{"path": each} if isinstance(each, str) else each for each in holder["manifests"]]
    return made


def _tables(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _error(source: str, faults: list[str], hint: str) -> ConfigError:
    where = source.replace(" [", ": ").removesuffix("]")
    lines = []
    for fault in faults:
        dotted = where.partition(": ")[2]
        lines.append(f"{where}.{fault}" if dotted else f"{where}: {fault}")
    return ConfigError("\n".join(lines), hint=hint)
