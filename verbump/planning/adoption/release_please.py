"""release-please's configuration in verbump's words: one package, or several with versions of their own.

Source: release-please 17, docs/manifest-releaser.md and schemas/config.json.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from verbump.planning.adoption import cargo_names, conversions, documents
from verbump.planning.adoption.foreign import Place, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLACES = (Place(path="release-please-config.json"), Place(path=".release-please-config.json"))
MANIFEST = ".release-please-manifest.json"
_MARKED = rf"{conversions.VERSION}(?=.*x-release-please-version)"
_BLOCK = "x-release-please-start-"
_JSONPATH = re.compile(r"\$(?:\.[\w-]+|\['[^'\]]+'\]|\[\"[^\"\]]+\"\]|\[\d+\])+")
_STEP = re.compile(r"\.([\w-]+)|\['([^'\]]+)'\]|\[\"([^\"\]]+)\"\]|\[(\d+)\]")
# What the other strategies write is found by verbump itself, or is not about versions.
_OF_TYPE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "rust": (("Cargo.toml", ""),),
    "python": (("pyproject.toml", ""),),
    "node": (
        ("package.json", "version"),
        ("package-lock.json", "version"),
        ("package-lock.json", 'packages."".version'),
    ),
    "expo": (("package.json", "version"),),
    "simple": (("version.txt", ""),),
    "php": (("composer.json", "version"),),
    "go": (),
}
_NO_PR = "verbump has no release pull request: verbump release --pull-request makes one"
_FORGE = "`verbump publish github --draft` and the release workflow see to releases"
_REASONS = {
    "$schema": "",
    "release-type": "",
    "bootstrap-sha": "the first release takes the whole history: hand-written notes or `changelog --all` shorten it",
    "last-release-sha": "the last release is the highest tag that HEAD reaches",
    "release-as": "run verbump release VERSION, or write a footer Release-As",
    "release-search-depth": "",
    "commit-search-depth": "",
    "sequential-calls": "",
    "separate-pull-requests": _NO_PR,
    "always-update": _NO_PR,
    "draft-pull-request": _NO_PR,
    "pull-request-title-pattern": _NO_PR,
    "pull-request-header": _NO_PR,
    "pull-request-footer": _NO_PR,
    "group-pull-request-title-pattern": _NO_PR,
    "label": _NO_PR,
    "release-label": _NO_PR,
    "extra-label": _NO_PR,
    "draft": _FORGE,
    "skip-github-release": _FORGE,
    "force-tag-creation": _FORGE,
    "prerelease": 'name the branches: prerelease_branches = { next = "beta" }, or run verbump release --pre beta',
    "prerelease-type": 'name the branches: prerelease_branches = { next = "beta" }, or run verbump release --pre beta',
    "signoff": "not available: release commits are not signed off",
    "changelog-host": "found from the remote's address",
    "changelog-type": "verbump writes Keep a Changelog",
    "include-commit-authors": "set notes.contributors = true",
    "plugins": "verbump sees to workspaces itself",
    "package-name": "",
    "component-no-space": "",
    "initial-version": "",
    "snapshot-label": "verbump makes no snapshot releases",
    "skip-snapshot": "",
    "always-link-local": "",
    "versioning": "see `types` and `zero_version`; versioning of a kind of its own is not available",
    "version-file": "",
}


def translate(texts: Mapping[str, str], table: Table) -> None:
    """Fill the table's draft. Versions come from the manifest file where no tag says them."""
    draft = table.draft
    draft.put("compat", "release-please", table)
    packages = table.table("packages")
    versions = _versions(texts, table)
    inner = {str(path): packages.table(str(path)) for path in packages.values}
    shared = _Layered(outer=table, inner=next(iter(inner.values())) if len(inner) == 1 else table)
    _put_zero(shared)
    _put_sections(shared.holder("changelog-sections"))
    if len(inner) > 1:
        for path, each in inner.items():
            _put_package(texts, table, each, path)
    else:
        path, each = next(iter(inner.items()), (".", packages.table(".")))
        _put_single(texts, _Layered(outer=table, inner=each), path)
        if isinstance(version := versions.get(path), str):
            draft.current = version
    for each in (table, *inner.values()):
        each.leave_rest(_REASONS)


_PER_PACKAGE = {"bump-minor-pre-major", "bump-patch-for-minor-pre-major", "changelog-sections"}


class _Layered:
    """A package's settings over those that hold for all."""

    def __init__(self, *, outer: Table, inner: Table) -> None:
        self.outer = outer
        self.inner = inner

    def holder(self, key: str) -> Table:
        self.outer.seen.add(key)
        self.inner.seen.add(key)
        return self.inner if key in self.inner else self.outer

    def text(self, key: str) -> str | None:
        return self.holder(key).text(key)

    def flag(self, key: str, *, default: bool = False) -> bool:
        return self.holder(key).flag(key, default=default)


def _put_zero(layered: _Layered) -> None:
    is_minor = layered.flag("bump-minor-pre-major")
    is_patch = layered.flag("bump-patch-for-minor-pre-major")
    policy = ("cargo" if is_patch else "minor") if is_minor else "strict"
    holder = layered.holder("bump-minor-pre-major")
    holder.draft.put("zero_version", policy, holder, "bump-minor-pre-major")
    if is_patch and not is_minor:
        why = 'features below 1.0.0 are minor unless breaking changes are too: zero_version = "cargo" is both'
        layered.holder("bump-patch-for-minor-pre-major").leave("bump-patch-for-minor-pre-major", why)


def _put_sections(table: Table) -> None:
    rules: list[tuple[str, str, str | None]] = []
    titles: list[str] = []
    for each in table.tables("changelog-sections"):
        name, title = each.text("type"), each.text("section")
        is_hidden = each.flag("hidden")
        each.leave_rest({})
        if name is None or (title is None and not is_hidden):
            each.leave_at((), "expected a type and a section")
        elif is_hidden:
            rules.append((name, "none", None))
        elif title:
            rules.append((name, "minor" if name in {"feat", "feature"} else "patch", title))
            titles += [title] if title not in titles else []
    if rules:
        conversions.put_types(table, rules, "changelog-sections")
        conversions.put_list(table, "categories", titles, "changelog-sections")


def _put_single(texts: Mapping[str, str], layered: _Layered, path: str) -> None:
    draft = layered.outer.draft
    root = "" if path in {".", ""} else path.strip("/")
    component = layered.text("component") or ""
    if not component and layered.flag("include-component-in-tag", default=True):
        component = layered.text("package-name") or ""
    _put_tag(layered, component, lambda found: draft.put("tag_format", found, layered.holder("include-v-in-tag")))
    if layered.flag("skip-changelog"):
        draft.put("changelog", False, layered.holder("skip-changelog"), "skip-changelog")
    elif (changelog := layered.text("changelog-path")) is not None or root:
        name = _joined(root, changelog or "CHANGELOG.md")
        draft.put("changelog", name, layered.holder("changelog-path"), "changelog-path")
    if root:
        draft.put("include", [f"{root}/**"], layered.outer, "packages", path)
    excluded = [text for _, text in layered.holder("exclude-paths").texts("exclude-paths")]
    globs = conversions.folder_globs([_joined(root, text) for text in excluded])
    conversions.put_list(layered.holder("exclude-paths"), "exclude", globs, "exclude-paths")
    for item, origin, keys in _manifests(texts, layered, root):
        draft.add("manifests", item, origin, *keys)
    if (initial := layered.text("initial-version")) is not None:
        draft.put("initial_version", initial, layered.holder("initial-version"), "initial-version")


def _put_package(texts: Mapping[str, str], table: Table, inner: Table, path: str) -> None:
    layered = _Layered(outer=table, inner=inner)
    root = "" if path in {".", ""} else path.strip("/")
    given = inner.text("component") or inner.text("package-name") or ""
    name = given or cargo_names.name_in(texts, root) or root.rsplit("/", 1)[-1] or "root"
    name = name.rsplit("/", 1)[-1]  # npm's scope, @org/name, is no part of the component
    package: dict[str, Any] = {"name": name, "path": root or "."}
    component = name if layered.flag("include-component-in-tag", default=True) else ""
    _put_tag(layered, component, lambda found: package.update(tag_format=found))
    if layered.flag("skip-changelog"):
        package["changelog"] = False
    else:
        package["changelog"] = _joined(root, layered.text("changelog-path") or "CHANGELOG.md")
    items: list[Any] = []
    for item, _, _ in _manifests(texts, layered, root):
        items += [item] if item not in items else []
    if items:
        package["manifests"] = items
    excluded = [text for _, text in layered.holder("exclude-paths").texts("exclude-paths")]
    if excluded:
        package["exclude"] = conversions.folder_globs([_joined(root, text) for text in excluded])
    for key in sorted(_PER_PACKAGE & set(inner.values)):
        if inner.values[key] != table.values.get(key):
            inner.leave(key, "holds for all packages together: set it at the top")
        inner.seen.add(key)
    table.draft.add("packages", package, inner)


def _put_tag(layered: _Layered, component: str, put: Any) -> None:
    separator = layered.text("tag-separator")
    mark = "v" if layered.flag("include-v-in-tag", default=True) else ""
    prefix = f"{component}{'-' if separator is None else separator}" if component else ""
    found = conversions.tag_format(f"{prefix}{mark}{{version}}")
    if found is None:
        layered.holder("tag-separator").leave_at((), f"git takes no tag that begins with {prefix!r}")
    else:
        put(found)


def _manifests(
    texts: Mapping[str, str], layered: _Layered, root: str
) -> Iterator[tuple[Any, Table, tuple[str | int, ...]]]:
    kind = layered.text("release-type")
    holder = layered.holder("release-type")
    if kind is not None and kind not in _OF_TYPE:
        holder.leave("release-type", "list what it writes in `manifests`, each with a key or a pattern")
    for name, key in _OF_TYPE.get(kind or "", ()):
        path = _joined(root, layered.text("version-file") or name if kind == "simple" else name)
        if path in texts or name not in {"package-lock.json", "pyproject.toml"}:
            yield conversions.manifest(path, key=key), holder, ("release-type",)
    holder = layered.holder("extra-files")
    for index, path in holder.texts("extra-files"):
        yield conversions.manifest(_joined(root, path), pattern=_MARKED), holder, ("extra-files", index)
    for each in holder.tables("extra-files"):
        item = _extra(each, root)
        if item is None:
            each.leave_at((), "list it in `manifests`, with a key (TOML, JSON) or a pattern")
        else:
            yield item, each, ()


def _extra(each: Table, root: str) -> Any:
    path, kind, jsonpath = each.text("path"), each.text("type"), each.text("jsonpath")
    if path is None or each.flag("glob"):
        return None
    if kind == "generic":
        return conversions.manifest(_joined(root, path), pattern=_MARKED)
    if kind not in {"json", "toml"} or jsonpath is None or not _JSONPATH.fullmatch(jsonpath):
        return None
    parts = [next(filter(None, found.groups())) for found in _STEP.finditer(jsonpath)]
    key = ".".join(part if re.fullmatch(r"[\w-]+", part) else f'"{part}"' for part in parts)
    return conversions.manifest(_joined(root, path), key=key)


def _joined(root: str, path: str) -> str:
    """A path of a package from the top of the repository; one that begins with / stands there already."""
    return posixpath.normpath(path.lstrip("/") if path.startswith("/") else f"{root}/{path}" if root else path)


def _versions(texts: Mapping[str, str], table: Table) -> Mapping[str, Any]:
    text = texts.get(MANIFEST)
    if text is None:
        return {}
    document = documents.parse_document(MANIFEST, text)
    found = Table(document=document, path=(), draft=table.draft)
    found.leave_at((), "the versions stand in tags and manifests: delete it, it will not be raised")
    return document.data
