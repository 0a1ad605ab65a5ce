"""verbump as a commitizen plugin, run through the real `cz`."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.git_repo import GitRepo
from support.projects import released
from support.running import verbump
from support.tools import require

if TYPE_CHECKING:
    from pathlib import Path

MESSAGES = [
    ("feat: x", 0, ""),
    ("my-type(größe x)!: y", 0, ""),
    ("feat: x\r\n\r\nBREAKING CHANGE: y", 0, ""),
    ("Merge branch 'x'", 0, ""),
    ("feat():x", 14, "column 5: empty scope"),
    ("feat (x): y", 14, "write: feat(x): y"),
    ("no form", 14, "expected `type: description`"),
]


@pytest.mark.parametrize(("message", "code", "said"), MESSAGES)
def test_cz_check(tmp_path: Path, message: str, code: int, said: str) -> None:
    repo = GitRepo.create(tmp_path / "work")
    done = subprocess.run([require("cz"), "-n", "verbump", "check", "-m", message], cwd=repo.path, capture_output=True)
    assert done.returncode == code, done.stderr.decode()
    assert said in done.stdout.decode() + done.stderr.decode()


def test_cz_knows_the_plugin_and_its_limit(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    listed = subprocess.run([require("cz"), "ls"], cwd=repo.path, capture_output=True)
    assert b"verbump" in listed.stdout
    long = ["-n", "verbump", "check", "-l", "10", "-m", "feat: longer than ten"]
    assert subprocess.run([require("cz"), *long], cwd=repo.path, capture_output=True).returncode != 0


# What a repository says since 1.2.3, and the next version by verbump's rules: traps of commitizen's line-wise look.
HISTORIES = [
    pytest.param(["docs: x", "fix: y"], "1.2.4", id="fix"),
    pytest.param(["fix: y\n\nfeat: a body line is prose\nword!: this too"], "1.2.4", id="body"),
    pytest.param(["Feat(api): upper case"], "1.3.0", id="case"),
    pytest.param(["remove: old door", "featurette: unknown"], "1.3.0", id="types"),
    pytest.param(["chore(x)!: y"], "2.0.0", id="bang"),
    pytest.param(["fix: x\n\nRefs: #1\nBREAKING-CHANGE: y"], "2.0.0", id="footer"),
    pytest.param(["fix: x\n\nBREAKING CHANGE:\nover two lines"], "2.0.0", id="footer-next-line"),
    pytest.param(["fix: x\n\n```\nBREAKING CHANGE: in a fence\n```"], "1.2.4", id="fence"),
    pytest.param(["docs: x", "fixup! feat: y"], "", id="fixup"),
]


@pytest.mark.parametrize(("messages", "version"), HISTORIES)
def test_cz_bump_agrees_with_verbump_next(tmp_path: Path, messages: list[str], version: str) -> None:
    settings = '[tool.commitizen]\nname = "verbump"\nversion = "1.2.3"\ntag_format = "v$version"\n'
    repo = released(tmp_path, *messages, more={"cz.toml": settings})
    assert next_versions(repo) == (version, version)


def test_cz_bump_knows_reverts_and_merges(tmp_path: Path) -> None:
    settings = '[tool.commitizen]\nname = "verbump"\nversion = "1.2.3"\ntag_format = "v$version"\n'
    repo = released(tmp_path, "fix: y", more={"cz.toml": settings})
    feature = repo.commit("feat: x")
    repo.commit(f'Revert "feat: x"\n\nThis reverts commit {feature}.\n')
    repo.git("switch", "--quiet", "--create", "side")
    repo.commit("perf: z")
    repo.git("switch", "--quiet", "main")
    repo.merge("side", message="Merge side\n\nfeat: not of its own")
    assert next_versions(repo) == ("1.2.4", "1.2.4")
    text = subprocess.run([require("cz"), "changelog", "--dry-run"], cwd=repo.path, capture_output=True, check=True)
    heads = [line for line in text.stdout.decode().split("\n") if line.startswith(("#", "- "))]
    assert heads[:5] == ["## Unreleased", "### Fixed", "- y", "### Performance", "- z"]


def next_versions(repo: GitRepo) -> tuple[str, str]:
    """By `cz bump` with verbump's rules, and by verbump; "" for none."""
    done = subprocess.run([require("cz"), "bump", "--get-next", "--yes"], cwd=repo.path, capture_output=True)
    theirs = done.stdout.decode().strip() if done.returncode == 0 else ""
    return theirs, verbump("next", cwd=repo.path).stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="pexpect needs a POSIX terminal")
def test_cz_commit_asks_and_words_a_message_that_verbump_takes(tmp_path: Path) -> None:
    import pexpect

    repo = GitRepo.create(tmp_path / "work")
    repo.write("x", "x")
    repo.git("add", "x")
    argv = ["-n", "verbump", "commit", "--dry-run"]
    child: pexpect.spawn[str] = pexpect.spawn(
        require("cz"), argv, cwd=str(repo.path), encoding="utf-8", timeout=60, dimensions=(50, 160)
    )
    answers = [
        ("Select the type", "\x1b[A\r"),  # up from the first: the last, security
        ("scope", "api\r"),
        ("imperative summary", "close the hole\r"),
        ("additional", "\r"),
        ("BREAKING CHANGE", "\r"),
        ("Footer", "\r"),
    ]
    for asked, typed in answers:
        child.expect(asked)
        child.send(typed)
    child.expect(r"\n(security\(api\): close the hole)\r")
    found: Any = child.match
    child.expect(pexpect.EOF)
    child.close()
    assert verbump("check", "--message", found[1], cwd=repo.path).code == 0
