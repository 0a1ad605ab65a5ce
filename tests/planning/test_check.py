"""What `verbump check` finds beside a commitizen plugin: scopes and length are its own affair, types the plugin's."""

from __future__ import annotations

import pytest

from verbump.config import CheckConfig
from verbump.domain.commit_rules import CommitRules
from verbump.domain.commits import Commit
from verbump.errors import ConfigError
from verbump.planning import check

# As cz_conventional_commits of commitizen 4.19 has it: types that no changelog tells are passed over.
CONVENTIONAL = CommitRules(
    name="cz_conventional_commits",
    schema="<type>(<scope>): <subject>\nBLANK LINE",
    commit_parser=r"^((?P<change_type>feat|fix|refactor|perf|BREAKING CHANGE)(?:\((?P<scope>[^()\r\n]*)\)|\()?(?P<breaking>!)?"
    r"|\w+!):\s(?P<message>.*)?",
)
OWN = CommitRules(name="own", commit_parser=r"^(?P<change_type>NEW|BUG) (?:<(?P<scope>[^>]*)> )?(?P<message>.*)")
SETTINGS = CheckConfig(scopes=("api", "cli"), header_length=20)
SCOPE, LENGTH = "scope-not-allowed", "header-too-long"
TAKEN = [
    pytest.param(CONVENTIONAL, "feat(api): x", [], id="allowed"),
    pytest.param(CONVENTIONAL, "feat: x", [], id="no scope"),
    pytest.param(CONVENTIONAL, "feat(ui): x", [(SCOPE, 6, 2)], id="scope"),
    pytest.param(CONVENTIONAL, "docs(ui)!: x", [(SCOPE, 6, 2)], id="a type that its parser passes over"),
    pytest.param(CONVENTIONAL, "  docs(ui): x", [(SCOPE, 8, 2)], id="blanks before a type that it passes over"),
    pytest.param(CONVENTIONAL, "  fix(ui): x", [(SCOPE, 7, 2)], id="blanks before"),
    pytest.param(CONVENTIONAL, "feat: 1234567890abcd", [], id="as long as allowed"),
    pytest.param(CONVENTIONAL, "feat: 1234567890abcdef", [(LENGTH, 21, 2)], id="too long"),
    pytest.param(CONVENTIONAL, "fix(ui): 1234567890abcdef", [(SCOPE, 5, 2), (LENGTH, 21, 5)], id="both"),
    pytest.param(CONVENTIONAL, "feat: x\n\nfix(ui): y, in a body of any length", [], id="body"),
    pytest.param(CONVENTIONAL, "feat: 1234567890abcd\r\n\r\nx", [], id="CRLF"),
    pytest.param(CONVENTIONAL, 'Revert "fix(ui): x"', [], id="a revert has no scope"),
    pytest.param(CONVENTIONAL, "Merge branch 'a-long-name'", [], id="git's words"),
    pytest.param(OWN, "NEW <ui> x", [(SCOPE, 6, 2)], id="a place of its own"),
    pytest.param(OWN, "NEW <api> x", [], id="a place of its own, allowed"),
    pytest.param(OWN, "NEW x", [], id="a place of its own, empty"),
]


def message(text: str) -> Commit:
    return Commit(sha="", parents=(), message=text)


@pytest.mark.parametrize(("rules", "text", "expected"), TAKEN)
def test_what_a_plugin_takes(rules: CommitRules, text: str, expected: list[tuple[str, int, int]]) -> None:
    found = check.find_judged([(message(text), None)], rules, SETTINGS)
    assert [(each.code, each.column, each.length) for each in found] == expected
    assert check.find_judged([(message(text), None)], rules, CheckConfig()) == ()


def test_in_history_a_long_header_is_told_whoever_worded_it() -> None:
    commit = Commit(sha="a" * 40, parents=("b" * 40,), message="Merge branch 'a-long-name'")
    (finding,) = check.find_judged([(commit, None)], CONVENTIONAL, SETTINGS)
    assert (finding.commit, finding.code) == ("a" * 40, LENGTH)


REFUSED = [
    ([], "expected <type>(<scope>): <subject>"),
    (["pattern: ^x"], "expected <type>(<scope>): <subject>"),
    (["pattern: ^x", "write lower case", "be short"], "write lower case; be short"),
]


@pytest.mark.parametrize(("errors", "said"), REFUSED)
def test_what_a_plugin_refuses_is_held_against_nothing_else(errors: list[str], said: str) -> None:
    (finding,) = check.find_judged([(message("Wibble(ui): 1234567890"), errors)], CONVENTIONAL, SETTINGS)
    assert (finding.code, finding.column, finding.length) == ("not-conventional", 1, 22)
    assert finding.message == f"does not follow cz_conventional_commits: {said}"


PLUGINS_AFFAIR = [
    (CheckConfig(strict=True), False, "tool.verbump.check.strict", "take tool.verbump.check.strict out"),
    (CheckConfig(types=("feat",)), False, "tool.verbump.check.types", "take tool.verbump.check.types out"),
    (CheckConfig(), True, "--strict", "leave out --strict"),
]


@pytest.mark.parametrize(("settings", "is_strict", "place", "hint"), PLUGINS_AFFAIR)
def test_types_are_the_plugins_affair(settings: CheckConfig, is_strict: bool, place: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check.require_plugin_alone(settings, "cz_jira", is_strict=is_strict)
    assert (caught.value.code, caught.value.hint) == ("check-setting-of-the-plugin", hint)
    assert str(caught.value).startswith(f"{place}: which types there are is said by cz_jira")
    check.require_plugin_alone(SETTINGS, "cz_jira", is_strict=False)


def test_scopes_need_a_parser_that_finds_them() -> None:
    rules = CommitRules(name="cz_jira")
    with pytest.raises(ConfigError, match=r"tool\.verbump\.check\.scopes: the commit_parser of cz_jira has no group"):
        check.find_judged([], rules, SETTINGS)
    assert check.find_judged([(message("JRA-34 x"), None)], rules, CheckConfig(header_length=20)) == ()
