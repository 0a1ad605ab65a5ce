"""The push as the commit point, over every transport, against servers that refuse, race, lie and hang up."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from support import http_remote, ssh_remote
from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import Result, verbump

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.http_remote import HttpRemote

REFUSE_BRANCH = "#!/bin/sh\ncase $1 in refs/heads/*) echo 'protected branch' >&2; exit 1;; esac\n"
REFUSE_TAG = "#!/bin/sh\ncase $1 in refs/tags/*) echo 'tags are made by CI' >&2; exit 1;; esac\n"


@pytest.fixture
def http(tmp_path: Path) -> Iterator[HttpRemote]:
    with http_remote.serving(tmp_path) as remote:
        yield remote


def over_http(tmp_path: Path, http: HttpRemote) -> GitRepo:
    repo = released(tmp_path, "feat: streams")
    GitRepo(tmp_path / "remote.git").git("config", "http.receivepack", "true")
    repo.git("remote", "set-url", "origin", http.url("remote.git"))
    return repo


def test_over_http_with_a_password(tmp_path: Path, http: HttpRemote) -> None:
    repo = over_http(tmp_path, http)

    result = verbump("-vv", "release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert remote_refs(tmp_path)["refs/tags/v1.3.0"] == repo.oid("refs/tags/v1.3.0")
    assert http_remote.PASSWORD not in result.stdout + result.stderr


def test_wrong_password_is_refused_and_never_shown(tmp_path: Path, http: HttpRemote) -> None:
    repo = over_http(tmp_path, http)
    repo.git("remote", "set-url", "origin", f"http://maintainer:wr0ng-secret@127.0.0.1:{http.port}/remote.git")
    before = repo.snapshot()

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    assert "[remote-unreachable]" in result.stderr
    assert "wr0ng-secret" not in result.stdout + result.stderr
    assert repo.snapshot() == before


def test_answer_lost_on_the_way_is_settled_by_reading(tmp_path: Path, http: HttpRemote) -> None:
    """The server applied the push and cut the line before its answer."""
    repo = over_http(tmp_path, http)
    http.fault = "drop"

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert http.pushes >= 1
    assert remote_refs(tmp_path)["refs/heads/main"] == repo.head()


@pytest.mark.parametrize("fault", ["401", "403", "500"])
def test_server_that_takes_no_push(tmp_path: Path, http: HttpRemote, fault: str) -> None:
    repo = over_http(tmp_path, http)
    http.fault = fault
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    assert "[push-refused]" in result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)
    http.fault = ""
    assert verbump("release", "--yes", cwd=repo.path).code == 0


def test_over_ssh(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    with ssh_remote.serving(tmp_path / "sshd") as (address, variables):
        repo.git("remote", "set-url", "origin", f"{address}{tmp_path}/remote.git")

        result = verbump("release", "--yes", cwd=repo.path, env=variables)

    assert result.code == 0, result.stderr
    assert remote_refs(tmp_path)["refs/heads/main"] == repo.head()


@pytest.mark.case("F01", "F02")
@pytest.mark.parametrize(("hook", "words"), [(REFUSE_BRANCH, "protected branch"), (REFUSE_TAG, "tags are made by CI")])
def test_refused_ref_refuses_both(tmp_path: Path, hook: str, words: str) -> None:
    """An `update` hook refuses one ref; without --atomic the other would stand on the remote."""
    repo = released(tmp_path, "feat: streams")
    GitRepo(tmp_path / "remote.git").install_hook("update", hook)
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    assert words in result.stderr
    assert "nothing has changed" in result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)


@pytest.mark.case("F05")
def test_server_without_atomic_push(tmp_path: Path) -> None:
    """Refused; there is no fallback."""
    repo = released(tmp_path, "feat: streams")
    GitRepo(tmp_path / "remote.git").git("config", "receive.advertiseAtomic", "false")
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    assert "[no-atomic-push]" in result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)


@pytest.mark.case("F03")
def test_remote_moves_between_look_and_push(tmp_path: Path) -> None:
    """The pre-push hook of this clone is where another maintainer is quicker."""
    repo = released(tmp_path, "feat: streams")
    other = GitRepo.clone(tmp_path / "remote.git", tmp_path / "other")
    other.commit("fix: quicker")
    repo.install_hook("pre-push", f"#!/bin/sh\ngit -C {other.path} push --quiet --no-verify origin main\n")
    before = repo.snapshot()

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 5, result.stderr
    assert repo.snapshot() == before
    assert "refs/tags/v1.3.0" not in remote_refs(tmp_path)


@pytest.mark.case("F03")
@pytest.mark.parametrize("racers", [2, 10])
def test_of_several_releases_exactly_one_wins(tmp_path: Path, racers: int) -> None:
    released(tmp_path, "feat: streams")
    clones = [GitRepo.clone(tmp_path / "remote.git", tmp_path / f"clone{each}") for each in range(racers)]
    results: list[Result] = []
    env = [{"SOURCE_DATE_EPOCH": str(1795392000 + each)} for each in range(racers)]

    def run(each: int) -> None:
        results.append(verbump("release", "--yes", cwd=clones[each].path, env=env[each]))

    threads = [threading.Thread(target=run, args=(each,)) for each in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    codes = sorted(result.code for result in results)
    assert codes.count(0) == 1, [result.stderr for result in results]
    assert set(codes) <= {0, 4, 5}
    there = remote_refs(tmp_path)
    tag = GitRepo(tmp_path / "remote.git").git("rev-parse", "v1.3.0^{commit}")
    assert there["refs/heads/main"] == tag


def test_pre_push_hook_sees_the_refs_and_can_refuse(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    repo.install_hook("pre-push", '#!/bin/sh\necho "$1" > "$PWD/../seen"\ncat >> "$PWD/../seen"\nexit 1\n')
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 4
    assert "pre-push failed with status 1" in result.stderr
    seen = (tmp_path / "seen").read_text().split("\n")
    assert seen[0] == "origin"
    assert seen[1].startswith("refs/heads/main ")
    assert seen[1].endswith(there["refs/heads/main"])
    assert seen[2].startswith("refs/tags/v1.3.0 ")
    assert seen[2].endswith("0" * 40)
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)


def test_other_local_tags_stay_here(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    repo.tag("private")
    repo.git("config", "push.followTags", "true")

    assert verbump("release", "--yes", cwd=repo.path).code == 0

    assert "refs/tags/private" not in remote_refs(tmp_path)


@pytest.mark.case("R24")
def test_branch_named_like_the_tag(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    repo.git("branch", "v1.3.0", "HEAD~1")

    result = verbump("release", "--yes", cwd=repo.path)

    assert result.code == 0, result.stderr
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)


@pytest.mark.case("F06")
def test_push_that_is_never_answered(tmp_path: Path, http: HttpRemote) -> None:
    """Given up, and settled by reading: the remote holds nothing of it, so nothing has changed."""
    repo = over_http(tmp_path, http)
    http.fault = "hang"
    before, there = repo.snapshot(), remote_refs(tmp_path)

    result = verbump("release", "--yes", "--timeout", "2", cwd=repo.path, timeout_seconds=25)

    assert result.code == 4, result.stderr
    assert "[push-unanswered]" in result.stderr
    assert "no sign of life for 2 seconds" in result.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == (before, there)
    http.fault = ""
    assert verbump("release", "--yes", cwd=repo.path).code == 0


@pytest.mark.case("F06")
def test_push_that_is_applied_but_never_answered(tmp_path: Path) -> None:
    """Settled by reading as well: it stands on the remote, so the release goes on."""
    repo = released(tmp_path, "feat: streams")
    GitRepo(tmp_path / "remote.git").install_hook("post-receive", "#!/bin/sh\nexec sleep 20\n")

    result = verbump("release", "--yes", "--timeout", "2", cwd=repo.path, timeout_seconds=25)

    assert result.code == 0, result.stderr
    assert remote_refs(tmp_path)["refs/heads/main"] == repo.head()


@pytest.mark.case("F06")
def test_slow_push_that_shows_signs_of_life(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    script = "#!/bin/sh\nfor each in 1 2 3 4 5; do echo checking >&2; sleep 0.7; done\n"
    GitRepo(tmp_path / "remote.git").install_hook("pre-receive", script)

    result = verbump("release", "--yes", "--timeout", "2", cwd=repo.path)

    assert result.code == 0, result.stderr
