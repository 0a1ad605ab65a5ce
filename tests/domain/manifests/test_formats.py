"""Which file has which format and scheme."""

from __future__ import annotations

import contextlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import manifests
from verbump.domain.manifests import Format, cargo_lock, cargo_toml, pyproject, stated, uv_lock
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("path", "expected", "scheme"),
    [
        ("Cargo.toml", Format.CARGO_TOML, "semver"),
        ("crates/a/Cargo.toml", Format.CARGO_TOML, "semver"),
        ("Cargo.lock", Format.CARGO_LOCK, "semver"),
        ("pyproject.toml", Format.PYPROJECT, "pep440"),
        ("a/uv.lock", Format.UV_LOCK, "pep440"),
        ("src/a/__init__.py", Format.MARKER, "pep440"),
        ("package.json", Format.MARKER, "semver"),
        ("cargo.toml", Format.MARKER, "semver"),
        ("docs/Cargo.toml.md", Format.MARKER, "semver"),
        ("README", Format.MARKER, "semver"),
    ],
)
def test_format_and_scheme_go_by_the_name(path: str, expected: Format, scheme: str) -> None:
    found = manifests.format_of(PurePosixPath(path))
    assert found is expected
    assert manifests.default_scheme(PurePosixPath(path), found) == scheme


@pytest.mark.parametrize(
    ("path", "expected"),
    [("pyproject.toml", "pep440"), ("a.py", "pep440"), ("a.toml", "semver"), ("Cargo.toml", "semver")],
)
def test_scheme_of_a_file_that_is_read_by_key_or_pattern(path: str, expected: str) -> None:
    for kind in (Format.KEY, Format.PATTERN):
        assert manifests.default_scheme(PurePosixPath(path), kind) == expected


def test_names_of_formats_are_shown_to_people() -> None:
    assert [each.value for each in Format] == [
        "Cargo.toml",
        "Cargo.lock",
        "pyproject.toml",
        "uv.lock",
        "key",
        "pattern",
        "marker",
    ]


LINES = [
    "[package]", "[[package]]", "[project]", "[workspace.package]", "[dependencies.a]", "[tool.poetry.dependencies]", "[a.b]",
    'version = "1.2.3"', "version = '1.2.3'", 'name = "a"', 'path = "x"', "version.workspace = true", "source = { editable = '.' }",
    'dependencies = ["a 1.2.3", "a==1.2.3", { name = "a" }]', 'a = { path = "x", version = "1.2.3" }', "a.b = 1", "x = [", "]",
    '"""', "'''", "# verbump: version", "\ufeff", "", "a = nan", "package = 1", "workspace = []", "project = {}", "1.2.3", "{}", "\ud7ff",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=8), max_size=8), st.sampled_from(["\n", "\r\n", "\r", ""]))
def test_no_text_raises_anything_but_an_input_error(lines: list[str], end: str) -> None:
    """And what is written states the new version, or is the text itself."""
    text = end.join(lines)
    functions: list[Callable[[], object]] = [
        lambda: cargo_toml.parse(text),
        lambda: pyproject.parse(text),
        lambda: cargo_lock.versions_of(text),
        lambda: uv_lock.versions_of(text),
        lambda: stated.versions_by_marker(text),
        lambda: stated.version_at_key(text, PurePosixPath("a.json"), "version"),
        lambda: cargo_toml.version_of(cargo_toml.with_version(text, "2.0.0")) == "2.0.0",
        lambda: pyproject.version_of(pyproject.with_version(text, "2.0.0")) == "2.0.0",
        lambda: cargo_toml.with_requirements(text, {"a": "2.0.0"}) is not None,
        lambda: pyproject.with_requirements(text, {"a": "2.0.0"}) is not None,
        lambda: "2.0.0" in cargo_lock.with_versions(text, {"a": ("1.2.3", "2.0.0")}),
        lambda: uv_lock.with_versions(text, {"a": ("1.2.3", "2.0.0")}) is not None,
        lambda: "2.0.0" in stated.with_version_by_marker(text, "2.0.0"),
    ]
    for function in functions:
        with contextlib.suppress(InputError):
            assert function() is not False
