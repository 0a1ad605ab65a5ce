"""What every manifest and lock file becomes, in its own spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import versions
from verbump.domain.manifests import Format, cargo_lock, cargo_toml, pyproject, python_requirements, stated, uv_lock
from verbump.errors import InputError
from verbump.planning import stated_versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import PurePosixPath

    from verbump.domain.versions import Version
    from verbump.errors import Problem
    from verbump.planning.snapshot import Snapshot, Target
    from verbump.planning.stated_versions import Stated


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


def plan(snapshot: Snapshot, new: Version) -> ManifestChanges:
    """The changes that make every target state `new`. Problems name each file that cannot be changed, and why."""
    return plan_moves(snapshot, (Move(view=snapshot, version=new),))


def plan_moves(whole: Snapshot, packages: Sequence[Move]) -> ManifestChanges:
    """The changes that give each of `packages` its version and raise every requirement on it among `whole.targets`.

    A target of `whole` that belongs to none of them keeps its version.
    """
    problems = tuple(stated_versions.find_unreadable(whole))
    if problems:
        return ManifestChanges(problems=problems)
    try:
        moves = _moves_of(whole, packages)
    except InputError as error:
        return ManifestChanges(problems=(error.as_problem(),))
    changes: list[FileChange] = []
    said: list[str] = []
    found: list[Problem] = []
    for target in whole.targets:
        text = whole.texts[target.path]
        before = next((change.after for change in changes if change.path == target.path), text)
        try:
            after = _updated(target, before, moves)
        except InputError as error:
            found.append(error.at(target.path).as_problem())
            continue
        if after == before:
            said.extend(_why_unchanged(target, text) if target in moves.spelled else ())
            continue
        old, new = _old_and_new(target, moves)
        changes = [change for change in changes if change.path != target.path]
        changes.append(FileChange(path=target.path, before=text, after=after, old=old, new=new))
    return ManifestChanges(files=tuple(changes), problems=tuple(found), said=tuple(said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A package that gets `version`: the repository as seen for it (its own targets), or all of it."""

    view: Snapshot
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moves:
    """Which packages move: name → (old, new) in the spelling of their ecosystem.

    `requirements` are the new versions of all distributions, those with a dynamic version as well. `stated` is what
    states an old version, `spelled` the new one for each target of theirs. `is_in_every_lock`: each crate must stand
    in the one Cargo.lock, above all of them.
    """

    crates: Mapping[str, tuple[str, str]]
    dists: Mapping[str, tuple[str, str]]
    requirements: Mapping[str, str]
    stated: tuple[Stated, ...]
    spelled: Mapping[Target, str]
    is_in_every_lock: bool


def _moves_of(whole: Snapshot, packages: Sequence[Move]) -> _Moves:
    """Raises InputError for a version that has no PEP 440 form where one is needed."""
    crates: dict[str, tuple[str, str]] = {}
    dists: dict[str, tuple[str, str]] = {}
    requirements: dict[str, str] = {}
    counted: list[Stated] = []
    spelled: dict[Target, str] = {}
    for move in packages:
        schemes = {target.scheme for target in move.view.targets}
        semver, pep440 = str(move.version), versions.to_pep440(move.version) if "pep440" in schemes else ""
        spelled |= {target: semver if target.scheme == "semver" else pep440 for target in move.view.targets}
        requirements |= dict.fromkeys(_distributions(move.view), pep440)
        for each in stated_versions.find_stated(move.view):
            counted.append(each)
            if each.target.format is Format.CARGO_TOML and each.package:
                crates[each.package] = (each.text, semver)
            elif each.target.format is Format.PYPROJECT and each.package:
                dists[python_requirements.normalised(each.package)] = (each.text, pep440)
    return _Moves(
        crates=crates,
        dists=dists,
        requirements=requirements,
        stated=tuple(counted),
        spelled=spelled,
        is_in_every_lock=not whole.packages and not whole.package and _is_one_workspace(whole),
    )


def _is_one_workspace(whole: Snapshot) -> bool:
    """Whether there is one Cargo.lock at most, and every crate lies in its folder or below."""
    locks = [target.path.parent for target in whole.targets if target.format is Format.CARGO_LOCK]
    crates = [target.path.parents for target in whole.targets if target.format is Format.CARGO_TOML]
    return len(locks) < 2 and all(lock in folders for lock in locks for folders in crates)


def _distributions(view: Snapshot) -> Iterator[str]:
    """Normalised names of the distributions that the targets of `view` describe."""
    for target in view.targets:
        if target.format is Format.PYPROJECT:
            name = pyproject.parse(view.texts[target.path]).name
            if name is not None:
                yield python_requirements.normalised(name)


def _old_and_new(target: Target, moves: _Moves) -> tuple[str, str]:
    """What the file states now and then, both "" where it is more than one version or none."""
    if target.format is Format.CARGO_LOCK:
        found = set(moves.crates.values())
    elif target.format is Format.UV_LOCK:
        found = set(moves.dists.values())
    else:
        found = {(each.text, moves.spelled[target]) for each in moves.stated if each.target == target}
    return found.pop() if len(found) == 1 else ("", "")


def _updated(target: Target, text: str, moves: _Moves) -> str:
    version = moves.spelled.get(target)
    match target.format:
        case Format.CARGO_TOML:
            is_stated = any(each.path == target.path for each in moves.stated)
            if version is not None and is_stated and cargo_toml.version_of(text) is not None:
                text = cargo_toml.with_version(text, version)
            return cargo_toml.with_requirements(text, {name: new for name, (_, new) in moves.crates.items()})
        case Format.CARGO_LOCK:
            return cargo_lock.with_versions(text, _in_cargo_lock(text, moves))
        case Format.PYPROJECT:
            if version is not None and pyproject.version_of(text) is not None:
                text = pyproject.with_version(text, version)
            return pyproject.with_requirements(text, moves.requirements)
        case Format.UV_LOCK:
            return uv_lock.with_versions(text, _in_lock(text, moves.dists), moves.requirements)
        case _ if version is None:
            return text
        case Format.KEY:
            return stated.with_version_at_key(text, target.path, target.key, version)
        case Format.PATTERN:
            return stated.with_version_by_pattern(text, target.pattern, version)
        case Format.MARKER:
            return stated.with_version_by_marker(text, version)


def _in_cargo_lock(text: str, moves: _Moves) -> Mapping[str, tuple[str, str]]:
    """The moves that concern a Cargo.lock: all of them where it must hold them, else those of the crates it holds."""
    if moves.is_in_every_lock:
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
