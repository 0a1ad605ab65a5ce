"""The body of a commit message and its footers: which lines are footers, and which only look like one.

Source: Conventional Commits 1.0.0, rules 8 to 12 and 16; rules.md "Body and footers".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BREAKING = re.compile(r"(BREAKING[ -]CHANGE)(?:(: |:$|:)| (#))(.*)")
_FOOTER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:(: )| (#))(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """A footer: its token as written, its separator (`: ` or ` #`), its value, which may run over several lines."""

    token: str
    separator: str
    value: str

    @property
    def is_breaking(self) -> bool:
        """Whether it declares a breaking change: in capitals only."""
        return self.token in {"BREAKING CHANGE", "BREAKING-CHANGE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The body without its footers, and the footers in order."""

    body: str
    footers: tuple[Footer, ...]


def read(lines: Sequence[str]) -> Parts:
    """The parts of a message after its header.

    A breaking footer counts at the start of any line; any other one after a blank line or another footer. Inside a
    code fence nothing counts. A footer's value runs to the next footer.
    """
    body: list[str] = []
    found: list[tuple[str, str, list[str]]] = []
    fence = ""
    may_start = True
    for line in lines:
        fence, is_code = _step(fence, line)
        start = None if is_code else _start(line, may_start=may_start or bool(found))
        if start is not None:
            token, separator, value = start
            found.append((token, separator, [value]))
        elif found:
            found[-1][2].append(line)
        else:
            body.append(line)
        may_start = not line.strip()
    footers = tuple(
        Footer(token=token, separator=separator, value="\n".join(value).strip()) for token, separator, value in found
    )
    return Parts(body="\n".join(body).strip("\n"), footers=footers)


def plain_lines(text: str) -> list[str]:
    """The lines of a body that stand outside code fences."""
    fence = ""
    kept = []
    for line in text.split("\n"):
        fence, is_code = _step(fence, line)
        if not is_code:
            kept.append(line)
    return kept


def _start(line: str, *, may_start: bool) -> tuple[str, str, str] | None:
    """Token, separator and value where the line begins a footer."""
    breaking = _BREAKING.fullmatch(line)
    if breaking is not None:
        return breaking[1], " #" if breaking[3] else ": ", breaking[4]
    if not may_start:
        return None
    footer = _FOOTER.fullmatch(line)
    return None if footer is None else (footer[1], " #" if footer[3] else ": ", footer[4])


def _step(fence: str, line: str) -> tuple[str, bool]:
    """The open fence after this line ("" for none), and whether the line is code or a fence's own mark.

    Source: CommonMark 0.31, fenced code blocks.
    """
    found = _FENCE.fullmatch(line)
    if fence:
        closes = found is not None and found[1].startswith(fence) and not found[2].strip()
        return ("" if closes else fence), True
    if found is None or (found[1][0] == "`" and "`" in found[2]):
        return "", False
    return found[1], True
