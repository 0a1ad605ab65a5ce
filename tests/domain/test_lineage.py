"""A history in git's topological order, from commits in any order that shows children first."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain.lineage import Lineage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Parents = Mapping[int, Sequence[int]]

NONE = 99


def name(number: int) -> bytes:
    return b"%03d" % number


def line(number: int, parents: Parents) -> bytes:
    """As `git log --format="%H %P"` writes a commit: a blank behind the id where there is no parent."""
    return name(number) + b" " + b" ".join(map(name, parents[number]))


def read(order: Iterable[int], parents: Parents, tagged: Iterable[int] = ()) -> Lineage[int]:
    lineage: Lineage[int] = Lineage(map(name, tagged))
    lineage.add([line(each, parents) for each in order], order)
    return lineage


def git_order(parents: Parents) -> list[int]:
    """sort_in_topological_order of git, on every commit: of those whose children are all told, the last that was freed."""
    children = {each: sum(each in those for those in parents.values()) for each in parents}
    free, told = [0], []
    while free:
        told.append(free.pop())
        for parent in parents[told[-1]]:
            children[parent] -= 1
            if not children[parent]:
                free.append(parent)
    return told


def reached(start: int, parents: Parents) -> set[int]:
    found, left = set(), [start]
    while left:
        each = left.pop()
        found.add(each)
        left += [parent for parent in parents[each] if parent not in found]
    return found


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[int, list[int]], list[int]]:
    """Parents by commit, 0 the head and above all others; and an order of them with children first."""
    count = draw(st.integers(1, 14))
    parents: dict[int, list[int]] = {each: [] for each in range(count)}
    for each in range(1, count):
        children = st.lists(st.integers(max(0, each - 4), each - 1), min_size=1, max_size=2, unique=True)
        for child in draw(children):
            parents[child].append(each)
    for those in parents.values():
        those[:] = draw(st.permutations(those))
    order: list[int] = []
    while len(order) < count:
        above = {parent for each, those in parents.items() if each not in order for parent in those}
        order.append(draw(st.sampled_from([each for each in parents if each not in order and each not in above])))
    return parents, order


@given(histories(), st.data())
def test_order_and_owners_are_those_of_git(
    history: tuple[dict[int, list[int]], list[int]], data: st.DataObject
) -> None:
    parents, order = history
    tagged = data.draw(st.lists(st.sampled_from(order), unique=True))
    ranks = {name(each): rank for rank, each in enumerate(data.draw(st.permutations(tagged)))}
    cut = data.draw(st.integers(0, len(order)))
    lineage: Lineage[int] = Lineage(ranks)
    for part in (order[:cut], order[cut:]):
        lineage.add([line(each, parents) for each in part], part)
    assert lineage.is_whole
    assert lineage.head == name(0)
    assert all(lineage.has(each) for each in ranks)
    told = list(lineage.owned(ranks, NONE))
    assert [each for _, run in told for each in run] == git_order(parents)
    owners = {each: rank for rank, run in told for each in run}
    for each in parents:
        assert owners[each] == min((ranks[name(tag)] for tag in tagged if each in reached(tag, parents)), default=NONE)


@given(histories(), st.data())
def test_what_is_not_whole_is_seen(history: tuple[dict[int, list[int]], list[int]], data: st.DataObject) -> None:
    parents, order = history
    tagged = data.draw(st.lists(st.sampled_from(order), unique=True))
    lost = data.draw(st.sampled_from(order))
    left = [each for each in order if each != lost]
    heads = [each for each in left if not any(each in parents[child] for child in left)]
    assert read(left, parents, tagged).is_whole == (lost == 0 and len(heads) == 1)


def test_a_parent_before_its_child_is_seen() -> None:
    parents = {0: [1, 2], 1: [2], 2: []}
    assert read([0, 1, 2], parents).is_whole
    assert not read([0, 2, 1], parents).is_whole
    assert not read([1, 0, 2], parents).is_whole


def test_two_heads_are_seen() -> None:
    assert not read([0, 1, 2], {0: [2], 1: [2], 2: []}).is_whole
    assert not read([0, 1], {0: [], 1: []}).is_whole


def test_a_tag_elsewhere_is_no_matter() -> None:
    parents: dict[int, list[int]] = {0: [1], 1: []}
    lineage = read([0, 1], parents, tagged=[1, 7])
    assert lineage.is_whole
    assert (lineage.has(name(1)), lineage.has(name(7))) == (True, False)
    assert list(lineage.owned({name(7): 0, name(1): 3}, NONE)) == [(NONE, [0]), (3, [1])]


def test_a_line_of_commits_is_one_run() -> None:
    count = 50
    parents = {each: [each + 1] for each in range(count)} | {count: []}
    lineage = read(range(count + 1), parents)
    assert list(lineage.owned({}, NONE)) == [(NONE, list(range(count + 1)))]
    assert [rank for rank, _ in read(range(count + 1), parents, [10, 20]).owned({name(20): 1, name(10): 2}, 5)] == [
        5,
        2,
        1,
    ]


def test_a_line_for_each_commit() -> None:
    with pytest.raises(ValueError, match="zip"):
        Lineage[int](()).add([b"0 "], [])


def test_an_empty_history() -> None:
    assert not Lineage[int](()).is_whole
    assert Lineage[int](()).head == b""


def test_sides_of_a_merge_follow_as_git_tells_them() -> None:
    """The second parent's side first: it is freed last."""
    parents = {0: [1, 3], 1: [2], 2: [5], 3: [4], 4: [5], 5: []}
    told = [each for _, run in read([0, 1, 2, 3, 4, 5], parents).owned({}, NONE) for each in run]
    assert told == [0, 3, 4, 1, 2, 5]
    assert all(told.index(child) < told.index(parent) for child in parents for parent in parents[child])
    assert [before for before, after in pairwise(told) if after not in parents[before]] == [4]
