"""What docs/ makes from the code is current, and every error of the source has its entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from docs import error_codes, make_reference
from support.running import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"\n### ([a-z0-9-]+)\n\n(.+?)(?=\n\n##|\n*\Z)", re.DOTALL)


@pytest.mark.parametrize("name", make_reference.PAGES)
def test_reference_is_current(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert text == make_reference.PAGES[name](), "python docs/make_reference.py"


def test_every_error_has_an_entry_and_every_entry_an_error() -> None:
    found = set(error_codes.find_all())
    known = make_reference.entries()
    assert len(known) == len(set(known))
    assert found - set(known) == set(), "python docs/make_reference.py begins them"
    assert set(known) - found == set(), "nothing raises these any more"


def test_every_entry_tells_cause_and_fix() -> None:
    entries = ENTRY.findall(PAGE)
    assert [code for code, _ in entries] == make_reference.entries()
    for code, text in entries:
        cause, _, fix = text.partition("\n**Fix:** ")
        assert cause.strip().endswith((".", "?")), code
        assert fix.strip().endswith(".") or code in {"nothing-to-resume", "nothing-to-abort"}, code
        assert "(to be written)" not in text, code


SOURCES = [
    ("raise InputError('x', code='a-b')", {"a-b"}),
    ("class X(E):\n    default_code: ClassVar[str] = 'a-b'", {"a-b"}),
    ("def f(x):\n    return Problem(code='a-b' if x else 'c-d')", {"a-b", "c-d"}),
    (
        "def f(x):\n    code, hint = g(x)\n    return Problem(code=code)\ndef g(x):\n    return ('a-b' if x else 'c'), ''",
        {"a-b", "c"},
    ),
    (
        "def f(x):\n    noun, code = {'p': ('P', 'a-p'), 'q': ('Q', 'a-q')}[x]\n    return Problem(code=code)",
        {"a-p", "a-q"},
    ),
    ("def f(x):\n    code = {'p': 'a-p'}.get(x, 'a-q')\n    return Problem(code=code)", {"a-p", "a-q"}),
    (
        "T = (('p', 'a-p'), ('q', 'a-q'))\ndef f():\n    for name, code in T:\n        yield Problem(code=code)",
        {"a-p", "a-q"},
    ),
    ("def made(code, message):\n    return Problem(code=code)\nmade('a-b', 'x')", {"a-b"}),
    ("def f(error):\n    return Problem(code=error.code)", set()),
]


@pytest.mark.parametrize(("source", "codes"), SOURCES)
def test_codes_are_read_from_the_source(tmp_path: Path, source: str, codes: set[str]) -> None:
    (tmp_path / "module.py").write_text(source)
    assert set(error_codes.find_all(tmp_path)) == codes


@pytest.mark.parametrize("value", ["f'a-{x}'", "'a-' + x", "g(x)"])
def test_a_code_that_no_search_finds_is_an_error(tmp_path: Path, value: str) -> None:
    (tmp_path / "module.py").write_text(f"def f(x):\n    return Problem(code={value})")
    with pytest.raises(error_codes.UnknownCode, match=r"module\.py:2"):
        error_codes.find_all(tmp_path)
