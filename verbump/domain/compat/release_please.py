"""The bump rules of release-please 17 with its default changelog sections.

A message may hold several commits: nested ones between marks, paragraphs that begin as a commit does, footers that
have the form of one. What release-please hides from the changelog does not release, unless it is breaking.

Source: release-please's documentation, the grammar of @conventional-commits/parser 0.4, and 17.11.1 run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain.bumps import Bump
from verbump.domain.compat.findings import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FEATURES = ("feat", "feature")
_SHOWN = ("feat", "feature", "fix", "perf", "revert")
_BLANKS = " \t\v\f\xa0\ufeff"
_MARK = r"BREAKING[ -]CHANGE"
_TYPE = rf"(?P<type>[^()!:\r\n{_BLANKS}]+)"
_COMMIT = rf"{_TYPE}(?:\((?P<scope>[^()\r\n]+)\))?(?P<bang>!|{_MARK})?(?P<separator>:| #)[{_BLANKS}]*(?P<text>.*)"
_SUMMARY = re.compile(_COMMIT, re.DOTALL)
_FOOTER = re.compile(rf"(?:(?P<mark>!|{_MARK})(?::| #)[{_BLANKS}]*(?P<note>.*)|(?!{_MARK}){_COMMIT})", re.DOTALL)
_OPEN_SCOPE = re.compile(rf"(?!{_MARK}){_TYPE}\((?![^()\r\n]*\))")
_BODY_MARK = re.compile(rf"(?P<mark>{_MARK})(?P<colon>:[{_BLANKS}]*)?")
_HYPHENATED = re.compile(r"BREAKING-CHANGE:\s*(.+)")
_LINE_ENDS = re.compile(r"[\r\n]+")
_NEXT_COMMIT = re.compile(
    r"\r?\n\r?\n(?=(?:feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert)(?:\([^\n\r]*?\))?: )"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Footer:
    """A footer: its match, and its lines with those that continue it, without their indentation."""

    match: re.Match[str]
    lines: tuple[str, ...]

    @property
    def note(self) -> str | None:
        """The text of a breaking footer, None of any other; of several lines the last."""
        if "BREAKING" not in (self.match["mark"] or self.match["bang"] or ""):
            return None
        text: str = self.match["note"] if self.match["mark"] else self.match["text"]
        return self.lines[-1] if len(self.lines) > 1 else text

    @property
    def commit(self) -> str:
        """The footer as a message of its own; "" where it cannot be one."""
        found = self.match
        if not found["type"] or found["separator"] != ":":
            return ""
        scope = f"({found['scope']})" if found["scope"] else ""
        head = f"{found['type']}{scope}{found['bang'] or ''}: {found['text']}"
        return "\n".join((head, *self.lines[1:]))


def find(message: str) -> tuple[Found, ...] | str:
    """Every commit that the message holds; what is wrong where it holds none."""
    return tuple(found for part in _parts(message) for found in _commits(part)) or "not its form of a commit"


def _parts(message: str) -> list[str]:
    """The message's own commits, then the nested ones."""
    first, *nested = message.split("BEGIN_NESTED_COMMIT")
    inside = []
    for part in nested:
        inner, _, after = part.partition("END_NESTED_COMMIT")
        inside.append(inner)
        first += after
    return [*filter(None, _NEXT_COMMIT.split(first)), *inside]


def _commits(text: str) -> Iterator[Found]:
    """The commit that the text is, and those that its footers are; nothing where it is none."""
    pending = [text]
    for text in pending:  # noqa: PLR1704  grows while it is read
        header, *lines = _LINE_ENDS.split(text.strip())
        head = _SUMMARY.fullmatch(header)
        if head is None or any(_OPEN_SCOPE.match(line) for line in (header, *lines)):
            continue
        footers = _footers(lines)
        body = lines[: len(lines) - sum(len(footer.lines) for footer in footers)]
        pending += [footer.commit for footer in footers if footer.commit]
        yield _found(head, body, footers, text.strip())


def _found(head: re.Match[str], body: Sequence[str], footers: Sequence[_Footer], text: str) -> Found:
    kind = head["type"]
    breaking = _breaking(head, body, footers)
    is_shown = kind.lower() in _SHOWN
    if breaking:
        bump, rule = Bump.MAJOR, f"breaking: {breaking}"
    elif kind in _FEATURES:
        bump, rule = Bump.MINOR, f"type {kind}"
    else:
        bump = Bump.PATCH if is_shown else Bump.NONE
        rule = f"type {kind}" if is_shown else f"type {kind} does not release"
    return Found(
        type=kind,
        scope=head["scope"],
        description=head["text"].strip(),
        bump=bump,
        rule=rule,
        breaking=breaking,
        text=text,
    )


def _breaking(head: re.Match[str], body: Sequence[str], footers: Sequence[_Footer]) -> str:
    """By what the commit is breaking, "" where it is not: the last of its marks must have a text."""
    note, by = (head["text"], "!") if head["bang"] else ("", "")
    marks = [_BODY_MARK.match(line) for line in body]
    told = [line[found.end() :] if found else line for line, found in zip(body, marks, strict=True)]
    first = next((place for place, found in enumerate(marks) if found and found["colon"]), None)
    if first is not None:
        note, by = "\n".join(told[first:]), "BREAKING CHANGE"
    for footer in footers:
        if footer.note is not None:
            note, by = footer.note, "BREAKING CHANGE"
    if note:
        return by
    return "BREAKING-CHANGE" if _HYPHENATED.search("\n".join(told)) else ""


def _footers(lines: Sequence[str]) -> list[_Footer]:
    """The footers at the end: from the first line after which all is footers and lines that continue them."""
    footers: list[_Footer] = []
    continued: list[str] = []
    for line in reversed(lines):
        if line[:1] in _BLANKS:
            continued.append(line.lstrip(_BLANKS))
            continue
        found = _FOOTER.fullmatch(line)
        if found is None:
            break
        footers.append(_Footer(match=found, lines=(line, *continued[::-1])))
        continued = []
    return footers[::-1]
