"""The release's files put into work tree and index, each only where the user has not changed it meanwhile."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verbump.effects import files

if TYPE_CHECKING:
    from pathlib import Path, PurePosixPath

    from verbump.effects.git_repository import Repository
    from verbump.planning.actions import WriteFile


def update(repository: Repository, base: str, commit: str, wanted: tuple[WriteFile, ...]) -> tuple[PurePosixPath, ...]:
    """Paths whose own edit won: their bytes are neither what stood there when the release was planned nor its result.

    A file is replaced by one rename while its bytes equal the pre-image; an index entry only while it equals the
    base's, so that what the user has staged stays staged. Running it twice changes nothing more.
    """
    kept = tuple(file.path for file in wanted if not _update_file(repository, file))
    moved = _update_index(repository, base, commit, wanted)
    if settled := [path for path in moved if path not in {str(kept_path) for kept_path in kept}]:
        # The file holds just what its entry says: let git note its stat data, so that nothing looks changed.
        repository.try_run("update-index", "-q", "--", *settled)
    return kept


def remove_leftovers(root: Path, wanted: tuple[WriteFile, ...]) -> None:
    """Take away what a killed process had begun to write beside the files: only what one of them begins with."""
    contents = [file.after.encode() for file in wanted]
    for folder in {(root / file.path).parent for file in wanted}:
        for leftover in folder.glob(f"{files.TEMPORARY_PREFIX}????????"):
            if leftover.is_symlink() or not leftover.is_file():
                continue
            begun = leftover.read_bytes()
            if any(content.startswith(begun) for content in contents):
                leftover.unlink(missing_ok=True)


def _update_file(repository: Repository, file: WriteFile) -> bool:
    """Whether the file is as the release wants it now."""
    if files.find_unsafe(repository.root, file.path, is_new=file.before is None) is not None:
        return False
    target = repository.root / file.path
    try:
        now: bytes | None = target.read_bytes()
    except FileNotFoundError:
        now = None
    after = file.after.encode()
    if now == after:
        return True
    if now != (None if file.before is None else file.before.encode()):
        return False
    files.write_text(repository.root, file.path, file.after)
    return True


def _update_index(repository: Repository, base: str, commit: str, wanted: tuple[WriteFile, ...]) -> list[str]:
    """Paths whose index entry was the base's and is now the release's."""
    paths = [f":(literal,top){file.path}" for file in wanted]
    if not paths:
        return []
    changed = _changed_entries(repository, base, commit, paths)
    now: dict[str, str] = {}
    for record in repository.run("ls-files", "--stage", "-z", "--", *paths).stdout.split(b"\0"):
        entry, _, name = os.fsdecode(record).partition("\t")
        if name:
            mode, oid, _ = entry.split(" ")
            now[name] = f"{mode} {oid}"
    moved = [path for path, (old, _) in changed.items() if now.get(path) == old]
    if moved:
        lines = "".join(f"{changed[path][1]}\t{path}\0" for path in moved)
        repository.run("update-index", "-z", "--add", "--index-info", data=lines.encode("utf-8", "surrogateescape"))
    return moved


def _changed_entries(
    repository: Repository, base: str, commit: str, paths: list[str]
) -> dict[str, tuple[str | None, str]]:
    """path → `mode oid` in the base (None where it has none) and in the commit, of those of `paths` that differ."""
    found: dict[str, tuple[str | None, str]] = {}
    out = repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", base, commit, "--", *paths).stdout
    fields = os.fsdecode(out).split("\0")
    for entry, name in zip(fields[::2], fields[1::2], strict=False):
        old_mode, mode, old, new, _ = entry.removeprefix(":").split(" ")
        found[name] = (None if old_mode == "000000" else f"{old_mode} {old}", f"{mode} {new}")
    return found
