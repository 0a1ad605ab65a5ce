"""TOML and JSON as data, with every failure an InputError that names the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Keys of tables and indices of arrays, outermost first.
KeyPath = tuple[str | int, ...]

_BOM = "\ufeff"
#: tomlkit is quadratic in places (dotted keys above all): half a second for the worst text of this length.
TOMLKIT_LIMIT = 32 * 1024
_DEPTH_LIMIT = 32
# tomllib needs cubic time for one key of many parts. A part is bare, "basic" or 'literal'; possessive, so linear.
_DEEP_KEY = re.compile(
    r"(?:^|[\[{,])[ \t]*+"
    r"(?:(?:[A-Za-z0-9_-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){" + str(_DEPTH_LIMIT) + "}",
    re.MULTILINE,
)
_WHERE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredText:
    """A file's text and what it says. `bom` is the byte order mark or empty; `body` is the text after it."""

    bom: str
    body: str
    document: Any


def read_toml(text: str) -> StructuredText:
    """`text` parsed as TOML 1.0.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    bom, body = _split_bom(text)
    return StructuredText(bom=bom, body=body, document=parse_toml(body))


def read_json(text: str) -> StructuredText:
    """`text` parsed as JSON.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    bom, body = _split_bom(text)
    return StructuredText(bom=bom, body=body, document=parse_json(body))


def parse_toml(body: str) -> dict[str, Any]:
    """The document of a TOML text without byte order mark. Raises InputError as `read_toml` does."""
    import tomllib

    deep = _DEEP_KEY.search(body)
    if deep is not None:
        message = f"a key has more than {_DEPTH_LIMIT} parts, which no manifest needs"
        raise InputError(message, code="manifest-syntax", line=_line_of(body, deep.end()))
    try:
        return tomllib.loads(body)
    except RecursionError:
        raise InputError("tables or arrays are nested too deep", code="manifest-syntax") from None
    except ValueError as error:  # TOMLDecodeError, and int's own refusal of more than 4300 digits
        raise _syntax_error(body, str(error)) from None


def parse_json(body: str) -> Any:
    """The document of a JSON text without byte order mark. Raises InputError as `read_json` does."""
    import json

    try:
        return json.loads(body)
    except RecursionError:
        raise InputError("objects or arrays are nested too deep", code="manifest-syntax") from None
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg}", code="manifest-syntax", line=error.lineno) from None
    except ValueError as error:
        raise InputError(f"not valid JSON: {error}", code="manifest-syntax") from None


def table_at(document: Any, *keys: str) -> dict[str, Any]:
    """The table at `keys`; empty where there is none, or something else."""
    value = value_at(document, keys)
    return value if isinstance(value, dict) else {}


def strings_at(document: Any, *keys: str) -> tuple[str, ...]:
    """The strings of the array at `keys`, in its order; empty where there is none, or something else."""
    value = value_at(document, keys)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def string_at(document: Any, *keys: str) -> str | None:
    """The string at `keys`; None where there is none, or something else."""
    value = value_at(document, keys)
    return value if isinstance(value, str) else None


def value_at(document: Any, path: KeyPath) -> Any:
    """What stands at `path`; None where nothing does (neither TOML nor a version has a null)."""
    value = document
    for part in path:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def render_path(path: KeyPath) -> str:
    """A path as TOML writes a dotted key, such as `tool."my.tool".version`."""
    return ".".join(_render_part(part) for part in path)


def find_differences(old: Any, new: Any) -> Iterator[KeyPath]:
    """The paths at which two documents differ: in value, in type (1 and 1.0 and true are three), in order of keys."""
    queue: list[tuple[KeyPath, Any, Any]] = [((), old, new)]
    while queue:
        path, before, after = queue.pop()
        if type(before) is not type(after):
            yield path
        elif isinstance(before, dict):
            if list(before) != list(after):
                yield path
            else:
                queue.extend(((*path, key), before[key], after[key]) for key in before)
        elif isinstance(before, list):
            if len(before) != len(after):
                yield path
            else:
                queue.extend(((*path, index), *pair) for index, pair in enumerate(zip(before, after, strict=True)))
        elif before != after and not (isinstance(before, float) and before != before and after != after):  # noqa: PLR0124
            yield path


def _split_bom(text: str) -> tuple[str, str]:
    return (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)


def _syntax_error(body: str, message: str) -> InputError:
    where = _WHERE.search(message)
    line: int | None = None
    if where is not None:
        message = message[: where.start()]
        line = int(where[1]) if where[1] else _line_of(body, len(body.rstrip()))
    hint = ""
    if _is_toml_1_1(body):
        hint = "this is TOML 1.1: write it as 1.0, that is inline tables on one line without a comma at the end"
    return InputError(f"not valid TOML: {message}", hint=hint, code="manifest-syntax", line=line)


def _is_toml_1_1(body: str) -> bool:
    """Whether tomlkit, which reads TOML 1.1, takes what tomllib refuses."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    if len(body) > TOMLKIT_LIMIT:
        return False
    try:
        tomlkit.parse(body)
    except (TOMLKitError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return True


def _line_of(body: str, position: int) -> int:
    return body.count("\n", 0, position) + 1


def _render_part(part: str | int) -> str:
    if isinstance(part, int) or re.fullmatch(r"[A-Za-z0-9_-]+", part):
        return str(part)
    if "'" not in part and part.isprintable():
        return f"'{part}'"
    return '"' + "".join(map(_in_quotes, part)) + '"'


def _in_quotes(char: str) -> str:
    """A character of a basic string: as it is where it can be seen. Source: TOML 1.0, "String"."""
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"
