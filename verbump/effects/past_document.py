"""The whole changelog of a long history, read and rendered in one go: git is not waited for, nor git for us."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

from verbump.domain.lineage import Lineage
from verbump.effects.git_stream import GitStream
from verbump.planning import whole_document
from verbump.planning.past_entries import Entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verbump.domain.bumps import Rule
    from verbump.planning.past_entries import Item
    from verbump.planning.whole_document import PastTag, Style


def render(
    directory: str, log: GitStream, tags: Sequence[PastTag], rules: Mapping[str, Rule], style: Style
) -> bytes | None:
    """The document of all releases that HEAD reaches, in UTF-8; None where the usual way has to answer.

    `log` is that of HEAD, begun already. `tags` are the version tags, lowest version first, reached by HEAD or not.

    Raises:
        InputError: the sections do not make a document that can be read back.
    """
    log.widen()
    dates = _start_dates(directory, tags)
    was_enabled = gc.isenabled()
    gc.disable()  # nothing here is a cycle, and the lists are long
    try:
        entries = Entries(rules, style.order, style.forge)
        lineage = _lineage(log, tags, entries)
        if lineage is not None and not lineage.is_whole:  # clocks that went wrong: a child after its parent
            log = GitStream.log(directory, lineage.head.decode(), options=("--topo-order",))
            lineage = _lineage(log, tags, entries)
        dated = _dated(tags, dates)
        if lineage is None or dated is None or not lineage.is_whole:
            return None
        return _document(lineage, dated, style)
    finally:
        if was_enabled:
            gc.enable()


def _lineage(log: GitStream, tags: Sequence[PastTag], entries: Entries) -> Lineage[Item] | None:
    """What the log says; None where git failed or said nothing."""
    lineage: Lineage[Item] = Lineage(tag.commit for tag in tags)
    for records in log.records():
        lineage.add(*entries.read(records))
    return lineage if log.status() == 0 and lineage.head else None


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
