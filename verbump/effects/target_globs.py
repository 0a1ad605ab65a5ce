"""Listed manifests whose path is a glob: the files of the repository that hold a version where the pattern says."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain.manifests import stated
from verbump.effects import files, git_history
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbump.planning.snapshot import Target


def expand(root: Path, target: Target) -> list[Target]:
    """A target for each tracked file that the glob and the pattern match, by path.

    In an export of a tree, which is no work tree, every file is one of the tree. Files that are not UTF-8 are none.

    Raises:
        ConfigError: the pattern cannot be compiled, or has no group `version`.
    """
    found = [replace(target, path=path) for path in sorted(_paths(root, str(target.path)))]
    return [each for each in found if _is_stated(root, each)]


def _paths(root: Path, glob: str) -> Iterator[PurePosixPath]:
    if (root / ".git").exists():
        _, out, _ = git_history.look(root, "ls-files", "-z", "--", f":(glob){glob}")
        yield from (PurePosixPath(os.fsdecode(name)) for name in out.split(b"\0") if name)
        return
    for path in root.glob(glob):
        if path.is_file():
            yield PurePosixPath(path.relative_to(root).as_posix())


def _is_stated(root: Path, target: Target) -> bool:
    if files.find_unsafe(root, target.path) is not None:
        return False
    try:
        text = files.read_text(root, target.path)
        return text is not None and bool(stated.versions_by_pattern(text, target.pattern or ""))
    except InputError:
        return False
