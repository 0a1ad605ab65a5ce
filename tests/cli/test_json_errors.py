"""`--format json` writes JSON whatever the exit code. Source: commands.md."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = {
    "next": [],
    "release": ["--dry-run", "--no-push"],
    "preview": [],
    "check": [],
    "verify": [],
    "doctor": ["--offline"],
    "notes": [],
    "changelog": [],
    "workflows": ["--check"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_repository(tmp_path: Path, name: str) -> None:
    env = {"GIT_CEILING_DIRECTORIES": os.fspath(tmp_path)}
    done = verbump(name, *COMMANDS[name], "--format", "json", cwd=tmp_path, env=env)
    assert done.code == 2
    assert done.json["schema"] == 1
    assert [each["code"] for each in done.json["problems"]] == ["not-a-repository"]
    assert "[not-a-repository]" in done.stderr


@pytest.mark.parametrize("name", ["next", "release", "notes", "changelog"])
def test_nothing_to_release(tmp_path: Path, name: str) -> None:
    repo = GitRepo.create(tmp_path / "repo")
    repo.commit("chore: start", {"pyproject.toml": '[project]\nname = "p"\nversion = "1.0.0"\n'})
    repo.git("tag", "v1.0.0")
    done = verbump(name, *COMMANDS[name], "--format", "json", cwd=repo.path)
    assert done.code == 3
    assert isinstance(done.json["problems"], list)


def test_an_unknown_version(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "repo")
    repo.commit("chore: start", {"pyproject.toml": '[project]\nname = "p"\nversion = "1.0.0"\n'})
    done = verbump("notes", "9.9.9", "--format", "json", cwd=repo.path)
    assert done.code == 4
    assert done.json["problems"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("options", "code", "problem"),
    [
        (["--resume"], 3, "nothing-to-resume"),
        (["--abort"], 3, "nothing-to-abort"),
        ([], 2, "needs-yes"),
        (["--resume", "--abort"], 2, "usage"),
        (["--tag-merged", "--yes"], 4, "no-remote"),
        (["2.0", "--yes"], 2, "version-invalid"),
    ],
    ids=str,
)
def test_release_without_a_plan(tmp_path: Path, options: list[str], code: int, problem: str) -> None:
    repo = GitRepo.create(tmp_path / "repo")
    repo.commit("chore: start", {"pyproject.toml": '[project]\nname = "p"\nversion = "1.0.0"\n'})
    done = verbump("release", *options, "--format", "json", cwd=repo.path)
    assert done.code == code, done.stderr
    assert [each["code"] for each in done.json["problems"]] == [problem]
    assert done.json["next"] is None
    assert done.json["actions"] == []


@pytest.mark.case("S18")
@pytest.mark.parametrize(
    "text", ["a." * 2000 + "a = 1\n", "a = " + "[" * 20_000 + "]" * 20_000 + "\n"], ids=["keys", "arrays"]
)
def test_a_configuration_that_is_too_deep(tmp_path: Path, text: str) -> None:
    repo = GitRepo.create(tmp_path / "repo")
    repo.commit("feat: start", {"verbump.toml": text})
    done = verbump("next", "--format", "json", cwd=repo.path)
    assert (done.code, done.json["problems"][0]["code"]) == (2, "configuration-syntax"), done.stderr
    assert done.json["problems"][0]["message"].startswith("verbump.toml")


@pytest.mark.case("S18")
@pytest.mark.parametrize("value", ["[" * 20_000 + "]" * 20_000, "[" * 5_000 + "]" * 5_000, "9" * 5_000])
@pytest.mark.parametrize("name", ["pyproject.toml", "Cargo.toml"])
def test_a_manifest_that_is_too_deep(tmp_path: Path, name: str, value: str) -> None:
    """Without a setting and as a plain `next`, which looks at it the quick way first."""
    repo = GitRepo.create(tmp_path / "repo")
    table = "project" if name == "pyproject.toml" else "package"
    repo.commit("feat: start", {name: f'[{table}]\nname = "p"\nversion = "1.0.0"\n[tool.x]\na = {value}\n'})
    repo.tag("v1.0.0")
    repo.commit("feat: more")
    done = verbump("next", cwd=repo.path)
    assert (done.code, done.stdout) == (0, "1.1.0\n"), done.stderr[-300:]
    assert f"{name}:" in done.stderr
    assert "[manifest-syntax]" in done.stderr
