"""A table of another tool's configuration, read key by key, so that what was not carried over is known by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests.toml_text import render_path, value_at
from verbump.planning.adoption import documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verbump.domain.manifests.toml_text import KeyPath
    from verbump.planning.adoption.documents import Document

UNKNOWN = "verbump has no such setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A setting that was not carried over: where it stands, its dotted key, and why or what to do instead."""

    path: str
    line: int
    key: str
    why: str

    def __str__(self) -> str:
        """As it is shown: `pyproject.toml:12: tool.commitizen.template: …`."""
        return f"{self.path}:{self.line}: {self.key}: {self.why}"


@dataclass(slots=True, kw_only=True)
class Draft:
    """verbump's settings as they are being found, what was left out, and what the reader should know besides.

    `origins` says for a setting (or an item of a list) where it came from; `current` is the version that the tool
    keeps in its own configuration, or None.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    origins: dict[KeyPath, tuple[Table, KeyPath]] = field(default_factory=dict)
    current: str | None = None

    def put(self, name: str, value: object, origin: Table, *keys: str | int) -> None:
        """Set `name`; `keys` are where `value` stands in `origin`."""
        self.settings[name] = value
        self.origins[name,] = (origin, keys)

    def add(self, name: str, item: object, origin: Table, *keys: str | int) -> None:
        """Append to the list `name`, unless it holds the same already."""
        items = self.settings.setdefault(name, [])
        if item not in items:
            self.origins[name, len(items)] = (origin, keys)
            items.append(item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a foreign document. Each key that is asked for counts as seen; `leave_rest` lists all others."""

    document: Document
    path: KeyPath
    draft: Draft
    seen: set[str] = field(default_factory=set)

    @property
    def values(self) -> Mapping[str, Any]:
        """What the table holds; empty where it is none."""
        value = value_at(self.document.data, self.path)
        return value if isinstance(value, dict) else {}

    def __contains__(self, key: str) -> bool:
        """Whether the key is set."""
        return key in self.values

    def text(self, key: str) -> str | None:
        """A text on one line or several; None where there is none, or something else, which is noted."""
        self.seen.add(key)
        value = self.values.get(key)
        if isinstance(value, str) and _is_writable(value):
            return value
        if value is not None:
            self.leave(
                key, "holds characters that no configuration can" if isinstance(value, str) else "expected a text"
            )
        return None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false; INI files spell it in words."""
        self.seen.add(key)
        value = self.values.get(key)
        if isinstance(value, str) and value.strip().lower() in _WORDS:
            return _WORDS[value.strip().lower()]
        if value is not None and not isinstance(value, bool):
            self.leave(key, "expected true or false")
        return value if isinstance(value, bool) else default

    def texts(self, key: str) -> list[tuple[int, str]]:
        """Index and text of each item; a single text counts as one; items of other types are noted."""
        self.seen.add(key)
        value = self.values.get(key)
        if value is None:
            return []
        if isinstance(value, str) and _is_writable(value):
            return [(0, value)]
        if not isinstance(value, list):
            self.leave(key, "expected a list of texts")
            return []
        found = []
        for index, item in enumerate(value):
            if isinstance(item, str) and _is_writable(item):
                found.append((index, item))
            elif isinstance(item, str) or not isinstance(item, dict):
                self.leave_at((key, index), "expected a text")
        return found

    def table(self, *keys: str) -> Table:
        """The table at `keys`; empty where there is none, or something else, which is noted."""
        self.seen.add(keys[0])
        value = value_at(self.values, keys)
        if value is not None and not isinstance(value, dict):
            self.leave_at(keys, "expected a table")
        return Table(document=self.document, path=(*self.path, *keys), draft=self.draft)

    def tables(self, key: str) -> list[Table]:
        """The tables of the array at `key`; items of other types are for `texts`."""
        self.seen.add(key)
        value = self.values.get(key)
        if value is not None and not isinstance(value, list):
            self.leave(key, "expected a list")
        return [
            Table(document=self.document, path=(*self.path, key, index), draft=self.draft)
            for index, item in enumerate(value if isinstance(value, list) else ())
            if isinstance(item, dict)
        ]

    def leave(self, key: str, why: str) -> None:
        """Note that the setting is not carried over."""
        self.seen.add(key)
        self.leave_at((key,), why)

    def leave_at(self, keys: Sequence[str | int], why: str) -> None:
        """The same, for a place deeper in the table; () is the table itself."""
        place = (*self.path, *keys)
        shown = _shown(place) if place else "the file"
        left = Left(path=self.document.path, line=self.document.line_of(place), key=shown, why=why)
        if left not in self.draft.left:
            self.draft.left.append(left)

    def leave_rest(self, reasons: Mapping[str, str]) -> None:
        """Note each key that was not asked for, with its reason; a reason of "" means that nothing is lost."""
        for key in self.values:
            if key not in self.seen and (why := reasons.get(str(key), UNKNOWN)):
                self.leave_at((str(key),), why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a tool's configuration may stand: a file, and the table in it."""

    path: str
    table: KeyPath = ()

    def __str__(self) -> str:
        """As a person would name it."""
        return f"{self.path} [{render_path(self.table)}]" if self.table else self.path


def open_first(texts: Mapping[str, str], places: Sequence[Place], draft: Draft) -> Table | None:
    """The first of `places` that holds a table, None where none does; later ones are noted as not read.

    Raises:
        ConfigError: a file that may hold it cannot be parsed.
    """
    found: Table | None = None
    for table in _open(texts, places, draft):
        if found is None:
            found = table
        else:
            table.leave_at((), f"not read: {found.document.path} comes first")
    return found


def _open(texts: Mapping[str, str], places: Sequence[Place], draft: Draft) -> Iterator[Table]:
    parsed: dict[str, Document] = {}
    for place in places:
        text = texts.get(place.path)
        if text is None or (place.table and str(place.table[-1]).split(":")[0] not in text):
            continue
        if place.path not in parsed:
            parsed[place.path] = documents.parse_document(place.path, text)
        table = Table(document=parsed[place.path], path=place.table, draft=draft)
        if table.values:
            yield table


def is_present(texts: Mapping[str, str], places: Sequence[Place]) -> Place | None:
    """The first place that holds a configuration; files that cannot be parsed count as holding none."""
    from verbump.errors import ConfigError

    for place in places:
        try:
            if next(_open(texts, (place,), Draft()), None) is not None:
                return place
        except ConfigError:
            continue
    return None


_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _shown(place: KeyPath) -> str:
    """The dotted key, with the places of items in brackets."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{render_path((part,))}"
    return text


def _is_writable(text: str) -> bool:
    """Whether TOML can hold it: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
