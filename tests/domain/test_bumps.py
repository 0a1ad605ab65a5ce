"""How far each message goes: the default's verdict on the 59 messages of the inference matrix, and its neighbours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import bumps, commits, history
from verbump.domain.bumps import DEFAULT_RULES, Bump, Rule
from verbump.domain.commits import Commit, ConventionalCommit
from verbump.domain.versions import parse, raised

R = "This reverts commit aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1."

# version, messages, the default's verdict. A comment says why where most tools decide otherwise.
MATRIX: list[tuple[str, list[str], str]] = [
    ("1.0.0", ["feat: a thing"], "1.1.0"),
    ("1.0.0", ["fix: a thing"], "1.0.1"),
    ("1.0.0", ["perf: x y"], "1.0.1"),
    ("1.0.0", ["refactor: x y"], "none"),
    ("1.0.0", ["docs: a b"], "none"),
    ("1.0.0", ["chore: a b"], "none"),
    ("1.0.0", ["build(deps): bump x"], "none"),
    ("1.0.0", ["deps: bump x"], "none"),
    ("1.0.0", ["feature: long alias"], "none"),  # a type of its own: types are not matched by prefix
    ("1.0.0", ["feat!: a b"], "2.0.0"),
    ("1.0.0", ["feat(api)!: a b"], "2.0.0"),
    ("1.0.0", ["chore!: drop py38"], "2.0.0"),
    ("1.0.0", ["docs!: a b"], "2.0.0"),
    ("1.0.0", ["foo!: unknown type breaking"], "2.0.0"),
    ("1.0.0", ["foo: unknown type"], "none"),
    ("1.0.0", ["fix: a b\n\nBREAKING CHANGE: gone"], "2.0.0"),
    ("1.0.0", ["fix: a b\n\nBREAKING-CHANGE: gone"], "2.0.0"),
    ("1.0.0", ["fix: a b\n\nBREAKING CHANGE gone no colon"], "1.0.1"),
    ("1.0.0", ["fix: a b\n\nBREAKING CHANGES: plural"], "1.0.1"),
    ("1.0.0", ["fix: a b\n\nbreaking change: lower"], "1.0.1"),
    ("1.0.0", ["fix: a b\n\nBREAKING CHANGE #12"], "2.0.0"),  # rule 8: ` #` is a separator too
    ("1.0.0", ["fix: a b\n\nthis mentions BREAKING CHANGE: inline"], "1.0.1"),
    ("1.0.0", ["docs: a b\n\nBREAKING CHANGE: gone"], "2.0.0"),
    ("1.0.0", ["BREAKING CHANGE: in subject"], "none"),
    ("1.0.0", ["non conventional subject\n\nBREAKING CHANGE: gone"], "none"),  # what misses the form does not release
    ("1.0.0", ["Feat: capitalised type"], "1.1.0"),  # rule 15: types are compared without case
    ("1.0.0", ["FEAT: upper type"], "1.1.0"),
    ("1.0.0", ["fix:no space"], "none"),
    ("1.0.0", ["fix : space before colon"], "none"),
    ("1.0.0", ["feat(): empty scope"], "none"),
    ("1.0.0", ["feat(a b/c,d): odd scope"], "1.1.0"),
    ("1.0.0", ["feat (scope): space before scope"], "none"),
    ("1.0.0", ["feat(scope)!:no space bang"], "none"),
    ("1.0.0", ["feat:"], "none"),
    ("1.0.0", ["  feat: leading whitespace"], "none"),
    ("1.0.0", [f"revert: feat: a thing\n\n{R}"], "1.0.1"),
    ("1.0.0", [f'Revert "feat: a thing"\n\n{R}'], "1.0.1"),
    ("1.0.0", [f'Revert "feat: a thing"\n\n{R}', "feat: a thing"], "1.1.0"),
    ("1.0.0", ["Merge pull request #1 from a/b\n\nfeat: from merge body"], "none"),
    ("1.0.0", ["Merge branch 'main' into x"], "none"),
    ("1.0.0", ["fixup! feat: a b"], "none"),
    ("1.0.0", ["chore: title here (#12)\n\n* feat: one thing\n\n* fix: two things"], "none"),
    ("1.0.0", ["Squash title (#12)\n\n* feat: one thing\n* fix!: two things"], "none"),
    ("1.0.0", ["feat: lead thing\n\nfix(utils): second thing\n\nfeat(x)!: third thing"], "1.1.0"),  # a body is prose
    ("1.0.0", ["fix: a b\n\nfeat: not a commit just footer text"], "1.0.1"),
    ("1.0.0", ["fix: a b\n\nCloses #12\nfix: #13"], "1.0.1"),
    ("1.0.0", ["chore: release 2.5.0\n\nRelease-As: 2.5.0"], "2.5.0"),
    ("1.0.0", ["✨ feat: emoji prefix"], "none"),
    ("1.0.0", [":sparkles: gitmoji"], "none"),
    ("1.0.0", ["random message"], "none"),
    ("1.0.0", ["feat: ünïcode ☃ 日本語"], "1.1.0"),
    ("1.0.0", ["feat: crlf\r\n\r\nBREAKING CHANGE: gone\r\n"], "2.0.0"),
    ("0.1.0", ["feat: a b"], "0.2.0"),
    ("0.1.0", ["fix: a b"], "0.1.1"),
    ("0.1.0", ["feat!: a b"], "0.2.0"),  # zero_version = "minor"
    ("0.0.1", ["feat: a b"], "0.1.0"),
    ("0.0.1", ["feat!: a b"], "0.1.0"),
    ("0.0.0", ["fix: a b"], "0.0.1"),
    ("1.2.3", ["fix: a b", "feat: c d", "docs: e f"], "1.3.0"),
]


def verdict(version: str, messages: list[str]) -> str:
    made = [Commit(sha=f"{index:040x}", parents=(), message=text) for index, text in enumerate(messages)]
    found = history.select(made)
    if found.release_as is not None:
        return found.release_as.version
    bump = max((change.verdict.bump for change in found.changes), default=Bump.NONE)
    current = parse(version)
    made_of_it = bumps.zero_bump(bump, current.major, current.minor, "minor")
    return str(raised(current, made_of_it)) if made_of_it else "none"


@pytest.mark.parametrize(("version", "messages", "wanted"), MATRIX)
def test_default_verdict(version: str, messages: list[str], wanted: str) -> None:
    assert verdict(version, messages) == wanted


def test_table_is_the_inference_matrix() -> None:
    path = Path(__file__).parents[3] / "shared" / "data" / "inference_matrix.json"
    if not path.exists():
        pytest.skip("the inference matrix is not beside this checkout")
    rows = json.loads(path.read_text())
    assert [(row["version"], row["messages"]) for row in rows] == [(version, texts) for version, texts, _ in MATRIX]


CATEGORIES = [
    ("feat: x", "Added"),
    ("fix: x", "Fixed"),
    ("fix(security): x", "Security"),
    ("perf: x", "Performance"),
    ("revert: x", "Changed"),
    ("deprecate: x", "Deprecated"),
    ("remove: x", "Removed"),
    ("security: x", "Security"),
    ("feat!: x", "Added"),
    ("chore!: x", "Changed"),
    ("docs: x", None),
]


@pytest.mark.parametrize(("message", "category"), CATEGORIES)
def test_category(message: str, category: str | None) -> None:
    parsed = commits.parse(message)
    assert isinstance(parsed, ConventionalCommit)
    assert bumps.of_commit(parsed, DEFAULT_RULES).category == category


def test_own_rules_change_and_add_rows() -> None:
    rules = {**DEFAULT_RULES, "docs": Rule(bump=Bump.PATCH, category="Changed"), "feat": Rule(bump=Bump.NONE)}
    parsed = commits.parse("docs: x")
    assert isinstance(parsed, ConventionalCommit)
    assert bumps.of_commit(parsed, rules).bump is Bump.PATCH
    parsed = commits.parse("feat: x")
    assert isinstance(parsed, ConventionalCommit)
    assert bumps.of_commit(parsed, rules).rule == "type feat does not release"


@pytest.mark.parametrize(
    ("category", "text", "wanted"),
    [
        ("Added", "x", Bump.MINOR),
        ("Changed", "x", Bump.MINOR),
        ("deprecated", "x", Bump.MINOR),
        ("Removed", "x", Bump.MINOR),
        ("Fixed", "x", Bump.PATCH),
        ("Security", "x", Bump.PATCH),
        ("Performance", "x", Bump.PATCH),
        ("Whatever", "x", Bump.PATCH),
        ("Fixed", "**Breaking:** x", Bump.MAJOR),
        ("Fixed", "**BREAKING** x", Bump.MAJOR),
    ],
)
def test_hand_written_entries(category: str, text: str, wanted: Bump) -> None:
    assert bumps.of_entry(category, text) is wanted


ZERO = [
    ("minor", 0, 4, ["PATCH", "MINOR", "MINOR"]),
    ("cargo", 0, 4, ["PATCH", "PATCH", "MINOR"]),
    ("cargo", 0, 0, ["PATCH", "PATCH", "PATCH"]),
    ("strict", 0, 4, ["PATCH", "MINOR", "MAJOR"]),
    ("minor", 1, 0, ["PATCH", "MINOR", "MAJOR"]),
    ("cargo", 1, 0, ["PATCH", "MINOR", "MAJOR"]),
]


@pytest.mark.parametrize(("policy", "major", "minor", "wanted"), ZERO)
def test_below_one(policy: str, major: int, minor: int, wanted: list[str]) -> None:
    made = [bumps.zero_bump(bump, major, minor, policy) for bump in (Bump.PATCH, Bump.MINOR, Bump.MAJOR)]  # type: ignore[arg-type]
    assert [each.name for each in made] == wanted
    assert bumps.zero_bump(Bump.NONE, major, minor, policy) is Bump.NONE  # type: ignore[arg-type]


@pytest.mark.case("S02")
@given(st.text(max_size=200))
def test_a_body_never_changes_the_version(body: str) -> None:
    """But for a breaking footer, nothing in a body does."""
    if "BREAKING" not in body:
        parsed = commits.parse(f"fix: x\n\n{body}")
        assert isinstance(parsed, ConventionalCommit)
        assert bumps.of_commit(parsed, DEFAULT_RULES).bump is Bump.PATCH


RULES = [
    ("feat: x", "minor", "type feat", "Added"),
    ("fix(Security): x", "patch", "type fix", "Security"),
    ("fix(securities): x", "patch", "type fix", "Fixed"),
    ("feat(security): x", "minor", "type feat", "Added"),
    ("feat!: x", "major", "breaking: !", "Added"),
    ("fix(security)!: x", "major", "breaking: !", "Security"),
    ("docs: x\n\nBREAKING CHANGE: y", "major", "breaking: footer", "Changed"),
    ("docs!: x\n\nBREAKING CHANGE: y", "major", "breaking: !", "Changed"),
    ("docs: x", "none", "type docs does not release", "Documentation"),
    ("wibble: x", "none", "type wibble does not release", None),
]


@pytest.mark.parametrize(("message", "bump", "rule", "category"), RULES)
def test_rule_that_fired(message: str, bump: str, rule: str, category: str | None) -> None:
    parsed = commits.parse(message)
    assert isinstance(parsed, ConventionalCommit)
    rules = dict(DEFAULT_RULES)
    if not parsed.breaking:
        rules["docs"] = Rule(bump=Bump.NONE, category="Documentation")
    found = bumps.of_commit(parsed, rules)
    assert (found.bump.word, found.rule, found.category) == (bump, rule, category)


@pytest.mark.parametrize(("text", "wanted"), [("  **Breaking:** x", Bump.MAJOR), ("x **breaking**", Bump.PATCH)])
def test_an_entry_that_begins_with_breaking(text: str, wanted: Bump) -> None:
    assert bumps.of_entry("Fixed", text) is wanted
