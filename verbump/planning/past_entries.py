"""What each commit of a long history says in a changelog, as a finished line; bytes until a commit is told.

Most commits have a plain header and nothing in the body that matters; those take the short way here, the others the
usual one. A test holds the two against each other. Only the default convention is known: a rule for each type.

Source: rules.md, "Commits" and "Changelog" 3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from verbump.domain import bumps, conventions, escape, history, releases
from verbump.domain import commits as messages
from verbump.domain.commits import Commit, ConventionalCommit
from verbump.planning import section, section_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verbump.domain.bumps import Rule
    from verbump.domain.forge import Forge

_LONGEST_HEADER = messages.HEADER_LIMIT // 4
_LONGEST_MESSAGE = messages.MESSAGE_LIMIT // 4
_MOST_KNOWN = 20_000
_REVERTS = (b'Revert "', b'Reapply "')
_BREAKING = b"\nBREAKING"
# Lines of a body that may be footers which an entry depends on.
_FOOTERS = re.compile(
    rb"\n(?:BREAKING|[Cc][Hh][Aa][Nn][Gg][Ee][Ll]|[Cc][Ll][Oo][Ss]|[Ff][Ii][Xx]|[Rr][Ee][Ss][Oo][Ll])"
)
# What may stand in a description without being escaped, and what must not: escape_markdown has the same in one pattern.
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,;()'\"/=+%?!- "
_NOT_PLAIN = re.compile(rb"  |-[0-9]")
# A line that begins so is an item of a list with a paragraph in it, whatever follows; but for what begins with this.
_SURE = re.compile(rb"- (?:\*\*[A-Za-z]|[A-Za-z])")
_UNSURE = b"<"
# For a type that makes no entry, and for a header that has not the form.
_NO_ENTRY = (-1, b"")
_MISSES = (-2, b"")


class Told(NamedTuple):
    """A commit that has an entry, or may cancel others.

    `head` is its ids, a line end, its header. `place` orders categories, breaking entries first in each; `line` is ""
    for none. `message` is that of a revert, else empty. `is_plain`: nothing in its line could begin a block.
    """

    head: bytes
    place: int
    line: bytes
    message: bytes = b""
    is_plain: bool = True


# A commit without an entry is its `head` alone.
Item: TypeAlias = Told | bytes


class Entries:
    """The entries of commits under `rules`, with links to `forge`. `order` are the categories' titles in their order.

    `order` has to hold every category of the rules.
    """

    def __init__(self, rules: Mapping[str, Rule], order: Sequence[str], forge: Forge | None) -> None:
        self._reading = history.Reading(convention=conventions.conventional(rules))
        self._rules = rules
        self._places = {title.casefold(): place for place, title in enumerate(order)}
        self._forge = forge
        self._known: dict[bytes, tuple[int, bytes] | None] = {}  # by the header up to its colon; None: look closely
        self._words: dict[bytes, bytes] = {}  # by a description's first word: as it begins a sentence
        if forge is None:
            self._one, self._two = b"- %b%b (%b)", b"- %b%b (#%b, %b)"
        else:
            commit = b"[%b](" + forge.commit_url("").encode() + b"%b)"
            issue = b"[#%b](" + forge.issue_url(0)[:-1].encode() + b"%b)"
            self._one, self._two = b"- %b%b (" + commit + b")", b"- %b%b (" + issue + b", " + commit + b")"

    def read(self, records: Iterable[bytes]) -> tuple[list[bytes], list[Item]]:
        """The ids of each record (the commit's and its parents', with blanks between) and what the commit is.

        A record is these ids, a line end, and the message.
        """
        known, places = self._known, []
        items: list[Item] = []
        for record in records:
            start = record.find(b"\n")
            stop = record.find(b"\n", start + 1)
            if stop < 0:
                stop = len(record)
            ids, head = record[:start], record[:stop]
            places.append(ids)
            if ids.count(b" ") > 1:  # a merge: its commits are there already
                items.append(head)
                continue
            colon = record.find(b": ", start, stop)
            if colon < 0:
                is_revert = record.startswith(_REVERTS, start + 1)
                items.append(self._looked_at(head, record[start + 1 :]) if is_revert else head)
                continue
            prefix = record[start + 1 : colon]
            rule = known[prefix] if prefix in known else self._learned(prefix)
            if (
                rule is None
                or stop - start > _LONGEST_HEADER
                or len(record) > _LONGEST_MESSAGE
                or (rule is not _MISSES and _BREAKING in record)
            ):
                items.append(self._looked_at(head, record[start + 1 :]))
            elif rule[0] < 0:
                items.append(head)
            else:
                items.append(self._told(head, rule, record, colon + 2))
        return places, items

    def _told(self, head: bytes, rule: tuple[int, bytes], record: bytes, start: int) -> Item:
        """The entry of a commit whose type has one and whose description begins at `start`."""
        stop = len(head)
        if stop + 1 < len(record) and _FOOTERS.search(record, stop):
            return self._looked_at(head, record[head.index(b"\n") + 1 :])
        text = record[start:stop]
        number = b""
        if text.endswith(b")"):
            place = text.rfind(b" (#")
            digits = text[place + 3 : -1]
            if place > 0 and digits.isdigit() and len(digits) < 10 and not digits.startswith(b"0"):
                text, number = text[:place], digits
        word, blank, rest = text.partition(b" ")
        begin = self._words.get(word)
        if begin is None:
            begin = self._begun(word)
        if not begin or text.translate(None, _PLAIN) or _NOT_PLAIN.search(text) or text.endswith(b" "):
            return self._looked_at(head, head[head.index(b"\n") + 1 :])
        sha = head[: head.find(b" ")]
        text = begin + blank + rest
        short = sha[: section.SHORT_SHA]
        if self._forge is None:
            line = self._two % (rule[1], text, number, short) if number else self._one % (rule[1], text, short)
        elif number:
            line = self._two % (rule[1], text, number, number, short, sha)
        else:
            line = self._one % (rule[1], text, short, sha)
        return Told(head, rule[0], line)

    def _learned(self, prefix: bytes) -> tuple[int, bytes] | None:
        """What a header up to its first `: ` leads to: place and begin of the line; None: its whole has to be read."""
        rule: tuple[int, bytes] | None = _MISSES
        parsed = messages.parse(f"{prefix.decode('utf-8', 'replace')}: x")
        if prefix.startswith(_REVERTS) or (b"(" in prefix and b")" not in prefix):
            rule = None
        elif isinstance(parsed, ConventionalCommit):
            rule = None if parsed.type == "revert" else self._rule_of(parsed)
        if len(self._known) < _MOST_KNOWN:
            self._known[prefix] = rule
        return rule

    def _rule_of(self, parsed: ConventionalCommit) -> tuple[int, bytes] | None:
        category = bumps.of_commit(parsed, self._rules).category
        if category is None:
            return _NO_ENTRY
        scope = f"**{escape.for_markdown(parsed.scope)}:** " if parsed.scope else ""
        begin = f"{'**Breaking:** ' if parsed.breaking else ''}{scope}".encode()
        return None if _UNSURE in begin else (self._place(category, is_breaking=parsed.breaking), begin)

    def _place(self, category: str, *, is_breaking: bool) -> int:
        return 2 * self._places[category.casefold()] + (not is_breaking)

    def _begun(self, word: bytes) -> bytes:
        """A description's first word as it begins a sentence; empty where it is not plain."""
        begin = b""
        if word[:1].isalpha() and not word.translate(None, _PLAIN):
            begin = releases.sentence(word.decode()).encode()
        if len(self._words) < _MOST_KNOWN:
            self._words[word] = begin
        return begin

    def _looked_at(self, head: bytes, message: bytes) -> Item:
        """The commit as the usual way reads it, apart from what others do to it."""
        text = message.decode("utf-8", "replace")
        commit = Commit(sha=head[: head.index(b" ")].decode(), parents=(), message=text)
        changes = history.select((commit,), self._reading).changes
        if not changes:
            return head
        (change,) = changes
        entry = releases.entry_of(change)
        kept = message if change.parsed.type == "revert" else b""
        if entry is None:
            return Told(head, -1, b"", kept) if kept else head
        lines = section_lines.entry_lines(section.entry_data(entry, self._forge))
        line = "\n".join(lines).encode()
        place = self._place(entry.category, is_breaking=entry.is_breaking)
        return Told(head, place, line, kept, len(lines) == 1 and _UNSURE not in line and _SURE.match(line) is not None)
