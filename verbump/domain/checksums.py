"""SHA256SUMS: lines of a digest and a file name, as `sha256sum` writes and checks them."""

from __future__ import annotations

import re

from verbump.errors import InputError

NAME = "SHA256SUMS"
# "*" marks binary mode; a name with a line end or a backslash would be escaped, and no release has one.
_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *]([^\\/\x00-\x1f\x7f]{1,255})")


def parse_checksums(text: str) -> dict[str, str]:
    """File name → digest in lower-case hex, in the file's order.

    Raises:
        InputError: a line is of another form, a name comes twice, or there is no line.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        match = _LINE.fullmatch(line.removesuffix("\r"))
        if match is None or match[2] in {".", ".."}:
            message = f"expected 64 hexadecimal digits, two blanks and a file name: {line[:80]!r}"
            raise InputError(message, hint="sha256sum * > SHA256SUMS", code="checksums", line=number)
        if match[2] in found:
            raise InputError(f"{match[2]} is listed twice", code="checksums", line=number)
        found[match[2]] = match[1].lower()
    return found
