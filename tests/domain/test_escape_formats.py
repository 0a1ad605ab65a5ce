"""A hostile description in every format that a package is written in, read back by that format's own parser."""

from __future__ import annotations

import functools
import json
import re
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from support.tools import require
from verbump.domain import escape_formats

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = [
    "plain",
    'say "hi"',
    "it's",
    "\u2018curly\u2019 \u201alow\u201b",
    "#{`touch /tmp/x`} #$0 #@x #",
    "\\#{1} \\\\#{2} \\",
    "$(Remove-Item x) $env:PATH `n",
    "'; Remove-Item x; '",
    "a: b # c",
    "- [x, {y}] & *z ! | > % @",
    "${{ env.get('HOME') }} {{ 7 * 7 }} {% x %}",
    "\\'${{ it's \\",
    "$HOME ${HOME:-x} \\$HOME",
    "</description><script>]]>&lt;&amp;",
    "<!-- --> <?php ?>",
    "null",
    "1.0",
    "one\ntwo\r\nthree\ttab",
    "\u2028line\u2029 \x85 \x00\x07\x1b[31m \x7f \ufeff\u202e",
    "emoji \U0001f980 and \ud800 alone",
    "   ",
    "",
    "=begin\n=end\n__END__",
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet=st.sampled_from("\"'`\\#{}$@()<>&:;|%!*- \n\r\tab\u2018\u2019\u2028\U0001f980"), max_size=30),
    st.text(max_size=30),
)


def of_texts(test: Callable[[str], None]) -> Callable[[], None]:
    """The test with each hostile text, then with many others."""
    by_hand: Callable[[str], None] = functools.reduce(lambda made, text: example(text)(made), HOSTILE, test)
    made: Callable[[], None] = given(TEXTS)(by_hand)
    return made


@of_texts
def test_one_line_holds_what_can_be_seen_and_nothing_else(text: str) -> None:
    line = escape_formats.one_line(text)
    assert line == line.strip()
    assert len(line.splitlines()) <= 1
    assert escape_formats.one_line(line) == line
    if text.isprintable():
        assert line == " ".join(text.split())


def test_ruby_reads_back_each_text() -> None:
    ruby = require("ruby")
    texts = [*HOSTILE, *(f"{one}{other}" for one in HOSTILE for other in HOSTILE)]
    program = f"require 'json'\nputs JSON.generate([{', '.join(map(escape_formats.ruby, texts))}])\n"
    done = subprocess.run([ruby, "-W2", "-"], input=program.encode(), capture_output=True, check=True)
    assert json.loads(done.stdout) == [escape_formats.one_line(text) for text in texts]
    assert done.stderr == b""


@of_texts
def test_xml_reads_back_each_text(text: str) -> None:
    written = escape_formats.xml(text)
    element = ET.fromstring(f"<a b=\"{written}\" c='{written}'>{written}</a>")
    assert (element.text or "") == element.get("b") == element.get("c") == escape_formats.one_line(text)
    assert len(element) == 0


@of_texts
def test_yaml_reads_back_each_text_as_a_string(text: str) -> None:
    for written in (escape_formats.yaml(text), f"[{escape_formats.yaml(text)}, 1]", f"a: {escape_formats.yaml(text)}"):
        read = yaml.safe_load(written)
        value = read[0] if isinstance(read, list) else read["a"] if isinstance(read, dict) else read
        assert value == escape_formats.one_line(text)


@of_texts
def test_powershell_reads_back_each_text(text: str) -> None:
    """By the rule of its tokenizer: any of five characters ends the literal, unless another of them follows."""
    written = escape_formats.powershell(text)
    inside, read, at = written[1:-1], "", 0
    while at < len(inside):
        read += inside[at]
        if inside[at] in "'\u2018\u2019\u201a\u201b":
            assert inside[at + 1] in "'\u2018\u2019\u201a\u201b", "the literal ends too early"
            at += 1
        at += 1
    assert (written[0], written[-1], read) == ("'", "'", escape_formats.one_line(text))


@of_texts
def test_dockerfile_replaces_no_variable(text: str) -> None:
    written = escape_formats.dockerfile(text)
    read, at = "", 1
    while at < len(written) - 1:
        assert written[at] not in '"$'
        at += written[at] == "\\"
        read += written[at]
        at += 1
    assert (written[0], written[-1], read) == ('"', '"', escape_formats.one_line(text))


@of_texts
def test_a_recipe_is_no_template_or_one_literal_in_one(text: str) -> None:
    """What rattler-build itself makes of it: tests/planning/test_packaging_formats.py."""
    read, line = yaml.safe_load(escape_formats.recipe(text)), escape_formats.one_line(text)
    if "${{" not in line:
        assert read == line
        return
    inside = re.fullmatch(r"\$\{\{ '((?:[^'\\]|\\['\\])*)' \}\}", read)
    assert inside is not None
    assert re.sub(r"\\(.)", r"\1", inside[1]) == line
