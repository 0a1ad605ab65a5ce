"""Where a changelog's sections stand: the text in lines, its outline, and the lines of each section.

Source: Keep a Changelog 1.1.0; rules.md "Changelog".
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from verbump.domain import changelog_headings, changelog_outline
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbump.domain.changelog_headings import ReleaseHeading
    from verbump.domain.changelog_outline import Block

BOM = "\ufeff"

_CONTENT = frozenset({"item", "paragraph", "other"})
_TRAILING = frozenset({"definition", "comment", "rule"})
_DEEPEST_RELEASE = 3  # standard-version writes patch releases as ###


# Plain classes, not dataclasses: each of those costs a millisecond to make, and every command reads the changelog.
class Span:
    """Where a section stands, in lines from 0: anchor and heading from `start`, text from `body`, up to `end`.

    `tail` is where what does not belong to the text begins: blank lines, definitions, comments, a thematic break.
    `blocks` are those under the heading.
    """

    __slots__ = ("block", "blocks", "body", "end", "heading", "start", "tail")

    def __init__(self, heading: ReleaseHeading, block: Block, blocks: Sequence[Block], bounds: tuple[int, int, int]):
        self.heading = heading
        self.block = block
        self.blocks = blocks
        self.start, self.tail, self.end = bounds
        self.body = block.line + block.height


class Group:
    """A category of a section, or (`heading` is None) what stands before the first. `end` is the line after it."""

    __slots__ = ("blocks", "end", "heading")

    def __init__(self, heading: Block | None, blocks: Sequence[Block], end: int) -> None:
        self.heading = heading
        self.blocks = blocks
        self.end = end

    @property
    def has_content(self) -> bool:
        """Whether there is more than comments, definitions, headings and thematic breaks."""
        return any(block.kind in _CONTENT for block in self.blocks)

    def moving(self) -> Iterator[tuple[Block, int]]:
        """The blocks that a release takes along, each with the line after it: none where there is no content.

        Definitions are the file's, and a comment before the first category is a guide for writers.
        """
        stays = {"definition"} if self.heading else {"definition", "comment"}
        for place, block in enumerate(self.blocks if self.has_content else ()):
            if block.kind not in stays:
                yield block, self.blocks[place + 1].line if place + 1 < len(self.blocks) else self.end


class Document:
    """A text, with or without faults: lines (no line ends, no BOM), their line ends, blocks and sections.

    `newline` is the majority's line end. `missing` is what the last line lacks of its own, which `ends` has.
    """

    __slots__ = ("blocks", "ends", "lines", "missing", "newline", "spans", "unclosed")

    def __init__(self, text: str) -> None:
        self.lines, self.ends, self.newline, self.missing = _split_lines(text.removeprefix(BOM))
        self.blocks, self.unclosed = changelog_outline.scan(self.lines)
        self.spans = _spans(self.lines, self.blocks)

    @property
    def unreleased(self) -> Span | None:
        """Where Unreleased stands, None where there is none."""
        return next((span for span in self.spans if span.heading.is_unreleased), None)

    @property
    def level(self) -> int:
        """How many `#` a new release heading has: as Unreleased, else as the highest release heading; 2 without any."""
        unreleased = self.unreleased
        return unreleased.block.level if unreleased else min((span.block.level for span in self.spans), default=2)

    @property
    def category_level(self) -> int:
        """How many `#` a new category heading has: as in the newest section that has one below the release level."""
        level = self.level
        levels = (category_level(span) for span in self.spans)
        return next((each for each in levels if each > level), level + 1)


def read(text: str) -> Document:
    """The document that a text is, with or without faults. Never raises."""
    return Document(text)


def find_errors(document: Document) -> Iterator[InputError]:
    """All that keeps a file from being followed: what is never closed first, then by line."""
    if document.unclosed is not None:
        line, what = document.unclosed
        noun, mark, code = {
            "fence": ("code fence", "the same marks on a line of their own", "changelog-unclosed-fence"),
            "comment": ("HTML comment", "-->", "changelog-unclosed-comment"),
            "html": ("block of raw HTML", "its end tag", "changelog-unclosed-html"),
        }[what]
        message = f"a {noun} begins here and is never closed: headings after it cannot be told from its text"
        yield InputError(message, hint=f"close it with {mark}", code=code, line=line + 1)
    seen: dict[str, int] = {}
    for span in document.spans:
        name = span.heading.version or "Unreleased"
        line = span.block.line + 1
        if name in seen:
            message = f"{name} has two sections, at lines {seen[name]} and {line}; expected one"
            yield InputError(message, hint="merge the two sections", code="changelog-duplicate", line=line)
        seen.setdefault(name, line)
    if not document.spans and document.unclosed is None and any(line.strip() for line in document.lines):
        message = "there is text, but neither an Unreleased nor a version heading"
        hint = "add a line `## [Unreleased]` where the next release shall go"
        yield InputError(message, hint=hint, code="changelog-no-heading", line=1)


def groups_of(span: Span) -> Iterator[Group]:
    """What stands before the first category, then the categories, top down; a section's tail is in none."""
    inner = [block for block in span.blocks if block.line < span.tail]
    level = category_level(span)
    starts = [place for place, block in enumerate(inner) if block.kind == "heading" and block.level == level]
    borders = [*starts, len(inner)]
    ends = [inner[place].line for place in starts] + [span.tail]
    yield Group(None, inner[: borders[0]], ends[0])
    for start, border, end in zip(starts, borders[1:], ends[1:], strict=True):
        yield Group(inner[start], inner[start + 1 : border], end)


def category_level(span: Span) -> int:
    """The level of a section's category headings: that of the highest heading in it. 0 where there is none."""
    return min((block.level for block in span.blocks if block.kind == "heading"), default=0)


def _split_lines(text: str) -> tuple[list[str], list[str], str, str]:
    """Lines, their ends, the majority's end, and what the last line lacks. Only LF and CRLF end a line."""
    lines = text.split("\n")
    last = lines.pop()
    if "\r\n" in text:
        ends = ["\r\n" if line.endswith("\r") else "\n" for line in lines]
        lines = [line.removesuffix("\r") for line in lines]
    else:
        ends = ["\n"] * len(lines)
    newline = "\r\n" if ends.count("\r\n") * 2 > len(ends) else "\n"
    if not last:
        return lines, ends, newline, ""
    is_half = last.endswith("\r")  # half a CRLF: with an LF after it, it is one
    lines.append(last.removesuffix("\r"))
    ends.append("\r\n" if is_half else newline)
    return lines, ends, newline, "\n" if is_half else newline


def _spans(lines: Sequence[str], blocks: Sequence[Block]) -> list[Span]:
    """The sections. Release headings are those of the highest level that has any.

    A dated one below that level is one too: conventional-changelog writes patch releases a level deeper.
    """
    candidates = {
        place: heading
        for place, block in enumerate(blocks)
        if block.kind == "heading"
        and block.level <= _DEEPEST_RELEASE
        and (heading := changelog_headings.parse_release_heading(block.text))
    }
    level = min((blocks[place].level for place in candidates), default=0)
    found: list[tuple[int, ReleaseHeading]] = []
    for place, heading in candidates.items():
        is_first_unreleased = heading.is_unreleased and not found
        if blocks[place].level == level or is_first_unreleased or _is_dated(heading):
            found.append((place, heading))
    limits = {place for place, block in enumerate(blocks) if block.kind == "heading" and block.level <= level}
    borders = sorted(limits | {place for place, _ in found} | {len(blocks)})
    spans = []
    for place, heading in found:
        start, _ = _before_anchor(lines, blocks, place)
        end, border = _before_anchor(lines, blocks, borders[bisect_right(borders, place)])
        block = blocks[place]
        body = block.line + block.height
        inner = blocks[place + 1 : border]
        spans.append(Span(heading, block, inner, (start, _tail(lines, inner, body, end), end)))
    return spans


def _is_dated(heading: ReleaseHeading) -> bool:
    return bool(heading.version) and changelog_headings.has_iso_date(heading)


def _before_anchor(lines: Sequence[str], blocks: Sequence[Block], place: int) -> tuple[int, int]:
    """Line and place of a heading, or of the `<a name="1.2.3"></a>` right above it, which belongs to it."""
    if place == len(blocks):
        return len(lines), place
    line = blocks[place].line
    if place and blocks[place - 1].kind == "paragraph" and blocks[place - 1].line == line - 1:
        above = lines[line - 1].strip()
        if above.startswith(("<a name=", "<a id=")) and above.endswith("</a>"):
            return line - 1, place - 1
    return line, place


def _tail(lines: Sequence[str], blocks: Sequence[Block], body: int, end: int) -> int:
    """The line where a section's tail begins, the blank lines before it included."""
    place = len(blocks)
    while place and blocks[place - 1].kind in _TRAILING:
        place -= 1
    if not place or blocks[place - 1].kind == "heading":
        place = _after_guides(lines, blocks, place, end)
    tail = blocks[place].line if place < len(blocks) else end
    while tail > body and not lines[tail - 1].strip():
        tail -= 1
    return tail


def _after_guides(lines: Sequence[str], blocks: Sequence[Block], place: int, end: int) -> int:
    """The place after the comments right under a heading, but for one that announces what stands right under it."""
    while place < len(blocks) and blocks[place].kind == "comment":
        is_last = place + 1 == len(blocks)
        after = end if is_last else blocks[place + 1].line
        announces = after < len(lines) and lines[after - 1].strip() and (is_last or blocks[place + 1].kind != "comment")
        if announces:
            break
        place += 1
    return place
