"""Commits judged by commitizen's rules as plain data; tests/effects holds them against commitizen itself."""

from __future__ import annotations

import dataclasses

import pytest

from verbump.domain import commit_rules, commits
from verbump.domain.bumps import Bump
from verbump.domain.commit_rules import CommitRules
from verbump.domain.commits import Commit, Unconventional
from verbump.domain.conventions import Judged

RULES = CommitRules(
    name="cz_demo",
    schema_pattern=r"(NEW|BUG|END|DOC)\b",
    bump_pattern="^(NEW|NOW|BUG|END|ODD|())",
    bump_map=(("END", Bump.MAJOR), ("N", Bump.MINOR), ("B", Bump.PATCH), ("BUG", Bump.MAJOR)),
    zero_bump_map=(("END", Bump.MINOR), ("NEW", Bump.MINOR), ("BUG", Bump.PATCH)),
    commit_parser=r"^(?P<change_type>NEW|BUG|END)?(?:<(?P<scope>\w+)>)? ?(?P<message>.*)$",
    changelog_pattern="NEW|BUG|<",
    change_type_map={"NEW": "Features", "BREAKING CHANGE": "Breaks"},
)
CHECKS_ONLY = CommitRules(name="cz_jira", schema_pattern="[A-Z]+-[0-9]+")


def judged(message: str, rules: CommitRules = RULES, *, major: int = 1) -> Judged | Unconventional:
    found = commit_rules.convention(rules, major=major).judge(
        Commit(sha="a" * 40, parents=(), message=message), commits.parse(message)
    )
    if isinstance(found, Unconventional):
        return found
    (one,) = found
    return one


# Message; bump, the words that asked for it, category; type, scope, description, whether breaking.
JUDGED = [
    ("NEW wings", ("minor", "NEW", "Features"), ("NEW", None, "wings", False)),
    ("NEW<api> wings  \nmore", ("minor", "NEW", "Features"), ("NEW", "api", "wings", False)),
    ("BUG squeak", ("patch", "BUG", "BUG"), ("BUG", None, "squeak", False)),
    ("END all", ("major", "END", "Breaks"), ("", None, "END all", True)),
    ("NEW a\nEND b\nBUG c", ("major", "END", "Features"), ("NEW", None, "a", True)),
    ("BUG a\nNEW b", ("minor", "NEW", "BUG"), ("BUG", None, "a", False)),
    ("NEW a\nNOW b", ("minor", "NEW", "Features"), ("NEW", None, "a", False)),
    ("<api> words", ("none", None, "Changed"), ("", "api", "words", False)),
    ("<api>", ("none", None, "Changed"), ("", "api", "<api>", False)),
    ("DOC words", ("none", None, None), ("", None, "DOC words", False)),
    ("DOC words\r\nBUG x", ("patch", "BUG", None), ("", None, "DOC words", False)),
    ("\n NEW wings\n", ("minor", "NEW", "Features"), ("NEW", None, "wings", False)),
    ("ODD\nNEW x", ("minor", "NEW", None), ("", None, "ODD", False)),
    ("fix(core): x\nNEW y", ("minor", "NEW", None), ("fix", "core", "x", False)),
    (f"DOC {'x' * commits.HEADER_LIMIT}", ("none", None, None), ("", None, None, False)),
]


@pytest.mark.parametrize(("message", "verdict", "parts"), JUDGED)
def test_judged(
    message: str, verdict: tuple[str, str | None, str | None], parts: tuple[str, str | None, str | None, bool]
) -> None:
    found = judged(message)
    assert isinstance(found, Judged)
    rule = f"cz_demo: {verdict[1] or 'does not release'}"
    assert (found.verdict.bump.word, found.verdict.rule, found.verdict.category) == (verdict[0], rule, verdict[2])
    parsed = found.parsed
    described = parts[2] or message[: commits.HEADER_LIMIT]
    assert (parsed.type, parsed.scope, parsed.description, parsed.breaking) == (*parts[:2], described, parts[3])


@pytest.mark.parametrize("message", ["wings", "", "see NEW", "DOCS words", "feat: x"])
def test_what_the_schema_does_not_know(message: str) -> None:
    assert judged(message) == Unconventional(reason="does not follow cz_demo", column=1)


def test_rules_that_know_no_versions() -> None:
    assert not CHECKS_ONLY.can_bump
    assert not dataclasses.replace(CHECKS_ONLY, bump_pattern="x").can_bump
    assert not dataclasses.replace(CHECKS_ONLY, bump_map=RULES.bump_map).can_bump
    assert RULES.can_bump
    found = judged("AB-1 words", CHECKS_ONLY)
    assert isinstance(found, Judged)
    assert (found.verdict.bump, found.verdict.rule, found.verdict.category) == (
        Bump.NONE,
        "cz_jira: does not release",
        None,
    )
    assert found.parsed.description == "AB-1 words"


ZERO = [
    (True, 0, True, Bump.MINOR),
    (True, 1, True, Bump.MAJOR),
    (False, 0, True, Bump.MAJOR),
    (True, 0, False, Bump.MAJOR),
]


@pytest.mark.parametrize(("is_zero", "major", "has_map", "bump"), ZERO)
def test_below_one_a_break_stays_one_however_far_it_goes(is_zero: bool, major: int, has_map: bool, bump: Bump) -> None:
    zero = RULES.zero_bump_map if has_map else ()
    found = judged("END all", dataclasses.replace(RULES, is_zero=is_zero, zero_bump_map=zero), major=major)
    assert isinstance(found, Judged)
    assert (found.verdict.bump, found.verdict.category, found.parsed.breaking) == (bump, "Breaks", True)


def test_a_break_without_a_title_of_its_own() -> None:
    found = judged("END all", dataclasses.replace(RULES, change_type_map={}))
    assert isinstance(found, Judged)
    assert found.verdict.category == "BREAKING CHANGE"


def test_body_and_footers_of_a_message_that_only_the_plugin_reads() -> None:
    found = judged("NEW wings\n\nbody\n\nRefs: 1\nBREAKING CHANGE: gone\nBREAKING CHANGE:\n")
    assert isinstance(found, Judged)
    assert (found.parsed.body, found.parsed.breaking_notes) == ("body", ("gone",))
    assert [each.token for each in found.parsed.footers] == ["Refs", "BREAKING CHANGE", "BREAKING CHANGE"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_below_the_header(end: str) -> None:
    found = judged(end.join(["NEW wings", "BREAKING CHANGE: gone"]))
    assert isinstance(found, Judged)
    assert found.parsed.breaking_notes == ("gone",)
    found = judged(end.join(["NEW wings", "", "body", "more"]))
    assert isinstance(found, Judged)
    assert found.parsed.body == "body\nmore"


PARSERS = [
    ("(?P<message>NEW .*)", None, "BUG squeak"),
    ("(?P<change_type>BUG) (?P<message>(?s:.*))", "BUG", "squeak"),
    ("(?P<change_type>BUG)", "BUG", "BUG squeak"),
    ("(?P<other>BUG)", "Changed", "BUG squeak"),
]


@pytest.mark.parametrize(("parser", "category", "description"), PARSERS)
def test_what_the_plugins_parser_names(parser: str, category: str | None, description: str) -> None:
    found = judged("BUG squeak\nmore", dataclasses.replace(RULES, commit_parser=parser))
    assert isinstance(found, Judged)
    assert (found.verdict.bump, found.verdict.category) == (Bump.PATCH, category)
    assert found.parsed.description == description


def test_lines_are_read_within_the_limit() -> None:
    anywhere = dataclasses.replace(RULES, bump_pattern="(NEW)", changelog_pattern="-")
    lead = "DOC " + "x" * (commits.HEADER_LIMIT - 7)
    for text, bump in ((f"{lead}NEW", Bump.MINOR), (f"{lead}xNEW", Bump.NONE), (f"DOC\n{lead}NEW", Bump.MINOR)):
        found = judged(text, anywhere)
        assert isinstance(found, Judged)
        assert found.verdict.bump is bump


SCOPES = [
    pytest.param("NEW<api> x", RULES, ("api", 5), id="its parser's"),
    pytest.param("  NEW<api> x", RULES, ("api", 7), id="blanks before"),
    pytest.param("NEW x", RULES, None, id="none"),
    pytest.param("NEW x\nNEW<api> y", RULES, None, id="only the header's"),
    pytest.param("feat(api): x", RULES, ("api", 6), id="by Conventional Commits"),
    pytest.param("  feat(api)!: x\r\n\r\nbody", RULES, ("api", 8), id="by Conventional Commits, blanks before"),
    pytest.param("feat: x (api)", RULES, None, id="no scope by Conventional Commits"),
    pytest.param("JRA-1 x", CHECKS_ONLY, None, id="a parser without a scope"),
    pytest.param("fix(cli): x", CHECKS_ONLY, ("cli", 5), id="a parser without a scope, by Conventional Commits"),
    pytest.param("", RULES, None, id="empty"),
    pytest.param("x" * 1100 + "<api>", dataclasses.replace(RULES, commit_parser=r"x*<(?P<scope>\w+)>"), None, id="cut"),
    pytest.param("yx<api>", dataclasses.replace(RULES, commit_parser=r"^x<(?P<scope>\w+)>"), None, id="from the start"),
]


@pytest.mark.parametrize(("message", "rules", "expected"), SCOPES)
def test_where_a_scope_stands(message: str, rules: CommitRules, expected: tuple[str, int] | None) -> None:
    assert commit_rules.find_scope(message, rules) == expected


def test_whether_rules_have_scopes() -> None:
    assert RULES.has_scopes
    assert not CHECKS_ONLY.has_scopes
