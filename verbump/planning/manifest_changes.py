"""What every manifest and lock file states, and what each becomes, in its own spelling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.domain import manifests, versions
from verbump.domain.manifests import Format, cargo_lock, cargo_toml, pyproject, stated, uv_lock
from verbump.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file before and after; `before` is None for a new one. `old` and `new` are the versions as spelled there."""

    path: PurePosixPath
    before: str | None
    after: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestChanges:
    """All changes of manifests and lock files; `said` are the files that need none, and why."""

    files: tuple[FileChange, ...] = ()
    problems: tuple[Problem, ...] = ()
    said: tuple[str, ...] = ()


def find_stated(snapshot: Snapshot) -> tuple[Stated, ...]:
    """Every version that decides what the project's is: those of manifests, not of lock files.

    A crate that is a mere member, is not published and has a version of its own (an `xtask 0.0.0`) does not count.
    Files that cannot be read count as stating nothing here; `plan` names them.
    """
    found = tuple(each for target in snapshot.targets for each in _stated_or_nothing(snapshot, target))
    main = [each.version for each in found if not each.target.is_member]
    return tuple(each for each in found if not _is_left_alone(each, snapshot, main))


def plan(snapshot: Snapshot, new: Version) -> ManifestChanges:
    """The changes that make every target state `new`. Problems name each file that cannot be changed, and why."""
    problems = tuple(find_unreadable(snapshot))
    if problems:
        return ManifestChanges(problems=problems)
    counted = find_stated(snapshot)
    crates = {each.package: each for each in counted if each.target.format is Format.CARGO_TOML and each.package}
    dists = {
        _normalised(each.package): each for each in counted if each.target.format is Format.PYPROJECT and each.package
    }
    spelled = {"semver": str(new), "pep440": ""}
    if any(target.scheme == "pep440" for target in snapshot.targets):
        try:
            spelled["pep440"] = versions.to_pep440(new)
        except InputError as error:
            return ManifestChanges(problems=(error.as_problem(),))
    moves = _Moves(
        crates={name: (each.text, str(new)) for name, each in crates.items()},
        dists={name: (each.text, spelled["pep440"]) for name, each in dists.items()},
        counted={each.path for each in counted},
        cargo_locks=sum(1 for target in snapshot.targets if target.format is Format.CARGO_LOCK),
    )
    changes: list[FileChange] = []
    said: list[str] = []
    found: list[Problem] = []
    for target in snapshot.targets:
        text = snapshot.texts[target.path]
        before = next((change.after for change in changes if change.path == target.path), text)
        try:
            after = _updated(target, before, spelled[target.scheme], moves)
        except InputError as error:
            found.append(error.at(target.path).as_problem())
            continue
        if after == before:
            said.extend(_why_unchanged(target, text))
            continue
        old = _old_of(target, counted, moves)
        changes = [change for change in changes if change.path != target.path]
        changes.append(
            FileChange(path=target.path, before=text, after=after, old=old, new=spelled[target.scheme] if old else "")
        )
    return ManifestChanges(files=tuple(changes), problems=tuple(found), said=tuple(said))


def _old_of(target: Target, counted: tuple[Stated, ...], moves: _Moves) -> str:
    """What the file states now, "" where it is more than one version or none."""
    if target.format is Format.CARGO_LOCK:
        found = {old for old, _ in moves.crates.values()}
    elif target.format is Format.UV_LOCK:
        found = {old for old, _ in moves.dists.values()}
    else:
        found = {each.text for each in counted if each.target == target}
    return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moves:
    """Which packages move: name → (old, new) in the spelling of their ecosystem; `counted` the files that state it."""

    crates: Mapping[str, tuple[str, str]]
    dists: Mapping[str, tuple[str, str]]
    counted: set[PurePosixPath]
    cargo_locks: int


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
            yield Problem(code="manifest-missing", message=f"{target.path}: no such file", hint=hint)
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


def _updated(target: Target, text: str, version: str, moves: _Moves) -> str:
    match target.format:
        case Format.CARGO_TOML:
            if target.path in moves.counted and cargo_toml.version_of(text) is not None:
                text = cargo_toml.with_version(text, version)
            return cargo_toml.with_requirements(text, {name: new for name, (_, new) in moves.crates.items()})
        case Format.CARGO_LOCK:
            return cargo_lock.with_versions(text, _in_cargo_lock(text, moves))
        case Format.PYPROJECT:
            if pyproject.version_of(text) is not None:
                text = pyproject.with_version(text, version)
            return pyproject.with_requirements(text, {name: new for name, (_, new) in moves.dists.items()})
        case Format.UV_LOCK:
            return uv_lock.with_versions(text, _in_lock(text, moves.dists))
        case Format.KEY:
            return stated.with_version_at_key(text, target.path, target.key, version)
        case Format.PATTERN:
            return stated.with_version_by_pattern(text, target.pattern, version)
        case Format.MARKER:
            return stated.with_version_by_marker(text, version)


def _in_cargo_lock(text: str, moves: _Moves) -> Mapping[str, tuple[str, str]]:
    """The moves that concern a Cargo.lock: all of them where it is the only one, else those of the crates it holds."""
    if moves.cargo_locks < 2:
        return moves.crates
    known = cargo_lock.versions_of(text)
    return {name: move for name, move in moves.crates.items() if name in known}


def _in_lock(text: str, dists: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The moves of packages that the lock gives a version, in PEP 440: uv normalises what pyproject.toml says."""
    known = uv_lock.versions_of(text)
    return {
        name: (versions.to_pep440(versions.parse_spelled(old, "pep440")), new)
        for name, (old, new) in dists.items()
        if name in known
    }


def _why_unchanged(target: Target, text: str) -> Iterator[str]:
    if target.format is Format.PYPROJECT and pyproject.parse(text).dynamic:
        yield f"{target.path}: the version is dynamic, so nothing is written there"


def _normalised(name: str) -> str:
    """PEP 503."""
    import re

    return re.sub(r"[-_.]+", "-", name).lower()


def describe_format(target: Target) -> str:
    """The place in the file, as a person would name it."""
    match target.format:
        case Format.KEY:
            return f"{target.path} ({target.key})"
        case Format.PATTERN | Format.MARKER:
            return f"{target.path} ({target.format.value})"
        case manifests.Format():
            return str(target.path)


def unsafe(path: PurePosixPath, reason: str) -> Problem:
    """The refusal of a file that verbump may not write."""
    message = f"{path} {reason}: verbump writes regular files inside the repository only"
    hint = "make it a regular file of the repository, or list others in tool.verbump.manifests"
    return Problem(code="target-unsafe", message=message, hint=hint)
