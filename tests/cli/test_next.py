"""`verbump next`: its outputs are a contract."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from support.git_repo import GitRepo
from support.projects import CHANGELOG, released
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path


def schema(which: str, cwd: Path) -> Draft202012Validator:
    return Draft202012Validator(verbump("schema", which, cwd=cwd).json)


def test_text_is_the_version_and_nothing_else(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat(api): streams")
    result = verbump("next", cwd=repo.path)
    assert (result.code, result.stdout, result.stderr) == (0, "1.3.0\n", "")


def test_json_names_the_commit_and_the_rule(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat(api): streams", "docs: typo", "fix:no space")
    api, docs, bad = (repo.git("rev-parse", f"HEAD~{each}") for each in (2, 1, 0))

    data = verbump("next", "--format", "json", cwd=repo.path).json

    assert data == {
        "schema": 1,
        "current": {
            "version": "1.2.3",
            "pep440": "1.2.3",
            "tag": "v1.2.3",
            "commit": repo.git("rev-parse", "v1.2.3^{commit}"),
        },
        "next": {
            "version": "1.3.0",
            "pep440": "1.3.0",
            "tag": "v1.3.0",
            "bump": "minor",
            "requested_bump": "minor",
            "prerelease": False,
        },
        "reasons": [
            {
                "source": "commit",
                "commit": api,
                "header": "feat(api): streams",
                "type": "feat",
                "scope": "api",
                "breaking": False,
                "bump": "minor",
                "rule": "type feat",
                "category": "Added",
            }
        ],
        "ignored": [
            {
                "commit": bad,
                "header": "fix:no space",
                "why": "not conventional: no space after the colon",
                "suggestion": "fix: no space",
            },
            {"commit": docs, "header": "docs: typo", "why": "type docs does not release", "suggestion": None},
        ],
        "problems": [],
        "packages": [],
    }
    schema("next", repo.path).validate(data)


@pytest.mark.parametrize(
    "words", [["next"], ["next", "--pre", "rc"], ["next", "--exact", "5.0.0"], ["next", "--exact", "x"]]
)
def test_json_fits_its_schema(tmp_path: Path, words: list[str]) -> None:
    repo = released(tmp_path, "feat!: x\n\nBREAKING CHANGE: y", "chore: z\n\nRelease-As: 4.0.0")
    schema("next", repo.path).validate(verbump(*words, "--format", "json", cwd=repo.path).json)
    schema("plan", repo.path).validate(verbump("release", "--dry-run", "--format", "json", cwd=repo.path).json)


@pytest.mark.case("R09")
def test_nothing_to_release(tmp_path: Path) -> None:
    repo = released(tmp_path, "docs: typo")

    text = verbump("next", cwd=repo.path)
    assert (text.code, text.stdout) == (3, "")
    assert "nothing to release since v1.2.3" in text.stderr
    data = verbump("next", "--format", "json", cwd=repo.path)
    assert data.code == 3
    assert data.json["next"] is None
    assert data.json["current"]["version"] == "1.2.3"
    github = verbump("next", "--format", "github", cwd=repo.path)
    assert github.code == 0
    assert "release=false\n" in github.stdout


def test_github_output_file(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams\n\nBREAKING CHANGE: x=<<EOF")
    target = tmp_path / "output"
    target.write_text("before=1\n")

    result = verbump("next", "--pre", "rc", "--format", "github", cwd=repo.path, env={"GITHUB_OUTPUT": str(target)})

    assert (result.code, result.stdout) == (0, "")
    text = target.read_text()
    assert text.startswith(
        "before=1\nrelease=true\nversion=2.0.0-rc.1\npep440=2.0.0rc1\ntag=v2.0.0-rc.1\nprevious=1.2.3\n"
    )
    assert "bump=major\nprerelease=true\nnotes<<verbump_" in text


def test_current(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: streams")
    assert verbump("next", "--current", cwd=repo.path).stdout == "1.2.3\n"
    fresh = GitRepo.create(tmp_path / "fresh")
    fresh.commit("feat: x")
    assert verbump("next", "--current", cwd=fresh.path).code == 3


OPTIONS = [
    (["--bump", "major"], "2.0.0"),
    (["--bump", "patch"], "1.3.0"),
    (["--exact", "7.0.0"], "7.0.0"),
    (["--pre", "alpha"], "1.3.0-alpha.1"),
    (["--from", "HEAD~1"], "1.2.4"),
    (["--to", "HEAD~1"], "1.3.0"),
]


@pytest.mark.parametrize(("options", "version"), OPTIONS, ids=str)
def test_options(tmp_path: Path, options: list[str], version: str) -> None:
    repo = released(tmp_path, "feat: a", "fix: b")
    assert verbump("next", *options, cwd=repo.path).stdout == f"{version}\n"


def test_bump_is_asked_for_even_without_commits(tmp_path: Path) -> None:
    repo = released(tmp_path)
    result = verbump("next", "--bump", "patch", "--format", "json", cwd=repo.path)
    assert result.json["next"]["version"] == "1.2.4"
    assert result.json["reasons"][0]["source"] == "option"


WRONG = [
    (["--exact", "1.0.0"], 4, "version-not-higher"),
    (["--exact", "v2"], 2, "version-invalid"),
    (["--exact", "2.0.0", "--bump", "major"], 2, "usage"),
    (["--pre", "rc.1"], 2, "prerelease-token"),
    (["--pre", "nightly"], 4, "no-pep440-form"),
    (["--pre", "dev"], 4, "no-pep440-form"),
    (["--exact", "2.0.0-dev.3"], 4, "no-pep440-form"),
    (["--package", "x"], 2, "no-such-package"),
    (["--from", "nowhere"], 2, "no-such-ref"),
    (["--from", "--output=x"], 2, "no-such-ref"),
]


@pytest.mark.parametrize(("options", "code", "problem"), WRONG, ids=str)
def test_wrong_options(tmp_path: Path, options: list[str], code: int, problem: str) -> None:
    repo = released(tmp_path, "feat: a")
    result = verbump("next", *options, "--format", "json", cwd=repo.path)
    assert result.code == code
    if problem:
        assert problem in [each["code"] for each in result.json["problems"]]


def test_hand_written_entries_ask_too(tmp_path: Path) -> None:
    notes = CHANGELOG.replace("## [Unreleased]\n", "## [Unreleased]\n\n### Fixed\n\n- **Breaking:** gone\n")
    repo = released(tmp_path)
    repo.commit("docs: notes", {"CHANGELOG.md": notes})

    data = verbump("next", "--format", "json", cwd=repo.path).json

    assert data["next"]["version"] == "2.0.0"
    (reason,) = data["reasons"]
    assert (reason["source"], reason["commit"], reason["bump"], reason["category"]) == (
        "unreleased",
        None,
        "major",
        "Fixed",
    )


def test_both_bumps_below_one(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin")
    repo.tag("v0.4.0")
    repo.commit("feat!: x")
    data = verbump("next", "--format", "json", cwd=repo.path).json["next"]
    assert (data["version"], data["bump"], data["requested_bump"]) == ("0.5.0", "minor", "major")


def test_revert_after_a_candidate_cancels_it_in_the_final(tmp_path: Path) -> None:
    repo = released(tmp_path, "fix: keep")
    bad = repo.commit("feat: bad idea")
    assert verbump("release", "--yes", "--pre", "rc", cwd=repo.path).code == 0
    repo.commit(f'Revert "feat: bad idea"\n\nThis reverts commit {bad}.')
    assert verbump("next", "--pre", "rc", cwd=repo.path).stdout == "1.3.0-rc.2\n"

    assert verbump("release", "--yes", cwd=repo.path).code == 0

    text = repo.read("CHANGELOG.md").decode()
    final = text[text.index("## [1.3.0]") : text.index("## [1.3.0-rc.1]")]
    assert "Keep" in final
    assert "Bad idea" not in final


def test_pre_release_branches(tmp_path: Path) -> None:
    repo = released(tmp_path)
    repo.commit("chore: configure", {"verbump.toml": '[prerelease_branches]\n"next" = "beta"\n'})
    repo.git("checkout", "--quiet", "-b", "next")
    repo.commit("feat: x")
    assert verbump("next", cwd=repo.path).stdout == "1.3.0-beta.1\n"


def test_no_pep440_form_is_refused_where_python_is(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    for words in (("release", "--dry-run"), ("next",)):
        result = verbump(*words, "--pre", "nightly", cwd=repo.path)
        assert (result.code, bool(result.stdout)) == (4, words[0] == "release"), words
        assert result.stderr.count("[no-pep440-form]") == 1, words
    repo.git("rm", "--quiet", "pyproject.toml")
    repo.commit("chore: a crate alone")
    assert verbump("next", "--pre", "nightly", cwd=repo.path).stdout == "1.3.0-nightly.1\n"


@pytest.mark.parametrize(
    ("version", "code"),
    [("1.2.3", "version-not-higher"), ("2.0", "version-invalid"), ("99999999999.0.0", "version-invalid")],
)
def test_a_release_as_that_cannot_be_names_its_commit(tmp_path: Path, version: str, code: str) -> None:
    repo = released(tmp_path, f"fix: x\n\nRelease-As: {version}")
    sha = repo.head()[:7]
    refused = verbump("next", cwd=repo.path)
    assert (refused.code, refused.stdout) == (4, "")
    assert f"error: {sha}: Release-As: " in refused.stderr
    hint = f"verbump release VERSION, or correct it: git notes --ref verbump add {sha}"
    assert f"[{code}]\n  hint: {hint}\n" in refused.stderr
    assert ("no more than ten digits" in refused.stderr) is (len(version) > 10)
    assert verbump("next", "--exact", "3.0.0", cwd=repo.path).stdout == "3.0.0\n"


def test_explain(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat(api): streams \x1b[31m", "fix:x", "docs: y")
    result = verbump("next", "--explain", cwd=repo.path)
    assert result.code == 0
    assert result.stdout.endswith("\n1.3.0\n")
    assert "\x1b" not in result.stdout
    for words in ("type feat", "Added", "type docs does not release", "write: fix: x"):
        assert words in result.stdout


def test_explain_without_a_release(tmp_path: Path) -> None:
    repo = released(tmp_path, "docs: y")
    result = verbump("next", "--explain", cwd=repo.path)
    assert result.code == 3
    assert "type docs does not release" in result.stdout


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"])
def test_inherited_location_is_forgotten(tmp_path: Path, variable: str) -> None:
    repo = released(tmp_path, "feat: x")
    assert verbump("next", cwd=repo.path, env={variable: "/nowhere"}).stdout == "1.3.0\n"


@pytest.mark.case("S13")
def test_looking_runs_nothing_that_the_repository_names(tmp_path: Path) -> None:
    """P9."""
    repo = released(tmp_path, "feat: x")
    repo.commit("docs: theirs", {"a.txt": "theirs\n"})
    repo.git("push", "--quiet", "origin", "main")
    repo.git("checkout", "--quiet", "-b", "topic", "HEAD~1")
    repo.commit("fix: ours", {"a.txt": "ours\n", ".gitattributes": "* merge=evil diff=evil\n"})
    forge_signature(repo)
    canary = tmp_path / "canary"
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {canary}\n")
    script.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "post-checkout", "reference-transaction", "pre-push"):
        shutil.copy(script, hooks / name)
    for name in ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "diff.external", "gpg.program"):
        repo.git("config", name, str(script))
    for name in ("merge.evil.driver", "diff.evil.textconv", "core.askPass", "core.gitProxy"):
        repo.git("config", name, str(script))
    for name in ("uploadpack", "receivepack"):
        repo.git("config", f"remote.origin.{name}", str(script))
    repo.git("config", "core.hooksPath", str(hooks))
    repo.git("config", "log.showSignature", "true")
    canary.unlink(missing_ok=True)  # of the commands above
    looks = (["next", "--explain"], ["notes"], ["changelog"], ["changelog", "--all"], ["check"], ["preview"])
    for words in (*looks, ["verify", "v1.2.3"]):
        assert verbump(*words, cwd=repo.path).code == 0, words
        assert not canary.exists(), words
    # Without its tags a clone has to ask the remote.
    repo.git("-c", "core.hooksPath=/dev/null", "tag", "--delete", "v1.2.3")
    canary.unlink(missing_ok=True)
    assert verbump("next", cwd=repo.path).code == 0
    assert not canary.exists()


def forge_signature(repo: GitRepo) -> None:
    """HEAD with a signature, so that git would ask whoever is configured to check it."""
    head, _, message = repo.git("cat-file", "commit", "HEAD").partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n forged\n -----END PGP SIGNATURE-----"
    (repo.path / ".git" / "forged").write_text(f"{head}\n{signature}\n\n{message}\n")
    repo.git("reset", "--quiet", "--soft", repo.git("hash-object", "-t", "commit", "-w", ".git/forged"))


def test_environment_variables(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    assert verbump("next", cwd=repo.path, env={"VERBUMP_NEXT_PRE": "rc"}).stdout == "1.3.0-rc.1\n"
    assert verbump("next", cwd=tmp_path, env={"VERBUMP_DIRECTORY": str(repo.path)}).stdout == "1.3.0\n"


@pytest.mark.case("R22")
def test_verbose_counts_foreign_tags(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    for name in ("latest", "v1", "2024.01.15"):
        repo.tag(name, annotated=False)
    result = verbump("-v", "next", cwd=repo.path)
    assert (result.stdout, result.stderr) == ("1.3.0\n", "3 tags are no versions in the format v{version}\n")


def test_path_filters(tmp_path: Path) -> None:
    repo = released(tmp_path, more={"verbump.toml": 'include = ["src/**", "Cargo.toml"]\nexclude = ["src/docs/**"]\n'})
    repo.commit("feat!: elsewhere", {"other/x": "1"})
    repo.commit("feat: in docs", {"src/docs/a": "1"})
    assert verbump("next", cwd=repo.path).code == 3
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("fix: here", {"src/deep/b": "1"})
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-ff", "-m", "Merge side", "side")
    data = verbump("next", "--format", "json", cwd=repo.path).json
    assert data["next"]["version"] == "1.2.4"
    assert [reason["header"] for reason in data["reasons"]] == ["fix: here"]


def test_git_notes_stand_for_messages(tmp_path: Path) -> None:
    repo = released(tmp_path, "fic: a typo that lost an entry", "docs: x")
    assert verbump("next", cwd=repo.path).code == 3
    repo.git("notes", "--ref=verbump", "add", "-m", "fix: a typo that lost no entry", "HEAD~1")
    assert verbump("next", cwd=repo.path).stdout == "1.2.4\n"
    assert "A typo that lost no entry" in verbump("notes", cwd=repo.path).stdout


def test_overrides_stand_for_messages(tmp_path: Path) -> None:
    repo = released(tmp_path, "fic: a typo")
    repo.write("verbump.toml", f'[overrides]\n"{repo.head()[:10]}" = "feat: no typo"\n')
    assert verbump("next", cwd=repo.path).stdout == "1.3.0\n"
