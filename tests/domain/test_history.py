"""Which commits count: reverts in every form, merges, fix-ups, corrections, steering footers."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import history
from verbump.domain.commits import Commit
from verbump.domain.history import Reading


def sha(name: str) -> str:
    return hashlib.sha1(name.encode()).hexdigest()


def line(*messages: str | tuple[str, str]) -> list[Commit]:
    """Commits on one line, given oldest first as message or (name, message); returned newest first."""
    made: list[Commit] = []
    for each in messages:
        name, message = each if isinstance(each, tuple) else (each, each)
        parents = (made[-1].sha,) if made else ()
        made.append(Commit(sha=sha(name), parents=parents, message=message))
    return made[::-1]


def headers(found: history.History) -> list[str]:
    return [change.commit.header for change in found.changes]


def reverting(name: str, *, text: str = 'Revert "x"', length: int = 40, end: str = ".") -> str:
    return f"{text}\n\nThis reverts commit {sha(name)[:length]}{end}"


def test_newest_first() -> None:
    assert headers(history.select(line("fix: a", "feat: b"))) == ["feat: b", "fix: a"]


@pytest.mark.parametrize("length", [7, 12, 40])
@pytest.mark.parametrize("end", [".", "", ", which was wrong."])
def test_commit_and_its_revert_vanish(length: int, end: str) -> None:
    found = history.select(line(("a", "feat: a"), ("r", reverting("a", length=length, end=end)), "fix: b"))
    assert headers(found) == ["fix: b"]
    assert [each.why for each in found.ignored] == [f"reverts {sha('a')[:7]}", f"reverted by {sha('r')[:7]}"]


def test_conventional_revert_with_refs() -> None:
    found = history.select(
        line(("a", "feat: a"), ("b", "fix: b"), f"revert: both\n\nRefs: {sha('a')[:10]}, {sha('b')[:10]}")
    )
    assert headers(found) == []


def test_revert_of_a_revert_brings_back() -> None:
    found = history.select(line(("a", "feat: a"), ("r", reverting("a")), ("s", reverting("r", text='Reapply "x"'))))
    assert headers(found) == ["feat: a"]


def test_three_reverts_take_away_again() -> None:
    found = history.select(line(("a", "feat: a"), ("r", reverting("a")), ("s", reverting("r")), ("t", reverting("s"))))
    assert headers(found) == []


def test_revert_of_something_released_is_a_change() -> None:
    found = history.select(line("fix: b", ("r", reverting("released long ago"))))
    assert headers(found) == ['Revert "x"', "fix: b"]


def test_short_or_ambiguous_abbreviation_cancels_nothing() -> None:
    assert len(history.select(line(("a", "feat: a"), ("r", reverting("a", length=6)))).changes) == 2
    twins = [
        Commit(sha="abcdef1" + "0" * 33, parents=(), message="feat: a"),
        Commit(sha="abcdef1" + "1" * 33, parents=(), message="feat: b"),
    ]
    revert = Commit(sha="f" * 40, parents=(), message='Revert "a"\n\nThis reverts commit abcdef1.')
    assert len(history.select([revert, *twins]).changes) == 3


def test_a_body_that_only_mentions_a_revert_cancels_nothing() -> None:
    found = history.select(line(("a", "feat: a"), f"docs: why\n\nThis reverts commit {sha('a')}."))
    assert len(found.changes) == 2


@pytest.mark.parametrize("sentence", ["Reverts #12", "Reverts owner/repo#12"])
def test_forge_revert_by_number(sentence: str) -> None:
    found = history.select(line("feat: a (#12)", "fix: b (#13)", f'Revert "feat: a (#12)" (#14)\n\n{sentence}'))
    assert headers(found) == ["fix: b (#13)"]


def test_reverted_merge_takes_its_commits_away() -> None:
    #   base ─ one ─ merge ─ revert
    #       └ side1 ─ side2 ┘
    base = Commit(sha=sha("base"), parents=(), message="fix: base")
    one = Commit(sha=sha("one"), parents=(base.sha,), message="fix: one")
    side1 = Commit(sha=sha("side1"), parents=(base.sha,), message="feat: side1")
    side2 = Commit(sha=sha("side2"), parents=(side1.sha,), message="feat!: side2")
    merge = Commit(sha=sha("merge"), parents=(one.sha, side2.sha), message="Merge branch 'side'")
    text = f"Revert \"Merge branch 'side'\"\n\nThis reverts commit {merge.sha}, reversing\nchanges made to {one.sha}."
    revert = Commit(sha=sha("revert"), parents=(merge.sha,), message=text)

    found = history.select([revert, merge, side2, side1, one, base])

    assert headers(found) == ["fix: one", "fix: base"]


def test_merges_are_left_out_but_not_their_commits() -> None:
    side = Commit(sha=sha("side"), parents=(), message="feat: side")
    merge = Commit(sha=sha("merge"), parents=(sha("x"), side.sha), message="feat: from the merge itself")
    found = history.select([merge, side])
    assert headers(found) == ["feat: side"]
    assert found.ignored[0].why == "merge commit"


@pytest.mark.parametrize("word", ["fixup", "squash", "amend"])
def test_unfinished_commits_are_left_out_with_a_warning(word: str) -> None:
    found = history.select(line(f"{word}! feat: a"))
    assert found.changes == ()
    assert [(each.code, each.severity) for each in found.problems] == [("fixup-commit", "warning")]


def test_unconventional_says_why() -> None:
    (ignored,) = history.select(line("feat (x): y")).ignored
    assert ignored.why == "not conventional: blank after the type"
    assert ignored.finding is not None
    assert ignored.finding.suggestion == "feat(x): y"


def test_newest_release_as_wins_also_without_a_conventional_header() -> None:
    found = history.select(line("chore: x\n\nRelease-As: 2.0.0", "Prepare\n\nRelease-As: 3.0.0 ", "fix: y"))
    assert found.release_as is not None
    assert found.release_as.version == "3.0.0"


def test_release_as_of_a_reverted_commit_is_gone() -> None:
    found = history.select(line(("a", "chore: x\n\nRelease-As: 2.0.0"), reverting("a")))
    assert found.release_as is None


def test_changelog_skip_hides_the_entry_only() -> None:
    (change,) = history.select(line("feat: a\n\nChangelog: Skip")).changes
    assert change.hidden


def test_overrides_and_notes_stand_for_the_message() -> None:
    commits = line(("a", "fic: a"), ("b", "fix: b"))
    reading = Reading(overrides={sha("a")[:8]: "feat: a"}, notes={sha("b"): "fix!: b"})
    assert headers(history.select(commits, reading)) == ["fix!: b", "feat: a"]


@pytest.mark.case("R28")
def test_bullets_are_commits_only_with_squash_body() -> None:
    message = "Squash (#12)\n\n* feat: one\n- fix!: two\n* no form\n\n```\n* feat: code\n```\n"
    assert headers(history.select(line(message))) == []
    found = history.select(line(message), Reading(squash="body"))
    assert [change.parsed.type for change in found.changes] == ["feat", "fix"]
    assert {change.commit.sha for change in found.changes} == {sha(message)}


STEERING = [
    ("chore: x\n\nRelease-As: 2.0.0", "2.0.0"),
    ("chore: x\n\nrelease-as: 2.0.0", "2.0.0"),
    ("No form\nRelease-As: 2.0.0", "2.0.0"),
    ("No form\r\n\r\nRelease-As: 2.0.0\r\n", "2.0.0"),
    ("No form\n\nRelease-As: 1.9.0\nRelease-As: 2.0.0", "2.0.0"),
    ("chore: x\n\nRelease-As: 1.9.0\nRelease-As: 2.0.0", "2.0.0"),
    ("chore: Release-As: 2.0.0", None),
    ("No Release-As: form", None),
    ("chore: x\n\nRelease-As:  ", None),
    ("chore: x\n\nRelease-As #2", "2"),
]


@pytest.mark.parametrize(("message", "wanted"), STEERING)
def test_release_as(message: str, wanted: str | None) -> None:
    commits = line("fix: before", message, "fix: after")
    found = history.select(commits).release_as
    assert (found and (found.version, found.commit)) == (wanted and (wanted, commits[1]))


def test_a_merge_of_three_is_no_commit_and_its_message_steers_nothing() -> None:
    octopus = Commit(sha=sha("m"), parents=(sha("a"), sha("b"), sha("c")), message="feat: m")
    double = Commit(sha=sha("n"), parents=(sha("a"), sha("b")), message="feat:n")
    found = history.select([octopus, double])
    assert found.changes == ()
    assert [(each.why, each.finding) for each in found.ignored] == [("merge commit", None)] * 2


def test_a_reverted_commit_without_the_form_is_not_found_fault_with() -> None:
    (_, ignored) = history.select(line(("a", "feat:x"), reverting("a"))).ignored
    assert (ignored.why[:11], ignored.finding) == ("reverted by", None)


@pytest.mark.parametrize("skip", ["", "\n\nChangelog: skip"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_bullets_of_a_squashed_commit_are_hidden_with_it(skip: str, end: str) -> None:
    message = f"feat: whole (#1)\n\n* fix: one{skip}".replace("\n", end)
    found = history.select(line(message), Reading(squash="body"))
    assert [(change.commit.header, change.parsed.type, change.hidden) for change in found.changes] == [
        ("feat: whole (#1)", "feat", bool(skip)),
        ("feat: whole (#1)", "fix", bool(skip)),
    ]


def test_bullets_of_what_does_not_count_do_not_count() -> None:
    reading = Reading(squash="body")
    merge = Commit(sha=sha("m"), parents=(sha("a"), sha("b")), message="Merge\n\n* feat: x")
    assert history.select([merge], reading).changes == ()
    assert history.select(line("fixup! x\n\n* feat: x"), reading).changes == ()
    assert history.select(line(("a", "x\n\n* feat: x"), reverting("a")), reading).changes == ()


@pytest.mark.parametrize(("length", "wanted"), [(6, []), (7, ["feat: a"]), (40, ["feat: a"])])
@pytest.mark.parametrize("upper", [False, True])
def test_overrides_name_a_commit_by_seven_digits_or_more(length: int, wanted: list[str], upper: bool) -> None:
    name = sha("a")[:length]
    reading = Reading(overrides={sha("z")[:8]: "feat!: z", name.upper() if upper else name: "feat: a"})
    assert headers(history.select(line(("a", "no form")), reading)) == wanted


A, B, GONE = (f"This reverts commit {sha(name)}." for name in ("a", "b", "released long ago"))
SEVERAL = [
    pytest.param(f"{A}\n\nRefs: {sha('b')}", [], id="a sentence and Refs"),
    pytest.param(f"{A}\n{B}", [], id="two sentences"),
    pytest.param(f"{GONE}\n{A}", ["Revert", "feat: b (#13)"], id="one released, one not: it still changes something"),
    pytest.param(f"{A}\n{GONE}", ["Revert", "feat: b (#13)"], id="the other way round"),
    pytest.param(f"{A}\n\nReverts #13", ["feat: b (#13)"], id="a commit is named: numbers do not count"),
    pytest.param("Reverts #12\nReverts #13", [], id="two numbers"),
    pytest.param("Reverts #12\nReverts #99", ["Revert", "feat: b (#13)"], id="one number released"),
    pytest.param("Reverts #99\nReverts #12", ["Revert", "feat: b (#13)"], id="one number released, first"),
    pytest.param("Reverts #99", ["Revert", "feat: b (#13)", "feat: a (#12)"], id="a number that is not here"),
]


@pytest.mark.parametrize(("text", "wanted"), SEVERAL)
def test_a_revert_of_several(text: str, wanted: list[str]) -> None:
    commits = line(("a", "feat: a (#12)"), ("b", "feat: b (#13)"), f'Revert "both"\n\n{text}')
    assert [each.removesuffix(' "both"') for each in headers(history.select(commits))] == wanted


def test_a_number_stands_for_the_newest_commit_before_the_revert() -> None:
    found = history.select(
        line("feat: a (#12)", ("b", "fix: b (#12)"), 'Revert "b" (#12)\n\nReverts #12', "fix: c (#12)")
    )
    assert headers(found) == ["fix: c (#12)", "feat: a (#12)"]


def test_a_revert_that_names_itself_takes_nothing_away() -> None:
    revert = Commit(sha="abcdef1" + "0" * 33, parents=(), message='Revert "x"\n\nThis reverts commit abcdef1.')
    assert headers(history.select([revert])) == ['Revert "x"']


def test_reverted_octopus_takes_every_side_away() -> None:
    base = Commit(sha=sha("base"), parents=(), message="fix: base")
    sides = [Commit(sha=sha(name), parents=(base.sha,), message=f"feat: {name}") for name in "abc"]
    tops = [Commit(sha=sha(f"{side.header}2"), parents=(side.sha,), message=f"{side.header}2") for side in sides]
    merge = Commit(sha=sha("m"), parents=(base.sha, *(top.sha for top in tops)), message="Merge")
    commits = [*line(("r", reverting("m"))), merge, *tops, *sides, base]
    assert headers(history.select(commits)) == ["fix: base"]


@given(st.lists(st.tuples(st.sampled_from(["feat: x", "fix: y", "revert"]), st.integers(0, 8)), max_size=10))
def test_every_commit_is_told_once(steps: list[tuple[str, int]]) -> None:
    commits: list[Commit] = []
    for place, (kind, target) in enumerate(steps):
        message = f'Revert "x"\n\nThis reverts commit {sha(str(target))}.' if kind == "revert" else kind
        parents = (sha(str(place - 1)),) if place else ()
        commits.append(Commit(sha=sha(str(place)), parents=parents, message=message))
    found = history.select(commits[::-1])
    told = [change.commit.sha for change in found.changes] + [each.commit.sha for each in found.ignored]
    assert sorted(told) == sorted(commit.sha for commit in commits)
