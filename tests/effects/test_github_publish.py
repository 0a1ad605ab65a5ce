"""`verbump publish github`: the command as a person runs it, and its every step going wrong."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from support import projects
from support.git_repo import GitRepo
from support.github_state import Asset, Release
from support.running import verbump
from verbump.domain import tags, versions
from verbump.effects import github, github_releases, http_retries, publish_reading, read, read_dist
from verbump.errors import Refused, ReleaseUnfinished, ServerFailed
from verbump.planning import actions, publish_github
from verbump.planning.notes_tail import Extras

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.github_server import GitHubServer
    from support.github_state import Hosted
    from support.running import Result

NAME = "octo/demo"
WHEEL, BINARY = "demo-1.2.3-py3-none-any.whl", "demo-1.2.3-x86_64-unknown-linux-gnu.tar.gz"
CONTENTS = {WHEEL: b"wheel\0" * 100, BINARY: b"\x1f\x8bbinary" * 100}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = projects.released(tmp_path)
    write_dist(made.path / "dist", CONTENTS)
    return made


@pytest.fixture
def hosted(server: GitHubServer, repo: GitRepo, tmp_path: Path) -> Hosted:
    return server.world.host(NAME, GitRepo(tmp_path / "remote.git"))


@pytest.fixture
def env(server: GitHubServer) -> dict[str, str]:
    return server.environment(NAME, server.world.actions_token())


def write_dist(folder: Path, contents: Mapping[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    (folder / "SHA256SUMS").write_text("".join(lines))


def publish(repo: GitRepo, env: dict[str, str], *words: str) -> Result:
    return verbump("publish", "github", *words, cwd=repo.path, env=env)


def in_process(
    server: GitHubServer, repo: GitRepo, patch: pytest.MonkeyPatch, tag: str = "v1.2.3", **more: Any
) -> list[str]:
    """Publish without a process of its own and without waiting; the lines it says."""
    for name, value in server.environment(NAME, server.world.actions_token()).items():
        patch.setenv(name, value)
    snapshot = read.read_snapshot(read.Options(directory=repo.path))
    asked = publish_reading.Asked(snapshot=snapshot, tag=tag, dist=repo.path / "dist", **more)
    ready = publish_reading.with_notes(publish_reading.read_wanted(asked), Extras())
    hub = github.connect(None, http_retries.Patience(pause=lambda _: None))
    plan, _ = publish_reading.read_plan(hub, ready)
    if plan.errors:
        raise Refused(plan.errors)
    said: list[str] = []
    publisher = github_releases.Publisher(hub=hub, folder=repo.path / "dist", say=said.append, again="AGAIN")
    pages = [publisher.publish(each) for each in actions.actions_of(plan.actions, actions.PublishGitHubRelease)]
    return [*said, *pages]


def held(hosted: Hosted) -> dict[str, bytes]:
    (release,) = hosted.releases
    return {asset.name: asset.content for asset in release.assets}


def ours(server: GitHubServer, tag: str = "v1.2.3", **more: Any) -> Release:
    """A release that verbump has made."""
    values: dict[str, Any] = {"draft": True, "prerelease": False, "body": publish_github.with_marker("", tag), **more}
    who = server.world.bot
    return Release(id=next(server.world.ids), tag=tag, name=tag, target="main", author=who, **values)


def asset(server: GitHubServer, name: str, content: bytes, **more: Any) -> Asset:
    kind = "application/octet-stream"
    who = server.world.bot
    return Asset(
        id=next(server.world.ids), name=name, label="", content_type=kind, content=content, uploader=who, **more
    )


# --- The command -----------------------------------------------------------------------------------------------------


def test_from_files_to_a_published_release(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str]
) -> None:
    dry = publish(repo, env, "--dry-run")
    assert (dry.code, hosted.releases, dry.stderr) == (0, [], "")
    assert dry.stdout.splitlines() == [
        "draft the release v1.2.3, then publish it as Latest",
        f"would upload {WHEEL}",
        f"would upload {BINARY}",
        "would upload SHA256SUMS",
    ]

    done = publish(repo, env)

    assert (done.code, done.stderr) == (0, "")
    (release,) = hosted.releases
    page = f"{server.url.replace('127.0.0.1', 'localhost')}/{NAME}/releases/tag/v1.2.3"
    assert done.stdout.splitlines() == [
        "drafted v1.2.3",
        f"uploaded {WHEEL}",
        f"uploaded {BINARY}",
        "uploaded SHA256SUMS",
        "published the release v1.2.3, Latest",
        page,
    ]
    assert held(hosted) == {**CONTENTS, "SHA256SUMS": (repo.path / "dist/SHA256SUMS").read_bytes()}
    assert (release.draft, release.prerelease, hosted.latest) == (False, False, release.id)
    assert release.body == "### Fixed\n\n- Something.\n\n<!-- verbump release v1.2.3 -->\n"
    assert release.author.login == "github-actions[bot]"
    writes = server.asked("^(POST|PATCH|PUT|DELETE)")
    assert writes[0].startswith("POST")
    assert writes[-1].startswith("PATCH")  # published last

    before = len(server.log)
    again = publish(repo, env)
    assert again.code == 0
    assert again.stdout.splitlines() == [*(f"unchanged {name}" for name in (*CONTENTS, "SHA256SUMS")), page]
    assert not [line for line in server.log[before:] if not line.startswith("GET")]


def test_a_draft_is_published_by_the_same_command_without_it(
    repo: GitRepo, hosted: Hosted, env: dict[str, str]
) -> None:
    assert publish(repo, env, "--draft").code == 0
    assert [each.draft for each in hosted.releases] == [True]
    done = publish(repo, env, "v1.2.3", "--dist", "dist")
    assert done.code == 0
    assert [each.draft for each in hosted.releases] == [False]
    assert "uploaded" not in done.stdout


@pytest.mark.case("F21")
@pytest.mark.parametrize(
    ("status", "said"), [(401, "Bad credentials"), (403, "Resource not accessible by integration")]
)
def test_a_token_that_ends_in_the_middle_is_6_with_the_command_that_finishes(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str], status: int, said: str
) -> None:
    server.fail("POST", "/assets$", status=status, times=9, body=json.dumps({"message": said}).encode())
    cut = publish(repo, env)
    assert f"{status} {said}" in cut.stderr
    assert cut.code == 6
    assert "hint: verbump publish github v1.2.3 --dist dist\n" in cut.stderr
    assert [each.draft for each in hosted.releases] == [True]
    server.faults.clear()
    assert publish(repo, env, "v1.2.3", "--dist", "dist").code == 0
    assert [each.draft for each in hosted.releases] == [False]
    assert len(held(hosted)) == 3


@pytest.mark.case("F21")
def test_nothing_written_is_4(server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str]) -> None:
    bad = publish(repo, {**env, "GITHUB_TOKEN": "ghs_wrong0token1of2nobody"})
    assert (bad.code, bad.stdout) == (4, "")
    assert "Bad credentials" in bad.stderr
    assert "hint: GITHUB_TOKEN is not (or no longer) valid" in bad.stderr
    assert "wrong0token" not in bad.stdout + bad.stderr
    none = publish(repo, {**env, "GITHUB_TOKEN": ""})
    assert (none.code, "no token" in none.stderr) == (4, True)
    reader = publish(repo, {**env, "GITHUB_TOKEN": server.world.actions_token(writes=())})
    assert (reader.code, "permissions: contents: write" in reader.stderr) == (4, True)
    assert hosted.releases == []


@pytest.mark.case("S17")
def test_files_are_held_against_their_checksums_first(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str]
) -> None:
    repo.write(f"dist/{WHEEL}", b"changed")
    (repo.path / "dist" / BINARY).unlink()
    repo.write("dist/extra.txt", b"x")
    done = publish(repo, env)
    assert (done.code, server.log) == (4, [])
    assert f"dist: {WHEEL}: SHA-256 is " in done.stderr
    assert f"dist: {BINARY} stands in SHA256SUMS but is not there" in done.stderr
    assert "dist: extra.txt is not in SHA256SUMS" in done.stderr


# --- Which release ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tag", "released"), [("v1.2.3", ["v1.3.0"]), ("v1.2.3", ["v2.0.0-rc.1", "v1.2.4"])])
def test_a_backport_never_becomes_latest(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, tag: str, released: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = [ours(server, name, draft=False) for name in released]
    hosted.releases += newer
    hosted.latest = newer[-1].id
    in_process(server, repo, monkeypatch, tag)
    assert hosted.latest == newer[-1].id


def test_a_candidate_is_a_prerelease_and_never_latest(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = projects.CHANGELOG.replace("[1.2.3]", "[1.3.0-rc.1]")
    repo.commit("chore(release): 1.3.0-rc.1", {"CHANGELOG.md": text})
    repo.tag("v1.3.0-rc.1")
    repo.git("push", "--quiet", "origin", "HEAD", "v1.3.0-rc.1")
    said = in_process(server, repo, monkeypatch, "v1.3.0-rc.1")
    assert "published the pre-release v1.3.0-rc.1" in said
    assert (hosted.releases[0].prerelease, hosted.latest) == (True, 0)


@pytest.mark.case("F16")
def test_a_release_of_somebody_else_is_not_touched(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.releases.append(ours(server, draft=False, body="by hand"))
    with pytest.raises(Refused) as caught:
        in_process(server, repo, monkeypatch)
    assert caught.value.code == "release-foreign"
    assert (hosted.releases[0].body, hosted.releases[0].assets) == ("by hand", [])


@pytest.mark.case("F16")
def test_a_draft_of_somebody_else_is_not_touched(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = ours(server, body="by hand")
    hosted.releases.append(foreign)
    in_process(server, repo, monkeypatch)
    assert (foreign.draft, foreign.assets) == (True, [])
    assert [each.draft for each in hosted.releases] == [True, False]


@pytest.mark.case("F15")
def test_a_draft_behind_a_hundred_others_is_found(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.releases.append(ours(server))
    hosted.releases += [ours(server, f"v0.{number}.0", draft=False) for number in range(130)]
    said = in_process(server, repo, monkeypatch)
    assert "drafted v1.2.3" not in said
    assert [each.draft for each in hosted.releases if each.tag == "v1.2.3"] == [False]


def test_the_tag_has_to_be_on_github(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.git.git("update-ref", "-d", "refs/tags/v1.2.3")
    with pytest.raises(Refused, match=r"the tag v1\.2\.3 is not on .*/octo/demo/tags"):
        in_process(server, repo, monkeypatch)
    hosted.git.git("update-ref", "refs/tags/v1.2.3", hosted.git.branch_tip("main"))
    with pytest.raises(Refused) as caught:
        in_process(server, repo, monkeypatch)
    assert caught.value.code == "tag-differs"
    with pytest.raises(Refused) as caught:
        in_process(server, repo, monkeypatch, "v9.9.9")
    assert (caught.value.code, caught.value.hint) == ("no-such-tag", "git fetch origin tag v9.9.9")


def test_a_repository_that_cannot_be_seen_is_said_so(
    server: GitHubServer, repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ServerFailed) as caught:
        in_process(server, repo, monkeypatch)
    assert caught.value.code == "not-found"


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.mark.case("F17")
def test_another_file_is_replaced_in_a_draft(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = ours(server)
    draft.assets += [asset(server, WHEEL, b"older"), asset(server, BINARY, CONTENTS[BINARY])]
    draft.assets.append(asset(server, "SHA256SUMS", b"", state="open"))
    hosted.releases.append(draft)
    said = in_process(server, repo, monkeypatch)
    assert said[:3] == [f"replaced {WHEEL}", f"unchanged {BINARY}", "replaced SHA256SUMS"]
    assert held(hosted)[WHEEL] == CONTENTS[WHEEL]


@pytest.mark.case("F17")
@pytest.mark.parametrize("is_immutable", [True, False])
def test_another_file_in_a_published_release_is_refused(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, is_immutable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.releases.append(ours(server, draft=False, immutable=is_immutable, assets=[asset(server, WHEEL, b"older")]))
    with pytest.raises(Refused) as caught:
        in_process(server, repo, monkeypatch)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["asset-differs", *(["release-immutable"] * 2 if is_immutable else [])]
    assert held(hosted) == {WHEEL: b"older"}


@pytest.mark.case("F15")
def test_what_a_published_release_lacks_is_added(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.releases.append(ours(server, draft=False, assets=[asset(server, WHEEL, CONTENTS[WHEEL])]))
    said = in_process(server, repo, monkeypatch)
    assert said[:3] == [f"unchanged {WHEEL}", f"uploaded {BINARY}", "uploaded SHA256SUMS"]


@pytest.mark.parametrize("content", [CONTENTS[WHEEL], bytes(len(CONTENTS[WHEEL]))])
def test_a_server_without_digests_is_asked_for_the_bytes(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = ours(server, assets=[asset(server, WHEEL, content, has_digest=False)])
    hosted.releases.append(draft)
    if content == CONTENTS[WHEEL]:
        assert f"unchanged {WHEEL}" in in_process(server, repo, monkeypatch)
        assert server.asked("GET /_storage/")
    else:
        with pytest.raises(ReleaseUnfinished, match="is another file in the release"):
            in_process(server, repo, monkeypatch)
        assert draft.draft


def test_names_that_github_would_change_are_refused(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dist(repo.path / "dist", {"a b.txt": b"x", "empty.txt": b"", **CONTENTS})
    with pytest.raises(Refused) as caught:
        in_process(server, repo, monkeypatch)
    assert [problem.code for problem in caught.value.problems] == ["asset-name", "asset-empty"]


# --- What goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.case("F14")
@pytest.mark.parametrize(
    ("method", "path", "fault"),
    [
        ("POST", "/releases$", {"kind": "cut"}),
        ("POST", "/releases$", {"kind": "drop"}),
        ("POST", "/releases$", {"kind": "half"}),
        ("POST", "/releases$", {"status": 502}),
        ("POST", "/releases$", {"status": 502, "is_done": True}),
        ("POST", "/releases$", {"status": 403, "headers": {"Retry-After": "1"}}),
        ("POST", "/assets$", {"kind": "cut"}),
        ("POST", "/assets$", {"kind": "drop"}),
        ("POST", "/assets$", {"status": 502}),
        ("POST", "/assets$", {"status": 502, "is_done": True}),
        ("POST", "/assets$", {"status": 429, "headers": {"Retry-After": "1"}}),
        ("GET", "/assets$", {"kind": "half"}),
        ("GET", "/releases$", {"status": 500}),
        ("PATCH", "/releases/", {"kind": "drop"}),
        ("PATCH", "/releases/", {"status": 503, "is_done": True}),
    ],
)
def test_one_broken_answer_makes_no_second_release_and_no_second_file(
    server: GitHubServer,
    repo: GitRepo,
    hosted: Hosted,
    method: str,
    path: str,
    fault: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoilt = server.fail(method, path, **fault)
    in_process(server, repo, monkeypatch)
    assert spoilt.times == 0
    assert [(each.tag, each.draft) for each in hosted.releases] == [("v1.2.3", False)]
    assert list(held(hosted)) == [*CONTENTS, "SHA256SUMS"]
    assert len(hosted.releases[0].assets) == 3
    assert not server.asked(r"DELETE .*/releases/\d+ "), "there was no second one to take away either"


@pytest.mark.case("F14")
@pytest.mark.parametrize(
    ("method", "path", "after", "error"),
    [
        ("GET", "/releases$", 0, ServerFailed),
        ("POST", "/releases$", 0, ServerFailed),
        ("POST", "/assets$", 0, ReleaseUnfinished),
        ("POST", "/assets$", 2, ReleaseUnfinished),
        ("GET", "/releases/[0-9]+/assets$", 0, ReleaseUnfinished),
        ("GET", "/releases/[0-9]+/assets$", 1, ReleaseUnfinished),
        ("PATCH", "/releases/", 0, ReleaseUnfinished),
    ],
)
def test_whatever_breaks_for_good_is_finished_by_the_same_command(
    server: GitHubServer,
    repo: GitRepo,
    hosted: Hosted,
    method: str,
    path: str,
    after: int,
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.fail(method, path, times=after)  # these go well
    server.fail(method, path, kind="cut", times=99)
    with pytest.raises(error):
        in_process(server, repo, monkeypatch)
    server.faults.clear()
    in_process(server, repo, monkeypatch)
    assert [(each.tag, each.draft) for each in hosted.releases] == [("v1.2.3", False)]
    assert list(held(hosted)) == [*CONTENTS, "SHA256SUMS"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(5, "Input/output error", "x.whl")])
@pytest.mark.parametrize("has_begun", [True, False])
def test_an_interruption_says_whether_it_has_begun(
    server: GitHubServer,
    repo: GitRepo,
    hosted: Hosted,
    error: BaseException,
    has_begun: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(github.GitHub, "upload" if has_begun else "post", broken)
        with pytest.raises(ReleaseUnfinished if has_begun else type(error)) as caught:
            in_process(server, repo, monkeypatch)
    if has_begun:
        assert getattr(caught.value, "hint", "") == "AGAIN"
        assert "the release v1.2.3 is not finished" in str(caught.value)
    assert [each.draft for each in hosted.releases] == ([True] if has_begun else [])
    in_process(server, repo, monkeypatch)
    assert [each.draft for each in hosted.releases] == [False]


def test_one_package_of_several(server: GitHubServer, repo: GitRepo, hosted: Hosted, env: dict[str, str]) -> None:
    packages = "".join(
        f'\n[[tool.verbump.packages]]\nname = "{name}"\npath = "{name}"\nchangelog = "{name}/CHANGELOG.md"\n'
        for name in ("one", "two")
    )
    files = {
        f"{name}/pyproject.toml": projects.PYPROJECT.format(version="1.2.3").replace("demo", name)
        for name in ("one", "two")
    }
    logs = {f"{name}/CHANGELOG.md": projects.CHANGELOG.replace("Something", name) for name in ("one", "two")}
    root = {"pyproject.toml": "[tool.x]\n" + packages, ".gitignore": "dist/\n"}
    repo.git("rm", "--quiet", "-r", "--cached", ".")
    repo.commit("feat: two packages", {**files, **logs, **root})
    for name in ("one", "two"):
        repo.tag(f"{name}-v1.2.3")
    repo.git("push", "--quiet", "origin", "HEAD", "--tags")
    done = publish(repo, env, "two-v1.2.3")
    assert (done.code, done.stderr) == (0, "")
    assert [(each.tag, each.body.splitlines()[2]) for each in hosted.releases] == [("two-v1.2.3", "- two.")]
    unclear = publish(repo, env)
    assert unclear.code in {2, 4}
    assert len(hosted.releases) == 1


@pytest.mark.case("F15")
def test_two_runs_at_once_leave_one_release(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run's draft comes about between our look and our own draft."""
    first = ours(server)
    create = github_releases.Publisher._create

    def slower(self: github_releases.Publisher, action: Any) -> Any:
        hosted.releases.append(first)
        return create(self, action)

    monkeypatch.setattr(github_releases.Publisher, "_create", slower)
    in_process(server, repo, monkeypatch)
    assert [(each.id, each.draft) for each in hosted.releases] == [(first.id, False)]


@pytest.mark.case("F18")
def test_a_burnt_tag_name_is_told_in_clear_words(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.burnt.add("v1.2.3")
    with pytest.raises(ServerFailed, match=r"the tag name v1\.2\.3 was used by an immutable release") as caught:
        in_process(server, repo, monkeypatch)
    assert (caught.value.code, caught.value.exit_code) == ("tag-burnt", 4)
    assert "the next version" in caught.value.hint


def test_an_immutable_release_is_made_in_one_go(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.has_immutable_releases = True
    said = in_process(server, repo, monkeypatch)
    assert "published the release v1.2.3, Latest, immutable" in said
    assert (hosted.releases[0].immutable, len(held(hosted))) == (True, 3)
    assert in_process(server, repo, monkeypatch) == []


@pytest.mark.case("F16")
def test_another_release_published_meanwhile(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = github_releases.Publisher._look

    def slower(self: github_releases.Publisher, *arguments: Any) -> None:
        look(self, *arguments)
        hosted.releases.append(ours(server, draft=False, body="by hand"))

    monkeypatch.setattr(github_releases.Publisher, "_look", slower)
    with pytest.raises(ReleaseUnfinished, match=r"another release for v1\.2\.3 was published meanwhile"):
        in_process(server, repo, monkeypatch)


def test_notes_of_any_length_fit(
    server: GitHubServer, repo: GitRepo, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = "".join(f"- entry {number} 😀\n" for number in range(9000))
    repo.commit("docs: more", {"CHANGELOG.md": projects.CHANGELOG.replace("- Something.\n", entries)})
    in_process(server, repo, monkeypatch)
    body = hosted.releases[0].body
    assert 124_000 < len(body.encode("utf-16-le")) // 2 <= 125_000
    assert body.endswith("<!-- verbump release v1.2.3 -->\n")


def test_checksums_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such folder"):
        read_dist.read_dist(tmp_path / "dist")
    for text in ("", "x\n", f"{'0' * 64}  ../up\n", f"{'0' * 64}  a\n{'0' * 64}  a\n", "\xff"):
        (tmp_path / "SHA256SUMS").write_bytes(text.encode("latin-1"))
        with pytest.raises(Refused, match="SHA256SUMS"):
            read_dist.read_dist(tmp_path)


def test_a_marker_cannot_be_closed_by_a_tag_name() -> None:
    assert publish_github.marker("v1-->") == "<!-- verbump release v1--%3E -->"


def test_the_highest_final_version_is_latest() -> None:
    def latest(tag: str, *others: str) -> bool:
        form = tags.parse_format("v{version}")
        version = versions.parse(tag)
        there = tuple(versions.parse(other) for other in others)
        wanted = publish_github.Wanted(tag=form.tag(version), version=version, notes="", files=(), versions=there)
        action = actions.only_of(publish_github.plan_publish(wanted, []).actions, actions.PublishGitHubRelease)
        return action.is_latest

    assert latest("1.2.3")
    assert latest("1.2.3", "1.2.3", "1.2.2", "2.0.0-rc.1")
    assert not latest("1.2.3", "1.3.0")
    assert not latest("2.0.0-rc.1", "1.3.0")


def test_a_release_without_files(repo: GitRepo, hosted: Hosted, env: dict[str, str]) -> None:
    (repo.path / "dist" / "SHA256SUMS").unlink()
    draft = publish(repo, env, "v1.2.3", "--no-files", "--draft")
    assert draft.code == 0, draft.stderr
    assert [(each.draft, each.assets) for each in hosted.releases] == [(True, [])]
    assert publish(repo, env, "v1.2.3", "--no-files").code == 0
    assert [(each.draft, each.assets) for each in hosted.releases] == [(False, [])]
    again = publish(repo, env, "v1.2.3", "--no-files")
    assert again.code == 0, again.stderr
    assert len(hosted.releases) == 1
