"""The client, against a GitHub whose every exchange is judged by GitHub's own description."""

from __future__ import annotations

import http.server
import io
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from support.git_repo import GitRepo
from support.github_state import Comment
from verbump.domain.forge import Forge
from verbump.effects import github, github_failures, http_exchange, http_retries
from verbump.effects.github_place import Place
from verbump.errors import Refused, ServerFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.github_server import GitHubServer
    from support.github_state import Hosted

NAME = "octo/demo"


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def hub(server: GitHubServer, hosted: Hosted, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> github.GitHub:
    return connect(server, server.world.token(), pauses, monkeypatch)


def connect(server: GitHubServer, token: str, pauses: list[float], patch: pytest.MonkeyPatch) -> github.GitHub:
    for name, value in server.environment(NAME, token).items():
        patch.setenv(name, value)
    return github.connect(None, http_retries.Patience(pause=pauses.append), needs_token=bool(token))


def draft(hub: github.GitHub, tag: str = "v1.0.0", **more: object) -> Any:
    return hub.post("releases", {"tag_name": tag, "name": tag, "draft": True, **more})


def test_a_release_from_draft_to_published(hub: github.GitHub, hosted: Hosted) -> None:
    made = draft(hub)
    assert hub.find("releases/tags/v1.0.0") is None  # drafts are not found by tag
    assert [each["id"] for each in hub.pages("releases")] == [made["id"]]

    content = b"\0\x01binary\xff" * 1000
    address = made["upload_url"].partition("{")[0] + "?name=demo.bin"
    asset = hub.upload(address, io.BytesIO(content), len(content))
    assert hosted.releases[0].assets[0].content == content
    assert asset["digest"] == hosted.releases[0].assets[0].digest

    hub.patch(f"releases/{made['id']}", {"draft": False, "make_latest": "true"})
    assert hub.get("releases/latest")["tag_name"] == "v1.0.0"


def test_drafts_are_hidden_from_those_who_may_not_push(
    server: GitHubServer, hub: github.GitHub, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(hub)
    reader = connect(server, server.world.token("reader", writes=()), pauses, monkeypatch)
    assert list(reader.pages("releases")) == []


def test_every_page_is_read(hub: github.GitHub, hosted: Hosted, server: GitHubServer) -> None:
    hosted.issues[1] = "An issue"
    author = server.world.account("maintainer")
    hosted.comments += [Comment(id=n, issue=1, body=f"comment {n}", author=author) for n in range(250)]
    assert [each["body"] for each in hub.pages("issues/1/comments")] == [f"comment {n}" for n in range(250)]
    assert len(server.asked("GET .*comments")) == 3


def test_refs_are_those_of_git(hub: github.GitHub, hosted: Hosted) -> None:
    tip = hosted.git.branch_tip("main")
    hub.post("git/refs", {"ref": "refs/heads/verbump/release", "sha": tip})
    assert hosted.git.branch_tip("verbump/release") == tip
    assert hub.get("git/ref/heads/verbump/release")["object"]["sha"] == tip
    hub.delete("git/refs/heads/verbump/release")
    assert hub.find("git/ref/heads/verbump/release") is None


def test_a_commit_on_a_branch_through_graphql(hub: github.GitHub, hosted: Hosted) -> None:
    import base64

    tip = hosted.git.branch_tip("main")
    mutation = """mutation ($input: CreateCommitOnBranchInput!) {
      createCommitOnBranch(input: $input) { commit { oid } }
    }"""
    given = {
        "branch": {"repositoryNameWithOwner": NAME, "branchName": "main"},
        "message": {"headline": "chore(release): 1.1.0", "body": "text"},
        "expectedHeadOid": tip,
        "fileChanges": {"additions": [{"path": "b.txt", "contents": base64.b64encode(b"b\n").decode()}]},
    }
    oid = hub.graphql(mutation, {"input": given})["createCommitOnBranch"]["commit"]["oid"]
    assert hosted.git.branch_tip("main") == oid
    assert hosted.git.git("show", f"{oid}:b.txt") == "b"
    assert hosted.git.git("show", f"{oid}:a.txt") == "a"
    with pytest.raises(ServerFailed, match="Expected branch to point to") as caught:
        hub.graphql(mutation, {"input": given})
    assert caught.value.answer.reasons == ("STALE_DATA",)


def test_the_token_of_a_workflow_is_its_bot(
    server: GitHubServer, hosted: Hosted, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = connect(server, server.world.actions_token(writes=("contents",)), pauses, monkeypatch)
    assert hub.graphql("query { viewer { login } }")["viewer"]["login"] == "github-actions[bot]"
    with pytest.raises(ServerFailed) as caught:
        hub.get("/user")
    assert caught.value.answer.status == 403
    hosted.issues[1] = "An issue"
    with pytest.raises(ServerFailed, match="not accessible by integration") as caught:
        hub.post("issues/1/comments", {"body": "x"})
    assert "permissions:" in caught.value.hint


def test_a_dispatch_answers_without_a_body(hub: github.GitHub, hosted: Hosted) -> None:
    hosted.workflows["release.yml"] = True
    assert hub.post("actions/workflows/release.yml/dispatches", {"ref": "v1.0.0"}) is None
    assert [(each["workflow"], each["ref"]) for each in hosted.dispatches] == [("release.yml", "v1.0.0")]


def test_pull_requests_checks_and_comparisons(hub: github.GitHub, hosted: Hosted, tmp_path: Path) -> None:
    work = GitRepo(tmp_path / "work")
    work.git("switch", "--quiet", "--create", "topic/a")
    sha = work.commit("fix: a", {"c.txt": "c"})
    work.git("push", "--quiet", "origin", "topic/a")
    made = hub.post("pulls", {"title": "Fix a", "head": "topic/a", "base": "main", "body": "b"})
    number = made["number"]
    assert [each["sha"] for each in hub.pages(f"pulls/{number}/commits")] == [sha]
    assert [each["number"] for each in hub.pages(f"commits/{sha}/pulls")] == [number]
    assert [each["number"] for each in hub.pages("pulls", head="octo:topic/a")] == [number]
    hub.patch(f"pulls/{number}", {"title": "Fix b"})
    assert hub.get(f"pulls/{number}")["title"] == "Fix b"
    assert hub.get(f"issues/{number}")["title"] == "Fix b"
    compared = hub.get(f"compare/main...{github.quoted('topic/a')}")
    assert (compared["status"], compared["ahead_by"]) == ("ahead", 1)
    output = {"title": "1.0.1", "summary": "s"}
    run = hub.post("check-runs", {"name": "verbump", "head_sha": sha, "conclusion": "success", "output": output})
    hub.patch(f"check-runs/{run['id']}", {"output": {"title": "t", "summary": "u"}})
    assert [each["name"] for each in hub.pages(f"commits/{sha}/check-runs", key="check_runs")] == ["verbump"]
    assert hub.get("")["default_branch"] == "main"
    assert hub.get("branches/topic%2Fa")["commit"]["sha"] == sha
    with pytest.raises(ServerFailed, match="A pull request already exists"):
        hub.post("pulls", {"title": "Fix a", "head": "topic/a", "base": "main"})


def test_an_enterprise_server(server: GitHubServer, hosted: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", f"{server.url}/api/v3")
    monkeypatch.setenv("GITHUB_REPOSITORY", NAME)
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", server.world.token("admin"))
    monkeypatch.setenv("GITHUB_TOKEN", "for-another-server")
    hub = github.connect(None)
    assert hub.place.token_variable == "GH_ENTERPRISE_TOKEN"
    assert hub.graphql("query { viewer { login } }")["viewer"]["login"] == "admin"
    address = draft(hub)["upload_url"].partition("{")[0]
    hub.upload(f"{address}?name=x.bin", io.BytesIO(b"x"), 1)
    assert hosted.releases[0].assets[0].content == b"x"


# --- What goes wrong -------------------------------------------------------------------------------------------------

MEANINGS: list[tuple[int, dict[str, str], bytes, str, str]] = [
    (401, {}, b'{"message": "Bad credentials"}', "bad-token", "GITHUB_TOKEN is not (or no longer) valid"),
    (403, {}, b'{"message": "Resource not accessible by integration"}', "forbidden", "permissions: contents: write"),
    (403, {}, b'{"message": "Resource protected by organization SAML enforcement"}', "forbidden", "authorize"),
    (403, {}, b'{"message": "Resource not accessible by personal access token"}', "forbidden", "Contents: read and"),
    (404, {}, b'{"message": "Not Found"}', "not-found", f"does {NAME} exist"),
    (409, {}, b'{"message": "Conflict"}', "conflict", "the message says"),
    (422, {}, b'{"message": "Validation Failed", "errors": [{"code": "already_exists"}]}', "rejected", "the message"),
    (422, {}, b'{"message": "Validation Failed", "errors": ["plain text"]}', "rejected", "the message"),
    (405, {}, b"", "rejected", "GITHUB_API_URL"),
    (500, {}, b"<html>", "server-error", "githubstatus"),
    (503, {}, b"[1, 2]", "server-error", "githubstatus"),
]


@pytest.mark.parametrize(("status", "headers", "body", "code", "hint"), MEANINGS)
def test_a_refusal_says_what_where_and_how_to_mend_it(
    server: GitHubServer, hub: github.GitHub, status: int, headers: dict[str, str], body: bytes, code: str, hint: str
) -> None:
    server.fail("GET", f"/repos/{NAME}$", status=status, headers=headers, body=body, times=9)
    with pytest.raises(ServerFailed) as caught:
        hub.get("")
    error = caught.value
    assert (error.exit_code, error.code, error.answer.status) == (4, code, status)
    assert error.message.startswith(f"GET {server.url}/repos/{NAME}: {status}")
    assert hint in error.hint
    assert os.environ["GITHUB_TOKEN"] not in error.message + error.hint


def test_the_details_of_a_422_are_told(hub: github.GitHub) -> None:
    hub.post("releases", {"tag_name": "v1.0.0"})
    with pytest.raises(ServerFailed, match="Validation Failed: Release tag_name already_exists") as caught:
        hub.post("releases", {"tag_name": "v1.0.0"})
    assert caught.value.answer.reasons == ("already_exists",)


@pytest.mark.case("F20")
@pytest.mark.parametrize(
    ("status", "headers", "body", "waited"),
    [
        (429, {"Retry-After": "7"}, b"", [7.0]),
        (403, {"Retry-After": "3"}, b"{}", [3.0]),
        (403, {}, b'{"message": "You have exceeded a secondary rate limit."}', [60.0]),
        (429, {"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"}, b"", [0.0]),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}, b"", [0.0]),
        (429, {"Retry-After": "soon"}, b"", [60.0]),
        (429, {}, b"<html>", [60.0]),
    ],
)
def test_a_limit_is_waited_for_even_to_create(
    server: GitHubServer,
    hub: github.GitHub,
    hosted: Hosted,
    pauses: list[float],
    status: int,
    headers: dict[str, str],
    body: bytes,
    waited: list[float],
) -> None:
    server.fail("POST", "/releases$", status=status, headers=headers, body=body)
    draft(hub)
    assert (pauses, len(hosted.releases)) == (waited, 1)


@pytest.mark.case("F20")
def test_a_limit_of_an_hour_is_not_waited_for(server: GitHubServer, hub: github.GitHub, pauses: list[float]) -> None:
    server.fail("GET", "/releases$", status=429, headers={"Retry-After": "3600"}, times=9)
    with pytest.raises(ServerFailed) as caught:
        list(hub.pages("releases"))
    assert caught.value.code == "rate-limited"
    assert "in 60 min" in caught.value.hint
    assert pauses == []


@pytest.mark.parametrize("fault", [{"status": 502}, {"kind": "cut"}, {"kind": "drop"}, {"kind": "half"}])
def test_reading_is_repeated(
    server: GitHubServer, hub: github.GitHub, pauses: list[float], fault: dict[str, Any]
) -> None:
    server.fail("GET", "/releases/latest$", times=2, **fault)
    hub.post("releases", {"tag_name": "v1.0.0"})
    assert hub.get("releases/latest")["tag_name"] == "v1.0.0"
    assert pauses == [0.5, 1.0]


@pytest.mark.case("F14")
@pytest.mark.parametrize("fault", [{"status": 502, "is_done": True}, {"kind": "drop"}, {"kind": "half"}])
def test_what_may_have_been_done_is_not_done_again(
    server: GitHubServer, hub: github.GitHub, hosted: Hosted, pauses: list[float], fault: dict[str, Any]
) -> None:
    server.fail("POST", "/releases$", times=9, **fault)
    with pytest.raises(ServerFailed) as caught:
        draft(hub)
    assert caught.value.answer.is_unsure
    assert (len(hosted.releases), pauses) == (1, [])


@pytest.mark.case("F14")
def test_attempts_are_bounded(server: GitHubServer, hub: github.GitHub, pauses: list[float]) -> None:
    server.fail("GET", "/releases$", status=503, times=99)
    with pytest.raises(ServerFailed, match="tried 4 times"):
        list(hub.pages("releases"))
    assert pauses == [0.5, 1.0, 2.0]


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("GITHUB_REPOSITORY", NAME)
    monkeypatch.setenv("GITHUB_TOKEN", "t0ken-of-nobody")
    hub = github.connect(None, http_retries.Patience(pause=lambda _: None))
    with pytest.raises(ServerFailed, match="Connection refused") as caught:
        hub.post("releases", {"tag_name": "v1"})
    assert (caught.value.code, caught.value.answer.is_unsure) == ("unreachable", False)


def test_a_server_that_does_not_answer(
    server: GitHubServer, hub: github.GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        request = http_exchange.Request(
            method="GET", url=f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_seconds=0.2
        )
        with pytest.raises(http_exchange.NoAnswer, match="no answer in time") as caught:
            http_exchange.exchange(request)
    assert caught.value.is_unsure


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"a"', b"[" * 100_000, b'"text"', b"null", b"\xff\xfe"])
def test_an_answer_of_another_shape(server: GitHubServer, hub: github.GitHub, body: bytes) -> None:
    server.fail("GET", "/releases/latest$", kind="other", status=200, body=body)
    with pytest.raises(ServerFailed) as caught:
        github_failures.field(hub.get("releases/latest"), "tag_name", str)
    assert caught.value.code == "bad-answer"


def test_a_list_that_is_none(server: GitHubServer, hub: github.GitHub) -> None:
    server.fail("GET", "/releases$", status=200, body=b'{"message": "?"}')
    with pytest.raises(ServerFailed, match="a list was expected"):
        list(hub.pages("releases"))


def test_a_field_of_another_type() -> None:
    assert github_failures.field({"id": 3}, "id", int) == 3
    wrong: list[object] = [{"id": True}, {"id": "3"}, {}, [], None]
    for data in wrong:
        with pytest.raises(ServerFailed, match="id should be a number"):
            github_failures.field(data, "id", int)


# --- Other hosts -----------------------------------------------------------------------------------------------------


@contextmanager
def elsewhere(status: int = 200, body: bytes = b"{}") -> Iterator[tuple[str, list[str | None]]]:
    """Another host, and what it saw of credentials."""
    seen: list[str | None] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PATCH = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", seen
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_token_follows_to_another_host(server: GitHubServer, hub: github.GitHub, status: int) -> None:
    with elsewhere(body=b'{"a": 1}') as (address, seen):
        server.fail("GET", f"/repos/{NAME}$", status=status, headers={"Location": address})
        assert hub.get("") == {"a": 1}
    assert seen == [None]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_writing_is_not_taken_to_another_host(
    server: GitHubServer, hub: github.GitHub, hosted: Hosted, status: int
) -> None:
    with elsewhere() as (address, seen):
        server.fail("POST", "/releases$", status=status, headers={"Location": address})
        with pytest.raises(ServerFailed, match=str(status)) as caught:
            draft(hub)
    assert (seen, caught.value.code) == ([], "redirected")


@pytest.mark.parametrize(
    ("url", "target", "is_followed"),
    [
        ("https://api.github.com/x", "https://api.github.com/y", True),
        ("http://127.0.0.1:1/x", "https://127.0.0.1:1/x", True),
        ("https://api.github.com/x", "http://api.github.com/x", False),
        ("https://api.github.com/x", "http://objects.example.com/x", False),
        ("https://api.github.com/x", "file:///etc/passwd", False),
        ("https://api.github.com/x", "ftp://api.github.com/x", False),
    ],
)
def test_a_redirect_leads_to_https_where_it_begins_there(url: str, target: str, is_followed: bool) -> None:
    request = http_exchange.Request(method="GET", url=url, headers={"Authorization": "t"})
    assert (http_exchange._redirected(request, 301, target) is not None) is is_followed


def test_a_repository_that_moved_is_followed_on_its_host(
    server: GitHubServer, hub: github.GitHub, hosted: Hosted
) -> None:
    moved = {"Location": f"/repos/{NAME}/releases"}
    server.fail("POST", "/releases$", status=307, headers=moved)
    draft(hub)
    assert len(hosted.releases) == 1
    server.fail("GET", f"/repos/{NAME}$", status=301, times=99, headers={"Location": f"/repos/{NAME}"})
    with pytest.raises(ServerFailed, match="more than 5 redirects"):
        hub.get("")


def test_a_next_page_on_another_host_is_not_asked(server: GitHubServer, hub: github.GitHub) -> None:
    with elsewhere(body=b"[]") as (address, seen):
        server.fail("GET", "/releases$", status=200, headers={"Link": f'<{address}>; rel="next"'}, body=b"[]")
        with pytest.raises(ServerFailed, match="next page is on another host"):
            list(hub.pages("releases"))
    assert seen == []


def test_nothing_is_uploaded_to_another_host(hub: github.GitHub) -> None:
    with elsewhere() as (address, seen), pytest.raises(ServerFailed, match="nothing was sent"):
        hub.upload(f"{address}?name=x", io.BytesIO(b"x"), 1)
    assert seen == []


@pytest.mark.parametrize(
    ("api", "upload", "is_ours"),
    [
        ("https://api.github.com", "https://uploads.github.com/repos/o/r/releases/1/assets", True),
        ("https://ghe.example.com/api/v3", "https://ghe.example.com/api/uploads/repos/o/r", True),
        ("https://api.octo.ghe.com", "https://uploads.octo.ghe.com/repos/o/r", True),
        ("https://api.github.com", "https://uploads.github.com.example.net/x", False),
        ("https://api.github.com", "http://uploads.github.com/x", False),
        ("https://api.github.com", "https://uploads.github.com:444/x", False),
    ],
)
def test_hosts_that_take_uploads(api: str, upload: str, is_ours: bool) -> None:
    place = Place(repository=NAME, api_url=api, graphql_url="")
    assert github.GitHub(place, "t")._is_ours(upload) is is_ours


# --- Where and with what ---------------------------------------------------------------------------------------------

DOT_COM = Forge(kind="github", url="https://github.com/o/r")
SERVER = Forge(kind="github", url="https://github.example.com/o/r")
TENANT = Forge(kind="github", url="https://octo.ghe.com/o/r")


@pytest.mark.parametrize(
    ("forge", "environment", "expected"),
    [
        (DOT_COM, {"GITHUB_TOKEN": "a"}, ("o/r", "https://api.github.com", "GITHUB_TOKEN")),
        (DOT_COM, {"GITHUB_TOKEN": "a", "GH_TOKEN": "b"}, ("o/r", "https://api.github.com", "GH_TOKEN")),
        (DOT_COM, {"GITHUB_TOKEN": "a", "GITHUB_REPOSITORY": "x/y"}, ("o/r", "https://api.github.com", "GITHUB_TOKEN")),
        (None, {"GITHUB_TOKEN": "a", "GITHUB_REPOSITORY": "x/y"}, ("x/y", "https://api.github.com", "GITHUB_TOKEN")),
        (SERVER, {"GH_ENTERPRISE_TOKEN": "a"}, ("o/r", "https://github.example.com/api/v3", "GH_ENTERPRISE_TOKEN")),
        (
            SERVER,
            {"GITHUB_TOKEN": "a", "GITHUB_API_URL": "https://github.example.com/api/v3/"},
            ("o/r", "https://github.example.com/api/v3", "GITHUB_TOKEN"),
        ),
        (TENANT, {"GH_TOKEN": "a"}, ("o/r", "https://api.octo.ghe.com", "GH_TOKEN")),
    ],
)
def test_places(
    forge: Forge | None, environment: dict[str, str], expected: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GH_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    place = github.connect(forge).place
    assert (place.repository, place.api_url, place.token_variable) == expected


@pytest.mark.parametrize(
    ("api", "given", "expected"),
    [
        ("https://api.github.com", "", "https://api.github.com/graphql"),
        ("https://ghe.example.com/api/v3", "", "https://ghe.example.com/api/graphql"),
        (
            "https://ghe.example.com/api/v3",
            "https://ghe.example.com/api/graphql",
            "https://ghe.example.com/api/graphql",
        ),
        ("https://api.github.com", "https://example.net/graphql", "https://api.github.com/graphql"),
    ],
)
def test_the_address_of_graphql(api: str, given: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", api)
    monkeypatch.setenv("GITHUB_GRAPHQL_URL", given)
    assert github.connect(DOT_COM, needs_token=False).place.graphql_url == expected


@pytest.mark.parametrize(
    ("forge", "environment", "code"),
    [
        (None, {"GITHUB_TOKEN": "a"}, "no-github"),
        (None, {"GITHUB_TOKEN": "a", "GITHUB_REPOSITORY": "x/y/../z"}, "no-github"),
        (DOT_COM, {}, "no-token"),
        (DOT_COM, {"GITHUB_TOKEN": "  "}, "no-token"),
        (DOT_COM, {"GITHUB_TOKEN": "two words"}, "bad-token"),
        (DOT_COM, {"GITHUB_TOKEN": "a\r\nX-Evil: b"}, "bad-token"),
        (SERVER, {"GITHUB_TOKEN": "a"}, "no-token"),  # not to a server that only the remote names
        (DOT_COM, {"GITHUB_TOKEN": "a", "GITHUB_API_URL": "http://example.net"}, "bad-address"),
        (DOT_COM, {"GITHUB_TOKEN": "a", "GITHUB_API_URL": "file:///etc"}, "bad-address"),
    ],
)
def test_what_cannot_be_connected(
    forge: Forge | None, environment: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GH_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refused) as caught:
        github.connect(forge)
    assert caught.value.code == code


def test_a_segment_of_a_path_is_quoted() -> None:
    assert github.quoted("a/b?c#d e/../é") == "a%2Fb%3Fc%23d%20e%2F..%2F%C3%A9"
