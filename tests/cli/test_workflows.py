"""`verbump workflows` on real repositories: written, current, checked, edited, bumped, asked on a terminal."""

from __future__ import annotations

import http.server
import json
import threading
from typing import TYPE_CHECKING

import pytest
import yaml

from support.git_repo import GitRepo
from support.running import ROOT, run_in_process, run_on_terminal, verbump
from support.workflow_shapes import PURE, SHAPES, with_settings
from verbump import __version__
from verbump.planning.workflows import pins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RELEASE = ".github/workflows/release.yml"
REQUIREMENTS = ".github/verbump/requirements.txt"
CHECKOUT = pins.table()["actions/checkout"]


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo.create(tmp_path / "work")
    made.commit("feat: begin", SHAPES["abi3"])
    return made


def write(repo: GitRepo, *words: str) -> None:
    done = run_in_process("workflows", "--offline", *words, cwd=repo.path)
    assert done.code == 0, done.stderr


def replace(repo: GitRepo, name: str, old: str, new: str) -> None:
    text = repo.read(name).decode()
    assert old in text
    repo.write(name, text.replace(old, new))


def check(repo: GitRepo) -> tuple[int, dict[str, str]]:
    """Exit status; code of each finding to its severity."""
    done = run_in_process("workflows", "--check", "--format", "json", cwd=repo.path)
    return done.code, {each["code"]: each["severity"] for each in done.json["problems"]}


def test_written_then_current(repo: GitRepo) -> None:
    code, found = check(repo)
    assert (code, found["workflow-missing"]) == (1, "error")

    done = verbump("workflows", "--offline", cwd=repo.path)

    assert done.code == 0, done.stderr
    assert f"create {RELEASE}" in done.stderr
    assert f"+++ b/{RELEASE}" in done.stdout
    assert check(repo) == (0, {"requirement-unhashed": "warning"})
    again = verbump("workflows", "--offline", cwd=repo.path)
    assert (again.code, again.stdout) == (0, "")
    text = verbump("workflows", "--check", cwd=repo.path)
    assert (text.code, text.stdout.splitlines()[-1]) == (0, "6 files are current")


def test_the_diff_is_the_whole_answer(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo.clone(repo.path, tmp_path / "other")
    dry = run_in_process("workflows", "--offline", "--dry-run", cwd=repo.path)
    assert repo.git("status", "--porcelain") == ""
    other.git("apply", data=dry.stdout.encode())
    write(repo)
    assert other.read(RELEASE) == repo.read(RELEASE)


def test_an_edit_is_never_overwritten_silently(repo: GitRepo) -> None:
    write(repo)
    replace(repo, RELEASE, "timeout-minutes: 10", "timeout-minutes: 11")
    edited = repo.read(RELEASE)
    repo.write("verbump.toml", '[workflows]\naudit = "off"\n')

    code, found = check(repo)
    assert (code, found["workflow-edited"]) == (1, "error")
    done = run_in_process("workflows", "--offline", cwd=repo.path)
    assert done.code == 4
    assert f"{RELEASE} was edited by hand [workflow-edited]" in done.stderr
    assert repo.read(RELEASE) == edited

    write(repo, "--force")
    assert b"timeout-minutes: 11" not in repo.read(RELEASE)
    assert check(repo)[0] == 0


def test_a_file_of_somebody_elses_stays(repo: GitRepo) -> None:
    repo.write(RELEASE, "on: push\n")
    repo.write(".github/dependabot.yml", "version: 2\nupdates: []\n")
    done = run_in_process("workflows", "--offline", cwd=repo.path)
    assert done.code == 4
    assert f"{RELEASE} was not written by verbump" in done.stderr
    assert ".github/dependabot.yml is not verbump's, and stays as it is" in done.stderr
    assert not (repo.path / REQUIREMENTS).exists()


def test_a_project_that_changes_makes_them_outdated(repo: GitRepo) -> None:
    write(repo)
    replace(repo, "pyproject.toml", ">=3.11", ">=3.12")
    code, found = check(repo)
    assert (code, found["workflow-outdated"]) == (1, "error")
    write(repo)
    assert check(repo)[0] == 0


def test_a_bump_of_dependabots_is_no_edit_and_is_kept(repo: GitRepo) -> None:
    write(repo)
    bumped = f"actions/checkout@{'b' * 40} # v99.1.0"
    replace(repo, RELEASE, CHECKOUT.text, bumped)
    assert check(repo)[0] == 0
    repo.write("verbump.toml", '[workflows]\naudit = "off"\n')
    write(repo)
    text = repo.read(RELEASE).decode()
    assert bumped in text
    assert CHECKOUT.sha not in text
    assert "audit:" not in text


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("actions/checkout@v7", "action-not-pinned"),
        ("actions/checkout@main # v7.0.1", "action-not-pinned"),
        ("actions/checkout", "action-not-pinned"),
        (f"actions/checkout@{'b' * 40} # v7.0.1", "pin-differs"),
        (f"actions/checkout@{'b' * 40} # v6.0.0", "pin-differs"),
        (f"actions/checkout@{'b' * 40}", "pin-differs"),
        (f"evil/checkout@{'b' * 40} # v7.0.1", "action-unknown"),
    ],
)
@pytest.mark.case("M13")
def test_pins_that_are_none(repo: GitRepo, new: str, code: str) -> None:
    write(repo)
    replace(repo, RELEASE, CHECKOUT.text, new)
    status, found = check(repo)
    assert (status, found[code]) == (1, "error")
    line = repo.read(RELEASE).decode().split("\n").index(f"        uses: {new}") + 1
    assert f"{RELEASE}:{line}: " in run_in_process("workflows", "--check", cwd=repo.path).stdout


def test_other_workflows_are_looked_at_too(repo: GitRepo) -> None:
    write(repo)
    mine = ".github/workflows/mine.yaml"
    body = "on: push\njobs:\n  a:\n    name: on ubuntu-20.04\n    runs-on: {label}\n    steps:\n      - uses: {uses}\n"
    known = f"octo/some@{'c' * 40} # v1"
    repo.write(mine, body.format(label="ubuntu-24.04", uses=known))
    assert check(repo) == (0, {"requirement-unhashed": "warning", "action-unknown": "warning"})
    repo.write(mine, body.format(label="[self-hosted, ubuntu-20.04]", uses="./.github/actions/x"))
    code, found = check(repo)
    assert (code, found["runner-ended"]) == (1, "error")
    assert "2025-04-15" in run_in_process("workflows", "--check", cwd=repo.path).stdout
    repo.write(mine, body.format(label="ubuntu-24.04", uses="octo/some@v1"))
    code, found = check(repo)
    assert (code, found["action-not-pinned"]) == (1, "error")


def test_line_ends_of_windows_are_no_edit(repo: GitRepo) -> None:
    write(repo)
    repo.write(RELEASE, repo.read(RELEASE).replace(b"\n", b"\r\n"))
    assert check(repo)[0] == 0
    repo.write("verbump.toml", '[workflows]\naudit = "off"\n')
    write(repo)
    text = repo.read(RELEASE)
    assert text.count(b"\n") == text.count(b"\r\n") > 100


def test_what_is_no_longer_asked_for_is_named(repo: GitRepo) -> None:
    write(repo)
    repo.write("verbump.toml", '[workflows]\nrelease = "publish.yml"\n')
    done = run_in_process("workflows", "--offline", cwd=repo.path)
    assert f"{RELEASE} is no longer asked for" in done.stderr
    assert check(repo) == (0, {"requirement-unhashed": "warning", "workflow-left-over": "warning"})


def test_nothing_to_build(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("docs: begin", {"README.md": "x"})
    done = run_in_process("workflows", "--offline", cwd=repo.path)
    assert done.code == 4
    assert "[nothing-to-build]" in done.stderr
    assert run_in_process("workflows", "--check", cwd=repo.path).code == 1


def test_asked_on_a_terminal(repo: GitRepo) -> None:
    done = run_on_terminal(["workflows", "--offline"], repo.path, [("Write this", "n\r")])
    assert done.code == 130
    assert not (repo.path / RELEASE).exists()
    assert run_on_terminal(["workflows", "--offline"], repo.path, [("Write this", "y\r")]).code == 0
    assert (repo.path / RELEASE).exists()


@pytest.fixture
def index() -> Iterator[str]:
    """An index that has two files of this verbump, and one of another version."""
    names = {
        f"verbump_release-{__version__}-py3-none-any.whl": "a" * 64,
        f"verbump_release-{__version__}.tar.gz": "b" * 64,
        "verbump_release-99.0.tar.gz": "c" * 64,
    }
    files = [{"filename": name, "url": name, "hashes": {"sha256": sha}} for name, sha in names.items()]
    body = json.dumps({"meta": {"api-version": "1.1"}, "name": "verbump-release", "files": files}).encode()

    class Index(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_asked = self.path == "/simple/verbump-release/"
            self.send_response(200 if is_asked else 404)
            self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
            self.end_headers()
            self.wfile.write(body if is_asked else b"")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index) as served:
        thread = threading.Thread(target=served.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}/simple"
        served.shutdown()
        thread.join()


def test_hashes_from_the_index_are_kept(repo: GitRepo, index: str) -> None:
    done = run_in_process("workflows", "--index-url", index, cwd=repo.path)
    assert done.code == 0, done.stderr
    text = repo.read(REQUIREMENTS).decode()
    line = f"verbump-release=={__version__} \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
    assert line in text
    assert "c" * 64 not in text
    assert check(repo) == (0, {})
    write(repo)
    assert repo.read(REQUIREMENTS).decode() == text


def test_an_index_that_is_silent_is_a_warning(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", with_settings(PURE, ""))
    done = run_in_process("workflows", "--index-url", "http://127.0.0.1:9/simple", cwd=repo.path)
    assert done.code == 0, done.stderr
    assert "[requirement-unhashed]" in done.stderr


def test_verbumps_own_are_current() -> None:
    """`verbump workflows` after a change of the templates, the table of actions or the requirements."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    done = run_in_process("workflows", "--check", cwd=ROOT)
    assert (done.code, done.stderr) == (0, ""), done.stdout
    assert not done.stdout.startswith(("error", "warning")), done.stdout


def test_verbumps_own_forms() -> None:
    forms = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
    assert forms
    for path in forms:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert {"name", "description", "body"} <= form.keys()
        ids = [each["id"] for each in form["body"]]
        assert len(ids) == len(set(ids))
        assert all(each["type"] in {"textarea", "input"} and each["attributes"]["label"] for each in form["body"])


def test_written_on_a_topic_branch_they_are_for_the_default_branch(repo: GitRepo) -> None:
    repo.write("verbump.toml", '[workflows]\nfiles = ["ci"]\n')
    repo.git("switch", "--quiet", "--create", "topic")
    write(repo)
    assert b'branches: ["main"]\n' in repo.read(".github/workflows/ci.yml")
