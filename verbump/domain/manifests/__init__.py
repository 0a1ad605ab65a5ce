"""Manifests and lock files: which file has which format, and how its versions are spelled."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import PurePosixPath


class Format(StrEnum):
    """How a file states its version. KEY and PATTERN are asked for by the configuration, the others go by name."""

    CARGO_TOML = "Cargo.toml"
    CARGO_LOCK = "Cargo.lock"
    PYPROJECT = "pyproject.toml"
    UV_LOCK = "uv.lock"
    KEY = "key"
    PATTERN = "pattern"
    MARKER = "marker"


_BY_NAME = {each.value: each for each in (Format.CARGO_TOML, Format.CARGO_LOCK, Format.PYPROJECT, Format.UV_LOCK)}


def format_of(path: PurePosixPath) -> Format:
    """The format that the file's name tells; MARKER for every name that is not known."""
    return _BY_NAME.get(path.name, Format.MARKER)


def default_scheme(path: PurePosixPath, format: Format) -> Literal["semver", "pep440"]:  # noqa: A002
    """PEP 440 for pyproject.toml, uv.lock and Python modules, however they are read; SemVer for everything else."""
    is_python = format in {Format.PYPROJECT, Format.UV_LOCK} or path.name in {"pyproject.toml", "uv.lock"}
    return "pep440" if is_python or path.suffix == ".py" else "semver"
