"""Which lines begin a block of raw HTML, and what ends it. Source: CommonMark 0.31, section 4.6; its seven kinds."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from verbump.domain import changelog_html

RAW = ("</script>", "</pre>", "</style>", "</textarea>")
BLANK = (changelog_html.BLANK_LINE,)
BEGINS = [
    # 1: text of programs and the like
    *[(text, RAW) for text in ("<script", "<script>", "<pre >x", "<STYLE>", "<textarea name='x'>")],
    *[(text, None) for text in ("<scripts", "<script/", "<pre/x", "</script", "<script-x")],
    # 2 to 5: comment, processing instruction, declaration, CDATA
    *[(text, ("-->",)) for text in ("<!--", "<!-- x", "<!--x-->")],
    *[(text, ("?>",)) for text in ("<?", "<?php x")],
    *[(text, (">",)) for text in ("<!D", "<!doctype html", "<!x")],
    *[(text, None) for text in ("<!", "<! x", "<!1", "<!é", "<!-x", "!x")],
    *[(text, ("]]>",)) for text in ("<![CDATA[", "<![CDATA[x")],
    *[(text, None) for text in ("<![cdata[", "<![CDATA")],
    # 6: blocks
    *[(text, BLANK) for text in ("<div", "<div>", "</div>", "<DIV class", "<hr/>", "<p >x", "</td ", "<h6>")],
    *[(text, None) for text in ("<div/", "<div/x", "<divx", "<h7", "< div>", "<hr/ >")],
    # 7: a whole tag alone
    *[(text, BLANK) for text in ("<b>", "</b>", "<x-y a b='1' c=\"2\" d=e/>", "<script/>", "</script>", "<b>  ")],
    *[(text, None) for text in ("<b> x", "<b a=>", "<1>", "</b x>", "<b a'>", "<", "", "x")],
]


@pytest.mark.parametrize(("text", "ends"), BEGINS)
def test_what_begins_a_block(text: str, ends: tuple[str, ...] | None) -> None:
    assert changelog_html.end_of_block(text, in_paragraph=False) == ends


@pytest.mark.parametrize(("text", "ends"), BEGINS)
def test_a_whole_tag_does_not_interrupt_a_paragraph(text: str, ends: tuple[str, ...] | None) -> None:
    is_seventh = ends == BLANK and text.strip() in (
        "<b>",
        "</b>",
        "<x-y a b='1' c=\"2\" d=e/>",
        "<script/>",
        "</script>",
    )
    assert changelog_html.end_of_block(text, in_paragraph=True) == (None if is_seventh else ends)


@pytest.mark.parametrize("text", [text for text, _ in BEGINS if text and not text.endswith(" ")])
def test_as_a_parser_of_commonmark_reads_it(text: str) -> None:
    """`*x*` in the line below stays as it is inside a block that goes on."""
    tokens = MarkdownIt().parse(f"{text}\n*x*\n")
    is_block = tokens[0].type == "html_block"
    assert is_block == (changelog_html.end_of_block(text, in_paragraph=False) is not None)
