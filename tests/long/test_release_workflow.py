"""release.yml as a pushed tag starts it: from the plan to the published release, and where it must stop."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from support.act import Act
from support.git_repo import GitRepo
from support.projects import CHANGELOG
from support.running import verbump
from support.workflow_shapes import SEVERAL, for_several_packages

if TYPE_CHECKING:
    from pathlib import Path

    from support.act import Ran
    from support.github_server import GitHubServer
    from support.github_state import Hosted

NAME = "octo/demo"
ARCHIVE = "demo-1.2.3-x86_64-unknown-linux-gnu.tar.gz"
SETTINGS = (
    '[build]\ntargets = ["x86_64-unknown-linux-gnu"]\n[workflows]\nfiles = ["release"]\naudit = "off"\nattest = false\n'
)
FILES = {
    "Cargo.toml": '[package]\nname = "demo"\nversion = "1.2.3"\nedition = "2021"\n',
    "Cargo.lock": 'version = 3\n\n[[package]]\nname = "demo"\nversion = "1.2.3"\n',
    "src/main.rs": 'fn main() {\n    println!("demo");\n}\n',
    "CHANGELOG.md": CHANGELOG,
    "LICENSE": "x\n",
    "verbump.toml": SETTINGS,
}


def tagged(tmp_path: Path, tag: str = "v1.2.3", **more: str) -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {**FILES, **more})
    done = verbump("workflows", "--offline", cwd=repo.path)
    assert done.code == 0, done.stderr
    # GitHub knows `queue` since 2026, act does not yet.
    workflow = repo.read(".github/workflows/release.yml")
    assert workflow.count(b"\n  queue: max\n") == 1
    repo.write(".github/workflows/release.yml", workflow.replace(b"\n  queue: max\n", b"\n"))
    repo.git("add", "--all")
    repo.commit("ci: release")
    repo.tag(tag)
    repo.add_remote(tmp_path / "remote.git")
    return repo


@pytest.fixture
def act(server: GitHubServer, tmp_path: Path) -> Act:
    token = server.world.actions_token(writes=("contents",))
    return Act(tmp_path / "act", env=server.environment(NAME), secrets={"GITHUB_TOKEN": token})


def push(act: Act, repo: GitRepo, tag: str = "v1.2.3", job: str = "finish") -> Ran:
    payload: dict[str, Any] = {"ref": f"refs/tags/{tag}", "repository": {"full_name": NAME, "default_branch": "main"}}
    return act.run(repo.path, "release.yml", "push", payload, job)


def hosted_of(server: GitHubServer, tmp_path: Path) -> Hosted:
    return server.world.host(NAME, GitRepo(tmp_path / "remote.git"))


def test_from_the_tag_to_the_release(server: GitHubServer, act: Act, tmp_path: Path) -> None:
    repo = tagged(tmp_path)
    hosted = hosted_of(server, tmp_path)

    ran = push(act, repo, job="draft")
    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert release.draft
    assert {each.name for each in release.assets} == {ARCHIVE, "SHA256SUMS"}
    made = act.stand_in / "artifacts" / "release-assets"
    digest = hashlib.sha256((made / ARCHIVE).read_bytes()).hexdigest()
    assert (made / "SHA256SUMS").read_text() == f"{digest}  {ARCHIVE}\n"

    ran = push(act, repo)
    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert not release.draft
    assert "Something." in release.body


def test_run_again_after_a_draft_that_failed(server: GitHubServer, act: Act, tmp_path: Path) -> None:
    repo = tagged(tmp_path)
    hosted = hosted_of(server, tmp_path)
    right = act.secrets["GITHUB_TOKEN"]
    act.secrets["GITHUB_TOKEN"] = server.world.actions_token(writes=())
    ran = push(act, repo)
    assert not ran.is_well
    assert hosted.releases == []
    first = (act.stand_in / "artifacts/release-assets/SHA256SUMS").read_bytes()

    act.secrets["GITHUB_TOKEN"] = right
    ran = push(act, repo)

    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert not release.draft
    assert (act.stand_in / "artifacts/release-assets/SHA256SUMS").read_bytes() == first


def test_a_test_that_fails_stops_it(server: GitHubServer, act: Act, tmp_path: Path) -> None:
    failing = FILES["src/main.rs"] + '#[test]\nfn wrong() {\n    panic!("no");\n}\n'
    repo = tagged(tmp_path, **{"src/main.rs": failing})
    hosted = hosted_of(server, tmp_path)

    ran = push(act, repo)

    assert not ran.is_well
    assert "cargo test" in ran.log
    assert hosted.releases == []
    assert not (act.stand_in / "artifacts").exists()


def test_a_tag_that_differs_from_the_manifest_builds_nothing(server: GitHubServer, act: Act, tmp_path: Path) -> None:
    repo = tagged(tmp_path, "v1.3.0")
    hosted = hosted_of(server, tmp_path)

    ran = push(act, repo, "v1.3.0")

    assert not ran.is_well
    assert "manifest-disagrees" in ran.log
    assert "cargo build" not in ran.log
    assert not (act.stand_in / "artifacts").exists()
    assert hosted.releases == []


@pytest.mark.parametrize(("tag", "asset"), [("engine-v1.2.3", "engine-1.2.3"), ("tools-v0.3.0", "tools-0.3.0")])
def test_one_package_of_several_by_the_workflow_of_the_page(
    tag: str, asset: str, server: GitHubServer, act: Act, tmp_path: Path
) -> None:
    repo = GitRepo.create(tmp_path / "work")
    text = for_several_packages().replace("  queue: max\n", "")
    repo.commit("feat: begin", {**SEVERAL, ".github/workflows/release.yml": text})
    repo.tag("engine-v1.2.3")
    repo.tag("tools-v0.3.0")
    repo.add_remote(tmp_path / "remote.git")
    hosted = hosted_of(server, tmp_path)

    ran = push(act, repo, tag, "release")

    assert ran.is_well, ran.log
    (release,) = hosted.releases
    assert (release.tag, release.draft) == (tag, False)
    assert {each.name for each in release.assets} == {f"{asset}-x86_64-unknown-linux-gnu.tar.gz", "SHA256SUMS"}
