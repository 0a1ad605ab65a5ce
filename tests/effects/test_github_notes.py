"""Release notes beyond the changelog: contributors by account, the comparison, checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import projects
from support.git_repo import GitRepo
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path

    from support.github_server import GitHubServer

NAME = "octo/demo"
SETTINGS = "\n[tool.verbump.notes]\ncontributors = true\nchecksums = true\n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Commits by two accounts, a bot, somebody without an account and somebody of two addresses since v1.2.3."""
    made = projects.released(tmp_path)
    text = projects.PYPROJECT.format(version="1.2.3") + SETTINGS
    by(made, "Alice", "alice@example.invalid", "chore: settings", {"pyproject.toml": text})
    by(made, "Test", "test@example.invalid", "feat: streams")
    by(made, "Bob *B*", "bob@example.invalid", "fix: a leak")
    by(made, "Alice at work", "alice@work.invalid", "fix: another")
    by(made, "deps[bot]", "deps@example.invalid", "build(deps): x")
    by(made, "No @account", "none@example.invalid", "docs: x")
    made.git("push", "--quiet", "origin", "HEAD")
    return made


def by(repo: GitRepo, name: str, email: str, message: str, files: dict[str, str | bytes] | None = None) -> None:
    for path, content in (files or {}).items():
        repo.write(path, content)
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--allow-empty", f"--author={name} <{email}>", f"--message={message}")


def test_contributors_by_account(server: GitHubServer, repo: GitRepo, tmp_path: Path) -> None:
    for login, *emails in (
        ("maintainer", "test@example.invalid"),
        ("alice", "alice@example.invalid", "alice@work.invalid"),
    ):
        for email in emails:
            server.world.account(login, email=email)
    server.world.host(NAME, GitRepo(tmp_path / "remote.git"))
    env = server.environment(NAME, server.world.token())

    notes = verbump("notes", cwd=repo.path, env=env)

    assert (notes.code, notes.stderr) == (0, "")
    assert notes.stdout.endswith(
        "### Contributors\n\n"
        "- @alice, for the first time\n"
        "- @maintainer\n"
        "- Bob \\*B\\*, for the first time\n"
        "- No @\u200baccount, for the first time\n"
    )
    data = verbump("notes", "--format", "json", cwd=repo.path, env=env).json
    assert data["contributors"][0] == {"name": "Alice", "login": "alice", "first": True}
    assert data["contributors"][2] == {"name": "Bob *B*", "login": None, "first": True}
    assert data["markdown"] == notes.stdout


def test_without_a_forge_names_have_to_do(repo: GitRepo) -> None:
    shown = verbump("notes", cwd=repo.path).stdout
    assert "- Alice, for the first time\n- Test\n- Bob" in shown
    down = verbump("notes", cwd=repo.path, env={"GITHUB_REPOSITORY": NAME, "GITHUB_API_URL": "http://127.0.0.1:9"})
    assert (down.code, down.stdout) == (0, shown)
    assert "warning: contributors by name only: GET http://127.0.0.1:9: Connection refused" in down.stderr


def test_a_mailmap_is_heeded(repo: GitRepo) -> None:
    by(
        repo,
        "Test",
        "test@example.invalid",
        "docs: mailmap",
        {".mailmap": "Alice A <a@x.invalid> <alice@work.invalid>\nAlice A <a@x.invalid> <alice@example.invalid>\n"},
    )
    shown = verbump("notes", cwd=repo.path).stdout
    assert shown.count("Alice") == 1
    assert "- Alice A, for the first time\n" in shown


def test_the_comparison_and_checksums_of_a_released_version(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("remote", "set-url", "origin", "https://github.com/octo/demo")
    changelog = projects.CHANGELOG.replace("### Fixed\n\n- Something.", "### Fixed\n\n- Something else.")
    text = changelog.replace("[1.2.3]", "[1.3.0]") + "\n## [1.2.3] - 2026-01-01\n\n### Fixed\n\n- Something.\n"
    quiet = projects.PYPROJECT.format(version="1.3.0") + SETTINGS.replace("contributors = true", "contributors = false")
    by(repo, "Test", "test@example.invalid", "chore(release): 1.3.0", {"CHANGELOG.md": text, "pyproject.toml": quiet})
    repo.tag("v1.3.0")
    compared = "**Full changelog**: https://github.com/octo/demo/compare/v1.2.3...v1.3.0\n"
    assert verbump("notes", "1.3.0", cwd=repo.path).stdout == f"### Fixed\n\n- Something else.\n\n{compared}"
    repo.write("dist/SHA256SUMS", f"{'a' * 64}  demo-1.3.0.tar.gz\n{'b' * 64} *x|y.whl\n")
    table = (
        "### Checksums\n\n| file | SHA-256 |\n|---|---|\n"
        f"| demo-1.3.0.tar.gz | `{'a' * 64}` |\n| x\\|y.whl | `{'b' * 64}` |\n"
    )
    assert verbump("notes", "v1.3.0", cwd=repo.path).stdout == f"### Fixed\n\n- Something else.\n\n{table}\n{compared}"
    data = verbump("notes", "1.3.0", "--format", "json", cwd=repo.path).json
    assert (data["version"], data["tag"]) == ("1.3.0", "v1.3.0")
    assert verbump("notes", "v1.3.0", "--format", "json", cwd=repo.path).json == data, "by tag or by version"
    assert (data["compare_url"], data["contributors"]) == (compared.split(": ")[1].strip(), [])
    assert verbump("notes", "1.2.3", "--dist", "none", cwd=repo.path).stdout == "### Fixed\n\n- Something.\n"
    repo.write("pyproject.toml", f"{quiet}compare_link = false\n")
    assert verbump("notes", "v1.3.0", cwd=repo.path).stdout == f"### Fixed\n\n- Something else.\n\n{table}"
    unknown = verbump("notes", "9.9.9", cwd=repo.path)
    assert (unknown.code, unknown.stdout) == (4, "")
