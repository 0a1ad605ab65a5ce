"""release.yml of projects with wheels: from a pushed tag to the index and the release, and where it must stop."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from effects.test_build import PURE
from support import loopback, parts, python_index
from support.act import Act
from support.git_repo import GitRepo
from support.projects import CHANGELOG
from support.running import ROOT, verbump
from support.tools import LONG_ONLY, require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.act import Ran
    from support.github_server import GitHubServer
    from support.github_state import Hosted
    from support.python_index import PythonIndex

pytestmark = LONG_ONLY
NAME = "octo/demo"
QUANT = ROOT / "tests/projects/quant"
TRIPLE = "x86_64-unknown-linux-gnu"
SPARSE = f"octo/sparse-checkout@{'5' * 40}"


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    made = python_index.PythonIndex()
    with loopback.serving(made):
        yield made


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("target")


@pytest.fixture
def act(server: GitHubServer, index: PythonIndex, target: Path, tmp_path: Path) -> Act:
    for tool in ("cargo", "maturin", "twine", "abi3audit", "pyproject-build"):
        require(tool)
    sparse = tmp_path / "sparse-checkout"
    sparse.mkdir()
    (sparse / "action.yml").write_text(
        "name: sparse\ninputs: { sparse-checkout: { required: true } }\nruns:\n  using: composite\n  steps:\n"
        f"    - shell: bash\n      env: {{ PATTERNS: '${{{{ inputs.sparse-checkout }}}}', FROM: '{tmp_path / 'work'}' }}\n"
        '      run: |\n        git init --quiet && git fetch --quiet "$FROM" HEAD\n'
        '        git sparse-checkout set --no-cone --stdin <<< "$PATTERNS"\n        git checkout --quiet FETCH_HEAD\n'
    )
    return Act(
        tmp_path / "act",
        env={
            **server.environment(NAME),
            **parts.variables(target),
            "TWINE_USERNAME": "__token__",
            "TWINE_PASSWORD": python_index.TOKEN,
            "VERBUMP_PYPI_TOKEN": python_index.TOKEN,
        },
        secrets={"GITHUB_TOKEN": server.world.actions_token(writes=("contents",))},
        actions={SPARSE.partition("@")[0]: sparse},
        tries=True,
    )


def tagged(tmp_path: Path, files: dict[str, str], index: PythonIndex, tag: str = "v1.2.3") -> GitRepo:
    """A repository with those files and release.yml, tagged; `remote.git` beside it."""
    repo = GitRepo.create(tmp_path / "work")
    settings = (
        f'[publish]\nrepository_url = "{index.upload_url}"\nindex_url = "{index.url}/simple"\n'
        f'[workflows]\nfiles = ["release"]\naudit = "off"\nattest = false\n'
    )
    repo.commit("feat: begin", {**files, "verbump.toml": settings + files.get("verbump.toml", "")})
    done = verbump("workflows", "--offline", cwd=repo.path)
    assert done.code == 0, done.stderr
    text = repo.read(".github/workflows/release.yml").decode()
    # GitHub knows `queue` since 2026, act does not yet; its checkout copies the folder, and knows nothing of sparse ones.
    assert text.count("\n  queue: max\n") == 1
    text = text.replace("\n  queue: max\n", "\n")
    before, _, after = text.partition("      - name: Check out the tests alone\n        uses: ")
    assert after.count("sparse-checkout: ") == 1
    text = f"{before}      - name: Check out the tests alone\n        uses: {SPARSE} {after[after.index('#') :]}"
    repo.write(".github/workflows/release.yml", text)
    repo.git("add", "--all")
    repo.commit("ci: release")
    repo.tag(tag)
    repo.add_remote(tmp_path / "remote.git")
    return repo


def quant() -> dict[str, str]:
    """A module for Python in Rust, one wheel for all Pythons (abi3), and a program beside it."""
    found = {str(path.relative_to(QUANT)): path.read_text() for path in QUANT.rglob("*") if path.is_file()}
    kept = {name: text for name, text in found.items() if "__pycache__" not in name and not name.startswith("target")}
    return {**kept, "CHANGELOG.md": CHANGELOG, "verbump.toml": f'[build]\ntargets = ["{TRIPLE}"]\n'}


def pure() -> dict[str, str]:
    """A Python project, whose tests see to it that they run on what is installed."""
    text, _, settings = PURE["pyproject.toml"].partition("[tool.verbump.build]\n")
    return {
        **PURE,
        "CHANGELOG.md": CHANGELOG,
        "pyproject.toml": text,
        "verbump.toml": f'pythons = ["3.13"]\n[build]\n{settings}',
    }


def push(act: Act, repo: GitRepo, tag: str = "v1.2.3", job: str = "finish") -> Ran:
    payload: dict[str, Any] = {"ref": f"refs/tags/{tag}", "repository": {"full_name": NAME, "default_branch": "main"}}
    return act.run(repo.path, "release.yml", "push", payload, job)


def hosted_of(server: GitHubServer, tmp_path: Path) -> Hosted:
    return server.world.host(NAME, GitRepo(tmp_path / "remote.git"))


def sums(text: str) -> dict[str, str]:
    """File name to SHA-256."""
    return {line.partition("  ")[2]: line.partition("  ")[0] for line in text.splitlines()}


def test_an_extension_from_the_tag_to_the_index(
    server: GitHubServer, index: PythonIndex, act: Act, tmp_path: Path
) -> None:
    repo = tagged(tmp_path, quant(), index)
    hosted = hosted_of(server, tmp_path)

    ran = push(act, repo, job="draft")
    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert release.draft
    assert index.files == {}
    assets = act.stand_in / "artifacts" / "release-assets"
    told = sums((assets / "SHA256SUMS").read_text())
    wheels = [name for name in told if name.endswith(".whl")]
    assert len(wheels) == 1
    assert wheels[0].startswith("quant-1.2.3-cp311-abi3-manylinux")
    archives = {f"{crate}-1.2.3-{TRIPLE}.tar.gz" for crate in ("quant", "quant-cli")}
    assert set(told) == {wheels[0], "quant-1.2.3.tar.gz", *archives}
    for name, digest in told.items():
        assert hashlib.sha256((assets / name).read_bytes()).hexdigest() == digest
    assert {each.name for each in release.assets} == {*told, "SHA256SUMS"}
    assert ran.log.count("2 passed") >= 2  # the oldest and the newest Python

    ran = push(act, repo)
    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert not release.draft
    taken = {name: hashlib.sha256(body).hexdigest() for name, body in index.files.items()}
    assert taken.keys() == {wheels[0], "quant-1.2.3.tar.gz"}
    assert taken.items() <= sums((assets / "SHA256SUMS").read_text()).items()


def test_a_module_from_the_tag_to_the_index(server: GitHubServer, index: PythonIndex, act: Act, tmp_path: Path) -> None:
    repo = tagged(tmp_path, pure(), index)
    hosted = hosted_of(server, tmp_path)

    ran = push(act, repo)

    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert not release.draft
    assert {each.name for each in release.assets} == {"SHA256SUMS", *index.files}
    assert index.files.keys() == {"pure-1.2.3-py3-none-any.whl", "pure-1.2.3.tar.gz"}


def test_a_test_that_fails_on_the_wheel_stops_it(
    server: GitHubServer, index: PythonIndex, act: Act, tmp_path: Path
) -> None:
    """The module itself imports; a test of what it does fails, and nothing is bundled."""
    files = pure()
    repo = tagged(tmp_path, {**files, "tests/test_pure.py": files["tests/test_pure.py"].replace("42", "43")}, index)
    hosted = hosted_of(server, tmp_path)

    ran = push(act, repo)

    assert not ran.is_well
    assert "AssertionError: 42 != 43" in ran.log
    assert (hosted.releases, index.files) == ([], {})
    assert not (act.stand_in / "artifacts" / "release-pypi").exists()


def test_a_tag_that_differs_from_the_manifest_builds_nothing(
    server: GitHubServer, index: PythonIndex, act: Act, tmp_path: Path
) -> None:
    repo = tagged(tmp_path, pure(), index, "v1.3.0")
    hosted = hosted_of(server, tmp_path)

    ran = push(act, repo, "v1.3.0")

    assert not ran.is_well
    assert "manifest-disagrees" in ran.log
    assert not (act.stand_in / "artifacts").exists()
    assert (hosted.releases, index.files) == ([], {})


def test_run_again_after_a_draft_that_failed(
    server: GitHubServer, index: PythonIndex, act: Act, tmp_path: Path
) -> None:
    repo = tagged(tmp_path, pure(), index)
    hosted = hosted_of(server, tmp_path)
    server.fail("POST", "/releases/[0-9]+/assets", status=422, times=1)

    ran = push(act, repo)
    assert not ran.is_well
    assert all(each.draft for each in hosted.releases)
    assert index.files == {}

    ran = push(act, repo)
    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert not release.draft
    assert {each.name for each in release.assets} == {"SHA256SUMS", *index.files}


def test_an_upload_that_fails_half_way_leaves_a_draft_and_is_made_good(
    server: GitHubServer, index: PythonIndex, act: Act, tmp_path: Path
) -> None:
    repo = tagged(tmp_path, pure(), index)
    hosted = hosted_of(server, tmp_path)
    index.faults = ["", "400"]

    ran = push(act, repo)
    assert not ran.is_well
    (release,) = hosted.releases
    assert release.draft
    (first,) = index.files.items()

    ran = push(act, repo)
    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert not release.draft
    assert len(index.files) == 2
    assert index.files[first[0]] == first[1]


def test_what_the_index_has_otherwise_stops_it_before_the_draft(
    server: GitHubServer, index: PythonIndex, act: Act, tmp_path: Path
) -> None:
    repo = tagged(tmp_path, pure(), index)
    hosted = hosted_of(server, tmp_path)
    index.files["pure-1.2.3.tar.gz"] = b"of somebody else"

    ran = push(act, repo)

    assert not ran.is_well
    assert "pure-1.2.3.tar.gz" in ran.log
    assert hosted.releases == []
    assert set(index.files) == {"pure-1.2.3.tar.gz"}
    shutil.rmtree(act.stand_in / "artifacts")
