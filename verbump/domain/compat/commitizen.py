"""The bump rules of commitizen 4 with `cz_conventional_commits`: the first words of every line of the message.

Source: commitizen's documentation ("bump", `bump_pattern` and `bump_map`), and 4.19.3 run.
"""

from __future__ import annotations

import re

from verbump.domain.bumps import Bump
from verbump.domain.compat.findings import Found

# What git takes for white space when it looks for the blank line after the subject.
_GIT_BLANKS = " \t\n\r"
_LINE = re.compile(r"(?P<token>(?P<type>BREAKING[- ]CHANGE|\w+)(?P<scope>\(.+\))?!?):(?P<rest>.*)")
_BEGINNINGS = (
    ("feat", Bump.MINOR),
    ("fix", Bump.PATCH),
    ("refactor", Bump.PATCH),
    ("perf", Bump.PATCH),
)


def find(message: str) -> tuple[Found, ...] | str:
    """The line that goes farthest, the first of several; what is wrong where no line begins with a type."""
    best: Found | None = None
    for number, line in enumerate(_lines(message), 1):
        found = _LINE.match(line)
        if found is None:
            continue
        here = _found(found, number, message)
        if best is None or here.bump > best.bump:
            best = here
    return (best,) if best is not None else "no line begins with a type and a colon"


def _lines(message: str) -> list[str]:
    """The lines that count: the first paragraph as one line, as git's `%s` gives it, then the rest, `%b`.

    commitizen splits what git says by all that Python takes for a line end, and counts lines for the fields that it
    asked for: of a subject with such a character the first part is the title, the next two are lost, and the
    author's name and address become lines of the body.
    """
    lines = message.split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip(_GIT_BLANKS)), len(lines))
    end = next((place for place in range(start, len(lines)) if not lines[place].strip(_GIT_BLANKS)), len(lines))
    title, *others = " ".join(line.rstrip(_GIT_BLANKS) for line in lines[start:end]).splitlines() or [""]
    body = [*[*others, "name", "address"][2:], *"\n".join(lines[end:]).splitlines()]
    return [title.strip(), "", *"\n".join(body).strip().split("\n")]


def _found(found: re.Match[str], number: int, message: str) -> Found:
    token, kind = found["token"], found["type"]
    where = "" if number == 1 else f" on line {number}"
    breaking = "!" if token.endswith("!") else "BREAKING CHANGE" if kind.startswith("BREAKING") else ""
    bump, rule = Bump.MAJOR, f"breaking: {breaking}{where}"
    if not breaking:
        beginning, bump = next((each for each in _BEGINNINGS if kind.startswith(each[0])), ("", Bump.NONE))
        kind = beginning or kind
        rule = f"begins with {beginning}{where}" if beginning else f"type {kind} does not release"
    scope = found["scope"][1:-1] if found["scope"] and number == 1 else None
    description = found["rest"].strip() if number == 1 else ""
    return Found(
        type=kind, scope=scope, description=description, bump=bump, rule=rule, breaking=breaking, text=message.strip()
    )
