"""The bump rules of git-cliff 2 without a configuration: any conventional commit is a patch at least.

Source: git-cliff's documentation ("bump", the default configuration), the grammar of git-conventional, and 2.12.0 run.
"""

from __future__ import annotations

import re

from verbump.domain.bumps import Bump
from verbump.domain.compat.findings import Found

# Unicode's White_Space; str.isspace() also counts the separators \x1c to \x1f.
_WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BLANKS = "".join(chr(code) for code in range(0x3001) if re.match(f"[{_WHITE}]", chr(code)))
_WORD = rf"[^{_WHITE}():!]+"
_SUMMARY = re.compile(
    rf"(?P<type>{_WORD})(?:\((?P<scope>[^()\r\n]+)\))?(?P<bang>!)?:[{_WHITE}]*(?P<subject>[^\r\n]+)(?:\r?\n|\Z)"
)
_FOOTER = re.compile(rf"(?P<token>BREAKING CHANGE|(?!BREAKING CHANGE){_WORD})(?::| #)")
_BREAKING_TOKENS = ("BREAKING CHANGE", "BREAKING-CHANGE")
_SKIPPED = re.compile(r"chore\((?:release\): prepare for|deps[^\n]*\)|pr\)|pull\))")


def find(message: str) -> tuple[Found, ...] | str:
    """The change that the message is, or what is wrong with it."""
    text = message.lstrip("\n").rstrip(_BLANKS)
    head = _SUMMARY.match(text)
    if head is None:
        return "the header is not `type(scope): description`"
    rest = text[head.end() :]
    if rest and not rest.startswith(("\n", "\r\n")):
        return "no blank line after the header"
    tokens = _tokens(rest.removeprefix("\r").removeprefix("\n"))
    if tokens is None:
        return "a footer without a value"
    kind = head["type"]
    breaking = "!" if head["bang"] else next((each for each in tokens if each in _BREAKING_TOKENS), "")
    bump, rule = Bump.PATCH, f"type {kind}"
    if _SKIPPED.match(text):
        bump, breaking, rule = Bump.NONE, "", "its default configuration skips this commit"
    elif breaking:
        bump, rule = Bump.MAJOR, f"breaking: {breaking}"
    elif kind.casefold() == "feat":
        bump = Bump.MINOR
    return (
        Found(
            type=kind,
            scope=head["scope"],
            description=head["subject"].rstrip(),
            bump=bump,
            rule=rule,
            breaking=breaking,
            text=text,
        ),
    )


def _tokens(text: str) -> list[str] | None:
    """The tokens of the footers; None where the last one has no value.

    The first footer stands after a blank line; the next wherever a line has the form. Blank lines after a separator
    belong to it, so that the line that follows them is the value whatever it looks like.
    """
    tokens: list[str] = []
    may_start, is_value = True, False
    for line in text.split("\n"):
        content = line.strip(_BLANKS)
        if is_value:
            is_value = not content
            continue
        footer = _FOOTER.match(line.rstrip(_BLANKS)) if may_start or tokens else None
        if footer is not None:
            tokens.append(footer["token"])
            is_value = not line[footer.end() :].strip(_BLANKS)
        may_start = not content
    return None if is_value else tokens
