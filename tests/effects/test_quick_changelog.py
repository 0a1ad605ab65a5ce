"""`changelog --all` in a plain repository: the short way says what the usual way says, or nothing, and costs little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from effects.test_past_document import both, history
from support.git_repo import GitRepo
from support.projects import released
from support.running import ROOT
from verbump.effects import quick_changelog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def quick(repo: GitRepo) -> str | None:
    text = quick_changelog.whole_document(str(repo.path))
    return None if text is None else text.decode()


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_histories(tmp_path: Path, seed: int) -> None:
    repo = history(tmp_path, seed)
    repo.git("reset", "-q", "--hard")
    repo.git("tag", "-d", "v1.1.1+b.1")
    assert quick(repo) == both(repo)[1]


@pytest.mark.parametrize("url", ["", "https://github.com/owner/demo", "git@gitlab.com:a/b/c.git", "../elsewhere"])
def test_remotes(tmp_path: Path, url: str) -> None:
    repo = released(tmp_path, "feat: x (#3)")
    repo.git("remote", "rename", "origin", "other")
    repo.git("branch", "--unset-upstream", check=False)
    if url:
        repo.git("remote", "set-url", "other", url)
    else:
        repo.git("remote", "remove", "other")
    usual = both(repo)[1]
    assert quick(repo) == usual
    repo.git("remote", "add", "origin", "https://codeberg.org/p/q")
    assert quick(repo) == both(repo)[1] != usual
    repo.git("config", "branch.main.remote", "other")
    if url:
        assert quick(repo) == both(repo)[1] == usual


@pytest.mark.parametrize("heading", ["## 1.2.3", "## v1.2.3 - 2026-01-01", "## [v1.2.3] - 2026-01-01"])
def test_headings_of_a_changelog(tmp_path: Path, heading: str) -> None:
    repo = released(tmp_path, "feat: x", more={"CHANGELOG.md": f"# Changelog\n\n{heading}\n\n- Something.\n"})
    assert quick(repo) == both(repo)[1]


def _write(name: str, text: str) -> Callable[[GitRepo], object]:
    return lambda repo: repo.write(name, text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_write("verbump.toml", 'squash = "body"\n'), id="configuration"),
        pytest.param(_write("pyproject.toml", "[tool.verbump]\n"), id="table"),
        pytest.param(_write("cz.toml", ""), id="commitizen"),
        pytest.param(_write("Cargo.toml", '[workspace]\nmembers = ["a"]\n'), id="workspace"),
        pytest.param(_write("CHANGELOG.md", "text\n"), id="not-followed"),
        pytest.param(lambda repo: repo.tag("1.2.4", rev="HEAD~1"), id="two-formats"),
        pytest.param(lambda repo: repo.tag("pkg-v9.0.0"), id="other-format"),
        pytest.param(lambda repo: repo.git("checkout", "-q", "--detach"), id="detached"),
        pytest.param(lambda repo: repo.git("config", "remote.origin.tagOpt", "--no-tags"), id="no-tags"),
        pytest.param(lambda repo: repo.git("config", "url.x.insteadOf", "y"), id="rewritten"),
        pytest.param(lambda repo: repo.git("config", "branch.main.remote", "https://x.invalid/a"), id="no-remote"),
        pytest.param(lambda repo: repo.git("notes", "--ref=verbump", "add", "-m", "docs: x"), id="note"),
        pytest.param(lambda repo: repo.git("tag", "-d", "v1.2.3"), id="no-tag"),
    ],
)
def test_what_is_not_plain_is_left_to_the_usual_way(tmp_path: Path, change: Callable[[GitRepo], object]) -> None:
    repo = released(tmp_path, "feat: x")
    assert quick(repo) is not None
    change(repo)
    assert quick(repo) is None


def test_no_repository_no_commits_and_shallow(tmp_path: Path) -> None:
    assert quick_changelog.whole_document(str(tmp_path)) is None
    assert quick(GitRepo.create(tmp_path / "empty")) is None
    repo = released(tmp_path, "feat: x")
    repo.git("push", "-q", "origin", "main", "v1.2.3")
    GitRepo.clone(f"file://{tmp_path}/remote.git", tmp_path / "clone", "--depth=1")
    assert quick(GitRepo(tmp_path / "clone")) is None


def test_six_git_processes_and_few_modules(tmp_path: Path) -> None:
    """As many for any length of history, and for up to 500 tags."""
    repo = released(tmp_path, "feat: x")
    (repo.path / "CHANGELOG.md").unlink()
    program = (
        "import sys; from verbump.__main__ import main; main(); print(*sorted(sys.modules), sep='\\n', file=sys.stderr)"
    )
    trace = tmp_path / "trace"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, "changelog", "--all"],
        cwd=repo.path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "GIT_TRACE2_EVENT": str(trace)},
    )
    assert done.stdout == both(repo)[1]
    started = [json.loads(line)["argv"] for line in trace.read_text().splitlines() if '"event":"start"' in line]
    assert len(started) == 6, started
    heavy = {
        "click",
        "semver",
        "subprocess",
        "pathlib",
        "jinja2",
        "git",
        "commitizen",
        "msgspec",
        "rich",
        "keepachangelog",
    }
    assert not heavy & set(done.stderr.split("\n"))
