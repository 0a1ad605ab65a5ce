"""What someone sees who tries verbump for the first time: the wrong folder, a typo, another terminal, another encoding."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import PYPROJECT, released
from support.running import run_in_process, run_on_terminal, verbump

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONG = "feat(ünï): schöne neue Welt 世界 — “quoted”, and a header that goes on past eighty columns for sure"


def test_outside_a_repository_the_folder_is_named(tmp_path: Path) -> None:
    done = run_in_process("next", cwd=tmp_path)
    assert done.code == 2
    assert done.stderr.startswith(f"error: {tmp_path}: not in a git repository [not-a-repository]\n  hint: cd into one")


def test_nothing_to_release_says_where_to_look(tmp_path: Path) -> None:
    repo = released(tmp_path, "update stuff")
    assert "hint: `verbump next --explain` says why" in run_in_process("next", cwd=repo.path).stderr
    explained = run_in_process("next", "--explain", cwd=repo.path)
    assert "not conventional" in explained.stdout
    assert "hint" not in explained.stderr


def test_a_typo_of_a_remote_names_those_that_are_there(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    done = run_in_process("release", "--dry-run", "--remote", "orgin", cwd=repo.path)
    assert done.code == 4
    assert "error: no remote orgin (there are: origin) [no-remote]\n  hint: --remote origin\n" in done.stderr


def test_no_table_without_commits(tmp_path: Path) -> None:
    done = run_in_process("next", "--explain", cwd=released(tmp_path).path)
    assert (done.code, done.stdout) == (3, "")


def test_on_a_detached_head_no_branch_is_named(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    repo.git("switch", "--quiet", "--detach")
    done = run_in_process("release", "--dry-run", cwd=repo.path)
    assert "[detached-head]" in done.stderr
    assert "None" not in done.stdout + done.stderr


def test_what_was_not_pushed_says_how_it_will_be(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    done = run_in_process("release", "--yes", "--no-push", cwd=repo.path)
    assert done.stderr.endswith("not pushed: `verbump release --resume` does it\n")
    assert run_in_process("release", "--resume", cwd=repo.path).code == 0
    assert "refs/tags/v1.3.0" in GitRepo(tmp_path / "remote.git").refs()


def test_without_a_manifest_nothing_is_said_to_be_found(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"README.md": "x"})
    done = run_in_process("init", "--dry-run", cwd=repo.path)
    assert "there is no manifest, so only tags state the version" in done.stderr


BROKEN = [
    (
        {"pyproject.toml": PYPROJECT.format(version="1.2.3") + "[tool.verbump]\nsquash = \n"},
        "pyproject.toml:5: not valid TOML",
    ),
    (
        {"pyproject.toml": b'[project]\nname = "demo"\n# caf\xe9\n[tool.verbump]\n'},
        "pyproject.toml:3: not UTF-8: byte 0xe9",
    ),
    ({"verbump.toml": "a = 1\n\n[x\n"}, "verbump.toml:3: not valid TOML"),
]


@pytest.mark.parametrize(("files", "said"), BROKEN, ids=["syntax", "encoding", "own-file"])
def test_a_broken_configuration_is_named_with_its_line(
    tmp_path: Path, files: Mapping[str, str | bytes], said: str
) -> None:
    repo = released(tmp_path, "feat: x")
    for name, content in files.items():
        repo.write(name, content)
    done = run_in_process("next", cwd=repo.path)
    assert done.code == 2
    assert f"error: {said}" in done.stderr


@pytest.mark.parametrize(
    ("words", "meant"), [(["publish", "pipy"], "pypi"), (["packge"], "package"), (["rel"], "release")]
)
def test_a_typo_of_a_command(tmp_path: Path, words: list[str], meant: str) -> None:
    done = run_in_process(*words, cwd=tmp_path)
    assert done.code == 2
    assert f"Did you mean '{meant}'?" in done.stderr


# Where Python would write ASCII, as under LC_ALL=C, click writes UTF-8.
ENCODINGS = {"ascii": "utf-8", "cp1252": "cp1252", "cp437": "cp437", "cp932": "cp932"}


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        *((["next", "--explain"], each) for each in ENCODINGS),
        (["release", "--dry-run"], "cp1252"),
        (["preview", "--base", "HEAD~1"], "cp1252"),
    ],
)
def test_any_code_page_is_written_in(tmp_path: Path, encoding: str, words: list[str]) -> None:
    """What it has no letter for is escaped, our own signs become the nearest: no line of `\\u2500`."""
    repo = released(tmp_path, LONG)
    done = verbump_bytes(words, repo, {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    text = done.decode(ENCODINGS[encoding])
    assert "u2500" not in text
    assert "u201c" not in text
    assert "u2192" not in text
    assert ("世" in text) is not ("\\u4e16" in text)


def verbump_bytes(words: list[str], repo: GitRepo, env: Mapping[str, str]) -> bytes:
    """What a command writes on stdout; it must end well."""
    import os
    import subprocess
    import sys

    from support.running import ROOT

    argv = [sys.executable, "-P", "-m", "verbump", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    done = subprocess.run(argv, cwd=repo.path, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_c_locale_changes_no_decision(tmp_path: Path) -> None:
    repo = released(tmp_path, LONG)
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    usual = verbump("next", "--format", "json", cwd=repo.path)
    assert verbump("next", "--format", "json", cwd=repo.path, env=plain) == usual
    assert json.loads(usual.stdout)["reasons"][0]["header"] == LONG


@pytest.mark.parametrize("columns", [60, 80])
def test_tables_fit(tmp_path: Path, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.cells import cell_len

    repo = released(tmp_path, LONG, "fix:no blank after the colon, and a long text that says nothing much at all")
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run_in_process("next", "--explain", cwd=repo.path).stdout.split("\n")
    assert max(map(cell_len, lines)) <= columns
    assert any("Added" in line for line in lines)


COLOURED = {
    "release": ["release", "--dry-run"],
    "init": ["init", "--dry-run"],
    "explain": ["next", "--explain"],
}


@pytest.mark.parametrize("name", COLOURED)
def test_a_terminal_gets_colours_and_a_pipe_none(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = released(tmp_path, "feat: x")
    words = COLOURED[name]
    monkeypatch.setenv("COLUMNS", "120")
    shown = run_on_terminal(words, repo.path)
    assert shown.code == 0
    piped = run_in_process(*words, cwd=repo.path)
    assert "\x1b" not in piped.stdout + piped.stderr
    assert "\x1b[" in shown.stdout
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.stdout)
    assert set(piped.stdout.split()) <= set(plain.split())

    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run_on_terminal(words, repo.path).stdout
    always = run_in_process("--color", "always", *words, cwd=repo.path)
    assert "\x1b[" in always.stdout


def test_colours_of_a_diff(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more={"src/lib.rs": ""})
    repo.write("CHANGELOG.md", repo.read("CHANGELOG.md") + b"-- dashes\n")
    repo.git("commit", "--quiet", "--all", "--message=docs: dashes")
    lines = run_in_process("--color", "always", "release", "--dry-run", cwd=repo.path).stdout.split("\n")
    assert "\x1b[1m--- a/Cargo.toml\x1b[0m" in lines
    assert '\x1b[31m-version = "1.2.3"\x1b[0m' in lines
    assert '\x1b[32m+version = "1.3.0"\x1b[0m' in lines
    assert any(line.startswith("\x1b[36m@@ ") for line in lines)
    assert ' name = "demo"' in lines
