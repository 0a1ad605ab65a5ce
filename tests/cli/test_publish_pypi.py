"""`verbump publish pypi`: the real twine against pypiserver, and against an index that speaks as PyPI does."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cli.test_verify import sdist, wheel, write_sums
from support import loopback, pypiserver, python_index
from support.running import ROOT, verbump
from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.python_index import PythonIndex
    from support.running import Result

WHEEL, SDIST = "demo-1.2.3-py3-none-any.whl", "demo-1.2.3.tar.gz"
BOTH = [f"uploaded {WHEEL}", f"uploaded {SDIST}"]
NEITHER = [f"unchanged {name}: already there, same SHA-256" for name in (WHEEL, SDIST)]
TOKEN = {"VERBUMP_PYPI_TOKEN": python_index.TOKEN}
PASSWORD = {"TWINE_USERNAME": pypiserver.USER, "TWINE_PASSWORD": pypiserver.PASSWORD}


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    require("twine")
    made = python_index.PythonIndex()
    with loopback.serving(made):
        yield made


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder, in no repository, with `dist` in it."""
    folder = tmp_path / "work"
    (folder / "dist").mkdir(parents=True)
    wheel(folder / "dist")
    sdist(folder / "dist")
    write_sums(folder / "dist")
    return folder


@pytest.fixture
def alone(work: Path) -> Path:
    """The same with the wheel alone: one run of twine."""
    (work / "dist" / SDIST).unlink()
    write_sums(work / "dist")
    return work


def publish(work: Path, url: str, *words: str, env: dict[str, str] = TOKEN) -> Result:
    result = verbump("publish", "pypi", "--repository-url", url, *words, cwd=work, env=env)
    for secret in (*env.values(), python_index.JWT, "pypi-minted"):
        if "s3cr3t" in secret or "t0ken" in secret or secret in {python_index.JWT, "pypi-minted"}:
            assert secret not in result.stdout + result.stderr
    return result


def summed(made: Path) -> None:
    write_sums(made.parent)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "SHA256SUMS"}


# --- pypiserver ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hashes", ["sha256", "md5"])
def test_an_index_with_a_password_twice(work: Path, tmp_path: Path, hashes: str) -> None:
    require("twine")
    with pypiserver.serving(tmp_path / "server", hashes) as url:
        wrong = publish(work, url, env={**PASSWORD, "TWINE_PASSWORD": "s3cr3t-but-wrong"})
        assert (wrong.code, wrong.stdout) == (4, "")
        assert "HTTP 403 [credentials-refused]" in wrong.stderr

        first = publish(work, url, env=PASSWORD)
        assert (first.code, first.stdout.splitlines()) == (0, BOTH), first.stderr
        assert contents(tmp_path / "server" / "packages") == contents(work / "dist")
        before = (tmp_path / "server" / "packages" / WHEEL).stat().st_mtime_ns

        second = publish(work, url, env=PASSWORD)
        assert (second.code, second.stdout.splitlines()) == (0, NEITHER), second.stderr
        assert (tmp_path / "server" / "packages" / WHEEL).stat().st_mtime_ns == before

        (tmp_path / "server" / "packages" / WHEEL).write_bytes(b"another wheel")
        third = publish(work, url, env=PASSWORD)
        assert (third.code, third.stdout) == (4, "")
        assert "[file-differs]" in third.stderr
        assert hashlib.sha256(b"another wheel").hexdigest() in third.stderr


def test_the_address_may_hold_the_password(alone: Path, tmp_path: Path) -> None:
    require("twine")
    with pypiserver.serving(tmp_path / "server") as url:
        whole = url.replace("//", f"//{pypiserver.USER}:{pypiserver.PASSWORD.replace('/', '%2F')}@")

        result = publish(alone, whole, env={})

        assert (result.code, result.stdout.splitlines()) == (0, BOTH[:1]), result.stderr
        assert "s3cr3t" not in result.stderr


# --- As PyPI does ----------------------------------------------------------------------------------------------------


@pytest.mark.case("F22")
def test_a_dry_run_then_what_is_missing(work: Path, index: PythonIndex) -> None:
    dry = publish(work, index.upload_url, "--dry-run", env={})
    assert (dry.code, dry.stderr, index.files) == (0, "", {})
    assert dry.stdout.splitlines() == [f"would upload {name} to {index.upload_url}" for name in (WHEEL, SDIST)]

    index.files[SDIST] = (work / "dist" / SDIST).read_bytes()
    result = publish(work, index.upload_url)

    assert (result.code, result.stdout.splitlines()) == (0, [NEITHER[1], BOTH[0]]), result.stderr
    assert index.files == contents(work / "dist")
    assert index.log.count("POST /legacy/") == 1


def test_hashes_that_the_index_does_not_tell_are_those_of_its_files(work: Path, index: PythonIndex) -> None:
    index.tells = ()
    index.files.update(contents(work / "dist"))

    assert publish(work, index.upload_url).stdout.splitlines() == NEITHER


@pytest.mark.case("F22")
def test_every_file_that_differs_is_named_and_nothing_is_uploaded(work: Path, index: PythonIndex) -> None:
    index.files[WHEEL] = b"other"

    result = publish(work, index.upload_url)

    assert (result.code, result.stdout, list(index.files)) == (4, "", [WHEEL])
    assert f"has another {WHEEL}: SHA-256 {hashlib.sha256(b'other').hexdigest()} there" in result.stderr
    assert "release the next version" in result.stderr


@pytest.mark.case("F22")
def test_somebody_else_uploads_in_between(work: Path, index: PythonIndex) -> None:
    """After the look and before the upload: the same file is as good as ours, another one is an error."""
    index.rivals = contents(work / "dist")
    assert publish(work, index.upload_url).code == 0
    assert index.files == contents(work / "dist")

    index.files, index.rivals = {}, {SDIST: b"other"}
    result = publish(work, index.upload_url)
    assert (result.code, result.stdout.splitlines()) == (6, BOTH[:1])
    assert "File already exists" in result.stderr
    assert f"uploaded so far: {WHEEL}" in result.stderr
    assert "[file-burnt]" in result.stderr

    index.files, index.rivals = {}, {WHEEL: b"other"}
    result = publish(work, index.upload_url)
    assert (result.code, result.stdout, index.files) == (4, "", {WHEEL: b"other"})
    assert "[file-burnt]" in result.stderr


@pytest.mark.case("F21")
def test_a_wrong_token_is_not_printed(alone: Path, index: PythonIndex) -> None:
    result = publish(alone, index.upload_url, env={"UV_PUBLISH_TOKEN": "pypi-s3cr3t-of-another"})

    assert (result.code, result.stdout, index.files) == (4, "", {})
    assert "[credentials-refused]" in result.stderr
    assert "403" in result.stderr


def test_without_credentials(alone: Path, index: PythonIndex) -> None:
    result = publish(alone, index.upload_url, env={})

    assert (result.code, result.stdout, index.files) == (4, "", {})
    assert "[credentials-missing]" in result.stderr
    assert "VERBUMP_PYPI_TOKEN" in result.stderr


@pytest.mark.case("F23")
def test_the_second_upload_fails_and_the_same_command_finishes(work: Path, index: PythonIndex) -> None:
    index.faults = ["", "400"]

    first = publish(work, index.upload_url)
    assert (first.code, first.stdout.splitlines()) == (6, BOTH[:1])
    again = f"verbump publish pypi --dist dist --repository-url {index.upload_url}"
    assert again in first.stderr
    assert f"uploaded so far: {WHEEL}" in first.stderr

    second = verbump(*again.split()[1:], cwd=work, env=TOKEN)
    assert (second.code, second.stdout.splitlines()) == (0, [NEITHER[0], BOTH[1]]), second.stderr
    assert index.files == contents(work / "dist")


def test_an_answer_that_is_lost_is_looked_up(alone: Path, index: PythonIndex) -> None:
    index.faults = ["drop"]

    result = publish(alone, index.upload_url)

    assert (result.code, result.stdout.splitlines()) == (0, BOTH[:1]), result.stderr


def test_an_index_that_is_slow_to_show_is_waited_for(work: Path, index: PythonIndex) -> None:
    index.hidden_reads = 2

    assert publish(work, index.upload_url).code == 0

    index.files.clear()
    index.hidden_reads = 99
    result = publish(work, index.upload_url, "--timeout", "1")
    assert (result.code, result.stdout.splitlines()) == (6, BOTH)
    assert f"does not show yet: {WHEEL}, {SDIST}" in result.stderr
    assert "[index-behind]" in result.stderr


def test_an_index_that_does_not_answer(work: Path) -> None:
    result = publish(work, "http://127.0.0.1:9/legacy/")

    assert (result.code, result.stdout) == (4, "")
    assert "[registry-unreachable]" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_ctrl_c_between_two_uploads(work: Path, index: PythonIndex) -> None:
    index.hidden_reads = 10_000
    argv = [sys.executable, "-P", "-m", "verbump", "publish", "pypi", "--repository-url", index.upload_url]
    running = subprocess.Popen(
        argv,
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(ROOT), **TOKEN},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    for _ in range(600):
        if SDIST in index.files:
            break
        time.sleep(0.05)
    time.sleep(0.5)

    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)

    assert running.returncode == 6, said
    assert b"interrupted" in said
    assert b"verbump publish pypi --dist dist" in said


# --- The folder ------------------------------------------------------------------------------------------------------


@pytest.mark.case("S17")
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda dist: (dist / "extra.whl").write_bytes(b"x"), "artifact-unlisted"),
        (lambda dist: (dist / SDIST).write_bytes(b"x"), "checksum-mismatch"),
        (lambda dist: (dist / SDIST).unlink(), "artifact-missing"),
        (lambda dist: summed(wheel(dist, stated="other")), "artifact-name"),
        (lambda dist: summed(wheel(dist, version="1.2.2")), "artifact-version"),
        (lambda dist: (dist / "SHA256SUMS").write_text("# sums\n"), "sums-malformed"),
        (lambda dist: [path.unlink() for path in dist.iterdir()], "no-distributions"),
    ],
)
def test_files_that_are_not_right_are_refused_before_the_index_is_asked(
    work: Path, index: PythonIndex, spoil: object, code: str
) -> None:
    assert callable(spoil)
    spoil(work / "dist")

    result = publish(work, index.upload_url)

    assert (result.code, result.stdout, index.log) == (4, "", [])
    assert f"[{code}]" in result.stderr


@pytest.mark.case("S17")
def test_files_of_another_project_are_refused(work: Path, index: PythonIndex) -> None:
    (work / "pyproject.toml").write_text('[project]\nname = "mine"\nversion = "1.2.3"\n')

    result = publish(work, index.upload_url)

    assert (result.code, index.log) == (4, [])
    assert "its name says demo, expected mine" in result.stderr


def test_without_sums_and_with_files_that_are_no_distributions(work: Path, index: PythonIndex) -> None:
    (work / "dist" / "SHA256SUMS").unlink()
    (work / "dist" / ".gitignore").write_text("*\n")
    (work / "dist" / "demo-1.2.3-x86_64-unknown-linux-gnu.tar.gz").write_bytes(b"an archive of binaries")

    result = publish(work, index.upload_url)

    assert (result.code, result.stdout.splitlines()) == (0, BOTH), result.stderr
    assert sorted(index.files) == [WHEEL, SDIST]


def test_the_address_and_the_folder_from_configuration_and_command_line(alone: Path, index: PythonIndex) -> None:
    (alone / "verbump.toml").write_text(f'[publish]\nrepository_url = "{index.upload_url}"\n')
    (alone / "dist").rename(alone / "elsewhere")

    missing = verbump("publish", "pypi", cwd=alone, env=TOKEN)
    assert (missing.code, "[no-such-folder]" in missing.stderr) == (4, True)

    result = verbump("publish", "pypi", "--dist", "elsewhere", cwd=alone, env=TOKEN)
    assert (result.code, result.stdout.splitlines()) == (0, BOTH[:1]), result.stderr


@pytest.mark.parametrize("url", ["ftp://example.invalid/", "pypi", "https://", "https://h:x/", "https://h/a b"])
def test_an_address_that_is_none(work: Path, url: str) -> None:
    result = publish(work, url)

    assert (result.code, result.stdout) == (2, "")
    assert "[bad-url]" in result.stderr


# --- Trusted publishing ----------------------------------------------------------------------------------------------


def test_trusted_publishing_needs_no_token(alone: Path, index: PythonIndex) -> None:
    result = publish(alone, index.upload_url, env=index.actions())

    assert (result.code, result.stdout.splitlines()) == (0, BOTH[:1]), result.stderr
    assert len(index.minted) == 1


@pytest.mark.parametrize(
    "audience", ["pypi", "PyPI", "testpypi", "sigstore", "sts.amazonaws.com", "api://AzureADTokenExchange", "crates.io"]
)
def test_an_identity_for_somebody_else_is_not_given_away(alone: Path, index: PythonIndex, audience: str) -> None:
    """With it the index could publish to PyPI in this project's name."""
    index.audience = audience

    result = publish(alone, index.upload_url, env={**index.actions(), **TOKEN})

    assert (result.code, result.stdout, index.files, index.minted) == (4, "", {}, [])
    assert "[audience-foreign]" in result.stderr
    assert not [line for line in index.log if "token" in line or "POST" in line]


def test_trusted_publishing_comes_before_a_token(alone: Path, index: PythonIndex) -> None:
    result = publish(alone, index.upload_url, env={**index.actions(), "VERBUMP_PYPI_TOKEN": "pypi-s3cr3t-of-another"})

    assert (result.code, len(index.minted)) == (0, 1), result.stderr


def test_an_index_without_trusted_publishing_gets_the_token(alone: Path, index: PythonIndex) -> None:
    index.has_oidc = False

    assert publish(alone, index.upload_url, env={**index.actions(), **TOKEN}).code == 0

    (alone / "verbump.toml").write_text('[publish]\ntrusted_publishing = "always"\n')
    index.files.clear()
    result = publish(alone, index.upload_url, env={**index.actions(), **TOKEN})
    assert (result.code, index.files) == (4, {})
    assert "[no-trusted-publishing]" in result.stderr


def test_a_workflow_that_is_not_trusted(alone: Path, index: PythonIndex) -> None:
    index.claims = "invalid-publisher"

    refused = publish(alone, index.upload_url, env=index.actions())
    assert (refused.code, refused.stdout, index.files) == (4, "", {})
    assert "invalid-publisher: valid token, but no corresponding publisher" in refused.stderr
    assert "[not-trusted]" in refused.stderr

    with_token = publish(alone, index.upload_url, env={**index.actions(), **TOKEN})
    assert (with_token.code, with_token.stdout.splitlines()) == (0, BOTH[:1])
    assert "going on with VERBUMP_PYPI_TOKEN" in with_token.stderr


def test_trusted_publishing_switched_off(alone: Path, index: PythonIndex) -> None:
    (alone / "verbump.toml").write_text('[publish]\ntrusted_publishing = "never"\n')

    assert publish(alone, index.upload_url, env={**index.actions(), **TOKEN}).code == 0
    assert not index.minted
