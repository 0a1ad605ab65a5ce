"""Every example of a `--help`, and every line of the README, run by a shell as a reader would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from docs import make_reference
from effects.test_build import PURE
from effects.test_github_publish import CONTENTS, write_dist
from support import packages
from support.git_repo import GitRepo
from support.projects import released
from support.running import ROOT
from verbump.domain import distributions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from support.github_server import GitHubServer

EXAMPLES = {words: make_reference.example_of(command) for words, command, _ in make_reference.commands()}


def project(tmp_path: Path) -> GitRepo:
    """Released as 1.2.3, with two commits since."""
    repo = released(tmp_path, "feat: streams", "fix: a leak")
    write_dist(repo.path / "dist", CONTENTS)
    return repo


def of_commitizen(tmp_path: Path) -> GitRepo:
    return released(
        tmp_path, "feat: x", more={".cz.toml": '[tool.commitizen]\nversion = "1.2.3"\ntag_format = "v$version"\n'}
    )


def built(tmp_path: Path) -> GitRepo:
    """A released Python project with what its build made."""
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {**PURE, ".gitignore": "dist/\n"})
    repo.tag("v1.2.3")
    repo.commit("fix: a leak")
    repo.add_remote(tmp_path / "remote.git")
    dist = repo.path / "dist"
    dist.mkdir()
    code = f"import sys; sys.path.insert(0, '.'); import backend; backend.build_wheel({str(dist)!r}); backend.build_sdist({str(dist)!r})"
    subprocess.run([sys.executable, "-B", "-c", code], cwd=repo.path, check=True)
    write_dist(dist, {path.name: path.read_bytes() for path in dist.iterdir()})
    return repo


def program(tmp_path: Path) -> GitRepo:
    """A program and a package for Python, with the sums of what was built."""
    repo = GitRepo.create(tmp_path / "work")
    files = {"Cargo.toml": packages.CARGO, "pyproject.toml": packages.PYPROJECT, "src/main.rs": "fn main() {}\n"}
    repo.commit("feat: begin", {**files, "LICENSE": "MIT\n"})
    repo.tag("v1.3.0")
    repo.git("remote", "add", "origin", "https://github.com/acme/demo.git")
    (repo.path / "dist").mkdir()
    (repo.path / "dist" / "SHA256SUMS").write_text(distributions.render_sums(packages.sums(packages.ALL)))
    return repo


def on_a_branch(tmp_path: Path) -> GitRepo:
    repo = project(tmp_path)
    repo.git("switch", "--quiet", "-c", "topic")
    repo.commit("feat: something")
    return repo


def at_the_tag(tmp_path: Path) -> GitRepo:
    repo = released(tmp_path)
    write_dist(repo.path / "dist", CONTENTS)
    return repo


# Where the usual project will not do: another one, or another exit status (a check that finds something).
PROJECTS: Mapping[str, Callable[[Path], GitRepo]] = {
    "verbump init": of_commitizen,
    "verbump doctor": built,
    "verbump verify": built,
    "verbump preview": on_a_branch,
    **{words: program for words in EXAMPLES if words.startswith("verbump package")},
    "verbump publish": at_the_tag,
    "verbump publish github": at_the_tag,
}
STATUS = {"verbump check": 1}
# These have tests of their own: they need a compiler, an index, cargo.
SLOW = {"verbump build", "verbump publish pypi", "verbump publish crates"}
DIGEST = "0" * 64  # what "…" stands for in an image's name


def shell(
    line: str, cwd: Path, tmp_path: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a line as typed, `verbump` being this one."""
    shim = tmp_path / "shim"
    shim.mkdir(exist_ok=True)
    (shim / "verbump").write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m verbump "$@"\n')
    (shim / "verbump").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{shim}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        **(env or {}),
    }
    return subprocess.run(
        ["bash", "-c", line], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the examples are for a shell")


@pytest.mark.parametrize("words", sorted({words for words, example in EXAMPLES.items() if example} - SLOW))
def test_example_of_help_works(words: str, tmp_path: Path, server: GitHubServer) -> None:
    repo = PROJECTS.get(words, project)(tmp_path)
    env = {}
    if words.startswith("verbump publish"):
        server.world.host("octo/demo", GitRepo(tmp_path / "remote.git"))
        env = server.environment("octo/demo", server.world.actions_token())
    done = shell(EXAMPLES[words].replace("…", DIGEST), repo.path, tmp_path, env)
    assert done.returncode == STATUS.get(words, 0), done.stdout + done.stderr


def test_only_groups_have_no_example() -> None:
    assert [words for words, example in EXAMPLES.items() if not example] == ["verbump"]


def test_lines_of_the_readme_work(tmp_path: Path) -> None:
    """From the second block on: the first installs, which .ci/run does; the last runs this suite."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```sh\n(.+?)^ *```", text, re.MULTILINE | re.DOTALL)[1:-1]
    assert len(blocks) == 6
    name = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.invalid"}
    name |= {each.replace("AUTHOR", "COMMITTER"): value for each, value in name.items()}
    folder, expected = (
        tmp_path,
        ["Kept: ", '+version = "0.5.1rc1"', "+## [0.5.0]", "refs/tags/v0.5.1", "0.5.2", 'compat = "commitizen"'],
    )
    for block, said in zip(blocks, expected, strict=True):
        done = shell(block, folder, tmp_path, name)
        assert done.returncode == 0, done.stdout + done.stderr
        assert said in done.stdout + done.stderr, block
        folder = tmp_path / "demo" / "ferrite"


NAMED = re.compile(r"(?:`|^ *\$ |&& |^ *(?:- )?run: |^ *)verbump ((?:publish )?[a-z]+)\b", re.MULTILINE)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_only_commands_that_are_there(page: Path) -> None:
    known = set(EXAMPLES)
    code = "\n".join(
        re.findall(r"^ *```.*?^ *```|`verbump [^`]+`", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )
    named = set(NAMED.findall(code))
    assert {
        words for words in named if f"verbump {words}" not in known and f"verbump {words.split()[0]}" not in known
    } == set()
