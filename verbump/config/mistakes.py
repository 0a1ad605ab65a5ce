"""Values of the right type that cannot work: versions, messages, paths, names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.config import package_mistakes, workflow_mistakes
from verbump.config.shape import joined
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbump.config.settings import BuildConfig, Config, ManifestEntry

# Texts that make GitHub, GitLab or Azure skip the workflows of a push: the tag's as well.
_SKIPS_CI = re.compile(
    r"\[(?:skip|no)[ _-]ci\]|\[ci[ _-]skip\]|\[skip actions\]|\[actions skip\]|\*\*\*no_ci\*\*\*|skip-checks:",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SHA = re.compile(r"[0-9a-fA-F]{7,64}")
_REMOTE = re.compile(r"[^-\s]\S*")
_DRIVE = re.compile(r"[A-Za-z]:")
_TRIPLE = re.compile(r"[a-z0-9_.]+(?:-[a-z0-9_.]+){1,3}")
_CRATE = re.compile(r"[A-Za-z0-9_-]+")


def find_impossible(config: Config) -> Iterator[str]:
    """What cannot work, each beginning with the path of its setting."""
    yield from _impossible_compat(config)
    yield from _impossible_versions(config)
    yield from _impossible_message(config.commit_message)
    for key in config.overrides:
        if not _SHA.fullmatch(key):
            yield f"{joined('overrides', key)}: expected 7 to 64 hex digits of a commit"
    yield from _impossible_paths(config)
    yield from _impossible_manifests("manifests", config.manifests)
    for index, package in enumerate(config.packages):
        yield from _impossible_manifests(f"packages[{index}].manifests", package.manifests)
    yield from _impossible_globs(config)
    yield from package_mistakes.find(config)
    yield from _impossible_types(config)
    yield from _impossible_tokens(config.prerelease_branches)
    if config.remote is not None and not _REMOTE.fullmatch(config.remote):
        yield f"remote: expected the name of a remote, got {config.remote!r}"
    if config.notes.max_length < 1:
        yield f"notes.max_length: expected 1 or more, got {config.notes.max_length}"
    if config.check.header_length < 0:
        yield f"check.header_length: expected 0 or more, got {config.check.header_length}"
    yield from _impossible_build(config.build)
    yield from workflow_mistakes.find(config.workflows)
    for place, commands in (
        ("before_commit", config.hooks.before_commit),
        ("after_release", config.hooks.after_release),
    ):
        for index, argv in enumerate(commands):
            if not argv or not argv[0]:
                yield f"hooks.{place}[{index}]: an empty command"


def _impossible_build(build: BuildConfig) -> Iterator[str]:
    for index, target in enumerate(build.targets):
        if not _TRIPLE.fullmatch(target):
            yield f"build.targets[{index}]: expected a target triple such as aarch64-apple-darwin, got {target!r}"
    for place, words in (("features", build.features), ("archives", build.archives or ())):
        for index, word in enumerate(words):
            if not _CRATE.fullmatch(word.replace("/", "-") if place == "features" else word):
                yield f"build.{place}[{index}]: expected a name that cargo knows, got {word!r}"
    for place, words in (("interpreters", build.interpreters), ("test_requires", build.test_requires)):
        for index, word in enumerate(words):
            if not word or word.startswith("-"):
                yield f"build.{place}[{index}]: expected a name, got {word!r}"
    if build.test_command and not build.test_command[0]:
        yield "build.test_command: an empty command"


def _impossible_compat(config: Config) -> Iterator[str]:
    if config.compat is not None and config.convention != "conventional":
        yield f'compat: {config.compat} and convention = "{config.convention}" each have rules: leave one out'
    if config.compat is not None and config.squash == "body":
        yield f"compat: {config.compat} decides what a squash's body counts for: leave squash out"


def _impossible_versions(config: Config) -> Iterator[str]:
    from verbump.domain import tags, versions

    if config.tag_format is not None:
        try:
            tags.parse_format(config.tag_format)
        except ConfigError as error:
            yield f"{error.message} (for example {error.hint})"
    if config.initial_version is not None:
        try:
            versions.parse(config.initial_version)
        except InputError as error:
            yield f"initial_version: {error.message}"


def _impossible_message(message: str) -> Iterator[str]:
    if "{version}" not in message:
        yield f"commit_message: expected {{version}} in it, got {message!r}"
    if _CONTROL.search(message):
        yield "commit_message: expected one line"
    found = _SKIPS_CI.search(message)
    if found:
        yield f"commit_message: {found[0]!r} makes CI skip the tag's workflow too, so nothing would be published"


def _impossible_manifests(where: str, entries: Iterable[ManifestEntry] | None) -> Iterator[str]:
    for index, entry in enumerate(entries or ()):
        if entry.key and entry.pattern:
            yield f"{where}[{index}]: either key or pattern, not both"
        elif entry.is_glob and not entry.pattern:
            yield f"{where}[{index}]: a glob needs a pattern, which says which files it means: {entry.path!r}"
        if entry.pattern:
            from verbump.domain.manifests import stated

            try:
                stated.compile_pattern(entry.pattern)
            except ConfigError as error:
                yield f"{where}[{index}].pattern: {error.message}"


def _impossible_paths(config: Config) -> Iterator[str]:
    for where, path in _files(config):
        if path in {"", "."} or path.endswith("/") or "\\" in path or _DRIVE.match(path) or _leads_outside(path):
            yield f"{where}: expected a file inside the repository, with forward slashes, got {path!r}"
        elif ".git" in path.lower().split("/"):
            yield f"{where}: {path!r} is git's own"
    folders = [(f"packages[{index}].path", package.path) for index, package in enumerate(config.packages)]
    folders += [("template", config.template)] if config.template is not None else []
    for where, path in folders:
        if not path or "\\" in path or _DRIVE.match(path) or _leads_outside(path):
            yield f"{where}: expected a folder inside the repository, with forward slashes, got {path!r}"


def _files(config: Config) -> Iterator[tuple[str, str]]:
    if isinstance(config.changelog, str):
        yield "changelog", config.changelog
    yield from _listed("manifests", config.manifests)
    for index, path in enumerate(config.hooks.paths):
        yield f"hooks.paths[{index}]", path
    for index, path in enumerate(config.build.tests):
        yield f"build.tests[{index}]", path.removesuffix("/")
    for index, package in enumerate(config.packages):
        if isinstance(package.changelog, str):
            yield f"packages[{index}].changelog", package.changelog
        yield from _listed(f"packages[{index}].manifests", package.manifests)


def _listed(where: str, entries: Iterable[ManifestEntry] | None) -> Iterator[tuple[str, str]]:
    return ((f"{where}[{index}].path", entry.path) for index, entry in enumerate(entries or ()))


def _leads_outside(path: str) -> bool:
    return path.startswith("/") or ".." in path.split("/") or _CONTROL.search(path) is not None


def _impossible_globs(config: Config) -> Iterator[str]:
    lists = [("include", config.include), ("exclude", config.exclude)]
    for index, package in enumerate(config.packages):
        lists += [(f"packages[{index}].include", package.include), (f"packages[{index}].exclude", package.exclude)]
    for place, globs in lists:
        for index, glob in enumerate(globs):
            if not glob or _leads_outside(glob):
                yield f"{place}[{index}]: expected a glob inside the repository, got {glob!r}"
    yield from (f"release_branches[{index}]: an empty glob" for index, g in enumerate(config.release_branches) if not g)


def _impossible_types(config: Config) -> Iterator[str]:
    seen: set[str] = set()
    for name, rule in config.types.items():
        where = joined("types", name)
        if not re.fullmatch(r"[\w-]+", name):
            yield f"{where}: a commit type is letters, digits, - and _"
        if name.lower() in seen:
            yield f"{where}: the same type twice, since types are compared without case"
        seen.add(name.lower())
        if rule.category is not None and not _is_title(rule.category):
            yield f"{where}.category: expected a title on one line, got {rule.category!r}; leave it out for no entry"
    titles: set[str] = set()
    for index, title in enumerate(config.categories):
        if not _is_title(title):
            yield f"categories[{index}]: expected a title on one line, got {title!r}"
        elif title.casefold() in titles:
            yield f"categories[{index}]: {title!r} stands twice"
        titles.add(title.casefold())


def _is_title(text: str) -> bool:
    return bool(text.strip()) and not _CONTROL.search(text)


def _impossible_tokens(branches: Mapping[str, str]) -> Iterator[str]:
    from verbump.domain import versions
    from verbump.domain.bumps import Bump

    for glob, token in branches.items():
        where = joined("prerelease_branches", glob)
        if not glob:
            yield f"{where}: an empty glob"
        first = versions.Version(0, 1, 0)  # of any project: whether the token may follow is asked with the release
        try:
            versions.next_version(
                versions.NextRequest(final=None, current=None, bump=Bump.MINOR, token=token, taken=(), initial=first)
            )
        except InputError as error:
            yield f"{where}: {error.message}"
