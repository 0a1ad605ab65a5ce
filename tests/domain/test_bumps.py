"""How far each message goes by the default rules, and what is made of it below 1.0.0."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import bumps, commits
from verbump.domain.bumps import DEFAULT_RULES, Bump, Rule
from verbump.domain.commits import ConventionalCommit

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
