"""notes, changelog, demo, schema, completion, help; and how errors reach a person."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import released
from support.running import ROOT, verbump
from verbump.cli.main import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path


def test_notes_of_the_coming_and_of_a_released_version(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams (#7)")
    short = repo.head()[:7]
    assert verbump("notes", cwd=repo.path).stdout == f"### Added\n\n- Streams (#7, {short})\n"
    for name in ("1.2.3", "v1.2.3"):
        assert verbump("notes", name, cwd=repo.path).stdout == "### Fixed\n\n- Something.\n"
    data = verbump("notes", "--format", "json", cwd=repo.path).json
    assert data["version"] == "1.3.0"
    assert data["categories"][0]["entries"][0]["description"] == "Streams"


def test_notes_of_an_unknown_version(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    result = verbump("notes", "9.9.9", cwd=repo.path)
    assert (result.code, result.stdout) == (4, "")
    assert "[version-unknown]" in result.stderr


def test_notes_with_nothing_to_release(tmp_path: Path) -> None:
    assert verbump("notes", cwd=released(tmp_path).path).code == 3


def test_output_file(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    target = tmp_path / "notes.md"
    assert verbump("notes", "-o", str(target), cwd=repo.path).stdout == ""
    assert target.read_text().startswith("### Added")
    assert verbump("notes", "-o", str(tmp_path / "no" / "x"), cwd=repo.path).code == 2
    assert verbump("notes", "-o", "-", cwd=repo.path).stdout == target.read_text()
    assert not (repo.path / "-").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_output_into_what_is_no_file_is_written_there_and_replaces_nothing(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert verbump("notes", "-o", str(pipe), cwd=repo.path).code == 0
    assert os.read(reader, 100).startswith(b"### Added")
    os.close(reader)
    assert pipe.is_fifo()


def test_changelog_section(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    result = verbump("changelog", cwd=repo.path)
    assert result.stdout.startswith("## [1.3.0] - 2026-11-23\n\n### Added\n\n- Streams (")


def test_changelog_write_then_release_tells_nothing_twice(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams", "fix: leak")
    before = repo.git("status", "--porcelain")
    assert verbump("changelog", "--write", cwd=repo.path).code == 0
    assert repo.git("status", "--porcelain") != before
    text = repo.read("CHANGELOG.md")
    assert verbump("changelog", "--write", cwd=repo.path).code == 0
    assert repo.read("CHANGELOG.md") == text, "writing again changes nothing"
    repo.git("commit", "--quiet", "-am", "docs: changelog")

    assert verbump("release", "--yes", cwd=repo.path).code == 0

    released_text = repo.read("CHANGELOG.md").decode()
    assert released_text.count("Streams") == released_text.count("Leak") == 1
    assert "v1.3.0" in repo.git("tag")


def history(tmp_path: Path) -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: one", {"a": ""})
    repo.tag("v0.1.0")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("feat: side", {"side": ""})
    repo.git("checkout", "--quiet", "main")
    repo.commit("fix: two")
    repo.tag("v0.1.1")
    repo.git("merge", "--quiet", "--no-ff", "-m", "Merge side", "side")
    repo.tag("v0.2.0")
    repo.commit("feat: unreleased")
    return repo


@pytest.mark.case("R27")
def test_whole_changelog_gives_each_commit_to_its_first_release(tmp_path: Path) -> None:
    repo = history(tmp_path)
    text = verbump("changelog", "--all", cwd=repo.path).stdout
    sections = text.split("\n## ")[1:]
    assert [each.split(" ")[0].split("\n")[0] for each in sections] == ["[Unreleased]", "[0.2.0]", "[0.1.1]", "[0.1.0]"]
    assert "Side" in sections[1]
    assert "Two" in sections[2]
    assert "One" in sections[3]
    assert "unreleased (" not in text
    data = verbump("changelog", "--all", "--format", "json", cwd=repo.path).json
    assert data["markdown"] == text
    assert [each["version"] for each in data["sections"]] == [None, "0.2.0", "0.1.1", "0.1.0"]
    assert data["sections"][1]["body"] in text


def test_whole_changelog_keeps_what_is_there(tmp_path: Path) -> None:
    repo = history(tmp_path)
    repo.commit(
        "docs: by hand", {"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [0.1.1] - 2020-01-01\n\n- By hand.\n"}
    )
    assert verbump("changelog", "--all", "--write", cwd=repo.path).code == 0
    text = repo.read("CHANGELOG.md").decode()
    assert "## [0.1.1] - 2020-01-01\n\n- By hand.\n" in text
    assert text.index("[0.2.0]") < text.index("[0.1.1]") < text.index("[0.1.0]")
    assert verbump("changelog", "--check", cwd=repo.path).code == 0


def test_changelog_check(tmp_path: Path) -> None:
    repo = released(tmp_path)
    assert verbump("changelog", "--check", cwd=repo.path).code == 0
    repo.write("CHANGELOG.md", "# C\n\n## [1.0.0]\n\n## [1.0.1] - 2020-01-01\n")
    result = verbump("changelog", "--check", cwd=repo.path)
    assert result.code == 1
    assert result.stdout.startswith("CHANGELOG.md:3: 1.0.0 has no date [changelog-date]\n")
    assert "CHANGELOG.md:5: 1.0.1 stands below 1.0.0 [changelog-order]" in result.stdout
    (repo.path / "CHANGELOG.md").unlink()
    assert verbump("changelog", "--check", cwd=repo.path).code == 1


@pytest.mark.case("S11")
def test_symlinked_changelog_is_not_written_through(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    outside = tmp_path / "outside.md"
    outside.write_bytes(repo.read("CHANGELOG.md"))
    (repo.path / "CHANGELOG.md").unlink()
    (repo.path / "CHANGELOG.md").symlink_to(outside)
    before = outside.read_bytes()
    assert verbump("changelog", "--write", cwd=repo.path).code == 4
    repo.git("commit", "--quiet", "-am", "chore: link")
    assert verbump("release", "--yes", cwd=repo.path).code == 4
    assert outside.read_bytes() == before


LOCALES = ["C", "POSIX", "C.UTF-8", "en_US.ISO-8859-1", "tr_TR.UTF-8", ""]


@pytest.mark.parametrize("locale", LOCALES)
def test_demo_anywhere(tmp_path: Path, locale: str) -> None:
    """No network, no git identity, any locale, a home that does not exist."""
    env = {
        "LC_ALL": locale,
        "LANG": locale,
        "HOME": str(tmp_path / "none"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PYTHONUTF8": "0",
    }
    result = verbump("demo", cwd=tmp_path, env=env)
    assert result.code == 0, result.stdout + result.stderr
    for words in ("v0.5.0", "0.4.1 -> 0.5.0 (minor)", '+version = "0.5.0"', "Read from streams"):
        assert words in result.stdout
    assert "asyncio bridge (" not in result.stdout.split("Its changelog section")[1]


def test_demo_is_kept_where_asked(tmp_path: Path) -> None:
    target = tmp_path / "demo"
    assert verbump("demo", "--keep", str(target), cwd=tmp_path).code == 0
    assert "v0.5.0" in GitRepo(target / "ferrite").git("tag")
    assert verbump("demo", "--keep", str(target), cwd=tmp_path).code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(tmp_path: Path, shell: str) -> None:
    assert "_VERBUMP_COMPLETE" in verbump("completion", shell, cwd=tmp_path).stdout


@pytest.mark.parametrize("which", ["config", "next", "plan", "preview"])
def test_schema(tmp_path: Path, which: str) -> None:
    assert verbump("schema", which, cwd=tmp_path).json["$schema"]


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_has_an_example_and_fits(tmp_path: Path, name: str) -> None:
    words = [name] if name else []
    result = verbump(*words, "--help", cwd=tmp_path)
    assert result.code == 0
    assert max(len(line) for line in result.stdout.split("\n")) <= 80
    assert ("\n  Example: " in result.stdout) or not name
    assert "\\b" not in result.stdout
    assert verbump(*words, "-h", cwd=tmp_path) == result


def test_help_loads_no_command(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom verbump.cli import main\n"
        "try: main.run(['--help'])\nexcept SystemExit: pass\n"
        "sys.exit(bool({'verbump.cli.next','git','rich','semver','jinja2','msgspec','tomlkit'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT).returncode == 0


def test_next_imports_nothing_heavy(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    code = (
        "import sys\nfrom verbump.cli import main\n"
        "try: main.run(['next'])\nexcept SystemExit: pass\n"
        "heavy = {'git','rich','jinja2','msgspec','tomlkit','commitizen','packaging','filelock','keepachangelog'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=repo.path, env=env)
    assert done.returncode == 0, done.stderr.decode()


def test_version(tmp_path: Path) -> None:
    from verbump import __version__

    assert verbump("--version", cwd=tmp_path).stdout == f"verbump {__version__}\n"


TYPOS = [
    (["nxt"], "Did you mean 'next'?"),
    (["next", "--explian"], "--explain"),
    (["release", "--yse"], "--yes"),
    (["next", "--bump", "huge"], "major"),
    ([], "Usage"),
]


@pytest.mark.parametrize(("words", "said"), TYPOS)
def test_typos(tmp_path: Path, words: list[str], said: str) -> None:
    result = verbump(*words, cwd=tmp_path)
    assert (result.code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_bug_is_reported_without_a_traceback(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    code = (
        "import sys\nfrom verbump.effects import read\n"
        "def broken(options): raise RuntimeError('boom')\nread.read_snapshot = broken\n"
        "from verbump.cli import main\nmain.run(sys.argv[1:])\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    for words, has_traceback in ((["next"], False), (["-vv", "next"], True)):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, cwd=repo.path, env=env)
        said = done.stderr.decode()
        assert done.returncode == 70
        assert "RuntimeError: boom" in said
        assert ("Traceback" in said) is has_traceback


def test_closed_pipe_is_no_error(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    command = f"{sys.executable} -P -m verbump changelog --all | true"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, shell=True, capture_output=True, cwd=repo.path, env=env)
    assert done.stderr == b""


@pytest.mark.case("S06")
def test_log_of_a_workflow_gets_no_command(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: ::add-mask::x", "::error::boo", "##[error]x")
    for words in (["next", "--explain"], ["release", "--dry-run"]):
        result = verbump(*words, cwd=repo.path, env={"GITHUB_ACTIONS": "true"})
        for line in (result.stdout + result.stderr).split("\n"):
            assert not line.lstrip().startswith(("::", "##["))


def test_missing_git(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    result = verbump("next", cwd=repo.path, env={"PATH": str(tmp_path)})
    assert result.code == 4
    assert "[git-missing]" in result.stderr


def test_directory_option(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    assert verbump("-C", str(repo.path), "next", cwd=tmp_path).stdout == "1.3.0\n"
    repo.write("sub/x", "")
    assert verbump("-C", "work/sub", "notes", "-o", "here.md", cwd=tmp_path).code == 0
    assert (repo.path / "sub" / "here.md").is_file()
    for wrong in (tmp_path / "none", repo.path / "CHANGELOG.md"):
        result = verbump("-C", str(wrong), "next", cwd=tmp_path)
        assert (result.code, result.stdout) == (2, "")
        assert "[no-such-folder]" in result.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_output_into_what_is_no_file_is_written_there(tmp_path: Path) -> None:
    # `-o /dev/null` as root once replaced the device with a file, for every program of the machine.
    repo = released(tmp_path, "feat: something")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()

    result = verbump("notes", "-o", str(pipe), cwd=repo.path)

    assert result.code == 0, result.stderr
    assert pipe.is_fifo()
    reader.join(timeout=10)
    assert "Something" in read[0]
