"""Texts in which the bytes that may change stand between « and »."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: Every shape is also tried with other line ends, with a byte order mark and without a final line end.
VARIANTS: dict[str, Callable[[str], str]] = {
    "lf": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "mixed": lambda text: text.replace("\n", "\r\n", 2),
    "bom": lambda text: "\ufeff" + text,
    "bom and crlf": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    "no final newline": lambda text: text.rstrip("\n"),
    "tabs": lambda text: text.replace(" = ", "\t=\t"),
}


def before(shape: str) -> str:
    """The text without its marks."""
    return shape.replace("«", "").replace("»", "")


def after(shape: str, new: str) -> str:
    """The text with `new` in every marked place."""
    return re.sub("«[^»]*»", lambda _: new, shape)
