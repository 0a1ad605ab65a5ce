"""Which lines begin a block of raw HTML, in which Markdown does not count, and what ends it.

Source: CommonMark 0.31, section 4.6.
"""

from __future__ import annotations

import re

COMMENT_END = "-->"
BLANK_LINE = ""

_RAW_TAGS = ("script", "pre", "style", "textarea")
_BLOCK_TAGS = (
    " address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link "
    "main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead "
    "title tr track ul "
)
# Possessive quantifiers: a line of a million blanks or attributes is given up after one pass.
_TAG_NAME = r"</?([A-Za-z][A-Za-z0-9-]*+)"
_WHOLE_TAG = (
    r"(?:<[A-Za-z][A-Za-z0-9-]*+"
    r"(?:[ ]++[A-Za-z_:][A-Za-z0-9_.:-]*+(?:[ ]*+=[ ]*+(?:[^ \"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?)*+[ ]*+/?>"
    r"|</[A-Za-z][A-Za-z0-9-]*+[ ]*+>)[ ]*+"
)


def end_of_block(text: str, *, in_paragraph: bool) -> tuple[str, ...] | None:
    """What ends the HTML block that begins with `text` (without indentation), or None where none begins.

    The block ends with the line that holds one of the texts (in lower case), or before a blank line where the text
    is BLANK_LINE.
    """
    if text.startswith("<!--"):
        return (COMMENT_END,)
    if text.startswith("<?"):
        return ("?>",)
    if text.startswith("<![CDATA["):
        return ("]]>",)
    if text[1:2] == "!" and text[2:3].isascii() and text[2:3].isalpha():
        return (">",)
    name = re.match(_TAG_NAME, text)
    if name is not None:
        tag, after = name[1].lower(), text[name.end() :]
        if tag in _RAW_TAGS and text[1] != "/" and (not after or after[0] in " >"):
            return tuple(f"</{each}>" for each in _RAW_TAGS)
        if f" {tag} " in _BLOCK_TAGS and (not after or after[0] in " >" or after.startswith("/>")):
            return (BLANK_LINE,)
        if not in_paragraph and re.fullmatch(_WHOLE_TAG, text):
            return (BLANK_LINE,)
    return None
