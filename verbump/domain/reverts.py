"""Which commits cancel one another: reverts, reverts of reverts, reverted merges, a forge's reverts by number.

Source: rules.md, Commits, "Cancelling".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.domain.commits import ConventionalCommit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbump.domain.commits import Commit, Unconventional

_SENTENCE = re.compile(r"This reverts commit ([0-9a-f]{7,64})(?![0-9a-f])")
_NUMBER = re.compile(r"^Reverts (?:[\w.-]{1,100}/[\w.-]{1,100})?#(\d{1,10})\b", re.MULTILINE)
_HEADER_NUMBER = re.compile(r"\(#(\d{1,10})\)\s*$")
_SHA = re.compile(r"\b[0-9a-f]{7,64}\b")


@dataclass(slots=True)
class Cancelled:
    """What vanishes: sha → sha of the revert that took it away; and sha of an acting revert → what it took away."""

    by: dict[str, str] = field(default_factory=dict)
    acting: dict[str, str] = field(default_factory=dict)


def find_cancelled(commits: Sequence[Commit], parsed: Mapping[str, ConventionalCommit | Unconventional]) -> Cancelled:
    """What the reverts among `commits` (newest first) cancel.

    A revert whose target is not here stays: it changes something that is released already. A revert that is itself
    reverted does not act, so what it took away is back.
    """
    index = _Index(commits)
    found = Cancelled()
    for place, commit in enumerate(commits):
        message = parsed.get(commit.sha)
        if commit.sha in found.by or not isinstance(message, ConventionalCommit) or message.type != "revert":
            continue
        targets, is_whole = index.targets(message, place)
        for target in targets:
            found.by.setdefault(target, commit.sha)
        if targets and is_whole:
            found.acting[commit.sha] = targets[0]
    return found


class _Index:
    """The commits of a range, found by abbreviated sha, by pull request number, and through merges."""

    def __init__(self, commits: Sequence[Commit]) -> None:
        self._places = {commit.sha: place for place, commit in enumerate(commits)}
        self._sorted = sorted(self._places)
        self._commits = {commit.sha: commit for commit in commits}
        self._numbers: dict[str, list[str]] = {}
        for commit in commits:
            number = _HEADER_NUMBER.search(commit.header[-40:])
            if number is not None:
                self._numbers.setdefault(number[1], []).append(commit.sha)

    def targets(self, message: ConventionalCommit, place: int) -> tuple[list[str], bool]:
        """Commits that a revert takes away, older than itself, and whether each one it names is among them."""
        # `Reverts #12` has the form of a footer.
        text = "\n".join((message.body, *(f"{each.token}{each.separator}{each.value}" for each in message.footers)))
        names = _SENTENCE.findall(text)
        for footer in message.footers:
            if footer.token.casefold() == "refs":
                names += _SHA.findall(footer.value)
        found: list[str] = []
        is_whole = True
        for name in names:
            sha = self._by_prefix(name)
            if sha is None or self._places[sha] <= place:
                is_whole = False
                continue
            found += self._expanded(sha)
        for number in () if names else _NUMBER.findall(text):
            older = [sha for sha in self._numbers.get(number, ()) if self._places[sha] > place]
            is_whole = is_whole and bool(older)
            found += older[:1]
        return found, is_whole

    def _by_prefix(self, name: str) -> str | None:
        """The one commit whose sha begins so, None for none or several."""
        place = bisect_left(self._sorted, name)
        matching = [sha for sha in self._sorted[place : place + 2] if sha.startswith(name)]
        return matching[0] if len(matching) == 1 else None

    def _expanded(self, sha: str) -> list[str]:
        """The commit; for a merge also the commits that it brought in."""
        parents = self._commits[sha].parents
        if len(parents) < 2:
            return [sha]
        mainline = self._reached(parents[:1])
        return [sha, *(each for each in self._reached(parents[1:]) if each not in mainline)]

    def _reached(self, starts: Sequence[str]) -> dict[str, None]:
        """Commits of the range that `starts` reach, themselves included."""
        seen: dict[str, None] = {}
        queue = [sha for sha in starts if sha in self._commits]
        while queue:
            sha = queue.pop()
            if sha not in seen:
                seen[sha] = None
                queue += [parent for parent in self._commits[sha].parents if parent in self._commits]
        return seen
