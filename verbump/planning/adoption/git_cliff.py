"""git-cliff's configuration in verbump's words.

Source: git-cliff 2.14, website/docs/configuration.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.domain import tags
from verbump.errors import InputError
from verbump.planning.adoption import conversions
from verbump.planning.adoption.foreign import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.planning.adoption.foreign import Table

PLACES = (
    Place(path="cliff.toml"),
    Place(path=".cliff.toml"),
    Place(path=".config/cliff.toml"),
    Place(path="pyproject.toml", table=("tool", "git-cliff")),
    Place(path="Cargo.toml", table=("package", "metadata", "git-cliff")),
    Place(path="Cargo.toml", table=("workspace", "metadata", "git-cliff")),
)
# `^feat`, `^(feat|fix)`, `feat:`, `^feat(\(.+\))?:`: what stands for types alone.
_TYPE = re.compile(
    r"\^?(?:\(\?i\))?\(?(?:\?:)?(?P<types>[\w-]+\*?(?:\|\^?[\w-]+\*?)*)\)?"
    r"(?:\(?\\\((?:\.[*+]\??|\[\^[^\]]+\][*+])\\\)\)?\??)?!?\??(?:\\?:.*|\.\*)?\$?"
)
_CATCH_ALL = {".*", "^.*", ".*$", "^.*$", ""}
_TAG_PATTERN = re.compile(r"\^?(?P<prefix>(?:[\w/@#=-]|\\\.)*?)(?:\[0-9\]|\\d|\(\[0-9\]|\(\\d)[\s\S]*")
_TERA = "Tera is not jinja2: write a template for one section, and set `template` to its folder"
_OF_CHANGELOG = {
    "header": "what stands above the first section of the changelog stays",
    "body": _TERA,
    "footer": "what stands below the last section of the changelog stays",
    "trim": "",
    "render_always": "",
    "postprocessors": "not available: entries are escaped and linked by verbump",
}
_OF_GIT = {
    "conventional_commits": "",
    "filter_unconventional": "",
    "require_conventional": "`verbump check` refuses what is not conventional",
    "fail_on_unmatched_commit": "`verbump check` refuses what is not conventional",
    "commit_preprocessors": "not available: one message can be corrected with git notes or `overrides`",
    "link_parsers": "not available: references to the forge's issues are linked",
    "protect_breaking_commits": "",
    "filter_commits": "types without a row in `types` have no entries",
    "skip_tags": "tags that are no versions are passed over",
    "ignore_tags": "tags that are no versions are passed over",
    "count_tags": "tags that are no versions are passed over",
    "use_branch_tags": "",
    "topo_order": "",
    "topo_order_commits": "",
    "sort_commits": "breaking entries come first, then the oldest",
    "limit_commits": "each release tells all of its commits",
    "recurse_submodules": "commits of submodules do not count",
    "exclude_paths": "",
}
_OF_BUMP = {
    "custom_major_increment_regex": "set `types`",
    "custom_minor_increment_regex": "set `types`",
    "no_increment_regex": "set `types`",
    "bump_type": "run verbump next --bump",
}


def translate(texts: Mapping[str, str], table: Table) -> None:
    """Fill the table's draft."""
    del texts
    draft = table.draft
    draft.put("compat", "git-cliff", table)
    changelog, git, bump = (table.table(name) for name in ("changelog", "git", "bump"))
    if (output := changelog.text("output")) is not None:
        draft.put("changelog", output, changelog, "output")
    changelog.leave_rest(_OF_CHANGELOG)
    if "conventional_commits" in git and not git.flag("conventional_commits"):
        git.leave("conventional_commits", "verbump reads Conventional Commits, or what a commitizen plugin reads")
    put_parsers(git)
    _put_tag_pattern(git)
    if git.flag("split_commits"):
        git.leave("split_commits", 'compat decides what a body counts for: leave compat out, and set squash = "body"')
    for key, name in (("include_paths", "include"), ("exclude_paths", "exclude")):
        globs = conversions.folder_globs([text for _, text in git.texts(key)])
        conversions.put_list(git, name, globs, key)
    git.leave_rest(_OF_GIT)
    _put_bump(bump, is_feature_minor=bump.flag("features_always_bump_minor", default=True))
    table.leave_rest({"remote": "found from the remote's address; tokens come from the environment"})


def put_parsers(git: Table) -> None:
    """Set `types` and `categories` from `commit_parsers`; the first parser that names a type decides, as there."""
    rules: dict[str, tuple[str, str | None]] = {}
    groups: list[str] = []
    for each in git.tables("commit_parsers"):
        message, group = each.text("message"), each.text("group")
        is_skipped = each.flag("skip")
        if is_skipped and "release" in (message or ""):
            continue  # commits of releases: the tag is on them, so they are in no later range
        found = _TYPE.fullmatch(message or "")
        if message in _CATCH_ALL or set(each.values) & {"body", "footer", "sha", "field", "pattern"} or found is None:
            why = "set `types` for each type that shall have an entry" if message in _CATCH_ALL else _NOT_A_TYPE
            each.leave_at((), why)
            continue
        title = _title(group or "")
        names = [name.strip("^*") for name in found["types"].split("|")]
        for name in (_LONG.get(each_name, each_name) for each_name in names):
            bump = "minor" if name == "feat" else "patch"
            rules.setdefault(name, ("none", None) if is_skipped else (bump, title or None))
        groups += [group] if group and not is_skipped and group not in groups else []
        each.leave_rest({"scope": "", "default_scope": ""})
    if not rules:
        return
    conversions.put_types(git, ((name, bump, title) for name, (bump, title) in rules.items()), "commit_parsers")
    # Tera groups by the whole text in its order: that is what `<!-- 1 -->` in front of a title is for.
    titles = list(dict.fromkeys(filter(None, map(_title, sorted(groups)))))
    conversions.put_list(git, "categories", titles, "commit_parsers")


_NOT_A_TYPE = "not about types alone: verbump's `types` go by the type"
# A parser's expression is often a word's beginning: `^doc` stands for docs as well.
_LONG = {"doc": "docs", "feature": "feat", "tests": "test", "refact": "refactor", "styl": "style"}


def _title(group: str) -> str:
    return re.sub(r"<!--.*?-->|<[^>]{0,40}>", "", group).strip()


def _put_tag_pattern(git: Table) -> None:
    pattern = git.text("tag_pattern")
    if pattern is None:
        return
    found = _TAG_PATTERN.fullmatch(pattern)
    form = conversions.tag_format(found["prefix"].replace("\\.", ".") + "{version}") if found else None
    if form is None:
        git.leave("tag_pattern", "not a fixed text before a version: set tag_format by hand")
    else:
        git.draft.put("tag_format", form, git, "tag_pattern")


def _put_bump(bump: Table, *, is_feature_minor: bool) -> None:
    draft = bump.draft
    is_breaking_major = bump.flag("breaking_always_bump_major", default=True)
    policy = "strict" if is_breaking_major else "minor" if is_feature_minor else "cargo"
    draft.put("zero_version", policy, bump, "breaking_always_bump_major")
    if is_breaking_major and not is_feature_minor:
        why = 'features below 1.0.0 are minor unless breaking changes are too: zero_version = "cargo" is both'
        bump.leave("features_always_bump_minor", why)
    initial = bump.text("initial_tag")
    if initial is not None:
        form = None
        try:
            form = tags.infer_format([initial])
        except InputError:
            form = None
        version = form.version(initial) if form else None
        if version is None:
            bump.leave("initial_tag", "not a version: set initial_version")
        else:
            draft.put("initial_version", str(version), bump, "initial_tag")
            if form and "tag_format" not in draft.settings:
                draft.put("tag_format", form.text, bump, "initial_tag")
    bump.leave_rest(_OF_BUMP)
