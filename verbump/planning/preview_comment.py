"""A preview as the comment on its pull request. All that comes from it is hostile text, and is made inert here.

What is rendered is the JSON of the preview, so that a comment made from a plan is the comment made on the spot.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verbump.domain import escape, releases
from verbump.planning import notes, templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MARKER = "<!-- verbump:preview -->"
LONGEST_COMMENT = 65_535  # UTF-16 units: a comment may have one more, the summary of a check run not
_ROWS = (100, 40, 15, 5)
_LONGEST_CELL = 300
_SHORT_SHA = 7
_ROOM = 200
_TITLES = {"merge": "Create a merge commit", "squash": "Squash and merge", "rebase": "Rebase and merge"}
# Bold as `escape.for_markdown` leaves it. What stands between is inert; inside a code span it is code before and after.
_BOLD = re.compile(r"\\\*\\\*(?=\S)([^*\\`<>\[\]]{1,200})(?<=\S)\\\*\\\*")
_BULLET = re.compile(r"(?P<bullet>\s*[-*+] )(?P<rest>.*)", re.DOTALL)


def render_comment(data: Mapping[str, Any]) -> str:
    """The comment, within what GitHub takes; commits first, then the changelog, are cut where it would be longer."""
    whole = ""
    for rows in _ROWS:
        context = _context(data, rows)
        whole = templates.render(templates.PREVIEW, {**context, "section": ""})
        room = LONGEST_COMMENT - notes.units(whole) - _ROOM
        if room > 0:
            section = notes.cut(_section(data), room) if _released(data) else ""
            return templates.render(templates.PREVIEW, {**context, "section": section.strip("\n")})
    return notes.cut(whole, LONGEST_COMMENT)


def render_title(data: Mapping[str, Any]) -> str:
    """The headline as plain text, in one line."""
    if data["requests"]:
        return _cut(escape.for_terminal(f"Release {', '.join(data['requests'])}"))
    released = _released(data)
    steps = (_plain_step(each) for each in released)
    return _cut(escape.for_terminal("; ".join(steps) if released else "Nothing to release"))


def _plain_step(each: Mapping[str, Any]) -> str:
    current = f"{each['current']['version']} → " if each["current"] is not None else ""
    return f"{each['name']} {current}{each['next']['version']} ({each['next']['bump']})".lstrip()


def _context(data: Mapping[str, Any], rows: int) -> dict[str, object]:
    return {
        "marker": MARKER,
        "headline": _headline(data),
        "summary": _summary(data),
        "methods": list(_methods(data)),
        "problems": [_problem(each) for each in data["problems"][:rows]],
        "commits": [*map(_commit, data["commits"][:rows]), *_squash(data)],
        "more_commits": max(0, len(data["commits"]) - rows),
        "files": [_file(each) for each in data["files"][:rows]],
        "more_files": max(0, len(data["files"]) - rows),
        "start": list(_start(data)) if data["start"]["tags"] else [],
        "footer": f"{_code(data['pull_request']['head'][:_SHORT_SHA])} into {_code(_base(data))}, previewed by verbump",
    }


def _base(data: Mapping[str, Any]) -> str:
    pull = data["pull_request"]
    return str(pull["base_branch"] or pull["base"][:_SHORT_SHA])


def _each(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The packages; the repository itself, without a name, where it is one."""
    return list(data["packages"]) or [{**data, "name": ""}]


def _released(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in _each(data) if each["next"] is not None]


def _headline(data: Mapping[str, Any]) -> str:
    if data["requests"]:
        return f"**Release {', '.join(map(_text, data['requests']))}**"
    released = _released(data)
    return "; ".join(_step(each) for each in released) if released else "Nothing to release"


def _step(each: Mapping[str, Any]) -> str:
    """`core 1.2.3 → 1.3.0 (minor)`."""
    name = f"{_text(each['name'])} " if each["name"] else ""
    made = f"{_text(each['next']['version'])}"
    if each["current"] is None:
        return f"**{name}{made}**, the first release"
    return f"**{name}{_text(each['current']['version'])} → {made}** ({each['next']['bump']})"


def _summary(data: Mapping[str, Any]) -> str:
    base = _code(_base(data))
    before = [each for each in data["unreleased"] if each["next"] is not None]
    already = ", ".join(_named(each["name"], each["next"]) for each in before)
    own = f"This pull request alone asks for: **{data['own']}**."
    if not _released(data):
        return f"Merging this into {base} makes no new version."
    if data["requests"]:
        return (
            f"Merging this into {base} releases {', '.join(map(_text, data['requests']))}: its files are changed here."
        )
    methods = [each["method"] for each in data["methods"]]
    same = "" if _differ(data) or len(methods) < 2 else f" by every merge method ({', '.join(methods)})"
    lead = f"Merging this into {base} leads to it{same}. {own}"
    if before:
        return f"{lead} Already unreleased on {base}: {already}."
    return f"{lead} Nothing else is unreleased on {base}."


def _named(name: str, version: Mapping[str, Any]) -> str:
    return f"{_text(name)} {_text(version['version'])}".lstrip() + f" ({version['bump']})"


def _differ(data: Mapping[str, Any]) -> bool:
    made = [
        [(one["name"], one["next"] and one["next"]["version"]) for one in each["packages"]] for each in data["methods"]
    ]
    return any(each != made[0] for each in made)


def _methods(data: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """A row for each method where they lead to different versions."""
    if not _differ(data):
        return
    for each in data["methods"]:
        released = [one for one in each["packages"] if one["next"] is not None]
        versions = ", ".join(f"{_cell(one['name'])} **{_cell(one['next']['version'])}**".lstrip() for one in released)
        bumps = ", ".join(dict.fromkeys(one["next"]["bump"] for one in released))
        yield {
            "title": _TITLES[each["method"]],
            "version": versions or "nothing to release",
            "bump": bumps or "none",
        }


def _problem(each: Mapping[str, Any]) -> dict[str, str]:
    mark = "❌" if each["severity"] == "error" else "⚠️"
    return {"mark": mark, "message": _text(each["message"]), "hint": _code(each["hint"]) if each["hint"] else ""}


def _commit(each: Mapping[str, Any]) -> dict[str, str]:
    why = _cell(each["rule"])
    bump = each["bump"] if each["bump"] != "none" else "–"
    if each["fault"]:
        bump, why = "⚠️ none", _cell(each["fault"])
        if each["suggestion"]:
            why = f"{why}; write: {_code_cell(each['suggestion'])}"
    if each["bump"] == "major":
        bump = "**major**"
    return {"bump": bump, "commit": _code(each["commit"][:_SHORT_SHA]), "header": _cell(each["header"]), "why": why}


def _squash(data: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The row of the squashed commit, where squashing is possible and makes another commit than those above."""
    squashed = data["squashed"]
    if squashed is not None and [squashed["header"]] != [each["header"] for each in data["commits"]]:
        yield {**_commit(squashed), "commit": "squash"}


def _file(each: Mapping[str, Any]) -> dict[str, str]:
    old, new = _cell(each["old"]), _cell(each["new"])
    if not new:
        old, new = ("–", "created") if each["created"] else ("", "changed")
    return {"path": _code_cell(each["path"]), "old": old, "new": new}


def _section(data: Mapping[str, Any]) -> str:
    """The changelog sections: hand-written lines with a pencil, then what comes from commits."""
    lines: list[str] = []
    for each in data["sections"]:
        name = f"{_text(each['name'])} " if each["name"] else ""
        lines += [f"#### {name}{_text(each['version'])} - {_text(each['date'])}", ""]
        lines += [*_hand(each["intro"]), ""] if each["intro"] else []
        for category in each["categories"]:
            lines += [f"##### {_text(category['title'])}", "", *_hand(category["lines"])]
            if category["entries"] and not releases.is_list(category["lines"]):
                lines.append("")
            for entry in category["entries"]:
                lines += _entry(entry)
            lines.append("")
    return "\n".join(lines)


def _hand(lines: Sequence[str]) -> Iterator[str]:
    """Hand-written lines, a pencil before each bullet: lists and bold stay as in the file, the rest is inert."""
    for line in lines:
        listed = _BULLET.fullmatch(line)
        shown = _BOLD.sub(r"**\1**", _text(listed["rest"] if listed is not None else line))
        indent = " " * min(len(line) - len(line.lstrip(" ")), 8)
        yield f"{indent}- ✍ {shown}" if listed is not None else f"{indent}{shown}".rstrip()


def _entry(entry: Mapping[str, Any]) -> Iterator[str]:
    breaking = "**Breaking:** " if entry["breaking"] else ""
    scope = f"**{_text(entry['scope'])}:** " if entry["scope"] else ""
    known = [f"#{number}" for number in entry["numbers"]]
    known += [_code(entry["commit"][:_SHORT_SHA])] if entry["commit"] else []
    references = f" ({', '.join(known)})" if known else ""
    yield f"- {breaking}{scope}{_text(entry['description'])}{references}"
    for note in entry["notes"]:
        yield ""
        yield from (f"  {line}" if line else "" for line in escape.for_markdown_block(note).split("\n"))


def _start(data: Mapping[str, Any]) -> Iterator[str]:
    start, base = data["start"], _code(_base(data))
    tags = ", ".join(_code(tag) for tag in start["tags"])
    begins = f"A release of {base} makes the tag {tags}"
    if data["requests"]:
        begins = f"`verbump release --tag-merged` makes the tag {tags}"
    if not start["workflow"]:
        yield f"{begins}; there is no release workflow that it would start."
        return
    yield f"{begins}, which starts {_code(start['workflow'])}."
    if not start["dispatchable"]:
        yield (
            "A tag that a workflow pushes with `GITHUB_TOKEN` starts nothing, and the workflow has no "
            "`workflow_dispatch` to start it by."
        )


def _text(text: str) -> str:
    return escape.for_markdown(_cut(text))


def _cell(text: str) -> str:
    return escape.for_markdown_cell(_cut(text))


def _code(text: str) -> str:
    return escape.for_markdown(_span(text))


def _code_cell(text: str) -> str:
    return escape.for_markdown_cell(_span(text))


def _span(text: str) -> str:
    """The text as a code span, whatever backticks it holds."""
    line = " ".join(escape.for_terminal(_cut(text)).split()) or " "
    longest = max((len(found) for found in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
