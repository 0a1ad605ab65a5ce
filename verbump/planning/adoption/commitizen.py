"""commitizen's configuration in verbump's words.

Source: commitizen 4.19, docs/config and commitizen/defaults.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.planning.adoption import conversions
from verbump.planning.adoption.foreign import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.planning.adoption.foreign import Table

# In commitizen's own order. Source: commitizen.defaults.CONFIG_FILES.
PLACES = (
    Place(path="pyproject.toml", table=("tool", "commitizen")),
    Place(path=".cz.toml", table=("tool", "commitizen")),
    Place(path=".cz.json", table=("commitizen",)),
    Place(path="cz.json", table=("commitizen",)),
    Place(path=".cz.yaml", table=("commitizen",)),
    Place(path="cz.yaml", table=("commitizen",)),
    Place(path="cz.toml", table=("tool", "commitizen")),
)
_VERSION = (r"\$\{version\}|\$version\b", r"\$\{?major\}?\.\$\{?minor\}?\.\$\{?patch\}?(?:\$\{?(?:pre|dev)release\}?)*")
_PROVIDERS = {
    "pep621": ("pyproject.toml",),
    "poetry": ("pyproject.toml",),
    "uv": ("pyproject.toml", "uv.lock"),
    "cargo": ("Cargo.toml", "Cargo.lock"),
    "npm": ("package.json",),
    "composer": ("composer.json",),
}
_OF_COMMIT = "is about `cz commit`: keep it as long as you use that"
_REASONS = {
    "version": "the version stands in tags and manifests: delete it, it will not be raised",
    "legacy_tag_formats": "verbump reads tags of one format: older releases are left as they are",
    "ignored_tag_formats": "not needed: tags of another format are no versions to verbump",
    "gpg_sign": "verbump signs as git is configured: git config tag.gpgSign true, or release --sign",
    "annotated_tag": "",
    "annotated_tag_message": "the tag's message is the section of the changelog",
    "changelog_incremental": "",
    "changelog_format": "CHANGELOG.md is Markdown, in the form of Keep a Changelog",
    "changelog_start_rev": "releases before the first one that verbump makes stay as they are",
    "changelog_merge_prerelease": "",
    "prerelease_offset": "candidates are numbered from 1",
    "version_type": "",
    "version_scheme": "",
    "encoding": "verbump reads and writes UTF-8",
    "template": "write a template for one section, and set `template` to its folder",
    "extras": "goes with commitizen's own template",
    "always_signoff": "not available: release commits are not signed off",
    "allow_abort": "an empty message is none that verbump takes",
    "allowed_prefixes": "merges, reverts, fixups and squashes are known anyway; others are not let through",
    "use_shortcuts": _OF_COMMIT,
    "style": _OF_COMMIT,
    "retry_after_failure": _OF_COMMIT,
    "breaking_change_exclamation_in_title": _OF_COMMIT,
    "message_length_limit": _OF_COMMIT,
}


def translate(texts: Mapping[str, str], table: Table) -> None:
    """Fill the table's draft."""
    del texts
    draft = table.draft
    name = table.text("name") or "cz_conventional_commits"
    if name in {"cz_conventional_commits", "verbump"}:
        if name != "verbump":
            draft.put("compat", "commitizen", table, "name")
    else:
        draft.put("convention", "commitizen", table, "name")
        draft.said.append(f"{table.document.path}: keep the rules of {name}: verbump reads them there")
        table.seen.add("customize")
    is_zero = table.flag("major_version_zero")
    draft.put("zero_version", "minor" if is_zero else "strict", table, "major_version_zero")
    conversions.put_tag_format(table, "tag_format", table.text("tag_format") or "$version", *_VERSION)
    draft.current = table.text("version")
    if draft.current is not None:
        table.leave("version", _REASONS["version"])
    _put_manifests(table)
    if (changelog := table.text("changelog_file")) is not None:
        draft.put("changelog", changelog, table, "changelog_file")
    if "update_changelog_on_bump" in table and not table.flag("update_changelog_on_bump"):
        table.leave("update_changelog_on_bump", "each release writes the changelog: changelog = false turns that off")
    if (message := table.text("bump_message")) is not None:
        conversions.put_commit_message(table, "bump_message", message, r"\$\{new_version\}|\$new_version\b")
    _put_length(table)
    conversions.put_hooks(table, "pre_bump_hooks", "before_commit")
    conversions.put_hooks(table, "post_bump_hooks", "after_release")
    table.leave_rest(_REASONS)


def _put_length(table: Table) -> None:
    limit = table.values.get("message_length_limit")
    if isinstance(limit, int) and not isinstance(limit, bool) and 0 < limit < 10_000:
        table.seen.add("message_length_limit")
        table.draft.settings["check"] = {"header_length": limit}
        table.draft.origins["check",] = (table, ("message_length_limit",))


def _put_manifests(table: Table) -> None:
    draft = table.draft
    provider = table.text("version_provider") or "commitizen"
    for path in _PROVIDERS.get(provider, ()):
        draft.add("manifests", conversions.manifest(path), table, "version_provider")
    if provider == "npm":
        for key in ("version", 'packages."".version'):
            item = conversions.manifest("package-lock.json", key=key)
            draft.add("manifests", item, table, "version_provider")
    if provider not in {*_PROVIDERS, "commitizen", "scm"}:
        why = "verbump knows no such provider: list the file in `manifests`, with a key or a pattern"
        table.leave("version_provider", why)
    for index, entry in table.texts("version_files"):
        path, _, expression = entry.partition(":")
        pattern = conversions.on_lines_with(expression) if expression else ""
        if pattern is None or not path.strip():
            table.leave_at(("version_files", index), "not a path with a regular expression that Python takes")
        elif re.search(r"[*?\[]", path):
            table.leave_at(("version_files", index), "a glob: list each file in `manifests`")
        else:
            draft.add("manifests", conversions.manifest(path, pattern=pattern), table, "version_files", index)
