"""`verbump init` on real repositories: what is proposed, asked, written, refused; the result is one that verbump runs by."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import CARGO, PYPROJECT, released
from support.running import ROOT, run_in_process, run_on_terminal, verbump
from verbump.cli import init
from verbump.planning.adoption import tools

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PLAIN = {"pyproject.toml": PYPROJECT.format(version="0.3.0")}
COMMITIZEN = (
    PLAIN["pyproject.toml"] + '\n[tool.commitizen]\ntag_format = "v$version"\nchangelog_file = "docs/NEWS.md"\n'
)


def repository(tmp_path: Path, files: Mapping[str, str], *messages: str, branch: str = "main") -> GitRepo:
    repo = GitRepo.create(tmp_path / "work", branch=branch)
    repo.commit("feat: begin", files)
    for message in messages:
        repo.commit(message)
    return repo


def test_every_tool_is_a_choice() -> None:
    assert set(tools.TOOLS) == set(init.TOOLS)


def test_what_a_plain_project_needs(tmp_path: Path) -> None:
    repo = repository(tmp_path, PLAIN)

    done = verbump("init", "--yes", cwd=repo.path)

    assert done.code == 0, done.stderr
    assert "no configuration is needed" in done.stderr
    assert repo.read("pyproject.toml").decode() == PLAIN["pyproject.toml"]
    assert b"## [Unreleased]" in repo.read("CHANGELOG.md")
    assert b"id: verbump-check" in repo.read(".pre-commit-config.yaml")
    assert sorted(repo.git("status", "--porcelain").split("\n")) == [
        "?? .pre-commit-config.yaml",
        "?? CHANGELOG.md",
        "?? docs/",
    ]
    assert repo.read("docs/RELEASE.md").startswith(b"# Releasing demo\n")
    assert verbump("next", cwd=repo.path).stdout == "0.3.0\n"


@pytest.mark.parametrize("name", ["RELEASING.md", "docs/RELEASE.md"])
def test_a_release_guide_that_is_there_stays(tmp_path: Path, name: str) -> None:
    repo = repository(tmp_path, {**PLAIN, name: "# How we release\n"})
    assert verbump("init", "--yes", cwd=repo.path).code == 0
    assert repo.read(name) == b"# How we release\n"
    assert (repo.path / "docs" / "RELEASE.md").exists() is (name == "docs/RELEASE.md")


def test_the_diff_is_the_whole_answer(tmp_path: Path) -> None:
    """`verbump init --dry-run | git apply` does what `verbump init --yes` does."""
    repo = repository(tmp_path, {"pyproject.toml": COMMITIZEN, "docs/index.md": "# x\n"})
    dry = verbump("init", "--from", "commitizen", "--dry-run", cwd=repo.path)
    assert dry.code == 0, dry.stderr
    assert repo.git("status", "--porcelain") == ""
    other = GitRepo.clone(repo.path, tmp_path / "other")
    other.git("apply", data=dry.stdout.encode())

    assert verbump("init", "--from", "commitizen", "--yes", cwd=repo.path).code == 0

    names = ["pyproject.toml", "docs/NEWS.md", ".pre-commit-config.yaml"]
    assert [repo.read(name) for name in names] == [other.read(name) for name in names]


def test_twice_is_once(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"pyproject.toml": COMMITIZEN})
    for words in (["init", "--yes"], ["init", "--from", "commitizen", "--yes"]):
        assert verbump(*words, cwd=repo.path).code == 0
        before = repo.snapshot()
        again = verbump(*words, cwd=repo.path)
        assert (again.code, again.stdout) == (0, "")
        assert "nothing to do" in again.stderr
        assert repo.snapshot() == before


def test_before_the_first_commit(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.write("Cargo.toml", CARGO.format(version="0.1.0"))
    assert verbump("init", "--yes", cwd=repo.path).code == 0
    assert b"# Changelog" in repo.read("CHANGELOG.md")


def test_a_changelog_from_history(tmp_path: Path) -> None:
    repo = repository(tmp_path, PLAIN, "fix: not yet")
    repo.tag("v0.3.0", rev="HEAD~1")
    repo.commit("feat: more")
    repo.tag("v0.4.0")
    repo.commit("feat: unreleased")

    assert verbump("init", "--yes", cwd=repo.path).code == 0

    text = repo.read("CHANGELOG.md").decode()
    assert text.index("## [0.4.0]") < text.index("- More") < text.index("## [0.3.0]") < text.index("- Begin")
    assert "- Unreleased" not in text
    assert verbump("changelog", "--check", cwd=repo.path).code == 0


def test_a_changelog_that_is_there_stays(tmp_path: Path) -> None:
    repo = repository(tmp_path, {**PLAIN, "CHANGES.md": "# Changes\n\n## 0.3.0\n\n- x\n"})
    done = verbump("init", "--yes", cwd=repo.path)
    assert done.code == 0
    assert repo.read("CHANGES.md") == b"# Changes\n\n## 0.3.0\n\n- x\n"
    assert not (repo.path / "CHANGELOG.md").exists()
    assert tomllib.loads(repo.read("pyproject.toml").decode())["tool"]["verbump"] == {"changelog": "CHANGES.md"}


def test_a_changelog_that_cannot_be_followed_is_named(tmp_path: Path) -> None:
    repo = repository(tmp_path, {**PLAIN, "CHANGELOG.md": "# Changelog\n\nno heading, just prose\n"})
    done = verbump("init", "--yes", cwd=repo.path)
    assert done.code == 0
    assert "note: CHANGELOG.md:" in done.stderr


def test_a_branch_of_another_name_may_release(tmp_path: Path) -> None:
    repo = repository(tmp_path, PLAIN, branch="trunk")
    assert verbump("init", "--yes", cwd=repo.path).code == 0
    settings = tomllib.loads(repo.read("pyproject.toml").decode())["tool"]["verbump"]
    assert settings == {"release_branches": ["trunk", "main", "master", "[0-9]*.x"]}


def test_a_topic_branch_is_none(tmp_path: Path) -> None:
    repo = repository(tmp_path, PLAIN)
    repo.git("switch", "--quiet", "--create", "topic")
    assert "no configuration is needed" in verbump("init", "--dry-run", cwd=repo.path).stderr


def test_the_remotes_default_branch_counts(tmp_path: Path) -> None:
    repository(tmp_path, PLAIN, branch="develop")
    clone = GitRepo.clone(tmp_path / "work", tmp_path / "clone")
    clone.git("switch", "--quiet", "--create", "topic")
    assert '+release_branches = ["develop", ' in verbump("init", "--dry-run", cwd=clone.path).stdout


def test_another_tool_is_named(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"pyproject.toml": COMMITIZEN})
    said = verbump("init", "--dry-run", cwd=repo.path).stderr
    assert "pyproject.toml [tool.commitizen] configures commitizen: `verbump init --from commitizen` reads it" in said


@pytest.mark.parametrize("words", [["init"], ["init", "--from", "commitizen"], ["init", "--force"]])
def test_without_a_terminal_yes_is_needed_before_anything_is_read(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    done = verbump(*words, cwd=tmp_path / "empty")
    assert done.code == 2
    assert "[needs-yes]" in done.stderr


def test_outside_a_repository(tmp_path: Path) -> None:
    assert verbump("init", "--yes", cwd=tmp_path).code == 2
    assert list(tmp_path.iterdir()) == []


def test_yes_writes_and_anything_else_does_not(tmp_path: Path) -> None:
    repo = repository(tmp_path, PLAIN)
    before = repo.snapshot()
    for answer in ("n\n", "\n", "\x03"):
        asked = run_on_terminal(["init"], repo.path, [("Write this\\?", answer)])
        assert asked.code == 130, asked.stdout
        assert repo.snapshot() == before
    agreed = run_on_terminal(["init"], repo.path, [("Write this\\?", "y\n")])
    assert agreed.code == 0, agreed.stdout
    assert "create CHANGELOG.md" in agreed.stdout
    assert (repo.path / "CHANGELOG.md").exists()


def test_another_configuration_is_replaced_only_by_force(tmp_path: Path) -> None:
    own = '\n# ours\n[tool.verbump]\nsquash = "body"\n\n[tool.verbump.types]\ndocs = { bump = "patch" }\n'
    tail = "\n# not ours\n[tool.black]\nline-length = 88\n"
    repo = repository(tmp_path, {"pyproject.toml": COMMITIZEN + own + tail, "docs/NEWS.md": ""})
    before = repo.snapshot()

    refused = verbump("init", "--from", "commitizen", "--yes", cwd=repo.path)

    assert refused.code == 4
    assert "pyproject.toml [tool.verbump]" in refused.stderr
    assert "[configuration-exists]" in refused.stderr
    assert repo.snapshot() == before

    forced = verbump("init", "--from", "commitizen", "--yes", "--force", cwd=repo.path)

    assert forced.code == 0, forced.stderr
    text = repo.read("pyproject.toml").decode()
    assert text.startswith(COMMITIZEN + "\n# ours\n" + tail.lstrip("\n"))
    settings = tomllib.loads(text)["tool"]["verbump"]
    assert settings["changelog"] == "docs/NEWS.md"
    assert "squash" not in settings
    assert "types" not in settings


def test_a_configuration_stays_without_from(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"pyproject.toml": PLAIN["pyproject.toml"] + '\n[tool.verbump]\nsquash = "body"\n'})
    done = verbump("init", "--yes", "--force", cwd=repo.path)
    assert done.code == 0
    assert "stays as it is" in done.stderr
    assert repo.git("diff", "--name-only") == ""


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("pyproject.toml", '[project]\nname = "x"\n[tool.commitizen]\nname = \n', 4),
        (".cz.toml", "[tool.commitizen]\n\nname = 'a' 'b'\n", 3),
        (".cz.json", '{\n "commitizen": {\n  "name": \n }\n}', 4),
        ("cz.yaml", "commitizen:\n  name: [a\n", 3),
        ("cz.json", '["commitizen"]', 1),
    ],
)
def test_a_file_that_cannot_be_parsed_is_named_with_its_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    repo = repository(tmp_path, {"README.md": "x", name: text})
    done = verbump("init", "--from", "commitizen", "--yes", cwd=repo.path)
    assert done.code == 2
    assert f"error: {name}:{line}: " in done.stderr
    assert repo.git("status", "--porcelain") == ""


def test_a_tool_that_is_not_there(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"pyproject.toml": COMMITIZEN})
    done = verbump("init", "--from", "release-plz", "--yes", cwd=repo.path)
    assert done.code == 2
    assert "looked for release-plz.toml, .release-plz.toml" in done.stderr
    assert "hint: verbump init --from commitizen" in done.stderr


@pytest.mark.parametrize(("word", "meant"), [("comitizen", "commitizen"), ("bumpversion", "bump-my-version")])
def test_a_tool_of_no_such_name(tmp_path: Path, word: str, meant: str) -> None:
    done = verbump("init", "--from", word, "--yes", cwd=tmp_path)
    assert done.code == 2
    assert f"Did you mean '{meant}'?" in done.stderr


def test_what_is_not_carried_over_is_told_by_line(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"pyproject.toml": COMMITIZEN + 'use_shortcuts = true\nfoo = "\\u001b[31m"\n'})
    said = verbump("init", "--from", "commitizen", "--dry-run", cwd=repo.path).stderr
    assert "not carried over from commitizen:\n" in said
    assert "  pyproject.toml:8: tool.commitizen.use_shortcuts: is about `cz commit`" in said
    assert "  pyproject.toml:9: tool.commitizen.foo: verbump has no such setting\n" in said


def test_files_of_hostile_kinds_are_neither_read_nor_written(tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text('[tool.commitizen]\nname = "secret"\n')
    repo = repository(tmp_path, PLAIN)
    (repo.path / ".cz.toml").symlink_to(secret)
    (repo.path / "CHANGELOG.md").symlink_to(tmp_path / "elsewhere.md")
    assert verbump("init", "--from", "commitizen", "--yes", cwd=repo.path).code == 2
    done = verbump("init", "--yes", cwd=repo.path)
    assert done.code == 4
    assert "CHANGELOG.md is a symbolic link" in done.stderr
    assert not (tmp_path / "elsewhere.md").exists()
    assert not (repo.path / ".pre-commit-config.yaml").exists()


def test_whole_or_nothing(tmp_path: Path) -> None:
    """The folder of the last file cannot be written to: what was written before it is taken back."""
    repo = repository(tmp_path, {"pyproject.toml": COMMITIZEN, "docs/x": ""})
    (repo.path / "docs" / "NEWS.md").mkdir()
    before = repo.snapshot()
    done = verbump("init", "--from", "commitizen", "--yes", cwd=repo.path)
    assert done.code == 4, done.stderr
    assert repo.snapshot() == before


def test_a_release_follows(tmp_path: Path) -> None:
    """What init writes is committed, and the release after it is made by it."""
    repo = released(tmp_path, "feat: x", more={"release-plz.toml": "[workspace]\nchangelog_update = true\n"})
    done = verbump("init", "--yes", cwd=repo.path)
    assert done.code == 0
    repo.git("add", "--all")
    repo.commit("chore: adopt verbump")
    assert verbump("release", "--yes", cwd=repo.path).code == 0
    assert repo.oid("refs/tags/v1.3.0")


def test_the_hook_works_in_git(tmp_path: Path) -> None:
    """The command of the entry, run as a commit-msg hook, lets good messages through and no others."""
    repo = repository(tmp_path, PLAIN)
    assert verbump("init", "--yes", cwd=repo.path).code == 0
    entry = next(line for line in repo.read(".pre-commit-config.yaml").decode().split("\n") if "entry:" in line)
    words = entry.partition("entry: verbump ")[2].split()
    for message, code in (("feat: fine", 0), ("nonsense", 1)):
        repo.write(".git/COMMIT_EDITMSG", message)
        assert verbump(*words, ".git/COMMIT_EDITMSG", cwd=repo.path).code == code


def test_help_reads_no_translator() -> None:
    code = (
        "import sys, verbump.cli.init; print(*(name for name in sys.modules if 'adoption' in name or name == 'yaml'))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], check=True, cwd=ROOT, capture_output=True)
    assert done.stdout == b"\n"


def test_workflows_where_the_remote_is_on_github(tmp_path: Path) -> None:
    repo = repository(tmp_path, {**PLAIN, "tests/test_x.py": ""})
    repo.tag("demo-v0.3.0")
    repo.git("remote", "add", "origin", "https://github.com/octo/demo.git")
    done = verbump("init", "--yes", cwd=repo.path)
    assert done.code == 0, done.stderr
    assert b'tags: ["demo-v[0-9]+.[0-9]+.[0-9]+*"]' in repo.read(".github/workflows/release.yml")
    assert verbump("workflows", "--check", cwd=repo.path).code == 0
    assert verbump("init", "--yes", cwd=repo.path).stdout == ""


def test_a_workflow_that_is_there_stays(tmp_path: Path) -> None:
    repo = repository(tmp_path, {**PLAIN, ".github/workflows/release.yml": "on: push\n"})
    repo.git("remote", "add", "origin", "git@github.com:octo/demo.git")
    done = verbump("init", "--yes", cwd=repo.path)
    assert done.code == 0, done.stderr
    assert "note: no workflows: .github/workflows/release.yml was not written by verbump" in done.stderr
    assert repo.read(".github/workflows/release.yml") == b"on: push\n"


CRATE = CARGO.format(version="0.3.0")
LAYOUTS: dict[str, tuple[dict[str, str], list[str], dict[str, object]]] = {
    "a folder": (
        {"python/pyproject.toml": PLAIN["pyproject.toml"]},
        ["v0.3.0"],
        {"manifests": ["python/pyproject.toml"]},
    ),
    "one version, no tags": (
        {"a/Cargo.toml": CRATE, "b/pyproject.toml": PLAIN["pyproject.toml"]},
        [],
        {"manifests": ["a/Cargo.toml", "b/pyproject.toml"]},
    ),
    "two versions of one name": (
        {"a/Cargo.toml": CARGO.format(version="1.0.0"), "x/b/pyproject.toml": PLAIN["pyproject.toml"]},
        [],
        {"packages": [{"name": "demo", "path": "a"}, {"name": "x-b", "path": "x/b"}]},
    ),
    "one version, tags of their own": (
        {"a/Cargo.toml": CRATE, "b/pyproject.toml": PLAIN["pyproject.toml"].replace("demo", "other")},
        ["demo-v0.3.0", "other-v0.3.0"],
        {"packages": [{"name": "demo", "path": "a"}, {"name": "other", "path": "b"}]},
    ),
    "a module of a folder": (
        {
            "python/pyproject.toml": '[project]\nname = "demo"\ndynamic = ["version"]\n'
            '[tool.hatch.version]\npath = "demo.py"\n',
            "python/demo.py": '__version__ = "0.3.0"\n',
        },
        ["v0.3.0"],
        {"manifests": ["python/demo.py"]},
    ),
    "manifests to be tested, shown, helped by, or broken": (
        {
            "tests/x/Cargo.toml": CRATE,
            "examples/pyproject.toml": PLAIN["pyproject.toml"],
            ".github/x/pyproject.toml": PLAIN["pyproject.toml"],
            "xtask/Cargo.toml": CRATE + "publish = false\n",
            "broken/Cargo.toml": "[package\n",
            "lint/pyproject.toml": "[tool.ruff]\n",
        },
        ["v0.3.0"],
        {},
    ),
    "a project at the top": (
        {"Cargo.toml": CRATE, "python/pyproject.toml": PYPROJECT.format(version="1.0.0")},
        ["v0.3.0"],
        {},
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_where_projects_lie(tmp_path: Path, name: str) -> None:
    files, tags, expected = LAYOUTS[name]
    repo = repository(tmp_path, files)
    for tag in tags:
        repo.tag(tag)
    done = run_in_process("init", "--yes", cwd=repo.path)
    assert done.code == 0, done.stderr
    target = repo.path / "verbump.toml"
    assert (tomllib.loads(target.read_text()) if target.exists() else {}) == expected


def test_a_manifest_that_would_be_forgotten_is_named(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"Cargo.toml": CRATE, "python/pyproject.toml": PLAIN["pyproject.toml"]})
    repo.tag("v0.3.0")
    said = run_in_process("init", "--dry-run", cwd=repo.path).stderr
    assert "note: python/pyproject.toml states 0.3.0 too, and would not be released with it" in said
    repo.write("verbump.toml", 'manifests = ["Cargo.toml", "python/pyproject.toml"]\n')
    assert "states 0.3.0 too" not in run_in_process("init", "--dry-run", cwd=repo.path).stderr
