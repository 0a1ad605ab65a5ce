"""What stands in the way of a release: every problem, each with its fix, none hidden behind another."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import maintenance, versions
from verbump.errors import InputError, Problem
from verbump.planning import stated_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbump.errors import Severity
    from verbump.planning.manifest_changes import FileChange, ManifestChanges
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import PathState, Readiness, RemoteState, Request, Snapshot
    from verbump.planning.stated_versions import Stated

MINIMUM_GIT = (2, 31)


def find_version_problems(snapshot: Snapshot, stated: Iterable[Stated], *, is_release: bool) -> Iterator[Problem]:
    """Manifests against tag and one another, and higher versions elsewhere. For `next` these only warn."""
    severity: Severity = "error" if is_release else "warning"
    current = snapshot.current()
    said = [(str(each.path), each.text, each.version) for each in stated]
    values = {version for _, _, version in said}
    if current is not None:
        values.add(current.version)
    if len(values) > 1:
        sides = [f"tag {current.name}"] if current else []
        sides += [f"{path} {text}" for path, text, _ in said]
        hint = "make them agree, or `verbump release --align` to give all of them the new version"
        yield Problem(
            code="versions-disagree", severity=severity, message=f"versions disagree: {', '.join(sides)}", hint=hint
        )
    yield from _higher_elsewhere(snapshot, severity=severity)
    for tag in snapshot.tags:
        if tag.is_local and tag.remote_target and tag.remote_target != tag.target:
            message = f"tag {tag.name} is {tag.target[:12]} here and {tag.remote_target[:12]} on the remote"
            hint = f"git fetch --force origin refs/tags/{tag.name}:refs/tags/{tag.name}"
            yield Problem(code="tag-moved", severity=severity, message=message, hint=hint)


def _higher_elsewhere(snapshot: Snapshot, *, severity: Severity) -> Iterator[Problem]:
    """A higher final tag that HEAD does not reach, unless a maintenance branch explains it."""
    current = snapshot.current()
    if snapshot.branch is not None and maintenance.range_of(snapshot.branch) is not None:
        return
    higher = [
        tag
        for tag in snapshot.tags
        if not tag.is_reachable and not tag.version.prerelease and (current is None or tag.version > current.version)
    ]
    if not higher:
        return
    top = max(higher, key=lambda tag: tag.version)
    here = current.name if current else "no version tag"
    yield Problem(
        code="higher-tag-elsewhere",
        severity=severity,
        message=f"tag {top.name} ({top.commit[:7]}) is higher than {here} but not reachable from HEAD",
        hint=f"merge it (git merge {top.name}), or release from a maintenance branch such as "
        f"{current.version.major if current else 0}.x",
    )


def find_range_problems(snapshot: Snapshot, decision: Decision) -> Iterator[Problem]:
    """A maintenance branch may not leave its range. Source: rules.md and commands.md, `release_branches`."""
    if snapshot.branch is None or decision.version is None:
        return
    bounds = maintenance.range_of(snapshot.branch)
    if bounds is None:
        if maintenance.is_like_one(snapshot.branch):
            message = f"branch {snapshot.branch} is named like a maintenance branch, but not which versions it keeps to"
            yield Problem(code="range-unknown", message=message, hint="name it 1.x or 1.2.x: git branch -m 1.2.x")
        return
    low, high = bounds
    if not low <= versions.core(decision.version) < high:
        message = f"{decision.version} is outside the range of branch {snapshot.branch} ({low} up to {high})"
        yield Problem(
            code="out-of-range", message=message, hint="release it from another branch, or leave the change out here"
        )


def find_build_problems(decision: Decision) -> Iterator[Problem]:
    """A warning where build metadata was asked for: registries see none, or refuse it.

    Source: crates.io since its #6518 takes one build of a version; PyPI takes no local versions.
    """
    version = decision.version
    if version is not None and version.build is not None:
        bare = version.replace(build=None)
        message = f"{version} has build metadata: PyPI takes no such version, crates.io none but one that is {bare}"
        hint = f"leave it out where the project is published there: verbump release {bare}"
        yield Problem(code="build-metadata", severity="warning", message=message, hint=hint)


def find_spelling_problems(snapshot: Snapshot, decision: Decision) -> Iterator[Problem]:
    """A version that a file here would have to say as PEP 440, and cannot."""
    if decision.version is None or all(target.scheme != "pep440" for target in snapshot.targets):
        return
    try:
        versions.to_pep440(decision.version)
    except InputError as error:
        yield error.as_problem()


def find_repository_problems(snapshot: Snapshot, readiness: Readiness, request: Request) -> Iterator[Problem]:
    """Repository, branch, identity, remote: everything of step 0 that is not about one file."""
    if readiness.git_version < MINIMUM_GIT:
        found = ".".join(map(str, readiness.git_version))
        needed = ".".join(map(str, MINIMUM_GIT))
        yield Problem(code="git-too-old", message=f"git {found} is too old: verbump needs {needed}", hint="upgrade git")
    if readiness.operation is not None:
        hint = f"finish it (git {readiness.operation} --continue) or stop it (git {readiness.operation} --abort)"
        if readiness.operation == "bisect":
            hint = "git bisect reset"
        message = f"a {readiness.operation} is under way"
        yield Problem(code="operation-under-way", message=message, hint=hint)
    if readiness.has_conflicts:
        yield Problem(code="conflicts", message="the index has unmerged entries", hint="git status")
    if readiness.locked is not None:
        message = f"{readiness.locked} exists: another git process is at work, or one has crashed"
        yield Problem(code="index-locked", message=message, hint=f"when no git runs any more: rm {readiness.locked}")
    if readiness.identity is None:
        message = "git does not know who you are: a commit and a tag need a name and an e-mail address"
        hint = 'git config user.name "…" && git config user.email "…"'
        yield Problem(code="no-identity", message=message, hint=hint)
    yield from find_branch_problems(snapshot)
    yield from find_remote_problems(snapshot, request)


def find_remote_problems(snapshot: Snapshot, request: Request) -> Iterator[Problem]:
    """What is wrong between here and the remote; nothing with `--no-push`, which asks no remote."""
    if request.is_pushing and snapshot.readiness is not None:
        yield from _remote_problems(snapshot, snapshot.readiness)


def find_branch_problems(snapshot: Snapshot) -> Iterator[Problem]:
    """A release needs a branch, and one that may release."""
    from fnmatch import fnmatchcase

    if snapshot.branch is None:
        yield Problem(
            code="detached-head",
            message="HEAD is detached: no branch to release from",
            hint="git switch BRANCH, or in CI `verbump release --branch BRANCH`",
        )
        return
    allowed = [*snapshot.config.release_branches, *snapshot.config.prerelease_branches]
    if not any(fnmatchcase(snapshot.branch, glob) for glob in allowed):
        message = f"branch {snapshot.branch} is not a release branch ({', '.join(allowed)})"
        hint = f'git switch to one, or add "{snapshot.branch}" to tool.verbump.release_branches'
        yield Problem(code="branch-not-allowed", message=message, hint=hint)


def _remote_problems(snapshot: Snapshot, readiness: Readiness) -> Iterator[Problem]:
    remote = readiness.remote
    if remote is None:
        known = f" (there are: {', '.join(readiness.remote_names)})" if readiness.remote_names else ""
        message = f"no remote to push to{known}"
        yield Problem(code="no-remote", message=message, hint="git remote add origin URL, --remote NAME, or --no-push")
        return
    if remote.is_mirror:
        message = f"remote {remote.name} is a mirror (remote.{remote.name}.mirror): branch and tag cannot be pushed"
        yield Problem(code="remote-mirror", message=message, hint=f"git config --unset remote.{remote.name}.mirror")
    is_name = not {"/", ":"} & set(remote.name)
    if remote.error and is_name and readiness.remote_names and remote.name not in readiness.remote_names:
        message = f"no remote {remote.name} (there are: {', '.join(readiness.remote_names)})"
        yield Problem(code="no-remote", message=message, hint=f"--remote {readiness.remote_names[0]}")
        return
    if remote.error:
        message = f"{remote.name} ({remote.url}) cannot be read: {remote.error}"
        hint = f"git ls-remote {remote.name} must work first; `--no-push` releases without the remote"
        yield Problem(code="remote-unreachable", message=message, hint=hint)
        return
    yield from _tip_problems(snapshot, remote)
    for tag in snapshot.tags:
        if tag.is_reachable and tag.is_local and not tag.is_remote:
            message = f"tag {tag.name} is here but not on {remote.name}"
            hint = f"`verbump release --resume` if verbump made it, else git push {remote.name} refs/tags/{tag.name}"
            yield Problem(code="tag-not-pushed", message=message, hint=hint)


def _tip_problems(snapshot: Snapshot, remote: RemoteState) -> Iterator[Problem]:
    if remote.tip is None or remote.is_tip_reached:
        return
    message = f"{remote.name}/{snapshot.branch} is at {remote.tip[:7]}, which HEAD ({snapshot.head[:7]}) does not hold"
    yield Problem(
        code="branch-behind", message=message, hint=f"git pull --rebase {remote.name} {snapshot.branch or ''}".rstrip()
    )


def find_tag_problems(snapshot: Snapshot, decision: Decision) -> Iterator[Problem]:
    """The new tag must be free everywhere, also as a folder of refs."""
    if not decision.tag:
        return
    tag = decision.tag
    twin = next((each for each in snapshot.tags if each.version == decision.version and each.name != tag), None)
    if twin is not None:  # SemVer's order, cargo and crates.io take 1.2.4 and 1.2.4+b for one version
        message = f"tag {tag} would be {twin.name} again: build metadata makes no other version"
        yield Problem(code="tag-exists", message=message, hint=f"git show {twin.name}")
        return
    names = {each.name: each for each in snapshot.tags}
    others = snapshot.readiness.remote.tag_names if snapshot.readiness and snapshot.readiness.remote else frozenset()
    local = snapshot.tag_names
    if tag in names:
        there = names[tag]
        where = "here" if there.is_local else "on the remote"
        message = f"tag {tag} exists already {where}, at {there.commit[:7]}, which HEAD does not reach"
        yield Problem(code="tag-exists", message=message, hint=f"git log -1 {there.commit[:12]}")
        return
    clash = next(
        (name for name in sorted(local | others) if name.startswith(f"{tag}/") or tag.startswith(f"{name}/")), None
    )
    if clash is not None:
        message = f"tag {tag} cannot be made: {clash} exists, and a ref cannot be a file and a folder"
        yield Problem(code="tag-clash", message=message, hint=f"git tag -d {clash}, or another tool.verbump.tag_format")
    elif tag in local or tag in others:
        yield Problem(code="tag-exists", message=f"tag {tag} exists already", hint=f"git show {tag}")


def paths_meant(snapshot: Snapshot, manifests: ManifestChanges, files: Iterable[FileChange]) -> list[PurePosixPath]:
    """The files that the release writes; where a manifest cannot be changed, also the others that state a version.

    So no problem of one file hides those of another.
    """
    stated = stated_versions.find_stated(snapshot) if manifests.problems else ()
    return [*(each.path for each in stated), *(file.path for file in files)]


def find_target_problems(snapshot: Snapshot, paths: Iterable[PurePosixPath]) -> Iterator[Problem]:
    """Every file that the release may write: tracked, unchanged, regular, inside the repository.

    The paths that `before_commit` hooks declare count too: what a hook makes of them replaces what stands there.
    """
    readiness = snapshot.readiness
    assert readiness is not None
    declared = [PurePosixPath(path) for path in snapshot.config.hooks.paths if snapshot.config.hooks.before_commit]
    for path in dict.fromkeys((*paths, *declared)):
        state = readiness.paths.get(path)
        if state is not None:
            yield from _target_problems(path, state)


def _target_problems(path: PurePosixPath, state: PathState) -> Iterator[Problem]:
    """What is wrong with one file that the release would write."""
    if state.unsafe is not None:
        yield stated_versions.unsafe(path, state.unsafe)
    elif state.is_ignored and not state.is_tracked:
        message = f"{path} is ignored by git, so it cannot be part of the release commit"
        yield Problem(code="target-ignored", message=message, hint=f"git check-ignore -v {path}")
    elif state.exists and not state.is_tracked:
        message = f"{path} is not tracked by git"
        yield Problem(code="target-untracked", message=message, hint=f"git add {path} && git commit")
    elif state.is_changed:
        message = f"{path} has uncommitted changes"
        yield Problem(code="target-dirty", message=message, hint=f"git commit {path}, or git stash push {path}")
