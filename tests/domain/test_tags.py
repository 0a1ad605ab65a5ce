"""Tag names that are versions, and those that only look like it."""

from __future__ import annotations

import subprocess

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


@pytest.mark.parametrize("text", ["v$version", "v${version}", "v{version}"])
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
    "",
    "v{version}{build}",
    "{name}-v{version}",
    "v$version$prerelease",
    "$major.$minor.$patch",
    "v\ud800{version}",
    "v\x7f{version}",
    "a.lock/{version}",
    "a/.b/{version}",
    "v?{version}",
    "v\\{version}",
    "v{version}\n",
]


@pytest.mark.parametrize("text", BAD)
def test_impossible_formats(text: str) -> None:
    with pytest.raises(ConfigError):
        tags.parse_format(text)


NAMES = [
    "v 1",
    "/1",
    "a..b1",
    "1.lock",
    "1/",
    "v~1",
    "a//1",
    ".a/1",
    "1@{",
    "v\x01",
    "1.",
    "a.lock/1",
    "a/.b/1",
    "v?1",
    "v\\1",
]
NAMES += [
    "v1",
    "a@1",
    "v1.2.3+x",
    "py/v1",
    "v{1}",
    "v$1",
    "a.b/1",
    "1.lock2",
    "ü1",
    "v'1",
    'v"1',
    "v;1",
    "v@1",
    "v!1",
    "v\x7f",
]


@pytest.mark.parametrize("name", NAMES)
def test_git_agrees(name: str) -> None:
    """Refused are the formats whose names git refuses, and no others."""
    checked = subprocess.run(["git", "check-ref-format", f"refs/tags/{name}"], capture_output=True, check=False)
    try:
        tags.parse_format(name.replace("1", "{version}") if "1" in name else name + "{version}")
    except ConfigError as error:
        assert checked.returncode != 0 or "placeholder" in error.message
    else:
        assert checked.returncode == 0


@pytest.mark.case("R22", "R25", "R26")
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
        "v",
        "",
        "v1.2.3$(id)",
        "v1.2.3;id",
        "vv1.2.3",
        "v1.2.3-rc.1.",
    ],
)
def test_not_a_version_tag(tag: str) -> None:
    assert tags.DEFAULT_FORMAT.version(tag) is None


def test_prefix_and_suffix_may_not_overlap() -> None:
    assert TagFormat(prefix="v1.2", suffix="2.3").version("v1.2.3") is None


INFER = [
    (["v1.2.3", "v1.2.4", "latest"], "v{version}"),
    (["1.2.3"], "{version}"),
    (["core-v1.2.3", "v1.2.2"], "core-v{version}"),
    (["py/v1.2.3"], "py/v{version}"),
    (["release-1.2.3"], "release-{version}"),
    (["v2.0.0-rc.1", "r1.2.3"], "r{version}"),
    (["v2.0.0-rc.1"], "v{version}"),
    (["v1", "latest", "v1.2.3.4", "2024.01.15", "--output=v1.2.3", "v01.2.3"], None),
    (["md5-1.2.3"], "md5-{version}"),
    (["py3/v1.2.3"], "py3/v{version}"),
    (["@scope/pkg@1.2.3"], "@scope/pkg@{version}"),
    (["v1.2.3", "$(id)9.9.9", "';x'9.9.9", "a b9.9.9", "{version}9.9.9"], "v{version}"),
    (["v1.2-3.4.5", "2024-1.2.3", "v2-1.2.3", "1.2.3.4.5.6"], None),
    (["v1.10.0", "r1.9.0"], "v{version}"),
    (["v2.0.0-rc.2", "r2.0.0-rc.10"], "r{version}"),
    (["r1.2.3-rc.1", "v1.2.3"], "v{version}"),
    (["v1.2.3+a", "v1.2.3"], "v{version}"),
    (["v" + "9" * 5000 + ".0.0", "v1.0.0"], "v{version}"),
    (["x" * 251 + "9.0.0", "v1.0.0"], "v{version}"),
    (["x" * 250 + "9.0.0", "v1.0.0"], "x" * 250 + "{version}"),
    (["v2.0.0", "r1.9.0"], "v{version}"),
    (["v1.2.3-01", "r1.0.0"], "r{version}"),
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
    formats = '"{version}" or "v{version}"'
    assert caught.value.hint == f"set tool.verbump.tag_format = {formats}; several packages: `verbump init` lists them"


def test_two_formats_at_one_candidate_are_refused_unless_a_final_tag_decides() -> None:
    both = ["v1.2.3-rc.1", "1.2.3-rc.1"]
    with pytest.raises(InputError):
        tags.infer_format(both)
    assert tags.infer_format([*both, "v0.1.0"]) == tags.DEFAULT_FORMAT


@given(st.lists(st.tuples(st.sampled_from(["v", "", "r"]), st.integers(0, 3), st.integers(0, 3)), max_size=6))
def test_inferred_format_knows_the_highest_version(made: list[tuple[str, int, int]]) -> None:
    names = [f"{prefix}1.{minor}.{patch}" for prefix, minor, patch in made]
    try:
        found = tags.infer_format(names)
    except InputError:
        return
    highest = max((parse(name.lstrip("vr")) for name in names), default=None)
    assert (max(filter(None, map(found.version, names))) if found else None) == highest


@given(st.text(max_size=60))
def test_any_name_is_looked_at(name: str) -> None:
    tags.infer_format([name])
    tags.DEFAULT_FORMAT.version(name)


PACKAGES = [
    (["core-v1.2.3", "core-v1.3.0", "v9.0.0"], "core-v{version}"),
    (["core-1.2.3"], "core-{version}"),
    (["core@1.2.3"], "core@{version}"),
    (["core/v1.2.3"], "core/v{version}"),
    (["core_1.2.3"], "core_{version}"),
    (["crates/core/1.2.3"], "crates/core/{version}"),
    (["crates/core/v1.2.3", "core-v1.2.2"], "crates/core/v{version}"),
    (["core-cli-v9.0.0", "core-v1.2.3"], "core-v{version}"),
    (["core-v1.x", "core-vnext", "score-v1.2.3", "v1.2.3", "1.2.3", "core1.2.3", "crates/v1.2.3"], None),
    ([], None),
]


@pytest.mark.parametrize(("names", "wanted"), PACKAGES)
def test_a_package_has_the_format_of_its_own_tags(names: list[str], wanted: str | None) -> None:
    found = tags.infer_package_format(names, "core", "crates/core")
    assert (found.text if found else None) == wanted


def test_two_formats_of_a_package_at_one_version_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        tags.infer_package_format(["core-v1.2.3", "core@1.2.3", "v9.0.0"], "core", "crates/core")
    formats = '"core-v{version}" or "core@{version}"'
    assert caught.value.hint == f"set tool.verbump.tag_format = {formats}; several packages: `verbump init` lists them"


SHARED = [
    ("v{version}", "v{version}", "v1.2.3"),
    ("{version}", "{version}-rc.1", "1.2.3-rc.1"),
    ("{version}-rc.1", "{version}", "1.2.3-rc.1"),
    ("v{version}-x", "v{version}.1", None),
    ("v{version}-x", "v{version}", "v1.2.3-x"),
    ("v{version}.1", "v{version}", "v1.2.3-rc.1.1"),
    ("v{version}", "v{version}.a", "v1.2.3-rc.1.a"),
    ("v{version}a", "v{version}", "v1.2.3-rc.1a"),
    ("v{version}", "core-v{version}", None),
    ("v{version}", "{version}", None),
]


@pytest.mark.parametrize(("one", "other", "wanted"), SHARED)
def test_a_tag_that_two_formats_share(one: str, other: str, wanted: str | None) -> None:
    assert tags.shared_tag(tags.parse_format(one), tags.parse_format(other)) == wanted


NUMBERS = [
    ("v1.2.3", "v", ((1, 2, 3), True)),
    ("v1.2.3-rc.1", "v", ((1, 2, 3), False)),
    ("1.2.3", "v", None),
    ("core-v1.2.3", "core-v", ((1, 2, 3), True)),
    ("v1.2.3", None, ((1, 2, 3), True)),
    ("r1.20.3-rc.1", None, ((1, 20, 3), False)),
    ("nightly", None, None),
]


@pytest.mark.parametrize(("tag", "prefix", "expected"), NUMBERS)
def test_numbers_of_a_tag(tag: str, prefix: str | None, expected: tuple[tuple[int, int, int], bool] | None) -> None:
    form = None if prefix is None else TagFormat(prefix=prefix)
    assert tags.find_numbers(tag, form) == expected
