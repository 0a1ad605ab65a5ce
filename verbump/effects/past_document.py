"""The whole changelog of a long history, read and rendered in one go: git is not waited for, nor git for us."""

from __future__ import annotations

import gc
import os
import time
from typing import TYPE_CHECKING

from verbump.domain.lineage import Lineage
from verbump.effects.git_stream import GitStream
from verbump.planning import whole_document
from verbump.planning.past_entries import Entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verbump.domain.bumps import Rule
    from verbump.planning.past_entries import Item
    from verbump.planning.whole_document import PastTag, Style

# From here on two git processes are quicker than one, and it is worth beginning anew for that.
_MANY_OBJECTS = 500_000
_MANY_TAGS = 4


def render(
    directory: str, logs: Sequence[GitStream], tags: Sequence[PastTag], rules: Mapping[str, Rule], style: Style
) -> bytes | None:
    """The document of all releases that HEAD reaches, in UTF-8; None where the usual way has to answer.

    `logs` are those of HEAD, begun already: what is in none before, children before parents. `tags` are the version
    tags, lowest version first, reached by HEAD or not.

    Raises:
        InputError: the sections do not make a document that can be read back.
    """
    dates = _start_dates(directory, tags)
    was_enabled = gc.isenabled()
    gc.disable()  # nothing here is a cycle, and the lists are long
    try:
        entries = Entries(rules, style.order, style.forge)
        lineage = _lineage(logs, tags, entries)
        if lineage is not None and not lineage.is_whole:  # clocks that went wrong: a child after its parent
            log = GitStream.log(directory, lineage.head.decode(), options=("--topo-order",))
            lineage = _lineage([log], tags, entries)
        dated = _dated(tags, dates)
        if lineage is None or dated is None or not lineage.is_whole:
            return None
        return _document(lineage, dated, style)
    finally:
        if was_enabled:
            gc.enable()


def in_two(directory: str, log: GitStream, head: str, tags: Sequence[PastTag], common: str) -> list[GitStream]:
    """The log of `head`, or, where the history is so long that it pays, two in its place that git works on at once.

    `common` is the folder of git's that holds the objects.
    """
    if _objects(common) < _MANY_OBJECTS or len(tags) < _MANY_TAGS:
        return [log]
    log.status()
    return halves(directory, head, tags)


def halves(directory: str, head: str, tags: Sequence[PastTag]) -> list[GitStream]:
    """The logs of what came after the middle one of the tags, and of it with what came before.

    One at which a minor version began, which maintenance branches have not.
    """
    begun = [tag for tag in tags if tag.version.endswith(".0")] or tags
    middle = begun[len(begun) // 2].commit.decode()
    logs = [GitStream.log(directory, head, f"^{middle}"), GitStream.log(directory, middle)]
    for log in logs:
        log.widen()
    return logs


def _objects(common: str) -> int:
    """About how many objects are packed: an index has 28 bytes or more for each."""
    try:
        with os.scandir(f"{common}/objects/pack") as found:
            return sum(each.stat().st_size for each in found if each.name.endswith(".idx")) // 28
    except OSError:
        return 0


def _lineage(logs: Sequence[GitStream], tags: Sequence[PastTag], entries: Entries) -> Lineage[Item] | None:
    """What the logs say, one after the other; None where git failed or said nothing."""
    lineage: Lineage[Item] = Lineage(tag.commit for tag in tags)
    later: list[tuple[list[bytes], list[Item]]] = []
    for place, records in _as_they_come(logs):
        found = entries.read(records)
        if place:
            later.append(found)
        else:
            lineage.add(*found)
    for found in later:
        lineage.add(*found)
    statuses = [log.status() for log in logs]
    return lineage if lineage.head and not any(statuses) else None


def _as_they_come(logs: Sequence[GitStream]) -> Iterator[tuple[int, list[bytes]]]:
    """The records of the logs with the place of each, from whichever has some."""
    left = {log.descriptor: (place, log.records()) for place, log in enumerate(logs)}
    while left:
        ready = list(left)
        if len(left) > 1:
            import select

            ready = select.select(ready, (), ())[0]
        for descriptor in ready:
            place, records = left[descriptor]
            some = next(records, None)
            if some is None:
                del left[descriptor]
            else:
                yield place, some


def _document(lineage: Lineage[Item], tags: Sequence[PastTag], style: Style) -> bytes | None:
    reached = [tag for tag in tags if lineage.has(tag.commit)]
    if not reached:
        return None
    ranks: dict[bytes, int] = {}
    for rank, tag in enumerate(reached):
        ranks.setdefault(tag.commit, rank)
    held: list[list[Item]] = [[] for _ in reached]
    for owner, items in lineage.owned(ranks, len(reached)):
        if owner < len(reached):
            held[owner] += items
    return whole_document.render_document(reached[::-1], held[::-1], style)


def _start_dates(directory: str, tags: Sequence[PastTag]) -> list[GitStream]:
    commits = [tag.commit.decode() for tag in tags]
    return [
        GitStream(
            directory, "log", "--no-walk=unsorted", "--format=%H %ct", "--end-of-options", *commits[start : start + 500]
        )
        for start in range(0, len(commits), 500)
    ]


def _dated(tags: Sequence[PastTag], streams: Iterable[GitStream]) -> list[PastTag] | None:
    """The tags, each with the committer's UTC date of its commit; None where git did not say."""
    found = {}
    for stream in streams:
        for line in (stream.answer(0) or b"").split(b"\n"):
            sha, _, seconds = line.partition(b" ")
            if sha:
                found[sha] = time.strftime("%Y-%m-%d", time.gmtime(int(seconds)))
    if not all(tag.commit in found for tag in tags):
        return None
    return [tag._replace(date=found[tag.commit]) for tag in tags]
