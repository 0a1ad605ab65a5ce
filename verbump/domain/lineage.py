"""A history in git's topological order, each commit with the first release that holds it, from commits in any order.

Any order that shows children first, that is. `git log --topo-order` says nothing before it has walked all of history;
without it git speaks from the first moment, so that reading costs no time of its own. What is left to do at the end is
done for runs of commits, each the only parent of the one before it, and those are few.

Source: sort_in_topological_order in git's commit.c (the last of the commits that are free goes first).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")

_BEGINS = -1  # a run begins with this commit


class Lineage(Generic[Item]):
    """The commits of a history, as they are added, its head first. A run begins at each of `tagged` that is there."""

    def __init__(self, tagged: Iterable[bytes]) -> None:
        self.head = b""
        self._tagged = frozenset(tagged)
        self._runs: list[list[Item]] = []
        self._parents: list[tuple[bytes, ...]] = []  # of the last commit of each run
        self._starts: dict[bytes, int] = {}
        # The commits to come: the run that goes on with each.
        self._waiting: dict[bytes, int] = dict.fromkeys(self._tagged, _BEGINS)

    def add(self, ids: Iterable[bytes], items: Iterable[Item]) -> None:
        """Commits, children before parents: the ids of each and of its parents with blanks between, and what it is."""
        waiting, runs, parents_of = self._waiting, self._runs, self._parents
        for each, item in zip(ids, items, strict=True):
            sha, _, parent = each.partition(b" ")
            run = waiting.pop(sha, _BEGINS)
            if run == _BEGINS:
                self.head = self.head or sha
                run = self._starts[sha] = len(runs)
                runs.append([])
                parents_of.append(())
            runs[run].append(item)
            if not parent:
                continue
            if b" " not in parent and waiting.setdefault(parent, run) == run:
                continue
            parents = parents_of[run] = tuple(parent.split(b" "))
            for one in parents:
                other = waiting.get(one, _BEGINS)
                if other != _BEGINS:
                    parents_of[other] = (one,)
                waiting[one] = _BEGINS

    @property
    def is_whole(self) -> bool:
        """Whether each commit came after all its children, and all came. Otherwise the order cannot be told."""
        if any(sha not in self._tagged or sha in self._starts for sha in self._waiting):
            return False
        if any(parent not in self._starts for parents in self._parents for parent in parents):
            return False
        return [run for run, count in enumerate(self._children()) if not count] == [0]

    def has(self, sha: bytes) -> bool:
        """Whether a tagged commit was among them."""
        return sha in self._starts

    def owned(self, ranks: dict[bytes, int], none: int) -> Iterator[tuple[int, list[Item]]]:
        """Runs in topological order, each with the lowest rank of a tag that reaches it; `none` where none does.

        own(c) = min(the rank of c itself, own of each child). `ranks` are of tagged commits.
        """
        children = self._children()
        owners = [none] * len(self._runs)
        for sha, rank in ranks.items():
            if sha in self._starts:
                owners[self._starts[sha]] = rank
        free = [self._starts[self.head]]
        while free:
            run = free.pop()
            yield owners[run], self._runs[run]
            for parent in self._parents[run]:
                above = self._starts[parent]
                owners[above] = min(owners[above], owners[run])
                children[above] -= 1
                if not children[above]:
                    free.append(above)

    def _children(self) -> list[int]:
        """How many children the first commit of each run has; of a whole history only its head has none."""
        children = [0] * len(self._runs)
        for parents in self._parents:
            for parent in parents:
                children[self._starts[parent]] += 1
        return children
