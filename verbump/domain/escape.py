"""Untrusted text made inert for the place it goes to: terminal, workflow log, Markdown, $GITHUB_OUTPUT.

One escaper per sink, all of them total and linear. Commit messages, authors, refs and server answers are hostile.
"""

from __future__ import annotations

import re

from verbump.errors import InputError

# Patterns as text: every command imports this room, few texts need one.
# C0, DEL, C1, bidirectional controls, line and paragraph separators, lone surrogates, byte order mark.
_UNSEEN = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
_KEPT_IN_LINES = "\n\t"
# The runner looks for `::` at the start of a line and for `##[` anywhere in it, and compares as the language of the
# machine does: characters that show nothing (U+200B, U+00AD, fillers) are skipped, so none of them can keep a command
# from being one. What may be skipped: anything that is neither ASCII nor part of a word.
# Source: actions/runner, ActionCommand.cs, TryParseV2 and TryParse.
_FILLERS = "\u115f\u1160\u3164\uffa0"
_LEADING = rf"(?:[^\w!-9;-~]|[{_FILLERS}])*+"
_OLD_COMMAND = rf"#(?=(?:[^\w\x00-\x7f]|[{_FILLERS}])*+#(?:[^\w\x00-\x7f]|[{_FILLERS}])*+\[)"


def for_terminal(text: str, *, multiline: bool = False) -> str:
    r"""The text with every character that a terminal would act on spelled out: `\x1b`, `\u202e`.

    Line ends and tabs stay only with `multiline`.
    """
    if text.isprintable():
        return text
    kept = _KEPT_IN_LINES if multiline else ""
    return re.sub(_UNSEEN, lambda found: found[0] if found[0] in kept else _spelled(found[0]), text)


def for_log(text: str) -> str:
    r"""One line for the log of a GitHub workflow, in which no command can stand: `\x3a\x3aerror::x`, `\x23#[group]`."""
    line = for_terminal(text)
    if "[" in line:
        line = re.sub(_OLD_COMMAND, r"\\x23", line)
    if ":" not in line:
        return line
    found = re.match(_LEADING, line)
    leading = found[0] if found else ""
    if leading.count(":") > 1:
        return leading.replace(":", r"\x3a") + line[len(leading) :]
    return line


def for_markdown(text: str) -> str:
    """One line of inline Markdown that shows the text: code spans and http(s) links stay, all else is inert.

    No HTML, no image, no other link, no mention, no closing keyword, no block; nothing runs into the next line.
    """
    from verbump.domain import escape_markdown  # `next` needs none of its patterns

    return escape_markdown.line(text)


def for_markdown_cell(text: str) -> str:
    """As `for_markdown`, for a cell of a table: there a bar ends the cell even inside a code span."""
    from verbump.domain import escape_markdown

    return escape_markdown.line(text, is_cell=True)


def for_markdown_block(text: str) -> str:
    """Several lines, each as `for_markdown`; blank lines stay as breaks between paragraphs."""
    from verbump.domain import escape_markdown

    return escape_markdown.block(text)


def github_output(key: str, value: str, token: str) -> str:
    """The lines that set a step output; a value that is not one plain line goes between delimiters made of `token`.

    The value is read back as it is; only lone surrogates, which no file holds, become U+FFFD.
    Source: GitHub Docs, "Workflow commands", setting an output parameter and multiline strings.

    Raises:
        InputError: the key is no output name, or the value holds the delimiter (give another token).
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,99}", key):
        raise InputError(f"{key!r} is not the name of a step output", code="output-name")
    if value.isprintable():
        return f"{key}={value}\n"
    delimiter = f"verbump_{token}"
    if not token.isalnum() or not token.isascii() or delimiter in value:
        message = f"the value of {key} cannot be told from its own delimiter"
        raise InputError(message, hint="run again: the delimiter is random", code="output-delimiter")
    held = re.sub("[\ud800-\udfff]", "\ufffd", value)
    return f"{key}<<{delimiter}\n{held}\n{delimiter}\n"


def _spelled(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
