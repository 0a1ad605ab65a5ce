"""Untrusted text made inert for the place it goes to: terminal, workflow log, Markdown, $GITHUB_OUTPUT.

One escaper per sink, all of them total and linear. Commit messages, authors, refs and server answers are hostile.
"""

from __future__ import annotations

import re

from verbump.errors import InputError

# C0, DEL, C1, bidirectional controls, line and paragraph separators, lone surrogates.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_KEPT_IN_LINES = "\n\t"
_COMMAND = re.compile(r"\s*(?:::|##\[)")
_PRINTABLE = re.compile(r"[ -~]*")
_KEY = re.compile(r"[a-z_][a-z0-9_-]{0,99}")

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_MENTION = re.compile(r"(?<![\w/.+-])@(?=[A-Za-z0-9])")
_CLOSING = re.compile(
    r"\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:?\s{1,20})((?:[\w.-]{1,100}/[\w.-]{1,100})?#)(?=\d)", re.IGNORECASE
)
_LEADING = re.compile(r"(\s*)([#>|=+*~_-]|\d{1,9}(?=[.)]))")
_ZERO_WIDTH = "\u200b"
_AUTOLINK = re.compile(r"\b(?!https?:)([A-Za-z][A-Za-z0-9+.-]{1,20}):(?=//)")
# Characters that mean something in inline Markdown: a backslash before them makes them themselves.
_MEANINGFUL = re.compile(r"([\\`*_\[\]~|])")
_WORD_UNDERSCORE = re.compile(r"(?<=\w)\\_(?=\w)")
# Only where they would begin a tag, a comment or a character reference: `a < b` and `AT&T` read better as they are.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_REFERENCE = re.compile(r"&(?=#?\w{1,40};)")


def for_terminal(text: str, *, multiline: bool = False) -> str:
    r"""The text with every character that a terminal would act on spelled out: `\x1b`, `\u202e`.

    Line ends and tabs stay only with `multiline`.
    """
    kept = _KEPT_IN_LINES if multiline else ""
    return _UNSEEN.sub(lambda found: found[0] if found[0] in kept else _spelled(found[0]), text)


def for_json(text: str) -> str:
    r"""JSON text with the characters that a terminal would act on as `\u` escapes: it means the same."""
    return _UNSEEN.sub(lambda found: found[0] if found[0] in _KEPT_IN_LINES else f"\\u{ord(found[0]):04x}", text)


def for_log(text: str) -> str:
    """One line for the log of a GitHub workflow: never begins with a workflow command."""
    line = for_terminal(text)
    return f"\u200b{line}" if _COMMAND.match(line) else line


def for_markdown(text: str) -> str:
    """One line of inline Markdown that shows the text: code spans stay, everything else that has a meaning is inert.

    No HTML, no image, no link, no mention, no closing keyword, no block; nothing can run into the next line.
    """
    line = " ".join(_UNSEEN.sub(" ", text).split())
    parts: list[str] = []
    end = 0
    for span in _CODE_SPAN.finditer(line):
        parts += [_inert(line[end : span.start()]), span[0]]
        end = span.end()
    parts.append(_inert(line[end:]))
    whole = "".join(parts)
    return _LEADING.sub(r"\1\\\2", whole, count=1) if _LEADING.match(whole) else whole


def for_markdown_block(text: str) -> str:
    """Several lines, each as `for_markdown`; blank lines stay as breaks between paragraphs."""
    lines = [for_markdown(line) for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip("\n")


def github_output(key: str, value: str, token: str) -> str:
    """The lines that set a step output; a value that is not one plain line goes between delimiters made of `token`.

    Source: GitHub Docs, "Workflow commands", setting an output parameter and multiline strings.

    Raises:
        InputError: the key is no output name, or the value holds the delimiter (give another token).
    """
    if not _KEY.fullmatch(key):
        raise InputError(f"{key!r} is not the name of a step output", code="output-name")
    if _PRINTABLE.fullmatch(value):
        return f"{key}={value}\n"
    delimiter = f"verbump_{token}"
    if delimiter in value:
        raise InputError(f"the value of {key} holds its own delimiter", code="output-delimiter")
    return f"{key}<<{delimiter}\n{value.replace(chr(13), '')}\n{delimiter}\n"


def _spelled(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _inert(text: str) -> str:
    """A piece outside code spans, with no meaning left in it."""
    escaped = _TAG.sub("&lt;", _REFERENCE.sub("&amp;", text))
    escaped = _MEANINGFUL.sub(r"\\\1", escaped)
    escaped = _WORD_UNDERSCORE.sub("_", escaped)  # inside a word it means nothing, and names read better
    escaped = _MENTION.sub(f"@{_ZERO_WIDTH}", escaped)
    escaped = _CLOSING.sub(rf"\1\2\3{_ZERO_WIDTH}", escaped)
    return _AUTOLINK.sub(rf"\1{_ZERO_WIDTH}:", escaped)
