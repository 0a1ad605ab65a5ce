"""Tag names that are versions, and those that only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import tags
from verbump.domain.tags import TagFormat
from verbump.domain.versions import parse
from verbump.errors import ConfigError, InputError


@pytest.mark.parametrize("text", ["v{version}", "{version}", "py/v{version}", "core-v{version}", "release-{version}-x"])
def test_format_round_trip(text: str) -> None:
    form = tags.parse_format(text)
    assert form.text == text
    for version in ("1.2.3", "1.2.3-rc.1", "1.2.3+build.5"):
        assert form.version(form.tag(parse(version))) == parse(version)


@pytest.mark.parametrize("text", ["v$version", "v${version}"])
def test_commitizen_spelling(text: str) -> None:
    assert tags.parse_format(text) == TagFormat(prefix="v")


BAD = [
    "v",
    "v{version}{version}",
    "v {version}",
    "-{version}",
    "/{version}",
    "a..b{version}",
    "{version}.lock",
    "{version}/",
    "v~{version}",
    "a//{version}",
    ".a/{version}",
    "{version}@{",
    "v\x01{version}",
    "{version}.",
]


@pytest.mark.parametrize("text", BAD)
def test_impossible_formats(text: str) -> None:
    with pytest.raises(ConfigError):
        tags.parse_format(text)


@pytest.mark.parametrize(
    "tag",
    [
        "v1",
        "latest",
        "v1.2",
        "v1.2.3.4",
        "v01.2.3",
        "v1.2.3-01",
        "xv1.2.3",
        "v1.2.3 ",
        "V1.2.3",
        "v1.2.3\n",
        "v" + "9" * 5000 + ".0.0",
        "--output=x",
    ],
)
def test_not_a_version_tag(tag: str) -> None:
    """R22, R25, R26."""
    assert tags.DEFAULT_FORMAT.version(tag) is None


INFER = [
    (["v1.2.3", "v1.2.4", "latest"], "v{version}"),
    (["1.2.3"], "{version}"),
    (["core-v1.2.3", "v1.2.2"], "core-v{version}"),
    (["py/v1.2.3"], "py/v{version}"),
    (["release-1.2.3"], "release-{version}"),
    (["v2.0.0-rc.1", "r1.2.3"], "r{version}"),
    (["v2.0.0-rc.1"], "v{version}"),
    (["v1", "latest", "v1.2.3.4", "2024.01.15", "--output=v1.2.3", "v01.2.3"], None),
    ([], None),
]


@pytest.mark.parametrize(("names", "wanted"), INFER)
def test_inferred_from_the_highest_final_tag(names: list[str], wanted: str | None) -> None:
    found = tags.infer_format(names)
    assert (found.text if found else None) == wanted


def test_two_formats_at_one_version_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        tags.infer_format(["v1.2.3", "1.2.3", "v1.0.0"])
    assert caught.value.code == "tag-formats-ambiguous"
    assert "1.2.3 and v1.2.3" in caught.value.message


@given(st.text(max_size=60))
def test_any_name_is_looked_at(name: str) -> None:
    tags.infer_format([name])
    tags.DEFAULT_FORMAT.version(name)
