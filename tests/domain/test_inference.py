"""The inference matrix: the verdicts of docs/inference.md, verbump's own and those that `compat` reproduces."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.patience import patience
from verbump.domain import bumps, commits, compat, conventions, history
from verbump.domain.bumps import Bump, Rule
from verbump.domain.commits import Commit
from verbump.domain.versions import parse, raised

TOOLS = ["commitizen", "python-semantic-release", "release-please", "semantic-release", "git-cliff"]
ROWS = json.loads(Path(__file__).with_name("inference_matrix.json").read_text(encoding="utf-8"))
PAGE = Path(__file__).parents[2] / "docs" / "inference.md"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "inference_matrix.json"
COLUMNS = {"cz": TOOLS[0], "psr": TOOLS[1], "rp": TOOLS[2], "sr_angular": TOOLS[3]}


def said(messages: list[str], tool: str, rows: dict[str, Rule] | None = None) -> history.History:
    convention = conventions.conventional() if tool == "verbump" else compat.convention(tool, rows or {})
    made = [Commit(sha=f"{index:040x}", parents=(), message=text) for index, text in enumerate(messages)]
    return history.select(made, history.Reading(convention=convention))


def verdict(version: str, messages: list[str], tool: str) -> str:
    found = said(messages, tool)
    if found.release_as is not None:
        return found.release_as.version
    bump = max((change.verdict.bump for change in found.changes), default=Bump.NONE)
    current = parse(version)
    made_of_it = bumps.zero_bump(bump, current.major, current.minor, "minor" if tool == "verbump" else "strict")
    return str(raised(current, made_of_it)) if made_of_it else "none"


@pytest.mark.parametrize("tool", ["verbump", *TOOLS])
@pytest.mark.parametrize("row", ROWS, ids=range(1, len(ROWS) + 1))
def test_verdict(row: dict[str, str], tool: str) -> None:
    assert verdict(row["version"], [*row["messages"]], tool) == row[tool]


def test_page_says_the_same() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").split("\n") if re.match(r"\| \d+ \| ", line)]
    for number, (row, line) in enumerate(zip(ROWS, lines, strict=True), 1):
        shown = " + ".join(f"`{text}`" for text in row["messages"]).replace("\r", "␍").replace("\n", "⏎")
        before = f"| {number} | {row['version']} | {shown} | {row['verbump']} | "
        after = "".join(f" | {row[tool]}" for tool in TOOLS) + " |"
        assert line.startswith(before)
        assert line.endswith(after)
        assert line[len(before) : -len(after)].strip(), "a reason"


def test_data_is_the_shared_matrix() -> None:
    if not SHARED.exists():
        pytest.skip("the inference matrix is not beside this checkout")
    names = ("version", "messages")
    theirs = [
        {name: row[name] for name in names} | {COLUMNS[key]: row[key] for key in COLUMNS}
        for row in json.loads(SHARED.read_text())
    ]
    assert theirs == [{name: row[name] for name in (*names, *COLUMNS.values())} for row in ROWS]


@pytest.mark.parametrize(
    ("tool", "message", "rule", "category"),
    [
        ("commitizen", "random\n\nfeat: x", "compat commitizen: begins with feat on line 3", "Added"),
        ("commitizen", "refactor: x", "compat commitizen: begins with refactor", "Changed"),
        ("commitizen", "docs: x", "compat commitizen: type docs does not release", None),
        ("python-semantic-release", "fix(a)!: x y", "compat python-semantic-release: breaking: !", "Fixed"),
        ("release-please", "docs!: x", "compat release-please: breaking: !", "Changed"),
        (
            "semantic-release",
            "x\n\n| breaking change y",
            "compat semantic-release: breaking: BREAKING CHANGE",
            "Changed",
        ),
        ("git-cliff", "chore: x", "compat git-cliff: type chore", "Changed"),
    ],
)
def test_rule_and_category(tool: str, message: str, rule: str, category: str | None) -> None:
    (change,) = said([message], tool).changes
    assert (change.verdict.rule, change.verdict.category) == (rule, category)


SKIPPED = "its default configuration skips this commit"
CLIFF, PSR, ANGULAR = "git-cliff", "python-semantic-release", "semantic-release"
# Tool, what stands below a header that is a patch, and how far the whole goes; None: it is no commit of the tool's.
BELOW = [
    (CLIFF, "BREAKING CHANGE: gone", Bump.MAJOR),
    (CLIFF, "words\n\nBREAKING CHANGE: gone", Bump.MAJOR),
    (CLIFF, "words\nBREAKING CHANGE: no blank line before", Bump.PATCH),
    (CLIFF, "words\n\x1c\nBREAKING CHANGE: a separator is no blank line", Bump.PATCH),
    (CLIFF, "  BREAKING CHANGE: indented", Bump.PATCH),
    (CLIFF, "Refs: 1\nBREAKING-CHANGE #2", Bump.MAJOR),
    (CLIFF, "Refs: 1\nwords\nBREAKING CHANGE: after a footer's second line", Bump.MAJOR),
    (CLIFF, "Refs:\nBREAKING CHANGE: is the value", Bump.PATCH),
    (CLIFF, "Refs: \n\n \nBREAKING CHANGE: is the value", Bump.PATCH),
    (CLIFF, "Refs:\nvalue\nBREAKING CHANGE: is not", Bump.MAJOR),
    (CLIFF, "Refs:\x1c\nBREAKING CHANGE: a separator is a value", Bump.MAJOR),
    (CLIFF, "Refs:\nvalue\n\nOther:", None),
    (CLIFF, "Refs:", None),
    (PSR, "BREAKING CHANGE: gone", Bump.MAJOR),
    (PSR, "BREAKING\nCHANGE: wrapped", Bump.MAJOR),
    (PSR, "BREAKING-\nCHANGE: wrapped at the hyphen", Bump.MAJOR),
    (PSR, "words\nBREAKING CHANGE: in a paragraph", Bump.PATCH),
    (PSR, "words\n\f\nBREAKING CHANGE: after a line of white space", Bump.MAJOR),
    (PSR, "Refs: 1\nBREAKING CHANGE: a footer after another", Bump.MAJOR),
    (PSR, "Refs: 1\nOther: 2\nBREAKING CHANGE: and the third", Bump.MAJOR),
    (PSR, "   Refs: 1\nwords\nBREAKING CHANGE: no footer before", Bump.PATCH),
    (ANGULAR, "BREAKING CHANGE: gone", Bump.MAJOR),
    (ANGULAR, "words\n* breaking change gone", Bump.MAJOR),
    (ANGULAR, "-files-\nBREAKING CHANGE: in a field", Bump.PATCH),
    (ANGULAR, "a BREAKING CHANGE: inline", Bump.PATCH),
]


@pytest.mark.parametrize(("tool", "below", "bump"), BELOW)
def test_what_stands_below_the_header(tool: str, below: str, bump: Bump | None) -> None:
    found = [change.verdict.bump for change in said([f"fix: a b\n\n{below}"], tool).changes]
    assert found == ([] if bump is None else [bump])


RP = "release-please"
WITH_BREAK = "fix: a b\n\nBREAKING CHANGE: gone\n\nfor good"
WITH_MORE = "fix: a b\n\nwords\n\nfeat(core)!: two b"
# Tool, message; of each change its type, scope, description, what is breaking (None: nothing), rule, body.
PARTS: list[tuple[str, str, list[tuple[str, str | None, str, tuple[str, ...] | None, str, str]]]] = [
    ("commitizen", "feat(api)!: two words", [("feat", "api", "two words", (), "breaking: !", "")]),
    ("commitizen", "perf(x): y\n\nbody\n\nRefs: 1", [("perf", "x", "y", None, "begins with perf", "body")]),
    ("commitizen", "feature: y", [("feat", None, "y", None, "begins with feat", "")]),
    (
        "commitizen",
        "random words\n\nfix(x): y",
        [("fix", None, "random words", None, "begins with fix on line 3", "fix(x): y")],
    ),
    (
        "commitizen",
        WITH_BREAK,
        [("breaking change", None, "a b", ("gone\n\nfor good",), "breaking: BREAKING CHANGE on line 3", "")],
    ),
    (PSR, "feat(api)!: two words (#1)", [("feat", "api", "two words (#1)", (), "breaking: !", "")]),
    (PSR, "docs(x): y", [("docs", "x", "y", None, "type docs does not release", "")]),
    (PSR, WITH_BREAK, [("fix", None, "a b", ("gone\n\nfor good",), "breaking: BREAKING CHANGE", "")]),
    (
        PSR,
        WITH_MORE,
        [("fix", None, "a b", None, "type fix", "words"), ("feat", "core", "two b", (), "breaking: !", "")],
    ),
    (RP, "feat(api)!: two words", [("feat", "api", "two words", (), "breaking: !", "")]),
    (
        RP,
        "perf(x): y\n\nbody\n\nRefs: 1",
        [("perf", "x", "y", None, "type perf", "body"), ("refs", None, "1", None, "type Refs does not release", "")],
    ),
    (RP, "feature: y", [("feature", None, "y", None, "type feature", "")]),
    (RP, "Fix: y", [("fix", None, "y", None, "type Fix", "")]),
    (RP, WITH_BREAK, [("fix", None, "a b", ("gone\n\nfor good",), "breaking: BREAKING CHANGE", "")]),
    (ANGULAR, "fix(x): y", [("fix", "x", "y", None, "type fix", "")]),
    (ANGULAR, "fix: y\r\n\r\nbody\r\n", [("fix", None, "y", None, "type fix", "body")]),
    (ANGULAR, "words\n\nBREAKING CHANGE: z", [("", None, "words", ("z",), "breaking: BREAKING CHANGE", "")]),
    (ANGULAR, WITH_BREAK, [("fix", None, "a b", ("gone\n\nfor good",), "breaking: BREAKING CHANGE", "")]),
    (ANGULAR, WITH_MORE, [("fix", None, "a b", None, "type fix", "words\n\nfeat(core)!: two b")]),
    (CLIFF, "feat(api)!: two words", [("feat", "api", "two words", (), "breaking: !", "")]),
    (CLIFF, "Docs(x): y", [("docs", "x", "y", None, "type Docs", "")]),
    (CLIFF, WITH_BREAK, [("fix", None, "a b", ("gone\n\nfor good",), "breaking: BREAKING CHANGE", "")]),
    (CLIFF, "chore(release): prepare for 1.0.0", [("chore", "release", "prepare for 1.0.0", None, SKIPPED, "")]),
]


@pytest.mark.parametrize(("tool", "message", "wanted"), PARTS)
def test_parts_of_what_a_tool_finds(
    tool: str, message: str, wanted: list[tuple[str, str | None, str, tuple[str, ...] | None, str, str]]
) -> None:
    found = [
        (each.parsed, each.verdict.rule.removeprefix(f"compat {tool}: ")) for each in said([message], tool).changes
    ]
    assert [
        (each.type, each.scope, each.description, each.breaking_notes if each.breaking else None, rule, each.body)
        for each, rule in found
    ] == wanted
    assert all(each.bang == (rule == "breaking: !") for each, rule in found)


REASONS = [
    ("commitizen", "words", "no line begins with a type and a colon"),
    (PSR, "words", "the header has none of its types, or not its form"),
    (RP, "words", "not its form of a commit"),
    (ANGULAR, "words", "the header is not `type(scope): subject`"),
    (CLIFF, "words", "the header is not `type(scope): description`"),
    (CLIFF, "fix: x\nwords", "no blank line after the header"),
    (CLIFF, "fix: x\n\nRefs:", "a footer without a value"),
]


@pytest.mark.parametrize(("tool", "message", "reason"), REASONS)
def test_why_a_tool_takes_a_message_for_no_commit(tool: str, message: str, reason: str) -> None:
    (ignored,) = said([message], tool).ignored
    assert ignored.why == f"not conventional: compat {tool}: {reason}"


SHA = "abcdef1" + "0" * 33
# What semantic-release takes for a commit: the message; its type and the rule, or why it is none.
ANGULARS = [
    ("fix: x\nBREAKING CHANGE: no blank line", "fix", "breaking: BREAKING CHANGE"),
    ("words\n\nBREAKING CHANGE: y", "", "breaking: BREAKING CHANGE"),
    (f'Revert "feat: x"\n\nThis reverts commit {SHA}.', "revert", "a revert"),
    (f"revert: feat: x\n\nThis reverts commit {SHA}.", "revert", "a revert"),
    ("revert: feat: x", "revert", "type revert does not release"),
    ("docs(x)!: y", None, "the header is not `type(scope): subject`"),
    (": x", None, "the header is not `type(scope): subject`"),
]


@pytest.mark.parametrize(("message", "kind", "rule"), ANGULARS)
def test_what_semantic_release_takes_for_a_commit(message: str, kind: str | None, rule: str) -> None:
    found = said([message], ANGULAR)
    assert [(each.parsed.type, each.verdict.rule) for each in found.changes] == (
        [] if kind is None else [(kind, f"compat semantic-release: {rule}")]
    )
    assert [each.why for each in found.ignored] == (
        [f"not conventional: compat semantic-release: {rule}"] if kind is None else []
    )


def test_types_stand_over_the_tools_table_but_not_over_a_break() -> None:
    rows = {"docs": Rule(bump=Bump.PATCH, category="Manual"), "feat": Rule(bump=Bump.NONE)}
    found = said(["docs: x", "feat: x", "docs!: x"], "commitizen", rows)
    assert [(each.verdict.bump, each.verdict.category) for each in found.changes] == [
        (Bump.PATCH, "Manual"),
        (Bump.NONE, None),
        (Bump.MAJOR, "Manual"),
    ]


def test_what_misses_the_form_is_said_with_the_corrected_line() -> None:
    (ignored,) = said(["fix : x"], "git-cliff").ignored
    assert ignored.why.startswith("not conventional: compat git-cliff: ")
    assert ignored.finding is not None
    assert ignored.finding.suggestion == "fix: x"


@pytest.mark.parametrize("tool", TOOLS)
def test_a_revert_counts_as_the_tool_counts_it_and_tells_nothing(tool: str) -> None:
    feat = Commit(sha="a" * 40, parents=(), message="feat: x")
    revert = Commit(sha="b" * 40, parents=(), message=f'Revert "feat: x"\n\nThis reverts commit {feat.sha}.\n')
    found = history.select([revert, feat], history.Reading(convention=compat.convention(tool, {})))
    if tool == "semantic-release":
        assert not found.changes
        assert {each.why for each in found.ignored} == {"reverts aaaaaaa", "reverted by bbbbbbb"}
    else:
        assert [(each.verdict.bump, each.hidden) for each in found.changes] == [(Bump.MINOR, True)]


@pytest.mark.parametrize("tool", TOOLS)
@given(text=st.text(st.sampled_from("feat()!: \n\r\t-*#BREAKING CHANGE@x,./\x0b\u2028é")))
def test_any_text_is_judged(tool: str, text: str) -> None:
    found = said([text], tool)
    assert len(found.changes) + len(found.ignored) >= 1


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    "unit", [" ", "(", "a: b\n", "\n", "a(b): c (d)", "- ", "a:\n ", "x\n\n", "BREAKING CHANGE", "-\n"]
)
def test_hostile_lengths_are_judged(tool: str, unit: str) -> None:
    """The longest message that is read takes well under a second, whatever it repeats."""
    text = f"fix: a b\n\n{unit * (commits.MESSAGE_LIMIT // len(unit))}"
    with patience():
        said([text], tool)
