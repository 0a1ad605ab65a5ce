"""Conventional Commits 1.0.0: each of the 16 rules by number, and the traps that real messages set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import commits, footers
from verbump.domain.commits import ConventionalCommit, Unconventional


def parsed(message: str) -> ConventionalCommit:
    found = commits.parse(message)
    assert isinstance(found, ConventionalCommit), found
    return found


def test_rule_1_type_optional_scope_optional_bang_colon_and_space() -> None:
    found = parsed("feat(api)!: streams")
    assert (found.type, found.scope, found.description, found.breaking) == ("feat", "api", "streams", True)


@pytest.mark.parametrize("kind", ["feat", "fix", "docs", "my-type", "größe", "x1", "a_b"])
def test_rules_2_3_14_any_type(kind: str) -> None:
    assert parsed(f"{kind}: x").type == kind


@pytest.mark.parametrize("scope", ["parser", "a b/c,d", "größe", "@scope/pkg", "$"])
def test_rule_4_scope(scope: str) -> None:
    assert parsed(f"fix({scope}): x").scope == scope


def test_rule_5_description_follows_the_colon_and_space() -> None:
    assert parsed("fix: array parsing issue: twice").description == "array parsing issue: twice"


def test_rules_6_and_7_body_after_a_blank_line_with_paragraphs() -> None:
    assert parsed("fix: x\n\none\ntwo\n\nthree").body == "one\ntwo\n\nthree"


def test_rule_8_footers_with_both_separators() -> None:
    found = parsed("fix: x\n\nbody\n\nReviewed-by: Z\nRefs #133")
    assert [(each.token, each.separator, each.value) for each in found.footers] == [
        ("Reviewed-by", ": ", "Z"),
        ("Refs", " #", "133"),
    ]


@pytest.mark.parametrize(
    ("text", "separator", "value"), [(": gone", ": ", "gone"), (" #12", " #", "12"), (":", ": ", "")]
)
@pytest.mark.parametrize("token", ["BREAKING CHANGE", "BREAKING-CHANGE"])
def test_breaking_footers_with_both_separators(token: str, text: str, separator: str, value: str) -> None:
    (found,) = parsed(f"fix: x\n\n{token}{text}").footers
    assert (found.token, found.separator, found.value) == (token, separator, value)


@pytest.mark.parametrize("body", ["    code\n\nwords", "Xenial\n\nMac OS X", "words  "])
def test_a_body_loses_blank_lines_around_it_and_nothing_else(body: str) -> None:
    assert parsed(f"fix: x\n\n\n{body}\n\nRefs: 1").body == body


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\n```py\nb\n```\nc", ["a", "c"]),
        ("~~~~\nb\n~~~\n~~~~\n", [""]),
        ("a\n``` b`\nc", ["a", "``` b`", "c"]),
        ("a\n```\nb", ["a"]),
    ],
)
def test_plain_lines_stand_outside_fences(text: str, wanted: list[str]) -> None:
    assert footers.plain_lines(text) == wanted


def test_rule_9_tokens_have_hyphens_for_blanks() -> None:
    found = parsed("fix: x\n\nAcked by: Z")
    assert found.footers == ()


def test_rule_10_values_run_to_the_next_footer() -> None:
    found = parsed("fix: x\n\nNote: one\ntwo\n\nthree\nRefs: 1")
    assert [each.value for each in found.footers] == ["one\ntwo\n\nthree", "1"]


def test_rule_11_breaking_in_the_header_or_a_footer() -> None:
    assert parsed("fix!: x").breaking
    assert parsed("fix: x\n\nBREAKING CHANGE: gone").breaking


def test_rule_12_breaking_footer_in_capitals_with_its_text() -> None:
    assert parsed("fix: x\n\nBREAKING CHANGE: gone\nfor good").breaking_notes == ("gone\nfor good",)


def test_rule_13_bang_without_a_footer() -> None:
    found = parsed("fix!: x")
    assert (found.breaking, found.bang, found.breaking_notes) == (True, True, ())
    assert not parsed("fix: x\n\nBREAKING CHANGE: gone").bang


def test_rule_15_types_without_case_breaking_with_case() -> None:
    assert parsed("FEAT: x").type == "feat"
    assert not parsed("fix: x\n\nbreaking change: x").breaking


def test_rule_16_hyphen_is_the_same() -> None:
    assert parsed("fix: x\n\nBREAKING-CHANGE: gone").breaking_notes == ("gone",)


BREAKS = [
    pytest.param("fix: x\nBREAKING CHANGE: gone", True, id="no blank line before"),
    pytest.param("fix: x\n\nbody\nBREAKING CHANGE: gone", True, id="in the middle of the body"),
    pytest.param("fix: x\n\nBREAKING CHANGE:\ngone", True, id="text on the next line"),
    pytest.param("fix: x\n\nBREAKING CHANGE #12", True, id="number separator"),
    pytest.param("fix: x\r\n\r\nBREAKING CHANGE: gone\r\n", True, id="CRLF"),
    pytest.param("fix: x\n\nReviewed-by: Z\nBREAKING CHANGE: gone", True, id="after another footer"),
    pytest.param("fix: x\n\nBREAKING CHANGES: plural", False, id="plural"),
    pytest.param("fix: x\n\nBREAKING CHANGE gone", False, id="no colon"),
    pytest.param("fix: x\n\na BREAKING CHANGE: inline", False, id="inline"),
    pytest.param("fix: x\n\n BREAKING CHANGE: indented", False, id="indented"),
    pytest.param("fix: x\n\n> BREAKING CHANGE: quoted", False, id="quoted"),
    pytest.param("fix: x\n\n```\nBREAKING CHANGE: code\n```", False, id="fenced"),
    pytest.param("fix: x\n\n~~~~\n~~~\nBREAKING CHANGE: code\n~~~~\n", False, id="longer fence"),
    pytest.param("fix: x\n\n```\ncode\n```\nBREAKING CHANGE: after", True, id="after a fence"),
    pytest.param("fix: x\n\n``` a`b\nBREAKING CHANGE: no fence", True, id="backtick in the info string is no fence"),
    pytest.param("fix: x\n\nfeat!: prose", False, id="body line that looks like a header"),
    pytest.param("fix: a\u2028BREAKING CHANGE: x", False, id="U+2028 ends no line"),
    pytest.param("fix: a\x0bBREAKING CHANGE: x", False, id="VT ends no line"),
    pytest.param("fix: a\x0cBREAKING CHANGE: x", False, id="FF ends no line"),
    pytest.param("fix: a\rBREAKING CHANGE: x", False, id="CR alone ends no line"),
    pytest.param("fix: a\x85BREAKING CHANGE: x", False, id="NEL ends no line"),
]


@pytest.mark.parametrize(("message", "breaking"), BREAKS)
def test_breaking(message: str, breaking: bool) -> None:
    assert parsed(message).breaking is breaking


FAULTS = [
    pytest.param("fix:no space", "no space after the colon", 5, "fix: no space", id="no space"),
    pytest.param("fix:  two", "more than one space after the colon", 5, "fix: two", id="two spaces"),
    pytest.param("feat(): x", "empty scope", 5, "feat: x", id="empty scope"),
    pytest.param("feat( ): x", "empty scope", 5, "feat: x", id="blank scope"),
    pytest.param("feat (x): y", "blank after the type", 5, "feat(x): y", id="blank before the scope"),
    pytest.param("feat(x) : y", "blank after the scope", 8, "feat(x): y", id="blank after the scope"),
    pytest.param("feat! : y", "blank before the colon", 6, "feat!: y", id="blank before the colon"),
    pytest.param("  feat: x", "blank before the type", 1, "feat: x", id="leading blank"),
    pytest.param("feat:", "no description after the colon", 6, None, id="no description"),
    pytest.param("feat (x): ", "blank after the type", 5, None, id="a blank, and no description either"),
    pytest.param("feat: ", "no description after the colon", 6, None, id="only a blank"),
    pytest.param("feat(a(b)): x", "no type: expected `type: description`", 1, None, id="nested scope"),
    pytest.param("random message", "no type: expected `type: description`", 1, None, id="no type"),
    pytest.param("BREAKING CHANGE: x", "no type: expected `type: description`", 1, None, id="footer as header"),
    pytest.param("✨ feat: x", "no type: expected `type: description`", 1, None, id="emoji"),
    pytest.param("", "the message is empty", 1, None, id="empty"),
    pytest.param("\nfix: x", "the message is empty", 1, None, id="empty header"),
]


@pytest.mark.parametrize(("message", "reason", "column", "suggestion"), FAULTS)
def test_what_misses_the_form(message: str, reason: str, column: int, suggestion: str | None) -> None:
    found = commits.parse(message)
    assert found == Unconventional(reason=reason, column=column, suggestion=suggestion)
    if suggestion is not None:
        assert isinstance(commits.parse(suggestion), ConventionalCommit)


@pytest.mark.parametrize("header", ['Revert "feat: x"', 'Reapply "feat: x"', 'Revert "Revert "feat: x""'])
def test_reverts_of_a_forge_are_of_type_revert(header: str) -> None:
    found = parsed(f"{header}\n\nThis reverts commit 0123456789.")
    assert (found.type, found.description) == ("revert", header)


def test_footer_by_token_without_case_the_last_wins() -> None:
    found = parsed("fix: x\n\nRelease-As: 1.0.0\nrelease-as: 2.0.0")
    assert found.footer("RELEASE-AS") == "2.0.0"
    assert found.footer("none") is None


ROOM = commits.HEADER_LIMIT - len("fix: ")
FIT = [("x" * ROOM, False), ("x" * (ROOM + 1), True), ("é" * (ROOM // 2), False), ("é" * (ROOM // 2 + 1), True)]


@pytest.mark.parametrize(("description", "cut"), [*FIT, ("x" * (ROOM - 2) + "é", False), ("x", False)])
def test_what_fits_is_not_cut(description: str, cut: bool) -> None:
    found = parsed(f"fix: {description}")
    assert found.cut is cut
    assert (found.description == description) is not cut


def test_a_long_revert_is_cut_too() -> None:
    assert parsed(f'Revert "x"\n\n{"y" * commits.MESSAGE_LIMIT}').cut
    assert not parsed('Revert "x"\n\ny').cut


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r\nbody\r\n", "\nbody\n\nmore"])
def test_the_header_is_the_first_line_without_its_end(end: str) -> None:
    assert commits.header_of(f"fix: x\ty{end}") == "fix: x\ty"


@pytest.mark.parametrize("char", ["x", "é", "€", "\U0001f680", "\ud800"])
def test_a_long_header_is_cut_between_characters(char: str) -> None:
    for before in range(4):
        found = parsed("fix: " + "." * before + char * 2000)
        room = (ROOM - before) // len(char.encode("utf-8", "surrogatepass"))
        assert (found.cut, found.description) == (True, "." * before + char * room)


def test_limits_cut_and_say_so() -> None:
    assert parsed("fix: " + "x" * 2000).cut
    assert len(parsed("fix: " + "é" * 2000).description.encode()) <= commits.HEADER_LIMIT
    long = parsed("fix: x\n\n" + "y\n" * 100_000 + "\nBREAKING CHANGE: beyond")
    assert long.cut
    assert not long.breaking


@pytest.mark.case("S03", "S18")
@pytest.mark.parametrize(
    "atom", [" ", "\n", "\r", "a", "(", ":", "`", "~~~\n", "BREAKING CHANGE", "Refs #", "\n\nx: ", "é"]
)
@pytest.mark.parametrize("prefix", ["", "fix", "fix: x\n\n", "fix: x\n\n```\n"])
def test_a_megabyte_of_anything(prefix: str, atom: str) -> None:
    commits.parse(prefix + atom * (1_000_000 // len(atom)))


@given(st.text())
def test_never_raises(message: str) -> None:
    commits.parse(message)


@given(
    st.lists(st.sampled_from(["fix: x", "", "body", "A: b", "BREAKING CHANGE: c", "```", "> q", "C #1"]), max_size=12)
)
def test_crlf_changes_nothing(lines: list[str]) -> None:
    plain, dos = commits.parse("\n".join(lines)), commits.parse("\r\n".join(lines))
    if isinstance(plain, Unconventional):
        assert plain == dos
    else:
        assert isinstance(dos, ConventionalCommit)
        assert (plain.type, plain.breaking, plain.footers, plain.body) == (
            dos.type,
            dos.breaking,
            dos.footers,
            dos.body,
        )


@given(
    st.from_regex(r"[a-z][a-z-]{0,10}", fullmatch=True),
    st.one_of(st.none(), st.from_regex(r"[a-z][a-z /]{0,10}", fullmatch=True)),
    st.booleans(),
    st.from_regex(r"\S[^\n\r]{0,60}", fullmatch=True),
)
def test_what_is_written_is_read(kind: str, scope: str | None, bang: bool, description: str) -> None:
    found = parsed(f"{kind}{f'({scope})' if scope else ''}{'!' if bang else ''}: {description}")
    assert (found.type, found.scope, found.breaking) == (kind, scope, bang)
    assert found.description == description.rstrip()
