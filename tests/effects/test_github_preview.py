"""`verbump preview` on GitHub: one comment of ours, a check run, and plans that another job has made."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import jsonschema
import pytest

from support import projects
from support.git_repo import GitRepo
from support.github_state import Comment, Pull
from support.running import run_in_process
from verbump.cli import schemas
from verbump.domain import json_shape
from verbump.planning import notes, preview_comment

if TYPE_CHECKING:
    from support.github_server import GitHubServer
    from support.github_state import Account, Hosted
    from support.running import Result

NAME, FORK = "octo/demo", "somebody/demo"
TITLE = "fix: a title | `x` <img src=x> @octo closes #1"
MARKER = preview_comment.MARKER


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """A branch `topic` with a feature, checked out, of a project that was released as 1.2.3."""
    made = projects.released(tmp_path)
    made.git("switch", "--quiet", "--create", "topic")
    made.commit("feat: streams")
    return made


@pytest.fixture
def hosted(server: GitHubServer, repo: GitRepo, tmp_path: Path) -> Hosted:
    """octo/demo with pull request #1: from `topic` of somebody's fork."""
    base = server.world.host(NAME, GitRepo(tmp_path / "remote.git"), merge_methods=frozenset({"squash", "merge"}))
    fork = GitRepo.create(tmp_path / "fork.git", bare=True)
    for place, ref in ((fork.path, "refs/heads/topic"), (base.git.path, "refs/pull/1/head")):
        repo.git("push", "--quiet", str(place), f"HEAD:{ref}")
    server.world.host(FORK, fork)
    who = server.world.account("somebody")
    base.pulls.append(Pull(number=1, title=TITLE, body="", head="topic", base="main", author=who, head_repository=FORK))
    return base


@pytest.fixture
def env(server: GitHubServer) -> dict[str, str]:
    return server.environment(NAME, server.world.actions_token(writes=("pull_requests", "checks")))


def preview(repo: GitRepo, env: dict[str, str], *words: str) -> Result:
    with patch.dict(os.environ, env):
        return run_in_process("preview", *words, cwd=repo.path)


def comment(server: GitHubServer, hosted: Hosted, body: str, author: Account | None = None) -> Comment:
    made = Comment(id=next(server.world.ids), issue=1, body=body, author=author or server.world.bot)
    hosted.comments.append(made)
    return made


def write_event(tmp_path: Path, sha: str, **more: Any) -> dict[str, str]:
    """The variables of a run on workflow_run, after a run for the pull request at `sha`."""
    owner = {"login": "somebody"}
    run: dict[str, Any] = {"event": "pull_request", "head_branch": "topic", "head_sha": sha, "conclusion": "success"}
    run |= {"head_repository": {"full_name": FORK, "owner": owner}, "pull_requests": [], **more}
    (tmp_path / "event.json").write_text(json.dumps({"workflow_run": run}))
    return {"GITHUB_EVENT_PATH": str(tmp_path / "event.json"), "GITHUB_ACTIONS": "true"}


def write_plan(repo: GitRepo, tmp_path: Path, **changes: Any) -> str:
    done = preview(repo, {}, "--title", TITLE, "--format", "json")
    assert done.code == 0, done.stderr
    data = done.json
    data["pull_request"] |= {"number": 1, **changes}
    (tmp_path / "plan.json").write_text(json.dumps(data))
    return str(tmp_path / "plan.json")


def test_one_comment_edited_in_place(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str], tmp_path: Path
) -> None:
    """Among 150 comments; one with our marker by somebody else, and one of ours without it, stay as they are."""
    for number in range(150):
        comment(server, hosted, f"comment {number}", server.world.account("somebody"))
    strange = comment(server, hosted, f"{MARKER}\nnot ours", server.world.account("mallory"))
    other = comment(server, hosted, f"another bot's words about {MARKER}")
    summary = tmp_path / "summary.md"

    done = preview(repo, {**env, "GITHUB_STEP_SUMMARY": str(summary)}, "--pr", "1", "--post")

    assert done.code == 0, done.stderr
    made = hosted.comments[-1]
    assert len(hosted.comments) == 153
    assert (made.author, made.body, summary.read_text()) == (server.world.bot, done.stdout, done.stdout)
    assert f"/{NAME}/pull/1#issuecomment-{made.id}" in done.stderr
    assert server.asked("comments 200")[:2] == [f"GET /repos/{NAME}/issues/1/comments 200"] * 2, "all pages"
    (run,) = hosted.check_runs
    assert (run["name"], run["head_sha"], run["conclusion"]) == ("verbump preview", repo.head(), "success")
    assert run["output"] == {"title": "1.2.3 → 1.3.0 (minor)", "summary": done.stdout}
    assert "| Create a merge commit | **1.3.0** | minor |" in made.body
    assert "Rebase" not in made.body, "the repository does not allow it"

    repo.commit("feat!: all new")
    for place, ref in (("fork.git", "refs/heads/topic"), ("remote.git", "refs/pull/1/head")):
        repo.git("push", "--quiet", str(tmp_path / place), f"HEAD:{ref}")
    again = preview(repo, env, "--pr", "1", "--post")

    assert (again.code, len(hosted.comments)) == (0, 153)
    assert made.body == again.stdout != done.stdout
    assert strange.body.endswith("not ours")
    assert other.body.startswith("another")


def test_a_pull_request_that_was_never_fetched(
    repo: GitRepo, hosted: Hosted, env: dict[str, str], tmp_path: Path
) -> None:
    clone = GitRepo.clone(tmp_path / "remote.git", tmp_path / "clone", "--no-local")
    before = clone.snapshot()
    done = preview(clone, env, "--pr", "1", "--format", "json")
    assert done.code == 0, done.stderr
    assert (done.json["pull_request"]["head"], done.json["methods"][0]["method"]) == (repo.head(), "merge")
    assert clone.snapshot() == before
    hosted.git.git("update-ref", "-d", "refs/pull/1/head")
    refused = preview(clone, env, "--pr", "1")
    assert refused.code == 4
    assert "[head-missing]\n  hint: git fetch origin pull/1/head\n" in refused.stderr


def test_from_a_plan(server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str], tmp_path: Path) -> None:
    """The second job: no repository but the base's; the pull request is looked up by the head that the event names."""
    plan = write_plan(repo, tmp_path)
    elsewhere = GitRepo(tmp_path / "empty")
    elsewhere.path.mkdir()
    hosted.protected.add("main")
    hosted.rules["main"] = [{"type": "pull_request", "ruleset_id": 1}]

    done = preview(elsewhere, {**env, **write_event(tmp_path, repo.head())}, "--from-plan", plan, "--post")

    assert done.code == 0, done.stderr
    (made,) = hosted.comments
    assert (made.issue, made.body) == (1, done.stdout)
    assert "branch main is protected (changes must come by pull request): the push of a release may be" in made.body
    assert preview(elsewhere, {}, "--from-plan", plan).stdout.startswith(f"{MARKER}\n### **1.2.3 → 1.3.0** (minor)")
    hosted.pulls[0].title = "feat: another"
    changed = preview(elsewhere, {**env, **write_event(tmp_path, repo.head())}, "--from-plan", plan, "--post")
    assert "the title has changed since" in changed.stdout
    hosted.pulls[0].head_sha = repo.oid("HEAD~1")
    late = preview(elsewhere, {**env, **write_event(tmp_path, repo.head())}, "--from-plan", plan, "--post")
    assert (late.code, late.stdout) == (0, "")
    assert "note: the pull request has been closed or has moved on" in late.stderr


@pytest.mark.case("S16")
def test_a_plan_of_something_else(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str], tmp_path: Path
) -> None:
    event = write_event(tmp_path, repo.head())
    plan = write_plan(repo, tmp_path, number=2)
    refused = preview(repo, {**env, **event}, "--from-plan", plan, "--post")
    assert (refused.code, hosted.comments) == (4, [])
    assert "the plan is of pull request #2, not of #1 [other-pull]" in refused.stderr
    plan = write_plan(repo, tmp_path, head="0" * 40)
    refused = preview(repo, {**env, **event}, "--from-plan", plan, "--post")
    assert (refused.code, hosted.comments) == (4, [])
    plan = write_plan(repo, tmp_path)
    event = write_event(tmp_path, repo.head(), event="push")
    refused = preview(repo, {**env, **event}, "--from-plan", plan, "--post")
    assert (refused.code, hosted.comments) == (4, [])
    assert "[not-a-pull-request]" in refused.stderr
    assert preview(repo, env, "--from-plan", plan, "--post").code == 2, "no event, no number"
    assert preview(repo, env, "--from-plan", plan, "--base", "main").code == 2
    assert preview(repo, env, "--from-plan", plan, "--post", "--pr", "1").code == 0
    assert preview(repo, env, "--from-plan", plan, "--post", "--pr", "1").code == 0
    assert server.asked("PATCH") == [], "nothing new to say, nothing written"
    hosted.pulls.append(Pull(**{**vars(hosted.pulls[0]), "number": 3, "base": "next"}))
    hosted.git.git("update-ref", "refs/heads/next", "refs/heads/main")
    chosen = preview(repo, {**env, **write_event(tmp_path, repo.head())}, "--from-plan", plan, "--post")
    assert chosen.code == 0, "of two, the one into main"
    hosted.pulls[1].base = "main"
    refused = preview(repo, {**env, **write_event(tmp_path, repo.head())}, "--from-plan", plan, "--post")
    assert refused.code == 4
    assert "several pull requests: #3, #1 [several-pulls]" in refused.stderr


def test_another_fork_of_the_same_owner(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str], tmp_path: Path
) -> None:
    """GitHub's filter, `head=somebody:topic`, lists the requests of both; the run was of one of them."""
    server.world.host("somebody/twin", GitRepo(tmp_path / "fork.git"))
    hosted.pulls.append(Pull(**{**vars(hosted.pulls[0]), "number": 3, "head_repository": "somebody/twin"}))
    event, plan = write_event(tmp_path, repo.head()), write_plan(repo, tmp_path, number=None)
    done = preview(repo, {**env, **event}, "--from-plan", plan, "--post")
    assert (done.code, [each.issue for each in hosted.comments]) == (0, [1]), done.stderr


@pytest.mark.case("S16")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" " * 10_000_000, "more than 1,000,000 bytes"),
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a": ' * 50_000, "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"[]", "not a plan of a preview: $: not of type object"),
        (b"{}", "$: schema is missing"),
    ],
)
def test_a_plan_that_is_none(repo: GitRepo, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "plan.json").write_bytes(content)
    refused = preview(repo, {}, "--from-plan", str(tmp_path / "plan.json"))
    assert (refused.code, refused.stdout) == (4, "")
    assert said in refused.stderr
    assert "\n  hint: verbump preview --format json makes one\n" in refused.stderr


def test_a_plan_that_is_no_file(repo: GitRepo, tmp_path: Path) -> None:
    assert preview(repo, {}, "--from-plan", str(tmp_path / "nothing")).code == 2
    (tmp_path / "link").symlink_to(write_plan(repo, tmp_path))
    refused = preview(repo, {}, "--from-plan", str(tmp_path / "link"))
    assert (refused.code, "not a plain file" in refused.stderr) == (4, True)


@pytest.mark.case("S16")
def test_every_part_of_a_plan_is_checked(repo: GitRepo, tmp_path: Path) -> None:
    """Each value put in place of each other's kind, and each taken away: as jsonschema judges, so do we."""
    repo.commit("fix:oops\n\nBREAKING CHANGE: x")
    data = json.loads(Path(write_plan(repo, tmp_path)).read_text())
    validator = jsonschema.Draft202012Validator(schemas.PREVIEW)
    refused = total = 0
    for spoilt in _spoilt(data):
        found = json_shape.find_fault(schemas.PREVIEW, spoilt)
        assert (found is None) == validator.is_valid(spoilt), found
        refused, total = refused + (found is not None), total + 1
    assert json_shape.find_fault(schemas.PREVIEW, data) is None
    assert total > 500
    assert refused > total * 0.7


def _spoilt(data: Any) -> Any:
    """The data with one value replaced or left out, at every place."""
    yield from (None, True, 0, "x", [], {})
    if isinstance(data, dict):
        for key in data:
            yield {name: value for name, value in data.items() if name != key}
            yield from ({**data, key: value} for value in _spoilt(data[key]))
        yield {**data, "more": 1}
    elif isinstance(data, list) and data:
        yield from ([*data[:-1], value] for value in _spoilt(data[-1]))


def test_hostile_text_in_a_plan_stays_text(repo: GitRepo, tmp_path: Path) -> None:
    """Every text of the plan, replaced by one that would act: nothing of it is markup in the comment."""
    from markdown_it import MarkdownIt

    repo.commit(
        "fix:oops\n\nBREAKING CHANGE: x", {"CHANGELOG.md": projects.CHANGELOG.replace("ed]\n", "ed]\n\n- x\n", 1)}
    )
    data = json.loads(Path(write_plan(repo, tmp_path)).read_text())
    attack = "</details><img src=x onerror=y> @octo/team [a](javascript:b) ![p](//q)\n\n# h | `` ` ``<!-- closes #1 -->"
    comment_text = preview_comment.render_comment(_attacked(data, attack))
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(comment_text)
    html = re.sub(r"<code>.*?</code>", "<code>", html, flags=re.DOTALL)
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "@octo" not in html
    assert html.count("<h1") == 0
    assert html.count("<!--") == 1
    assert html.count("</details>") == 1
    assert "closes #1" not in html


def _attacked(data: Any, attack: str, key: str = "") -> Any:
    if isinstance(data, dict):
        return {name: _attacked(value, attack, name) for name, value in data.items()}
    if isinstance(data, list):
        return [_attacked(each, attack, key) for each in data]
    kept = key in {"bump", "requested_bump", "own", "method", "severity", "source"}
    return attack if isinstance(data, str) and not kept else data


def test_a_comment_stays_within_the_limit(repo: GitRepo, tmp_path: Path) -> None:
    data = json.loads(Path(write_plan(repo, tmp_path)).read_text())
    long = {
        "commit": "a" * 40,
        "header": "<&@`|" * 300,
        "bump": "none",
        "rule": "",
        "fault": "𝔘" * 500,
        "suggestion": "`" * 500,
    }
    data["commits"] = [long] * 3000
    data["files"] = [{"path": "😀" * 400, "old": "1", "new": "2", "created": False}] * 2000
    data["problems"] = [{"code": "x", "severity": "error", "message": "<" * 4000, "hint": "h" * 4000}] * 500
    entry: dict[str, Any] = {
        "breaking": False,
        "scope": None,
        "description": "𝔘" * 200,
        "notes": [],
        "numbers": [],
        "commit": "",
    }
    category = {"title": "Added", "lines": ["- hand"] * 2000, "entries": [entry] * 2000}
    data["sections"][0]["categories"] = [category]
    text = preview_comment.render_comment(data)
    assert 20_000 < notes.units(text) <= 65_535
    assert "… and 29" in text
    data["commits"], data["files"], data["problems"] = [], [], []
    text = preview_comment.render_comment(data)
    assert 60_000 < notes.units(text) <= 65_535
    assert "… cut here" in text
    assert text.count("</details>") == 1


def test_no_token(repo: GitRepo, hosted: Hosted, server: GitHubServer) -> None:
    refused = preview(repo, server.environment(NAME), "--pr", "1", "--post")
    assert (refused.code, refused.stdout) == (4, "")
    assert "[no-token]\n  hint: export GH_TOKEN=$(gh auth token)" in refused.stderr
    assert server.log == [], "said before anything is asked"


def test_a_token_that_may_not(repo: GitRepo, hosted: Hosted, server: GitHubServer, tmp_path: Path) -> None:
    env = server.environment(NAME, server.world.actions_token(writes=("pull_requests",)))
    done = preview(repo, env, "--pr", "1", "--post")
    assert (done.code, len(hosted.comments), hosted.check_runs) == (0, 1, [])
    assert "note: no check run: it needs `checks: write`" in done.stderr
    env = server.environment(NAME, server.world.actions_token(writes=()))
    hosted.comments.clear()
    refused = preview(repo, env, "--pr", "1", "--post")
    assert (refused.code, hosted.comments) == (4, [])
    assert "403 Resource not accessible by integration [forbidden]" in refused.stderr
    assert preview(repo, env, "--post", "--base", "main").code == 2, "no number"


def test_a_comment_that_was_written_though_no_answer_came(
    repo: GitRepo, hosted: Hosted, server: GitHubServer, env: dict[str, str]
) -> None:
    server.fail("POST", "/comments$", kind="drop")
    done = preview(repo, env, "--pr", "1", "--post")
    assert (done.code, len(hosted.comments)) == (0, 1), done.stderr
    server.fail("POST", "/comments$", kind="cut")
    hosted.comments.clear()
    refused = preview(repo, env, "--pr", "1", "--post")
    assert (refused.code, hosted.comments) == (4, [])
    assert preview(repo, env, "--pr", "1", "--post").code == 0
    server.fail("PATCH", "/comments/", status=404)
    repo.commit("feat!: more")
    done = preview(repo, env, "--pr", "1", "--post", "--head", "HEAD")
    assert (done.code, len(hosted.comments)) == (0, 2), "ours was deleted meanwhile: a new one"
