"""`verbump verify` on real tags, and on folders of artifacts that went wrong in every way."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from support import projects
from support.running import verbump

if TYPE_CHECKING:
    from pathlib import Path

    from support.git_repo import GitRepo

CARGO_LOCK = 'version = 4\n\n[[package]]\nname = "demo"\nversion = "{version}"\n'


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return projects.released(tmp_path, more={"Cargo.lock": CARGO_LOCK.format(version="1.2.3")})


def wheel(
    folder: Path, *, name: str = "demo", version: str = "1.2.3", stated: str = "", tag: str = "py3-none-any"
) -> Path:
    """A wheel whose RECORD is right; `stated` is the name in its METADATA."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": b"x = 1\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {stated or name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
    }
    rows = []
    for inside, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        rows.append(f"{inside},sha256={digest},{len(content)}\n")
    files[f"{info}/RECORD"] = ("".join(rows) + f"{info}/RECORD,,\n").encode()
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, content in files.items():
            archive.writestr(inside, content)
    return path


def sdist(folder: Path, *, version: str = "1.2.3") -> Path:
    import io
    import tarfile

    path = folder / f"demo-{version}.tar.gz"
    content = f"Metadata-Version: 2.1\nName: demo\nVersion: {version}\n".encode()
    with tarfile.open(path, "w:gz") as archive:
        for name in ("PKG-INFO", "pyproject.toml"):
            info = tarfile.TarInfo(f"demo-{version}/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def write_sums(folder: Path) -> None:
    names = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in names]
    (folder / "SHA256SUMS").write_text("".join(lines))


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    wheel(folder)
    sdist(folder)
    write_sums(folder)
    return folder


def codes(result_json: dict[str, list[dict[str, str]]], severity: str = "error") -> list[str]:
    return sorted({each["code"] for each in result_json["problems"] if each["severity"] == severity})


@pytest.mark.parametrize("asked", ["v1.2.3", "1.2.3", "HEAD"])
def test_a_tag_and_its_files_agree(repo: GitRepo, asked: str) -> None:
    result = verbump("verify", asked, cwd=repo.path)

    assert (result.code, result.stdout) == (0, "v1.2.3: Cargo.toml, pyproject.toml, Cargo.lock agree\n"), result.stderr


def test_the_tree_of_the_tag_counts_and_not_the_work_tree(repo: GitRepo) -> None:
    repo.write("Cargo.toml", "broken [")
    repo.commit("feat: later", {"pyproject.toml": projects.PYPROJECT.format(version="9.9.9")})

    assert verbump("verify", "v1.2.3", cwd=repo.path).code == 0
    assert verbump("verify", "HEAD", cwd=repo.path).code == 1


@pytest.mark.case("M03", "M04", "M20")
def test_every_disagreement_is_named(repo: GitRepo) -> None:
    # Only one manifest was changed, and the tag points at the commit before the bump.
    repo.commit("chore: bump", {"Cargo.toml": projects.CARGO.format(version="1.3.0")})
    repo.tag("v1.4.0")

    result = verbump("verify", "v1.4.0", "--format", "json", cwd=repo.path)

    assert result.code == 1
    said = [each["message"] for each in result.json["problems"]]
    assert "Cargo.toml states 1.3.0, v1.4.0 says 1.4.0" in said
    assert "pyproject.toml states 1.2.3, v1.4.0 says 1.4.0" in said
    assert "CHANGELOG.md has no section for 1.4.0" in said  # mistake 20
    assert any(each.startswith("Cargo.lock") for each in said)
    assert (result.json["version"], result.json["tag"], result.json["commit"]) == ("1.4.0", "v1.4.0", repo.head())


@pytest.mark.case("M15")
def test_a_tag_that_only_looks_like_a_version(repo: GitRepo) -> None:
    # The workflow's glob starts for the second of these; its first job verifies.
    repo.tag("vfoo")
    repo.tag("v1.2.3-pre-optimization")

    result = verbump("verify", "v1.2.3-pre-optimization", cwd=repo.path)

    assert result.code == 1
    assert "Cargo.toml states 1.2.3, v1.2.3-pre-optimization says 1.2.3-pre-optimization" in result.stdout
    assert verbump("next", "--current", cwd=repo.path).stdout == "1.2.3\n"


def test_a_stale_lock_file(repo: GitRepo) -> None:
    files = {**projects.files("1.3.0"), "CHANGELOG.md": projects.CHANGELOG.replace("1.2.3", "1.3.0")}
    repo.commit("chore: bump", files)
    repo.tag("v1.3.0")

    result = verbump("verify", "v1.3.0", "--format", "json", cwd=repo.path)

    assert (result.code, codes(result.json)) == (1, ["lock-stale"])


def test_no_such_tag(repo: GitRepo) -> None:
    result = verbump("verify", "v7.0.0", cwd=repo.path)

    assert (result.code, result.stdout) == (2, "")
    assert "v7.0.0: no such commit, branch or tag" in result.stderr


def test_artifacts_agree(repo: GitRepo, dist: Path) -> None:
    result = verbump("verify", "v1.2.3", "--dist", str(dist), cwd=repo.path)

    assert result.code == 0, result.stdout + result.stderr
    assert "2 files of" in result.stdout
    done = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=dist, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_json_is_what_the_schema_says(repo: GitRepo, dist: Path, tmp_path: Path) -> None:
    schema = Draft202012Validator(verbump("schema", "verify", cwd=tmp_path).json)
    right = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "json", cwd=repo.path)
    next(dist.glob("*.whl")).unlink()
    wrong = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "json", cwd=repo.path)

    assert (right.code, wrong.code) == (0, 1)
    for each in (right, wrong):
        schema.validate(each.json)
    assert [each["name"] for each in right.json["artifacts"]] == ["demo-1.2.3-py3-none-any.whl", "demo-1.2.3.tar.gz"]


def test_an_extra_file_is_found(repo: GitRepo, dist: Path) -> None:
    (dist / "notes.txt").write_text("x")

    result = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "json", cwd=repo.path)

    assert (result.code, codes(result.json)) == (1, ["artifact-unknown", "artifact-unlisted"])


def test_another_byte_is_found(repo: GitRepo, dist: Path) -> None:
    path = next(dist.glob("*.whl"))
    path.write_bytes(path.read_bytes().replace(b"x = 1", b"x = 2"))

    result = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "json", cwd=repo.path)

    assert result.code == 1
    assert "checksum-mismatch" in codes(result.json)
    assert "artifact-broken" in codes(result.json)  # the zip's own checksum, before RECORD


def test_a_missing_file_is_found(repo: GitRepo, dist: Path) -> None:
    next(dist.glob("*.tar.gz")).unlink()

    result = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "json", cwd=repo.path)

    assert (result.code, codes(result.json)) == (1, ["artifact-missing"])
    assert len(result.json["problems"]) == 2  # from the sums, and from what a project needs


def test_metadata_with_another_name(repo: GitRepo, dist: Path) -> None:
    wheel(dist, stated="other")
    write_sums(dist)

    result = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "json", cwd=repo.path)

    assert (result.code, codes(result.json)) == (1, ["artifact-name"])
    assert "its metadata says other, expected demo" in result.json["problems"][0]["message"]


@pytest.mark.case("M03")
def test_a_wheel_of_another_version_and_a_double(repo: GitRepo, dist: Path) -> None:
    # As were the wheels of a tag v0.2.0 that said 0.1.0.
    wheel(dist, version="1.2.2")
    write_sums(dist)

    result = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "json", cwd=repo.path)

    assert (result.code, codes(result.json)) == (1, ["artifact-double", "artifact-version"])


@pytest.mark.case("M09")
def test_sums_with_headings_are_refused_with_their_line(repo: GitRepo, dist: Path) -> None:
    # Headings, blank lines and paths, which `sha256sum --strict` refuses.
    (dist / "SHA256SUMS").write_text("# Checksums\n\n" + (dist / "SHA256SUMS").read_text())

    result = verbump("verify", "v1.2.3", "--dist", str(dist), cwd=repo.path)

    assert result.code == 1
    assert "SHA256SUMS:1: expected 64 hex digits" in result.stdout


@pytest.mark.case("M18")
def test_a_platform_that_pypi_refuses(repo: GitRepo, dist: Path) -> None:
    # Built on the host, without a look at the platform tag.
    next(dist.glob("*.whl")).unlink()
    wheel(dist, tag="cp311-cp311-linux_x86_64")
    write_sums(dist)

    result = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "json", cwd=repo.path)

    assert (result.code, codes(result.json)) == (1, ["artifact-tags"])


def test_a_configured_target_that_is_missing(repo: GitRepo, dist: Path) -> None:
    settings = '[tool.verbump.build]\ntargets = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]\n'
    next(dist.glob("*.whl")).unlink()
    wheel(dist, tag="cp311-abi3-manylinux_2_17_x86_64")
    write_sums(dist)
    repo.commit("build: targets", {"pyproject.toml": projects.PYPROJECT.format(version="1.2.3") + settings})

    result = verbump("verify", "--dist", str(dist), "--format", "json", cwd=repo.path)

    assert (result.code, codes(result.json)) == (1, ["target-missing"])
    assert [each["message"] for each in result.json["problems"]] == ["there is no wheel for aarch64-apple-darwin"]


def test_findings_as_workflow_commands_are_escaped(repo: GitRepo, dist: Path) -> None:
    (dist / "x%0A::stop-commands::y").write_text("x")

    result = verbump("verify", "v1.2.3", "--dist", str(dist), "--format", "github", cwd=repo.path)

    assert result.code == 1
    assert all(line.startswith("::error title=artifact-") for line in result.stdout.splitlines())
    assert "x%250A::stop-commands::y" in result.stdout
