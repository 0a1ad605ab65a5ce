"""Hostile text in Markdown: what a reader sees is the text, and nothing else happens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from verbump.domain import escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

HOSTILE = [
    "<script>alert(1)</script>", "<!-- hidden", "-->", "![i](http://e.org/x.png)", "[x](javascript:alert(1))", "@team fixes #1",
    "closes owner/repo#12", "`code` and `unclosed", "``a`b``", "# heading", "- item", "> quote", "1. one", "2) two", "***", "---", "===",
    "[x]: http://e.org", "| a | b |", "~~~", "    code", "a\nb", "a\r\n\r\n# b", "\x1b[31mred\x1b]8;;x\x07", "\u202egnp.exe",
    "::add-mask::x", "##[error]x", "  ::warning::x", "&lt;b&gt;", "\\`x`", "<a@b.org>", "<https://e.org>", "__init__.py", "a_b_c", "*x*",
    "[Unreleased]", "\ud800", "ftp://e.org", "javascript://x", "foo\u2028# bar", "x <!-- y", "`<b>`", "", " ",
    "```x", "```x```", "-- -", ":-:", "+", "- [ ] task", "[^1]: note", "x ##[group]y", "\u200b::error::x", ":\u00ad:error::x", "#\u200b#[x]",
    "https://e.org`@octocat`", "https://e.org/*a* _b_", "www.e.org/\\*a*", "@https://x", "[@octocat](https://e.org)", "a\\", "<?php x", "a\x00b",
]  # fmt: skip

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})
ATOMS = [
    "a", "b1", " ", "  ", "`", "``", "```", "*", "_", "__", "~~", "[", "]", "(", ")", "<", ">", "!", "#", "##", "@", "@octocat", "&",
    "&lt;", "&#64;team", "\\", "|", ":", "-", "---", "+", "=", "1.", "2)", "\n", "\n\n", "\t", "https://", "https://e.org", "www.e.org",
    "http://x.y/a_b", "[t](https://e.org)", "[t](javascript:x)", "![i](http://e.org/x.png)", "<https://e.org>", "<b>", "<!--", "-->", "fixes",
    "closes:", "#12", "o/r#3", "GH-4", "https://github.com/o/r/issues/1", "ftp://e.org", "a@b.org", "é", "\u2028", "\u202e", "\x1b", "\ud800",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(ATOMS), max_size=9).map("".join)

# What GitHub takes for a mention and for a sentence that closes an issue: its own \W and \s know ASCII only.
MENTION = re.compile(r"(?:^|\W)@[a-z0-9]", re.IGNORECASE | re.ASCII)
CLOSING = re.compile(
    r"(?<![a-z0-9_])(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:(?:[\w.-]+/[\w.-]+)?#|gh-|https?://\S+/(?:issues|pull)/)\d",
    re.IGNORECASE | re.ASCII,
)


def inline(text: str) -> list[Token]:
    """Every token, those within paragraphs too."""
    found = []
    for block in MARKDOWN.parse(text):
        found += [block, *(block.children or [])]
    return found


def shown(text: str) -> str:
    """What a reader sees: text, code, and what stands between."""
    return "".join(
        token.content if token.type in {"text", "code_inline"} else "\n"
        for token in inline(text)
        if token.type in {"text", "code_inline", "softbreak", "paragraph_close"}
    )


def assert_inert(markdown: str, *, lists: int) -> None:
    """Paragraphs and nothing else: no HTML, image, foreign link, mention, closing keyword or second block."""
    found = inline(markdown)
    allowed = {
        "inline",
        "text",
        "softbreak",
        "code_inline",
        "link_open",
        "link_close",
        "paragraph_open",
        "paragraph_close",
    }
    allowed |= (
        {f"{kind}_{end}" for kind in ("bullet_list", "list_item") for end in ("open", "close")} if lists else set()
    )
    assert {token.type for token in found} <= allowed
    kinds = [token.type for token in found]
    assert kinds.count("bullet_list_open") == (1 if lists else 0)
    assert kinds.count("list_item_open") == lists
    links = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    assert all(re.match("https?://", link, re.IGNORECASE) for link in links)
    depth, outside = 0, ""
    for token in found:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        outside += token.content if token.type == "text" and depth == 0 else "\n" if token.type == "softbreak" else "\0"
    assert not MENTION.search(re.sub(r"https?://\S+", "", outside))
    assert not CLOSING.search(outside)


@pytest.mark.case("S08")
@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_is_inert(text: str) -> None:
    line = escape.for_markdown(text) or "x"
    assert "\n" not in line
    assert_inert(f"- {line}\n- next\n", lists=2)
    assert_inert(f"{line}\n", lists=0)
    assert_inert(f"first\n{line}\n", lists=0)


@pytest.mark.case("S08")
@given(TEXTS)
def test_any_markdown_is_inert(text: str) -> None:
    line = escape.for_markdown(text) or "x"
    assert_inert(f"- {line}\n- next\n", lists=2)
    assert_inert(f"first\n{line}\n", lists=0)


@given(st.text(max_size=60))
def test_any_text_is_one_line_of_markdown(text: str) -> None:
    line = escape.for_markdown(text) or "x"
    assert len(line.splitlines()) == 1
    line.encode("utf-8")
    assert_inert(f"- {line}\n- next\n", lists=2)


@given(TEXTS)
def test_any_block_is_inert(text: str) -> None:
    block = escape.for_markdown_block(text) or "x"
    assert_inert(f"{block}\n", lists=0)
    indented = "\n".join(f"  {line}" if line else "" for line in block.split("\n"))
    assert_inert(f"- first\n{indented}\n- next\n", lists=2)


@given(st.text(alphabet="ab1 *_[]()<>!#@&;\\|~:-+=./?é", max_size=40))
def test_markdown_shows_the_text(text: str) -> None:
    """No backslash, entity or marker is left to be seen, and none of the text is lost."""
    assume("//" not in text)
    assert shown(escape.for_markdown(text)).replace("\u200b", "").rstrip("\n") == " ".join(text.split())


PLAIN = [
    "Read from streams", "C++ and C# work", "snake_case_name stays", "a__b stays", "a < b and b > a", "x -> y", "`code` stays", "50 % faster",
    "AT&T", "ö ☃ 日本語", "(#12)", "#12 is gone", "1.2.3 is out", "2024 was a year", "-v is quiet", "+1", ":tada: at last", "mail a@b.org",
    "see https://docs.rs/a_b/1.0.", "(https://e.org/a?b=1&c=2)", "[the guide](https://e.org/a_b)", "<https://e.org/_x_>", "std::fmt::Display",
    "`a|b` and ``c`d``", "50\u00a0%", "[`Vec<T>`](https://doc.rust-lang.org)", "--flag is --known", "== is not =", "fix the #12 case", "prefix 12",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert escape.for_markdown(text) == text


MARKDOWN_CASES = [
    pytest.param("1. one", "1\\. one", id="the delimiter is escaped, not the number"),
    pytest.param("# a", "\\# a", id="heading"),
    pytest.param("__init__.py", "\\_\\_init\\_\\_.py", id="dunder"),
    pytest.param("use `<T> & @x`", "use `<T> & @x`", id="a code span keeps what is in it"),
    pytest.param("a `b", "a \\`b", id="unbalanced backtick"),
    pytest.param("`a ``b` c``", "`a ``b` c\\`\\`", id="runs of another length do not close"),
    pytest.param("``a `b *c*`", "\\`\\`a `b *c*`", id="a span after backticks that nothing closes"),
    pytest.param("```a ``b` c``", "\\`\\`\\`a ``b` c``", id="the same with another length inside"),
    pytest.param("![i](http://e.org/x.png)", "!\\[i\\](http://e.org/x.png)", id="an image is text"),
    pytest.param("[x](javascript:y)", "\\[x\\](javascript:y)", id="another scheme is text"),
    pytest.param("https://e.org/_x", "<https://e.org/_x>", id="an address that Markdown would change"),
    pytest.param("https://e.org/*a*.", "<https://e.org/*a>\\*.", id="its punctuation stays outside"),
    pytest.param("(https://e.org/(a)_b)", "(<https://e.org/(a)_b>)", id="balanced parentheses belong to it"),
    pytest.param("https://e.org|x", "<https://e.org%7Cx>", id="no bar in an address"),
    pytest.param("@octocat/é@x -@y", "@\u200boctocat/é@\u200bx -@\u200by", id="mentions after signs and other letters"),
    pytest.param("Fixes: #12", "Fixes: #\u200b12", id="closing keyword"),
    pytest.param("closing issue a/b#3", "closing issue a/b#\u200b3", id="closing keyword of GitLab"),
    pytest.param("fix gh-7", "fix gh-\u200b7", id="closing keyword, GH"),
    pytest.param("fixes https://h/o/r/issues/1", "f\u200bixes https://h/o/r/issues/1", id="closing keyword, address"),
    pytest.param("ftp://e.org mailto:a@b.org", "ftp\u200b://e.org mailto\u200b:a@b.org", id="other schemes"),
    pytest.param("www.e.org/*", "www\u200b.e.org/\\*", id="www with a sign is no link"),
    pytest.param("a\u200e\ufeffb\u202e", "ab", id="marks of direction go"),
    pytest.param("a\x1b[1m\u2028b\ud800", "a \\[1m b\ufffd", id="controls are blanks, a surrogate is U+FFFD"),
    pytest.param("https://e.org`a`", "<https://e.org>`a`", id="an address ends where code begins"),
    pytest.param("https://e.org?u=ftp://x", "<https://e.org?u=ftp://x>", id="an address within an address"),
    pytest.param("www.e.org?u=ftp://x", "www\u200b.e.org?u=ftp\u200b://x", id="an address within a host"),
    pytest.param("@https://x", "@\u200bhttps://x", id="mention of a scheme"),
    pytest.param("https://e.org/_(a))", "<https://e.org/_(a)>)", id="the last parenthesis is the sentence's"),
    pytest.param("[https://e.org/*](https://e.org)", "[https://e.org/\\*](https://e.org)", id="no link in a link"),
    pytest.param("[x](https://e.org/?a&copy;)", "[x](https://e.org/?a&amp;copy;)", id="no character reference in an address"),
    pytest.param("https://e.org/?a&copy;=2", "https://e.org/?a&amp;copy;=2", id="nor in one that stands alone"),
    pytest.param("see https://e.org/a*b).", "see <https://e.org/a*b>).", id="parenthesis and full stop are the sentence's"),
    pytest.param("(https://e.org/*(b)))", "(<https://e.org/*(b)>))", id="two parentheses are the sentence's"),
    pytest.param("$x `a` @b", "$x `a` @\u200bb", id="mention after a code span"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), MARKDOWN_CASES)
def test_markdown_case(text: str, wanted: str) -> None:
    assert escape.for_markdown(text) == wanted


BLOCKS = [
    pytest.param("one\r\n\r\n```\ntwo", "one\n\n\\`\\`\\`\ntwo", id="paragraphs stay, a fence does not"),
    pytest.param("a\n===\nb\n---", "a\n\\===\nb\n\\---", id="underlines of headings"),
    pytest.param("a | b\n--|--", "a \\| b\n--\\|--", id="table"),
    pytest.param("a\n:-", "a\n\\:-", id="table of one column"),
    pytest.param("this fixes\n#12", "this f\u200bixes\n#12", id="closing keyword over a line end"),
    pytest.param("this fixes\n \n#12", "this fixes\n\n#12", id="it does not reach over a blank line"),
    pytest.param("X marks\nTeX", "X marks\nTeX", id="letters at either end stay"),
    pytest.param("`a\nb`", "\\`a\nb\\`", id="code span over a line end"),
    pytest.param("\n\na\n \n\n", "a", id="no blank line at either end"),
    pytest.param("a\rb\x0bc\u2028d", "a b c d", id="only LF and CRLF end a line"),
    pytest.param("", "", id="nothing"),
]


@pytest.mark.parametrize(("text", "wanted"), BLOCKS)
def test_block(text: str, wanted: str) -> None:
    assert escape.for_markdown_block(text) == wanted


@given(TEXTS)
def test_a_cell_is_one_cell(text: str) -> None:
    found = inline(f"| a | b |\n|---|---|\n| {escape.for_markdown_cell(text)} | end |\n")
    kinds = [token.type for token in found]
    assert kinds.count("td_open") == 2
    assert kinds.count("tr_open") == 2
    assert [token.content for token in found if token.type == "inline"][-1] == "end"


def test_a_bar_in_code_ends_no_cell() -> None:
    assert escape.for_markdown_cell("`a|b`") == "`a\\|b`"


LONG = [
    "`",
    "``",
    "`a``b",
    "<",
    "[",
    "[x](https://a",
    "](",
    "@a",
    "fixes #",
    "fixes owner/",
    "fixes https://a/",
    " ",
    "*",
    "\\",
    "a_",
    "__a",
]
LONG += ["https://", "https://a(", "www.", "a.", "a:", "mailto:", "&a", "-\n", "fixes\n", "\x00", "\ud800"]


@pytest.mark.case("S18")
@pytest.mark.parametrize("atom", LONG)
@pytest.mark.parametrize("sink", [escape.for_markdown, escape.for_markdown_block], ids=["line", "block"])
def test_long_text_costs_linear_time(sink: Callable[[str], str], atom: str) -> None:
    """Anything quadratic would take minutes here."""
    assert sink(atom * (100_000 // len(atom))) is not None


def test_backticks_of_every_length() -> None:
    line = escape.for_markdown("a".join("`" * length for length in range(1, 500)))
    assert line.count("\\`") == line.count("`") == 499 * 250
