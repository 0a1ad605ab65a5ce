"""A long range at a glance: of its commits, those that can decide the next version.

`next` prints one word, and need not hold a million messages for it. A commit is left out when its header is enough to
know its bump, and `ENOUGH` commits of that bump are kept already. Whatever steers, cancels, or may be cancelled by name
is kept, so that reading what is kept gives the version that reading all gives; where that cannot be promised,
`is_exact` turns False and the range has to be read whole.

Source: rules.md, "Commits" and "Bump". Bytes throughout: decoding costs more than deciding.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.domain import commits as messages
from verbump.domain.bumps import Bump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from verbump.domain.commits import ConventionalCommit

ENOUGH = 64
_MOST_PREFIXES = 10_000
_LONGEST_HEADER = messages.HEADER_LIMIT // 4
_LONGEST_MESSAGE = messages.MESSAGE_LIMIT // 4
_REVERTS = (b'Revert "', b'Reapply "')
_UNFINISHED = (b"fixup! ", b"squash! ", b"amend! ")
_NAMES = re.compile(rb"[0-9a-f]{7,64}")
_NUMBERS = re.compile(rb"#(\d{1,10})")
_OWN_NUMBER = re.compile(rb"\(#(\d{1,10})\)\s*$")
_ALWAYS = -1
_REVERT = -2


class Glance:
    """One pass over a range, newest first, children before parents.

    `bump_of` is the bump of a commit that has nothing but a header; `named` are texts that may name a commit by its
    sha (the changelog): a hand-written line that tells a commit must find it.
    """

    def __init__(self, bump_of: Callable[[ConventionalCommit], Bump], named: Iterable[bytes] = ()) -> None:
        self.is_exact = True
        self.left_out = 0
        self._bump_of = bump_of
        self._bumps: dict[bytes, int] = {}
        self._kept = [0] * (int(Bump.MAJOR) + 1)
        self._cancelled_at_most = 0
        self._shas = {name[:7] for text in named for name in _NAMES.findall(text)}
        self._numbers: set[bytes] = set()

    def keeps(self, ids: bytes, message: bytes) -> bool:
        """Whether a commit has to be read in full. `ids` are its sha and those of its parents, with blanks between."""
        is_merge = ids.count(b" ") > 1
        if ids[:7] in self._shas or (self._numbers and self._is_numbered(message)):
            self.is_exact = self.is_exact and not is_merge  # a reverted merge takes more with it
            return True
        bump = (_ALWAYS * message.startswith(_UNFINISHED)) if is_merge else self._bump_at_least(message)
        if bump == _REVERT:
            self._note_targets(message)
            return True
        if bump == _ALWAYS:
            return True
        if bump and self._kept[bump] < ENOUGH:
            self._kept[bump] += 1
            return True
        self.left_out += 1
        return False

    def _bump_at_least(self, message: bytes) -> int:
        """The bump that the message's header asks for; _ALWAYS where the header alone does not say."""
        if message.startswith(_REVERTS):
            return self._look(message)
        end = message.find(b"\n")
        if (
            end > _LONGEST_HEADER
            or len(message) > (_LONGEST_MESSAGE if end >= 0 else _LONGEST_HEADER)
            or b"\nBREAKING" in message
            or b"release-as" in message.lower()
            or message.startswith(_UNFINISHED)
        ):
            return _REVERT if self._look(message) == _REVERT else _ALWAYS
        colon = message.find(b": ", 0, end if end >= 0 else None)
        after = message[colon + 2 : colon + 3]
        if colon < 0 or not b"!" <= after <= b"~":  # no form, or a description to be looked at as a whole
            return self._look(message)
        prefix = message[:colon]
        found = self._bumps.get(prefix)
        if found is None:
            found = self._look(prefix + b": x")
            if len(self._bumps) < _MOST_PREFIXES:
                self._bumps[prefix] = found
        return found

    def _look(self, message: bytes) -> int:
        header = message.partition(b"\n")[0].removesuffix(b"\r")
        parsed = messages.parse(header.decode("utf-8", "replace"))
        if not isinstance(parsed, messages.ConventionalCommit):
            return int(Bump.NONE)
        return _REVERT if parsed.type == "revert" else int(self._bump_of(parsed))

    def _note_targets(self, message: bytes) -> None:
        """What a revert names, to be kept when it comes: what follows is older, as a revert's target must be."""
        names, numbers = _NAMES.findall(message), _NUMBERS.findall(message)
        self._shas.update(name[:7] for name in names)
        self._numbers.update(numbers)
        self._cancelled_at_most += len(names) + len(numbers)
        self.is_exact = self.is_exact and self._cancelled_at_most < ENOUGH

    def _is_numbered(self, message: bytes) -> bool:
        found = _OWN_NUMBER.search(message.partition(b"\n")[0][-40:])
        return found is not None and found[1] in self._numbers
