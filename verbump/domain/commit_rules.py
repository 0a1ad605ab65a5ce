"""The rules of a commitizen convention as plain data, and the convention that judges commits by them.

A message goes as far as commitizen takes it: every line is searched for `bump_pattern`, the first pattern of the map
that the first group begins with decides, the highest counts. Which commits there are (reverts, merges, corrections)
stays verbump's own affair. Source: commitizen 4.19, `VersionIncrement.from_message` and `generate_tree_from_commits`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from verbump.domain import bumps, commits, footers
from verbump.domain.bumps import Bump, Verdict
from verbump.domain.commits import ConventionalCommit, Unconventional
from verbump.domain.conventions import Convention, Judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.domain.commits import Commit
    from verbump.domain.conventions import Message

BREAKING_TYPE = "BREAKING CHANGE"
_LONGEST_LINE = commits.HEADER_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitRules:
    """What a commitizen plugin says of itself. The maps are pattern → bump, in their order.

    `zero_bump_map` stands for `bump_map` below 1.0.0 where `is_zero` (`major_version_zero`); both are empty, and
    `bump_pattern` too, in rules that know no versions.
    """

    name: str
    schema_pattern: str = ""
    schema: str = ""
    bump_pattern: str = ""
    bump_map: tuple[tuple[str, Bump], ...] = ()
    zero_bump_map: tuple[tuple[str, Bump], ...] = ()
    is_zero: bool = False
    commit_parser: str = "(?P<message>.*)"
    changelog_pattern: str = ".*"
    change_type_map: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    change_type_order: tuple[str, ...] = ()

    @property
    def has_scopes(self) -> bool:
        """Whether the plugin says where a scope stands."""
        return "scope" in re.compile(self.commit_parser).groupindex

    @property
    def can_bump(self) -> bool:
        """Whether these rules lead from messages to versions."""
        return bool(self.bump_pattern and self.bump_map)


def find_scope(message: str, rules: CommitRules) -> tuple[str, int] | None:
    """The scope in the header of a message that `rules` take, and its column, from 1; None where it has none.

    The plugin's parser is asked first, then verbump's own grammar: commitizen's parser passes over types that no
    changelog tells.
    """
    line = commits.header_of(message)
    header = line.lstrip()[:_LONGEST_LINE]
    before = len(line) - len(line.lstrip())
    found = re.compile(rules.commit_parser, re.MULTILINE).match(header)
    scope = found.groupdict().get("scope") if found else None
    if found and scope:
        return scope, before + found.start("scope") + 1
    parsed = commits.parse(header)
    if isinstance(parsed, Unconventional) or parsed.scope is None:
        return None
    return parsed.scope, before + header.index("(") + 2


def convention(rules: CommitRules, *, major: int) -> Convention:
    """The convention that `rules` are for a project whose last final version has this major number."""
    bump_map = rules.zero_bump_map if rules.is_zero and major == 0 and rules.zero_bump_map else rules.bump_map
    schema = re.compile(rules.schema_pattern)

    def judge(commit: Commit, message: Message) -> tuple[Judged, ...] | Unconventional:
        text = _cut(commit.message)
        verdict = _verdict(text, rules, bump_map)
        entry = _entry(text, rules)
        if verdict.bump is Bump.NONE and entry is None and not schema.match(text):
            return Unconventional(reason=f"does not follow {rules.name}", column=1)
        breaking = verdict.bump is Bump.MAJOR or _is_breaking(text, rules)
        parsed = _parsed(message, entry or {}, text, breaking=breaking)
        return (Judged(parsed=parsed, verdict=replace(verdict, category=_category(entry, rules, breaking=breaking))),)

    return Convention(judge=judge)


def _cut(message: str) -> str:
    """The message as commitizen gets it, within verbump's limits: plugins' patterns meet no endless line."""
    text = message[: commits.MESSAGE_LIMIT].replace("\r\n", "\n").strip()
    return "\n".join(line[:_LONGEST_LINE] for line in text.split("\n"))


def _verdict(text: str, rules: CommitRules, bump_map: tuple[tuple[str, Bump], ...]) -> Verdict:
    """The highest bump of a line, and the words that asked for it."""
    bump, words = Bump.NONE, ""
    pattern = re.compile(rules.bump_pattern) if rules.can_bump else None
    for line in text.split("\n") if pattern else ():
        found = pattern.search(line) if pattern else None
        word = (found[1] or "") if found else ""
        own = next((own for each, own in bump_map if re.match(each, word)), Bump.NONE) if found else Bump.NONE
        if own > bump:
            bump, words = own, word
    if bump is Bump.NONE:
        return Verdict(bump=bump, rule=f"{rules.name}: does not release")
    return Verdict(bump=bump, rule=f"{rules.name}: {words}")


def _is_breaking(text: str, rules: CommitRules) -> bool:
    """Whether the full map calls it major: below 1.0.0 a break stays one, however far it goes."""
    return _verdict(text, rules, rules.bump_map).bump is Bump.MAJOR


def _entry(text: str, rules: CommitRules) -> Mapping[str, str | None] | None:
    """The named groups of `commit_parser`; None where the changelog does not tell the commit."""
    if not re.match(rules.changelog_pattern, text):
        return None
    found = re.compile(rules.commit_parser, re.MULTILINE).match(text)
    return found.groupdict() if found else None


def _category(entry: Mapping[str, str | None] | None, rules: CommitRules, *, breaking: bool) -> str | None:
    """The title that the plugin gives the entry's type. A break is told even where the parser does not see it."""
    kind = (entry or {}).get("change_type")
    if kind:
        return rules.change_type_map.get(kind, kind)
    if breaking:
        return rules.change_type_map.get(BREAKING_TYPE, BREAKING_TYPE)
    return None if entry is None or not rules.can_bump else bumps.BREAKING_CATEGORY


def _parsed(message: Message, entry: Mapping[str, str | None], text: str, *, breaking: bool) -> ConventionalCommit:
    """The commit's parts: the plugin's parser's where it names them, else those of verbump's own grammar."""
    if isinstance(message, Unconventional):
        parts = footers.read(text.split("\n")[1:])
        notes = tuple(each.value.strip() for each in parts.footers if each.is_breaking)
        message = ConventionalCommit(
            type="",
            description=commits.header_of(text),
            body=parts.body,
            footers=parts.footers,
            breaking_notes=tuple(note for note in notes if note),
        )
    described = (entry.get("message") or "").split("\n")[0].strip()
    return replace(
        message,
        type=entry.get("change_type") or message.type,
        scope=entry.get("scope") or message.scope,
        description=described or message.description,
        breaking=breaking,
    )
