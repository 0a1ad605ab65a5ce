"""Other version schemes: told by their look and named, SemVer's own forms left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import schemes, tags, versions

CALENDAR = "a calendar version"
FOREIGN = [
    ("2026.11", CALENDAR, (2026, 11)),
    ("2026.01.5", CALENDAR, (2026, 1, 5)),
    ("2026.11.05.1", CALENDAR, (2026, 11, 5, 1)),
    ("20261101", CALENDAR, (2026, 11, 1)),
    ("2026-11-03", CALENDAR, (2026, 11, 3)),
    ("2026.11rc1", CALENDAR, (2026, 11)),
    ("22.04", "a version with a leading zero", (22, 4)),
    ("01.2.3", "a version with a leading zero", (1, 2, 3)),
    ("1.2", "a version of 2 numbers", (1, 2)),
    ("1.2.3.4", "a version of 4 numbers", (1, 2, 3, 4)),
    ("0.0.0.0", "a version of 4 numbers", (0, 0, 0, 0)),
    ("1.2.0rc1", "a PEP 440 version", (1, 2, 0)),
    ("1.2.0.a1", "a PEP 440 version", (1, 2, 0)),
    ("1!2.0", "a PEP 440 version", (2, 0)),
    ("1.2.3.post1", "a PEP 440 version", (1, 2, 3)),
    ("1.2.dev3", "a PEP 440 version", (1, 2)),
    ("1rc1", "a PEP 440 version", (1,)),
    ("2026rc1", "a PEP 440 version", (2026,)),
    ("1999.5", "a version of 2 numbers", (1999, 5)),
    ("2100.1", "a version of 2 numbers", (2100, 1)),
    ("02026.1", "a version with a leading zero", (2026, 1)),
]
NO_SCHEME = [
    *("1.2.3", "1.2.3-rc.1", "1.2.3+x", "2026.11.1", "1", "2026", "", "x", "1.x", "1.2.x", "2026-13-01", "2026-1101"),
    *("12345678901.2", "1.2\n", "1.2 ", "٢.٣", "1.2.3.4.5.6.7.8.9.0.1", "20261399", "1.2.03-rc.1", "1." * 200 + "1"),
]


@pytest.mark.parametrize(("text", "scheme", "numbers"), FOREIGN)
def test_named(text: str, scheme: str, numbers: tuple[int, ...]) -> None:
    assert schemes.scheme_of(text) == (scheme, numbers)


@pytest.mark.parametrize("text", NO_SCHEME)
def test_semver_and_words_have_none(text: str) -> None:
    assert schemes.scheme_of(text) is None


@given(st.text(max_size=30))
def test_what_is_semver_is_never_foreign(text: str) -> None:
    assert versions.parse_or_none(text) is None or schemes.scheme_of(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"), [("2026.11.1", True), ("2000.0.0", True), ("2100.0.0", False), ("1999.1.1", False)]
)
def test_a_year_first_is_a_calendar_version(text: str, wanted: bool) -> None:
    assert schemes.is_calendar(versions.parse(text)) is wanted


# the tags, the format (None: nothing says it), the highest SemVer tag, the one found
FOUND = [
    (["v2026.10", "v2026.11", "v2026.9"], None, None, "v2026.11"),
    (["release-2026.11"], None, None, "release-2026.11"),
    (["py/v1.2"], None, None, "py/v1.2"),
    (["V1.2"], None, None, "V1.2"),
    (["latest", "stable-v", "v1", "before-2.x"], None, None, None),
    (["v1.2", "v1"], "v{version}", "1.2.3", None),
    (["v1.3"], "v{version}", "1.2.9", "v1.3"),
    (["v1.2.3.4"], "v{version}", "1.2.3", "v1.2.3.4"),
    (["v1.3.0rc1"], "v{version}", "1.3.0", None),
    (["v1.4.0rc1"], "v{version}", "1.3.0", "v1.4.0rc1"),
    (["1.4", "w1.4"], "v{version}", "1.3.0", None),
    (["core-v1.4-x"], "core-v{version}-x", "1.3.0", "core-v1.4-x"),
    (["core-v1.4-y", "core-v-x"], "core-v{version}-x", "1.3.0", None),
    (["v1.2-v"], "v{version}-v", None, "v1.2-v"),
    (["v-v"], "v{version}-v", None, None),
]


@pytest.mark.parametrize(("names", "form", "highest", "wanted"), FOUND)
def test_highest_of_another_scheme(names: list[str], form: str | None, highest: str | None, wanted: str | None) -> None:
    top = versions.parse(highest) if highest else None
    of = tags.parse_format(form) if form else tags.DEFAULT_FORMAT
    found = schemes.find_foreign(names, of, top, is_given=form is not None)
    assert (found.tag if found else None) == wanted


def test_what_is_found_of_it() -> None:
    found = schemes.find_foreign(["v2026.9", "v2026.11"], tags.DEFAULT_FORMAT, None, is_given=True)
    assert found == schemes.Foreign(tag="v2026.11", scheme=CALENDAR, numbers=(2026, 11))


@pytest.mark.parametrize(
    ("numbers", "example"),
    [((2026, 11), "2026.11.1"), ((1, 2, 3, 4), "1.2.4"), ((1,), "1.0.1"), ((2026, 1, 5), "2026.1.6")],
)
def test_refusal_names_the_fix(numbers: tuple[int, ...], example: str) -> None:
    error = schemes.refusal("tag v2026.11", "a calendar version", numbers)
    assert error.code == "version-scheme"
    assert error.message == (
        "tag v2026.11 is a calendar version, and only SemVer versions (major.minor.patch) can be raised"
    )
    assert error.hint == (
        f"name the version, verbump release {example} for example; "
        "or say which tags are SemVer: tool.verbump.tag_format"
    )
    assert str(versions.parse(example)) == example
