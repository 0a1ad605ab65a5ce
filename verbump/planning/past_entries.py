"""What each commit of a long history says in a changelog, as a finished line; bytes until a commit is told.

Most commits have a plain header and nothing in the body that matters; those take the short way here, the others the
usual one. A test holds the two against each other. Only the default convention is known: a rule for each type.

Source: rules.md, "Commits" and "Changelog" 3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from verbump.domain import bumps, escape, releases
from verbump.domain import commits as messages
from verbump.domain.commits import Commit, ConventionalCommit
from verbump.planning import section_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verbump.domain.bumps import Rule
    from verbump.domain.forge import Forge
    from verbump.domain.history import Reading

_LONGEST_HEADER = messages.HEADER_LIMIT // 4
_LONGEST_MESSAGE = messages.MESSAGE_LIMIT // 4
_MOST_KNOWN = 20_000
_REVERTS = (b'Revert "', b'Reapply "')
_BREAKING = b"\nBREAKING"
# Lines of a body that may be footers which an entry depends on.
_FOOTERS = re.compile(
    rb"\n(?:BREAKING|[Cc][Hh][Aa][Nn][Gg][Ee][Ll]|[Cc][Ll][Oo][Ss]|[Ff][Ii][Xx]|[Rr][Ee][Ss][Oo][Ll])"
)
# A description that needs no escaping and, but for its first letter, no change, perhaps with a number behind it.
_WORD = rb"[A-Za-z0-9.,;()'\"/=+%?!]"
_PLAIN = re.compile(
    rb"([A-Za-z]+)((?: (?!\(#)(?:WORD+|-(?![0-9]))(?:-(?![0-9])|WORD+)*)*)(?: \(#([1-9][0-9]{0,8})\))?".replace(
        b"WORD", _WORD
    )
)
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
        self._reading: Reading | None = None  # made when it is needed first
        self._rules = rules
        self._places = {title.casefold(): place for place, title in enumerate(order)}
        self._forge = forge
        self._known: dict[bytes, tuple[int, bytes] | None] = {}  # by the header up to its colon; None: look closely
        if forge is None:
            self._one, self._two = b"- %b%b%b (%b)", b"- %b%b%b (#%b, %b)"
        else:
            commit = b"[%b](" + forge.commit_url("").encode() + b"%b)"
            issue = b"[#%b](" + forge.issue_url(0)[:-1].encode() + b"%b)"
            self._one, self._two = b"- %b%b%b (" + commit + b")", b"- %b%b%b (" + issue + b", " + commit + b")"

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
            head = record[:stop]
            places.append(record[:start])
            if record.find(b" ", record.find(b" ") + 1, start) > 0:  # a merge: its commits are there already
                items.append(head)
                continue
            colon = record.find(b": ", start, stop)
            if colon < 0:
                is_revert = record.startswith(_REVERTS, start + 1)
                items.append(self._looked_at(head, record[start + 1 :]) if is_revert else head)
                continue
            prefix = record[start + 1 : colon]
            try:
                rule = known[prefix]
            except KeyError:
                rule = self._learned(prefix)
            if (
                rule is None
                or stop - start > _LONGEST_HEADER
                or len(record) > _LONGEST_MESSAGE
                or (rule is not _MISSES and _BREAKING in record)
            ):
                items.append(self._looked_at(head, record[start + 1 :]))
            elif rule[0] < 0:
                items.append(head)
            elif (found := _PLAIN.fullmatch(record, colon + 2, stop)) is None or (
                stop + 1 < len(record) and _FOOTERS.search(record, stop)
            ):
                items.append(self._looked_at(head, record[start + 1 :]))
            else:
                items.append(self._told(head, rule, *found.groups()))
        return places, items

    def _told(self, head: bytes, rule: tuple[int, bytes], word: bytes, rest: bytes, number: bytes | None) -> Told:
        """The entry of a commit with a plain description."""
        if word.islower():
            word = word.capitalize()
        sha, _, _ = head.partition(b" ")
        short = sha[: section_lines.SHORT_SHA]
        if self._forge is None:
            line = (
                self._two % (rule[1], word, rest, number, short) if number else self._one % (rule[1], word, rest, short)
            )
        elif number:
            line = self._two % (rule[1], word, rest, number, number, short, sha)
        else:
            line = self._one % (rule[1], word, rest, short, sha)
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
        scope = parsed.scope or ""
        if not (scope.isascii() and scope.isalpha()):
            scope = escape.for_markdown(scope)
        scope = f"**{scope}:** " if scope else ""
        begin = f"{'**Breaking:** ' if parsed.breaking else ''}{scope}".encode()
        return None if _UNSURE in begin else (self._place(category, is_breaking=parsed.breaking), begin)

    def _place(self, category: str, *, is_breaking: bool) -> int:
        return 2 * self._places[category.casefold()] + (not is_breaking)

    def _looked_at(self, head: bytes, message: bytes) -> Item:
        """The commit as the usual way reads it, apart from what others do to it."""
        from verbump.domain import conventions, history

        if self._reading is None:
            self._reading = history.Reading(convention=conventions.conventional(self._rules))
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
        lines = section_lines.entry_lines(section_lines.entry_data(entry, self._forge))
        line = "\n".join(lines).encode()
        place = self._place(entry.category, is_breaking=entry.is_breaking)
        return Told(head, place, line, kept, len(lines) == 1 and _UNSURE not in line and _SURE.match(line) is not None)
