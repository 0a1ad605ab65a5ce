"""release-plz's configuration in verbump's words: one crate, a workspace of one version, or of several.

Source: release-plz 0.3.160, website/docs/config.md and .schema/latest.json.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from verbump.planning.adoption import cargo_names, conversions, git_cliff
from verbump.planning.adoption.foreign import Place, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.domain.manifests.cargo_toml import CargoToml

PLACES = (Place(path="release-plz.toml"), Place(path=".release-plz.toml"))
_VERSION = r"\{\{\s*version\s*\}\}"
_PACKAGE = re.compile(r"\{\{\s*package\s*\}\}")
_NO_PR = "verbump has no release pull request: verbump release --pull-request makes one"
_FORGE = "`verbump publish github` and the release workflow see to releases"
_PUBLISH = "`verbump publish crates` uploads what is missing"
_TERA = "Tera is not jinja2: write a template for one section, and set `template` to its folder"
_REASONS = {
    "allow_dirty": "",
    "changelog_config": "run init --from git-cliff for that file's rules",
    "changelog_include": "list the paths in the package's `include`",
    "custom_major_increment_regex": "set `types`",
    "custom_minor_increment_regex": "set `types`",
    "dependencies_update": "run cargo update in hooks.before_commit",
    "max_analyze_commits": "",
    "git_only": "",
    "git_release_body": _FORGE,
    "git_release_draft": _FORGE,
    "git_release_enable": _FORGE,
    "git_release_latest": _FORGE,
    "git_release_name": _FORGE,
    "git_release_type": _FORGE,
    "pr_branch_prefix": _NO_PR,
    "pr_body": _NO_PR,
    "pr_draft": _NO_PR,
    "pr_labels": _NO_PR,
    "pr_name": _NO_PR,
    "publish": _PUBLISH,
    "publish_allow_dirty": _PUBLISH,
    "publish_all_features": _PUBLISH,
    "publish_features": _PUBLISH,
    "publish_no_verify": _PUBLISH,
    "publish_timeout": _PUBLISH,
    "release_always": "a release is made when somebody runs verbump release",
    "release_commits": "types with the bump none do not release: set `types`",
    "repo_url": "found from the remote's address",
    "semver_check": "run cargo semver-checks in CI; verbump goes by the commits",
    "version_group": "",
}


def translate(texts: Mapping[str, str], table: Table) -> None:
    """Fill the table's draft. `texts` hold each Cargo.toml of the repository."""
    draft = table.draft
    workspace = table.table("workspace")
    overrides = {each.text("name") or "": each for each in table.tables("package")}
    # Both ask the crate next_version, by which every commit is a patch at least.
    draft.put("compat", "git-cliff", workspace)
    is_minor = workspace.flag("features_always_increment_minor")
    draft.put("zero_version", "minor" if is_minor else "cargo", workspace, "features_always_increment_minor")
    _put_changelog(table.table("changelog"))
    released = {
        name: (folder, manifest)
        for name, (folder, manifest) in cargo_names.crates(texts).items()
        if manifest.publishable and _is_released(workspace, overrides.get(name))
    }
    if len(released) > 1 and not _is_one_version(released, overrides):
        for name, (folder, _) in released.items():
            _put_package(workspace, overrides.get(name, workspace), name, folder)
    else:
        _put_single(workspace, overrides, released)
    for name, each in overrides.items():
        if name not in cargo_names.crates(texts):
            each.leave("name", "there is no crate of that name")
        each.seen.add("release")
        each.leave_rest(_REASONS)
    workspace.leave_rest(_REASONS)
    table.leave_rest({})


def _is_released(workspace: Table, own: Table | None) -> bool:
    default = workspace.flag("release", default=True)
    return own.flag("release", default=default) if own else default


def _is_one_version(released: Mapping[str, tuple[str, CargoToml]], overrides: Mapping[str, Table]) -> bool:
    """Whether all crates move together: they inherit the workspace's version, or are one version group."""
    if all(manifest.inherits_version for _, manifest in released.values()):
        return True
    groups = {overrides[name].text("version_group") if name in overrides else None for name in released}
    return len(groups) == 1 and None not in groups


def _put_single(
    workspace: Table, overrides: Mapping[str, Table], released: Mapping[str, tuple[str, CargoToml]]
) -> None:
    name, (folder, _) = next(iter(released.items()), ("", ("", None)))
    own = overrides.get(name, workspace)
    holder = _holder(workspace, own, "git_tag_name")
    template = _PACKAGE.sub(name, holder.text("git_tag_name") or "v{{ version }}")
    conversions.put_tag_format(holder, "git_tag_name", template, _VERSION)
    holder = _holder(workspace, own, "changelog_path")
    is_updated = _holder(workspace, own, "changelog_update").flag("changelog_update", default=True)
    path = holder.text("changelog_path")
    if not is_updated:
        workspace.draft.put("changelog", False, _holder(workspace, own, "changelog_update"), "changelog_update")
    elif path is not None or (folder and len(released) == 1):
        there = path if path is not None and holder is workspace else posixpath.join(folder, path or "CHANGELOG.md")
        workspace.draft.put("changelog", posixpath.normpath(there), holder, "changelog_path")
    _check_tags(workspace, own)


def _put_package(workspace: Table, own: Table, name: str, folder: str) -> None:
    holder = _holder(workspace, own, "git_tag_name")
    template = holder.text("git_tag_name") or "{{ package }}-v{{ version }}"
    package: dict[str, Any] = {"name": name, "path": folder or "."}
    form = conversions.tag_format(_PACKAGE.sub(name, template), _VERSION)
    if form is None or not (_PACKAGE.search(template) or own is not workspace):
        holder.leave("git_tag_name", "packages need tags that tell them apart: {{ package }}-v{{ version }} is used")
        form = f"{name}-v{{version}}"
    package["tag_format"] = form
    if not _holder(workspace, own, "changelog_update").flag("changelog_update", default=True):
        package["changelog"] = False
    else:
        path = _holder(workspace, own, "changelog_path").text("changelog_path") or "CHANGELOG.md"
        is_shared = "changelog_path" in workspace and "changelog_path" not in own
        package["changelog"] = posixpath.normpath(path if is_shared else posixpath.join(folder, path))
    package["manifests"] = [posixpath.join(folder, "Cargo.toml")]
    _check_tags(workspace, own)
    workspace.draft.add("packages", package, own)


def _check_tags(workspace: Table, own: Table) -> None:
    holder = _holder(workspace, own, "git_tag_enable")
    if not holder.flag("git_tag_enable", default=True):
        holder.leave("git_tag_enable", "each release is a tag: no release without one")


def _holder(workspace: Table, own: Table, key: str) -> Table:
    workspace.seen.add(key)
    return own if key in own else workspace


def _put_changelog(changelog: Table) -> None:
    git_cliff.put_parsers(changelog)
    changelog.leave_rest(
        {
            "header": "what stands above the first section of the changelog stays",
            "body": _TERA,
            "trim": "",
            "commit_preprocessors": "not available: one message can be corrected with git notes or `overrides`",
            "postprocessors": "not available: entries are escaped and linked by verbump",
            "link_parsers": "not available: references to the forge's issues are linked",
            "protect_breaking_commits": "",
            "sort_commits": "breaking entries come first, then the oldest",
            "tag_pattern": "see `tag_format`",
        }
    )
