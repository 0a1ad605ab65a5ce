"""The configuration that `init` proposes: what differs from what verbump finds by itself, in its file."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump import config
from verbump.domain.manifests import toml_text
from verbump.errors import ConfigError, InputError
from verbump.planning.actions import Plan, WriteFile
from verbump.planning.adoption import layout, listed, toml_writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.domain.manifests.toml_text import KeyPath
    from verbump.planning.adoption.foreign import Draft
    from verbump.planning.adoption.surroundings import Surroundings

_CHANGELOGS = (
    "CHANGES.md",
    "HISTORY.md",
    "NEWS.md",
    "RELEASES.md",
    "Changelog.md",
    "changelog.md",
    "docs/CHANGELOG.md",
)
#: Files in which a configuration, a changelog or a hook of verbump's own may stand.
PATHS = ("pyproject.toml", "verbump.toml", "Cargo.toml", "CHANGELOG.md", *_CHANGELOGS, *layout.PATHS)
_PYPROJECT: KeyPath = ("tool", "verbump")
#: Set by the translators to one of the names that it may have.
TRUSTED = {"compat"}


def propose_settings(around: Surroundings) -> dict[str, Any]:
    """The settings in the order of the reference, as TOML holds them: only what is not so by default.

    Settings of the draft that verbump would not load are taken out and noted in the draft.
    """
    draft = around.draft
    settings = {**draft.settings, **layout.propose_layout(around)}
    settings.setdefault("release_branches", _release_branches(around))
    if "changelog" not in settings and (path := _other_changelog(around)) is not None:
        settings["changelog"] = path
    if "manifests" in settings:
        settings["manifests"] = listed.settle_manifests(around, settings["manifests"])
    if "packages" in settings:
        settings["packages"] = listed.settle_packages(around, settings["packages"])
    order = list(config.DESCRIPTIONS["Config"])
    kept = {name: settings[name] for name in sorted(settings, key=order.index)}
    if "packages" in kept:
        kept["packages"] = _sound_packages(draft, kept["packages"])
    kept = {name: value for name, value in kept.items() if _is_needed(around, name, value)}
    return {name: value for name, value in kept.items() if _is_sound(draft, name, value)}


def plan_configuration(around: Surroundings, settings: Mapping[str, Any]) -> Plan:
    """Write the proposed settings where the configuration belongs; nothing where none are needed.

    A configuration that is there stays unless `--from` asks for another; then it is a problem, unless forced.
    """
    where, table, present = _place(around)
    shown = f"{where} [{toml_text.render_path(table)}]" if table else where
    if present is not None and (around.tool is None or present == dict(settings)):
        return Plan(said=(f"{shown}: is there already, and stays as it is",))
    if present is None and not settings:
        is_found = around.snapshot.targets or around.snapshot.packages
        why = "everything is found" if is_found else "there is no manifest, so only tags state the version"
        return Plan(said=(f"no configuration is needed: {why}",))
    if present is not None and not around.is_forced:
        problem = InputError(
            f"{shown}: there is a configuration already, and it says something else",
            hint="verbump init --force replaces it",
            code="configuration-exists",
        )
        return Plan(problems=(problem.as_problem(),))
    before = around.texts.get(where)
    try:
        after = toml_writing.with_settings(before, settings, table)
    except InputError as error:
        if present is not None or where == "verbump.toml":
            return Plan(problems=(error.at(where).as_problem(),))
        where, before = "verbump.toml", around.texts.get("verbump.toml")
        after = toml_writing.with_settings(before, settings, ())
    return Plan(actions=(WriteFile(path=PurePosixPath(where), before=before, after=after),))


def _place(around: Surroundings) -> tuple[str, KeyPath, Any]:
    """File and table of the configuration, and what stands there, or None.

    A manifest that cannot be parsed is no place for it: the configuration then stands in a file of its own.
    """
    documents: dict[str, dict[str, Any]] = {}
    for name in ("pyproject.toml", "verbump.toml", "Cargo.toml"):
        try:
            if name in around.texts:
                documents[name] = toml_text.read_toml(around.texts[name]).document
        except InputError:
            continue
    cargo = documents.get("Cargo.toml", {})
    tables: list[tuple[str, KeyPath]] = [
        ("pyproject.toml", _PYPROJECT),
        ("verbump.toml", ()),
        ("Cargo.toml", ("workspace", "metadata", "verbump")),
        ("Cargo.toml", ("package", "metadata", "verbump")),
    ]
    for name, table in tables:
        value = toml_text.value_at(documents.get(name), table)
        if value or (table and value is not None):
            return name, table, value
    if "pyproject.toml" in documents:
        return "pyproject.toml", _PYPROJECT, None
    if "workspace" in cargo or "package" in cargo:
        return "Cargo.toml", ("workspace" if "workspace" in cargo else "package", "metadata", "verbump"), None
    return "verbump.toml", (), None


def _release_branches(around: Surroundings) -> list[str]:
    usual = config.DEFAULT.release_branches
    branch = around.default_branch
    if branch is None or any(fnmatchcase(branch, glob) for glob in usual):
        return list(usual)
    return [branch, *usual]


def _other_changelog(around: Surroundings) -> str | None:
    if "CHANGELOG.md" in around.texts:
        return None
    return next((path for path in _CHANGELOGS if path in around.texts), None)


def _is_needed(around: Surroundings, name: str, value: Any) -> bool:
    """Whether the setting says anything that is not so without it."""
    snapshot = around.snapshot
    current = snapshot.current()
    match name:
        case "tag_format":
            return not around.has_inferred_format and value != "v{version}"
        case "initial_version":
            return current is None
        case "zero_version":
            usual = config.usual_zero_version(around.draft.settings.get("compat"))
            return value != usual and (current is None or current.version.major == 0)
        case "manifests":
            paths = {item for item in value if isinstance(item, str)}
            return any(isinstance(item, dict) for item in value) or not paths <= {str(t.path) for t in snapshot.targets}
        case "release_branches":
            return not set(value) <= set(config.DEFAULT.release_branches)
        case "changelog" | "commit_message" | "squash" | "remote":
            return bool(value != (getattr(config.DEFAULT, name) or "origin"))
        case _:
            return bool(value)


def _sound_packages(draft: Draft, packages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The packages that verbump takes beside one another; a changelog that two of them share is neither's."""
    kept: list[dict[str, Any]] = []
    for index, package in enumerate(packages):
        without = {name: value for name, value in package.items() if name != "changelog"}
        why = ""
        for each in (package, without):
            try:
                config.parse({"packages": [*kept, each]}, source="")
            except ConfigError as error:
                why = why or " ".join(error.message.removeprefix(": ").split())
            else:
                kept.append(each)
                break
        origin = draft.origins.get(("packages", index))
        if why and origin is not None:
            origin[0].leave_at(origin[1], f"verbump would not take it as {why}")
    return kept


def _is_sound(draft: Draft, name: str, value: Any) -> bool:
    """Whether verbump takes the setting; if not, that is noted where it came from."""
    if name in TRUSTED:
        return True
    try:
        config.parse({name: value}, source="")
    except ConfigError as error:
        origin, keys = draft.origins.get((name,), (None, ()))
        if origin is not None:
            said = " ".join(error.message.removeprefix(": ").split())
            origin.leave_at(keys, f"verbump would not take it as {said}")
        return False
    return True
