"""Commit messages as Conventional Commits 1.0.0: the header's type, scope and description, the body, the footers.

Source: https://www.conventionalcommits.org/en/v1.0.0/ and rules.md "Commits".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from verbump.domain import footers as footer_lines

HEADER_LIMIT = 1024
MESSAGE_LIMIT = 65536

_HEADER = re.compile(r"(?P<type>[\w-]+)(?:\((?P<scope>[^()]*)\))?(?P<bang>!?): (?P<description>\S.*)")
# Every way in which people miss the form, so that the reason and the corrected line can be given.
_NEARLY = re.compile(
    r"(?P<lead>\s*)(?P<type>[\w-]+)(?P<gap1>\s*)(?:(?P<scope>\([^()]*\))(?P<gap2>\s*))?(?:(?P<bang>!)(?P<gap3>\s*))?"
    r":(?P<rest>.*)"
)
_REVERT = re.compile(r'(?:Revert|Reapply) ".+"')


class Commit(NamedTuple):
    """A commit as git has it. `sha` and `parents` are full hex ids; `message` is the whole text."""

    sha: str
    parents: tuple[str, ...]
    message: str
    author: str = ""
    email: str = ""

    @property
    def header(self) -> str:
        """The first line of the message."""
        return header_of(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConventionalCommit:
    """A message that has the form. `type` is in lower case; `breaking_notes` are the texts of its breaking footers.

    `cut` says that a limit cut the text.
    """

    type: str
    description: str
    scope: str | None = None
    body: str = ""
    footers: tuple[footer_lines.Footer, ...] = ()
    breaking: bool = False
    breaking_notes: tuple[str, ...] = ()
    bang: bool = False
    cut: bool = False

    def footer(self, token: str) -> str | None:
        """The value of the last footer of that token, compared without case; None where there is none."""
        wanted = token.casefold()
        return next((each.value for each in reversed(self.footers) if each.token.casefold() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconventional:
    """A message that misses the form: why, at which column of the header (from 1), and the corrected header or None."""

    reason: str
    column: int
    suggestion: str | None = None


def header_of(message: str) -> str:
    """The first line; a line ends with LF or CRLF, nothing else."""
    return message.split("\n", 1)[0].removesuffix("\r")


def within_limit(message: str) -> str:
    """The message, cut where it is longer than verbump reads."""
    return _within(message, MESSAGE_LIMIT)[0]


def parse(message: str) -> ConventionalCommit | Unconventional:
    """The message's parts, or what is wrong with it. Never raises; linear in its length."""
    text, cut = _within(message, MESSAGE_LIMIT)
    first, _, rest = text.partition("\n")
    header, header_cut = _within(first.removesuffix("\r"), HEADER_LIMIT)
    cut = cut or header_cut
    body_lines = [line.removesuffix("\r") for line in rest.split("\n")] if rest else []
    if _REVERT.match(header):
        parts = footer_lines.read(body_lines)
        return _made("revert", None, header, parts, cut=cut)
    found = _HEADER.fullmatch(header)
    if found is None or (found["scope"] is not None and not found["scope"].strip()):
        return _find_fault(header)
    parts = footer_lines.read(body_lines)
    return _made(
        found["type"].lower(), found["scope"], found["description"].rstrip(), parts, cut=cut, bang=bool(found["bang"])
    )


def _made(  # noqa: PLR0913  one place that builds the value from its parts
    kind: str,
    scope: str | None,
    description: str,
    parts: footer_lines.Parts,
    *,
    cut: bool,
    bang: bool = False,
) -> ConventionalCommit:
    notes = tuple(footer.value.strip() for footer in parts.footers if footer.is_breaking)
    return ConventionalCommit(
        type=kind,
        scope=scope,
        description=description,
        body=parts.body,
        footers=parts.footers,
        breaking=bang or any(footer.is_breaking for footer in parts.footers),
        breaking_notes=tuple(note for note in notes if note),
        bang=bang,
        cut=cut,
    )


def _find_fault(header: str) -> Unconventional:
    """Why a header misses the form. Source: rules.md, Commits, "What misses the form"."""
    found = _NEARLY.fullmatch(header)
    if found is None:
        reason = "the message is empty" if not header.strip() else "no type: expected `type: description`"
        return Unconventional(reason=reason, column=1)
    description = found["rest"].strip()
    scope = found["scope"] or ""
    if not scope.strip("() \t"):
        scope = ""
    corrected = f"{found['type']}{scope}{found['bang'] or ''}: {description}" if description else None
    faults = (
        (found["lead"], "lead", "blank before the type"),
        (found["gap1"], "gap1", "blank after the type"),
        (found["scope"] is not None and not scope, "scope", "empty scope"),
        (found["gap2"], "gap2", "blank after the scope"),
        (found["gap3"], "gap3", "blank before the colon"),
    )
    for is_wrong, group, reason in faults:
        if is_wrong:
            return Unconventional(reason=reason, column=found.start(group) + 1, suggestion=corrected)
    column = found.start("rest") + 1
    if not description:
        return Unconventional(reason="no description after the colon", column=column)
    reason = "no space after the colon" if not found["rest"].startswith(" ") else "more than one space after the colon"
    return Unconventional(reason=reason, column=column, suggestion=corrected)


def _within(text: str, limit: int) -> tuple[str, bool]:
    """The text within `limit` bytes of UTF-8, cut between characters; whether it was cut."""
    if len(text) * 4 <= limit:
        return text, False
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) <= limit:
        return text, False
    while raw[limit] & 0xC0 == 0x80:  # inside a character
        limit -= 1
    return raw[:limit].decode("utf-8", "surrogatepass"), True
