"""Cargo's version requirements, moved along when the crate that they name is released."""

from __future__ import annotations

import re
from dataclasses import dataclass

from verbump.domain.manifests.bounds import Numbers, at_precision, next_breaking, render
from verbump.errors import InputError

_NUMBER = r"\d{1,20}"
_NEW = re.compile(rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")
_COMPARATOR = re.compile(
    r"(?P<before>\s*+)(?P<operator>>=|<=|[=><~^]?)(?P<gap>\s*+)"
    rf"(?:(?P<numbers>{_NUMBER}(?:\.{_NUMBER}){{0,2}})(?P<wildcard>(?:\.[*xX]){{0,2}})|(?P<any>[*xX](?:\.[*xX]){{0,2}}))"
    r"(?P<suffix>-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?(?P<after>\s*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """The version to admit. `full` leaves the build metadata out, which requirements ignore."""

    numbers: Numbers
    full: str
    is_prerelease: bool


def moved_requirement(requirement: str, version: str) -> str:
    """`requirement` admitting `version`: operators, precision and blanks kept.

    Pins and lower bounds follow the version, an upper bound is raised only when it excludes it. A pre-release is
    written in full, since a requirement without one does not match it; `*` and a lone upper bound then get a lower
    bound for the same reason.

    Raises:
        InputError: `manifest-requirement` for what is no requirement of cargo's.
    Source: The Cargo Book, "Specifying dependencies".
    """
    found = _NEW.fullmatch(version)
    if found is None:
        raise InputError(f"{version!r} is not a SemVer version", code="manifest-requirement")
    core = render(tuple(int(number) for number in found.groups()[:3]))
    new = _New(
        numbers=tuple(int(number) for number in found.groups()[:3]),
        full=f"{core}-{found[4]}" if found[4] else core,
        is_prerelease=found[4] is not None,
    )
    comparators = [_moved_comparator(each, requirement, new) for each in requirement.split(",")]
    moved = ",".join(comparators)
    if new.is_prerelease and not any(each.strip().lstrip("=><~^ ") == new.full for each in comparators):
        return f">={new.full}" if moved.strip(" *.xX") == "" else f">={new.full}, {moved}"
    return moved


def _moved_comparator(comparator: str, requirement: str, new: _New) -> str:
    found = _COMPARATOR.fullmatch(comparator)
    if found is None or not _has_three_parts_at_most(found):
        raise InputError(
            f"{requirement!r} is not a version requirement",
            hint='write it as cargo does, such as "1.2", "=1.2.3" or ">=1.2, <2"',
            code="manifest-requirement",
        )
    if found["any"]:
        return comparator
    operator, stated = found["operator"], tuple(int(number) for number in found["numbers"].split("."))
    version: str | None
    if operator.startswith("<"):
        version = _raised_bound(operator, stated, found, new)
    elif operator == ">" and new.numbers[: len(stated)] > stated and not new.is_prerelease:
        version = None
    else:
        operator = ">=" if operator == ">" else operator
        version = new.full if new.is_prerelease else render(at_precision(new.numbers, len(stated))) + found["wildcard"]
        if new.is_prerelease and found["wildcard"] and not operator and len(stated) == 2:
            operator = "~"  # what 1.2.* means; 1.* is the same as ^1
    if version is None:
        return comparator
    return "".join((found["before"], operator, found["gap"], version, found["after"]))


def _raised_bound(operator: str, stated: Numbers, found: re.Match[str], new: _New) -> str | None:
    """The version of an upper bound that excludes `new`, raised; None where it admits it.

    A candidate of the excluded version counts as excluded: `<2.0.0` is not meant to take 2.0.0-rc.1.
    """
    reached = new.numbers[: len(stated)]
    if operator == "<=":
        # `<=1.3` takes 1.3.9, but no candidate of it.
        is_short = found["suffix"] is not None or (new.is_prerelease and len(stated) < 3)
        if reached < stated or (reached == stated and not is_short):
            return None
        return new.full if new.is_prerelease else render(reached) + found["wildcard"]
    if reached < stated:
        return None
    return render(next_breaking(new.numbers, len(stated))) + found["wildcard"] + (found["suffix"] or "")


def _has_three_parts_at_most(found: re.Match[str]) -> bool:
    """And a suffix, that is a pre-release, only after three."""
    if found["any"]:
        return found["suffix"] is None
    numbers, wildcards = found["numbers"].count(".") + 1, len(found["wildcard"]) // 2
    return numbers + wildcards <= 3 and (found["suffix"] is None or numbers == 3)
