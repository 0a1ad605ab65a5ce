"""docs/threat-model.md claims nothing that no test shows, and SECURITY.md claims the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from docs.test_links import without_code
from support.projects import released
from support.running import ROOT, run_in_process

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
CASES = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
HOSTILE = "feat: \x1b[31m “evil” \u202e::error::x https://evil.example @everyone closes #1"


def test_every_named_test_is_there() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^(?: {4})?(?:async )?def (test_\w+)\(", source, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 40
    assert named - known == set()


def test_every_case_of_security_is_told_with_tests_that_carry_it() -> None:
    rows = {found[1]: set(re.findall(r"`(test_\w+)`", found[0])) for found in re.finditer(r"\| (S\d\d) \|.+", CASES)}
    told = dict(re.findall(r"\b([SF]\d\d): ((?:`test_\w+`(?:,\s)?)+)", PAGE))
    # S03 and S04 are about lengths and encodings of messages, S19 about the workflows' own actions.
    assert set(rows) - set(told) <= {"S03", "S04", "S19"}
    for case, text in told.items():
        if case in rows:
            assert set(re.findall(r"`(test_\w+)`", text)) & rows[case], case


def test_each_row_of_a_place_names_a_test() -> None:
    table = PAGE.split("## Where text goes")[1].split("\n## ")[0]
    rows = [line for line in table.split("\n") if line.startswith("| ")][1:]
    assert len(rows) >= 12
    assert [row for row in rows if "`test_" not in row] == []


def test_security_and_this_page_trust_the_same() -> None:
    """Each thing that SECURITY.md trusts, or does not, has its word here."""
    words = (
        "user who runs it",
        "git configuration",
        "checked-out configuration",
        "hooks",
        "`ext::` remotes",
        "symbolic",
        "templates",
    )
    for word in words:
        assert word in without_code(SECURITY) or word in SECURITY, word
    for word in (
        "The user",
        "git configuration",
        "checked-out configuration",
        "`ext::` remotes",
        "behind no link",
        "template",
    ):
        assert word in PAGE, word
    assert "docs/threat-model.md" in SECURITY


def test_no_message_of_others_in_commit_or_tag(tmp_path: Path) -> None:
    repo = released(tmp_path, HOSTILE)
    assert run_in_process("release", "--yes", cwd=repo.path).code == 0
    said = repo.git("log", "-1", "--format=%B") + repo.git("tag", "-l", "v1.3.0", "--format=%(contents)")
    assert "Verbump-Release: 1.3.0" in said
    assert "evil" not in said
    assert "everyone" not in said


def test_json_is_ascii(tmp_path: Path) -> None:
    repo = released(tmp_path, HOSTILE)
    for words in (
        ["next", "--format", "json"],
        ["release", "--dry-run", "--format", "json"],
        ["notes", "--format", "json"],
    ):
        text = run_in_process(*words, cwd=repo.path).stdout
        assert text.isascii(), words
        assert "\x1b" not in text
        assert json.loads(text)
