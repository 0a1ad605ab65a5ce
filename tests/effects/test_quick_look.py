"""The quick way to the next version says what the usual way says, or nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import CHANGELOG, files, released
from support.running import ROOT, verbump
from verbump.effects import quick_look, read
from verbump.planning import coming
from verbump.planning.snapshot import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORKSPACE = '[workspace]\nmembers = ["a"]\n[package]\nname = "demo"\nversion = "1.2.3"\nedition = "2021"\n'


def usual(repo: GitRepo) -> tuple[str, tuple[object, ...]]:
    decision = coming.plan_next(read.read_snapshot(read.Options(directory=repo.path)), Request())
    return str(decision.version), decision.problems


@pytest.mark.parametrize(
    ("messages", "version"),
    [
        (["feat: x"], "1.3.0"),
        (["fix: x", "docs: y"], "1.2.4"),
        (["fix!: x", "feat: y"], "2.0.0"),
        (["fix: x\n\nBREAKING CHANGE: gone"], "2.0.0"),
        (["fix: x", "anything"], "1.2.4"),
        (["deprecate: x"], "1.3.0"),
    ],
)
def test_plain_repositories_are_answered(tmp_path: Path, messages: list[str], version: str) -> None:
    repo = released(tmp_path, *messages)
    assert quick_look.next_version(str(repo.path)) == version
    assert usual(repo) == (version, ())


def test_from_a_folder_below_and_without_manifests(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    assert quick_look.next_version(str(repo.path / "src")) == "1.3.0"
    bare_of_files = GitRepo.create(tmp_path / "other")
    bare_of_files.commit("feat: x")
    bare_of_files.tag("0.4.9", annotated=False)
    bare_of_files.commit("feat!: x")
    assert quick_look.next_version(str(bare_of_files.path)) == usual(bare_of_files)[0] == "0.5.0"


def test_reverts_cancel(tmp_path: Path) -> None:
    repo = released(tmp_path, "fix: a")
    feature = repo.commit("feat: b")
    repo.commit(f'Revert "feat: b"\n\nThis reverts commit {feature}.')
    assert quick_look.next_version(str(repo.path)) == usual(repo)[0] == "1.2.4"


def _write(name: str, text: str) -> Callable[[GitRepo], object]:
    return lambda repo: repo.write(name, text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_write("verbump.toml", 'zero_version = "cargo"\n'), id="configuration"),
        pytest.param(_write("pyproject.toml", '[project]\nname="demo"\nversion="1.2.3"\n[tool.verbump]\n'), id="table"),
        pytest.param(_write("cz.toml", ""), id="commitizen"),
        pytest.param(_write("Cargo.toml", WORKSPACE), id="workspace"),
        pytest.param(_write("Cargo.toml", "[package\n"), id="syntax"),
        pytest.param(_write("Cargo.toml", '[package]\nname = "demo"\nversion = "1.2.2"\n'), id="disagrees"),
        pytest.param(_write("pyproject.toml", '[project]\nname = "demo"\nversion = "1.2"\n'), id="spelled-otherwise"),
        pytest.param(_write("pyproject.toml", '[tool.poetry]\nname = "demo"\nversion = "1.2.3"\n'), id="poetry"),
        pytest.param(_write("CHANGELOG.md", CHANGELOG.replace("ed]\n", "ed]\n\n- x\n", 1)), id="unreleased"),
        pytest.param(_write("CHANGELOG.md", CHANGELOG + "```\n"), id="fence"),
        pytest.param(_write("CHANGELOG.md", CHANGELOG + "\n## [1.2.3] - 2026-01-01\n"), id="section-twice"),
        pytest.param(_write("CHANGELOG.md", "text\n"), id="not-followed"),
        pytest.param(lambda repo: repo.tag("v1.3.0-rc.1"), id="candidate"),
        pytest.param(lambda repo: repo.tag("1.2.4", rev="HEAD~1"), id="two-formats"),
        pytest.param(lambda repo: repo.tag("pkg-v9.0.0"), id="other-format"),
        pytest.param(lambda repo: repo.tag("v2026.11"), id="calendar"),
        pytest.param(lambda repo: repo.git("checkout", "-q", "--detach"), id="detached"),
        pytest.param(lambda repo: repo.git("checkout", "-q", "-b", "1.2.x"), id="maintenance"),
        pytest.param(lambda repo: repo.git("config", "remote.origin.tagOpt", "--no-tags"), id="no-tags"),
        pytest.param(lambda repo: repo.git("notes", "--ref=verbump", "add", "-m", "docs: x"), id="note"),
        pytest.param(lambda repo: repo.commit("fix: x\n\nRelease-As: 4.0.0"), id="release-as"),
        pytest.param(lambda repo: repo.commit("fixup! fix: x"), id="fixup"),
        pytest.param(lambda repo: repo.tag("v1.2.9"), id="nothing-new"),
        pytest.param(lambda repo: repo.git("tag", "-d", "v1.2.3"), id="no-tag"),
        pytest.param(lambda repo: (repo.path / "CHANGELOG.md").write_bytes(b"\xff"), id="not-utf-8"),
    ],
)
def test_what_is_not_plain_is_left_to_the_usual_way(tmp_path: Path, change: Callable[[GitRepo], object]) -> None:
    repo = released(tmp_path, "feat: x")
    assert quick_look.next_version(str(repo.path)) == "1.3.0"
    change(repo)
    assert quick_look.next_version(str(repo.path)) is None


def test_higher_tag_elsewhere_and_unfinished_release(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    repo.git("checkout", "-q", "-b", "other", "HEAD~1")
    repo.commit("feat: y")
    repo.tag("v1.9.0")
    repo.git("checkout", "-q", "main")
    assert quick_look.next_version(str(repo.path)) is None
    repo.git("tag", "-d", "v1.9.0")
    journal = repo.path / ".git" / "verbump" / "journal.json"
    journal.parent.mkdir(exist_ok=True)
    assert quick_look.next_version(str(repo.path)) == "1.3.0"
    journal.write_text("{}")
    assert quick_look.next_version(str(repo.path)) is None


def test_no_repository_bare_and_shallow(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    repo.git("push", "-q", "origin", "main", "v1.2.3")
    assert quick_look.next_version(str(tmp_path)) is None
    assert quick_look.next_version(str(tmp_path / "remote.git")) is None
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", f"file://{tmp_path}/remote.git", "clone"], cwd=tmp_path, check=True
    )
    assert quick_look.next_version(str(tmp_path / "clone")) is None


HEADERS = (
    "feat: a",
    "fix: b (#1)",
    "docs: c",
    "feat(x)!: d",
    "perf: e",
    "no form",
    "chore: f",
    "Feat: g",
    "fix(a b): h",
)
BODIES = ("", "", "", "\n\nBREAKING CHANGE: i", "\n\nCloses #1", "\n\nRefs: #2\nReverts #1", "\n\nChangelog: skip")


@pytest.mark.parametrize("seed", range(24))
def test_histories_with_merges_and_reverts(tmp_path: Path, seed: int) -> None:
    """Whatever it answers is what the usual way answers, without a warning."""
    chance = random.Random(seed)
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", files("0.3.1" if seed % 3 == 0 else "1.2.3"))
    repo.tag("v0.3.1" if seed % 3 == 0 else "v1.2.3", annotated=seed % 2 == 0)
    shas = [repo.head()]
    for number in range(chance.randint(1, 9)):
        kind = chance.randint(0, 6)
        if kind == 0:
            header = chance.choice(HEADERS)
            repo.commit(f'Revert "{header}"\n\nThis reverts commit {chance.choice(shas)[: chance.choice((7, 40))]}.')
        elif kind == 1:
            repo.git("checkout", "-q", "-b", f"topic{number}", chance.choice(shas))
            repo.commit(chance.choice(HEADERS) + chance.choice(BODIES))
            repo.git("checkout", "-q", "main")
            repo.merge(f"topic{number}")
        else:
            repo.commit(chance.choice(HEADERS) + chance.choice(BODIES))
        shas.append(repo.head())
    found = quick_look.next_version(str(repo.path))
    if found is not None:
        assert usual(repo) == (found, ())


def test_command_takes_the_quick_way_and_only_for_itself(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    program = "import sys; from verbump.__main__ import main; main(); print(*sorted(sys.modules), sep='\\n')"

    def modules(*words: str, **variables: str) -> set[str]:
        argv = [sys.executable, "-P", "-c", program, *words]
        done = subprocess.run(
            argv,
            cwd=repo.path,
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **variables},
        )
        assert done.stdout.startswith("1.3.0\n")
        return set(done.stdout.split("\n"))

    heavy = {"click", "semver", "subprocess", "pathlib", "jinja2", "git", "commitizen", "msgspec", "rich"}
    assert not heavy & modules("next")
    assert verbump("next", "--offline", cwd=repo.path).stdout == "1.3.0\n"
    assert verbump("next", cwd=repo.path, env={"VERBUMP_NEXT_PRE": "rc"}).stdout == "1.3.0-rc.1\n"
