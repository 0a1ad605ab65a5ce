"""Compare links at the end of a changelog: where they go, and how the file's own ones are spelled.

Source: Keep a Changelog 1.1.0, "Versions and sections should be linkable".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import versions

if TYPE_CHECKING:
    from verbump.domain.changelog_outline import Definition
    from verbump.domain.changelog_sections import Changelog

_HEADS = ("HEAD", "head")
_COMPARE = re.compile(r"(?P<base>\S*?/compare/)(?P<left>\S+?)(?P<dots>\.\.\.?|%0D)(?P<right>\S+)")
_VERSION_IN = re.compile(r"\d{1,10}\.\d{1,10}\.\d{1,10}(?:-[0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareLinks:
    """URLs for a release: what is unreleased after it, and what it holds. Where the forge is known."""

    unreleased: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEdit:
    """Lines to put in: `line` replaced by `replacement` (None: nothing replaced), then `added` before index `at`."""

    line: int | None
    replacement: str
    at: int
    added: tuple[str, ...]


def find_edit(document: Changelog, label: str, tag: str, previous_tag: str, links: CompareLinks | None) -> LinkEdit:
    """The edit of a file's definitions for a release whose heading is `[label]`; possibly an empty one.

    The file's own style decides: the base of its URLs, whether it links versions at all.
    """
    definitions = document.outline.definitions
    known = {each.label.casefold(): each for each in definitions}
    unreleased = known.get("unreleased")
    named = [each for each in definitions if _is_version(each.label)]
    if label.casefold() in known:
        return LinkEdit(line=None, replacement="", at=0, added=())
    if unreleased is not None:
        return _with_unreleased(document, unreleased, label, (tag, previous_tag), links)
    if named:
        target = _like(named[0].target, tag, previous_tag) or (links.version if links else "")
        added = (f"[{label}]: {target}",) if target else ()
        return LinkEdit(line=None, replacement="", at=named[0].line, added=added)
    if links is None:
        return LinkEdit(line=None, replacement="", at=0, added=())
    lines = list(document.lines)
    end = len(lines)
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    last = definitions[-1].line if definitions else -1
    blank = () if last == end - 1 else ("",)
    name = document.unreleased.title if document.unreleased else ""
    own = (f"[Unreleased]: {links.unreleased}",) if name.startswith("[") else ()
    return LinkEdit(line=None, replacement="", at=end, added=(*blank, *own, f"[{label}]: {links.version}"))


def _with_unreleased(
    document: Changelog, definition: Definition, label: str, tags: tuple[str, str], links: CompareLinks | None
) -> LinkEdit:
    """The Unreleased definition moved on to the new tag, and the version's own right after it."""
    tag, previous = tags
    line = document.lines[definition.line]
    target = definition.target
    found = _COMPARE.fullmatch(target.strip("<>"))
    if found is None:
        added = (f"[{label}]: {links.version}",) if links else ()
        return LinkEdit(line=None, replacement="", at=definition.line + 1, added=added)
    base, left, dots, right = found.groups()
    is_turned = left in _HEADS or (right == previous and previous != "")
    old, head = (right, left) if is_turned else (left, right)
    new = _renamed(old, tag, previous)
    moved = f"{base}{head}{dots}{new}" if is_turned else f"{base}{new}{dots}{head}"
    own = f"{base}{new}{dots}{old}" if is_turned else f"{base}{old}{dots}{new}"
    return LinkEdit(
        line=definition.line,
        replacement=_with_target(line, target, moved),
        at=definition.line + 1,
        added=(f"[{label}]: {own}",),
    )


def _with_target(line: str, old: str, new: str) -> str:
    """The line with its target replaced, what stands around it kept."""
    start = line.index(old, line.index("]:"))
    return line[:start] + (f"<{new}>" if old.startswith("<") else new) + line[start + len(old) :]


def _like(target: str, tag: str, previous: str) -> str:
    """A URL for the new version in the style of the last one's, "" where it has none that can be followed."""
    found = _COMPARE.fullmatch(target.strip("<>"))
    if found is not None:
        base, left, dots, right = found.groups()
        if previous and left == previous:
            return f"{base}{_renamed(left, tag, previous)}{dots}{left}"
        return f"{base}{right}{dots}{_renamed(right, tag, previous)}"
    if previous and target.endswith(previous):
        return target[: len(target) - len(previous)] + tag
    return ""


def _renamed(ref: str, tag: str, previous: str) -> str:
    """The new tag, in the spelling in which the file wrote the old one (`1.2.0` for tag `v1.2.0`, say)."""
    if not previous or ref == previous:
        return tag
    old, new = _VERSION_IN.search(ref), _VERSION_IN.search(tag)
    if old is None or new is None:
        return tag
    return ref[: old.start()] + new[0] + ref[old.end() :]


def _is_version(label: str) -> bool:
    return versions.parse_or_none(label.removeprefix("v")) is not None
