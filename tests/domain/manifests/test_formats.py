"""Which file has which format and scheme."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from verbump.domain import manifests
from verbump.domain.manifests import Format


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
