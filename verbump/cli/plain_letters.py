"""What an encoding has no letter for: our own signs as the ASCII that reads the same, everything else escaped."""

from __future__ import annotations

import codecs

#: The name of the error handler, for `reconfigure(errors=…)`.
NAME = "verbump-plain"
_ALIKE = {"─": "-", "–": "-", "—": "--", "→": "->", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "×": "x"}


def replaced(error: UnicodeError) -> tuple[str, int]:
    """What is written in place of the letters that cannot be, and where to go on. Nothing is lost: `\\u4e16`.

    Raises:
        UnicodeError: it is not about encoding.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    plain = (_ALIKE.get(each) or each.encode("ascii", "backslashreplace").decode("ascii") for each in letters)
    return "".join(plain), error.end


codecs.register_error(NAME, replaced)
