"""What `publish github` has to know: the tag here and there, its notes, the files, the releases that exist."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.effects import github_releases, read_dist
from verbump.errors import Problem, Refused
from verbump.planning import notes, publish_github
from verbump.planning.publish_github import Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from verbump.effects.github import GitHub
    from verbump.planning.actions import Plan
    from verbump.planning.notes_tail import Extras
    from verbump.planning.publish_github import Existing
    from verbump.planning.snapshot import Snapshot, VersionTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked for. Without a `tag` it is the one at HEAD; without `dist` a release has no files."""

    snapshot: Snapshot
    tag: str | None
    dist: Path | None
    stays_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What was found here: the release that there should be, and its tag's object."""

    wanted: Wanted
    target: str
    snapshot: Snapshot


def read_wanted(asked: Asked) -> Ready:
    """What there should be, by the repository and the folder of files. Its notes are still to come.

    Raises:
        Refused: no such tag or no version tag at HEAD; files that are not as SHA256SUMS says.
    """
    tag = _tag_of(asked.snapshot, asked.tag)
    wanted = Wanted(
        tag=tag.name,
        version=tag.version,
        notes="",
        files=read_dist.read_dist(asked.dist) if asked.dist is not None else (),
        versions=tuple(each.version for each in asked.snapshot.tags),
        stays_draft=asked.stays_draft,
    )
    return Ready(wanted=wanted, target=tag.target, snapshot=asked.snapshot)


def with_notes(ready: Ready, extras: Extras) -> Ready:
    """The same with the release's text, within what GitHub takes. Raises: as `notes.render_released`."""
    tag = ready.wanted.tag
    limit = publish_github.LONGEST_BODY - notes.units(publish_github.with_marker("", tag)) - 2
    text = notes.render_released(_with_limit(ready.snapshot, limit), tag, extras)
    return replace(ready, wanted=replace(ready.wanted, notes=text))


def read_plan(hub: GitHub, ready: Ready) -> tuple[Plan, Existing | None]:
    """What has to be done on GitHub, and our release that is there.

    Raises:
        ServerFailed: GitHub cannot be asked.
        Refused: the tag is not on GitHub, or is another one there.
    """
    name = ready.wanted.tag
    there = github_releases.read_tag(hub, name)
    if there is None:
        hub.get("")  # a repository that the token may not see has no tags either: then this says so
        message = f"the tag {name} is not on {hub.page('tags')}"
        raise Refused([Problem(code="tag-not-pushed", message=message, hint="verbump release --resume pushes it")])
    if there != ready.target:
        message = f"the tag {name} is {ready.target[:12]} here, but {there[:12]} on {hub.page('tags')}"
        hint = f"git fetch --force origin tag {name}, once it is sure which one is right"
        raise Refused([Problem(code="tag-differs", message=message, hint=hint)])
    existing = list(github_releases.read_releases(hub, ready.snapshot.tag_format))
    return publish_github.plan_publish(ready.wanted, existing), publish_github.find_ours(ready.wanted.tag, existing)


def _tag_of(snapshot: Snapshot, name: str | None) -> VersionTag:
    if name is not None:
        found = next((tag for tag in snapshot.tags if tag.name == name and tag.is_local), None)
        if found is None:
            is_version = snapshot.tag_format.version(name) is not None
            what = "no such tag here" if is_version else f"not a version in the tag format {snapshot.tag_format.text}"
            hint = f"git fetch origin tag {name}" if is_version else "git tag --list"
            raise Refused([Problem(code="no-such-tag", message=f"{name}: {what}", hint=hint)])
        return found
    at_head = [tag for tag in snapshot.tags if tag.is_local and tag.commit == snapshot.head]
    if not at_head:
        current = snapshot.current()
        hint = f"verbump publish github {current.name}" if current else "verbump release"
        message = f"no version tag at HEAD ({snapshot.head[:7]})"
        raise Refused([Problem(code="no-tag-at-head", message=message, hint=hint)])
    return max(at_head, key=lambda tag: tag.version)


def tag_of_actions() -> str | None:
    """The tag that a GitHub workflow runs for."""
    ref = os.environ.get("GITHUB_REF", "")
    is_tag = os.environ.get("GITHUB_ACTIONS") == "true" and ref.startswith("refs/tags/")
    return ref.removeprefix("refs/tags/") if is_tag else None


def _with_limit(snapshot: Snapshot, limit: int) -> Snapshot:
    length = min(limit, snapshot.config.notes.max_length)
    return replace(snapshot, config=replace(snapshot.config, notes=replace(snapshot.config.notes, max_length=length)))
