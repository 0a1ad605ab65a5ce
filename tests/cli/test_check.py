"""`verbump check`: findings with a caret, the rule and the corrected line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from support.projects import released
from support.running import ROOT, run_in_process, verbump

if TYPE_CHECKING:
    from pathlib import Path


def test_caret_reason_and_corrected_line(tmp_path: Path) -> None:
    result = verbump("check", "--message", "feat (api): streams", cwd=tmp_path)
    assert result.code == 1
    assert result.stdout == (
        "feat (api): streams\n    ^ blank after the type [not-conventional]\nwrite: feat(api): streams\n"
    )


CARETS = [
    ("feat(日本) : x", "          ^ blank after the scope"),
    ("feat(e\u0301) : x", "       ^ blank after the scope"),
    ("feat(api)\t: x", "         ^^^^ blank after the scope"),
    ("feat(a\u200bb) : x", "        ^ blank after the scope"),
    ("日本語", "^^ no type"),
]


@pytest.mark.parametrize(("message", "marks"), CARETS)
def test_caret_stands_under_the_column_of_a_terminal(tmp_path: Path, message: str, marks: str) -> None:
    lines = run_in_process("check", "--message", message, cwd=tmp_path).stdout.split("\n")
    assert lines[1].startswith(marks)


STRICT = [("wibble: x", None), ("fixx: x", "fix: x"), ("chore: x", ""), ("release: x", ""), ("feat: x", "")]


@pytest.mark.parametrize(("message", "suggestion"), STRICT)
@pytest.mark.parametrize("by", ["option", "setting"])
def test_strict_knows_the_types_that_release_the_common_ones_and_the_configured(
    tmp_path: Path, message: str, suggestion: str | None, by: str
) -> None:
    more = "[check]\nstrict = true\n" if by == "setting" else ""
    repo = released(tmp_path, more={"verbump.toml": f'types.Release = {{bump = "none"}}\n{more}'})
    options = ["--strict"] if by == "option" else []
    result = run_in_process("check", *options, "--format", "json", "--message", message, cwd=repo.path)
    found = [(each["code"], each["suggestion"]) for each in result.json["findings"]]
    assert found == ([] if suggestion == "" else [("type-not-allowed", suggestion)])
    assert by == "setting" or run_in_process("check", "--message", message, cwd=repo.path).code == 0


def test_range_since_the_last_tag_and_given(tmp_path: Path) -> None:
    repo = released(tmp_path, "fix:x", "feat: y", "fixup! feat: y")
    short = [repo.git("rev-parse", "--short=7", f"HEAD~{each}") for each in (0, 2)]

    result = verbump("check", cwd=repo.path)

    assert result.code == 1
    assert result.stdout == (
        f"{short[0]} fixup! feat: y\n        ^^^^^^ a fixup! commit waits for git rebase --autosquash [unfinished-commit]\n"
        f"{short[1]} fix:x\n            ^ no space after the colon [not-conventional]\n        write: fix: x\n"
    )
    assert verbump("check", "HEAD~2..HEAD~1", cwd=repo.path).code == 0
    assert verbump("check", "v1.2.3..HEAD~1", cwd=repo.path).code == 1
    assert verbump("check", "nowhere..HEAD", cwd=repo.path).code == 2


HOOK = "# Please enter the commit message\n\nfeat: x\n\nBody\n# comment\n# ---- >8 ----\n"
SCISSORS = "feat: x\n# ------------------------ >8 ------------------------\ndiff --git a b\n"


@pytest.mark.parametrize(
    "text", [HOOK, SCISSORS, HOOK.replace("\n", "\r\n"), "Merge branch 'x'\n", 'Revert "feat: x"\n']
)
def test_file_of_the_commit_msg_hook(tmp_path: Path, text: str) -> None:
    path = tmp_path / "COMMIT_EDITMSG"
    path.write_bytes(text.encode())
    result = verbump("check", "--file", str(path), cwd=tmp_path)
    assert result.code == 0, result.stdout
    path.write_bytes(b"no form\n")
    assert verbump("check", "--file", str(path), cwd=tmp_path).code == 1
    assert verbump("check", "--file", str(tmp_path / "none"), cwd=tmp_path).code == 2


def test_as_a_real_commit_msg_hook(tmp_path: Path) -> None:
    repo = released(tmp_path)
    repo.install_hook(
        "commit-msg", f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -P -m verbump check --file "$1"\n'
    )
    head = repo.head()
    assert repo.git("commit", "--quiet", "--allow-empty", "-m", "no form", check=False) == ""
    assert repo.head() == head
    repo.git("commit", "--quiet", "--allow-empty", "-m", "feat: form")
    assert repo.head() != head


def test_stdin(tmp_path: Path) -> None:
    assert verbump("check", "--stdin", cwd=tmp_path, data="feat: x\n").code == 0
    assert verbump("check", "--stdin", cwd=tmp_path, data="x\n").code == 1


SETTINGS = '[check]\ntypes = ["feat", "fix"]\nscopes = ["api", "cli"]\nheader_length = 20\n'
CONFIGURED = [
    ("faet: x", "type-not-allowed", "feat: x"),
    ("docs: x", "type-not-allowed", None),
    ("feat(ui): x", "scope-not-allowed", None),
    ("feat: " + "x" * 15, "header-too-long", None),
]


@pytest.mark.parametrize(("message", "code", "suggestion"), CONFIGURED)
def test_configured(tmp_path: Path, message: str, code: str, suggestion: str | None) -> None:
    repo = released(tmp_path, more={"verbump.toml": SETTINGS})
    result = verbump("check", "--format", "json", "--message", message, cwd=repo.path)
    assert result.code == 1
    (finding,) = result.json["findings"]
    assert (finding["code"], finding["suggestion"]) == (code, suggestion)
    assert verbump("check", "--message", "feat(api): x", cwd=repo.path).code == 0


def test_github_annotations(tmp_path: Path) -> None:
    repo = released(tmp_path, "fix:100%\u202e", "::error::x")
    result = verbump("check", "--format", "github", cwd=repo.path, env={"GITHUB_ACTIONS": "true"})
    lines = result.stdout.strip().split("\n")
    assert len(lines) == 2
    assert all(line.startswith("::error title=") for line in lines)
    assert "100%25\\u202e%0Ano space after the colon" in lines[1]


def test_hostile_messages_are_escaped(tmp_path: Path) -> None:
    repo = released(tmp_path, "\x1b[31mx\u2028::set-env")
    for form in ("text", "json"):
        assert "\x1b" not in verbump("check", "--format", form, cwd=repo.path).stdout


def test_one_source_only(tmp_path: Path) -> None:
    assert verbump("check", "HEAD", "--message", "x", cwd=tmp_path).code == 2


def test_nothing_to_object_to(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", "docs: y")
    result = verbump("check", cwd=repo.path, env=dict(os.environ))
    assert (result.code, result.stdout, result.stderr) == (0, "", "2 messages, nothing to object to\n")
