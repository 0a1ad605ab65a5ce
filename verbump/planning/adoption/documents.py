"""Another tool's configuration file as data, with the line of each of its keys: TOML, JSON, YAML or INI."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests import toml_text
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verbump.domain.manifests.toml_text import KeyPath

_HINT = "mend the file, or leave --from out"
_SPACE = re.compile(r"[ \t]*+")
_BETWEEN = re.compile(r"(?:[\s,]|#[^\n]*+)*+")
_KEY_PART = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'|[A-Za-z0-9_-]++")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|' + r"'''(?:[^']|'(?!''))*+'{3,5}|" + _KEY_PART.pattern,
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\n]*+")
_SECTION = re.compile(r"\[([^\]]+)\]")
_OPTION = re.compile(r"([^\s:=#;][^:=]*?)\s*[:=]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the file at `path` says. `lines` are the 1-based lines at which keys and items of arrays begin."""

    path: str
    data: Mapping[str, Any]
    lines: Mapping[KeyPath, int] = field(repr=False)

    def line_of(self, place: KeyPath) -> int:
        """The line of `place`, or of what holds it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def parse_document(path: str, text: str) -> Document:
    """The document, by the suffix of its name: TOML, JSON, YAML, else INI.

    Raises:
        ConfigError: it cannot be parsed, or holds no table; with file and line.
    """
    body = text.removeprefix("\ufeff")
    parse = _PARSERS.get(path.rsplit(".", 1)[-1].lower(), _parse_ini)
    try:
        data, lines = parse(body)
    except InputError as error:
        raise ConfigError(error.at(path).message, hint=error.hint or _HINT, code="foreign-configuration") from None
    if not isinstance(data, dict):
        raise ConfigError(f"{path}:1: expected a table of settings", hint=_HINT, code="foreign-configuration")
    return Document(path=path, data=data, lines=lines)


def _parse_toml(body: str) -> tuple[Any, dict[KeyPath, int]]:
    data = toml_text.parse_toml(body)
    return data, _located(_Lines(body).toml)


def find_headers(body: str) -> dict[int, KeyPath]:
    """The 1-based line of each table header of a valid TOML text, and its path; items of arrays by their number."""
    finder = _Lines(body)
    _located(finder.toml)
    return finder.headers


def _parse_json(body: str) -> tuple[Any, dict[KeyPath, int]]:
    data = toml_text.parse_json(body)
    return data, _located(_Lines(body).json)


def _located(find: Callable[[], dict[KeyPath, int]]) -> dict[KeyPath, int]:
    try:
        return find()
    except RecursionError:
        raise InputError("tables or arrays are nested too deep", code="manifest-syntax") from None


class _Lines:
    """Finds the lines of keys in a text that a parser has taken already, so that nothing here has to be checked."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.at = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", body))]
        self.lines: dict[KeyPath, int] = {}
        self.headers: dict[int, KeyPath] = {}

    def json(self) -> dict[KeyPath, int]:
        self._skip(_BETWEEN)
        self._value((), ":")
        return self.lines

    def toml(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        arrays: dict[KeyPath, int] = {}
        self._skip(_BETWEEN)
        while self.at < len(self.body):
            line = self._line()
            if self.body[self.at] == "[":
                is_array = self.body.startswith("[[", self.at)
                self.at += 2 if is_array else 1
                table = self._resolved(self._key(), arrays, is_array=is_array)
                self._note(table, line)
                self.headers[line] = table
                self.at += 2 if is_array else 1
            else:
                self._pair(table, "=")
            self._skip(_BETWEEN)
        return self.lines

    def _resolved(self, key: KeyPath, arrays: dict[KeyPath, int], *, is_array: bool) -> KeyPath:
        """The path of a table header: below an array of tables, inside its last item."""
        path: KeyPath = ()
        for index, part in enumerate(key):
            path = (*path, part)
            is_last = index == len(key) - 1
            if is_last and is_array:
                arrays[path] = arrays.get(path, -1) + 1
            if path in arrays:
                path = (*path, arrays[path])
        return path

    def _pair(self, holder: KeyPath, separator: str) -> None:
        line = self._line()
        path = (*holder, *self._key(is_json=separator == ":"))
        self._note(path, line)
        self.at = self.body.index(separator, self.at) + 1
        self._skip(_BETWEEN)
        self._value(path, separator)

    def _key(self, *, is_json: bool = False) -> KeyPath:
        parts: list[str | int] = []
        while True:
            self._skip(_SPACE)
            found = _KEY_PART.match(self.body, self.at)
            if found is None:
                return tuple(parts)
            self.at = found.end()
            parts.append(_unquoted(found[0], is_json=is_json))
            self._skip(_SPACE)
            if is_json or not self.body.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def _value(self, path: KeyPath, separator: str) -> None:
        mark = self.body[self.at : self.at + 1]
        if mark not in {"{", "["}:
            found = _STRING.match(self.body, self.at) or _BARE.match(self.body, self.at)
            self.at = found.end() if found else self.at
            return
        self.at += 1
        index = 0
        self._skip(_BETWEEN)
        while self.at < len(self.body) and self.body[self.at] not in "]}":
            if mark == "{":
                self._pair(path, separator)
            else:
                self._note((*path, index), self._line())
                self._value((*path, index), separator)
                index += 1
            self._skip(_BETWEEN)
        self.at += 1

    def _note(self, path: KeyPath, line: int) -> None:
        """A table that no header of its own opens begins where the first thing in it does."""
        while path and path not in self.lines:
            self.lines[path] = line
            path = path[:-1]

    def _line(self) -> int:
        return bisect_right(self.starts, self.at)

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self.body, self.at)
        self.at = found.end() if found else self.at


def _unquoted(raw: str, *, is_json: bool) -> str:
    if raw[0] not in "\"'":
        return raw
    if is_json:
        return str(toml_text.parse_json(raw))
    return str(toml_text.parse_toml(f"key = {raw}")["key"])


def parse_yaml(body: str) -> tuple[Any, dict[KeyPath, int]]:
    """YAML 1.1 by PyYAML's safe loader, one document: plain data (a table where there is none), and lines.

    Raises:
        InputError: it cannot be parsed, with the line.
    """
    import yaml

    try:
        node = yaml.compose(body, Loader=yaml.SafeLoader)
        data = yaml.safe_load(body)
        lines = {} if node is None else dict(_yaml_lines(node, (), frozenset()))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise InputError(f"not valid YAML: {error.problem}", code="manifest-syntax", line=line) from None
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError, TypeError) as error:
        said = str(error).split("\n", 1)[0]
        raise InputError(f"not valid YAML: {said}", code="manifest-syntax") from None
    return data if data is not None else {}, lines


def compose_yaml(body: str) -> Any:
    """The tree of nodes, with their places, of a text that `parse_yaml` has taken."""
    import yaml

    return yaml.compose(body, Loader=yaml.SafeLoader)


def _yaml_lines(node: Any, path: KeyPath, above: frozenset[int]) -> Iterator[tuple[KeyPath, int]]:
    """An alias that leads back into itself is followed once; one that is used often, at three levels at most."""
    if id(node) in above or len(path) > 3:
        return
    inside = above | {id(node)}
    if node.id == "mapping":
        for key, value in node.value:
            if key.id == "scalar":
                place = (*path, str(key.value))
                yield place, key.start_mark.line + 1
                yield from _yaml_lines(value, place, inside)
    elif node.id == "sequence":
        for index, value in enumerate(node.value):
            yield (*path, index), value.start_mark.line + 1
            yield from _yaml_lines(value, (*path, index), inside)


def _parse_ini(body: str) -> tuple[Any, dict[KeyPath, int]]:
    import configparser

    parser = configparser.RawConfigParser(comment_prefixes=("#", ";"))
    # Names are told apart by case, as in the tools that read these files.
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    try:
        parser.read_string(body)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next((number for number, _ in getattr(error, "errors", ())), None)
        said = str(error).split("\n", 1)[0]
        raise InputError(f"not a valid INI file: {said}", code="manifest-syntax", line=line) from None
    data = {name: dict(parser.items(name)) for name in parser.sections()}
    return data, _ini_lines(body)


def _ini_lines(body: str) -> dict[KeyPath, int]:
    lines: dict[KeyPath, int] = {}
    section = ""
    for number, line in enumerate(body.split("\n"), start=1):
        if found := _SECTION.match(line):
            section = found[1]
            lines.setdefault((section,), number)
        elif found := _OPTION.match(line):
            lines.setdefault((section, found[1]), number)
    return lines


_PARSERS: Mapping[str, Callable[[str], tuple[Any, dict[KeyPath, int]]]] = {
    "toml": _parse_toml,
    "json": _parse_json,
    "yaml": parse_yaml,
    "yml": parse_yaml,
}
