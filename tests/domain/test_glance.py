"""What a glance keeps decides the version as the whole range does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import bumps, glance, history
from verbump.domain.bumps import Bump
from verbump.domain.commits import Commit, ConventionalCommit
from verbump.domain.glance import Glance

HEADERS = (
    *("feat: a", "fix: b (#12)", "feat(x)!: c", "docs: d", "chore: e", "perf(y): f", "Fix: G", "no form", "fix:no"),
    *(
        "feat:  two",
        "feat: ",
        "feat: é",
        "feat(): x",
        "fixup! feat: a",
        "revert: by hand",
        'Revert "feat: a"',
        "",
        ": x",
    ),
    *(
        'Reapply "x: y"',
        "security: h",
        "fix(security): i",
        "a: b",
        "x" * 2000,
        "fix: " + "y" * 1500,
        "feat(ſ): z",
        "fix: \r",
    ),
)
BODIES = (
    *(
        "",
        "\n\nplain",
        "\n\nBREAKING CHANGE: gone",
        "\nBREAKING-CHANGE: gone",
        "\n\nbreaking change: no",
        "\n\n> BREAKING CHANGE: no",
    ),
    *(
        "\n\n```\nBREAKING CHANGE: no\n```",
        "\n\nRelease-As: 4.0.0",
        "\n\nRELEASE-AS: 3.0.0",
        "\n\nReverts #12",
        "\n\nReverts a/b#7",
    ),
    *("\r\n\r\nBREAKING CHANGE: gone", "\n\n" + "z" * 20000, "\n\nfeat!: prose"),
)


def bump_of(parsed: ConventionalCommit) -> Bump:
    return bumps.of_commit(parsed, bumps.DEFAULT_RULES).bump


def sha_of(index: int) -> str:
    return f"{index * 7919:07x}".ljust(40, "e")


@st.composite
def ranges(draw: st.DrawFn) -> list[Commit]:
    """Commits, newest first; reverts name older ones, merges have two parents."""
    count = draw(st.integers(1, 14))
    made = []
    for index in range(count):
        message = draw(st.sampled_from(HEADERS)) + draw(st.sampled_from(BODIES))
        if index < count - 1 and draw(st.integers(0, 3)) == 0:
            target = sha_of(draw(st.integers(index + 1, count - 1)))[: draw(st.sampled_from((7, 12, 40)))]
            message += f"\n\nThis reverts commit {target}."
        parents = [sha_of(index + 1)] if index < count - 1 else []
        if index < count - 2 and draw(st.integers(0, 5)) == 0:
            parents.append(sha_of(draw(st.integers(index + 2, count - 1))))
        made.append(Commit(sha=sha_of(index), parents=tuple(parents), message=message))
    return made


def seen(commits: list[Commit], **named: list[bytes]) -> tuple[list[Commit], Glance]:
    look = Glance(bump_of, **named)
    kept = [
        each
        for each in commits
        if look.keeps(" ".join((each.sha, *each.parents)).encode(), each.message.encode("utf-8", "surrogatepass"))
    ]
    return kept, look


def asked(commits: list[Commit]) -> tuple[object, ...]:
    """All that a range has to say to the next version, and what is warned of."""
    found = history.select(commits)
    bump = max((bump_of(change.parsed) for change in found.changes), default=Bump.NONE)
    return bump, found.release_as, found.problems


@given(ranges())
def test_same_verdict_as_the_whole_range(commits: list[Commit]) -> None:
    before = glance.ENOUGH
    glance.ENOUGH = 3  # so that short ranges are long enough to leave something out
    try:
        kept, look = seen(commits)
    finally:
        glance.ENOUGH = before
    if look.is_exact:
        assert asked(kept) == asked(commits)


def test_keeps_little_of_much() -> None:
    commits = [Commit(sha=sha_of(i), parents=(sha_of(i + 1),), message=f"fix: number {i}") for i in range(5000)]
    kept, look = seen(commits)
    assert (len(kept), look.left_out, look.is_exact) == (glance.ENOUGH, 5000 - glance.ENOUGH, True)


LONGEST = glance._LONGEST_MESSAGE - len("fix: x\n\n")
# Messages, and whether they are kept where enough of every bump is kept already.
KEPT = [
    *[(message, False) for message in ("fix: x", "feat(y)!: x", "no form", "fix:x", "", "fix: \n\nbody", "fix: é")],
    *[(message, False) for message in ("fix: x\n\nRelease as 2.0.0", "fix: x\n\na BREAKING CHANGE: no", "fixup x")],
    *[(message, True) for message in ("fix: x\n\nBREAKING CHANGE: y", "docs: x\n\nBREAKING-CHANGE: y")],
    *[(message, True) for message in ("fix: x\n\nRelease-As: 2.0.0", "no form\nRELEASE-AS: 2.0.0")],
    *[(message, True) for message in ("fixup! fix: x", "squash! fix: x", "amend! fix: x")],
    *[
        (message, True)
        for message in ('Revert "x"', 'Reapply "x"', "revert: x", "Revert: é", "revert: x\n\nRelease-As: 2")
    ],
    ("fix: " + "x" * (glance._LONGEST_HEADER - 5), False),
    ("fix: " + "x" * (glance._LONGEST_HEADER - 4), True),
    ("fix: " + "x" * (glance._LONGEST_HEADER - 5) + "\n\nbody", False),
    ("fix: " + "x" * (glance._LONGEST_HEADER - 4) + "\n\nbody", True),
    ("fix: x\n\n" + "y" * LONGEST, False),
    ("fix: x\n\n" + "y" * (LONGEST + 1), True),
]


@pytest.mark.parametrize(("message", "kept"), KEPT)
def test_what_is_kept_of_enough(message: str, kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "ENOUGH", 0)
    look = Glance(bump_of)
    for _ in range(2):  # the second time the prefix is known
        assert look.keeps(f"{sha_of(0)} {sha_of(1)}".encode(), message.encode()) is kept
    assert look.left_out == (0 if kept else 2)


def test_of_a_merge_only_a_fixup_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "ENOUGH", 1)
    look = Glance(bump_of)
    ids = " ".join(map(sha_of, range(3))).encode()
    kept = [
        look.keeps(ids, message) for message in (b"fix: x", b'Revert "x"', b"squash! x", b"fix: x\n\nRelease-As: 2")
    ]
    assert kept == [False, False, True, False]
    assert look.keeps(sha_of(5).encode(), b"fix: x")


def test_what_a_revert_names_is_kept_however_old() -> None:
    revert = Commit(
        sha=sha_of(0), parents=(sha_of(1),), message=f'Revert "docs: x"\n\nThis reverts commit {sha_of(900)[:7]}.'
    )
    commits = [revert, *(Commit(sha=sha_of(i), parents=(sha_of(i + 1),), message="docs: x") for i in range(1, 1000))]
    kept, look = seen(commits)
    assert [each.sha for each in kept] == [sha_of(0), sha_of(900)]
    assert look.is_exact
    assert asked(kept)[0] is asked(commits)[0] is Bump.NONE


@pytest.mark.parametrize("target", ["docs: x (#12)", "docs: x (#12)  ", "docs: x (#12)\n\nbody"])
@pytest.mark.parametrize("is_merge", [False, True])
def test_what_a_revert_names_by_number_is_kept(target: str, is_merge: bool) -> None:
    parents = (sha_of(6), sha_of(7)) if is_merge else (sha_of(6),)
    named = Commit(sha=sha_of(5), parents=parents, message=target)
    others = [
        Commit(sha=sha_of(20 + place), parents=(), message=message)
        for place, message in enumerate(["docs: x (#13)", "docs: (#12) x", "docs: x\n\n(#12)", "docs: x #12"])
    ]
    revert = Commit(sha=sha_of(0), parents=(), message='Revert "docs: x"\n\nReverts octo/demo#12')
    kept, look = seen([revert, named, *others])
    assert kept == [revert, named]
    assert (look.is_exact, look.left_out) == (not is_merge, len(others))
    assert seen([named])[0] == []


def test_a_reverted_merge_needs_the_whole_range() -> None:
    merge = Commit(sha=sha_of(5), parents=(sha_of(6), sha_of(7)), message="Merge branch 'x'")
    revert = Commit(sha=sha_of(0), parents=(sha_of(5),), message=f'Revert "x"\n\nThis reverts commit {sha_of(5)}.')
    assert not seen([revert, merge])[1].is_exact
    assert seen([merge])[1].is_exact


@pytest.mark.parametrize("named", [b"- Done ([abc1234](...))", b"abc1234def"])
def test_what_the_changelog_names_is_kept(named: bytes) -> None:
    commit = Commit(sha="abc1234" + "d" * 33, parents=(), message="docs: x")
    assert seen([commit], named=[named])[0] == [commit]
    assert seen([commit])[0] == []


def test_many_reverts_need_the_whole_range() -> None:
    commits = [
        Commit(sha=sha_of(i), parents=(), message=f'Revert "x"\n\nThis reverts commit {sha_of(i + 500)}.')
        for i in range(glance.ENOUGH)
    ]
    assert not seen(commits)[1].is_exact
    assert seen(commits[:-1])[1].is_exact


def test_hostile_prefixes_are_not_all_remembered() -> None:
    look = Glance(bump_of)
    for index in range(glance._MOST_PREFIXES + 50):
        look.keeps(sha_of(index).encode(), f"t{index}: x".encode())
    assert len(look._bumps) == glance._MOST_PREFIXES
