"""Untrusted text as a literal of the format it goes to: Ruby, PowerShell, XML, YAML, a Dockerfile.

Each is total and linear, and gives one line: what a description holds is read back by the format's own parser as the
same text, and is never code there.
"""

from __future__ import annotations

import re

# What stands in no line of text: controls, bidirectional marks, line separators, surrogates, noncharacters.
_UNPRINTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\ufffe\uffff]+"
)
_BLANKS = re.compile(r"\s+")
# PowerShell takes each of these for an apostrophe. Source: about_Quoting_Rules; CharTraits.cs, IsSingleQuote.
_APOSTROPHES = re.compile("['\u2018\u2019\u201a\u201b]")


def one_line(text: str) -> str:
    """The text as one line of prose: white space and what cannot be seen become single blanks."""
    return _BLANKS.sub(" ", _UNPRINTED.sub(" ", text)).strip()


def ruby(text: str) -> str:
    """A double-quoted Ruby literal without interpolation. Source: Ruby, "Literals", double-quoted strings."""
    return '"' + re.sub(r'(["\\]|#(?=[{$@]))', r"\\\1", one_line(text)) + '"'


def powershell(text: str) -> str:
    """A PowerShell literal in apostrophes, in which nothing is expanded."""
    return "'" + _APOSTROPHES.sub(lambda found: found[0] * 2, one_line(text)) + "'"


def xml(text: str) -> str:
    """Text for an XML element or an attribute in either kind of quotes."""
    marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
    return re.sub(r"""[&<>"']""", lambda found: marks[found[0]], one_line(text))


def yaml(text: str) -> str:
    """A double-quoted YAML scalar: a string, whatever it looks like. Source: YAML 1.2.2, 7.3.1."""
    return '"' + re.sub(r'(["\\])', r"\\\1", one_line(text)) + '"'


def recipe(text: str) -> str:
    """A YAML scalar of a conda recipe. With `${{` in it, it would be a template: then it is one literal in one.

    Source: conda CEP 13; MiniJinja, "Literals".
    """
    line = one_line(text)
    if "${{" not in line:
        return yaml(line)
    literal = re.sub(r"(['\\\\])", r"\\\1", line)
    return yaml(f"${{{{ '{literal}' }}}}")


def dockerfile(text: str) -> str:
    """A double-quoted word of a Dockerfile in which no variable is replaced. Source: Dockerfile reference, "ENV"."""
    return '"' + re.sub(r'(["\\$])', r"\\\1", one_line(text)) + '"'
