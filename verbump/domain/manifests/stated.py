"""Versions that any file states: at a key of TOML or JSON, by a pattern, or on a line that carries a marker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests.toml_text import read_json, read_toml, render_path, value_at
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import PurePosixPath

    from verbump.domain.manifests.toml_text import KeyPath, StructuredText

    #: First character of the version and the one after its last.
    Span = tuple[int, int]

_KEY_PART = re.compile(r"""\s*+(?:"((?:[^"\\]|\\.)*+)"|'([^']*+)'|([^\s."']++))\s*+(\.|$)""")
_MARKER = re.compile(r"(?:#|//|--|;|<!--|/\*)[ \t]*+verbump:[ \t]*+version(?![\w-])")
# SemVer or PEP 440 in any spelling; `app_1.2.3_amd64` and `app-1.2.3-rc.1.tar.gz` hold one too.
_VERSION = re.compile(
    r"(?<![0-9A-Za-z.+])v?(?P<version>\d{1,20}(?:\.\d{1,20}){1,4}"
    r"(?:-[0-9A-Za-z-]{1,99}(?:\.(?!(?:tar|t?gz|zip|xz|bz2|whl|crate|deb|rpm|exe|msi|dmg|jar)\b)[0-9A-Za-z-]{1,99}){0,20}"
    r"|[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d{1,20}|)(?:\.(?:post|dev)\d{1,20}){0,2}"
    r"(?:\+[0-9A-Za-z.-]{1,99})?)(?![0-9A-Za-z+])(?!\.\d)"
)
_DUNDER = re.compile(
    r"""^\ufeff?__version__(?:[ \t]*:[^=\n]{0,200})?[ \t]*+=[ \t]*+(["'])(?P<version>[^"'\n\\]*)\1""", re.MULTILINE
)


def version_at_key(text: str, path: PurePosixPath, key: str) -> str:
    """The string at a dotted key of a JSON file (by its suffix) or else a TOML file; a number is an array's index.

    Raises:
        InputError: `manifest-key-missing`, `manifest-key-not-text`, `manifest-syntax`.
        ConfigError: `key` is no dotted key.
    """
    return _at_key(_read(text, path), key)[1]


def with_version_at_key(text: str, path: PurePosixPath, key: str, version: str) -> str:
    """The file with another string at the key.

    Raises:
        InputError: as `version_at_key`, or `manifest-not-proved`.
        ConfigError: `key` is no dotted key.
    """
    from verbump.domain.manifests.toml_splice import with_json_strings, with_manifest_strings

    file = _read(text, path)
    place, _ = _at_key(file, key)
    return (with_json_strings if _is_json(path) else with_manifest_strings)(file, {place: version})


def versions_by_pattern(text: str, pattern: str) -> tuple[tuple[int, str], ...]:
    """Line (1-based) and text of the group `version` of each match, in the order of the file; never empty.

    `^` and `$` match at every line, whether it ends in LF or CRLF.

    Raises:
        InputError: `manifest-pattern-unmatched`.
        ConfigError: the pattern cannot be compiled, or has no group `version`.
    """
    return _numbered(text, _pattern_spans(text, pattern))


def with_version_by_pattern(text: str, pattern: str, version: str) -> str:
    """The file with `version` in place of the group in every match.

    Raises:
        InputError: as `versions_by_pattern`; `manifest-not-proved` where the pattern does not match the result.
        ConfigError: as `versions_by_pattern`.
    """
    spans = _pattern_spans(text, pattern)
    after = _replaced(text, spans, version)
    try:
        found = [after[start:end] for start, end in _pattern_spans(after, pattern)]
    except InputError:
        found = []
    if found != [version] * len(spans):
        message = f"the pattern {pattern!r} would not find {version} again"
        raise InputError(message, hint="let the group `version` match every version", code="manifest-not-proved")
    return after


def versions_by_marker(text: str) -> tuple[tuple[int, str], ...]:
    """Line (1-based) and version of each line that carries the comment `verbump: version`; never empty.

    Without such a line, a single `__version__ = "…"` at the start of a line counts. A line's version is the one of
    three or more parts, else the one of two.

    Raises:
        InputError: `manifest-no-marker`; `manifest-marker-ambiguous` for none or several versions on one line.
    """
    return _numbered(text, _marker_spans(text))


def with_version_by_marker(text: str, version: str) -> str:
    """The file with `version` on every line that carries the marker.

    Raises:
        InputError: as `versions_by_marker`; `manifest-not-proved` where the result would be read otherwise.
    """
    spans = _marker_spans(text)
    after = _replaced(text, spans, version)
    try:
        found = [after[start:end] for start, end in _marker_spans(after)]
    except InputError:
        found = []
    if found != [version] * len(spans):
        message = f"{version} would not be found again beside the marker"
        raise InputError(message, hint="put the version between quotes or blanks", code="manifest-not-proved")
    return after


def _is_json(path: PurePosixPath) -> bool:
    return path.suffix.lower() == ".json"


def _read(text: str, path: PurePosixPath) -> StructuredText:
    return read_json(text) if _is_json(path) else read_toml(text)


def _at_key(file: StructuredText, key: str) -> tuple[KeyPath, str]:
    """Path and string at `key`."""
    place: KeyPath = ()
    for part in _parts(key):
        holder = value_at(file.document, place)
        if isinstance(holder, dict) and part in holder:
            place = (*place, part)
        elif isinstance(holder, list) and part.isdecimal() and len(part) < 10 and int(part) < len(holder):
            place = (*place, int(part))
        else:
            raise _missing(key, place, part, holder)
    value = value_at(file.document, place)
    if not isinstance(value, str):
        raise InputError(f"{key} is not a string", hint='write it as "1.2.3"', code="manifest-key-not-text")
    return place, value


def _parts(key: str) -> Iterator[str]:
    """The parts of a dotted key, quoted as in TOML where they hold a dot or nothing."""
    position = 0
    while True:
        found = _KEY_PART.match(key, position)
        if found is None:
            message = f'{key!r} is not a dotted key, such as package.version or packages."".version'
            raise ConfigError(f"tool.verbump.manifests: {message}")
        yield next(part for part in found.groups()[:3] if part is not None)
        if not found[4]:
            return
        position = found.end()


def _missing(key: str, place: KeyPath, part: str, holder: Any) -> InputError:
    from difflib import get_close_matches

    where = render_path(place) or "the file"
    message = f"there is no {key}"
    hint = ""
    if isinstance(holder, dict):
        names = [each for each in holder if isinstance(each, str)]
        near = get_close_matches(part, names, n=1)
        message += f": {where} holds {_listed(names)}"
        hint = f"did you mean {render_path((*place, *near))}?" if near else ""
    elif isinstance(holder, list):
        message += f": {where} is an array of {len(holder)}, counted from 0"
    else:
        message += f": {where} is neither a table nor an array"
    return InputError(message, hint=hint, code="manifest-key-missing")


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "nothing"
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression that finds a version: `^` and `$` are those of a line.

    Raises:
        ConfigError: it is none, or has no group of that name.
    """
    try:
        compiled = re.compile(pattern, re.MULTILINE)
    except (re.error, RecursionError, OverflowError) as error:
        message = f"{pattern!r} cannot be compiled: {error}"
        raise ConfigError(message) from None
    if "version" not in compiled.groupindex:
        message = f"{pattern!r} has no group (?P<version>…)"
        raise ConfigError(message)
    return compiled


def _pattern_spans(text: str, pattern: str) -> list[Span]:
    compiled = compile_pattern(pattern)
    # Matched without byte order mark and carriage returns, so that `^`, `$` and `.` see lines as on any other system.
    hidden = len(text) - len(text.removeprefix("\ufeff"))
    plain = text[hidden:].replace("\r\n", "\n")
    found = [match.span("version") for match in compiled.finditer(plain)]
    spans = [(start + hidden, end + hidden) for start, end in found if start < end]
    if not spans:
        message = f"nothing matches the pattern {pattern!r}"
        raise InputError(
            message, hint="correct the pattern in tool.verbump.manifests", code="manifest-pattern-unmatched"
        )
    return spans if hidden + len(plain) == len(text) else list(_with_returns(text, spans))


def _with_returns(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Spans of `text` without its carriage returns as those of `text` itself."""
    from bisect import bisect_left

    returns = [found.start() - index for index, found in enumerate(re.finditer(r"\r\n", text))]
    for start, end in spans:
        yield start + bisect_left(returns, start), end + bisect_left(returns, end)


def _marker_spans(text: str) -> list[Span]:
    spans: list[Span] = []
    position = 0
    for number, line in enumerate(text.split("\n"), start=1):
        marker = _MARKER.search(line)
        if marker is not None:
            start, end = _version_on_line(line[: marker.start()], line[marker.end() :], marker.end(), number)
            spans.append((position + start, position + end))
        position += len(line) + 1
    if spans:
        return spans
    found = list(_DUNDER.finditer(text))
    if len(found) == 1:
        return [found[0].span("version")]
    if found:
        message = f"__version__ is assigned {len(found)} times, and no line carries the comment `verbump: version`"
        raise InputError(
            message, hint="put `# verbump: version` behind the one that counts", code="manifest-marker-ambiguous"
        )
    message = "no line carries the comment `verbump: version`"
    raise InputError(
        message, hint="put the comment behind the version, or give a key or a pattern", code="manifest-no-marker"
    )


def _version_on_line(before: str, after: str, offset: int, number: int) -> Span:
    """Where on the line the version stands: `before` the marker or `after` it, which begins at `offset`."""
    found = [match.span("version") for match in _VERSION.finditer(before)]
    texts = [before[start:end] for start, end in found]
    for match in _VERSION.finditer(after):
        found.append((match.start("version") + offset, match.end("version") + offset))
        texts.append(match["version"])
    full = [span for span, text in zip(found, texts, strict=True) if re.match(r"\d+\.\d+\.\d", text)]
    spans = full or found
    if len(spans) != 1:
        message = f"the line with the marker holds {', '.join(texts) if texts else 'no version'}; expected one version"
        raise InputError(message, hint="leave one version on the line", code="manifest-marker-ambiguous", line=number)
    return spans[0]


def _numbered(text: str, spans: Iterable[Span]) -> tuple[tuple[int, str], ...]:
    numbered: list[tuple[int, str]] = []
    line, counted = 1, 0
    for start, end in spans:
        line, counted = line + text.count("\n", counted, start), start
        numbered.append((line, text[start:end]))
    return tuple(numbered)


def _replaced(text: str, spans: Iterable[Span], version: str) -> str:
    pieces: list[str] = []
    position = 0
    for start, end in spans:
        pieces += (text[position:start], version)
        position = end
    return "".join((*pieces, text[position:]))
