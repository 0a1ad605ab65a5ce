"""Cargo's requirements: what they become, and that they admit what they must."""

from __future__ import annotations

import contextlib
import re

import pytest
import semver
from hypothesis import given
from hypothesis import strategies as st

from support.patience import patience
from verbump.domain.manifests.cargo_requirements import moved_requirement
from verbump.errors import InputError


@pytest.mark.parametrize(
    ("requirement", "version", "expected"),
    [
        pytest.param("1", "2.3.4", "2", id="one number"),
        pytest.param("1", "1.3.0", "1", id="one number that still fits"),
        pytest.param("1.2", "1.3.0", "1.3", id="two numbers"),
        pytest.param("1.2.3", "1.3.0", "1.3.0", id="three numbers"),
        pytest.param("0.1", "0.2.0", "0.2", id="below one"),
        pytest.param("0", "1.0.0", "1", id="out of zero"),
        pytest.param("^1.2.3", "1.3.0", "^1.3.0", id="caret"),
        pytest.param("=1.2.3", "1.3.0", "=1.3.0", id="equal"),
        pytest.param("= 1.2.3", "1.3.0", "= 1.3.0", id="blank after the operator"),
        pytest.param(" 1.2 ", "1.3.0", " 1.3 ", id="blanks around"),
        pytest.param("~1.2", "1.3.0", "~1.3", id="tilde"),
        pytest.param(">=1.2, <2", "1.3.0", ">=1.3, <2", id="upper bound that still admits"),
        pytest.param(">=1.2, <2", "2.1.0", ">=2.1, <3", id="upper bound is raised"),
        pytest.param(">=1.2,<2.0", "2.1.0", ">=2.1,<3.0", id="raised bound keeps its precision"),
        pytest.param(">=1.2.3, <2.0.0", "2.0.0", ">=2.0.0, <3.0.0", id="full bound"),
        pytest.param(">=0.2.1, <0.3", "0.3.0", ">=0.3.0, <0.4", id="next breaking below one"),
        pytest.param("<0.0.4", "0.0.4", "<0.0.5", id="next breaking at 0.0.x"),
        pytest.param(">=0.2, <1", "1.0.0", ">=1.0, <2", id="bound at one"),
        pytest.param("<=1.2", "1.3.0", "<=1.3", id="closed bound"),
        pytest.param("<=1.3", "1.3.5", "<=1.3", id="closed short bound takes its patches"),
        pytest.param("<=1.2", "1.3.0-rc.1", "<=1.3.0-rc.1", id="closed short bound takes no candidate"),
        pytest.param("<=1.3", "1.3.0-rc.1", "<=1.3.0-rc.1", id="closed short bound takes no candidate of its own"),
        pytest.param("<=1.3.0-rc.1", "1.3.0-rc.2", "<=1.3.0-rc.2", id="closed bound at a candidate"),
        pytest.param("<=1.3.0-rc.1", "1.3.0", "<=1.3.0", id="closed bound at a candidate, final"),
        pytest.param("<0.0", "0.0.3", "<0.1", id="bound that admitted nothing"),
        pytest.param(">1.2", "1.3.0", ">1.2", id="open lower bound that admits stays"),
        pytest.param(">1.2", "1.2.9", ">=1.2", id="open lower bound that excludes"),
        pytest.param("*", "2.0.0", "*", id="star"),
        pytest.param("1.*", "2.3.0", "2.*", id="wildcard"),
        pytest.param("1.x", "2.3.0", "2.x", id="wildcard letter"),
        pytest.param("1.2.*", "1.3.4", "1.3.*", id="wildcard after two"),
        pytest.param("1", "1.3.0-rc.1", "1.3.0-rc.1", id="candidate in full"),
        pytest.param("~1.2", "1.3.0-rc.1", "~1.3.0-rc.1", id="candidate keeps the operator"),
        pytest.param("=1.2.3", "1.3.0-rc.1", "=1.3.0-rc.1", id="candidate pinned"),
        pytest.param("1.3.0-rc.1", "1.3.0", "1.3.0", id="final after a candidate stays in full"),
        pytest.param("^1.3.0-rc.1", "1.3.0-rc.2", "^1.3.0-rc.2", id="candidate after candidate"),
        pytest.param("1.*", "1.3.0-rc.1", "1.3.0-rc.1", id="candidate of a wildcard"),
        pytest.param("1.2.*", "1.3.0-rc.1", "~1.3.0-rc.1", id="candidate of a wildcard after two"),
        pytest.param("*", "1.3.0-rc.1", ">=1.3.0-rc.1", id="star matches no candidate"),
        pytest.param("<2", "1.3.0-rc.1", ">=1.3.0-rc.1, <2", id="lone upper bound matches no candidate"),
        pytest.param(">=1.2, <2", "2.0.0-rc.1", ">=2.0.0-rc.1, <3", id="candidate of the excluded version"),
        pytest.param(">=1.2, <2.0.0", "2.0.0-rc.1", ">=2.0.0-rc.1, <3.0.0", id="candidate below a full bound"),
        pytest.param("1.2.3+build", "1.3.0+other", "1.3.0", id="build metadata means nothing"),
    ],
)
def test_moved(requirement: str, version: str, expected: str) -> None:
    assert moved_requirement(requirement, version) == expected


@pytest.mark.parametrize(
    "requirement",
    [
        "",
        " ",
        "1.2.3.4",
        "abc",
        "1,",
        "1*",
        "1.2 1.3",
        "==1",
        "1.2.3-",
        "**",
        "1.2.3.*",
        "1.2-rc.1",
        "v1",
        ">=",
        "1" * 30,
    ],
)
def test_what_is_no_requirement_is_refused(requirement: str) -> None:
    with pytest.raises(InputError) as caught:
        moved_requirement(requirement, "2.0.0")
    assert caught.value.code == "manifest-requirement"
    assert repr(requirement) in caught.value.message


@pytest.mark.parametrize("version", ["", "1.2", "v1.2.3", "1.2.3rc1", "1.2.3\n"])
def test_only_semver_is_written(version: str) -> None:
    with pytest.raises(InputError, match="not a SemVer version"):
        moved_requirement("1", version)


@pytest.mark.parametrize(
    "text", [" " * 200_000, "1" * 200_000, "1.2," * 50_000, "<" * 200_000, "*" * 200_000, "1-" + "a" * 200_000]
)
def test_hostile_requirements_end(text: str) -> None:
    with patience(), contextlib.suppress(InputError):
        moved_requirement(text, "1.3.0")


numbers = st.integers(0, 12)
operators = st.sampled_from(["", "^", "~", "=", ">=", ">", "<", "<="])
prereleases = st.sampled_from(["", "", "", "-rc.1", "-alpha.2"])
versions = st.builds(
    lambda core, pre: ".".join(map(str, core)) + pre, st.tuples(numbers, numbers, numbers), prereleases
)


@st.composite
def comparators(draw: st.DrawFn) -> str:
    parts = draw(st.lists(numbers, min_size=1, max_size=3))
    suffix = draw(prereleases) if len(parts) == 3 else draw(st.sampled_from(["", "", ".*"]))
    return draw(operators) + draw(st.sampled_from(["", " "])) + ".".join(map(str, parts)) + suffix


requirements = st.lists(comparators(), min_size=1, max_size=3).map(", ".join)


@given(requirements, versions)
def test_whatever_it_was_it_admits_the_new_version(requirement: str, new: str) -> None:
    assert admits(moved_requirement(requirement, new), new)


@given(st.sampled_from(["1", "1.2", "~1.2", "=1.2.3", ">=1.2, <2", "*", "1.*"]), versions)
def test_moving_twice_is_moving_once(requirement: str, new: str) -> None:
    once = moved_requirement(requirement, new)
    assert moved_requirement(once, new) == once


def admits(requirement: str, version: str) -> bool:
    """Whether cargo takes `version`. Source: the semver crate, src/eval.rs, written anew."""
    wanted = semver.Version.parse(version)
    found = [re.fullmatch(r"\s*([^\d\s]*)\s*([\d.]+?)(\.\*)?(-.*)?\s*", each) for each in requirement.split(",")]
    comparators: list[tuple[str, list[int], str]] = []
    for each in found:
        assert each is not None or requirement == "*"
        if each is not None:
            operator = each[1] or ("^" if not each[3] else "=")
            comparators.append((operator, [int(part) for part in each[2].split(".")], (each[4] or "")[1:]))
    if not all(admits_one(operator, parts, pre, wanted) for operator, parts, pre in comparators):
        return False
    core = [wanted.major, wanted.minor, wanted.patch]
    return not wanted.prerelease or any(parts == core and pre for _, parts, pre in comparators)


def admits_one(operator: str, parts: list[int], pre: str, version: semver.Version) -> bool:
    core = [version.major, version.minor, version.patch]
    is_exact = core[: len(parts)] == parts and (version.prerelease or "") == pre
    full = semver.Version(parts[0], parts[1], parts[2], pre or None) if len(parts) == 3 else None
    is_greater = core[: len(parts)] > parts or (full is not None and version > full)
    is_less = core[: len(parts)] < parts or (full is not None and version < full)
    match operator:
        case "=":
            return is_exact
        case ">":
            return is_greater
        case ">=":
            return is_exact or is_greater
        case "<":
            return is_less
        case "<=":
            return is_exact or is_less
        case "~":
            kept = 1 if len(parts) == 1 else 2
        case _:
            kept = next((place + 1 for place, part in enumerate(parts) if part), len(parts))
    return core[:kept] == parts[:kept] and (full is None or version >= full) and core[: len(parts)] >= parts
