"""Everything a plan may depend on, as it was read. Nothing here asks again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from verbump.config import Config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.domain.commit_rules import CommitRules
    from verbump.domain.commits import Commit
    from verbump.domain.forge import Forge
    from verbump.domain.manifests import Format
    from verbump.domain.tags import TagFormat
    from verbump.domain.versions import Scheme, Version
    from verbump.errors import Problem
    from verbump.planning.templates import Renderer


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTag:
    """A tag that is a version. `target` is the tag object, `commit` what it peels to.

    `is_local` and `is_remote` say where it was seen; `remote_target` is the remote's tag object where that differs.
    """

    name: str
    version: Version
    target: str
    commit: str
    is_reachable: bool
    is_local: bool = True
    is_remote: bool = False
    remote_target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A file that states the version, as it was found or listed. `key` and `pattern` belong to those formats.

    `unsafe` is why it may be neither read nor written (a symbolic link, say), or None.
    """

    path: PurePosixPath
    format: Format
    scheme: Scheme
    key: str = ""
    pattern: str = ""
    is_listed: bool = False
    is_member: bool = False
    unsafe: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who makes the release commit and tag. `note` says where it came from when git did not know one."""

    name: str
    email: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteState:
    """What the remote answered. `tip` is its branch's commit, None where it has no such branch.

    `error` is git's message when it could not be read; then nothing else here counts.
    """

    name: str
    url: str = ""
    tip: str | None = None
    is_tip_reached: bool = True
    is_mirror: bool = False
    tag_names: frozenset[str] = frozenset()
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathState:
    """What git and the disk say of a target file. `unsafe` is why it may not be written, or None."""

    is_tracked: bool
    exists: bool = True
    is_ignored: bool = False
    is_changed: bool = False
    mode: str = "100644"
    unsafe: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """The workflow that a release's tag starts, as it stands at HEAD.

    `inputs` are those of a dispatch, None where there is no dispatch. `may_be_silent`: a push may start nothing.
    """

    workflow: str
    inputs: tuple[str, ...] | None
    is_for_tags: bool
    may_be_silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What only a release asks: the state of repository, work tree, identity and remote.

    `operation` is a merge, rebase, … under way; `ahead` the commits of the branch that the remote lacks, newest first.
    """

    git_version: tuple[int, ...]
    identity: Identity | None
    operation: str | None = None
    has_conflicts: bool = False
    locked: str | None = None
    signs_commits: bool = False
    signs_tags: bool = False
    paths: Mapping[PurePosixPath, PathState] = field(default_factory=dict)
    remote: RemoteState | None = None
    remote_names: tuple[str, ...] = ()
    ahead: tuple[Commit, ...] = ()
    pre_push_hook: bool = False
    starting: Starting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One repository at one moment; or, as a package's view, what of it concerns that package.

    `commits` are those that HEAD reaches and the last final tag does not, newest first; `fresh` those of them that
    the current tag does not reach either (the same, unless the current version is a candidate). `texts` holds the
    changelog and every file of `targets` that exists. `today` is the UTC date, `timestamp` its second. `templates`
    renders the user's templates, None where there are none; `rules` are those of `convention = "commitizen"`.

    Where a repository holds several packages, `packages` are they, tags and commits stand in their views alone, and
    `targets` are the files of all. In a view `package` is its name, and `updated` are name and version of the
    packages it depends on that are released along with it.
    """

    head: str
    branch: str | None
    today: str
    timestamp: int
    tag_format: TagFormat
    tags: tuple[VersionTag, ...] = ()
    commits: tuple[Commit, ...] = ()
    fresh: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    texts: Mapping[PurePosixPath, str] = field(default_factory=dict)
    forge: Forge | None = None
    config: Config = field(default_factory=Config)
    readiness: Readiness | None = None
    problems: tuple[Problem, ...] = ()
    is_detached: bool = False
    tag_names: frozenset[str] = frozenset()
    templates: Renderer | None = None
    rules: CommitRules | None = None
    packages: tuple[Package, ...] = ()
    package: str = ""
    updated: tuple[tuple[str, str], ...] = ()

    @property
    def foreign_tags(self) -> int:
        """How many local tags are no versions in the tag format."""
        return len(self.tag_names) - sum(1 for tag in self.tags if tag.is_local)

    @property
    def changelog_path(self) -> PurePosixPath | None:
        """Where the changelog is, or None when the project keeps none."""
        return PurePosixPath(self.config.changelog) if self.config.changelog else None

    @property
    def changelog(self) -> str | None:
        """The changelog's text, None where there is none."""
        path = self.changelog_path
        return None if path is None else self.texts.get(path)

    def current(self) -> VersionTag | None:
        """The highest version tag that HEAD reaches, candidates included."""
        return max((tag for tag in self.tags if tag.is_reachable), key=lambda tag: tag.version, default=None)

    def last_final(self) -> VersionTag | None:
        """The highest final version tag that HEAD reaches."""
        finals = (tag for tag in self.tags if tag.is_reachable and not tag.version.prerelease)
        return max(finals, key=lambda tag: tag.version, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One of several packages: its folder, and the repository as seen for it alone."""

    name: str
    path: PurePosixPath
    view: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for. `exact` is a version, `token` a pre-release's, `floor` the least bump."""

    exact: str | None = None
    token: str | None = None
    floor: Literal["patch", "minor", "major"] | None = None
    package: str | None = None
    is_aligning: bool = False
    is_pushing: bool = True
    sign: bool | None = None
