"""Every commit of the history, given to the first release that holds it, in one topological pass."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from verbump.effects import git_history, past_document, read_view
from verbump.effects.git_stream import GitStream
from verbump.planning import reading, whole_changelog
from verbump.planning.whole_changelog import PastRelease
from verbump.planning.whole_document import PastTag

if TYPE_CHECKING:
    from pathlib import Path

    from verbump.domain.commits import Commit
    from verbump.planning.snapshot import Snapshot


def read_past(directory: Path, snapshot: Snapshot) -> list[PastRelease]:
    """The releases that HEAD reaches, newest version first; commits that no release holds are left out.

    Under path filters only the commits that count.

    A commit belongs to the lowest version whose tag reaches it: own(c) = min(own tag, own of each child).
    """
    root = git_history.locate(directory).root
    tags = sorted((tag for tag in snapshot.tags if tag.is_reachable), key=lambda tag: tag.version)
    ranks: dict[str, int] = {}
    for rank, tag in enumerate(tags):
        ranks.setdefault(tag.commit, rank)
    none = len(tags)
    owner: dict[str, int] = {}
    held: list[list[Commit]] = [[] for _ in tags]
    for commit in git_history.read_commits(root, snapshot.head):
        own = min(ranks.get(commit.sha, none), owner.pop(commit.sha, none))
        if own < none:
            held[own].append(commit)
            for parent in commit.parents:
                owner[parent] = min(owner.get(parent, none), own)
    paths = read_view.pathspecs(snapshot.config)
    if paths:
        touching = git_history.read_touching(root, (snapshot.head,), paths)
        held = [[*git_history.find_kept(tuple(commits), touching)] for commits in held]
    dates = _read_dates(root, [tag.commit for tag in tags])
    return [
        PastRelease(tag=tag, date=dates[tag.commit], commits=tuple(commits))
        for tag, commits in zip(reversed(tags), reversed(held), strict=True)
    ]


def read_document(directory: Path, snapshot: Snapshot) -> str | None:
    """What `whole_changelog.plan_all` makes of `read_past`, faster; None where the usual way has to answer.

    Raises:
        InputError: the changelog, whose headings are the model, cannot be followed; or the sections do not make a
            document that can be read back.
    """
    tags = past_tags(snapshot)
    style = whole_changelog.style_of(snapshot)
    if not tags or style is None:
        return None
    rules = reading.rules_of(snapshot)
    if not {rule.category.casefold() for rule in rules.values() if rule.category} <= {*map(str.casefold, style.order)}:
        return None
    location = git_history.locate(directory)
    root, head = str(location.root), snapshot.head
    logs = past_document.in_two(root, GitStream.log(root, head), head, tags, str(location.common_dir))
    text = past_document.render(root, logs, tags, rules, style)
    return text.decode() if text is not None else None


def past_tags(snapshot: Snapshot) -> list[PastTag]:
    """The version tags that HEAD reaches, lowest version first."""
    tags = sorted((tag for tag in snapshot.tags if tag.is_reachable), key=lambda tag: tag.version)
    return [PastTag(str(tag.version), tag.name, tag.commit.encode()) for tag in tags]


def _read_dates(root: Path, commits: list[str]) -> dict[str, str]:
    """The committer's UTC date of each commit."""
    found = {}
    for start in range(0, len(commits), 500):
        chunk = commits[start : start + 500]
        _, out, _ = git_history.look(root, "log", "--no-walk=unsorted", "--format=%H %ct", "--end-of-options", *chunk)
        for line in out.decode("ascii", "replace").split("\n"):
            sha, _, seconds = line.partition(" ")
            if sha:
                found[sha] = time.strftime("%Y-%m-%d", time.gmtime(int(seconds)))
    return found
