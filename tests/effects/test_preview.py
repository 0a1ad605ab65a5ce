"""`verbump preview`: what merging would release, by each method, from real histories."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import jsonschema
import pytest

from support import projects
from support.git_repo import GitRepo
from support.running import run_in_process, verbump
from verbump.cli import schemas

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.running import Result

WORKFLOW = ".github/workflows/release.yml"
_SHAS = re.compile(r" \([0-9a-f]{7}\)")


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Released as 1.2.3, a fix unreleased on main, and a branch `topic` that is checked out."""
    made = projects.released(tmp_path)
    made.commit("fix: on main")
    made.git("push", "--quiet", "origin", "HEAD")
    made.git("switch", "--quiet", "--create", "topic")
    return made


def preview(repo: GitRepo, *words: str, env: Mapping[str, str] | None = None) -> Result:
    with patch.dict(os.environ, env or {}):
        return run_in_process("preview", *words, cwd=repo.path)


def data_of(repo: GitRepo, *words: str, env: Mapping[str, str] | None = None) -> Any:
    """The JSON of a preview, held against its schema."""
    done = preview(repo, "--format", "json", *words, env=env)
    assert done.code == 0, done.stderr
    jsonschema.validate(done.json, schemas.PREVIEW)
    return done.json


def versions(data: Any) -> dict[str, str | None]:
    return {each["method"]: (each["packages"][0]["next"] or {}).get("version") for each in data["methods"]}


@pytest.fixture
def request_of_a_release(repo: GitRepo) -> GitRepo:
    """The branch `topic` holds the release commit of 1.2.4, which `main` lacks."""
    repo.git("switch", "--quiet", "main")
    assert run_in_process("release", "--yes", "--no-push", cwd=repo.path).code == 0
    repo.git("tag", "--delete", "v1.2.4")
    repo.git("branch", "--force", "topic")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.git("switch", "--quiet", "topic")
    return repo


def test_the_pull_request_of_a_release(request_of_a_release: GitRepo) -> None:
    data = data_of(request_of_a_release, "--base", "main")
    assert (data["requests"], data["problems"], data["files"], data["sections"]) == (["1.2.4"], [], [], [])
    assert data["start"]["tags"] == ["v1.2.4"]
    text = preview(request_of_a_release, "--base", "main").stdout
    assert "\n### **Release 1.2.4**\n\nMerging this into `main` releases 1.2.4: its files are changed here.\n" in text
    assert "- `verbump release --tag-merged` makes the tag `v1.2.4`" in text


def test_the_pull_request_of_a_release_that_main_has_left_behind(request_of_a_release: GitRepo) -> None:
    repo = request_of_a_release
    repo.git("switch", "--quiet", "main")
    repo.commit("feat: late", {"late.txt": "x"})
    repo.git("switch", "--quiet", "topic")
    data = data_of(repo, "--base", "main")
    assert data["start"]["tags"] == ["v1.2.4"]
    (problem,) = data["problems"]
    assert (problem["code"], problem["severity"]) == ("request-outdated", "warning")
    assert problem["message"] == "this pull request releases 1.2.4, but what would be on main asks for 1.3.0"
    assert problem["hint"] == "verbump release --pull-request brings it up to date"


def test_the_whole_comment(repo: GitRepo) -> None:
    text = projects.CHANGELOG.replace(
        "## [Unreleased]\n", "## [Unreleased]\n\n### Fixed\n\n- **io:** Told by **hand**, `**not**` __so__.\n"
    )
    one = repo.commit("feat(api): streams | pipes (#7)")[:7]
    two = repo.commit("fix:no space")[:7]
    three = repo.commit("docs: changelog", {"CHANGELOG.md": text})[:7]
    main = repo.git("rev-parse", "--short=7", "main")

    done = preview(repo, "--title", "fix: all of it")

    assert (done.code, done.stderr) == (0, "")
    assert (
        done.stdout
        == f"""\
<!-- verbump:preview -->
### **1.2.3 → 1.3.0** (minor)

Merging this into `main` leads to it. This pull request alone asks for: **minor**. Already unreleased on `main`: 1.2.4 (patch).

| merge method | next version | bump |
|---|---|---|
| Create a merge commit | **1.3.0** | minor |
| Squash and merge | **1.2.4** | patch |
| Rebase and merge | **1.3.0** | minor |

**Commits**

| bump | commit | message | why |
|---|---|---|---|
| minor | `{one}` | feat(api): streams \\| pipes (#7) | type feat |
| ⚠️ none | `{two}` | fix:no space | no space after the colon; write: `fix: no space` |
| – | `{three}` | docs: changelog | type docs does not release |
| patch | squash | fix: all of it | type fix |

**Files**

| file | now | next |
|---|---|---|
| `Cargo.toml` | 1.2.3 | 1.3.0 |
| `pyproject.toml` | 1.2.3 | 1.3.0 |
| `CHANGELOG.md` |  | changed |

<details open><summary>Changelog</summary>

#### 1.3.0 - 2026-11-23

##### Added

- **api:** Streams \\| pipes (#7, `{one}`)

##### Fixed

- ✍ **io:** Told by **hand**, `**not**` \\_\\_so\\_\\_.
- On main (`{main}`)
</details>

**After the merge**

- A release of `main` makes the tag `v1.3.0`; there is no release workflow that it would start.

<sub>`{three}` into `main`, previewed by verbump</sub>
"""
    )


def test_as_json_and_nothing_is_touched(repo: GitRepo) -> None:
    sha = repo.commit("feat: streams")
    repo.write("notes.txt", "mine")
    before, objects = repo.snapshot(), repo.git("count-objects", "-v")
    data = data_of(repo, "--title", "x")
    assert (repo.snapshot(), repo.git("count-objects", "-v")) == (before, objects)
    assert versions(data) == {"merge": "1.3.0", "squash": "1.2.4", "rebase": "1.3.0"}
    assert (data["current"]["version"], data["next"]["version"], data["own"]) == ("1.2.3", "1.3.0", "minor")
    assert [reason["commit"] for reason in data["reasons"]] == [sha, repo.oid("main")]
    assert data["squashed"] == {
        "commit": "",
        "header": "x",
        "bump": "none",
        "rule": "",
        "fault": "no type: expected `type: description`",
        "suggestion": None,
    }
    assert verbump("schema", "preview", cwd=repo.path).json == schemas.PREVIEW


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_preview_is_what_then_happens(repo: GitRepo, method: str) -> None:
    """The same merge made for real, and `next` asked."""
    repo.commit("feat: a", {"a.txt": "a"})
    repo.commit("fix: b\n\nBREAKING CHANGE: gone", {"b.txt": "b"})
    repo.git("switch", "--quiet", "main")
    repo.commit("fix: meanwhile", {"c.txt": "c"})
    data = data_of(repo, "--base", "main", "--head", "topic", "--title", "feat: both", "--merge-method", method)
    match method:
        case "merge":
            repo.merge("topic", message="Merge pull request from topic")
        case "squash":
            repo.git("merge", "--quiet", "--squash", "topic")
            repo.commit("feat: both\n\n* feat: a\n\n* fix: b\n\nBREAKING CHANGE: gone")
        case _:
            repo.git("switch", "--quiet", "topic")
            repo.git("rebase", "--quiet", "main")
    told = verbump("next", "--format", "json", cwd=repo.path).json
    assert data["next"] == told["next"]
    assert [each["header"] for each in data["reasons"]] == [each["header"] for each in told["reasons"]]
    section = verbump("changelog", cwd=repo.path).stdout
    made, wanted = (_SHAS.sub("", text).rstrip() for text in (data["sections"][0]["markdown"], section))
    assert made == wanted


def test_nothing_to_release_is_said_in_words(repo: GitRepo, tmp_path: Path) -> None:
    fresh = projects.released(tmp_path / "other")
    fresh.git("switch", "--quiet", "--create", "topic")
    fresh.commit("docs: a word")
    done = preview(fresh, "--title", "docs: a word")
    assert (done.code, done.stderr) == (0, "")
    assert "### Nothing to release\n\nMerging this into `main` makes no new version.\n" in done.stdout
    assert "| – | " in done.stdout
    assert "Changelog" not in done.stdout
    assert data_of(fresh, "--title", "x")["next"] is None


def test_a_base_that_was_released_meanwhile(repo: GitRepo) -> None:
    repo.commit("feat: streams", {"src/streams.rs": ""})
    repo.git("switch", "--quiet", "main")
    assert verbump("release", "--yes", cwd=repo.path).code == 0
    repo.git("switch", "--quiet", "topic")
    data = data_of(repo, "--title", "feat: streams")
    assert (data["current"]["version"], data["next"]["version"]) == ("1.2.4", "1.3.0")
    assert data["problems"] == []
    files = {each["path"]: (each["old"], each["new"]) for each in data["files"]}
    assert files["Cargo.toml"] == ("1.2.4", "1.3.0"), "as the merge leaves them, not as the branch has them"
    assert [each["header"] for each in data["commits"]] == ["feat: streams"]


def test_a_conflict_is_said(repo: GitRepo) -> None:
    repo.commit("feat: ours", {"a.txt": "ours"})
    repo.git("switch", "--quiet", "main")
    repo.commit("feat: theirs", {"a.txt": "theirs"})
    data = data_of(repo, "--base", "main", "--head", "topic", "--title", "x")
    assert [each["code"] for each in data["problems"]] == ["merge-conflict"]
    assert data["next"]["version"] == "1.3.0"


def test_a_revert_does_not_know_its_target_any_more_once_rebased(repo: GitRepo) -> None:
    sha = repo.commit("feat: streams")
    repo.commit(f'Revert "feat: streams"\n\nThis reverts commit {sha}.')
    data = data_of(repo, "--title", "chore: nothing")
    assert versions(data) == {"merge": "1.2.4", "squash": "1.2.4", "rebase": "1.3.0"}
    assert [each["rule"][:8] for each in data["commits"]] == ["reverted", "reverts "]


def test_a_squash_of_several_commits_needs_a_title(repo: GitRepo) -> None:
    repo.commit("feat: one")
    assert versions(data_of(repo))["squash"] == "1.3.0", "a single commit is its own title"
    repo.commit("feat: two")
    data = data_of(repo)
    assert versions(data) == {"merge": "1.3.0", "rebase": "1.3.0"}
    assert [each["code"] for each in data["problems"]] == ["title-needed"]
    refused = preview(repo, "--merge-method", "squash")
    assert (refused.code, refused.stdout) == (2, "")
    assert '[title-needed]\n  hint: --title "feat: …"' in refused.stderr


def test_several_packages(tmp_path: Path) -> None:
    settings = "".join(f'[[tool.verbump.packages]]\nname = "{name}"\npath = "{name}"\n' for name in ("core", "api"))
    repo = GitRepo.create(tmp_path / "work")
    files = {f"{name}/pyproject.toml": projects.PYPROJECT.format(version="1.0.0") for name in ("core", "api")}
    repo.commit("feat: begin", {**files, "pyproject.toml": settings})
    repo.tag("core-v1.0.0")
    repo.tag("api-v1.0.0")
    repo.add_remote(tmp_path / "remote.git")
    repo.git("switch", "--quiet", "--create", "topic")
    repo.commit("feat: one", {"core/x": "x"})
    repo.commit("fix: two", {"api/x": "x"})
    repo.commit("fix: neither", {"x": "x"})
    done = preview(repo, "--title", "fix: all")
    assert "### **core 1.0.0 → 1.1.0** (minor); **api 1.0.0 → 1.0.1** (patch)\n" in done.stdout
    assert "| Squash and merge | core **1.0.1**, api **1.0.1** | patch |" in done.stdout
    assert "| Rebase and merge | core **1.1.0**, api **1.0.1** | minor, patch |" in done.stdout
    assert "fix: neither | it changes nothing that is released |" in done.stdout
    assert "makes the tag `core-v1.1.0`, `api-v1.0.1`" in done.stdout
    data = data_of(repo, "--title", "fix: all")
    assert [each["name"] for each in data["packages"]] == ["core", "api"]


def test_the_event_says_which_pull_request(repo: GitRepo, tmp_path: Path) -> None:
    """As actions/checkout leaves it: the trial merge, detached; the branches of the remote."""
    repo.commit("feat: one")
    head = repo.commit("fix: two")
    repo.git("push", "--quiet", "origin", "HEAD:refs/pull/12/head")
    repo.git("switch", "--quiet", "--detach", "main")
    repo.merge("topic", message="Merge topic into main")
    event = {
        "pull_request": {
            "number": 12,
            "title": "chore: both",
            "body": "closes nothing",
            "head": {"sha": head, "label": "somebody:topic", "ref": "topic"},
            "base": {
                "ref": "main",
                "sha": repo.oid("main"),
                "repo": {
                    "allow_merge_commit": False,
                    "allow_squash_merge": True,
                    "allow_rebase_merge": False,
                    "squash_merge_commit_title": "PR_TITLE",
                    "squash_merge_commit_message": "PR_BODY",
                },
            },
        }
    }
    (tmp_path / "event.json").write_text(json.dumps(event))
    env = {"GITHUB_EVENT_PATH": str(tmp_path / "event.json"), "GITHUB_BASE_REF": "main", "GITHUB_ACTIONS": "true"}
    data = data_of(repo, env=env)
    assert versions(data) == {"squash": "1.2.4"}
    assert data["pull_request"]["number"] == 12
    assert data["squashed"]["header"] == "chore: both (#12)"
    assert [each["header"] for each in data["commits"]] == ["feat: one", "fix: two"]
    assert data["own"] == "none", "what the branch does is lost in the title"
    repo.git("update-ref", "-d", "refs/remotes/origin/main")
    repo.git("branch", "--quiet", "-D", "main")
    assert data_of(repo, env=env)["pull_request"]["base"] == data["pull_request"]["base"]
    assert versions(data_of(repo, "--merge-method", "rebase", "--merge-method", "merge", env=env)) == {
        "rebase": "1.3.0",
        "merge": "1.3.0",
    }


def test_a_base_that_is_not_there(repo: GitRepo) -> None:
    repo.commit("feat: x")
    for words, env, code in (
        (["--base", "nowhere"], {}, "no-such-ref"),
        (["--head", "nowhere"], {}, "no-such-ref"),
        ([], {"GITHUB_BASE_REF": "gone"}, "no-such-ref"),
    ):
        refused = preview(repo, *words, env=env)
        assert (refused.code, refused.stdout) == (2, "")
        assert f"[{code}]" in refused.stderr
    repo.git("remote", "remove", "origin")
    repo.git("branch", "--quiet", "--move", "main", "trunk")
    refused = preview(repo)
    assert refused.code == 2
    assert "[no-base]\n  hint: --base REF" in refused.stderr


def test_what_a_release_would_refuse_is_told(repo: GitRepo) -> None:
    repo.commit(
        "feat: x",
        {"Cargo.toml": projects.CARGO.format(version="1.2.9"), WORKFLOW: "on:\n  push:\n    tags: ['v*']\n"},
    )
    done = preview(repo, "--title", "feat: x")
    assert done.code == 0
    assert "**What could stop it**\n\n- ⚠️ versions disagree: tag v1.2.3, Cargo.toml 1.2.9" in done.stdout
    assert "starts `.github/workflows/release.yml`.\n- A tag that a workflow pushes with `GITHUB_TOKEN`" in done.stdout
    repo.commit("ci: x", {WORKFLOW: "on:\n  push:\n    tags: ['v*']\n  workflow_dispatch:\n"})
    assert "GITHUB_TOKEN" not in preview(repo, "--title", "feat: x").stdout
    repo.git("branch", "develop", "main")
    text = preview(repo, "--base", "develop", "--title", "x").stdout
    assert "- ❌ branch develop is not a release branch (main, master, \\[0-9\\]\\*.x) → " in text


def test_a_branch_that_is_merged_already(repo: GitRepo) -> None:
    data = data_of(repo, "--title", "feat: nothing of it is left")
    assert versions(data) == {"merge": "1.2.4", "squash": "1.2.4", "rebase": "1.2.4"}
    assert (data["commits"], data["squashed"], data["own"]) == ([], None, "none")


def test_clones_of_every_kind(repo: GitRepo, tmp_path: Path) -> None:
    """Shallow, partial, a linked work tree, SHA-256: all say the same."""
    repo.commit("feat: one", {"a.txt": "a"})
    repo.git("push", "--quiet", "origin", "HEAD")
    repo.git("switch", "--quiet", "main")
    repo.commit("docs: x", {"b.txt": "on main only, so a partial clone of the branch lacks it"})
    repo.git("push", "--quiet", "origin", "HEAD")
    repo.git("switch", "--quiet", "topic")
    wanted = versions(data_of(repo, "--title", "x"))
    remote = GitRepo(tmp_path / "remote.git")
    remote.git("config", "uploadpack.allowFilter", "true")
    for name, options in {"shallow": ["--depth=1", "--no-single-branch"], "partial": ["--filter=blob:none"]}.items():
        clone = GitRepo.clone(f"file://{remote.path}", tmp_path / name, *options, "--branch=topic")
        assert versions(data_of(clone, "--base", "origin/main", "--title", "x")) == wanted, name
    repo.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    assert versions(data_of(GitRepo(tmp_path / "linked"), "--title", "x")) == wanted
    other = GitRepo.create(tmp_path / "sha256", object_format="sha256")
    other.commit("feat: begin", {**projects.files()})
    other.tag("v1.2.3")
    other.git("switch", "--quiet", "--create", "topic")
    other.commit("feat: one", {"a.txt": "a"})
    assert versions(data_of(other, "--base", "main", "--title", "fix: x")) == {**wanted, "squash": "1.2.4"}


def test_an_unfinished_release_is_told(repo: GitRepo) -> None:
    repo.commit("feat: x")
    repo.write(".git/verbump/journal.json", "{}")
    assert "release-pending" in [each["code"] for each in data_of(repo, "--title", "x")["problems"]]
