"""Hostile text in every sink: a terminal, a workflow's log, Markdown, $GITHUB_OUTPUT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from verbump.domain import escape
from verbump.errors import InputError

if TYPE_CHECKING:
    from markdown_it.token import Token

HOSTILE = [
    "<script>alert(1)</script>", "<!-- hidden", "-->", "![i](http://e.org/x.png)", "[x](javascript:alert(1))", "@team fixes #1",
    "closes owner/repo#12", "`code` and `unclosed", "``a`b``", "# heading", "- item", "> quote", "1. one", "***", "---", "===",
    "[x]: http://e.org", "| a | b |", "~~~", "    code", "a\nb", "a\r\n\r\n# b", "\x1b[31mred\x1b]8;;x\x07", "\u202egnp.exe",
    "::add-mask::x", "##[error]x", "  ::warning::x", "&lt;b&gt;", "\\`x`", "<a@b.org>", "<https://e.org>", "__init__.py", "a_b_c", "*x*",
    "[Unreleased]", "\ud800", "ftp://e.org", "javascript://x", "foo\u2028# bar", "x <!-- y", "`<b>`", "", " ",
]  # fmt: skip

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})


def tokens(text: str) -> list[Token]:
    found = []
    for block in MARKDOWN.parse(text):
        found += [block, *(block.children or [])]
    return found


def assert_inert(text: str) -> None:
    """One bullet with one paragraph: no HTML, no image, no link, no second block."""
    found = tokens(f"- {text}\n- next\n")
    kinds = [token.type for token in found]
    assert "html_block" not in kinds
    assert "html_inline" not in kinds
    assert "image" not in kinds
    links = [token.attrs["href"] for token in found if token.type == "link_open"]
    assert all(str(link).startswith(("http://", "https://")) for link in links)
    assert kinds.count("list_item_open") == 2
    assert kinds.count("bullet_list_open") == 1
    assert "heading_open" not in kinds
    assert "fence" not in kinds
    assert "blockquote_open" not in kinds
    assert "\n" not in text
    outside = re.sub(r"`+[^`]*`+", "|", text)
    assert not re.search(r"(?<![\w/.+-])@[A-Za-z0-9]", outside)
    assert not re.search(r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w.-]+/[\w.-]+)?#\d", outside)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_is_inert(text: str) -> None:
    assert_inert(escape.for_markdown(text) or "x")


@given(st.text(alphabet=st.sampled_from("ab1 `*_[]()<>!#@&\\|~:-+=.\n/"), max_size=60))
def test_any_markdown_is_inert(text: str) -> None:
    assert_inert(escape.for_markdown(text) or "x")


PLAIN = [
    "Read from streams",
    "C++ and C# work",
    "snake_case_name stays",
    "a < b and b > a",
    "x -> y",
    "`code` stays",
    "50 % faster",
    "AT&T",
    "ö ☃ 日本語",
    "(#12)",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_stays_readable(text: str) -> None:
    assert escape.for_markdown(text) == text


def test_code_spans_keep_what_is_in_them() -> None:
    assert escape.for_markdown("use `<T> & @x`") == "use `<T> & @x`"


def test_block_keeps_paragraphs() -> None:
    assert escape.for_markdown_block("one\r\n\r\n```\ntwo") == "one\n\n\\`\\`\\`\ntwo"


@pytest.mark.parametrize("text", HOSTILE)
def test_terminal_gets_no_control_character(text: str) -> None:
    shown = escape.for_terminal(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]", shown)


@given(st.text())
def test_terminal_and_log_are_one_line(text: str) -> None:
    assert "\n" not in escape.for_terminal(text)
    assert not re.match(r"\s*(?:::|##\[)", escape.for_log(text))


def test_multiline_keeps_line_ends_and_tabs() -> None:
    assert escape.for_terminal("a\n\tb\x1b", multiline=True) == "a\n\tb\\x1b"


def read_outputs(text: str) -> dict[str, str]:
    """$GITHUB_OUTPUT as GitHub documents it."""
    found, lines = {}, text.split("\n")
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        key, mark, rest = line.partition("<<")
        if mark and "=" not in key:
            value = []
            while (each := lines.pop(0)) != rest:
                value.append(each)
            found[key] = "\n".join(value)
        else:
            key, _, rest = line.partition("=")
            found[key] = rest
    return found


@given(st.text(alphabet=st.characters(blacklist_characters="\r", blacklist_categories=["Cs"])))
def test_output_is_read_back(value: str) -> None:
    assert read_outputs(escape.github_output("notes", value, "0123456789abcdef")) == {"notes": value}


def test_output_with_its_own_delimiter_or_a_bad_key() -> None:
    with pytest.raises(InputError):
        escape.github_output("notes", "x\nverbump_t\n", "t")
    with pytest.raises(InputError):
        escape.github_output("notes<<EOF", "x", "t")


@pytest.mark.parametrize("atom", ["`", "``", "<", "[", "@a", "fixes #", " ", "*", "\\", "_a"])
def test_long_text(atom: str) -> None:
    escape.for_markdown(atom * (60_000 // len(atom)))
