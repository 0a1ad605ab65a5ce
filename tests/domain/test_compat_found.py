"""What each tool finds in a message, whole: type, scope, description, bump, rule, mark and text of every change.

That the bumps are those of the tools themselves is shown by `tests/peers`; here every word that verbump makes of them.
"""

from __future__ import annotations

import pytest

from verbump.domain import compat, history
from verbump.domain.bumps import Bump, Rule
from verbump.domain.commits import Commit
from verbump.domain.compat import commitizen, git_cliff, python_semantic_release, release_please, semantic_release
from verbump.domain.compat.findings import Found

NONE, PATCH, MINOR, MAJOR = Bump.NONE, Bump.PATCH, Bump.MINOR, Bump.MAJOR
FIND = {
    "release-please": release_please.find,
    "commitizen": commitizen.find,
    "git-cliff": git_cliff.find,
    "python-semantic-release": python_semantic_release.find,
    "semantic-release": semantic_release.find,
}
# Tool, message, and the changes: (type, scope, description, bump, rule, breaking, text), or why there is none.
FOUND: list[tuple[str, str, list[tuple[str, str | None, str, Bump, str, str, str]] | str]] = [
    (
        "release-please",
        "feat: a\nBEGIN_NESTED_COMMIT\nfix(x): b\n\nmore\nEND_NESTED_COMMIT\nBEGIN_NESTED_COMMIT\nchore: c\nEND_NESTED_COMMIT",
        [
            ("feat", None, "a", MINOR, "type feat", "", "feat: a"),
            ("fix", "x", "b", PATCH, "type fix", "", "fix(x): b\n\nmore"),
            ("chore", None, "c", NONE, "type chore does not release", "", "chore: c"),
        ],
    ),
    (
        "release-please",
        "BEGIN_NESTED_COMMIT\nfeat!: a\nEND_NESTED_COMMIT\nfix: b",
        [
            ("fix", None, "b", PATCH, "type fix", "", "fix: b"),
            ("feat", None, "a", MAJOR, "breaking: !", "!", "feat!: a"),
        ],
    ),
    (
        "release-please",
        "feat: a\nBEGIN_NESTED_COMMIT\nfix: b",
        [("feat", None, "a", MINOR, "type feat", "", "feat: a"), ("fix", None, "b", PATCH, "type fix", "", "fix: b")],
    ),
    ("release-please", "no form\n\nfeat: a", [("feat", None, "a", MINOR, "type feat", "", "feat: a")]),
    (
        "release-please",
        "feat: a\n\nfix(y): b\n\ndocs: c",
        [
            ("feat", None, "a", MINOR, "type feat", "", "feat: a"),
            ("fix", "y", "b", PATCH, "type fix", "", "fix(y): b"),
            ("docs", None, "c", NONE, "type docs does not release", "", "docs: c"),
        ],
    ),
    (
        "release-please",
        "fix: a\n\nbody\nBREAKING CHANGE: gone\nmore of it",
        [
            (
                "fix",
                None,
                "a",
                MAJOR,
                "breaking: BREAKING CHANGE",
                "BREAKING CHANGE",
                "fix: a\n\nbody\nBREAKING CHANGE: gone\nmore of it",
            )
        ],
    ),
    (
        "release-please",
        "fix: a\n\nBREAKING CHANGE:\n\nreview #7",
        [("fix", None, "a", PATCH, "type fix", "", "fix: a\n\nBREAKING CHANGE:\n\nreview #7")],
    ),
    (
        "release-please",
        "fix: a\n\nBREAKING CHANGE gone",
        [("fix", None, "a", PATCH, "type fix", "", "fix: a\n\nBREAKING CHANGE gone")],
    ),
    (
        "release-please",
        "fix: a\n\nBREAKING-CHANGE: gone",
        [("fix", None, "a", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "fix: a\n\nBREAKING-CHANGE: gone")],
    ),
    (
        "release-please",
        "fix: a\n\nx BREAKING-CHANGE: gone",
        [
            (
                "fix",
                None,
                "a",
                MAJOR,
                "breaking: BREAKING-CHANGE",
                "BREAKING-CHANGE",
                "fix: a\n\nx BREAKING-CHANGE: gone",
            )
        ],
    ),
    ("release-please", "fix!:", [("fix", None, "", PATCH, "type fix", "", "fix!:")]),
    (
        "release-please",
        "fix!: \n\nBREAKING CHANGE: y",
        [("fix", None, "", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "fix!: \n\nBREAKING CHANGE: y")],
    ),
    (
        "release-please",
        "docs: a\n\nreviewed-by: x\nfeat(z): b\n  and more\n  and last\nCloses #12",
        [
            (
                "docs",
                None,
                "a",
                NONE,
                "type docs does not release",
                "",
                "docs: a\n\nreviewed-by: x\nfeat(z): b\n  and more\n  and last\nCloses #12",
            ),
            ("reviewed-by", None, "x", NONE, "type reviewed-by does not release", "", "reviewed-by: x"),
            ("feat", "z", "b", MINOR, "type feat", "", "feat(z): b\nand more\nand last"),
        ],
    ),
    (
        "release-please",
        "docs: a\n\nfix: b\n c\nfeat: d",
        [
            ("docs", None, "a", NONE, "type docs does not release", "", "docs: a"),
            ("fix", None, "b", PATCH, "type fix", "", "fix: b\n c\nfeat: d"),
            ("feat", None, "d", MINOR, "type feat", "", "feat: d"),
        ],
    ),
    (
        "release-please",
        "docs: a\n\nBREAKING CHANGE: first\n  second\n  third",
        [
            (
                "docs",
                None,
                "a",
                MAJOR,
                "breaking: BREAKING CHANGE",
                "BREAKING CHANGE",
                "docs: a\n\nBREAKING CHANGE: first\n  second\n  third",
            )
        ],
    ),
    ("release-please", "fix(open: a", "not its form of a commit"),
    ("release-please", "fix: a\n\nsee f(x", [("fix", None, "a", PATCH, "type fix", "", "fix: a\n\nsee f(x")]),
    (
        "release-please",
        "fix: a\r\n\r\nfeat: b\r\n",
        [("fix", None, "a", PATCH, "type fix", "", "fix: a"), ("feat", None, "b", MINOR, "type feat", "", "feat: b")],
    ),
    ("release-please", "feat BREAKING CHANGE: x", "not its form of a commit"),
    ("release-please", "feature(p)!: q", [("feature", "p", "q", MAJOR, "breaking: !", "!", "feature(p)!: q")]),
    ("release-please", "perf: r", [("perf", None, "r", PATCH, "type perf", "", "perf: r")]),
    ("release-please", "revert: s", [("revert", None, "s", PATCH, "type revert", "", "revert: s")]),
    ("release-please", "build: t", [("build", None, "t", NONE, "type build does not release", "", "build: t")]),
    ("release-please", "Fix: u", [("Fix", None, "u", PATCH, "type Fix", "", "Fix: u")]),
    ("release-please", "FEAT: v", [("FEAT", None, "v", PATCH, "type FEAT", "", "FEAT: v")]),
    ("commitizen", "feat: a", [("feat", None, "a", MINOR, "begins with feat", "", "feat: a")]),
    (
        "commitizen",
        "\n \nfeat(x): a\nb\n\nbody\n\nBREAKING CHANGE: y",
        [
            (
                "BREAKING CHANGE",
                None,
                "",
                MAJOR,
                "breaking: BREAKING CHANGE on line 5",
                "BREAKING CHANGE",
                "feat(x): a\nb\n\nbody\n\nBREAKING CHANGE: y",
            )
        ],
    ),
    (
        "commitizen",
        "fix: a\x0bfeat: b\n\nfix(q)!: r\nperf: s",
        [("fix", None, "", MAJOR, "breaking: ! on line 5", "!", "fix: a\x0bfeat: b\n\nfix(q)!: r\nperf: s")],
    ),
    (
        "commitizen",
        "BREAKING CHANGE: x",
        [("BREAKING CHANGE", None, "x", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "BREAKING CHANGE: x")],
    ),
    ("commitizen", "docs!: x", [("docs", None, "x", MAJOR, "breaking: !", "!", "docs!: x")]),
    ("commitizen", "fix:a", [("fix", None, "a", PATCH, "begins with fix", "", "fix:a")]),
    ("commitizen", "refactor(s): t  ", [("refactor", "s", "t", PATCH, "begins with refactor", "", "refactor(s): t")]),
    ("commitizen", "feat(x)!: a\n\nfix: b", [("feat", "x", "a", MAJOR, "breaking: !", "!", "feat(x)!: a\n\nfix: b")]),
    (
        "commitizen",
        "chore: z\n\nbump: q",
        [("chore", None, "z", NONE, "type chore does not release", "", "chore: z\n\nbump: q")],
    ),
    (
        "commitizen",
        "fix: a\n\n\nfeat: late",
        [("feat", None, "", MINOR, "begins with feat on line 3", "", "fix: a\n\n\nfeat: late")],
    ),
    ("commitizen", "  fix: lead", [("fix", None, "lead", PATCH, "begins with fix", "", "fix: lead")]),
    (
        "commitizen",
        "fix: one\nfeat: two",
        [("fix", None, "one feat: two", PATCH, "begins with fix", "", "fix: one\nfeat: two")],
    ),
    (
        "commitizen",
        "bump: 1.0 -> 2.0",
        [("bump", None, "1.0 -> 2.0", NONE, "type bump does not release", "", "bump: 1.0 -> 2.0")],
    ),
    ("git-cliff", "feat: a", [("feat", None, "a", MINOR, "type feat", "", "feat: a")]),
    (
        "git-cliff",
        "\n\nfix(s)!: b \n\nbody\n\nBREAKING CHANGE: c\n more\nReviewed-by: d",
        [
            (
                "fix",
                "s",
                "b",
                MAJOR,
                "breaking: !",
                "!",
                "fix(s)!: b \n\nbody\n\nBREAKING CHANGE: c\n more\nReviewed-by: d",
            )
        ],
    ),
    (
        "git-cliff",
        "fix: a\r\n\r\nBREAKING-CHANGE: z",
        [("fix", None, "a", MAJOR, "breaking: BREAKING-CHANGE", "BREAKING-CHANGE", "fix: a\r\n\r\nBREAKING-CHANGE: z")],
    ),
    ("git-cliff", "fix: a \t\n", [("fix", None, "a", PATCH, "type fix", "", "fix: a")]),
    (
        "git-cliff",
        "docs: x\n\nBREAKING CHANGE #4",
        [("docs", None, "x", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "docs: x\n\nBREAKING CHANGE #4")],
    ),
    ("git-cliff", "fix: a\nbody at once", "no blank line after the header"),
    (
        "git-cliff",
        "fix: a\n\nRefs #1\nBREAKING CHANGE: y",
        [
            (
                "fix",
                None,
                "a",
                MAJOR,
                "breaking: BREAKING CHANGE",
                "BREAKING CHANGE",
                "fix: a\n\nRefs #1\nBREAKING CHANGE: y",
            )
        ],
    ),
    ("git-cliff", "Feat: q", [("Feat", None, "q", MINOR, "type Feat", "", "Feat: q")]),
    ("git-cliff", "merge x", "the header is not `type(scope): description`"),
    ("git-cliff", "feat(a b): c", [("feat", "a b", "c", MINOR, "type feat", "", "feat(a b): c")]),
    (
        "git-cliff",
        "fix: a\n\nBREAKING CHANGE: y  \n\n",
        [("fix", None, "a", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "fix: a\n\nBREAKING CHANGE: y")],
    ),
    ("python-semantic-release", "feat: a (#12)", [("feat", None, "a (#12)", MINOR, "type feat", "", "feat: a (#12)")]),
    (
        "python-semantic-release",
        "fix(s)!: b\n\nbody\n\nBREAKING CHANGE: c\nmore",
        [("fix", "s", "b", MAJOR, "breaking: !", "!", "fix(s)!: b\n\nbody\n\nBREAKING CHANGE: c\nmore")],
    ),
    (
        "python-semantic-release",
        "Merged in x (pull request #1)\n\nfeat: b",
        "the header has none of its types, or not its form",
    ),
    (
        "python-semantic-release",
        "* feat: a\n\n* fix: b",
        [("feat", None, "a", MINOR, "type feat", "", "feat: a\n\nfix: b")],
    ),
    (
        "python-semantic-release",
        "fix: a\r\n\r\nBREAKING CHANGE: z  \r\n",
        [("fix", None, "a", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "fix: a\n\nBREAKING CHANGE: z")],
    ),
    ("python-semantic-release", "docs: x", [("docs", None, "x", NONE, "type docs does not release", "", "docs: x")]),
    (
        "python-semantic-release",
        "fix: one\n\nfeat: two",
        [("fix", None, "one", PATCH, "type fix", "", "fix: one\n\nfeat: two")],
    ),
    (
        "python-semantic-release",
        "fix: a\nsecond line\n\nbody",
        [("fix", None, "a", PATCH, "type fix", "", "fix: a\nsecond line\n\nbody")],
    ),
    ("python-semantic-release", "perf(p): q", [("perf", "p", "q", PATCH, "type perf", "", "perf(p): q")]),
    (
        "python-semantic-release",
        "- feat: x\n- fix: y",
        [("feat", None, "x", MINOR, "type feat", "", "feat: x\nfix: y")],
    ),
    (
        "python-semantic-release",
        "feat: a\n\nBREAKING-CHANGE: z",
        [("feat", None, "a", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "feat: a\n\nBREAKING-CHANGE: z")],
    ),
    (
        "python-semantic-release",
        "fix: a\n\nx\n\nBREAKING CHANGE: long  \n  text\n\nother",
        [
            (
                "fix",
                None,
                "a",
                MAJOR,
                "breaking: BREAKING CHANGE",
                "BREAKING CHANGE",
                "fix: a\n\nx\n\nBREAKING CHANGE: long  \n  text\n\nother",
            )
        ],
    ),
    ("semantic-release", "feat: a", [("feat", None, "a", MINOR, "type feat", "", "feat: a")]),
    (
        "semantic-release",
        "fix(s): b \n\nBREAKING CHANGE: c",
        [("fix", "s", "b", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "fix(s): b \n\nBREAKING CHANGE: c")],
    ),
    ("semantic-release", "perf!: d", "the header is not `type(scope): subject`"),
    (
        "semantic-release",
        "revert: feat: a\n\nThis reverts commit 0123abc.",
        [("revert", None, "feat: a", PATCH, "a revert", "", "revert: feat: a\n\nThis reverts commit 0123abc.")],
    ),
    (
        "semantic-release",
        'Revert "feat: a"\n\nThis reverts commit 0123abc.',
        [("revert", None, "", PATCH, "a revert", "", 'Revert "feat: a"\n\nThis reverts commit 0123abc.')],
    ),
    (
        "semantic-release",
        "docs: x\n\nBREAKING CHANGE: y",
        [("docs", None, "x", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "docs: x\n\nBREAKING CHANGE: y")],
    ),
    ("semantic-release", "\r\nfix: z\r\n\r\nbody", [("fix", None, "z", PATCH, "type fix", "", "fix: z\n\nbody")]),
    ("semantic-release", "Signed-off-by: x <x>\nfix: a", "the header is not `type(scope): subject`"),
    ("semantic-release", "chore: q", [("chore", None, "q", NONE, "type chore does not release", "", "chore: q")]),
    ("semantic-release", "feat:no", "the header is not `type(scope): subject`"),
    (
        "semantic-release",
        "feat: a\n\nBREAKING CHANGES: y",
        [("feat", None, "a", MINOR, "type feat", "", "feat: a\n\nBREAKING CHANGES: y")],
    ),
    (
        "semantic-release",
        "feat: x\n\nbreaking change: y",
        [("feat", None, "x", MAJOR, "breaking: BREAKING CHANGE", "BREAKING CHANGE", "feat: x\n\nbreaking change: y")],
    ),
]


@pytest.mark.parametrize(("tool", "message", "wanted"), FOUND)
def test_found(tool: str, message: str, wanted: list[tuple[str, str | None, str, Bump, str, str, str]] | str) -> None:
    found = FIND[tool](message)
    if isinstance(wanted, str):
        assert found == wanted
        return
    assert found == tuple(
        Found(type=kind, scope=scope, description=said, bump=bump, rule=rule, breaking=breaking, text=text)
        for kind, scope, said, bump, rule, breaking, text in wanted
    )


def judged(message: str, tool: str = "git-cliff", rows: dict[str, Rule] | None = None) -> history.Change:
    commit = Commit(sha="a" * 40, parents=(), message=message)
    reading = history.Reading(convention=compat.convention(tool, rows or {}))
    (change,) = history.select([commit], reading).changes
    return change


@pytest.mark.parametrize("tool", FIND)
def test_merges_and_fixups(tool: str) -> None:
    """Only python-semantic-release leaves merges out; a fixup is judged by its text, which is no commit's form."""
    reading = history.Reading(convention=compat.convention(tool, {}))
    merge = Commit(sha="a" * 40, parents=("b" * 40, "c" * 40), message="feat: a")
    fixup = Commit(sha="d" * 40, parents=("e" * 40,), message="fixup! feat: a")
    found = history.select([merge, fixup], reading)
    assert [change.commit.sha for change in found.changes] == ([] if tool == "python-semantic-release" else [merge.sha])
    assert not any("fixup" in problem.message for problem in found.problems)


def test_rules_of_the_configuration_stand_over_the_tools_own() -> None:
    rows = {"docs": Rule(bump=PATCH, category="Docs"), "feat": Rule(bump=NONE, category=None)}
    found = judged("docs: a", rows=rows).verdict
    assert (found.bump, found.rule, found.category) == (PATCH, "type docs", "Docs")
    found = judged("feat: a", rows=rows).verdict
    assert (found.bump, found.rule, found.category) == (NONE, "type feat does not release", None)
    found = judged("docs!: a", rows=rows).verdict
    assert (found.bump, found.rule, found.category) == (MAJOR, "compat git-cliff: breaking: !", "Docs")


def test_footers_and_notes_are_read_as_verbump_reads_them() -> None:
    parsed = judged("fix(S)!: a\r\n\r\nbody\r\n\r\nBREAKING CHANGE: gone\r\nReviewed-by: x\r\n").parsed
    assert (parsed.type, parsed.scope, parsed.description, parsed.body) == ("fix", "S", "a", "body")
    assert [(each.token, each.value) for each in parsed.footers] == [("BREAKING CHANGE", "gone"), ("Reviewed-by", "x")]
    assert (parsed.breaking, parsed.breaking_notes, parsed.bang) == (True, ("gone",), True)
    parsed = judged("fix: a\n\nBREAKING CHANGE: gone").parsed
    assert (parsed.breaking, parsed.breaking_notes, parsed.bang) == (True, ("gone",), False)
    parsed = judged("docs: a\n\nBREAKING CHANGE: gone", tool="python-semantic-release").parsed
    assert parsed.breaking_notes == ("gone",)


def test_why_a_message_is_none_is_told_at_its_place() -> None:
    commit = Commit(sha="a" * 40, parents=(), message="feat : a")
    (left,) = history.select([commit], history.Reading(convention=compat.convention("git-cliff", {}))).ignored
    assert left.why == "not conventional: compat git-cliff: the header is not `type(scope): description`"
    assert left.finding is not None
    assert (left.finding.column, left.finding.suggestion) == (5, "feat: a")
