"""read_snapshot: everything that a plan may depend on, read once."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import forge, tags
from verbump.effects import git_environment, git_history, read_config, read_tags, read_view
from verbump.errors import Problem, Refused, UsageError
from verbump.planning.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from verbump.config import Config, PackageConfig
    from verbump.effects.git_history import Location, TagRef
    from verbump.planning.snapshot import RemoteState


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to read. `branch` and `remote` override what git says; `start` and `end` the range of commits.

    `config` stands for what the repository's own files say. `package`: of several packages only that one's commits.
    `is_recent`: whether HEAD reaches a tag matters only down to the last release. `is_offline`: ask no remote.
    `is_release`: also read what only a release needs. `is_exact`: the version is given, so that a missing tag cannot
    make it wrong. A remote that is silent for `silence_seconds` is given up.
    """

    directory: Path
    config_file: Path | None = None
    branch: str | None = None
    remote: str | None = None
    start: str | None = None
    end: str | None = None
    package: str | None = None
    is_recent: bool = False
    is_offline: bool = False
    is_release: bool = False
    is_exact: bool = False
    config: Config | None = None
    silence_seconds: float = git_environment.SILENCE_SECONDS


def read_snapshot(options: Options) -> Snapshot:
    """The repository that holds `options.directory`, as it is now.

    Raises:
        UsageError: no repository, a ref that does not exist, or a package that there is not.
        ConfigError: the configuration is wrong.
        Refused: no commits; a shallow or tagless clone that may not be completed; an unsafe template.
    """
    location = git_history.locate(options.directory)
    config = options.config or read_config.read(location.root, options.config_file)
    if location.head is None:
        message = f"{location.root}: no commits yet, so there is nothing to release"
        raise Refused([Problem(code="no-commits", message=message, hint="git commit")])
    branch = branch_of(location, options.branch)
    remote_name = options.remote or config.remote or remote_of(location, branch)
    head = commit_of(location, options.end) if options.end else location.head
    location, local_tags = read_tags.complete(location, config, remote_name, options)
    remote, remote_tags = _ask_remote(location, options, remote_name, branch)
    reachable = read_tags.ReachableNames(location.root, head)
    known = read_tags.Known(local=local_tags, remote=remote_tags, reachable=reachable)
    start = commit_of(location, options.start) if options.start else None
    snapshot = Snapshot(
        head=head,
        branch=branch,
        today=_today(),
        timestamp=_now(),
        tag_format=tags.DEFAULT_FORMAT,
        tag_names=frozenset(tag.name for tag in local_tags),
        notes=git_history.read_notes(location.root, "refs/notes/verbump"),
        config=config,
        forge=forge_of(location, remote_name),
        is_detached=location.branch is None,
        problems=find_pending(location),
    )
    if config.convention == "commitizen":
        from verbump.effects import commit_rules

        rules = commit_rules.read(location.root, must_bump=not options.is_exact)
        snapshot = replace(snapshot, rules=rules)
    if config.template is not None:
        from verbump.effects import user_templates

        snapshot = replace(snapshot, templates=user_templates.read_templates(location.root, config.template))
    snapshot = read_view.with_files(location, snapshot)
    packages = _packages(snapshot, reachable)
    if packages:
        from verbump.effects import read_packages

        snapshot = read_packages.with_packages(location, snapshot, packages, known)
        snapshot = read_packages.with_commits(location, snapshot, options.package, start)
    elif options.package is not None:
        raise no_packages(options.package)
    else:
        if options.is_recent:
            known = replace(known, reachable=read_tags.read_recent(location.root, head, config, local_tags))
        tag_format = read_tags.tag_format(config, local_tags, known.reachable)
        found = read_tags.version_tags(location, tag_format, known, head)
        snapshot = replace(snapshot, tag_format=tag_format, tags=found)
        snapshot = read_view.with_commits(location, snapshot, start)
    return _with_readiness(location, snapshot, remote) if options.is_release else snapshot


def no_packages(name: str) -> UsageError:
    """The error for a package that is named where the repository is one package."""
    hint = "leave --package out, or list its packages in [[tool.verbump.packages]]"
    return UsageError(f"package {name!r}: this repository is one package", hint=hint, code="no-such-package")


def _packages(snapshot: Snapshot, reachable: Collection[str]) -> tuple[PackageConfig, ...]:
    """The packages of a repository that holds several, () for one: without a look at what need not be looked at."""
    is_workspace = "[workspace" in snapshot.texts.get(PurePosixPath("Cargo.toml"), "")
    if not snapshot.config.packages and not is_workspace:
        return ()
    from verbump.planning import package_views

    return package_views.find_packages(snapshot, reachable)


def _with_readiness(location: Location, snapshot: Snapshot, remote: RemoteState | None) -> Snapshot:
    from verbump.effects import push_credentials, repository_state
    from verbump.effects.git_repository import Repository

    paths = [target.path for target in snapshot.targets]
    views = [package.view for package in snapshot.packages] or [snapshot]
    paths += [view.changelog_path for view in views if view.changelog_path is not None]
    paths += [PurePosixPath(path) for path in snapshot.config.hooks.paths]
    repository = Repository(location)
    readiness = repository_state.read_readiness(repository, paths, remote, snapshot.branch)
    if remote is not None and not remote.error:
        name = snapshot.config.workflows.release
        pushed = push_credentials.Pushed(remote=remote.name, forge=snapshot.forge, commit=snapshot.head, workflow=name)
        readiness = replace(readiness, starting=push_credentials.read_starting(repository, pushed))
    packages = tuple(replace(each, view=replace(each.view, readiness=readiness)) for each in snapshot.packages)
    return replace(snapshot, readiness=readiness, packages=packages)


def _ask_remote(
    location: Location, options: Options, name: str | None, branch: str | None
) -> tuple[RemoteState | None, tuple[TagRef, ...]]:
    """The remote's state and tags, for a release that will push; else nothing."""
    if not options.is_release or options.is_offline or name is None:
        return None, ()
    from verbump.effects import repository_state
    from verbump.effects.git_repository import Repository

    repository = Repository(location, silence_seconds=options.silence_seconds)
    return repository_state.read_remote(repository, name, branch)


def branch_of(location: Location, given: str | None) -> str | None:
    """The branch that is checked out, or that is given where HEAD is detached; in a workflow the one that it runs for.

    Raises:
        UsageError: another one is checked out than is given.
    """
    if given and location.branch and given != location.branch:
        message = f"--branch {given}, but {location.branch} is checked out"
        raise UsageError(message, hint=f"git switch {given}", code="other-branch")
    return given or location.branch or _branch_of_actions(location.head)


def remote_of(location: Location, branch: str | None) -> str | None:
    """The upstream's remote, else `origin`, else the only one, else None."""
    upstream = location.settings.last(f"branch.{branch}.remote") if branch else None
    if upstream and upstream != ".":
        return upstream
    names = location.settings.remotes()
    if "origin" in names:
        return "origin"
    return names[0] if len(names) == 1 else None


def forge_of(location: Location, remote: str | None) -> forge.Forge | None:
    """The forge that a remote's address leads to, None where it is not known."""
    if remote is None:
        return None
    url = location.settings.url(remote)
    if url is None:
        status, out, _ = git_history.look(location.root, "remote", "get-url", "--end-of-options", remote)
        url = os.fsdecode(out).strip() if status == 0 else ""
    return forge.forge_of(url, os.environ.get("GITHUB_SERVER_URL", ""))


def commit_of(location: Location, revision: str) -> str:
    """The id of the commit that a revision names.

    Raises:
        UsageError: there is none.
    """
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    status, out, _ = git_history.look(location.root, *arguments)
    if status != 0:
        hint = "git log --oneline --decorate"
        raise UsageError(f"{revision}: no such commit, branch or tag", hint=hint, code="no-such-ref")
    return out.decode().strip()


def _branch_of_actions(head: str | None) -> str | None:
    """The branch that a GitHub workflow runs for, when HEAD is detached at its commit."""
    ref = os.environ.get("GITHUB_REF", "")
    if os.environ.get("GITHUB_ACTIONS") == "true" and os.environ.get("GITHUB_SHA", "") == head:
        return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else None
    return None


def find_pending(location: Location) -> tuple[Problem, ...]:
    """A warning where an earlier release is unfinished; `release` itself has refused by then."""
    if not (location.common_dir / "verbump" / "journal.json").exists():
        return ()
    message = "an earlier release is unfinished: what follows may not hold once it is finished"
    hint = "`verbump release --resume` finishes it, `--abort` undoes it"
    return (Problem(code="release-pending", message=message, hint=hint, severity="warning"),)


def _now() -> int:
    """Seconds since the epoch; SOURCE_DATE_EPOCH wins. Source: reproducible-builds.org."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 11 else int(time.time())


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(_now()))
