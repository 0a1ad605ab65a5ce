"""Where in a TOML or JSON text the characters of a string value stand, and other characters in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests.toml_text import TOMLKIT_LIMIT, KeyPath, value_at
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: First character of the value and the one after its last, quotes not counted.
Span = tuple[int, int]

# A character of a basic string as it is written; a line continuation (the one group) stands for none.
_WRITTEN = re.compile(r"(\\[ \t]*\r?\n\s*)|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|\r\n|.", re.DOTALL)
_PRIVATE_USE = range(0xE000, 0xE100)


def by_tomlkit(body: str, values: Mapping[KeyPath, str]) -> dict[KeyPath, Span]:
    """The spans of the values at these paths of a TOML text, whatever their quotes and escapes; empty if not all found.

    Each value is replaced by a mark and the document written out: what comes back must be the text itself with
    marks in place of the values. It is not where tomlkit orders tables in its own way (arrays of tables that another
    table interrupts).
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import String

    mark = _unused_character(body)
    if mark is None or len(body) > TOMLKIT_LIMIT:
        return {}
    raws: list[str] = []
    try:
        document = tomlkit.parse(body)
        for number, (path, value) in enumerate(values.items()):
            node: Any = document
            for part in path:
                node = node[part]
            if not isinstance(node, String) or node != value:
                return {}
            # Its own setter would write the key anew with another kind of quotes.
            raws.append(node._original)
            node._original = f"{mark}{number}{mark}"
        rendered = tomlkit.dumps(document)
    except (TOMLKitError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return _spans_of_marks(body, rendered.split(mark), list(values), raws)


def by_marks(body: str, values: Mapping[KeyPath, str], parse: Callable[[str], object]) -> dict[KeyPath, Span]:
    """The spans of the values at these paths of any text that `parse` reads; empty if not all found.

    Every quoted occurrence of the values gets a number, and the parser tells which number stands at which path:
    one pass and one parse, however often a value occurs.
    """
    import json

    mark = _unused_character(body)
    if mark is None or not values:
        return {}
    forms = {form for value in values.values() for form in (value, json.dumps(value, ensure_ascii=False)[1:-1])}
    alternatives = "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
    # What is followed by one of `=.:` is a key.
    quoted = re.compile(rf"""(["'])({alternatives})\1(?![ \t]*[=.:])""")
    marked = re.compile(rf"{mark}(\d{{1,9}}){mark}")
    spans: list[Span] = []

    def numbered(found: re.Match[str]) -> str:
        spans.append(found.span(2))
        return f"{found[1]}{mark}{len(spans) - 1}{mark}{found[1]}"

    try:
        document = parse(quoted.sub(numbered, body))
    except InputError:
        return {}
    located: dict[KeyPath, Span] = {}
    for path in values:
        value = value_at(document, path)
        number = marked.fullmatch(value) if isinstance(value, str) else None
        if number is None or int(number[1]) >= len(spans):
            return {}  # an escape may spell a mark too
        located[path] = spans[int(number[1])]
    return located


def with_values(
    body: str, spans: Mapping[KeyPath, Span], old: Mapping[KeyPath, str], new: Mapping[KeyPath, str]
) -> str | None:
    """`body` with the values of `new` in those spans; None where a value's escapes cannot be followed."""
    pieces: list[str] = []
    position = 0
    for path, (start, end) in sorted(spans.items(), key=lambda each: each[1]):
        written = _written(body[start:end], old[path], new[path])
        if written is None:
            return None
        pieces += (body[position:start], written)
        position = end
    return "".join((*pieces, body[position:]))


def _written(raw: str, old: str, new: str) -> str | None:
    """`new` spelled as `raw` spells `old`: escapes outside the changed characters stay as they are."""
    import json

    if raw == old:
        return new
    # The first is what stands before the value: the line end after """, and lines continued at once.
    written = [""]
    for found in _WRITTEN.finditer(raw):
        if found[1] is not None:
            written[-1] += found[0]
        else:
            written.append(found[0])
    if len(written) == len(old) + 2 and written[1] in {"\n", "\r\n"}:
        written[:2] = ["".join(written[:2])]
    lead = written.pop(0)
    if len(written) != len(old):
        return None
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    rest = 0
    while rest < min(len(old), len(new)) - start and old[-1 - rest] == new[-1 - rest]:
        rest += 1
    middle = json.dumps(new[start : len(new) - rest], ensure_ascii=False)[1:-1]
    return "".join((lead, *written[:start], middle, *written[len(old) - rest :]))


def _spans_of_marks(
    body: str, pieces: Sequence[str], paths: Sequence[KeyPath], raws: Sequence[str]
) -> dict[KeyPath, Span]:
    """`pieces` are text, number of a mark, text, …; empty unless they are `body` with `raws` for the numbers."""
    spans: dict[KeyPath, Span] = {}
    position = 0
    for index, piece in enumerate(pieces):
        expected = raws[int(piece)] if index % 2 else piece
        if not body.startswith(expected, position):
            return {}
        if index % 2:
            spans[paths[int(piece)]] = (position, position + len(expected))
        position += len(expected)
    return spans if position == len(body) and len(spans) == len(paths) else {}


def _unused_character(body: str) -> str | None:
    """A character that stands for nothing and is not in the text; None where 256 of them are."""
    return next((chr(code) for code in _PRIVATE_USE if chr(code) not in body), None)
