"""What is misshapen in a table: keys that are no settings, values of the wrong type, settings that are missing.

One walk along the types of `settings`, which msgspec then fills: every mistake is found, each under its own path.
"""

from __future__ import annotations

import functools
import json
import operator
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from verbump.config.settings import ManifestEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_SHOWN = 60
_SCALARS = {str: "a text", bool: "true or false", int: "a whole number"}
SCHEMA = "verbump schema describes every setting"


def find_mistakes(table: Mapping[str, object], kind: type, where: str = "") -> Iterator[tuple[str, str]]:
    """What keeps `table` from becoming a `kind`, in the table's order: what is said of it, and a hint or "".

    What is said begins with the path of the setting below `where`. Lazy, since a hostile table has many.
    """
    expected = _settings_of(kind)
    for key, value in table.items():
        place = joined(where, key)
        if key in expected:
            yield from _of_value(value, expected[key], place)
        else:
            yield f"{place} is not a setting", _meant(key, expected)
    for each in fields(kind):
        if each.default is MISSING and each.default_factory is MISSING and each.name not in table:
            yield f"{joined(where, each.name)} is missing", SCHEMA


def joined(where: str, key: str) -> str:
    """The path of `key` inside `where`, as TOML spells it: quoted where the key is not bare."""
    spelled = key if _BARE_KEY.fullmatch(key) else _shown(key)
    return f"{where}.{spelled}" if where else spelled


@functools.cache
def _settings_of(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _meant(key: str, expected: Mapping[str, Any]) -> str:
    import difflib

    if key == "tool":
        return "here the settings stand at the top, without [tool.verbump]"
    close = difflib.get_close_matches(key.replace("-", "_").lower(), expected, n=1)
    return f"did you mean {close[0]}?" if close else SCHEMA


def _of_value(value: object, annotated: Any, where: str) -> Iterator[tuple[str, str]]:
    import msgspec

    kind = _without_none(annotated)
    inner = get_args(kind)
    if kind is ManifestEntry and isinstance(value, str):
        yield from _of_value(value, str, where)
    elif is_dataclass(kind) and isinstance(kind, type) and isinstance(value, Mapping):
        yield from find_mistakes(value, kind, where)
    elif get_origin(kind) is tuple and isinstance(value, (list, tuple)):
        for index, each in enumerate(value):
            yield from _of_value(each, inner[0], f"{where}[{index}]")
    elif get_origin(kind) is Mapping and isinstance(value, Mapping):
        for key, each in value.items() if inner[1] is not Any else ():
            yield from _of_value(key, str, joined(where, key))
            yield from _of_value(each, inner[1], joined(where, key))
    elif isinstance(value, str) and "\0" in value:
        yield f"{where}: holds a NUL character, which no file name, command or message can", ""
    else:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            yield f"{where}: expected {_described(kind)}, got {_shown(value)}", SCHEMA


def _without_none(annotated: Any) -> Any:
    """`X` for `X | None`: TOML has no null, so the default stands for it."""
    inner = get_args(annotated)
    if type(None) not in inner:
        return annotated
    return functools.reduce(operator.or_, (each for each in inner if each is not type(None)))


def _described(kind: Any) -> str:
    """A type in the words of someone who writes TOML."""
    inner = get_args(kind)
    if kind in _SCALARS:
        words = _SCALARS[kind]
    elif kind is ManifestEntry:
        words = "a text or a table"
    elif is_dataclass(kind) or get_origin(kind) is Mapping:
        words = "a table"
    elif get_origin(kind) is tuple:
        words = "a list of texts" if inner[0] is str else "a list"
    elif get_origin(kind) is Literal:
        words = " or ".join(_shown(each) for each in inner)
    else:
        words = " or ".join(_described(each) for each in inner)
    return words


def _shown(value: object) -> str:
    """A value as TOML spells it, cut where it is long; lists and tables by name."""
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, str) and len(value) > _LONGEST_SHOWN:
        value = f"{value[:_LONGEST_SHOWN]}…"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, bool)) else str(value)[: _LONGEST_SHOWN + 1]
