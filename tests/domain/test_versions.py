"""Versions: two spellings that sort alike, and a next version that is always higher."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version as Pep440

from verbump.domain import versions
from verbump.domain.bumps import Bump
from verbump.domain.versions import NextRequest, Version, parse
from verbump.errors import InputError

NUMBERS = st.integers(0, 30)
PRERELEASES = st.one_of(
    st.none(), st.tuples(st.sampled_from(versions.PHASES), st.integers(0, 12)).map(lambda each: f"{each[0]}.{each[1]}")
)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS, PRERELEASES)


@given(VERSIONS)
def test_spellings_round_trip(version: Version) -> None:
    assert versions.from_pep440(versions.to_pep440(version)) == version
    assert str(Pep440(versions.to_pep440(version))) == versions.to_pep440(version)


@given(VERSIONS, VERSIONS)
def test_spellings_sort_alike(left: Version, right: Version) -> None:
    assert (left < right) == (Pep440(versions.to_pep440(left)) < Pep440(versions.to_pep440(right)))


@pytest.mark.parametrize("pre", ["nightly.5", "dev.3", "rc1", "rc", "alpha.1.2", "20240101", "0", "alpha.01x"])
def test_no_pep440_form(pre: str) -> None:
    with pytest.raises(InputError) as caught:
        versions.to_pep440(parse(f"1.2.3-{pre}"))
    assert caught.value.code == "no-pep440-form"


PEP440 = [
    ("1.3.0rc1", "1.3.0-rc.1"),
    ("1.3", "1.3.0"),
    ("1", "1.0.0"),
    ("1.3.0a2", "1.3.0-alpha.2"),
    ("1.3.0.beta-1", "1.3.0-beta.1"),
    ("1.3.0c1", "1.3.0-rc.1"),
    ("1.2.3.0", "1.2.3"),
    ("v1.2.3", "1.2.3"),
    ("1.2.3+abc.1", "1.2.3+abc.1"),
    ("1.2.3+Abc-1", "1.2.3+abc.1"),
    ("1.2.3+20241115120000", "1.2.3+20241115120000"),
    ("2024.01", "2024.1.0"),
]


@pytest.mark.parametrize(("text", "wanted"), PEP440)
def test_from_pep440(text: str, wanted: str) -> None:
    assert str(versions.from_pep440(text)) == wanted


@pytest.mark.parametrize("text", ["12345678901.0", "1.0rc12345678901", "1" * 5000, "", "x", "1.2.3-nightly.1"])
def test_no_pep440_version(text: str) -> None:
    with pytest.raises(InputError) as caught:
        versions.from_pep440(text)
    assert caught.value.code == "version-invalid"
    assert len(caught.value.message) < 250


@pytest.mark.parametrize("text", ["1!2.0", "1.2.3.4", "1.2.3.post1", "1.2.3.dev1", "1.2.3-1", "1.2.3-0"])
def test_pep440_that_semver_cannot_say(text: str) -> None:
    with pytest.raises(InputError) as caught:
        versions.from_pep440(text)
    assert caught.value.code == "version-not-semver"


INVALID = [
    ("v1.2.3", "did you mean 1.2.3?"),
    ("1.2", "did you mean 1.2.0?"),
    ("1.3.0rc1", "did you mean 1.3.0-rc.1?"),
    ("2024.01.15", "calendar version"),
    ("1.2.3 ", "did you mean 1.2.3?"),
    ("01.2.3", ""),
    ("", ""),
    ("1.2.3\n", ""),
    ("٣.٢.١", ""),
    ("1٣.0.0", ""),
    ("9" * 5000 + ".0.0", ""),
    ("12345678901.0.0", ""),
    ("0.12345678901.0", ""),
    ("0.0.12345678901", ""),
    ("1.0.0-rc.12345678901", ""),
    ("1.0.0-20241115120000", ""),
    ("2024.01", "did you mean 2024.1.0?"),
    ("1!2.0", "major.minor.patch"),
]


@pytest.mark.parametrize(("text", "advice"), INVALID)
def test_invalid(text: str, advice: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert caught.value.code == "version-invalid"
    assert advice in caught.value.message
    assert len(caught.value.message) < 250


LONG_BUT_NO_NUMBER = ["1.2.3+20241115120000", "1.2.3-rc.1+12345678901", "1.2.3-g12345678901", "9999999999.0.0"]


@pytest.mark.parametrize("text", LONG_BUT_NO_NUMBER)
def test_only_numbers_are_limited_to_ten_digits(text: str) -> None:
    assert str(parse(text)) == text


LOCAL = [("1.2.3+abc.1", "1.2.3+abc.1"), ("1.2.3+001.A", "1.2.3+1.a"), ("1.3.0-rc.1+x", "1.3.0rc1+x")]


@pytest.mark.parametrize(("text", "wanted"), LOCAL)
def test_build_metadata_is_a_local_version(text: str, wanted: str) -> None:
    made = versions.to_pep440(parse(text))
    assert made == wanted == str(Pep440(made))
    assert versions.parse_spelled(made, "pep440") == parse(text)


def test_a_hyphen_in_build_metadata_has_no_pep440_form() -> None:
    with pytest.raises(InputError) as caught:
        versions.to_pep440(parse("1.2.3+a-b"))
    assert caught.value.code == "no-pep440-form"
    assert str(versions.parse_spelled("1.2.3+a-b", "pep440")) == "1.2.3+a.b"


STATED = [
    ("1.3.0-rc.1", "1.3.0-rc.1"),
    ("1.3.0rc1", "1.3.0-rc.1"),
    ("1.3.0-rc1", "1.3.0-rc.1"),
    ("1.3", "1.3.0"),
    ("1.3.0-rc", "1.3.0-rc.0"),
]


@pytest.mark.parametrize(("text", "wanted"), STATED)
def test_a_python_manifest_may_spell_either_way(text: str, wanted: str) -> None:
    found = versions.parse_spelled(text, "pep440")
    assert str(found) == wanted
    assert versions.spelled(found, "pep440") == str(Pep440(text)) or text == "1.3"
    assert versions.spelled(found, "semver") == wanted


# final, current, bump, token, taken, wanted
NEXT: list[tuple[str | None, str | None, str, str | None, list[str], str]] = [
    ("1.2.3", "1.2.3", "PATCH", None, [], "1.2.4"),
    ("1.2.3", "1.2.3", "MINOR", None, [], "1.3.0"),
    ("1.2.3", "1.2.3", "MAJOR", None, [], "2.0.0"),
    ("1.2.3", "1.2.3", "MINOR", "rc", [], "1.3.0-rc.1"),
    ("1.2.3", "1.3.0-rc.1", "MINOR", "rc", ["1.3.0-rc.1"], "1.3.0-rc.2"),
    ("1.2.3", "1.3.0-rc.9", "MINOR", "rc", ["1.3.0-rc.9", "1.3.0-rc.10"], "1.3.0-rc.11"),
    ("1.2.3", "1.3.0-rc.1", "MINOR", None, ["1.3.0-rc.1"], "1.3.0"),
    ("1.2.3", "1.2.4-rc.1", "MINOR", "rc", ["1.2.4-rc.1"], "1.3.0-rc.1"),
    ("1.2.3", "1.3.0-rc.1", "PATCH", "rc", ["1.3.0-rc.1"], "1.3.0-rc.2"),
    ("1.2.3", "1.3.0-rc.1", "PATCH", None, ["1.3.0-rc.1"], "1.3.0"),
    ("1.2.3", "1.3.0-alpha.2", "MINOR", "beta", ["1.3.0-alpha.2"], "1.3.0-beta.1"),
    ("1.2.3", "1.3.0-rc.1", "MAJOR", "alpha", ["1.3.0-rc.1"], "2.0.0-alpha.1"),
    (None, None, "NONE", None, [], "0.1.0"),
    (None, None, "MAJOR", "rc", [], "0.1.0-rc.1"),
    (None, "0.1.0-rc.1", "MINOR", "rc", ["0.1.0-rc.1"], "0.1.0-rc.2"),
    (None, "0.1.0-rc.1", "MINOR", None, ["0.1.0-rc.1"], "0.1.0"),
    ("1.2.3", "1.3.0-nightly.4", "MINOR", "rc", ["1.3.0-nightly.4"], "1.3.0-rc.1"),
    (
        "1.2.3",
        "1.2.3",
        "PATCH",
        "rc",
        ["1.2.4-rc.7", "1.3.0-rc.9", "1.2.4-rc.x", "1.2.4-rc.8.1", "1.2.4"],
        "1.2.4-rc.8",
    ),
    ("1.2.3", "1.2.3", "MINOR", "nightly", [], "1.3.0-nightly.1"),
    ("1.2.3", "1.2.3+build", "PATCH", None, [], "1.2.4"),
    (None, None, "NONE", "rc", ["0.1.0-rc.4"], "0.1.0-rc.5"),
    (None, "0.0.5-rc.1", "MAJOR", None, ["0.0.5-rc.1"], "0.0.5"),
]


def request(final: str | None, current: str | None, bump: str, token: str | None, taken: list[str]) -> NextRequest:
    return NextRequest(
        final=parse(final) if final else None,
        current=parse(current) if current else None,
        bump=Bump[bump],
        token=token,
        taken=[parse(each) for each in taken],
        initial=parse("0.1.0"),
    )


@pytest.mark.parametrize(("final", "current", "bump", "token", "taken", "wanted"), NEXT)
def test_next(
    final: str | None, current: str | None, bump: str, token: str | None, taken: list[str], wanted: str
) -> None:
    assert str(versions.next_version(request(final, current, bump, token, taken))) == wanted


REFUSED = [
    ("1.2.3", "1.3.0-rc.1", "MINOR", "beta", "prerelease-order"),
    ("1.2.3", "1.3.0-beta.1", "PATCH", "alpha", "prerelease-order"),
    ("1.2.3", "1.2.3", "NONE", None, "version-not-higher"),
    ("1.2.3", "1.2.3", "MINOR", "rc.1", "prerelease-token"),
    ("1.2.3", "1.2.3", "MINOR", "1", "prerelease-token"),
    ("1.2.3", "1.2.3", "MINOR", "", "prerelease-token"),
    ("1.2.3", "1.3.0-rc.1", "MINOR", "nightly", "version-not-higher"),
    ("1.2.3", "1.3.0-rc.1", "MINOR", "RC", "version-not-higher"),
    ("1.2.3", "1.3.0-rc1", "MINOR", "beta", "prerelease-order"),
    ("1.2.3", "1.2.3", "NONE", "rc", "version-not-higher"),
    ("1.2.3", "1.3.0-rc.9999999999", "MINOR", "rc", "version-invalid"),
    ("9999999999.0.0", "9999999999.0.0", "MAJOR", None, "version-invalid"),
    ("1.9999999999.0", "1.9999999999.0", "MINOR", None, "version-invalid"),
    ("1.0.9999999999", "1.0.9999999999", "PATCH", None, "version-invalid"),
    ("1.2.3", "1.2.3", "MINOR", "rc\n", "prerelease-token"),
    ("1.2.3", "1.2.3", "MINOR", "a" * 5000, "prerelease-token"),
]


@pytest.mark.parametrize(("final", "current", "bump", "token", "code"), REFUSED)
def test_refused(final: str, current: str, bump: str, token: str | None, code: str) -> None:
    with pytest.raises(InputError) as caught:
        versions.next_version(request(final, current, bump, token, [current]))
    assert caught.value.code == code
    assert caught.value.hint


def test_the_tokens_still_possible_are_named() -> None:
    with pytest.raises(InputError) as caught:
        versions.next_version(request("1.2.3", "1.3.0-beta.2", "PATCH", "alpha", []))
    assert caught.value.hint == "--pre beta, --pre rc, or no --pre for 1.3.0"


@pytest.mark.parametrize(("token", "wanted"), [(None, "2.0.0-alpha.3"), ("rc", "2.0.0-rc.1")])
def test_the_first_release_is_taken_literally_unless_a_token_numbers_it(token: str | None, wanted: str) -> None:
    first = replace(request(None, None, "MAJOR", token, []), initial=parse("2.0.0-alpha.3"))
    assert str(versions.next_version(first)) == wanted


@given(
    VERSIONS,
    st.sampled_from([Bump.PATCH, Bump.MINOR, Bump.MAJOR]),
    st.sampled_from([None, *versions.PHASES]),
    st.lists(VERSIONS, max_size=5),
)
def test_next_is_higher(current: Version, bump: Bump, token: str | None, taken: list[Version]) -> None:
    final = current if versions.is_final(current) else None
    try:
        made = versions.next_version(
            NextRequest(
                final=final, current=current, bump=bump, token=token, taken=[*taken, current], initial=parse("0.1.0")
            )
        )
    except InputError as error:
        assert error.code == "prerelease-order"
        return
    assert made > current
    assert made not in taken or versions.is_final(made)


def test_exact_must_be_higher() -> None:
    assert str(versions.check_exact("2.0.0", parse("1.2.3"))) == "2.0.0"
    for text in ("1.2.3", "1.2.2", "1.2.3-rc.1"):
        with pytest.raises(InputError) as caught:
            versions.check_exact(text, parse("1.2.3"))
        assert caught.value.code == "version-not-higher"


@given(st.text(max_size=40))
def test_parsers_never_crash(text: str) -> None:
    versions.parse_or_none(text)
    for scheme in ("semver", "pep440"):
        try:
            versions.parse_spelled(text, scheme)
        except InputError:
            continue


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("1.2.3", "1.2.4", "PATCH"),
        ("1.2.3", "1.3.0", "MINOR"),
        ("1.2.3", "2.0.0", "MAJOR"),
        ("1.2.3", "1.2.3-rc.1", "NONE"),
        (None, "0.1.0", "MINOR"),
        (None, "0.0.1", "PATCH"),
        (None, "0.0.0", "NONE"),
    ],
)
def test_bump_between(old: str | None, new: str, wanted: str) -> None:
    assert versions.bump_between(parse(old) if old else None, parse(new)).name == wanted
