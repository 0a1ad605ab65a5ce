"""What has to be done so that GitHub holds a release with exactly these files: from what it holds, purely.

A release of ours is known by a marker in its text that nobody sees. Source: github.md, "publish github".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from verbump.errors import Problem
from verbump.planning.actions import Plan, PublishGitHubRelease

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbump.domain.versions import Version
    from verbump.planning.actions import LocalFile

Deed = Literal["upload", "replace", "keep"]
# What GitHub keeps in a file's name; it renames others, and SHA256SUMS would name files that are not there.
_KEPT_NAME = re.compile(r"[A-Za-z0-9_+~@-][A-Za-z0-9._+~@-]{0,253}[A-Za-z0-9_+~@-]")
LONGEST_BODY = 125_000  # in UTF-16 units
BURNT = "tag_name was used by an immutable release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that a release holds. `sha256` is "" where the server tells none; an upload that broke is incomplete."""

    id: int
    name: str
    size: int
    sha256: str
    is_complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A release that is there. `version` is that of its tag, None where it is no version."""

    id: int
    tag: str
    body: str
    version: Version | None
    is_draft: bool
    is_prerelease: bool
    is_immutable: bool
    page: str
    assets: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The release that there should be. `notes` is its text without the marker; `versions` all that are released."""

    tag: str
    version: Version
    notes: str
    files: tuple[LocalFile, ...]
    versions: tuple[Version, ...] = ()
    stays_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDeed:
    """What is done with one file; `asset` is the one that it replaces or that is the same."""

    file: LocalFile
    do: Deed
    asset: Asset | None = None


def marker(tag: str) -> str:
    """The line in a release's text by which verbump knows its own. It does not show on the page."""
    return f"<!-- verbump release {quote(tag, safe='/+.')} -->"


def with_marker(notes: str, tag: str) -> str:
    """The text of a release: its notes, then the marker."""
    return f"{notes.rstrip()}\n\n{marker(tag)}\n".lstrip("\n")


def plan_publish(wanted: Wanted, existing: Sequence[Existing]) -> Plan:
    """What makes `wanted` of what exists: no action where all is there, problems where it may not be made."""
    same = [each for each in existing if each.tag == wanted.tag]
    found = find_ours(wanted.tag, existing)
    published = next((each for each in same if not each.is_draft), None)
    problems = [*_bad_names(wanted.files)]
    if published is not None and published is not found:
        problems.append(_foreign(published))
        return Plan(problems=tuple(problems))
    deeds = find_deeds(wanted.files, found.assets if found else ())
    if published is not None:
        problems += _frozen(published, deeds)
    action = PublishGitHubRelease(
        tag=wanted.tag,
        body=with_marker(wanted.notes, wanted.tag),
        is_prerelease=bool(wanted.version.prerelease),
        is_latest=_is_latest(wanted, existing),
        release=found.id if found else None,
        is_published=published is not None,
        stays_draft=wanted.stays_draft,
        files=wanted.files,
    )
    is_done = all(deed.do == "keep" for deed in deeds)
    has_all = is_done and (published is not None or (wanted.stays_draft and found is not None))
    said = tuple(_remarks(wanted, same, found))
    return Plan(actions=() if has_all else (action,), problems=tuple(problems), said=said)


def find_ours(tag: str, existing: Iterable[Existing]) -> Existing | None:
    """The release for the tag that verbump made: the published one, else the oldest draft; None where there is none."""
    ours = [each for each in existing if each.tag == tag and marker(tag) in each.body]
    return min(ours, key=lambda each: (each.is_draft, each.id), default=None)


def describe_deeds(files: Iterable[LocalFile], found: Existing | None, *, is_done: bool) -> list[str]:
    """A line a file: what is to be done with it, or that it is there."""
    words = {"upload": "would upload", "replace": "would replace", "keep": "unchanged" if is_done else "would keep"}
    deeds = find_deeds(files, found.assets if found else ())
    return [f"{words[deed.do]} {deed.file.name}" for deed in deeds]


def find_deeds(files: Iterable[LocalFile], assets: Sequence[Asset]) -> tuple[FileDeed, ...]:
    """What is to be done with each file, in a release that holds `assets`."""
    return tuple(_deed(file, assets) for file in files)


def _deed(file: LocalFile, assets: Sequence[Asset]) -> FileDeed:
    asset = next((each for each in assets if each.name == file.name), None)
    if asset is None:
        return FileDeed(file=file, do="upload")
    return FileDeed(file=file, do="keep" if is_same(file, asset) else "replace", asset=asset)


def is_same(file: LocalFile, asset: Asset) -> bool:
    """Whether the asset is the file, by digest; by size where the server tells no digest."""
    return asset.is_complete and asset.size == file.size and asset.sha256 in {file.sha256, ""}


def _is_latest(wanted: Wanted, existing: Sequence[Existing]) -> bool:
    """Whether it is the highest final version that there is: neither a candidate nor a backport is."""
    if wanted.version.prerelease:
        return False
    published = (each.version for each in existing if not each.is_draft and not each.is_prerelease)
    others = [version for version in (*wanted.versions, *published) if version is not None and not version.prerelease]
    return all(version <= wanted.version for version in others)


def _frozen(published: Existing, deeds: Iterable[FileDeed]) -> Iterable[Problem]:
    """What a published release does not let happen any more."""
    for deed in deeds:
        name = deed.file.name
        if deed.do == "replace":
            assert deed.asset is not None
            there = f"sha256 {deed.asset.sha256[:12]}…" if deed.asset.sha256 else f"{deed.asset.size} bytes"
            message = (
                f"{name}: the published release {published.tag} holds another file of that name "
                f"({there}, here {deed.file.sha256[:12]}…)"
            )
            hint = "published files are never replaced: release the next version"
            yield Problem(code="asset-differs", message=message, hint=hint)
        elif deed.do == "upload" and published.is_immutable:
            message = f"{name}: the release {published.tag} is published and immutable, so nothing can be added to it"
            yield Problem(code="release-immutable", message=message, hint="release the next version")


def _foreign(published: Existing) -> Problem:
    message = f"{published.page}: this release was not made by verbump, and is not touched"
    hint = f"to hand it over, add this line to its text: {marker(published.tag)}"
    return Problem(code="release-foreign", message=message, hint=hint)


def _bad_names(files: Iterable[LocalFile]) -> Iterable[Problem]:
    for file in files:
        if not _KEPT_NAME.fullmatch(file.name):
            message = f"{file.name!r}: GitHub would give this file another name"
            hint = "letters, digits and . _ + ~ @ - stay; no dot at either end"
            yield Problem(code="asset-name", message=message, hint=hint)
        elif file.size == 0:
            yield Problem(
                code="asset-empty", message=f"{file.name} is empty: GitHub takes no such file", hint="build it anew"
            )


def _remarks(wanted: Wanted, same: Sequence[Existing], found: Existing | None) -> Iterable[str]:
    for each in same:
        if each is not found and each.is_draft:
            yield f"another draft for {each.tag} stays as it is: {each.page}"
    names = {file.name for file in wanted.files}
    extra = sorted(asset.name for asset in (found.assets if found else ()) if asset.name not in names)
    if extra:
        yield f"also in the release, and left there: {', '.join(extra)}"
    if found is not None and not found.is_draft and found.body.strip() != with_marker(wanted.notes, wanted.tag).strip():
        yield "the notes of the published release differ from the changelog's; they are left as they are"
