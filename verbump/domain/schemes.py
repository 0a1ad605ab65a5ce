"""Version schemes that are not SemVer: told by their look, so that they are refused by name and never mangled.

Calendar versions, versions of two or four numbers, leading zeros, PEP 440's own forms. Source: rules.md, "Version".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import versions
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbump.domain.tags import TagFormat
    from verbump.domain.versions import Version

FIRST_YEAR = 2000
_YEARS = range(FIRST_YEAR, 2100)
_LONGEST = 255
# Where nothing says how tags are named: an optional word (`release-`, `py/`) and an optional v.
_ANY_PREFIX = re.compile(r"(?:[A-Za-z][A-Za-z0-9._+-]{0,60}?[-_/@])?[vV]?(?=[0-9])")
_NUMBERS = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,10}){1,9}")
_DATE = re.compile(r"(20[0-9]{2})(-?)(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])")
_PEP440_ONLY = re.compile(
    r"(?:[0-9]{1,10}!)?(?P<numbers>[0-9]{1,10}(?:\.[0-9]{1,10}){0,9})"
    r"(?:\.?(?:a|b|c|rc|alpha|beta)\.?[0-9]{1,10})?(?:\.post[0-9]{1,10})?(?:\.dev[0-9]{1,10})?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A tag of another scheme: its name, what it is ("a calendar version"), and its numbers, to be compared."""

    tag: str
    scheme: str
    numbers: tuple[int, ...]


def is_calendar(version: Version) -> bool:
    """Whether the version's first number is a year of this century: 2026.11.1 is SemVer's form with another meaning."""
    return version.major in _YEARS


def scheme_of(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Which scheme a version of another one is of, and its numbers; None for SemVer and for what is no version."""
    if len(text) > _LONGEST or not text[:1].isdigit() or versions.parse_or_none(text) is not None:
        return None
    date = _DATE.fullmatch(text)
    if date is not None:
        return "a calendar version", (int(date[1]), int(date[3]), int(date[4]))
    found = _PEP440_ONLY.fullmatch(text)
    if found is None or ("." not in found["numbers"] and found["numbers"] == text):
        return None
    parts = found["numbers"].split(".")
    numbers = tuple(int(part) for part in parts)
    if len(parts) > 1 and len(parts[0]) == 4 and numbers[0] in _YEARS:
        return "a calendar version", numbers
    if _NUMBERS.fullmatch(text) is None:
        return "a PEP 440 version", numbers
    if any(len(part) > 1 and part.startswith("0") for part in parts):
        return "a version with a leading zero", numbers
    return f"a version of {len(parts)} numbers", numbers


def find_foreign(names: Iterable[str], form: TagFormat, highest: Version | None, *, is_given: bool) -> Foreign | None:
    """The highest tag of another scheme, where it is above `highest`, the highest SemVer tag; None where none is.

    `v1.3` beside v1.3.4 is an alias, as `v1` is. `is_given`: the format was configured, or read off SemVer tags, so
    only names in it count; else whatever looks like a release.
    """
    found: list[Foreign] = []
    for name in names:
        text = _stated(name, form, is_given=is_given)
        scheme = scheme_of(text) if text else None
        if scheme is not None:
            found.append(Foreign(tag=name, scheme=scheme[0], numbers=scheme[1]))
    top = max(found, key=lambda each: (each.numbers, each.tag), default=None)
    if top is None or highest is None:
        return top
    return top if top.numbers > (highest.major, highest.minor, highest.patch) else None


def refusal(what: str, scheme: str, numbers: tuple[int, ...]) -> InputError:
    """What to say of a version that cannot be raised. `what` states it; `numbers` are its own."""
    major, minor, patch = (*numbers, 0, 0)[:3]
    return InputError(
        f"{what} is {scheme}, and only SemVer versions (major.minor.patch) can be raised",
        hint=f"name the version, verbump release {major}.{minor}.{patch + 1} for example; "
        "or say which tags are SemVer: tool.verbump.tag_format",
        code="version-scheme",
    )


def _stated(name: str, form: TagFormat, *, is_given: bool) -> str:
    """What stands in the version's place of a tag name, "" where the name has not the format."""
    if is_given:
        if len(name) > len(form.prefix) + len(form.suffix) and name.startswith(form.prefix):
            return name[len(form.prefix) : len(name) - len(form.suffix)] if name.endswith(form.suffix) else ""
        return ""
    found = _ANY_PREFIX.match(name)
    return name[found.end() :] if found else ""
