"""Several packages in one repository: each decided for itself, then one release of all that have something to say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.domain.manifests import Format, cargo_toml, pyproject, python_requirements
from verbump.errors import InputError, Problem, UsageError
from verbump.planning import checks, coming, manifest_changes, next_version, release
from verbump.planning.actions import Plan
from verbump.planning.after_push import plan_comments
from verbump.planning.manifest_changes import Move
from verbump.planning.release import PackageRelease, ReleasePlan
from verbump.planning.release_actions import Released, plan_actions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import PurePosixPath

    from verbump.domain.changelog import Changelog
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Package, Request, Snapshot

_CARGO, _PYTHON = "cargo", "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A package and what is decided for it; `package.view` knows which dependencies are released along.

    `document` is its changelog, None where there is none or it cannot be followed; then `problems` say why.
    """

    package: Package
    decision: Decision
    document: Changelog | None
    problems: tuple[Problem, ...]


def find_package(packages: Sequence[Package], name: str) -> Package:
    """The package of that name.

    Raises:
        UsageError: there is none.
    """
    import difflib

    names = [package.name for package in packages]
    if name in names:
        return packages[names.index(name)]
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(names)}"
    raise UsageError(f"package {name!r}: this repository has no such package", hint=hint, code="no-such-package")


def select(snapshot: Snapshot, name: str | None) -> Snapshot:
    """What one package sees; the snapshot itself where the repository is one package.

    Raises:
        UsageError: several packages and none named, or no such package.
    """
    if not snapshot.packages:
        return snapshot
    if name is not None:
        return find_package(snapshot.packages, name).view
    if len(snapshot.packages) == 1:
        return snapshot.packages[0].view
    names = ", ".join(package.name for package in snapshot.packages)
    raise UsageError(
        f"this repository holds several packages: {names}", hint="name one: --package NAME", code="package-needed"
    )


def plan_next(snapshot: Snapshot, request: Request) -> tuple[Decided, ...]:
    """What is decided for each package that `request` means, in the order of the configuration.

    Problems are of the decisions, most of them warnings, as `coming.plan_next` gives them.

    Raises:
        UsageError: no such package, or one version asked for several.
    """
    return tuple(
        replace(each, decision=coming.with_warnings(each.package.view, each.decision, each.problems))
        for each in _decide_all(snapshot, request)
    )


def _decide_all(snapshot: Snapshot, request: Request) -> tuple[Decided, ...]:
    decided = {package.name: _decide(package, request) for package in _meant(snapshot, request)}
    if snapshot.config.dependents == "patch":
        decided = _with_dependents(decided, _dependencies(snapshot), request)
    return tuple(decided.values())


def _meant(snapshot: Snapshot, request: Request) -> tuple[Package, ...]:
    if request.package is not None:
        return (find_package(snapshot.packages, request.package),)
    if request.exact is not None:
        select(snapshot, None)
    return snapshot.packages


def _decide(package: Package, request: Request) -> Decided:
    document, problems = coming.parse_changelog(package.view)
    decision = next_version.decide(package.view, request, document)
    return Decided(package=package, decision=decision, document=document, problems=tuple(problems))


def _with_dependents(
    decided: Mapping[str, Decided], dependencies: Mapping[str, frozenset[str]], request: Request
) -> dict[str, Decided]:
    """The decisions once every package knows which of its dependencies are released, until nothing changes.

    A version once decided does not move any more, since a patch is the least of bumps: so circles come to an end.
    """
    now = dict(decided)
    for _ in now:
        before = dict(now)
        for name, each in before.items():
            updated = tuple(
                (other, str(before[other].decision.version))
                for other in before
                if other in dependencies[name] and before[other].decision.version is not None
            )
            if updated != each.package.view.updated:
                package = replace(each.package, view=replace(each.package.view, updated=updated))
                now[name] = _decide(package, request)
        if now == before:
            break
    return now


def _dependencies(snapshot: Snapshot) -> Mapping[str, frozenset[str]]:
    """Package name → names of the packages that it is built with."""
    owner: dict[tuple[str, str], str] = {}
    needed: dict[str, set[tuple[str, str]]] = {package.name: set() for package in snapshot.packages}
    workspace = _text_of_workspace(snapshot)
    for package in snapshot.packages:
        for target in package.view.targets:
            text = snapshot.texts.get(target.path, "")
            try:
                if target.format is Format.CARGO_TOML:
                    owner[_CARGO, cargo_toml.parse(text).package_name or ""] = package.name
                    needed[package.name] |= {(_CARGO, each) for each in cargo_toml.dependencies_of(text, workspace)}
                elif target.format is Format.PYPROJECT:
                    name = pyproject.parse(text).name
                    owner[_PYTHON, python_requirements.normalised(name or "")] = package.name
                    needed[package.name] |= {(_PYTHON, each) for each in pyproject.dependencies_of(text)}
            except InputError:
                continue  # reported with its line as a manifest
    return {
        name: frozenset(owner[each] for each in found if each in owner and owner[each] != name)
        for name, found in needed.items()
    }


def _text_of_workspace(snapshot: Snapshot) -> str:
    """The text of the first Cargo.toml that states dependencies for its members, "" where there is none."""
    for target in snapshot.targets:
        text = snapshot.texts.get(target.path, "")
        if target.format is Format.CARGO_TOML and "[workspace.dependencies" in text:
            try:
                cargo_toml.parse(text)
            except InputError:
                continue
            return text
    return ""


def plan_release(snapshot: Snapshot, request: Request) -> ReleasePlan:
    """One release of every package that has something to release: files, one commit, a tag for each, one push.

    Raises:
        UsageError: as `plan_next`.
    """
    decided = _decide_all(snapshot, request)
    released = [each for each in decided if each.decision.version is not None]
    found = [problem for each in decided for problem in (*each.package.view.problems, *each.problems)]
    found += [problem for each in decided for problem in each.decision.problems]
    if not released:
        found += checks.find_remote_problems(snapshot, request)
        plan = Plan(problems=tuple(dict.fromkeys(found)))
        return ReleasePlan(decision=decided[0].decision, plan=plan, packages=_releases(decided, {}))
    manifests = manifest_changes.plan_moves(snapshot, tuple(_moves(released)))
    found += [problem for each in released for problem in _find_problems(each, request)]
    found += manifests.problems
    changes = list(manifests.files)
    sections: dict[str, str] = {}
    for each in released:
        written, sections[each.package.name] = release.plan_changelog(each.package.view, each.decision, each.document)
        if isinstance(written, Problem):
            found.append(written)
        elif written is not None:
            changes.append(written)
    found += checks.find_target_problems(snapshot, checks.paths_meant(snapshot, manifests, changes))
    found += release.find_start_problems(snapshot, len(released))
    named = [Released(name=each.package.name, decision=each.decision) for each in released]
    said = (*manifests.said, *release.describe_surroundings(snapshot, request), *_remarks(released))
    texts = {each.decision.tag: sections[each.package.name] for each in released}
    comments = plan_comments(snapshot, texts) if request.is_pushing else ()
    plan = Plan(
        actions=(*plan_actions(snapshot, request, named, changes), *comments),
        problems=tuple(dict.fromkeys(found)),
        said=tuple(dict.fromkeys(said)),
    )
    return ReleasePlan(
        decision=released[0].decision,
        plan=plan,
        files=tuple(changes),
        section=sections[released[0].package.name],
        packages=_releases(decided, sections),
    )


def _releases(decided: Iterable[Decided], sections: Mapping[str, str]) -> tuple[PackageRelease, ...]:
    return tuple(
        PackageRelease(name=each.package.name, decision=each.decision, section=sections.get(each.package.name, ""))
        for each in decided
    )


def _moves(released: Iterable[Decided]) -> Iterator[Move]:
    for each in released:
        assert each.decision.version is not None
        yield Move(view=each.package.view, version=each.decision.version)


def _find_problems(each: Decided, request: Request) -> Iterator[Problem]:
    view = each.package.view
    yield from release.find_problems(view, request, each.decision)
    for target in view.targets:
        if target.format is Format.CARGO_TOML and _inherits_elsewhere(view, target.path):
            message = f"{target.path} takes its version from the workspace, whose manifest is not {view.package}'s"
            hint = "give it a version of its own, or release what shares the version as one package"
            yield Problem(code="version-inherited", message=message, hint=hint)


def _inherits_elsewhere(view: Snapshot, path: PurePosixPath) -> bool:
    """Whether a crate's version stands in a manifest that is none of the package's."""
    try:
        if not cargo_toml.parse(view.texts.get(path, "")).inherits_version:
            return False
        texts = [view.texts.get(each.path, "") for each in view.targets if each.format is Format.CARGO_TOML]
        return not any(cargo_toml.parse(text).workspace_version for text in texts)
    except InputError:
        return False


def _remarks(released: Sequence[Decided]) -> Iterator[str]:
    for each in released:
        yield from (f"{each.package.name}: {said}" for said in release.describe_package(each.package.view))
