"""The versions that manifests state, and the files of which that cannot be said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.domain import versions
from verbump.domain.manifests import Format, cargo_toml, pyproject, stated
from verbump.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

    from verbump.domain.versions import Version
    from verbump.planning.snapshot import Snapshot, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A version that a file states: its text there and the same as SemVer (None where it is no version)."""

    path: PurePosixPath
    text: str
    version: Version | None
    target: Target
    package: str | None = None


def find_stated(snapshot: Snapshot) -> tuple[Stated, ...]:
    """Every version that decides what the project's is: those of manifests, not of lock files.

    A crate that is a mere member, is not published and has a version of its own (an `xtask 0.0.0`) does not count.
    Files that cannot be read count as stating nothing here; `plan` names them.
    """
    found = tuple(each for target in snapshot.targets for each in _stated_or_nothing(snapshot, target))
    main = [each.version for each in found if not each.target.is_member]
    return tuple(each for each in found if not _is_left_alone(each, snapshot, main))


def _stated_or_nothing(snapshot: Snapshot, target: Target) -> tuple[Stated, ...]:
    try:
        return tuple(_stated(snapshot, target))
    except InputError:
        return ()


def _stated(snapshot: Snapshot, target: Target) -> Iterator[Stated]:
    """Raises InputError for a text that cannot be understood."""
    text = snapshot.texts.get(target.path)
    if text is None or target.format in {Format.CARGO_LOCK, Format.UV_LOCK}:
        return
    package: str | None = None
    found: tuple[str | None, ...]
    match target.format:
        case Format.CARGO_TOML:
            manifest = cargo_toml.parse(text)
            package = manifest.package_name
            found = (manifest.version, manifest.workspace_version)
            if manifest.inherits_version and not manifest.workspace_version:
                found = (_inherited(snapshot),)
        case Format.PYPROJECT:
            project = pyproject.parse(text)
            package, found = project.name, (project.version,)
        case Format.KEY:
            found = (stated.version_at_key(text, target.path, target.key),)
        case Format.PATTERN:
            found = tuple(version for _, version in stated.versions_by_pattern(text, target.pattern))
        case _:
            found = tuple(version for _, version in stated.versions_by_marker(text))
    for version in dict.fromkeys(each for each in found if each is not None):
        yield Stated(path=target.path, text=version, version=_parsed(version, target), target=target, package=package)


def _inherited(snapshot: Snapshot) -> str | None:
    """The workspace's version that members inherit, None where no target is a workspace that states one."""
    for target in snapshot.targets:
        if target.format is Format.CARGO_TOML:
            found = cargo_toml.parse(snapshot.texts.get(target.path, "")).workspace_version
            if found is not None:
                return found
    return None


def _parsed(text: str, target: Target) -> Version | None:
    try:
        return versions.parse_spelled(text, target.scheme)
    except InputError:
        return None


def _is_left_alone(each: Stated, snapshot: Snapshot, main: list[Version | None]) -> bool:
    """A member with a version of its own and `publish = false`: unless it keeps step with the project.

    The crate behind a Python module is often not published and yet carries the project's version.
    Source: rules.md, Manifests, Cargo.toml.
    """
    if not each.target.is_member or each.target.format is not Format.CARGO_TOML:
        return False
    manifest = cargo_toml.parse(snapshot.texts[each.path])
    if manifest.version is None or manifest.publishable:
        return False
    current = snapshot.current()
    return each.version not in main and (current is None or each.version != current.version)


def find_unreadable(snapshot: Snapshot) -> Iterator[Problem]:
    """Targets that are missing, unsafe, not to be parsed, or that state no version of their scheme."""
    for target in snapshot.targets:
        if target.unsafe is not None:
            yield unsafe(target.path, target.unsafe)
            continue
        if target.path not in snapshot.texts:
            hint = f"create {target.path}, or take it out of tool.verbump.manifests"
            lacking = f"no such file, or none in which {target.pattern!r} matches" if target.pattern else "no such file"
            yield Problem(code="manifest-missing", message=f"{target.path}: {lacking}", hint=hint)
            continue
        try:
            for each in _stated(snapshot, target):
                if each.version is None:
                    _refuse_version(each)
        except InputError as error:
            problem = error.at(target.path).as_problem()
            yield problem if problem.hint else replace(problem, hint=f"mend {target.path}, then run again")


def _refuse_version(each: Stated) -> None:
    """Raises InputError with the reason why the text is no version in its scheme."""
    versions.parse_spelled(each.text, each.target.scheme)


def unsafe(path: PurePosixPath, reason: str) -> Problem:
    """The refusal of a file that verbump may not write."""
    message = f"{path} {reason}: verbump writes regular files inside the repository only"
    hint = "make it a regular file of the repository, or list others in tool.verbump.manifests"
    return Problem(code="target-unsafe", message=message, hint=hint)
