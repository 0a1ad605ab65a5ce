"""bump-my-version's configuration, and that of bumpversion and bump2version, in verbump's words.

Source: bump-my-version 1.2, docs/reference/configuration.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.planning.adoption import conversions
from verbump.planning.adoption.foreign import Place, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# In bump-my-version's own order.
PLACES = (
    Place(path=".bumpversion.cfg", table=("bumpversion",)),
    Place(path=".bumpversion.toml", table=("tool", "bumpversion")),
    Place(path="setup.cfg", table=("bumpversion",)),
    Place(path="pyproject.toml", table=("tool", "bumpversion")),
)
_CURRENT = "{current_version}"
_SIMPLE_PARSE = re.compile(r"\(\?P<(major|minor|patch)>")
_ALWAYS = "each release makes a commit and a tag, and pushes them together"
_PARTS = "versions are SemVer: major, minor, patch, and alpha, beta or rc"
_REASONS = {
    "current_version": "the version stands in tags and manifests: delete it, it will not be raised",
    "tag_message": "the tag's message is the section of the changelog",
    "sign_tags": "verbump signs as git is configured: git config tag.gpgSign true, or release --sign",
    "allow_dirty": "",
    "commit_args": "git's own configuration decides",
    "ignore_missing_version": "each manifest has to state the version",
    "ignore_missing_files": "each manifest has to be there",
    "no_configured_files": "",
    "no_regex": "",
    "regex": "",
    "replace": "only the version in it changes",
    "search": "it is the default of files; each was carried over with its own",
    "setup_hooks": "",
    "post_commit_hooks": "",
    "moveable_tags": "not available: tags such as v1 are moved by hand or in a workflow",
    "parts": _PARTS,
    "current_part": "",
}


def translate(texts: Mapping[str, str], table: Table) -> None:
    """Fill the table's draft."""
    del texts
    name = table.text("tag_name") or "v{new_version}"
    conversions.put_tag_format(table, "tag_name", name, r"\{new_version\}")
    if (message := table.text("message")) is not None:
        conversions.put_commit_message(table, "message", message, r"\{new_version\}")
    for key in ("commit", "tag"):
        if key in table and not table.flag(key):
            table.leave(key, _ALWAYS)
    _check_scheme(table)
    table.draft.current = table.text("current_version")
    if table.draft.current is not None:
        table.leave("current_version", _REASONS["current_version"])
    default = table.text("search") or _CURRENT
    for each in _files(table):
        _put_file(table, each, default)
    conversions.put_hooks(table, "setup_hooks", "before_commit")
    conversions.put_hooks(table, "pre_commit_hooks", "before_commit")
    conversions.put_hooks(table, "post_commit_hooks", "after_release")
    table.leave_rest(_REASONS)


def _check_scheme(table: Table) -> None:
    parse = table.text("parse")
    if parse is not None and {found[1] for found in _SIMPLE_PARSE.finditer(parse)} != {"major", "minor", "patch"}:
        table.leave("parse", _PARTS)
    forms = [form.strip() for _, form in table.texts("serialize") for form in form.split("\n") if form.strip()]
    if any(not form.startswith("{major}.{minor}.{patch}") for form in forms):
        table.leave("serialize", _PARTS)


def _files(table: Table) -> Iterator[Table]:
    """The tables of files: an array in TOML; in INI files sections whose names begin with `bumpversion:file`."""
    yield from table.tables("files")
    if table.document.path.endswith(".cfg"):
        for name in table.document.data:
            kind, _, _ = name.removeprefix("bumpversion:").partition(":")
            other = Table(document=table.document, path=(name,), draft=table.draft)
            if name.startswith("bumpversion:") and kind in {"file", "glob"}:
                yield other
            elif name.startswith("bumpversion:"):
                other.leave_at((), _PARTS)


def _put_file(table: Table, each: Table, default: str) -> None:
    path = _path_of(each)
    if path is None:
        each.leave_at((), "a glob, or no file name: list it in `manifests`, a glob with a pattern")
        each.seen.update(each.values)
        return
    search = each.text("search")
    wanted = search or default
    key = each.text("key_path")
    is_regex = each.flag("regex") or table.flag("regex")
    for step in ("parse", "serialize"):
        if each.text(step):
            each.leave(step, "each file spells the version as its ecosystem does; see `scheme` in `manifests`")
    if key is not None:
        item = conversions.manifest(path, key=key)
    elif wanted.strip() == _CURRENT:
        item = conversions.manifest(path)
    else:
        pattern = _of_regex(wanted) if is_regex else conversions.search_pattern(wanted, _CURRENT)
        if pattern is None:
            each.leave("search", f"only a version changes in a file, and {wanted!r} has not exactly one {_CURRENT}")
            return
        item = conversions.manifest(path, pattern=pattern)
    table.draft.add("manifests", item, each)
    each.leave_rest({**_REASONS, "replace": "", "filename": "", "include_bumps": _ONLY, "exclude_bumps": _ONLY})


_ONLY = "each release writes every manifest"


def _path_of(each: Table) -> str | None:
    section = str(each.path[-1])
    if section.startswith("bumpversion:file:"):
        # bumpversion lets a file have several sections: `file(second):name`.
        return section.removeprefix("bumpversion:file:").strip()
    path = each.text("filename")
    return path if path and not re.search(r"[*?\[]", path) else None


def _of_regex(search: str) -> str | None:
    before, found, after = search.partition(_CURRENT)
    if not found or _CURRENT in after:
        return None
    pattern = f"{before}{conversions.VERSION}{after}"
    try:
        re.compile(pattern, re.MULTILINE)
    except (re.error, RecursionError, OverflowError):
        return None
    return pattern
