"""Which files state the version: the listed ones, or those found at the root, with the members of their workspaces."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import manifests
from verbump.domain.manifests import Format, cargo_toml, pyproject
from verbump.effects import files
from verbump.errors import InputError
from verbump.planning.snapshot import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbump.config import Config, ManifestEntry
    from verbump.domain.manifests.pyproject import PyProject

TOP = PurePosixPath()
_MANIFESTS = ("Cargo.toml", "pyproject.toml")
_LOCKS = ("Cargo.lock", "uv.lock")
_MEMBER_LIMIT = 10_000


@dataclass(slots=True, kw_only=True)
class Found:
    """Targets in the order in which they are shown, and the text of each that exists."""

    targets: list[Target] = field(default_factory=list)
    texts: dict[PurePosixPath, str] = field(default_factory=dict)


def read_targets(root: Path, config: Config, base: PurePosixPath = TOP) -> Found:
    """The targets of the project in `base`. Listed files come as listed; found ones top first, members, lock files.

    A listed file that is missing is a target without a text. Lock files count where they exist and git does not
    ignore them (read_view takes ignored ones out); for a project below the top also those of a workspace above it.

    Raises:
        InputError: a file is not UTF-8 or cannot be read.
    """
    found = Found()
    if config.manifests is None:
        for path in _found_paths(root, base):
            _add(root, found, _target(path))
    else:
        for entry in config.manifests:
            _add_listed(root, found, entry)
    for target in list(found.targets):
        if target.format is Format.CARGO_TOML:
            _add_cargo_members(root, found, target.path)
        elif target.format is Format.PYPROJECT:
            _add_python_members(root, found, target.path)
    for folder in dict.fromkeys(target.path.parent for target in list(found.targets)):
        for name in _LOCKS:
            lock = _lock(root, folder, name, is_climbing=base != TOP)
            if lock is not None and lock not in found.texts:
                _add(root, found, _target(lock, is_member=True))
    return found


def _lock(root: Path, folder: PurePosixPath, name: str, *, is_climbing: bool) -> PurePosixPath | None:
    """The lock file in `folder`, or the nearest above it."""
    for each in (folder, *folder.parents) if is_climbing else (folder,):
        if (root / each / name).is_file():
            return each / name
    return None


def _found_paths(root: Path, base: PurePosixPath) -> Iterator[PurePosixPath]:
    """Manifests in `base`, the file that holds a dynamic version, and the Cargo.toml that maturin builds."""
    for name in _MANIFESTS:
        if (root / base / name).is_file():
            yield base / name
    project = _project(root, base)
    if project is None:
        return
    for candidate in project.version_files:
        path = _normal(base / candidate)
        if path is not None and (root / path).is_file():
            yield path
            break
    named = project.maturin_manifest
    if named is None or PurePosixPath(named) == PurePosixPath("Cargo.toml"):
        return
    path = _normal(base / named)
    if path is None or not (root / path).is_file():
        return
    if base == TOP:
        yield from _workspace_root_above(root, path)
    yield path


def _project(root: Path, base: PurePosixPath) -> PyProject | None:
    """The pyproject.toml in `base`; None also where it cannot be parsed, which planning reports."""
    text = files.read_text(root, base / "pyproject.toml")
    try:
        return None if text is None else pyproject.parse(text)
    except InputError:
        return None


def _workspace_root_above(root: Path, path: PurePosixPath) -> Iterator[PurePosixPath]:
    """The nearest Cargo.toml above `path` that is a workspace, below the root (the root's own is found anyway)."""
    for folder in path.parent.parents:
        candidate = folder / "Cargo.toml"
        text = files.read_text(root, candidate)
        if text is not None and folder != PurePosixPath() and cargo_toml.parse(text).is_workspace:
            yield candidate
            return


def _target(path: PurePosixPath, *, is_member: bool = False) -> Target:
    kind = manifests.format_of(path)
    return Target(path=path, format=kind, scheme=manifests.default_scheme(path, kind), is_member=is_member)


def _add_listed(root: Path, found: Found, entry: ManifestEntry) -> None:
    """The file of an entry, or those of its glob; a glob that means none is a target without a text."""
    target = _listed(entry)
    if not entry.is_glob:
        _add(root, found, target)
        return
    from verbump.effects import target_globs

    meant = target_globs.expand(root, target)
    for each in meant:
        _add(root, found, each)
    if not meant:
        found.targets.append(target)


def _listed(entry: ManifestEntry) -> Target:
    path = PurePosixPath(entry.path)
    kind = Format.KEY if entry.key else Format.PATTERN if entry.pattern else manifests.format_of(path)
    scheme = entry.scheme or manifests.default_scheme(path, kind)
    return Target(path=path, format=kind, scheme=scheme, key=entry.key, pattern=entry.pattern, is_listed=True)


def _add(root: Path, found: Found, target: Target) -> None:
    if any(known.path == target.path and known.key == target.key for known in found.targets if not target.pattern):
        return
    unsafe = files.find_unsafe(root, target.path)
    if unsafe is None:
        text = files.read_text(root, target.path)
        if text is not None:
            found.texts[target.path] = text
    found.targets.append(replace(target, unsafe=unsafe) if unsafe else target)


def _add_cargo_members(root: Path, found: Found, path: PurePosixPath) -> None:
    """The members of a Cargo workspace: Cargo.toml of each, and a pyproject.toml beside it where there is one."""
    try:
        manifest = cargo_toml.parse(found.texts.get(path, ""))
    except InputError:
        return  # planning reports it with its line
    if not manifest.is_workspace:
        return
    folders = list(_expand(root, path.parent, manifest.members, "Cargo.toml"))
    folders += _path_dependencies(root, found, path, folders)
    left_out = set(_expand(root, path.parent, manifest.excluded, "Cargo.toml"))
    known = {target.path for target in found.targets}
    for folder in dict.fromkeys(folders):
        if folder in left_out or folder / "Cargo.toml" in known:
            continue
        _add(root, found, _target(folder / "Cargo.toml", is_member=True))
        if (root / folder / "pyproject.toml").is_file() and folder / "pyproject.toml" not in known:
            _add(root, found, _target(folder / "pyproject.toml", is_member=True))


def _path_dependencies(
    root: Path, found: Found, path: PurePosixPath, folders: Iterable[PurePosixPath]
) -> Iterator[PurePosixPath]:
    """Folders of path dependencies inside the workspace: cargo makes them members without being told.

    Source: The Cargo Book, Workspaces, "members and exclude".
    """
    queue = [path.parent, *folders]
    seen = set(queue)
    while queue:
        folder = queue.pop()
        text = found.texts.get(folder / "Cargo.toml")
        text = files.read_text(root, folder / "Cargo.toml") if text is None else text
        if text is None:
            continue
        try:
            dependencies = cargo_toml.parse(text).path_dependencies
        except InputError:
            continue
        for each in dependencies:
            # A workspace dependency's path is relative to the workspace's root, where it stands.
            there = _normal(folder / each.path) if each.path else None
            if there is None or there in seen or not _is_below(there, path.parent):
                continue
            if (root / there / "Cargo.toml").is_file():
                seen.add(there)
                queue.append(there)
                yield there


def _add_python_members(root: Path, found: Found, path: PurePosixPath) -> None:
    """The members of a uv workspace."""
    try:
        project = pyproject.parse(found.texts.get(path, ""))
    except InputError:
        return
    left_out = set(_expand(root, path.parent, project.uv_excluded, "pyproject.toml"))
    known = {target.path for target in found.targets}
    for folder in _expand(root, path.parent, project.uv_members, "pyproject.toml"):
        if folder not in left_out and folder / "pyproject.toml" not in known:
            _add(root, found, _target(folder / "pyproject.toml", is_member=True))


def _expand(root: Path, base: PurePosixPath, globs: Iterable[str], manifest: str) -> Iterator[PurePosixPath]:
    """Folders below `base` that match a member glob and hold `manifest`, sorted, none outside the repository."""
    for glob in globs:
        pattern = PurePosixPath(glob)
        if pattern.is_absolute() or ".." in pattern.parts:
            continue
        if not any(mark in glob for mark in "*?["):
            paths = [root / base / pattern]
        else:
            paths = sorted((root / base).glob(str(pattern)))[:_MEMBER_LIMIT]
        for path in paths:
            if (path / manifest).is_file():
                yield PurePosixPath(path.relative_to(root).as_posix())


def _normal(path: PurePosixPath) -> PurePosixPath | None:
    """The path without `.` and `..`, None where it leaves the repository."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return None if path.is_absolute() else PurePosixPath(*parts)


def _is_below(path: PurePosixPath, folder: PurePosixPath) -> bool:
    return folder == PurePosixPath() or path.is_relative_to(folder)
