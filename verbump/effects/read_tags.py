"""Which tags are versions, here and on the remote, once a shallow or tagless clone has been completed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from verbump.domain import tags, versions
from verbump.effects import git_history
from verbump.errors import InputError, Refused
from verbump.planning.snapshot import VersionTag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from verbump.config import Config
    from verbump.domain.tags import TagFormat
    from verbump.effects.git_history import Location, TagRef

# Of how many versions git is asked at once, the highest first, as long as none of them is reached; then of all.
_ASKED_AT_ONCE = (1, 8, 64)


class Asked(Protocol):
    """What decides whether a remote may be asked. `is_exact`: the version is given, so no tag can make it wrong."""

    @property
    def is_offline(self) -> bool: ...  # noqa: D102
    @property
    def is_exact(self) -> bool: ...  # noqa: D102
    @property
    def is_release(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Tags here and on the remote, and the names of those here that HEAD reaches."""

    local: tuple[TagRef, ...]
    remote: tuple[TagRef, ...]
    reachable: Collection[str]


class ReachableNames(Collection[str]):
    """Names of the tags that `head` reaches, read when they are first asked for: git may walk all history for them."""

    def __init__(self, root: Path, head: str) -> None:
        self._read = cache(lambda: git_history.read_reachable_tag_names(root, head))

    def __contains__(self, name: object) -> bool:
        return name in self._read()

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def read_recent(root: Path, head: str, config: Config, local: Iterable[TagRef]) -> frozenset[str]:
    """Names of the tags that `head` reaches, down to the highest final version among them; lower ones may be missing.

    With that, git walks no further than to the last release, however long the history before it.
    """
    configured = tags.parse_format(config.tag_format) if config.tag_format else None
    ranked: dict[tuple[int, int, int], dict[str, bool]] = {}  # numbers → tags of them, with whether each is final
    for tag in local:
        found = tags.find_numbers(tag.name, configured)
        if found is not None:
            ranked.setdefault(found[0], {})[tag.name] = found[1]
    ranks = [ranked[numbers] for numbers in sorted(ranked, reverse=True)]
    reached: set[str] = set()
    begin = 0
    for count in _ASKED_AT_ONCE:
        asked = {name: is_final for rank in ranks[begin : begin + count] for name, is_final in rank.items()}
        reached |= git_history.read_reachable_tag_names(root, head, asked) if asked else frozenset()
        if any(asked.get(name) for name in reached):
            return frozenset(reached)
        begin += count
    return git_history.read_reachable_tag_names(root, head) if begin < len(ranks) else frozenset(reached)


def complete(
    location: Location, config: Config, remote: str | None, asked: Asked
) -> tuple[Location, tuple[TagRef, ...]]:
    """The location and its local tags, once what a shallow or tagless clone lacks has been fetched.

    Raises:
        Refused: something may be missing and may not, or cannot, be fetched.
    """
    local_tags = git_history.read_tags(location.root)
    configured = tags.parse_format(config.tag_format) if config.tag_format else None
    has_version = any(_version_of(configured, tag.name) is not None for tag in local_tags)
    lack = _find_lack(location, remote, has_version=has_version)
    if lack is None:
        return location, local_tags
    from verbump.effects import completing

    if asked.is_offline or remote is None:
        if lack == "tags" and (asked.is_exact or not _was_fetched(location, remote)):
            return location, local_tags
        raise completing.refuse(lack, remote)
    completing.fetch(location, remote, lack, looking=not asked.is_release)
    location = git_history.locate(location.root)
    return location, git_history.read_tags(location.root)


def _find_lack(location: Location, remote: str | None, *, has_version: bool) -> str | None:
    """`history` for a shallow clone, `tags` for one made without tags or that holds no version tag, else None."""
    if location.is_shallow:
        return "history"
    if remote is None:
        return None
    if not has_version or location.settings.last(f"remote.{remote}.tagopt") == "--no-tags":
        return "tags"
    return None


def _was_fetched(location: Location, remote: str | None) -> bool:
    """Whether anything was ever fetched from the remote or pushed to it: then tags may have been left behind."""
    _, out, _ = git_history.look(location.root, "for-each-ref", "--count=1", f"refs/remotes/{remote}/")
    return bool(out.strip())


def tag_format(config: Config, local: Iterable[TagRef], reachable: Collection[str]) -> TagFormat:
    """The configured format, else that of the highest reachable final tag, else `v{version}`."""
    if config.tag_format is not None:
        return tags.parse_format(config.tag_format)
    try:
        return tags.infer_format(tag.name for tag in local if tag.name in reachable) or tags.DEFAULT_FORMAT
    except InputError as error:
        raise Refused([error.as_problem()]) from error


def _version_of(configured: TagFormat | None, name: str) -> versions.Version | None:
    if configured is not None:
        return configured.version(name)
    found = tags.infer_format([name])
    return found.version(name) if found else None


def version_tags(location: Location, form: TagFormat, known: Known, head: str) -> tuple[VersionTag, ...]:
    """Local and remote tags that are versions, as one list. A remote tag that is not here counts by its commit."""
    there = {tag.name: tag for tag in known.remote}
    found = []
    for tag in known.local:
        version = form.version(tag.name)
        if version is not None:
            found.append(
                VersionTag(
                    name=tag.name,
                    version=version,
                    target=tag.target,
                    commit=tag.commit,
                    is_reachable=tag.name in known.reachable,
                    is_remote=tag.name in there,
                    remote_target=there[tag.name].target if tag.name in there else "",
                )
            )
    highest = max((tag.version for tag in found if tag.is_reachable), default=None)
    names = {tag.name for tag in known.local}
    for tag in known.remote:
        version = form.version(tag.name)
        if version is None or tag.name in names:
            continue
        matters = highest is None or version > highest
        found.append(
            VersionTag(
                name=tag.name,
                version=version,
                target=tag.target,
                commit=tag.commit,
                is_reachable=matters and git_history.is_reached(location.root, tag.commit, head),
                is_local=False,
                is_remote=True,
                remote_target=tag.target,
            )
        )
    return tuple(found)
