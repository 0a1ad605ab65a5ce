"""Hostile text in a terminal, in a workflow's log and in $GITHUB_OUTPUT. Markdown has a file of its own."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import escape
from verbump.errors import InputError

HOSTILE = [
    "\x1b[31mred\x1b]8;;x\x07",
    "\u202egnp.exe",
    "a\u2028b\u2029",
    "\ud800",
    "\x9b2J",
    "a\nb\r\tc",
    "\ufeffa",
    "\u061c\u200e\u200f\u2066",
    "\x7f",
    "",
]
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ud800-\udfff]")


@pytest.mark.case("S05")
@pytest.mark.parametrize("text", HOSTILE)
def test_terminal_gets_no_control_character(text: str) -> None:
    assert not UNSEEN.search(escape.for_terminal(text))
    assert not UNSEEN.search(escape.for_terminal(text, multiline=True).replace("\n", "").replace("\t", ""))


@given(st.text())
def test_terminal_shows_every_character(text: str) -> None:
    line = escape.for_terminal(text)
    assert not UNSEEN.search(line)
    assert re.sub(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}", "", line) == re.sub(
        r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}", "", UNSEEN.sub("", text)
    ) or "\\" in text  # fmt: skip
    line.encode("utf-8")


def test_terminal_spells_what_it_does_not_show() -> None:
    assert escape.for_terminal("a\x1b\x9b\u202e\ud800\n\tb") == "a\\x1b\\x9b\\u202e\\ud800\\x0a\\x09b"
    assert escape.for_terminal("a\n\tb\x1b", multiline=True) == "a\n\tb\\x1b"
    assert escape.for_terminal("日本 é\u200b ☃") == "日本 é\u200b ☃"


def as_the_runner_compares(text: str) -> str:
    """Without what a comparison by language skips: formats, marks, controls, fillers."""
    return "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in {"Cf", "Cc", "Cs", "Cn", "Co", "Mn", "Me"}
        and letter not in "\u115f\u1160\u3164\uffa0"
    )


def assert_no_command(line: str) -> None:
    compared = as_the_runner_compares(line)
    assert not compared.lstrip().startswith("::")
    assert "##[" not in compared


LOGS = [
    ("::add-mask::x", "\\x3a\\x3aadd-mask::x"),
    ("  ::error::x", "  \\x3a\\x3aerror::x"),
    ("##[error]x", "\\x23#[error]x"),
    ("x ###[group]y", "x #\\x23#[group]y"),
    ("\u200b::x::", "\u200b\\x3a\\x3ax::"),
    ("\u3164:\u00ad:x::", "\u3164\\x3a\u00ad\\x3ax::"),
    ("#\u200b#\u200b[x]", "\\x23\u200b#\u200b[x]"),
    ("std::fmt ::x 100% #1 [##]", "std::fmt ::x 100% #1 [##]"),
    (":tada: done", ":tada: done"),
    ("日本::x", "日本::x"),
]


@pytest.mark.parametrize(("text", "wanted"), LOGS)
def test_log(text: str, wanted: str) -> None:
    assert escape.for_log(text) == wanted
    assert_no_command(wanted)


@pytest.mark.case("S06")
@given(
    st.lists(
        st.sampled_from(
            [":", "::", "#", "##", "[", "]", " ", "\t", "\u200b", "\u00ad", "\u3164", "\u0301", "\u00a0", "a", "é"]
        )
    ).map("".join)
)
def test_no_log_line_is_a_command(text: str) -> None:
    assert_no_command(escape.for_log(text))


@given(st.text())
def test_no_text_is_a_command_in_a_log(text: str) -> None:
    line = escape.for_log(text)
    assert_no_command(line)
    assert len(line.splitlines()) <= 1


def read_outputs(text: str) -> dict[str, str]:
    """$GITHUB_OUTPUT as GitHub documents it, and as the runner on Linux reads it: only LF ends a line."""
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


TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.case("S07")
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])))
def test_output_is_read_back(value: str) -> None:
    text = escape.github_output("notes", value, TOKEN) + escape.github_output("tag", "v1", TOKEN)
    assert read_outputs(text) == {"notes": value, "tag": "v1"}


OUTPUTS = [
    "a<<b",
    "a=b",
    "",
    " a ",
    "a\n",
    "\n\n",
    "EOF\nx\nEOF",
    "a\r\nb\r",
    "a\u2028b",
    "release=true\nversion=9",
    "ghadelimiter_x",
]


@pytest.mark.case("S07")
@pytest.mark.parametrize("value", OUTPUTS)
def test_output_trap(value: str) -> None:
    assert read_outputs(escape.github_output("notes", value, TOKEN)) == {"notes": value}


def test_output_can_be_written_to_a_file() -> None:
    text = escape.github_output("notes", "a\ud800b", TOKEN)
    assert text.encode("utf-8")
    assert read_outputs(text) == {"notes": "a\ufffdb"}


@pytest.mark.parametrize(
    ("key", "value", "token"),
    [
        ("notes", "x\nverbump_t\n", "t"),
        ("notes", "x\n", ""),
        ("notes", "x\n", "a\nb"),
        ("notes<<EOF", "x", TOKEN),
        ("Notes", "x", TOKEN),
        ("notes\n", "x", TOKEN),
        ("", "x", TOKEN),
    ],
)
def test_output_with_its_own_delimiter_or_a_bad_key(key: str, value: str, token: str) -> None:
    with pytest.raises(InputError):
        escape.github_output(key, value, token)


LONG = ["#\u200b", "\u200b", ":\u200b", "##[", "#", "[", "::", " :", "\u3164", "\x00", "\ud800", "\n"]


@pytest.mark.case("S18")
@pytest.mark.parametrize("atom", LONG)
def test_long_text_costs_linear_time(atom: str) -> None:
    """Anything quadratic would take minutes here."""
    text = atom * (200_000 // len(atom))
    assert_no_command(escape.for_log(text))
    assert escape.for_log(f"{text}[") is not None
    assert escape.github_output("notes", text, TOKEN)
