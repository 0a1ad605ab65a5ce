"""python-semantic-release's configuration in verbump's words.

Source: python-semantic-release 10.7, docs/configuration.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.planning.adoption import conversions
from verbump.planning.adoption.foreign import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.planning.adoption.foreign import Table

_NAMES = (
    *("pyproject.toml", "semantic_release.toml", "releaserc.toml", ".releaserc.toml"),
    *("semantic_release.json", "releaserc.json", ".releaserc.json"),
)
PLACES = tuple(
    Place(path=name, table=table)
    for name in _NAMES
    for table in (("tool", "semantic_release"), ("semantic_release",))
    if name != "pyproject.toml" or table[0] == "tool"
)
_CONVENTIONAL = {"conventional", "angular", "conventional-monorepo"}
_CHECKED = "verbump knows the ways git writes them"
_REASONS = {
    "build_command": "put what changes files into hooks.before_commit; `verbump build` makes distributions",
    "build_command_env": "hooks inherit the environment",
    "assets": "list files that hooks.before_commit changes in hooks.paths",
    "commit_author": "the release commit is by whom git is configured for, in Actions by github-actions[bot]",
    "no_git_verify": "",
    "logging_use_named_masks": "",
    "publish": "`verbump build` makes SHA256SUMS, `verbump publish github` uploads",
    "repo_dir": "run verbump with -C",
    "add_partial_tags": "not available: tags such as v1 are moved by hand or in a workflow",
    "add_partial_tags_to_release": "not available",
    "tag_only": "not available: manifests are written by each release",
}
_OF_CHANGELOG = {
    "mode": "not needed: sections are inserted, and what stands there stays",
    "insertion_flag": "not needed: the place is found by the headings",
    "exclude_commit_patterns": "types without a category have no entries: see `types`",
    "template_dir": "write a template for one section, and set `template` to its folder",
    "environment": "templates run with verbump's own settings of jinja2",
    "changelog_file": "",
}


def translate(texts: Mapping[str, str], table: Table) -> None:
    """Fill the table's draft."""
    del texts
    draft = table.draft
    parser = table.text("commit_parser") or "conventional"
    if parser in _CONVENTIONAL:
        draft.put("compat", "python-semantic-release", table, "commit_parser")
        _put_types(table.table("commit_parser_options"))
    else:
        why = 'not Conventional Commits: set `types`, or convention = "commitizen" with a plugin that knows the rules'
        table.leave("commit_parser", why)
        table.seen.add("commit_parser_options")
    is_zero_allowed = table.flag("allow_zero_version")
    is_major = table.flag("major_on_zero", default=True)
    draft.put("zero_version", "strict" if is_major else "minor", table, "major_on_zero")
    if not is_zero_allowed:
        draft.put("initial_version", "1.0.0", table, "allow_zero_version")
    conversions.put_tag_format(table, "tag_format", table.text("tag_format") or "v{version}")
    if (message := table.text("commit_message")) is not None:
        conversions.put_commit_message(table, "commit_message", message)
    _put_manifests(table)
    _put_branches(table.table("branches"))
    _put_changelog(table.table("changelog"))
    remote = table.table("remote")
    if (name := remote.text("name")) is not None:
        draft.put("remote", name, remote, "name")
    remote.leave_rest(dict.fromkeys(("type", "token", "url", "domain", "api_domain", "insecure"), _remote()))
    table.leave_rest(_REASONS)


def _remote() -> str:
    return "found from the remote's address; tokens come from the environment"


def _put_types(options: Table) -> None:
    rules: list[tuple[str, str, str | None]] = []
    for key, bump in (("major_tags", "major"), ("minor_tags", "minor"), ("patch_tags", "patch")):
        rules += [(name, bump, conversions.default_category(name)) for _, name in options.texts(key)]
    conversions.put_types(options, rules)
    allowed = [name for _, name in options.texts("allowed_tags")] + [
        name for _, name in options.texts("other_allowed_tags")
    ]
    if allowed:
        allowed += [name for name, _, _ in rules if name not in allowed]
        if not rules:
            allowed += [name for name in ("feat", "fix", "perf") if name not in allowed]
        options.draft.settings["check"] = {"types": list(dict.fromkeys(allowed))}
        options.draft.origins["check",] = (options, ())
    if not options.flag("parse_squash_commits", default=True):
        options.leave("parse_squash_commits", "with compat a squash's body counts, as it does by default")
    options.leave_rest(
        {
            "default_bump_level": "a type without a row of its own releases nothing: set `types`",
            "ignore_merge_commits": _CHECKED,
        }
    )


def _put_manifests(table: Table) -> None:
    entries = [(key, *each) for key in ("version_toml", "version_variables") for each in table.texts(key)]
    for key, index, entry in entries:
        path, _, rest = entry.partition(":")
        name, _, form = rest.partition(":")
        if not path.strip() or not name.strip():
            table.leave_at((key, index), "expected file:name")
            continue
        if key == "version_toml":
            item = conversions.manifest(path, key=name.strip())
        else:
            pattern = conversions.variable_pattern(name.strip()) if name != "*" else ""
            item = conversions.manifest(path, pattern=pattern)
        table.draft.add("manifests", item, table, key, index)
        if form not in {"", "nf", "tf"}:
            table.leave_at((key, index), f"{form!r} is no format that verbump knows")
    for index, entry in table.texts("version_variable"):
        table.leave_at(("version_variable", index), f"renamed in version 8: write version_variables = [{entry!r}]")


def _put_branches(branches: Table) -> None:
    draft = branches.draft
    finals: list[str] = []
    candidates: dict[str, str] = {}
    for name in list(branches.values):
        branch = branches.table(str(name))
        match = branch.text("match") or ("(main|master)" if name == "main" else str(name))
        globs = conversions.globs_of(match)
        token = branch.text("prerelease_token") or "rc"
        is_candidate = branch.flag("prerelease")
        if globs is None:
            branch.leave("match", f"{match!r} is not a simple expression: name the branches as globs")
        elif is_candidate:
            candidates.update(dict.fromkeys(globs, token))
        else:
            finals += globs
        branch.leave_rest({})
    conversions.put_list(branches, "release_branches", list(dict.fromkeys(finals)))
    if candidates:
        draft.put("prerelease_branches", candidates, branches)


def _put_changelog(changelog: Table) -> None:
    templates = changelog.table("default_templates")
    newer, older = templates.text("changelog_file"), changelog.text("changelog_file")
    if (path := newer or older) is not None:
        draft_table = templates if newer else changelog
        changelog.draft.put("changelog", path, draft_table, "changelog_file")
        if re.search(r"\.rst$", path):
            templates.leave("changelog_file", "reStructuredText: verbump keeps Markdown; convert it first")
            del changelog.draft.settings["changelog"]
    templates.leave_rest(
        {
            "output_format": "" if templates.values.get("output_format") == "md" else "verbump writes Markdown",
            "mask_initial_release": "the first release tells its commits, unless you write its section by hand",
        }
    )
    changelog.leave_rest(_OF_CHANGELOG)
