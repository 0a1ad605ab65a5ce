"""The GitHub on loopback: that its judge has teeth, that it hides what GitHub hides, and that `gh` takes it for one."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from support import github_description, github_server
from support.git_repo import GitRepo
from support.github_description import Description, Exchange
from support.github_state import kept_name
from support.tools import require

if TYPE_CHECKING:
    from pathlib import Path

    from support.github_server import GitHubServer
    from support.github_state import Hosted

NAME = "octo/demo"


def exchange(**changed: Any) -> Exchange:
    values: dict[str, Any] = {
        "method": "POST",
        "path": f"/repos/{NAME}/git/refs",
        "query": "",
        "headers": {},
        "body": b'{"ref": "refs/tags/v1", "sha": "a"}',
        "status": 201,
        "answer_headers": {"Content-Type": "application/json"},
        "answer": json.dumps(
            {
                "ref": "r",
                "node_id": "n",
                "url": "https://e.org",
                "object": {"type": "tag", "sha": "a" * 40, "url": "https://e.org"},
            }
        ).encode(),
    }
    return Exchange(**{**values, **changed})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"body": b"{}"}, "'ref' is a required property"),
        ({"body": b'{"ref": 1, "sha": "a"}'}, "1 is not of type 'string'"),
        ({"answer": b"{}"}, "'object' is a required property"),
        ({"answer": b""}, "MissingData"),
        ({"path": "/repos/octo/demo/nothing"}, "PathNotFound"),
        ({"method": "PUT"}, "OperationNotFound"),
        ({"status": 202}, "ResponseNotFound"),
        ({"status": 422, "answer": b'{"message": 1}'}, "1 is not of type 'string'"),
        ({"status": 422, "body": b"{}", "answer": b'{"message": "no", "documentation_url": "u"}'}, ""),
    ],
)
def test_the_judge_has_teeth(changed: dict[str, Any], said: str) -> None:
    problems = github_description.description().problems(exchange(**changed))
    assert bool(problems) == bool(said)
    assert said in "\n".join(problems)


def test_the_description_is_well_formed() -> None:
    github_description.description()
    place = github_description.SHARED
    place = place if place.exists() else github_description.CACHE / "openapi-slice.json"
    Description(json.loads(place.read_text()), is_trusted=False)


def test_a_slice_holds_what_it_refers_to() -> None:
    schemas = {"a": {"$ref": "#/components/schemas/b"}, "b": {}, "c": {}, "basic-error": {}, "validation-error": {}}
    used = {"get": {"$ref": "#/components/schemas/a"}}
    document = {
        "paths": {"/user": used, "/emojis": {}, "/repos/{owner}/{repo}/git/refs": {}},
        "components": {"schemas": schemas},
    }
    made = github_description.slice_of(document)
    assert list(made["paths"]) == ["/user", "/repos/{owner}/{repo}/git/refs"]
    assert sorted(made["components"]["schemas"]) == ["a", "b", "basic-error", "validation-error"]


def test_an_exchange_that_is_wrong_fails_the_test_that_made_it(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no route of this GitHub"), github_server.serving() as made:
        _ask(f"{made.url}/nothing/like/this", made.world.token())
    github_description.COUNTS["unvalidated"] -= 1  # on purpose
    with pytest.raises(AssertionError, match="Cannot query field 'logn'"), github_server.serving() as made:
        _ask(f"{made.url}/graphql", made.world.token(), b'{"query": "{ viewer { logn } }"}')
    work = GitRepo.create(tmp_path / "work")
    work.commit("feat: begin")
    bare = work.add_remote(tmp_path / "remote.git")
    with pytest.raises(AssertionError, match="'perhaps' is not one of"), github_server.serving() as made:
        _create_release_badly(made, bare)


def _create_release_badly(made: GitHubServer, bare: GitRepo) -> None:
    made.world.host(NAME, bare)
    _ask(f"{made.url}/repos/{NAME}/releases", made.world.token(), b'{"tag_name": "v1", "make_latest": "perhaps"}')


def _ask(url: str, token: str, body: bytes | None = None) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers)).close()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("a b.txt", "a.b.txt"), ("é.txt", "txt"), (".hidden", "hidden"), ("a-1.0+l_x~.whl", "a-1.0+l_x~.whl")],
)
def test_names_as_github_keeps_them(name: str, kept: str) -> None:
    assert kept_name(name) == kept


def test_gh_makes_the_same_release(server: GitHubServer, hosted: Hosted, tmp_path: Path) -> None:
    """GitHub's own client speaks to this server as to GitHub, so that it is not our own misunderstanding."""
    token = server.world.token("maintainer")
    (tmp_path / "demo.bin").write_bytes(b"\0binary" * 100)

    def gh(*words: str) -> str:
        environment = {
            **os.environ,
            "http_proxy": server.url,
            "GH_HOST": "github.localhost",
            "GH_TOKEN": token,
            "GH_ENTERPRISE_TOKEN": token,
            "GH_CONFIG_DIR": str(tmp_path / "gh"),
            "GH_NO_UPDATE_NOTIFIER": "1",
            "NO_PROXY": "",
            "no_proxy": "",
        }
        argv = [require("gh"), *words, "--repo", f"github.localhost/{NAME}"]
        done = subprocess.run(argv, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (done.stderr, server.log)
        return done.stdout

    gh("release", "create", "v1.0.0", "demo.bin", "--verify-tag", "--notes", "hi", "--draft", "--title", "One")
    (release,) = hosted.releases
    assert (release.draft, release.name, release.body) == (True, "One", "hi")
    assert [(each.name, each.content) for each in release.assets] == [("demo.bin", b"\0binary" * 100)]
    gh("release", "edit", "v1.0.0", "--draft=false", "--latest")
    assert (hosted.releases[0].draft, hosted.latest) == (False, hosted.releases[0].id)
    assert "v1.0.0" in gh("release", "list", "--json", "tagName,isLatest")
    gh("release", "download", "v1.0.0", "--dir", "down")
    assert (tmp_path / "down/demo.bin").read_bytes() == b"\0binary" * 100
