"""Pieces that several tools spell in their own way: tags, branches, hooks, places of versions, types."""

from __future__ import annotations

import re
import shlex
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.domain import tags
from verbump.domain.bumps import DEFAULT_RULES
from verbump.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbump.planning.adoption.foreign import Table

#: A SemVer or PEP 440 version of three numbers, as a regular expression that takes linear time.
VERSION = r"(?P<version>\d+\.\d+\.\d+(?:[-+.]?[0-9A-Za-z][0-9A-Za-z.+-]*)?)"
CI_SKIPPED = "without the words that skip CI: they would skip the tag's workflow, which publishes"
RELEASE_NOTE = "no such step: the tag starts the workflow that publishes"

_SKIPS_CI = re.compile(
    r"\s*(?:\[(?:(?:skip|no)[ _-]ci|ci[ _-]skip|skip actions|actions skip)\]|\*\*\*no_ci\*\*\*|skip-checks:\s*true)",
    re.IGNORECASE,
)
_OF_A_SHELL = re.compile(r"[|&;<>$`*?\[\]{}()~#\n\\]|^\w+=")
_FOUND = {"Cargo.toml", "Cargo.lock", "pyproject.toml", "uv.lock"}
_KEYED = {"package.json": ("version",), "composer.json": ("version",)}
_REGEX_PARTS = (
    (re.compile(r"\(\?:|[()]"), None),
    (re.compile(r"\.[*+]\??"), "*"),
    (re.compile(r"(?:\\d|\[0-9\])[+*]?"), "[0-9]*"),
    (re.compile(r"\\([./_-])"), r"\1"),
    (re.compile(r"[\w/@#=-]"), r"\g<0>"),
)


def tag_format(template: str, *placeholders: str) -> str | None:
    """verbump's `tag_format` for another tool's template; None where verbump can have no such tags.

    `placeholders` are regular expressions for that tool's word for the version.
    """
    normal = template.strip()
    for each in placeholders:
        normal = re.sub(each, "{version}", normal)
    try:
        return tags.parse_format(normal).text
    except ConfigError:
        return None


def put_tag_format(table: Table, key: str, template: str, *placeholders: str) -> None:
    """Set `tag_format` from the template at `key`, or note that it cannot be carried over."""
    found = tag_format(template, *placeholders)
    if found is None:
        table.leave(key, "a tag of verbump is one {version} with fixed text around it: set tag_format by hand")
    else:
        table.draft.put("tag_format", found, table, key)


def put_commit_message(table: Table, key: str, template: str, *placeholders: str) -> None:
    """Set `commit_message` from the first line of the template at `key`, or note why not."""
    first, _, rest = template.strip().partition("\n")
    for each in placeholders:
        first = re.sub(each, "{version}", first)
    plain = _SKIPS_CI.sub("", first).strip()
    if re.search(r"\$\w|\{(?!version\})|\{\{", plain) or plain.count("{version}") != 1:
        why = f"{template.strip()!r} has parts that verbump does not know: set commit_message, with {{version}} in it"
        table.leave(key, why)
        return
    table.draft.put("commit_message", plain, table, key)
    if plain != first.strip() or _SKIPS_CI.search(rest):
        table.leave(key, f"carried over {CI_SKIPPED}")
    elif rest.strip():
        table.leave(key, "carried over without its body")


def globs_of(pattern: str) -> list[str] | None:
    """The globs that match what a simple regular expression for branch names does; None where it is not simple."""
    body = pattern.strip().removeprefix("^").removesuffix("$")
    whole = re.fullmatch(r"\((?:\?:)?([^()]*)\)", body)
    globs = []
    for choice in (whole[1] if whole else body).split("|"):
        glob = _glob_of(choice)
        if glob is None:
            return None
        globs.append(glob)
    return globs


def _glob_of(choice: str) -> str | None:
    made, at = "", 0
    while at < len(choice):
        for part, becomes in _REGEX_PARTS:
            found = part.match(choice, at)
            if found is not None:
                if becomes is None:
                    return None
                made += found.expand(becomes)
                at = found.end()
                break
        else:
            return None
    return made or None


def put_hooks(table: Table, key: str, step: str) -> None:
    """Carry shell commands over as argv lists, where a shell does nothing for them."""
    found: list[list[str]] = []
    for index, command in table.texts(key):
        for line in filter(None, map(str.strip, command.split("\n"))):
            argv = _argv(line)
            if argv and argv[0] != "git":
                found.append(argv)
                continue
            why = f"needs a shell, which verbump never starts: put it into a script and list that in hooks.{step}"
            if argv:
                why = "runs git: files that hooks change become part of the release by being listed in hooks.paths"
            table.leave_at((key, index) if isinstance(table.values[key], list) else (key,), why)
    if found:
        hooks = table.draft.settings.setdefault("hooks", {})
        hooks[step] = [*hooks.get(step, []), *found]
        table.draft.origins["hooks",] = (table, (key,))


def _argv(line: str) -> list[str]:
    if _OF_A_SHELL.search(line):
        return []
    try:
        return shlex.split(line)
    except ValueError:
        return []


def manifest(path: str, *, pattern: str = "", key: str = "") -> dict[str, str] | str:
    """An item of `manifests`. Files whose format verbump knows are found without key or pattern."""
    place = PurePosixPath(path.strip())
    name = str(place)
    if place.name in _FOUND and not pattern.startswith("(?s)"):
        return name
    if key:
        return {"path": name, "key": key}
    if pattern:
        return {"path": name, "pattern": pattern}
    if place.name in _KEYED:
        return {"path": name, "key": ".".join(_KEYED[place.name])}
    return name


def variable_pattern(name: str) -> str:
    """Matches an assignment of a version to a name: `name = "1.2.3"`, `name: str = "1.2.3"`, `"name": "1.2.3"`."""
    return rf"""(?<![\w.]){re.escape(name)}["']?\s*(?::\s*[\w.]+\s*)?(?::=|==?|:)\s*["']?v?{VERSION}"""


def on_lines_with(expression: str) -> str | None:
    """Matches a version on each line where `expression` matches too; None where that cannot be compiled."""
    pattern = rf"^(?=.*?(?:{expression})).*?{VERSION}" if expression else rf"^.*?{VERSION}"
    if expression.startswith("^"):
        pattern = rf"^(?=(?:{expression[1:]})).*?{VERSION}"
    return pattern if _compiles(pattern) else None


def _compiles(pattern: str) -> bool:
    try:
        return re.compile(pattern, re.MULTILINE).groupindex.get("version") is not None
    except (re.error, RecursionError, OverflowError):
        return False


def search_pattern(search: str, placeholder: str) -> str | None:
    """Matches the text `search`, in which `placeholder` stands for the version; None without exactly one."""
    before, found, after = search.partition(placeholder)
    if not found or placeholder in after:
        return None
    return f"{_literal(before)}{VERSION}{_literal(after)}"


def _literal(text: str) -> str:
    # `re.escape` would write a line end as a backslash and that line end, which no one reads.
    return re.escape(text).replace("\\\n", r"\n").replace("\\ ", " ").replace("\\\t", r"\t")


def put_types(table: Table, rules: Iterable[tuple[str, str, str | None]], *keys: str | int) -> None:
    """Set rows of `types` from (type, bump, category), leaving out what is so by default."""
    made: dict[str, dict[str, str]] = table.draft.settings.setdefault("types", {})
    for name, bump, category in rules:
        known = DEFAULT_RULES.get(name)
        if known is not None and (known.bump.word, known.category) == (bump, category):
            continue
        if not re.fullmatch(r"[\w-]+", name) or any(name.lower() == each.lower() for each in made):
            continue
        made[name] = {"bump": bump, **({"category": category} if category else {})}
    if made:
        table.draft.origins["types",] = (table, keys)
    else:
        del table.draft.settings["types"]


def default_category(name: str) -> str:
    """Under which title the entries of a type stand by default; Changed for a type that has none."""
    known = DEFAULT_RULES.get(name)
    return known.category or "Changed" if known else "Changed"


def folder_globs(paths: Sequence[str]) -> list[str]:
    """Globs of paths that may be folders: `docs` and `docs/` become `docs/**`, a file or a glob stays."""
    made = []
    for path in paths:
        plain = path.strip().removeprefix("./").rstrip("/")
        is_plain = plain and not any(mark in plain for mark in "*?[") and "." not in plain.rsplit("/", 1)[-1]
        made.append(f"{plain}/**" if is_plain else plain or "**")
    return made


def put_list(table: Table, name: str, value: list[Any], *keys: str | int) -> None:
    """Set a list, where it holds anything."""
    if value:
        table.draft.put(name, value, table, *keys)
