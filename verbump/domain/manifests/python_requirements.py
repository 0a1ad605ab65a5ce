"""Requirements on Python packages, PEP 508 and Poetry's own, moved along when what they name is released."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain.manifests.bounds import Numbers, at_precision, next_breaking, render
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Name, blanks and extras; then either `@ url` or a specifier in brackets or without, and a marker.
_REQUIREMENT = re.compile(r"(\s*)([A-Za-z0-9][A-Za-z0-9._-]*+)(\s*+(?:\[[^\[\]]*\])?\s*+)(.*)", re.DOTALL)
_BEHIND_NAME = ("", *"<>=!~(;@")
_CLAUSE = re.compile(r"(\s*)(===|==|~=|!=|<=|>=|<|>)(\s*)([^\s,;()<>=!~]+)(\s*)")
_VERSION = re.compile(
    r"(v?(?:\d{1,9}!)?)(\d{1,20}(?:\.\d{1,20}){0,20})"
    r"(\.\*|(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview|post|rev|r|dev)[-_.]?\d{0,20}){1,3})?(?:\+[\w.-]+)?",
    re.IGNORECASE,
)
_POETRY_CLAUSE = re.compile(
    r"(\s*+)(\^|~=|~|===?|!=|<=|>=|<|>|=)?(\s*+)([0-9A-Za-z.!+_-]*[0-9A-Za-z](?:\.\*)?|\*)(\s*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """The version to admit; `suffix` is `rc1` or the like, empty for a final one."""

    text: str
    numbers: Numbers
    suffix: str


def normalised(name: str) -> str:
    """A distribution's name as registries compare it. Source: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required_name(requirement: str) -> str:
    """The name of the distribution that a PEP 508 requirement is about, as written; "" where it is none."""
    found = _REQUIREMENT.fullmatch(requirement)
    return found[2] if found and found[4][:1] in _BEHIND_NAME else ""


def moved_requirement(requirement: str, moved: Mapping[str, str]) -> str:
    """A PEP 508 requirement admitting the new version of what it names; `moved` is normalised name → version.

    Operators, extras, marker, blanks and precision are kept; a name alone and `name @ url` stay.

    Raises:
        InputError: `manifest-requirement` for a specifier of a moved package that cannot be read.
    Source: PEP 508; PEP 440, Version specifiers.
    """
    found = _REQUIREMENT.fullmatch(requirement)
    version = moved.get(normalised(found[2])) if found else None
    if found is None or version is None or found[4].startswith("@"):
        return requirement
    specifier, semicolon, marker = found[4].partition(";")
    inner = specifier.strip()
    if inner.startswith("(") and inner.endswith(")"):
        opening, closing = specifier.index("(") + 1, specifier.rindex(")")
    else:
        opening, closing = 0, len(specifier)
    if not specifier[opening:closing].strip():
        return requirement
    after = moved_specifier(specifier[opening:closing], version)
    before = "".join(found.groups()[:3])
    return f"{before}{specifier[:opening]}{after}{specifier[closing:]}{semicolon}{marker}"


def moved_specifier(specifier: str, version: str) -> str:
    """Clauses such as `>=1.2,<2` admitting `version`: pins and lower bounds follow, upper bounds only where they must.

    Raises:
        InputError: `manifest-requirement`.
    """
    new = _new(version)
    clauses = specifier.split(",")
    rest = clauses.pop() if len(clauses) > 1 and not clauses[-1].strip() else None  # a comma at the end is allowed
    moved = [_moved_clause(clause, specifier, new) for clause in clauses]
    return ",".join(moved if rest is None else [*moved, rest])


def moved_poetry_constraint(constraint: str, version: str) -> str:
    """A constraint of Poetry's (`^1.2`, `1.2.3`, `>=1.2,<2`) admitting `version`; alternatives with `|` stay.

    Raises:
        InputError: `manifest-requirement`.
    Source: Poetry's documentation, "Dependency specification".
    """
    if "|" in constraint:
        return constraint
    new = _new(version)
    # Poetry takes a blank for a comma.
    pieces: list[str] = []
    for part in re.split(r"(,)", constraint):
        position = 0
        while part != "," and position < len(part):
            found = _POETRY_CLAUSE.match(part, position)
            if found is None or found.end() == position:
                raise _not_readable(constraint)
            pieces.append(_moved_poetry_clause(found, constraint, new))
            position = found.end()
        if part == ",":
            pieces.append(part)
    return "".join(pieces)


def _new(version: str) -> _New:
    found = _VERSION.fullmatch(version)
    if found is None or found[3] == ".*":
        raise InputError(f"{version!r} is not a PEP 440 version", code="manifest-requirement")
    numbers = tuple(int(number) for number in found[2].split("."))
    return _New(text=version, numbers=numbers, suffix=found[3] or "")


def _moved_clause(clause: str, specifier: str, new: _New) -> str:
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        raise _not_readable(specifier)
    operator, version = _moved(found[2], found[4], specifier, new)
    return f"{found[1]}{operator}{found[3]}{version}{found[5]}"


def _moved_poetry_clause(found: re.Match[str], constraint: str, new: _New) -> str:
    operator, version = found[2] or "", found[4]
    if version == "*":
        return found[0]
    if operator in {"^", "~"}:
        stated = _stated(version, constraint)
        version = new.text if new.suffix else render(at_precision(new.numbers, len(stated.numbers)))
    elif operator in {"", "="}:
        version = _moved("==", version, constraint, new)[1]
    else:
        operator, version = _moved(operator, version, constraint, new)
    return f"{found[1]}{operator}{found[3]}{version}{found[5]}"


def _moved(operator: str, version: str, specifier: str, new: _New) -> tuple[str, str]:
    """Operator and version of one clause that admits `new`."""
    stated = _stated(version, specifier)
    precision = len(stated.numbers)
    numbers = render(at_precision(new.numbers, precision))
    match operator:
        case "!=" | "===":
            return operator, version if operator == "!=" else new.text
        case "==":
            return operator, f"{numbers}.*" if stated.suffix == ".*" else _exact(new, precision)
        case "~=":
            # The number of parts is the meaning here: ~=1.3rc1 is 1.*, ~=1.3.0rc1 would be 1.3.*.
            return operator, numbers + new.suffix
        case ">=":
            return operator, new.text if new.suffix else numbers
        case ">":
            is_above = _is_above(new, stated)
            return (operator, version) if is_above else (">=", _exact(new, precision))
        case "<=":
            return operator, _exact(new, precision) if _is_above(new, stated) else version
        case _:
            length = max(precision, len(new.numbers))
            if at_precision(new.numbers, length) < at_precision(stated.numbers, length):
                return operator, version
            return operator, render(next_breaking(new.numbers, precision)) + stated.suffix


def _exact(new: _New, precision: int) -> str:
    """`new` in so many parts where that is the same version, else in full."""
    if new.suffix or any(new.numbers[precision:]):
        return new.text
    return render(at_precision(new.numbers, precision))


def _is_above(new: _New, stated: _New) -> bool:
    """Whether `new` comes after `stated`; of the same numbers, the final one comes after the one with a suffix."""
    length = max(len(stated.numbers), len(new.numbers))
    mine, theirs = at_precision(new.numbers, length), at_precision(stated.numbers, length)
    return mine > theirs or (mine == theirs and not new.suffix and stated.suffix != "")


def _stated(version: str, specifier: str) -> _New:
    found = _VERSION.fullmatch(version)
    if found is None:
        raise _not_readable(specifier)
    return _New(text=version, numbers=tuple(int(number) for number in found[2].split(".")), suffix=found[3] or "")


def _not_readable(specifier: str) -> InputError:
    return InputError(
        f"{specifier.strip()!r} is not a version specifier",
        hint='write it as PEP 440 does, such as "==1.2.3" or ">=1.2,<2"',
        code="manifest-requirement",
    )
