"""docs/RELEASE.md for projects of each kind: nine sections, true for the project, every command one that there is."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import click
import pytest

from support.git_repo import GitRepo
from support.running import ROOT
from verbump.cli.main import cli
from verbump.effects import read_workflows
from verbump.planning import release_guide
from verbump.planning.release_guide import Guide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbump.planning.workflows.shape import Facts

SECTIONS = [
    "Prerequisites",
    "Release process and version numbers",
    "Automated release",
    "Manual release",
    "Publishing",
    "Cross-platform builds",
    "Troubleshooting",
    "Checklist",
    "Additional resources",
]
PYO3 = (
    '[package]\nname = "quant-core"\nversion = "1.2.3"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n'
    '[dependencies]\npyo3 = { version = "0.27", features = ["abi3-py311"] }\n'
)
MATURIN = (
    '[build-system]\nrequires = ["maturin>=1"]\nbuild-backend = "maturin"\n\n'
    '[project]\nname = "quant"\nversion = "1.2.3"\nrequires-python = ">=3.11"\n'
)
PROJECTS = {
    "pure": {"pyproject.toml": '[project]\nname = "pure"\nversion = "1.2.3"\nrequires-python = ">=3.11"\n'},
    "program": {"Cargo.toml": '[package]\nname = "tool"\nversion = "1.2.3"\n', "src/main.rs": "fn main() {}\n"},
    "private": {"Cargo.toml": '[package]\nname = "tool"\nversion = "1.2.3"\npublish = false\n', "src/main.rs": ""},
    "both": {"Cargo.toml": PYO3, "pyproject.toml": MATURIN, "src/lib.rs": ""},
}


def facts_of(tmp_path: Path, name: str) -> Facts:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", PROJECTS[name])
    return read_workflows.read_facts(read_workflows.Reading(directory=repo.path))


def guide_of(tmp_path: Path, name: str, *, on_github: bool = True) -> str:
    facts = facts_of(tmp_path, name)
    page = "https://github.com/octo/demo" if on_github else ""
    return release_guide.render_guide(Guide(facts=facts, on_github=on_github, has_workflow=on_github, page=page))


def commands_in(text: str) -> Iterator[list[str]]:
    """Everything that reads as a command of verbump's: in a block, or between backticks."""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (shlex.split(line) for line in block.splitlines())
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for span in re.findall(r"`(verbump [^`]*)`", prose):
        yield shlex.split(span)


def check_command(words: list[str]) -> None:
    """Raises where verbump has no such command or option. The command is not carried out."""
    if words[0] != "verbump" or words[1] == "COMMAND":
        assert words[0] in {"verbump", "git"}, words
        return
    group: click.Command = cli
    rest = words[1:]
    context = click.Context(cli)
    while isinstance(group, click.Group):
        found = group.get_command(context, rest.pop(0))
        assert found is not None, words
        group = found
    group.make_context("verbump", rest, resilient_parsing=False)


@pytest.mark.parametrize("on_github", [True, False])
@pytest.mark.parametrize("name", PROJECTS)
def test_nine_sections_and_commands_that_there_are(tmp_path: Path, name: str, on_github: bool) -> None:
    text = guide_of(tmp_path, name, on_github=on_github)

    assert re.findall(r"^## \d\. (.*)$", text, re.MULTILINE) == SECTIONS
    for number, title in enumerate(SECTIONS, 1):
        anchor = f"{number}-" + title.lower().replace(" ", "-")
        assert f"{number}. [{title}](#{anchor})" in text
    commands = list(commands_in(text))
    assert len(commands) > 10
    for words in commands:
        check_command(words)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        columns = {line.replace("\\|", "").count("|") for line in table.splitlines()}
        assert len(columns) == 1, table
    assert not re.search(r"\{\{|\{%|\bNone\b|\n\n\n", text)


# A secret on a command line, which everybody on the machine can read; quarantine taken off in place of a signature; and
# runners that are gone.
UNSOUND = re.compile(
    r"--password|--token|pypi-\w{4}|-p \$|xattr|quarantine|ubuntu-(?:1\d|20)|[Uu]buntu (?:1\d|20)|macos-1[0-4]"
)


@pytest.mark.case("M21")
@pytest.mark.parametrize("on_github", [True, False])
@pytest.mark.parametrize("name", PROJECTS)
def test_no_secret_on_a_command_line_and_no_dead_runner(tmp_path: Path, name: str, on_github: bool) -> None:
    assert UNSOUND.findall(guide_of(tmp_path, name, on_github=on_github)) == []
    assert UNSOUND.search("twine upload -u __token__ --password pypi-AgEI dist/*")


@pytest.mark.parametrize(
    ("name", "said", "not_said"),
    [
        (
            "pure",
            ["publish pypi", "pure Python", "`pypi`"],
            ["cargo", "Rust", "crates", "maturin", "GLIBC", "--universal2"],
        ),
        (
            "program",
            ["publish crates", "Rust", "an archive of `tool`"],
            ["pip install tool", "publish pypi", "pyproject"],
        ),
        ("private", ["an archive of `tool`"], ["publish crates", "publish pypi", "cargo add"]),
        (
            "both",
            ["publish pypi", "publish crates", "maturin", "abi3", "--universal2", "`1.3.0rc1` for Python"],
            ["pure Python"],
        ),
    ],
)
def test_it_is_true_for_the_project(tmp_path: Path, name: str, said: list[str], not_said: list[str]) -> None:
    text = guide_of(tmp_path, name)

    assert [each for each in said if each not in text] == []
    assert [each for each in not_said if each in text] == []


def test_without_github_there_is_no_workflow_to_wait_for(tmp_path: Path) -> None:
    text = guide_of(tmp_path, "pure", on_github=False)

    assert "No workflow is set up" in text
    assert "publish github" not in text
    assert ".github" not in text


def test_names_cannot_be_markup(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "pure")

    text = release_guide.render_guide(
        Guide(facts=replace(facts, default_branch="x`|<b>\n# no"), on_github=True, has_workflow=True)
    )

    assert "<b>" not in text
    assert "\n# no" not in text


def test_verbumps_own() -> None:
    facts = read_workflows.read_facts(read_workflows.Reading(directory=ROOT))
    guide = Guide(facts=replace(facts, default_branch="main"), on_github=True, has_workflow=True)

    assert (ROOT / "docs" / "RELEASE.md").read_text(encoding="utf-8") == release_guide.render_guide(guide)
