"""The files of a package in their folder: all of them rendered before the first is written, each whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.effects import files
from verbump.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from verbump.planning.packaging.subject import PackageFile


def write_files(folder: Path, written: Sequence[PackageFile]) -> tuple[Path, ...]:
    """Write them under `folder`, made where it is missing; the paths written. What is there already stays as it is.

    Raises:
        UsageError: the folder cannot be written to.
    """
    paths = tuple(folder / each.path for each in written)
    try:
        for path, each in zip(paths, written, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            content = each.text.encode("utf-8")
            if not path.is_file() or path.read_bytes() != content:
                files.write_bytes(path, content)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror}", code="unwritable") from error
    return paths
