"""[tool.verbump] → Config: defaults, types, and every mistake named with its place and the likely meaning.

Source: commands.md, "Configuration".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping  # noqa: TC003  msgspec reads the annotations at run time
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal

from verbump.errors import ConfigError


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRule:
    """How far a commit type goes, and the category of its entries."""

    bump: Literal["none", "patch", "minor", "major"]
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """A listed file that states the version: by its format, at `key`, or where `pattern` matches."""

    path: str
    key: str = ""
    pattern: str = ""
    scheme: Literal["semver", "pep440"] | None = None


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
    max_length: int = 125_000


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
    zero_version: Literal["minor", "cargo", "strict"] = "minor"
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
    categories: tuple[str, ...] = ()
    template: str | None = None
    git_hooks: bool = False
    remote: str | None = None
    hooks: HooksConfig = field(default_factory=HooksConfig)
    notes: NotesConfig = field(default_factory=NotesConfig)
    build: Mapping[str, Any] = field(default_factory=_nothing)
    publish: Mapping[str, Any] = field(default_factory=_nothing)
    workflows: Mapping[str, Any] = field(default_factory=_nothing)


DEFAULT = Config()

_SOURCES = (
    ("pyproject.toml", ("tool", "verbump")),
    ("verbump.toml", ()),
    ("Cargo.toml", ("package", "metadata", "verbump")),
    ("Cargo.toml", ("workspace", "metadata", "verbump")),
)
# Texts that make GitHub or GitLab skip the workflows of a push: the tag's as well.
_SKIPS_CI = re.compile(
    r"\[(?:skip ci|ci skip|no ci|skip actions|actions skip|skip-ci|ci-skip)\]|\*\*\*no_ci\*\*\*|^skip-checks:",
    re.IGNORECASE | re.MULTILINE,
)
_SHA = re.compile(r"[0-9a-f]{7,64}")


def find_table(documents: Mapping[str, Mapping[str, object]]) -> tuple[Mapping[str, object], str]:
    """The table that holds the configuration, and where it stands; ({}, "") where there is none.

    `documents` is file name → parsed TOML.

    Raises:
        ConfigError: it stands in two places.
    """
    found: list[tuple[Mapping[str, object], str]] = []
    for name, path in _SOURCES:
        node: Any = documents.get(name)
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and (node or path):
            found.append((node, f"{name} [{'.'.join(path)}]" if path else name))
    if len(found) > 1:
        places = " and ".join(source for _, source in found)
        raise ConfigError(f"two configurations: {places}", hint="keep one of them", code="two-configurations")
    return found[0] if found else ({}, "")


def parse(table: Mapping[str, object], *, source: str) -> Config:
    """The configuration that `table` spells. `source` is the file, for messages.

    Raises:
        ConfigError: unknown keys, wrong types, impossible values; all of them, a line each.
    """
    import msgspec

    faults = [*_unknown_keys(table, Config, "")]
    if len(faults) == 1:
        raise _error(source, [faults[0][0]], faults[0][1])
    if faults:
        raise _error(source, [f"{fault}: {hint}" for fault, hint in faults], "")
    try:
        config = msgspec.convert(_normal(table), Config)
    except msgspec.ValidationError as error:
        raise _error(source, [_worded(str(error))], "verbump schema") from error
    if wrong := list(_impossible(config)):
        raise _error(source, wrong, "")
    return config


def json_schema() -> dict[str, object]:
    """The JSON schema of the table: types, choices, a description for each setting."""
    import msgspec

    schema = msgspec.json.schema(Config)
    definitions: dict[str, Any] = schema["$defs"]
    for definition in definitions.values():
        definition["additionalProperties"] = False
    for name, text in DESCRIPTIONS.items():
        definitions["Config"]["properties"][name]["description"] = text
    entries = definitions["Config"]["properties"]["manifests"]["anyOf"]
    for choice in entries:
        if choice.get("type") == "array":
            choice["items"] = {"anyOf": [{"type": "string"}, choice["items"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "[tool.verbump]", **schema}


DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "tag_format": "How tags are named, with one {version}. Found: the format of the highest reachable final tag.",
        "initial_version": "The first release's version. Found: what the manifests say if above 0.0.0, else 0.1.0.",
        "zero_version": "What breaking changes and features are below 1.0.0.",
        "types": "Commit type to {bump, category}: changes or adds rows of the rule table.",
        "convention": "The commit convention: Conventional Commits, or what [tool.commitizen] names.",
        "compat": "Another tool's bump rules.",
        "changelog": "The changelog's path, or false.",
        "manifests": "Files that state the version: paths, or {path, key | pattern, scheme}.",
        "release_branches": "Globs of the branches that may release; a maintenance branch may not leave its range.",
        "prerelease_branches": "Branch glob to pre-release token.",
        "commit_message": "The release commit's subject, with {version}.",
        "squash": "Whether bullets in the body of a squashed commit are commits of their own.",
        "overrides": "Abbreviated sha to the message that stands for that commit's.",
        "include": "Path globs of the commits that count.",
        "exclude": "Path globs of the commits that do not count.",
        "packages": "Packages with versions of their own.",
        "categories": "Titles of the changelog's categories, in their order.",
        "template": "A template folder inside the repository.",
        "git_hooks": "Run pre-commit and commit-msg on the release tree.",
        "remote": "The remote to push to. Found: the upstream's, else origin.",
        "hooks": "Commands to run before the release commit and after the release.",
        "notes": "What release notes hold.",
        "build": "How the project is built.",
        "publish": "Where the project is published.",
        "workflows": "Which workflows are written.",
    }
)


def _normal(table: Mapping[str, object]) -> dict[str, Any]:
    """The table with plain strings of `manifests` lists made records."""
    made: dict[str, Any] = dict(table)
    for holder in (made, *_tables(made.get("packages"))):
        if isinstance(holder.get("manifests"), list):
            holder["manifests"] = [{"path": each} if isinstance(each, str) else each for each in holder["manifests"]]
    return made


def _tables(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _unknown_keys(table: Mapping[str, object], kind: type, place: str) -> Iterator[tuple[str, str]]:
    """Each key that is no setting: where it stands, and which setting was probably meant."""
    import difflib

    known = {each.name for each in fields(kind)}
    for key, value in table.items():
        where = f"{place}{key}"
        if key not in known:
            close = difflib.get_close_matches(key.replace("-", "_").lower(), known, n=1)
            yield f"{where} is not a setting", f"did you mean {close[0]}?" if close else "verbump schema lists them"
            continue
        inner = _NESTED.get((kind.__name__, key))
        if inner is None:
            continue
        if key == "types" and isinstance(value, dict):
            for name, row in value.items():
                if isinstance(row, dict):
                    yield from _unknown_keys(row, inner, f"{where}.{name}.")
        elif isinstance(value, dict):
            yield from _unknown_keys(value, inner, f"{where}.")
        elif isinstance(value, list):
            for index, row in enumerate(value):
                if isinstance(row, dict):
                    yield from _unknown_keys(row, inner, f"{where}[{index}].")


_NESTED: Mapping[tuple[str, str], type] = MappingProxyType(
    {
        ("Config", "types"): TypeRule,
        ("Config", "manifests"): ManifestEntry,
        ("Config", "hooks"): HooksConfig,
        ("Config", "notes"): NotesConfig,
        ("Config", "packages"): PackageConfig,
        ("PackageConfig", "manifests"): ManifestEntry,
    }
)


def _worded(said: str) -> str:
    """msgspec's message with the path first: `squash: expected …`."""
    what, _, path = said.partition(" - at `")
    where = path.rstrip("`").removeprefix("$").removeprefix(".") or "the table"
    found = re.fullmatch(r"Invalid enum value (.*)", what)
    if found is not None:
        return f"{where}: expected {_choices(where)}, got {found[1]}"
    return f"{where}: {what[0].lower()}{what[1:]}"


def _choices(where: str) -> str:
    """The values that a setting may have, in words."""
    from typing import get_args, get_type_hints

    name = re.sub(r"\[[^\]]*\]", "", where).rpartition(".")[2]
    hints = [get_type_hints(kind).get(name) for kind in (Config, TypeRule, ManifestEntry, PackageConfig)]
    hint = next((each for each in hints if each is not None), None)
    flat = [value for each in get_args(hint) for value in (get_args(each) or (each,))]
    shown = [repr(value) for value in flat if isinstance(value, (str, bool))]
    return " or ".join(["a text"] * (str in flat) + shown) or "another value"


def _impossible(config: Config) -> Iterator[str]:
    """Values of the right type that cannot work."""
    yield from _unavailable(config)
    yield from _impossible_versions(config)
    yield from _impossible_message(config.commit_message)
    for key in config.overrides:
        if not _SHA.fullmatch(key):
            yield f"overrides.{key}: expected 7 to 64 hex digits of a commit"
    for where, path in _paths(config):
        if not path or path.startswith("/") or "\\" in path or ".." in path.split("/"):
            yield f"{where}: expected a path inside the repository with forward slashes, got {path!r}"
    for index, entry in enumerate(config.manifests or ()):
        if entry.key and entry.pattern:
            yield f"manifests[{index}]: either key or pattern, not both"
    for name, rule in config.types.items():
        if not re.fullmatch(r"[\w-]+", name):
            yield f"types.{name}: a commit type is letters, digits, - and _"
        if rule.category is not None and not rule.category.strip():
            yield f"types.{name}.category: empty; leave it out for no entry"
    for place, commands in (
        ("before_commit", config.hooks.before_commit),
        ("after_release", config.hooks.after_release),
    ):
        yield from (f"hooks.{place}[{index}]: an empty command" for index, argv in enumerate(commands) if not argv)


def _unavailable(config: Config) -> Iterator[str]:
    """Settings of the contract that this version cannot honour: refused, since ignoring them would release wrongly."""
    asked = {
        "convention": config.convention != "conventional",
        "compat": config.compat is not None,
        "template": config.template is not None,
        "packages": bool(config.packages),
        "include": bool(config.include),
        "exclude": bool(config.exclude),
    }
    yield from (f"{name}: is not available in this version" for name, is_asked in asked.items() if is_asked)


def _impossible_versions(config: Config) -> Iterator[str]:
    from verbump.domain import tags, versions
    from verbump.errors import InputError

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
    if "\n" in message or "\r" in message:
        yield "commit_message: expected one line"
    found = _SKIPS_CI.search(message)
    if found:
        yield f"commit_message: {found[0]!r} makes CI skip the tag's workflow too, so nothing would be published"


def _paths(config: Config) -> Iterator[tuple[str, str]]:
    if config.changelog:
        yield "changelog", config.changelog
    for index, entry in enumerate(config.manifests or ()):
        yield f"manifests[{index}].path", entry.path
    for index, path in enumerate(config.hooks.paths):
        yield f"hooks.paths[{index}]", path
    if config.template is not None:
        yield "template", config.template


def _error(source: str, faults: list[str], hint: str) -> ConfigError:
    where = source.replace(" [", ": ").removesuffix("]")
    lines = []
    for fault in faults:
        dotted = where.partition(": ")[2]
        lines.append(f"{where}.{fault}" if dotted else f"{where}: {fault}")
    return ConfigError("\n".join(lines), hint=hint)
