"""The block scanner: it agrees with markdown-it-py, CommonMark's reference in Python, and is linear."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from domain.changelogs.shapes import SHAPES
from support.patience import patience
from verbump.domain import changelog_document, changelog_outline

# "[a]:" with its target on the next line, and a quote in a quote continued by an indented line, are left out: the first
# is not followed, in the second the oracle departs from the specification.
LINES = """\
##-a|# b|### c ##|#### d|####### no|#no|#|# #|## x \\#|  # two|   ## h3|    ## h4|      m|   y|text|more text
- x|* y|+ z|1. one|2. two|10) ten|-|*|1.|- - n|- a;  - b;    - c|  - k|    - l|-   wide|-     code|1. a;   b| - o|- ---
- # h|- ```|> q|>|>- m|> ```|> text|> [z]: u|```|~~~|````|``` py|   ```|    ```|===|=|--|---
  ---|    ---|***|* * *|_ _ _
<!-- c|-->|<!-- one -->|  <!-- two|--> tail|<!---->|<!-->|<div>|</div>|<details>|<pre>|</pre>|<script>|</script>
<a name="x"></a>|<a name="x">|<b>|</b >|<b c='d' e>|<br/>|<?php|?>|<!X|<![CDATA[|]]>
[a]: u|[b]: <u v> 't'|[e]: u "t"|[f]: u v|#TABtab|-TABtab|TABcode|TAB## t|| a ||---|||"""
ALPHABET = sorted(
    {each.replace("TAB", "\t").replace(";", "\n") for line in LINES.split("\n") for each in line.split("|")}
)


def oracle(text: str) -> list[tuple[int, int, int]]:
    """Line, level and height of each heading at the top of the document."""
    tokens = MarkdownIt("commonmark").parse(text)
    return [
        (token.map[0], int(token.tag[1]), token.map[1] - token.map[0])
        for token in tokens
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def headings(text: str) -> list[tuple[int, int, int]]:
    blocks, _ = changelog_outline.scan(text.split("\n"))
    return [(block.line, block.level, block.height) for block in blocks if block.kind == "heading"]


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "front-matter"])
def test_agrees_with_commonmark_on_real_shapes(name: str) -> None:
    # A lone CR is a line end to CommonMark and none to verbump.
    text = SHAPES[name].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", " ")
    assert headings(text) == oracle(text)


@given(st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=14))
@settings(max_examples=max(400, settings().max_examples))
def test_agrees_with_commonmark_on_any_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert headings(text) == oracle(text)


TRAPS = [
    pytest.param("- a\n  ## 1.2.3\n", [], id="a heading inside an item"),
    pytest.param("- a\n ## 1.2.3\n", [(1, 2, 1)], id="one blank is not enough to be in the item"),
    pytest.param("- ```\n  x\n## 1.2.3\n", [(2, 2, 1)], id="an item's fence ends with the item"),
    pytest.param("> foo\nbar\n---\n", [], id="a lazy line is not underlined"),
    pytest.param("[a]: u\n---\n", [], id="a definition is not underlined"),
    pytest.param("<div>\n## 1.2.3\n</div>\n", [], id="a heading inside HTML"),
    pytest.param("<div>\n\n## 1.2.3\n", [(2, 2, 1)], id="HTML that a blank line ends"),
    pytest.param("<!-- a\n\n## 1.2.3\n-->\n", [], id="a heading inside a comment"),
    pytest.param("text <!--\n## 1.2.3\n-->\n", [(1, 2, 1)], id="an inline comment hides no heading"),
    pytest.param("``` a`b\n## 1.2.3\n", [(1, 2, 1)], id="no fence: its info has a backtick"),
    pytest.param("    ```\n\n## 1.2.3\n", [(2, 2, 1)], id="no fence: it is code"),
    pytest.param("-\n\n  ## 1.2.3\n", [(2, 2, 1)], id="an item begins with one blank line at most"),
    pytest.param("one\n2. two\n===\n", [(0, 1, 3)], id="only a list from 1 interrupts a paragraph"),
    pytest.param("one\n1. two\n===\n", [], id="a list from 1 does"),
    pytest.param("one\ntwo\n---\n", [(0, 2, 3)], id="two lines underlined"),
]


@pytest.mark.parametrize(("text", "expected"), TRAPS)
def test_traps(text: str, expected: list[tuple[int, int, int]]) -> None:
    assert headings(text) == expected
    assert oracle(text) == expected


def starts(text: str) -> list[int]:
    """The lines at which blocks at the top of the document begin, each item of a list for itself, by the oracle."""
    tokens = MarkdownIt("commonmark").parse(text)
    tops = [each for each in tokens if each.level == 0 and each.nesting >= 0 and not each.type.endswith("_list_open")]
    items = [each for each in tokens if each.level == 1 and each.type == "list_item_open"]
    return sorted(each.map[0] for each in [*tops, *items] if each.map)


KINDS = [
    pytest.param("    a\n    b\ntext\n", [(0, "other"), (2, "paragraph")], id="indented code"),
    pytest.param("    a\n# b\n", [(0, "other"), (1, "heading")], id="a heading ends indented code"),
    pytest.param("a\n    b\n", [(0, "paragraph")], id="no code in a paragraph"),
    pytest.param("    a\n- b\n\n      c\n", [(0, "other"), (1, "item")], id="code in an item"),
    pytest.param("-\n\n    a\n", [(0, "item"), (2, "other")], id="code after an empty item"),
    pytest.param("> a\n\n    b\n", [(0, "other"), (2, "other")], id="code after a quote"),
    pytest.param(">     a\n    b\n", [(0, "other"), (1, "other")], id="code after code in a quote"),
    pytest.param("```\n    ```\n- a\n```\nb\n", [(0, "other"), (4, "paragraph")], id="four blanks close no fence"),
    pytest.param("```\n   ```  \nb\n", [(0, "other"), (2, "paragraph")], id="three blanks do"),
    pytest.param("~~~\n~~~ x\n~~~\nb\n", [(0, "other"), (3, "paragraph")], id="words close no fence"),
    pytest.param("````\n```\n`````\nb\n", [(0, "other"), (3, "paragraph")], id="a longer fence closes"),
    pytest.param("``` a`b\nc\n", [(0, "paragraph")], id="a code span is no fence"),
    pytest.param("~~~ a`b\n~~~\nc\n", [(0, "other"), (2, "paragraph")], id="tildes are a fence"),
    pytest.param("``\na\n", [(0, "paragraph")], id="two marks are no fence"),
    pytest.param("<!-- a -->\nb\n", [(0, "comment"), (1, "paragraph")], id="comment"),
    pytest.param("<!-- a\n\nb -->  \nc\n", [(0, "comment"), (3, "paragraph")], id="comment of several lines"),
    pytest.param("# a\n\n<!-- b\n--> c\n", [(0, "heading"), (2, "other")], id="text after a comment is shown"),
    pytest.param("<!-- a --> b -->\n", [(0, "other")], id="a comment ends once"),
    pytest.param("- <!-- a\n  --> b\n", [(0, "item")], id="comment in an item"),
    pytest.param("<div>\n-->\n  \nb\n", [(0, "other"), (3, "paragraph")], id="a blank line ends HTML"),
    pytest.param("<?php\n\n?> a\nb\n", [(0, "other"), (3, "paragraph")], id="processing instruction"),
    pytest.param("- a\n- b\n***\n* * *\n", [(0, "item"), (1, "item"), (2, "rule"), (3, "rule")], id="rules"),
    pytest.param("> # a\n> b\nc\n\n2) d\n", [(0, "other"), (4, "item")], id="quote and ordered item"),
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_kinds_of_blocks(text: str, expected: list[tuple[int, str]]) -> None:
    blocks, _ = changelog_outline.scan(text.split("\n"))
    assert [(block.line, block.kind) for block in blocks] == expected
    assert starts(text) == [line for line, _ in expected]


def test_a_heading_of_several_lines_is_one_text() -> None:
    blocks, _ = changelog_outline.scan(["one ", "  two", "==="])
    assert blocks == [changelog_outline.Block(0, "heading", 1, "one two", 3)]


FRONT = [
    pytest.param("---\ntitle: x\n# no\n---\n# yes\n", [4], id="front matter"),
    pytest.param("---\r\ntitle: x\r\n...\r\n# yes\r\n", [3], id="ended by dots"),
    pytest.param("---\n\n# yes\n---\n", [2], id="a thematic break, not front matter"),
    pytest.param("---\ntitle: x\n# yes\n", [2], id="never closed, so none"),
]


@pytest.mark.parametrize(("text", "lines"), FRONT)
def test_front_matter(text: str, lines: list[int]) -> None:
    document = changelog_document.read(text)
    assert [block.line for block in document.blocks if block.kind == "heading"] == lines


ATOMS = [
    "\n",
    "#\n",
    "-\n",
    "- ",
    ">",
    "> \n",
    "<\n",
    "<a",
    "<a b='",
    " a",
    "[",
    "[\n",
    "[a]: ",
    "`",
    "```\n",
    "\t\n",
    "a\n",
    "=\n",
    "a\n=\n",
    "1.\n",
    "<!-- x -->\n",
    "\\[",
    "- x\n",
    "> - ",
    "~~~\n",
    "_ ",
    " \n",
]


@pytest.mark.parametrize("atom", ATOMS)
def test_hostile_text_is_read(atom: str) -> None:
    with patience():
        changelog_document.read(atom * (240_000 // len(atom)))
