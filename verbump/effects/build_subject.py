"""Which files a build is made from: HEAD, the work tree as it lies, or the tree of the coming release."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from verbump.effects import exports, git_history, git_objects, read, read_tree
from verbump.errors import InputError, NothingToDo, Problem, Refused
from verbump.planning import build_sources, packages, release, verify
from verbump.planning.actions import WriteFile
from verbump.planning.snapshot import Request

if TYPE_CHECKING:
    from pathlib import Path, PurePosixPath

    from verbump.domain.versions import Version
    from verbump.effects.git_repository import Repository
    from verbump.planning.build_sources import PythonProject
    from verbump.planning.snapshot import Snapshot

Sources = Literal["head", "worktree", "next"]
# What only matters to a release that is pushed.
_OF_PUSHING = frozenset({"no-identity", "detached-head", "branch-not-allowed", "no-remote", "higher-tag-elsewhere"})
# What is wrong with a tree that has yet to be released, and keeps nothing from being built.
_OF_RELEASING = frozenset({"changelog-missing", "changelog-section-missing", "changelog-no-date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The sources. `tree` is git's id of them, `epoch` their date in seconds; `problems` forbid to build them."""

    repository: Repository
    sources: Sources
    tree: str
    snapshot: Snapshot
    version: Version | None
    epoch: int = 0
    python: PythonProject | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def uses_maturin(self) -> bool:
        """Whether a crate is built even without those that are archived."""
        return self.python is not None and self.python.crate is not None


def choose(directory: Path, config_file: Path | None, sources: Sources, package: str | None = None) -> Chosen:
    """What a build of `sources`, or of one package in them, would be made from.

    Raises:
        UsageError: no repository, no such package, several and it is not said which.
        ConfigError: the configuration is wrong.
        Refused: no commits; the coming release cannot be planned.
        NothingToDo: there is no coming release.
    """
    from verbump.effects.git_repository import Repository

    repository = Repository(git_history.locate(directory))
    if sources == "next":
        return _next(repository, directory, config_file, package)
    found = read_tree.read_tree(directory, config_file, "HEAD", package)
    snapshot, tag = found.snapshot, found.tag
    tree = repository.run("rev-parse", f"{snapshot.head}^{{tree}}", looking=True).text
    if sources == "worktree":
        snapshot, tag = read_tree.with_files(repository.root, snapshot.config, snapshot), None
        tree = f"worktree{tree}"
    verdict = verify.judge(snapshot, tag)
    problems = [each for each in verdict.problems if each.severity == "error" and each.code not in _OF_RELEASING]
    return _chosen(
        Chosen(repository=repository, sources=sources, tree=tree, snapshot=snapshot, version=verdict.version), problems
    )


def write_sources(chosen: Chosen, folder: Path) -> None:
    """The sources as `folder`/tree; of the work tree those that git does not ignore."""
    if chosen.sources != "worktree":
        exports.write_tree(chosen.repository, chosen.tree, folder)
        return
    listed = chosen.repository.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", looking=True).stdout
    (folder / "tree").mkdir()
    for name in dict.fromkeys(listed.split(b"\0")):
        source, target = chosen.repository.root / os.fsdecode(name), folder / "tree" / os.fsdecode(name)
        if name and (source.is_symlink() or source.is_file()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def workspace_manifests(snapshot: Snapshot) -> tuple[PurePosixPath, ...]:
    """The Cargo.toml of each workspace, or of a crate that is in none."""
    from verbump.planning import doctor

    return tuple(path.parent / "Cargo.toml" for path in doctor.find_lock_paths(snapshot))


def _next(repository: Repository, directory: Path, config_file: Path | None, package: str | None) -> Chosen:
    options = read.Options(
        directory=directory, config_file=config_file, is_release=True, is_offline=True, package=package
    )
    whole = read.read_snapshot(options)
    snapshot, request = packages.select(whole, package), Request(is_pushing=False, package=package)
    planned = packages.plan_release(whole, request) if whole.packages else release.plan_release(whole, request)
    version = planned.decision.version
    if version is None:
        raise NothingToDo("nothing to release, so there is no coming version to build", hint="verbump build, of HEAD")
    problems = [each for each in planned.plan.errors if each.code not in _OF_PUSHING]
    written = tuple(WriteFile(path=file.path, before=file.before, after=file.after) for file in planned.files)
    repository.state_folder.mkdir(parents=True, exist_ok=True)  # for a private index
    tree = git_objects.create_tree(repository, snapshot.head, written)
    return _chosen(
        Chosen(repository=repository, sources="next", tree=tree, snapshot=snapshot, version=version), problems
    )


def _chosen(chosen: Chosen, problems: list[Problem]) -> Chosen:
    """The same with its date, its Python project and what is wrong with it.

    Raises:
        Refused: its files do not agree on a version, or cannot be parsed.
    """
    try:
        python = build_sources.find_python(chosen.snapshot)
    except InputError as error:
        raise Refused([*problems, error.as_problem()]) from error
    if chosen.version is None:
        raise Refused(problems)
    problems += [each for each in build_sources.find_problems(chosen.snapshot) if each.severity == "error"]
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    committed = chosen.repository.run("log", "-1", "--format=%ct", chosen.snapshot.head, looking=True).text
    epoch = int(given if given.isascii() and given.isdigit() and len(given) <= 11 else committed)
    return replace(chosen, epoch=epoch, python=python, problems=tuple(problems))
