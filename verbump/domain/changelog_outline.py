"""Headings and link definitions of a Markdown file, by line: fences, comments, HTML and lists do not mislead it.

Source: CommonMark 0.31, block structure. Lines are what stands between LFs; a CR before one belongs to the line end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})(.*)")
_BULLET = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_BREAK = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})")
_DEFINITION = re.compile(r" {0,3}\[([^\]\[\n]{1,999})\]:[ \t]*(<[^>\n]*>|\S+)")
_RAW_HTML = re.compile(r" {0,3}<(script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
_BLOCK_HTML = re.compile(
    r" {0,3}</?(?:address|article|aside|blockquote|center|details|dialog|dd|div|dl|dt|fieldset|figure|footer|form|"
    r"h[1-6]|header|hr|iframe|li|link|main|menu|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)"
    r"(?=[\s/>]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading: its level (1 to 6), its text, the index of its first line and of the line after it."""

    level: int
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A link reference definition: its label, its target, the index of its line."""

    label: str
    target: str
    line: int


@dataclass(slots=True, kw_only=True)
class Outline:
    """What a file is made of. `open_fence` and `open_comment` are the lines of what is never closed, or None.

    `comments` are the indices of lines that belong to HTML comments.
    """

    headings: list[Heading] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    comments: set[int] = field(default_factory=set)
    open_fence: int | None = None
    open_comment: int | None = None


def outline(lines: Sequence[str]) -> Outline:
    """The outline of a file's lines (without line ends)."""
    scanner = _Scanner(lines)
    for index in range(_after_front_matter(lines), len(lines)):
        scanner.step(index)
    return scanner.finish()


def is_bullet(line: str) -> bool:
    """Whether the line begins a list item, at most three blanks in."""
    return _BULLET.match(line) is not None and _BREAK.fullmatch(line) is None


class _Scanner:
    """One pass over the lines. Open blocks are kept as the index of the line that opened them."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._found = Outline()
        self._fence = ""
        self._fence_line = 0
        self._fence_in_list = False
        self._html_end = ""
        self._html_line = 0
        self._paragraph: int | None = None
        self._in_list = False

    def step(self, index: int) -> None:
        line = self._lines[index]
        if self._fence and self._step_fence(line):
            return
        if self._html_end:
            self._step_html(line, index)
            return
        indent = len(line) - len(line.lstrip(" \t"))
        if not line.strip():
            self._paragraph = None
            return
        if self._opens_fence(line, index) or self._opens_html(line, index):
            self._paragraph = None
            return
        if self._in_list and indent >= 2:
            return
        self._step_text(line, index)

    def finish(self) -> Outline:
        if self._fence:
            self._found.open_fence = self._fence_line
        if self._html_end == "-->":
            self._found.open_comment = self._html_line
        return self._found

    def _step_fence(self, line: str) -> bool:
        """Whether the line belongs to the open fence. One inside a list item ends where the item ends."""
        found = _FENCE.fullmatch(line)
        if self._fence_in_list and line.strip() and not line.startswith(("  ", "\t")):
            self._fence = ""
            return False
        closes = found is not None and found[2].startswith(self._fence) and not found[3].strip()
        if closes and found is not None and (self._fence_in_list or len(found[1]) <= 3):
            self._fence = ""
        return True

    def _opens_fence(self, line: str, index: int) -> bool:
        found = _FENCE.fullmatch(line)
        if found is None or (found[2][0] == "`" and "`" in found[3]):
            return False
        indent = len(found[1].expandtabs(4))
        if indent > 3 and not self._in_list:
            return False
        self._fence, self._fence_line = found[2], index
        self._fence_in_list = self._in_list and indent >= 2
        return True

    def _opens_html(self, line: str, index: int) -> bool:
        bare = line.lstrip(" ")
        if bare.startswith("<!--") and (len(line) - len(bare) <= 3 or self._in_list):
            self._html_end, self._html_line = "-->", index
            self._found.comments.add(index)
            if "-->" in bare[4:] or bare.startswith(("<!-->", "<!--->")):
                self._html_end = ""
            return True
        raw = _RAW_HTML.match(line)
        if raw is not None:
            self._html_end, self._html_line = f"</{raw[1].lower()}>", index
            if self._html_end in line.lower():
                self._html_end = ""
            return True
        if _BLOCK_HTML.match(line):
            self._html_end, self._html_line = "\n", index
            return True
        return False

    def _step_html(self, line: str, index: int) -> None:
        if self._html_end == "-->":
            self._found.comments.add(index)
        if (self._html_end == "\n" and not line.strip()) or (self._html_end != "\n" and self._html_end in line.lower()):
            self._html_end = ""

    def _step_text(self, line: str, index: int) -> None:
        """A line outside every fence, HTML block and list item's inside."""
        heading = _atx(line, index)
        if heading is not None:
            self._found.headings.append(heading)
            self._paragraph, self._in_list = None, False
            return
        underline = _UNDERLINE.fullmatch(line)
        if underline is not None and self._paragraph is not None and not self._in_list:
            start = self._paragraph
            title = " ".join(text.strip() for text in self._lines[start:index])
            level = 1 if underline[1][0] == "=" else 2
            self._found.headings.append(Heading(level=level, title=title, start=start, end=index + 1))
            self._paragraph = None
            return
        if is_bullet(line):
            self._in_list, self._paragraph = True, None
            return
        definition = _DEFINITION.match(line) if self._paragraph is None else None
        if definition is not None:
            label, target = definition.groups()
            self._found.definitions.append(Definition(label=label, target=target, line=index))
            self._in_list = False
            return
        if _BREAK.fullmatch(line) or line.lstrip().startswith(">") or (self._paragraph is None and _is_code(line)):
            self._paragraph = None
            return
        if self._paragraph is None and (not self._in_list or self._follows_blank(index)):
            self._paragraph, self._in_list = index, False

    def _follows_blank(self, index: int) -> bool:
        return index > 0 and not self._lines[index - 1].strip()


def _atx(line: str, index: int) -> Heading | None:
    bare = line.lstrip(" ")
    level = len(bare) - len(bare.lstrip("#"))
    rest = bare[level:]
    if len(line) - len(bare) > 3 or not 1 <= level <= 6 or (rest and rest[0] not in " \t"):
        return None
    title = rest.strip(" \t")
    closed = title.rstrip("#")
    if closed != title and (not closed or closed[-1] in " \t"):
        title = closed.rstrip(" \t")
    return Heading(level=level, title=title, start=index, end=index + 1)


def _is_code(line: str) -> bool:
    return line.startswith(("    ", "\t"))


def _after_front_matter(lines: Sequence[str]) -> int:
    """The index of the first line after YAML front matter, 0 where there is none."""
    if not lines or lines[0].removeprefix("\ufeff").rstrip() != "---":
        return 0
    return next((index + 1 for index in range(1, len(lines)) if lines[index].rstrip() in {"---", "..."}), 0)
