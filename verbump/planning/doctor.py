"""Is everything here that a release needs: what is wrong with tools, repository, manifests, remote and registries."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from verbump.domain import distributions, versions
from verbump.domain.manifests import Format, cargo_toml
from verbump.errors import InputError, Problem
from verbump.planning import build_sources, checks, coming, stated_versions
from verbump.planning.snapshot import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import PurePosixPath

    from verbump.domain.manifests.cargo_toml import CargoToml
    from verbump.planning.registered import Registered
    from verbump.planning.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program: its version, "" where it is missing. `purpose` says what needs it; `hint` how to get it."""

    name: str
    version: str
    purpose: str
    hint: str
    is_needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found. `locks` is the Cargo.lock that each workspace needs, to what is wrong with it, "" for nothing.

    `push_error` is what the remote said against a push, "" where it would take one or was not asked; `signing_error`
    what keeps git from signing.
    """

    tools: tuple[Tool, ...]
    snapshot: Snapshot
    registered: tuple[Registered, ...] = ()
    locks: Mapping[PurePosixPath, Literal["", "ignored", "missing"]]
    push_error: str = ""
    signing_error: str = ""
    is_offline: bool = False


def diagnose(facts: Facts) -> tuple[Problem, ...]:
    """Every finding: errors block a release, warnings do not."""
    snapshot = facts.snapshot
    found = [*find_tool_problems(facts.tools), *snapshot.problems]
    for view in find_views(snapshot):
        found += view.problems
        found += coming.parse_changelog(view)[1]
        found += checks.find_version_problems(view, stated_versions.find_stated(view), is_release=True)
    found += stated_versions.find_unreadable(snapshot)
    found += _of_repository(facts)
    for view in find_views(snapshot):
        found += build_sources.find_problems(view)
    found += _of_locks(facts.locks)
    for view in find_views(snapshot):
        names = _names_of(view)
        own = [each for each in facts.registered if not snapshot.packages or (each.registry, each.name) in names]
        found += _of_registries(view, own)
    return tuple(dict.fromkeys(found))


def find_views(snapshot: Snapshot) -> tuple[Snapshot, ...]:
    """What is released by itself: each package, or the repository."""
    return tuple(package.view for package in snapshot.packages) or (snapshot,)


def find_tool_problems(tools: tuple[Tool, ...]) -> Iterator[Problem]:
    """Programs that are missing: what needs them, and how to get each."""
    for tool in tools:
        if not tool.version:
            message = f"{tool.name} is not here: {tool.purpose} needs it"
            severity: Literal["error", "warning"] = "error" if tool.is_needed else "warning"
            yield Problem(code="tool-missing", message=message, hint=tool.hint, severity=severity)


def _of_repository(facts: Facts) -> Iterator[Problem]:
    snapshot = facts.snapshot
    readiness = snapshot.readiness
    if readiness is None:
        return
    yield from checks.find_repository_problems(snapshot, readiness, Request(is_pushing=not facts.is_offline))
    yield from checks.find_target_problems(snapshot, snapshot.texts)
    if facts.push_error and readiness.remote is not None and not readiness.remote.error:
        message = f"{readiness.remote.name} would not take a push: {facts.push_error}"
        hint = f"git push --dry-run {readiness.remote.name} HEAD must work first: ask for the right to write there"
        yield Problem(code="no-push-right", message=message, hint=hint)
    if facts.signing_error and (readiness.signs_commits or readiness.signs_tags):
        hint = "git config user.signingkey …, or verbump release --no-sign"
        yield Problem(code="cannot-sign", message=f"git is to sign, but {facts.signing_error}", hint=hint)


def _of_locks(locks: Mapping[PurePosixPath, str]) -> Iterator[Problem]:
    """Builds with --locked, and what is built from a source distribution, need a Cargo.lock in the repository."""
    for path, wrong in locks.items():
        if wrong == "ignored":
            message = f"{path} is ignored by git: builds are not reproducible, and --locked fails in a clone"
            hint = f"take it out of .gitignore, then git add {path}"
            yield Problem(code="cargo-lock-ignored", message=message, hint=hint)
        elif wrong == "missing":
            message = f"there is no {path}: builds with --locked fail"
            hint = f"cargo generate-lockfile, then git add {path}"
            yield Problem(code="cargo-lock-missing", message=message, hint=hint)


def _of_registries(snapshot: Snapshot, registered: Iterable[Registered]) -> Iterator[Problem]:
    decision = coming.plan_next(snapshot, Request())
    for each in registered:
        if each.error:
            message = f"{each.registry} could not be asked about {each.name}: {each.error}"
            hint = "verbump doctor --offline leaves it out"
            yield Problem(code="registry-unreachable", message=message, hint=hint, severity="warning")
            continue
        if not each.exists:
            yield replace(_never_seen(each), severity="warning")
        elif snapshot.current() is None:
            message = f"{each.registry} has a project named {each.name}, and nothing has been released from here"
            hint = "make sure that it is yours, or choose another name"
            yield Problem(code="name-taken", message=message, hint=hint, severity="warning")
        if decision.version is not None and _has(each, decision.version):
            message = f"{each.registry} already has {each.name} {decision.version}: a version is never free again"
            hint = "release a higher one: verbump release VERSION"
            yield Problem(code="version-taken", message=message, hint=hint)


def _never_seen(each: Registered) -> Problem:
    hint = (
        "on PyPI: add a pending publisher, or upload the first release with a token"
        if each.registry == "PyPI"
        else "on crates.io: the first release needs a token (cargo login)"
    )
    return Problem(code="name-unknown", message=f"{each.registry} has never seen {each.name}", hint=hint)


def _has(each: Registered, version: versions.Version) -> bool:
    if each.registry == "crates.io":
        return str(version) in each.versions
    try:
        spelled = versions.to_pep440(version)
    except InputError:
        return False
    return any(distributions.is_same_version(one, spelled) for one in each.versions)


def find_names(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """(registry, name) of everything that a release would publish: Python projects, each publishable crate."""
    return tuple(dict.fromkeys(name for view in find_views(snapshot) for name in _names_of(view)))


def _names_of(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    try:
        python = build_sources.find_distributions(snapshot)
        crates = build_sources.find_publishable(snapshot)
    except InputError:
        return ()  # a manifest that cannot be read is a finding of its own
    return (*(("PyPI", name) for name in python), *(("crates.io", name) for name in crates))


def find_lock_paths(snapshot: Snapshot) -> tuple[PurePosixPath, ...]:
    """The Cargo.lock of each workspace, and of each crate that is in none: one for all members, also of a found one.

    Below a workspace cargo takes a crate for a member, or refuses it, unless it is excluded or a workspace itself.
    Source: The Cargo Book, Workspaces, "members and exclude".
    """
    crates: dict[PurePosixPath, CargoToml] = {}
    for target in snapshot.targets:
        if target.format is Format.CARGO_TOML and not target.is_member:
            with suppress(InputError):  # which is reported with its line
                crates[target.path] = cargo_toml.parse(snapshot.texts.get(target.path, ""))
    return tuple(path.parent / "Cargo.lock" for path in crates if not _is_in_another(path, crates))


def _is_in_another(path: PurePosixPath, crates: Mapping[PurePosixPath, CargoToml]) -> bool:
    """Whether a workspace among `crates` above `path` holds that crate."""
    if crates[path].is_workspace:
        return False
    for other, manifest in crates.items():
        if manifest.is_workspace and other.parent in path.parent.parents:
            folder = str(path.parent.relative_to(other.parent))
            excluded = any(f"{folder}/".startswith(f"{each.rstrip('/')}/") for each in manifest.excluded)
            if not excluded:
                return True
    return False
