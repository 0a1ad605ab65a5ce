"""`verbump doctor` on real repositories, with real remotes, and with an index on loopback."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from support import project_shapes, projects
from support.git_repo import GitRepo
from support.running import verbump
from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from support.running import Result

CARGO_LOCK = 'version = 4\n\n[[package]]\nname = "demo"\nversion = "1.2.3"\n'
MATURIN = """\
[build-system]
requires = ["maturin>=1.9,<2"]
build-backend = "maturin"

[project]
name = "demo"
version = "1.2.3"
requires-python = "{python}"
{more}
"""


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    more = {
        "Cargo.lock": CARGO_LOCK,
        "pyproject.toml": projects.PYPROJECT.format(version="1.2.3") + 'requires-python = ">=3.11"\n',
    }
    return projects.released(tmp_path, "feat: streams", more=more)


@contextmanager
def index(answers: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """An index that gives `answers` by path, 404 for the rest."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, ""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def doctor(repo: GitRepo, *words: str, env: Mapping[str, str] | None = None) -> Result:
    return verbump("doctor", "--format", "json", *words, cwd=repo.path, env=env)


def codes(result: Result, severity: str = "error") -> list[str]:
    return sorted(each["code"] for each in result.json["problems"] if each["severity"] == severity)


def test_nothing_to_object_to(repo: GitRepo) -> None:
    for tool in ("cargo", "rustc", "cc", "twine", "pyproject-build"):
        require(tool)

    result = verbump("doctor", "--offline", cwd=repo.path)

    assert result.code == 0, result.stdout + result.stderr
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "git",
        "cargo",
        "rustc",
        "cc",
        "pyproject-build",
        "twine",
    ]
    assert result.stderr == "nothing stands in the way of a release\n"


def test_it_changes_nothing(repo: GitRepo, tmp_path: Path) -> None:
    before, there = repo.snapshot(), projects.remote_refs(tmp_path)

    with index({}) as url:
        doctor(repo, "--index-url", url, "--crates-index", url)

    assert (repo.snapshot(), projects.remote_refs(tmp_path)) == (before, there)


def test_missing_tools_are_named_all_at_once_with_the_way_to_get_them(repo: GitRepo, tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "git").symlink_to(require("git"))

    result = doctor(repo, "--offline", env={"PATH": str(bare)})

    missing = {
        each["message"].split()[0]: each["hint"] for each in result.json["problems"] if each["code"] == "tool-missing"
    }
    assert result.code == 1
    assert missing.keys() >= {"cargo", "rustc", "cc"}
    assert missing["cargo"] == "https://rustup.rs"
    assert [each["version"] for each in result.json["tools"] if each["name"] == "cargo"] == [None]


@pytest.mark.case("M08")
def test_what_a_release_would_refuse(repo: GitRepo) -> None:
    repo.write("Cargo.toml", projects.CARGO.format(version="1.2.2"))
    repo.git("checkout", "--quiet", "-b", "topic")

    result = doctor(repo, "--offline")

    assert result.code == 1
    assert {"versions-disagree", "branch-not-allowed", "target-dirty"} <= set(codes(result))
    assert all(each["hint"] for each in result.json["problems"])


@pytest.mark.case("M19")
def test_an_ignored_lock_file(repo: GitRepo) -> None:
    repo.git("rm", "--quiet", "--cached", "Cargo.lock")
    repo.commit("chore: ignore", {".gitignore": "Cargo.lock\n"})

    result = doctor(repo, "--offline")

    assert "cargo-lock-ignored" in codes(result)


def test_a_missing_lock_file(tmp_path: Path) -> None:
    assert "cargo-lock-missing" in codes(doctor(projects.released(tmp_path), "--offline"))


@pytest.mark.parametrize(("excluded", "missing"), [("", False), ('exclude = ["crates/py"]\n', True)])
def test_the_lock_of_a_workspace_is_that_of_the_crate_that_maturin_builds(
    tmp_path: Path, excluded: str, missing: bool
) -> None:
    shape = project_shapes.SHAPES["pyo3-workspace"]
    root = shape.files["Cargo.toml"].replace('resolver = "2"\n', f'resolver = "2"\n{excluded}')
    repo = project_shapes.build(replace(shape, files={**shape.files, "Cargo.toml": root}), tmp_path)
    said = [each["message"] for each in doctor(repo, "--offline").json["problems"] if "lock" in each["code"]]
    assert [each for each in said if "crates/py/Cargo.lock" in each] == said
    assert bool(said) is missing


@pytest.mark.case("M08")
def test_versions_that_registries_have(repo: GitRepo) -> None:
    # What PyPI already has.
    simple = {"meta": {"api-version": "1.1"}, "name": "demo", "versions": ["1.2.3", "1.3.0"], "files": []}
    line = json.dumps({"name": "demo", "vers": "1.3.0", "deps": [], "cksum": "0" * 64, "features": {}, "yanked": True})
    with index({"/demo/": (200, json.dumps(simple)), "/de/mo/demo": (200, f"{line}\n")}) as url:
        result = doctor(repo, "--index-url", url, "--crates-index", url)

    assert codes(result) == ["version-taken", "version-taken"]
    assert [each["message"] for each in result.json["problems"] if each["severity"] == "error"] == [
        "PyPI already has demo 1.3.0: a version is never free again",
        "crates.io already has demo 1.3.0: a version is never free again",
    ]


def test_packages_are_each_their_own_release(tmp_path: Path) -> None:
    table = '[[packages]]\nname = "one"\npath = "one"\n[[packages]]\nname = "two"\npath = "two"\n'
    python = '[project]\nname = "{}"\nversion = "{}"\nrequires-python = ">=3.11"\n'
    repo = GitRepo.create(tmp_path / "work")
    more = {"one/pyproject.toml": python.format("one", "1.0.0"), "two/pyproject.toml": python.format("two", "0.5.0")}
    repo.commit("chore: begin", {"verbump.toml": table, **more})
    repo.tag("one-v1.0.0")
    repo.tag("two-v0.5.0")
    repo.commit("fix: one", {"one/x.py": ""})
    repo.commit("feat: two", {"two/x.py": ""})
    repo.add_remote(tmp_path / "remote.git")
    assert verbump("doctor", "--offline", cwd=repo.path).code == 0

    taken = {"one": ["0.6.0"], "two": ["0.6.0", "1.0.1"]}
    simple = {"meta": {"api-version": "1.1"}, "files": []}
    answers = {f"/{name}/": (200, json.dumps({**simple, "name": name, "versions": taken[name]})) for name in taken}
    with index(answers) as url:
        result = doctor(repo, "--index-url", url, "--crates-index", url)

    assert codes(result) == ["version-taken"]
    assert "two 0.6.0" in result.json["problems"][0]["message"]

    classifiers = 'classifiers = ["Programming Language :: Python :: 3.9"]\n'
    broken = {"two/CHANGELOG.md": "text\n", "two/pyproject.toml": python.format("two", "0.5.0") + classifiers}
    repo.commit("docs: lines", broken)
    said = doctor(repo, "--offline")
    assert (codes(said), codes(said, "warning")) == (["changelog-no-heading"], ["python-excluded"])
    assert "twine" in {each["name"] for each in said.json["tools"]}


def test_names_that_registries_have_never_seen(repo: GitRepo) -> None:
    with index({}) as url:
        result = doctor(repo, "--index-url", url, "--crates-index", url)

    Draft202012Validator(verbump("schema", "doctor", cwd=repo.path).json).validate(result.json)

    assert codes(result, "warning") == ["name-unknown", "name-unknown"]
    assert "pending publisher" in result.json["problems"][0]["hint"]


@pytest.mark.parametrize("answer", [(500, "x"), (200, "<html>"), (200, "[]"), (200, '{"files": 3}')])
def test_a_registry_that_cannot_be_asked_is_a_warning(repo: GitRepo, answer: tuple[int, str]) -> None:
    with index({"/demo/": answer, "/de/mo/demo": answer}) as url:
        result = doctor(repo, "--index-url", url, "--crates-index", "http://127.0.0.1:9")

    assert "registry-unreachable" in codes(result, "warning")
    assert not {"registry-unreachable"} & set(codes(result))


def test_a_remote_that_takes_no_push(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("remote", "set-url", "--push", "origin", str(tmp_path / "nowhere.git"))

    result = doctor(repo, "--index-url", "http://127.0.0.1:9", "--crates-index", "http://127.0.0.1:9")

    assert "no-push-right" in codes(result)


def test_signing_without_a_program(repo: GitRepo) -> None:
    repo.git("config", "commit.gpgSign", "true")
    repo.git("config", "gpg.program", "/nowhere/gpg")

    result = doctor(repo, "--offline")

    assert "cannot-sign" in codes(result)


@pytest.mark.parametrize(
    ("python", "more", "cargo", "expected"),
    [
        (">=3.9", "", 'pyo3 = { version = "0.29", features = ["abi3-py311"] }', ("error", "abi3-floor")),
        (">=3.11", '[tool.maturin]\nfeatures = ["python"]', 'pyo3 = "0.29"', ("error", "unknown-feature")),
        (
            ">=3.11",
            "",
            'pyo3 = { version = "0.29", features = ["extension-module"] }',
            ("warning", "extension-module-always-on"),
        ),
        (
            ">=3.12",
            'classifiers = ["Programming Language :: Python :: 3.11"]',
            'pyo3 = "0.29"',
            ("warning", "python-excluded"),
        ),
        (
            ">=3.9",
            'classifiers = ["Programming Language :: Python :: 3.11"]',
            'pyo3 = "0.29"',
            ("warning", "python-untested"),
        ),
        ("nonsense", "", 'pyo3 = { version = "0.29", features = ["abi3-py311"] }', ("error", "requires-python")),
    ],
)
@pytest.mark.case("M06", "M11")
def test_python_and_the_extension(
    tmp_path: Path, python: str, more: str, cargo: str, expected: tuple[str, str]
) -> None:
    files = {
        "Cargo.lock": CARGO_LOCK,
        "pyproject.toml": MATURIN.format(python=python, more=more),
        "Cargo.toml": projects.CARGO.format(version="1.2.3") + f"[dependencies]\n{cargo}\n",
    }
    repo = projects.released(tmp_path, "feat: x", more=files)

    result = doctor(repo, "--offline")

    severity, code = expected
    assert code in codes(result, severity), result.stdout


def test_an_unborn_branch(tmp_path: Path) -> None:
    from support.git_repo import GitRepo as Repo

    result = doctor(Repo.create(tmp_path / "empty"), "--offline")

    assert (result.code, codes(result)) == (1, ["no-commits"])


def test_findings_for_github(repo: GitRepo) -> None:
    repo.git("checkout", "--quiet", "-b", "topic")

    result = verbump("doctor", "--offline", "--format", "github", cwd=repo.path, env={"PATH": os.environ["PATH"]})

    assert result.code == 1
    assert "::error title=branch-not-allowed::branch topic is not a release branch" in result.stdout
