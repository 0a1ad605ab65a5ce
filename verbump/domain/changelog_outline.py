"""The block structure of a Markdown text, by line: what is a heading, a definition, an item, and what only looks so.

Fences, comments, HTML, quotes and lists are followed with CommonMark's own algorithm (containers and one open leaf):
a heading inside any of them is no heading of the document. Inline marks are not read. One pass, linear in the text.

Source: CommonMark 0.31, "Blocks and inlines" and appendix "A parsing strategy".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from verbump.domain import changelog_html

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["heading", "definition", "item", "paragraph", "comment", "rule", "other"]
# The line (from 0) at which something begins that runs to the end of the file, and what it is.
Unclosed = tuple[int, Literal["fence", "comment", "html"]]

# Deeper than this, marks are text: CommonMark's own parsers cap it too, and hostile nesting stays linear.
DEEPEST = 20

_NONE: Final = 0
_PARAGRAPH: Final = 1
_CODE: Final = 2
_FENCE: Final = 3
_HTML: Final = 4
_QUOTE: Final = -1

_DEFINITION = re.compile(
    r"\[((?:[^\[\]\\]|\\.){1,999}+)\]: *+(?:<[^<>]*+>|[^\x00-\x20<][^\x00-\x20]*+)"
    r"(?: ++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+ *+"
)
_ORDERED = re.compile(r"(\d{1,9})[.)](?: |$)", re.ASCII)
_FRONT_MATTER_KEY = re.compile(r"[\w\"'.-]{1,200}+ *+:(?: |$)")


class Block(NamedTuple):
    """A block at the top of the document, or an item of a list there. It goes on to the next block.

    `line` counts from 0. A heading has `level`, `text` and `height` (2 or more lines when underlined); a definition has
    its label as `text`.
    """

    line: int
    kind: Kind
    level: int = 0
    text: str = ""
    height: int = 1


def scan(lines: Sequence[str]) -> tuple[list[Block], Unclosed | None]:
    """The blocks of a text's lines (without line ends and BOM), top down, and what is never closed, None without one.

    YAML front matter is skipped.
    """
    scanner = _Scanner(lines)
    take = scanner.take
    for number in range(_after_front_matter(lines), len(lines)):
        line = lines[number]
        take(number, line.expandtabs(4) if "\t" in line else line)
    return scanner.blocks, scanner.unclosed()


class _Scanner:
    """The open containers, the open leaf in the innermost, and the blocks so far.

    A container is the indentation that an item's lines need, or _QUOTE.
    """

    __slots__ = ("_containers", "_ends", "_hollow", "_leaf", "_leaf_line", "_lines", "_mark", "blocks")

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.blocks: list[Block] = []
        self._containers: list[int] = []
        self._leaf = _NONE
        self._leaf_line = 0
        self._mark = ""
        self._ends: tuple[str, ...] = ()
        self._hollow = False

    def take(self, number: int, line: str) -> None:
        rest, matched = self._match(line) if self._containers else (line, 0)
        if self._leaf >= _FENCE and matched == len(self._containers):
            self._go_on(rest)
            return
        while True:
            text = rest.lstrip(" ")
            if not text:
                self._end_paragraph(matched)
                return
            if len(rest) - len(text) > 3:
                self._indented(number, matched)
                return
            opened = None
            if text[0] in "#`~<=-_*+>0123456789":
                if self._leaf_begins(number, text, matched):
                    return
                opened = self._container_begins(number, rest, text, matched)
            if opened is None:
                self._paragraph(number, text, matched)
                return
            if opened[:1].isalpha():  # the usual item: spare it another round
                self._leaf, self._leaf_line = _PARAGRAPH, number
                return
            rest, matched = opened, len(self._containers)

    def unclosed(self) -> Unclosed | None:
        if self._leaf == _FENCE:
            return self._leaf_line, "fence"
        if self._leaf == _HTML and self._ends != (changelog_html.BLANK_LINE,):
            is_comment = self._ends == (changelog_html.COMMENT_END,)
            return self._leaf_line, "comment" if is_comment else "html"
        return None

    def _match(self, line: str) -> tuple[str, int]:
        """What is left of the line after the marks of the containers that go on, and how many do."""
        rest = line
        last = len(self._containers) - 1
        for index, container in enumerate(self._containers):
            text = rest.lstrip(" ")
            indent = len(rest) - len(text)
            if container == _QUOTE:
                if indent > 3 or not text.startswith(">"):
                    return rest, index
                rest = text[2:] if text.startswith("> ") else text[1:]
            elif not text:
                if self._hollow and index == last:  # an item may begin with one blank line, not with two
                    return rest, index
            elif indent >= container:
                rest = rest[container:]
            else:
                return rest, index
        return rest, last + 1

    def _close(self, matched: int) -> None:
        del self._containers[matched:]
        self._leaf, self._hollow = _NONE, False

    def _record(self, number: int, kind: Kind, level: int = 0, text: str = "") -> None:
        if not self._containers:
            self.blocks.append(Block(number, kind, level, text))

    def _end_paragraph(self, matched: int) -> None:
        """A blank line, or one with nothing but the marks of containers."""
        if matched < len(self._containers):
            self._close(matched)
        else:
            self._leaf = _NONE

    def _indented(self, number: int, matched: int) -> None:
        if self._leaf == _PARAGRAPH:
            return  # goes on, lazily or not
        was_code = self._leaf == _CODE and matched == len(self._containers)
        self._close(matched)
        if not was_code:
            self._record(number, "other")
        self._leaf = _CODE

    def _paragraph(self, number: int, text: str, matched: int) -> None:
        if self._leaf == _PARAGRAPH:
            return  # goes on, lazily or not
        self._close(matched)
        if text[0] == "[" and (found := _DEFINITION.fullmatch(text)) and found[1].strip():
            self._record(number, "definition", text=found[1])
            return
        self._record(number, "paragraph")
        self._leaf, self._leaf_line = _PARAGRAPH, number

    def _leaf_begins(self, number: int, text: str, matched: int) -> bool:
        """Whether the line is a heading, an underline, a thematic break, or begins a fence or HTML block."""
        first = text[0]
        if first == "#":
            return self._heading(number, text, matched)
        if first in "`~":
            return self._fence(number, text, matched)
        if first == "<":
            return self._html(number, text, matched)
        if first in "=-" and self._leaf == _PARAGRAPH and matched == len(self._containers):
            bare = text.rstrip(" ")
            if not bare.strip(first):
                self._underline(number, 1 if first == "=" else 2)
                return True
        if first in "-_*" and text.count(first) >= 3 and not text.strip(f"{first} "):
            self._close(matched)
            self._record(number, "rule")
            return True
        return False

    def _heading(self, number: int, text: str, matched: int) -> bool:
        title = text.lstrip("#")
        level = len(text) - len(title)
        if level > 6 or (title and title[0] != " "):
            return False
        title = title.strip(" ")
        closed = title.rstrip("#")
        if not closed or closed[-1] == " ":
            title = closed.rstrip(" ")
        self._close(matched)
        self._record(number, "heading", level, title)
        return True

    def _underline(self, number: int, level: int) -> None:
        if not self._containers:
            start = self._leaf_line
            text = " ".join(line.strip() for line in self._lines[start:number])
            self.blocks[-1] = Block(start, "heading", level, text, number - start + 1)
        self._leaf = _NONE

    def _fence(self, number: int, text: str, matched: int) -> bool:
        first = text[0]
        info = text.lstrip(first)
        width = len(text) - len(info)
        if width < 3 or (first == "`" and "`" in info):
            return False
        self._close(matched)
        self._record(number, "other")
        self._leaf, self._leaf_line, self._mark = _FENCE, number, first * width
        return True

    def _html(self, number: int, text: str, matched: int) -> bool:
        ends = changelog_html.end_of_block(text, in_paragraph=self._leaf == _PARAGRAPH)
        if ends is None:
            return False
        self._close(matched)
        self._record(number, "comment" if ends == (changelog_html.COMMENT_END,) else "other")
        self._leaf, self._leaf_line, self._ends = _HTML, number, ends
        self._go_on(text)
        return True

    def _go_on(self, rest: str) -> None:
        """A line of the open fence or HTML block, its last one perhaps."""
        if self._leaf == _FENCE:
            text = rest.lstrip(" ")
            if len(rest) - len(text) < 4 and text.startswith(self._mark) and not text.rstrip(" ").strip(self._mark[0]):
                self._leaf = _NONE
            return
        if self._ends == (changelog_html.BLANK_LINE,):
            if not rest.strip(" "):
                self._leaf = _NONE
            return
        lower = rest.lower()
        found = next((end for end in self._ends if end in lower), None)
        if found is None:
            return
        self._leaf = _NONE
        is_comment = found == changelog_html.COMMENT_END and not self._containers
        if is_comment and rest.partition(found)[2].strip(" "):
            self.blocks[-1] = self.blocks[-1]._replace(kind="other")  # text after the comment's end is shown

    def _container_begins(self, number: int, rest: str, text: str, matched: int) -> str | None:
        """What is left after the mark of a quote or list item that begins here, or None where none does."""
        if matched >= DEEPEST:
            return None
        first = text[0]
        if first == ">":
            self._close(matched)
            self._record(number, "other")
            self._containers.append(_QUOTE)
            return text[2:] if text.startswith("> ") else text[1:]
        interrupts = self._leaf == _PARAGRAPH and matched == len(self._containers)
        if first in "-+*":
            mark = 1 if text[1:2] in ("", " ") else 0
        else:
            ordered = _ORDERED.match(text)
            mark = len(ordered[1]) + 1 if ordered and not (interrupts and int(ordered[1]) != 1) else 0
        after = text[mark:]
        inner = after.lstrip(" ")
        if not mark or (interrupts and not inner):
            return None
        blanks = len(after) - len(inner)
        if not inner or blanks > 4:
            blanks = 1
        self._close(matched)
        self._record(number, "item")
        self._containers.append(len(rest) - len(text) + mark + blanks)
        self._hollow = not inner
        return after[blanks:]


def _after_front_matter(lines: Sequence[str]) -> int:
    """The number of the first line after YAML front matter, 0 where there is none."""
    if len(lines) < 2 or lines[0].rstrip() != "---" or not _FRONT_MATTER_KEY.match(lines[1]):
        return 0
    return next((number + 1 for number, line in enumerate(lines) if number and line.rstrip() in ("---", "...")), 0)
