"""What `init` looks at: the repository as verbump finds it, other tools' files, branches, past releases."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump import config
from verbump.domain import tags
from verbump.effects import files, git_history, read, read_config, read_past, targets
from verbump.errors import GitFailed, InputError, Refused
from verbump.planning.adoption import layout, proposal, tools
from verbump.planning.adoption.foreign import Draft
from verbump.planning.adoption.surroundings import Surroundings
from verbump.planning.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from verbump.config import Config
    from verbump.effects.git_history import Location
    from verbump.planning.workflows.shape import Facts

_MOST_MANIFESTS = 2_000
_USUAL_BRANCHES = ("main", "master")


def read_surroundings(directory: Path, tool: str | None, *, is_forced: bool = False) -> Surroundings:
    """The repository that holds `directory`, and the draft of the configuration of `tool`, where one is named.

    Raises:
        UsageError: no repository, or `tool` is not configured here.
        ConfigError: verbump's configuration or that of `tool` is wrong.
        Refused: a shallow clone, or tags of two formats at one version.
    """
    location = git_history.locate(directory)
    # With another tool's in its place, a configuration that is wrong is one to replace.
    present = config.DEFAULT if tool else read_config.read(location.root)
    texts = dict(_read_texts(location))
    draft = tools.translate(tool, texts) if tool else Draft()
    _add(location.root, texts, _manifests(location, "pyproject.toml"))
    _add(location.root, texts, [*_listed(draft), *([present.changelog] if present.changelog else [])])
    _add(location.root, texts, layout.find_version_files(texts))
    reachable = git_history.read_reachable_tag_names(location.root, location.head) if location.head else frozenset()
    is_told = False
    if tool:
        form, is_told = proposal.settle_tag_format(draft, reachable)
        present = replace(config.DEFAULT, tag_format=form)
    snapshot = _read_snapshot(location, present, is_several="packages" in layout.find_layout(texts, reachable))
    return Surroundings(
        snapshot=snapshot,
        texts=texts,
        has_inferred_format=is_told,
        default_branch=_default_branch(location),
        past=tuple(read_past.read_past(location.root, snapshot)) if location.head else (),
        tool=tool,
        draft=draft,
        is_forced=is_forced,
        workflows=_workflows(location.root, snapshot),
    )


def _add(root: Path, texts: dict[str, str], paths: Iterable[str]) -> None:
    """The text of each of `paths` that is there and not read yet."""
    for path in paths:
        if path not in texts and (text := _read(root, path)) is not None:
            texts[path] = text


def _workflows(root: Path, snapshot: Snapshot) -> Facts | None:
    from verbump.effects import read_workflows

    try:
        return read_workflows.read_facts(read_workflows.Reading(directory=root), snapshot.config)
    except (Refused, InputError):
        return None  # what is wrong with a manifest is said where the repository is read


def _read_snapshot(location: Location, settings: Config, *, is_several: bool) -> Snapshot:
    """As every command sees the repository; before the first commit just its files.

    A remote that cannot say which tags there are is a warning: what is proposed is looked at before it is written.
    Where several packages will be proposed, their tags need not be of one format.
    """
    if location.head is not None:
        try:
            return read.read_snapshot(read.Options(directory=location.root, config=settings))
        except (Refused, GitFailed) as error:
            if is_several and error.code == "tag-formats-ambiguous":
                usual = replace(settings, tag_format=tags.DEFAULT_FORMAT.text)
                return replace(_read_snapshot(location, usual, is_several=False), config=settings)
            options = read.Options(directory=location.root, config=settings, is_offline=True, is_exact=True)
            snapshot = read.read_snapshot(options)
            return replace(snapshot, problems=(*snapshot.problems, replace(error.as_problem(), severity="warning")))
    found = targets.read_targets(location.root, settings)
    return Snapshot(
        head="",
        branch=location.branch,
        today="",
        timestamp=0,
        tag_format=tags.DEFAULT_FORMAT,
        config=settings,
        targets=tuple(found.targets),
        texts=found.texts,
    )


def _read_texts(location: Location) -> Iterator[tuple[str, str]]:
    """Path and text of what decides; each tracked Cargo.toml too, since a workspace's tools go by crates."""
    for path in dict.fromkeys((*proposal.PATHS, *_manifests(location, "Cargo.toml"))):
        text = _read(location.root, path)
        if text is not None:
            yield path, text


def _manifests(location: Location, name: str) -> list[str]:
    _, out, _ = git_history.look(location.root, "ls-files", "-z", "--", f":(top,glob)**/{name}")
    return [os.fsdecode(name) for name in out.split(b"\0") if name][:_MOST_MANIFESTS]


def _read(root: Path, path: str) -> str | None:
    """The text, None where there is no such regular file inside the repository."""
    place = PurePosixPath(path)
    if "\0" in path or files.find_unsafe(root, place) is not None:
        return None
    return files.read_text(root, place)


def _listed(draft: Draft) -> Iterator[str]:
    for holder in (draft.settings, *draft.settings.get("packages", ())):
        for item in holder.get("manifests", ()):
            yield item if isinstance(item, str) else item["path"]
        if isinstance(changelog := holder.get("changelog"), str):
            yield changelog


def _default_branch(location: Location) -> str | None:
    """The remote's default branch as it was when cloned; else the one checked out, where none has a usual name."""
    _, out, _ = git_history.look(location.root, "for-each-ref", "--format=%(symref)", "refs/remotes/*/HEAD")
    for name in os.fsdecode(out).split():
        return name.removeprefix("refs/remotes/").partition("/")[2]
    usual = [f"refs/heads/{name}" for name in _USUAL_BRANCHES]
    _, out, _ = git_history.look(location.root, "for-each-ref", "--format=%(refname)", *usual)
    return None if out.strip() else location.branch
