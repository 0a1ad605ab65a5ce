"""A convention decides what a commit is, and which commits it never sees."""

from __future__ import annotations

from verbump.domain import conventions, history, reverts
from verbump.domain.bumps import Bump, Verdict
from verbump.domain.commits import Commit, ConventionalCommit, Unconventional
from verbump.domain.conventions import Convention, Judged, Message
from verbump.domain.history import Reading


def each_line(commit: Commit, _: Message) -> tuple[Judged, ...] | Unconventional:
    """A convention in which every line is a change and `!` is no commit at all."""
    if commit.message.startswith("!"):
        return Unconventional(reason="shouted", column=1)
    verdict = Verdict(bump=Bump.MINOR, rule="a line")
    lines = commit.message.split("\n")
    return tuple(Judged(parsed=ConventionalCommit(type="", description=line), verdict=verdict) for line in lines)


def commits(*texts: str, parents: tuple[str, ...] = ()) -> list[Commit]:
    made = [Commit(sha=f"{index:x}" * 40, parents=parents, message=text) for index, text in enumerate(texts, 1)]
    return made[::-1]


def told(found: history.History) -> list[str]:
    return [change.parsed.description for change in found.changes]


def test_one_commit_may_be_several_changes_or_none() -> None:
    reading = Reading(convention=Convention(judge=each_line))
    found = history.select(commits("one\ntwo", "! three"), reading)
    assert told(found) == ["one", "two"]
    assert [each.why for each in found.ignored] == ["not conventional: shouted"]


def test_merges_and_fixups_only_where_it_has_them() -> None:
    for has in (False, True):
        convention = Convention(judge=each_line, has_merges=has, has_fixups=has)
        assert bool(told(history.select(commits("merge", parents=("x", "y")), Reading(convention=convention)))) is has
        found = history.select(commits("fixup! x"), Reading(convention=convention))
        assert (told(found), [each.code for each in found.problems]) == (
            (["fixup! x"], []) if has else ([], ["fixup-commit"])
        )


def test_what_cancels_out_but_counts_makes_no_entry() -> None:
    texts = commits("feat: a", f'Revert "feat: a"\n\nThis reverts commit {"1" * 40}.')
    assert history.select(texts).changes == ()
    convention = Convention(judge=conventions.conventional().judge, find_cancelled=lambda *_: reverts.Cancelled())
    found = history.select(texts, Reading(convention=convention))
    assert [(change.verdict.bump, change.hidden) for change in found.changes] == [(1, True), (2, True)]


def test_release_as_only_where_it_has_it() -> None:
    texts = commits("chore: x\n\nRelease-As: 3.0.0")
    assert history.select(texts).release_as is not None
    convention = Convention(judge=each_line, has_release_as=False)
    assert history.select(texts, Reading(convention=convention)).release_as is None
