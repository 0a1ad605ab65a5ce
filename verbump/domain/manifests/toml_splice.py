"""Other characters for string values of a TOML or JSON text, and the proof that nothing else changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from verbump.domain.manifests import string_spans
from verbump.domain.manifests.toml_text import KeyPath, find_differences, parse_json, parse_toml, render_path, value_at
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from verbump.domain.manifests.string_spans import Span
    from verbump.domain.manifests.toml_text import StructuredText

    Locate = Callable[[str, Mapping[KeyPath, str]], dict[KeyPath, Span]]

_by_marks_in_toml = partial(string_spans.by_marks, parse=parse_toml)
_by_marks_in_json = partial(string_spans.by_marks, parse=parse_json)


def with_manifest_strings(text: StructuredText, edits: Mapping[KeyPath, str]) -> str:
    """The text with other strings at these paths; quotes, escapes, comments and line ends stay.

    Raises:
        InputError: `manifest-not-proved` where a place cannot be found, or the result says anything else besides.
    """
    return _with_strings(text, edits, (string_spans.by_tomlkit, _by_marks_in_toml), parse_toml)


def with_lock_strings(text: StructuredText, edits: Mapping[KeyPath, str]) -> str:
    """As `with_manifest_strings`, without tomlkit where it is not needed: it takes a second for a large lock file."""
    return _with_strings(text, edits, (_by_marks_in_toml, string_spans.by_tomlkit), parse_toml)


def with_json_strings(text: StructuredText, edits: Mapping[KeyPath, str]) -> str:
    """As `with_manifest_strings`, for JSON."""
    return _with_strings(text, edits, (_by_marks_in_json,), parse_json)


def not_proved(what: str) -> InputError:
    """The error for an edit that the second parser does not confirm."""
    return InputError(
        f"{what} cannot be changed without changing anything else",
        hint='write it as a plain string on one line, such as version = "1.2.3"',
        code="manifest-not-proved",
    )


def _with_strings(
    text: StructuredText,
    edits: Mapping[KeyPath, str],
    locators: Sequence[Locate],
    parse: Callable[[str], object],
) -> str:
    old = {path: value_at(text.document, path) for path in edits}
    changed = {path: new for path, new in edits.items() if old[path] != new}
    if not changed:
        return text.bom + text.body
    values = {path: old[path] for path in changed}
    for locate in locators:
        spans = locate(text.body, values)
        body = string_spans.with_values(text.body, spans, values, changed) if spans else None
        if body is not None and _is_proved(text, body, changed, parse):
            return text.bom + body
    raise not_proved(" and ".join(render_path(path) for path in changed))


def _is_proved(text: StructuredText, body: str, changed: Mapping[KeyPath, str], parse: Callable[[str], object]) -> bool:
    """Whether `body` says what `text` says but for exactly the changed values."""
    try:
        document = parse(body)
    except InputError:
        return False
    if any(value_at(document, path) != new for path, new in changed.items()):
        return False
    return set(find_differences(text.document, document)) == set(changed)
