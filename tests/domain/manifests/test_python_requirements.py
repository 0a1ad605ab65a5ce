"""Requirements on Python packages: what they become, and that they admit what they must."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from support.patience import patience
from verbump.domain.manifests.python_requirements import (
    moved_poetry_constraint,
    moved_requirement,
    moved_specifier,
    normalised,
    required_name,
)
from verbump.errors import InputError


@pytest.mark.parametrize(
    ("specifier", "version", "expected"),
    [
        pytest.param("==1.2.3", "1.3.0", "==1.3.0", id="pin"),
        pytest.param("== 1.2.3", "1.3.0", "== 1.3.0", id="blank after the operator"),
        pytest.param("===1.2.3", "1.3.0", "===1.3.0", id="exact pin"),
        pytest.param("==1.2", "1.3.0", "==1.3", id="short pin that is the same version"),
        pytest.param("==1.2", "1.3.4", "==1.3.4", id="short pin needs more numbers"),
        pytest.param("==1.2.*", "1.3.4", "==1.3.*", id="wildcard"),
        pytest.param("==1.*", "2.0.0rc1", "==2.*", id="wildcard takes candidates"),
        pytest.param("==v1.2.3", "1.3.0", "==1.3.0", id="v is dropped"),
        pytest.param("==1.2.3+cu118", "1.3.0", "==1.3.0", id="local version is dropped"),
        pytest.param(">=1.2", "1.3.4", ">=1.3", id="lower bound keeps its precision"),
        pytest.param(">=1.2", "1.3.0rc1", ">=1.3.0rc1", id="candidate in full"),
        pytest.param(">=1.3.0rc1", "1.3.0", ">=1.3.0", id="final after a candidate"),
        pytest.param(">1.2", "1.3.0", ">1.2", id="open lower bound that admits stays"),
        pytest.param(">1.3", "1.3.0", ">=1.3", id="open lower bound that excludes"),
        pytest.param("~=1.2", "1.3.4", "~=1.3", id="compatible with two numbers"),
        pytest.param("~=1.2.3", "1.3.4", "~=1.3.4", id="compatible with three numbers"),
        pytest.param("~=1.2", "1.3.4rc1", "~=1.3rc1", id="compatible keeps its width for a candidate"),
        pytest.param("~=1.3rc1", "1.3.4", "~=1.3", id="and after it"),
        pytest.param(">=1.2,<2", "1.3.0", ">=1.3,<2", id="upper bound that still admits"),
        pytest.param(">=1.2 , < 2.0", "2.1.0", ">=2.1 , < 3.0", id="upper bound is raised, blanks stay"),
        pytest.param("<2,>=1.2", "2.0.0", "<3,>=2.0", id="order stays"),
        pytest.param("<2", "2.0.0rc1", "<3", id="candidate of the excluded version"),
        pytest.param("<2.0.0.dev0", "2.0.0", "<3.0.0.dev0", id="suffix of the bound stays"),
        pytest.param("<0.3", "0.3.1", "<0.4", id="next breaking below one"),
        pytest.param("<=1.2.3", "1.3.0", "<=1.3.0", id="closed bound"),
        pytest.param("<=1.2", "1.3.4", "<=1.3.4", id="closed bound needs more numbers"),
        pytest.param("<=1.3rc1", "1.3.0", "<=1.3", id="closed bound at a candidate"),
        pytest.param("<=2", "1.3.0", "<=2", id="closed bound that admits"),
        pytest.param(">=1.2,!=1.2.5", "1.3.0", ">=1.3,!=1.2.5", id="exclusion stays"),
        pytest.param(">=1.2,", "1.3.0", ">=1.3,", id="comma at the end"),
        pytest.param("==1.2.3.4", "1.3.0", "==1.3.0.0", id="four numbers"),
    ],
)
def test_specifiers(specifier: str, version: str, expected: str) -> None:
    assert moved_specifier(specifier, version) == expected
    assert Version(version) in SpecifierSet(expected.rstrip(","), prereleases=True)


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        pytest.param("core==1.2.3", "core==1.3.0", id="plain"),
        pytest.param("core", "core", id="bare"),
        pytest.param("core ; python_version<'3.12'", "core ; python_version<'3.12'", id="bare with a marker"),
        pytest.param(
            "core[x]>=1.2 ; python_version<'3.12'", "core[x]>=1.3 ; python_version<'3.12'", id="extras and marker"
        ),
        pytest.param("core [x, y] >= 1.2, < 2", "core [x, y] >= 1.3, < 2", id="blanks"),
        pytest.param("core (>=1.2)", "core (>=1.3)", id="brackets"),
        pytest.param("core(==1.2.3);extra=='a'", "core(==1.3.0);extra=='a'", id="brackets and marker"),
        pytest.param("core @ https://x.y/core-1.2.3.whl", "core @ https://x.y/core-1.2.3.whl", id="url"),
        pytest.param("core@file:///x ; a=='b'", "core@file:///x ; a=='b'", id="url without blanks"),
        pytest.param("Core_.Lib==1.2.3", "Core_.Lib==1.3.0", id="names are normalised"),
        pytest.param("corelib==1.2.3", "corelib==1.2.3", id="longer name"),
        pytest.param("other==1.2.3", "other==1.2.3", id="somebody else's"),
        pytest.param("other ; core=='1.2.3'", "other ; core=='1.2.3'", id="name in a marker"),
        pytest.param(
            "core==1.2.3;python_version<='1.2.3'", "core==1.3.0;python_version<='1.2.3'", id="marker of the same text"
        ),
        pytest.param("  core==1.2.3  ", "  core==1.3.0  ", id="blanks around"),
        pytest.param("other>>nonsense", "other>>nonsense", id="what names no sibling is not read"),
        pytest.param("", "", id="empty"),
        pytest.param("./core", "./core", id="path"),
    ],
)
def test_requirements(requirement: str, expected: str) -> None:
    assert moved_requirement(requirement, {"core": "1.3.0", "core-lib": "1.3.0"}) == expected


@pytest.mark.parametrize(
    "requirement", ["core>1.2 <2", "core=1.2", "core>=", "core==1.2.x", "core 1.2", "core==1.2,,>1", "core[x"]
)
def test_what_cannot_be_read_is_refused(requirement: str) -> None:
    with pytest.raises(InputError) as caught:
        moved_requirement(requirement, {"core": "1.3.0"})
    assert caught.value.code == "manifest-requirement"


@pytest.mark.parametrize("version", ["", "one", "1.2.*", "1.3.0 "])
def test_only_pep_440_is_written(version: str) -> None:
    with pytest.raises(InputError, match="not a PEP 440 version"):
        moved_requirement("core==1", {"core": version})


@pytest.mark.parametrize(
    ("constraint", "version", "expected"),
    [
        pytest.param("^1.2", "1.3.4", "^1.3", id="caret"),
        pytest.param("^1.2.3", "2.0.0", "^2.0.0", id="caret in full"),
        pytest.param("~1.2", "1.3.4", "~1.3", id="tilde"),
        pytest.param("^1.2", "1.3.0rc1", "^1.3.0rc1", id="candidate in full"),
        pytest.param("1.2.3", "1.3.0", "1.3.0", id="exact"),
        pytest.param("=1.2.3", "1.3.0", "=1.3.0", id="exact with the operator"),
        pytest.param("==1.2.3", "1.3.0", "==1.3.0", id="pin"),
        pytest.param("1.2.*", "1.3.4", "1.3.*", id="wildcard"),
        pytest.param("*", "1.3.0", "*", id="star"),
        pytest.param(">=1.2,<2.0", "2.1.0", ">=2.1,<3.0", id="range"),
        pytest.param(">=1.2 <2.0", "2.1.0", ">=2.1 <3.0", id="range with a blank"),
        pytest.param(">= 1.2, < 2.0", "2.1.0", ">= 2.1, < 3.0", id="range with blanks everywhere"),
        pytest.param("~=1.2", "1.3.4", "~=1.3", id="compatible"),
        pytest.param(">1.2,!=1.2.5", "1.3.0", ">1.2,!=1.2.5", id="what still admits stays"),
        pytest.param("^1.2 || ^2.0", "3.0.0", "^1.2 || ^2.0", id="alternatives stay"),
    ],
)
def test_poetry_constraints(constraint: str, version: str, expected: str) -> None:
    assert moved_poetry_constraint(constraint, version) == expected


@pytest.mark.parametrize("constraint", ["^", "newest", "1.2.3.x", ">=", "^^1", "~~1", " "])
def test_what_poetry_would_not_read_is_refused(constraint: str) -> None:
    with pytest.raises(InputError) as caught:
        moved_poetry_constraint(constraint, "1.3.0")
    assert caught.value.code == "manifest-requirement"


@pytest.mark.parametrize(
    "text",
    [
        " " * 200_000,
        "core" + " " * 200_000,
        "a" * 200_000,
        "core[" * 40_000,
        "core==" + "1." * 50_000,
        "core" + "," * 50_000,
    ],
    ids=["blanks", "blanks behind", "name", "brackets", "numbers", "commas"],
)
def test_hostile_requirements_end(text: str) -> None:
    with patience(), contextlib.suppress(InputError):
        moved_requirement(text, {"core": "1.3.0"})
    with patience(), contextlib.suppress(InputError):
        moved_poetry_constraint(text, "1.3.0")


numbers = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
suffixes = st.sampled_from(["", "", "", "rc1", "a2", ".dev0", ".post1"])
operators = st.sampled_from(["==", ">=", ">", "<", "<=", "~=", "!=", "==="])
new_versions = st.builds(
    lambda core, suffix: ".".join(map(str, core)) + suffix,
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)),
    st.sampled_from(["", "", "rc1", "a2", "b3"]),
)


@st.composite
def clauses(draw: st.DrawFn) -> str:
    operator, number = draw(operators), draw(numbers)
    if operator == "~=" and "." not in number:
        number += ".0"
    suffix = ".*" if operator == "==" and draw(st.booleans()) else draw(suffixes)
    return f"{operator}{number}{suffix}"


@given(st.lists(clauses(), min_size=1, max_size=3).map(",".join), new_versions)
def test_whatever_it_was_it_admits_the_new_version(specifier: str, new: str) -> None:
    """Save what a requirement excludes by name, and what pip's rules for `>` leave out."""
    moved = moved_specifier(specifier, new)
    wanted = [clause for clause in moved.split(",") if not clause.startswith("!=")]
    assert Version(new) in SpecifierSet(",".join(wanted), prereleases=True), (specifier, moved)
    assert moved_specifier(moved, new) == moved


names = st.from_regex(r"\A[a-zA-Z0-9]([a-zA-Z0-9._-]{0,6}[a-zA-Z0-9])?\Z")


@given(
    names,
    st.lists(clauses(), max_size=2),
    st.sampled_from(["", "[x]", "[x,y]"]),
    st.sampled_from(["", " ; python_version > '3'"]),
)
def test_only_the_specifier_changes(name: str, specifier: list[str], extras: str, marker: str) -> None:
    before = Requirement(f"{name}{extras}{','.join(specifier)}{marker}")
    after = Requirement(moved_requirement(str(before), {normalised(name): "20.0.0"}))
    assert (after.name, after.extras, after.marker, after.url) == (
        before.name,
        before.extras,
        before.marker,
        before.url,
    )


NAMED = [
    ("My.Core==1.2.3", "My.Core"),
    ("  click [x] >= 8 ; python_version > '3.11'", "click"),
    ("fast_lib @ https://example.invalid/fast.whl", "fast_lib"),
    ("a", "a"),
    ("==1.2.3", ""),
    ("-e .", ""),
    ("", ""),
    ("not a requirement", ""),
    ("a (>=1)", "a"),
    ("a~=1.0", "a"),
    ("a!=1", "a"),
    ("a<1", "a"),
    ("a;extra == 'x'", "a"),
    ("a, b", ""),
]


@pytest.mark.parametrize(("requirement", "name"), NAMED)
def test_the_name_that_a_requirement_is_about(requirement: str, name: str) -> None:
    assert required_name(requirement) == name
