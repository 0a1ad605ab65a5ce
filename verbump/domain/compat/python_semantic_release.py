"""The bump rules of python-semantic-release 10 with its default parser: known types, squashes taken apart.

Source: python-semantic-release's documentation ("commit parsing", conventional), and 10.7.0 run.
"""

from __future__ import annotations

import re
from textwrap import dedent

from verbump.domain.bumps import Bump
from verbump.domain.compat.findings import Found

_BUMPS = {"feat": Bump.MINOR, "fix": Bump.PATCH, "perf": Bump.PATCH}
_TYPES = "feat|fix|perf|build|chore|ci|docs|style|refactor|test"
_SUBJECT = re.compile(rf"(?P<type>{_TYPES})(?:\((?P<scope>[^\n]+)\))?(?P<bang>!)?:\s+(?P<subject>[^\n]+)")
# What a squash leaves in a body: the heads of git's log, and bullets or indentation before a type.
_COMMIT_LINE = re.compile(r"^[\t ]*commit [0-9a-f]+$\n?", re.MULTILINE)
_NOISE = (
    (re.compile(r"(\S)  +(\S)"), r"\1 \2"),
    (_COMMIT_LINE, ""),
    (re.compile(r"^[\t ]*(?:Author|Date): .+$\n?", re.MULTILINE), ""),
    (re.compile(r"^[\t ]*Squashed commit of the following:.*$\n?", re.MULTILINE), ""),
    (re.compile(rf"^(?:[\t ]*[*-][\t ]+|[\t ]+)?({_TYPES})\b", re.MULTILINE), r"\1"),
)
_NUMBER = re.compile(r"[\t ]+\((?:pull request )?[#!]\d+\)[\t ]*$")
_BREAKING = re.compile(r"BREAKING[ -]CHANGE:\s?(.+)")
_FOOTER_THEN_COLON = re.compile(r"^ {0,2}([\w-]*: .+)\n([^:\n]+:)", re.MULTILINE)
_WRAP = re.compile(r"(?<!-)\n(?![\s*-])")
_WRAPPED_HYPHEN = re.compile(r"(?<=\w)-\n(?=\w)")


def find(message: str) -> tuple[Found, ...] | str:
    """Every commit that the message holds: its own, and those of a squash."""
    pieces = [piece for part in _COMMIT_LINE.split(message.replace("\r", "").strip()) for piece in _pieces(part)]
    found = [made for made in map(_found, pieces) if made is not None]
    return tuple(found) or "the header has none of its types, or not its form"


def _pieces(text: str) -> list[str]:
    """A message taken apart where a paragraph begins as a commit does, with a subject of two words or more."""
    pieces: list[str] = []
    current = ""
    for paragraph in filter(None, text.strip().split("\n\n")):
        clean = paragraph
        for noise, put in _NOISE:
            clean = noise.sub(put, clean)
        if not clean.strip():
            continue
        subject = _SUBJECT.match(clean)
        if subject is not None and " " in subject["subject"]:
            if current:
                pieces.append(current)
            current = clean
        elif current:
            current += f"\n\n{dedent(clean)}"
        elif not pieces:
            current = dedent(clean)
    return [*pieces, current] if current else pieces


def _found(text: str) -> Found | None:
    head = _SUBJECT.match(text)
    if head is None:
        return None
    kind, subject = head["type"], _NUMBER.sub("", head["subject"])
    body = text[head.end() + 2 :] if text.startswith("\n\n", head.end()) else ""
    breaking = "!" if head["bang"] else ""
    if not breaking and any(_BREAKING.match(each) for each in (subject, *_paragraphs(body))):
        breaking = "BREAKING CHANGE"
    bump = Bump.MAJOR if breaking else _BUMPS.get(kind, Bump.NONE)
    rule = f"breaking: {breaking}" if breaking else f"type {kind}" if bump else f"type {kind} does not release"
    return Found(
        type=kind,
        scope=head["scope"],
        description=head["subject"],
        bump=bump,
        rule=rule,
        breaking=breaking,
        text=text,
    )


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a body with their lines joined; a footer followed by another is a paragraph of its own."""
    *lines, last = text.split("\n")
    text = "\n".join([*(line.rstrip("\r\t\f\v ") for line in lines), last])
    text = _WRAPPED_HYPHEN.sub("-", text)
    before = ""
    while before != text:
        before = text
        text = _FOOTER_THEN_COLON.sub(r"\1\n\n\2", text)
    return [_WRAP.sub(" ", each).strip() for each in text.strip().split("\n\n")]
