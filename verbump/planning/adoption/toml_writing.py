"""verbump's own settings as TOML text, and that text spliced into a file of which every other byte stays."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests import toml_text
from verbump.domain.manifests.toml_text import render_path, value_at
from verbump.errors import InputError
from verbump.planning.adoption import documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verbump.domain.manifests.toml_text import KeyPath

_WIDTH = 100
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LITERAL = re.compile(r"[^'\x00-\x1f\x7f]*")


def render_settings(settings: Mapping[str, Any], table: KeyPath) -> str:
    """The settings as TOML, plain ones first, below the header of `table`, or at the top where that is empty."""
    lines: list[str] = []
    plain = {name: value for name, value in settings.items() if not _is_table(value)}
    if table and (plain or not settings):
        lines.append(f"[{_dotted(table)}]")
    lines += [_pair(name, value) for name, value in plain.items()]
    for name, value in settings.items():
        place = (*table, name)
        if isinstance(value, dict):
            lines += ["", f"[{_dotted(place)}]"]
            lines += [_pair(key, each) for key, each in value.items()]
        elif _is_table(value):
            for item in value:
                lines += ["", f"[[{_dotted(place)}]]"]
                lines += [_pair(key, each) for key, each in item.items()]
    return "\n".join(lines).strip("\n") + "\n"


def with_settings(text: str | None, settings: Mapping[str, Any], table: KeyPath) -> str:
    """The file with the settings in `table`, in place of what stands there or else at the end; no other byte changes.

    Raises:
        InputError: it is not valid TOML, or cannot hold the table without another change.
    """
    before = text or ""
    newline = "\r\n" if "\r\n" in before else "\n"
    present = value_at(toml_text.read_toml(before).document, table)
    if present == settings and (present or table):
        return before
    kept = (before if present is None else without_table(before, table)) if table else "" if present else before
    rendered = render_settings(settings, table).replace("\n", newline) if settings else ""
    gap = "" if not kept.strip("\ufeff \t\r\n") else newline if kept.endswith(("\n", newline)) else newline * 2
    if gap == newline and kept.endswith(newline * 2):
        gap = ""
    after = f"{kept}{gap if rendered else ''}{rendered}"
    try:
        document = toml_text.read_toml(after).document
    except InputError:
        document = {}
    if (value_at(document, table) or {}) != settings or _rest(document, table) != _rest(
        toml_text.read_toml(before).document, table
    ):
        raise _not_spliced(table)
    return after


def without_table(text: str, table: KeyPath) -> str:
    """The text without the tables whose headers begin with `table`; comments before the next header stay.

    Raises:
        InputError: what they hold is written in another form.
    """
    document = toml_text.read_toml(text).document
    kept: list[str] = []
    for header, lines in _sections(text):
        if header is None or header[: len(table)] != table:
            kept += lines
            continue
        follows = len(lines)
        while follows > 1 and (not lines[follows - 1].strip() or lines[follows - 1].lstrip().startswith("#")):
            follows -= 1
        # Blank lines go with the table that they set apart; comments behind a blank line are the next one's.
        rest = lines[follows:]
        while rest and not rest[0].strip():
            rest = rest[1:]
        kept += rest
    after = "".join(kept)
    while after.endswith(("\n\n", "\n\r\n")) and after != text:
        after = after.removesuffix("\n").removesuffix("\r")
    try:
        left = toml_text.read_toml(after).document
    except InputError:
        left = {}
    if value_at(left, table) is not None or _rest(left, table) != _rest(document, table):
        raise _not_spliced(table)
    return after


def _sections(text: str) -> Iterator[tuple[KeyPath | None, list[str]]]:
    """The text cut at its headers: path, None for what stands above the first, and lines with their ends."""
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    headers = documents.find_headers(text.removeprefix("\ufeff"))
    numbers = [*sorted(headers), len(lines) + 1]
    yield None, lines[: numbers[0] - 1]
    for start, end in pairwise(numbers):
        yield tuple(part for part in headers[start] if isinstance(part, str)), lines[start - 1 : end - 1]


def _rest(document: Any, table: KeyPath) -> Any:
    """The document without what stands at `table`, and without tables that held nothing else."""
    if not table or not isinstance(document, dict):
        return None if not table else document
    first, *inner = table
    made = dict(document)
    if first in made:
        made[first] = _rest(made[first], tuple(inner)) if inner else None
        if not made[first]:
            del made[first]
    return made


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "name" in item for item in value)
    )


def _pair(key: str, value: object) -> str:
    line = f"{_key(key)} = {_value(value)}"
    if not isinstance(value, list) or len(line) <= _WIDTH:
        return line
    items = "".join(f"    {_value(item)},\n" for item in value)
    return f"{_key(key)} = [\n{items}]"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {_value(each)}' for key, each in value.items())} }}"
    return str(value)


def _dotted(path: KeyPath) -> str:
    return ".".join(_key(str(part)) for part in path)


def _key(part: str) -> str:
    return part if _BARE_KEY.fullmatch(part) else _string(part)


def _string(text: str) -> str:
    """A basic string; a literal one where that saves escapes."""
    basic = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"'{text}'" if "\\" in basic and _LITERAL.fullmatch(text) else basic


def _not_spliced(table: Sequence[str | int]) -> InputError:
    name = render_path(tuple(table)) or "the settings"
    message = f"{name} cannot be written without changing anything else"
    return InputError(message, hint=f"write it as a table of its own, below a header [{name}]", code="not-spliced")
