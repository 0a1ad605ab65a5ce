"""Every setting: its type and its default; `descriptions` says what each is for.

Source: commands.md, "Configuration".
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  msgspec reads the annotations at run time
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRule:
    """How far a commit type goes, and the category of its entries."""

    bump: Literal["none", "patch", "minor", "major"]
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """What states the version: a file by its format, at `key`, or where `pattern` matches; several by a glob."""

    path: str
    key: str = ""
    pattern: str = ""
    scheme: Literal["semver", "pep440"] | None = None

    @property
    def is_glob(self) -> bool:
        """Whether the path stands for every file that it and the pattern match."""
        return "*" in self.path or "?" in self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksConfig:
    """Commands as argv lists; `paths` are the files that `before_commit` may change beside the release's own."""

    before_commit: tuple[tuple[str, ...], ...] = ()
    after_release: tuple[tuple[str, ...], ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesConfig:
    """What release notes hold beside the changelog section; `max_length` in UTF-16 units."""

    contributors: bool = False
    compare_link: bool = True
    checksums: bool = False
    max_length: int = 125_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConfig:
    """What `verbump check` allows; an empty list allows all, 0 any length (in characters)."""

    strict: bool = False
    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    header_length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """How `verbump build` builds and tests; None stands for "found by looking"."""

    targets: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    archives: tuple[str, ...] | None = None
    interpreters: tuple[str, ...] = ()
    tests: tuple[str, ...] = ("tests",)
    test_command: tuple[str, ...] = ("python", "-m", "pytest", "tests")
    test_requires: tuple[str, ...] = ("pytest",)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentsConfig:
    """The environments on GitHub that hold a job back until somebody approves it."""

    release: str = "release"
    pypi: str = "pypi"
    crates: str = "crates-io"
    packages: str = "packages"
    sign: str = "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowsConfig:
    """Which workflows `verbump workflows` writes, and how; None stands for "found by looking"."""

    files: tuple[Literal["release", "release-pr", "preview", "ci", "security", "bench", "dependabot"], ...] = (
        "release",
        "preview",
        "dependabot",
    )
    release: str = "release.yml"
    targets: Literal["standard", "extended"] = "standard"
    pythons: tuple[str, ...] = ()
    free_threaded: bool | None = None
    manylinux: str = "2_28"
    musllinux: str = "1_2"
    tests: Literal["ends", "all"] = "ends"
    audit: Literal["fail", "warn", "off"] = "warn"
    attest: bool = True
    pypi: bool | None = None
    crates: bool = False
    bench: bool = False
    bench_percent: int = 10
    sign: tuple[Literal["macos", "windows"], ...] = ()
    packages: tuple[Literal["homebrew", "conda", "chocolatey", "scoop", "winget", "docker"], ...] = ()
    docker_base: str = ""
    homebrew_tap: str = ""
    scoop_bucket: str = ""
    ci_commands: tuple[tuple[str, ...], ...] = ()
    ci_tests: tuple[tuple[str, ...], ...] = ()
    environments: EnvironmentsConfig = field(default_factory=EnvironmentsConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubConfig:
    """What a release does on GitHub: comments, and the labels of its pull request."""

    comment_released: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishConfig:
    """Where `verbump publish` uploads to; None stands for PyPI, for the index that belongs to it, for crates.io."""

    repository_url: str | None = None
    index_url: str | None = None
    trusted_publishing: Literal["auto", "always", "never"] = "auto"
    registry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageConfig:
    """One package of several in a repository."""

    name: str
    path: str
    tag_format: str | None = None
    changelog: str | Literal[False] | None = None
    manifests: tuple[ManifestEntry, ...] | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting. None stands for "found by looking"."""

    tag_format: str | None = None
    initial_version: str | None = None
    zero_version: Literal["minor", "cargo", "strict"] | None = None
    types: Mapping[str, TypeRule] = field(default_factory=_nothing)
    convention: Literal["conventional", "commitizen"] = "conventional"
    compat: (
        Literal["commitizen", "python-semantic-release", "release-please", "semantic-release", "git-cliff"] | None
    ) = None
    changelog: str | Literal[False] = "CHANGELOG.md"
    manifests: tuple[ManifestEntry, ...] | None = None
    release_branches: tuple[str, ...] = ("main", "master", "[0-9]*.x")
    prerelease_branches: Mapping[str, str] = field(default_factory=_nothing)
    commit_message: str = "chore(release): {version}"
    squash: Literal["title", "body"] = "title"
    overrides: Mapping[str, str] = field(default_factory=_nothing)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    packages: tuple[PackageConfig, ...] = ()
    dependents: Literal["requirement", "patch"] = "requirement"
    categories: tuple[str, ...] = ()
    template: str | None = None
    git_hooks: bool = False
    remote: str | None = None
    hooks: HooksConfig = field(default_factory=HooksConfig)
    notes: NotesConfig = field(default_factory=NotesConfig)
    check: CheckConfig = field(default_factory=CheckConfig)
    build: BuildConfig = field(default_factory=BuildConfig)
    github: GitHubConfig = field(default_factory=GitHubConfig)
    publish: PublishConfig = field(default_factory=PublishConfig)
    workflows: WorkflowsConfig = field(default_factory=WorkflowsConfig)


DEFAULT = Config()


def usual_zero_version(compat: str | None) -> Literal["minor", "strict"]:
    """`zero_version` where it is left out. Each tool of `compat` makes a breaking change 1.0.0 unless told not to."""
    return "minor" if compat is None else "strict"
