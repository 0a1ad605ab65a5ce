"""`verbump package`: from a real tag and a folder with SHA256SUMS alone to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import packages
from support.git_repo import GitRepo
from support.running import run_in_process as verbump
from verbump.domain import distributions

if TYPE_CHECKING:
    from pathlib import Path

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.3.0] - 2026-01-01\n\n### Added\n\n- Words.\n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """demo 1.3.0, tagged; a description that only the commit after it has."""
    made = GitRepo.create(tmp_path / "work")
    files = {
        "Cargo.toml": packages.CARGO,
        "pyproject.toml": packages.PYPROJECT,
        "CHANGELOG.md": CHANGELOG,
        "src/main.rs": "fn main() {}\n",
        "LICENSE": "MIT\n",
        ".gitignore": "/dist/\n/packaging/\n",
    }
    made.commit("feat: begin", files)
    made.tag("v1.3.0")
    made.git("remote", "add", "origin", "https://github.com/acme/demo.git")
    made.commit("docs: more", {"Cargo.toml": packages.CARGO.replace("Counts words", "Counts letters")})
    (made.path / "dist").mkdir()
    text = distributions.render_sums(packages.sums(packages.ALL))
    (made.path / "dist" / "SHA256SUMS").write_text(text)
    return made


def test_files_are_written_and_named(repo: GitRepo) -> None:
    done = verbump("package", "winget", "--version", "1.3.0", cwd=repo.path)
    assert (done.code, done.stderr) == (0, "")
    named = done.stdout.split()
    assert sorted(named) == sorted(
        f"packaging/winget/acme.demo{end}.yaml" for end in ("", ".installer", ".locale.en-US")
    )
    assert all((repo.path / name).read_text().endswith('ManifestVersion: "1.10.0"\n') for name in named)


def test_one_file_to_stdout_and_again_to_a_folder(repo: GitRepo) -> None:
    shown = verbump("package", "homebrew", "--version", "v1.3.0", "--out", "-", cwd=repo.path)
    assert (shown.code, shown.stderr) == (0, "")
    for _ in range(2):
        done = verbump("package", "homebrew", "--version", "v1.3.0", "--out", "Formula", cwd=repo.path)
        assert done.stdout == "Formula/demo.rb\n"
        assert (repo.path / "Formula/demo.rb").read_text() == shown.stdout
    assert [path.name for path in (repo.path / "Formula").iterdir()] == ["demo.rb"]


def test_the_tree_is_that_of_the_version(repo: GitRepo) -> None:
    tagged = verbump("package", "scoop", "--version", "1.3.0", "--out", "-", cwd=repo.path)
    head = verbump("package", "scoop", "--out", "-", cwd=repo.path)
    assert "Counts words" in tagged.stdout
    assert (head.code, "Counts letters" in head.stdout) == (0, True)


BASE = f"debian:12-slim@sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("conda",), ["packaging/conda/recipe.yaml"]),
        (("chocolatey",), ["packaging/chocolatey/demo.nuspec", "packaging/chocolatey/tools/chocolateyinstall.ps1"]),
        (("docker", "--base", BASE), ["packaging/docker/Dockerfile"]),
        (("docker", "--base", BASE, "--from", "wheels"), ["packaging/docker/Dockerfile"]),
    ],
)
def test_the_other_ecosystems(repo: GitRepo, words: tuple[str, ...], files: list[str]) -> None:
    done = verbump("package", *words, cwd=repo.path)
    assert (done.code, done.stdout.split()) == (0, files), done.stderr


def test_a_base_without_a_digest(repo: GitRepo) -> None:
    done = verbump("package", "docker", "--base", "debian:12", cwd=repo.path)
    assert (done.code, done.stdout) == (2, "")
    assert "docker buildx imagetools inspect debian:12" in done.stderr


def test_several_files_do_not_fit_on_stdout(repo: GitRepo) -> None:
    done = verbump("package", "winget", "--out", "-", cwd=repo.path)
    assert (done.code, done.stdout) == (2, "")
    assert "hint: --out DIR" in done.stderr


def test_no_sums_is_told_with_the_command_that_makes_them(repo: GitRepo) -> None:
    (repo.path / "dist" / "SHA256SUMS").unlink()
    done = verbump("package", "homebrew", cwd=repo.path)
    assert (done.code, done.stdout) == (4, "")
    assert "dist/SHA256SUMS" in done.stderr
    assert "hint: verbump build" in done.stderr
    assert not (repo.path / "packaging").exists()


def test_a_missing_artifact_is_told_with_the_command_that_makes_it(repo: GitRepo) -> None:
    text = distributions.render_sums(packages.sums([packages.SDIST]))
    (repo.path / "dist" / "SHA256SUMS").write_text(text)
    done = verbump("package", "scoop", cwd=repo.path)
    assert done.code == 4
    assert "dist/SHA256SUMS lists no archive of demo 1.3.0 for Windows" in done.stderr
    assert "hint: verbump build --target x86_64-pc-windows-msvc" in done.stderr
    assert not (repo.path / "packaging").exists()


def test_an_unknown_version(repo: GitRepo) -> None:
    done = verbump("package", "scoop", "--version", "9.9.9", cwd=repo.path)
    assert (done.code, done.stdout) == (2, "")
    assert "9.9.9 is not tagged, and HEAD is 1.3.0" in done.stderr


def test_a_candidate_is_told(repo: GitRepo) -> None:
    changed = {
        "Cargo.toml": packages.CARGO.replace("1.3.0", "1.4.0-rc.1"),
        "pyproject.toml": packages.PYPROJECT.replace("1.3.0", "1.4.0rc1"),
    }
    repo.commit("feat: more", changed)
    names = [packages.archive("x86_64-pc-windows-msvc", version="1.4.0-rc.1")]
    (repo.path / "dist" / "SHA256SUMS").write_text(distributions.render_sums(packages.sums(names)))
    done = verbump("package", "scoop", "--out", "-", cwd=repo.path)
    assert done.code == 0, done.stderr
    assert "note: 1.4.0-rc.1 is a pre-release" in done.stderr
    assert verbump("-q", "package", "scoop", "--out", "-", cwd=repo.path).stderr == ""


def test_an_output_folder_that_is_a_file(repo: GitRepo) -> None:
    (repo.path / "packaging").write_text("here first")
    done = verbump("package", "scoop", cwd=repo.path)
    assert (done.code, done.stdout) == (2, "")
    assert (repo.path / "packaging").read_text() == "here first"


def test_one_package_of_several(tmp_path: Path) -> None:
    """What it inherits stands in the workspace's manifest, which is no package's own."""
    made = GitRepo.create(tmp_path / "work")
    shared = '[workspace]\nmembers = ["one", "two"]\nresolver = "2"\n[workspace.package]\nlicense = "MIT"\n'
    files = {"Cargo.toml": shared, ".gitignore": "/dist/\n"}
    for name, version in (("one", "0.1.0"), ("two", "0.2.0")):
        text = f'[package]\nname = "{name}"\nversion = "{version}"\ndescription = "Tool {name}."\nlicense.workspace = true\n'
        files |= {f"{name}/Cargo.toml": text, f"{name}/src/main.rs": "fn main() {}\n"}
        files |= {f"{name}/CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n"}
    made.commit("feat: begin", files)
    made.tag("one-v0.1.0")
    made.tag("two-v0.2.0")
    made.git("remote", "add", "origin", "https://gitlab.com/group/sub/tools.git")
    (made.path / "dist").mkdir()
    names = [packages.archive("x86_64-pc-windows-msvc", "one", "0.1.0"), "two-0.2.0-x86_64-pc-windows-msvc.zip"]
    (made.path / "dist" / "SHA256SUMS").write_text(distributions.render_sums(packages.sums(names)))
    for words in (("--package", "two"), ("--version", "two-v0.2.0")):
        done = verbump("package", "scoop", *words, "--out", "-", cwd=made.path)
        assert done.code == 0, done.stderr
        manifest = done.json
        assert (manifest["version"], manifest["description"], manifest["license"]) == ("0.2.0", "Tool two.", "MIT")
        url = manifest["architecture"]["64bit"]["url"]
        assert url == f"https://gitlab.com/group/sub/tools/-/releases/two-v0.2.0/downloads/{names[1]}"
    assert verbump("package", "scoop", "--out", "-", cwd=made.path).code == 2


@pytest.mark.parametrize("triple", ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"])
def test_the_programs_are_where_build_puts_them(repo: GitRepo, tmp_path: Path, triple: str) -> None:
    """The path in the archive, of which every ecosystem makes its own: held against the archives that build writes."""
    import tarfile
    import zipfile

    from verbump.domain import targets
    from verbump.effects import archives

    name = targets.archive_name("demo", "1.3.0", triple)
    program = tmp_path / "program"
    program.write_bytes(b"x")
    archives.write_archive(tmp_path / name, {targets.program_name("demo", triple): program}, 1_790_000_000)
    if triple.endswith("msvc"):
        (inside,) = zipfile.ZipFile(tmp_path / name).namelist()
        done = verbump("package", "winget", cwd=repo.path)
        assert done.code == 0, done.stderr
        text = (repo.path / "packaging/winget/acme.demo.installer.yaml").read_text()
        assert f'RelativeFilePath: "{inside.replace("/", chr(92) * 2)}"' in text
        scoop = verbump("package", "scoop", "--out", "-", cwd=repo.path).json
        assert f"{scoop['architecture']['64bit']['extract_dir']}/{scoop['bin']}" == inside
    else:
        with tarfile.open(tmp_path / name) as archive:
            (inside,) = archive.getnames()
        assert inside == f"{name.removesuffix('.tar.gz')}/demo"
        text = verbump("package", "docker", "--base", BASE, "--out", "-", cwd=repo.path).stdout
        assert "--strip-components=1" in text
        assert f"/tmp/unpacked/{inside.partition('/')[2]} /usr/local/bin/" in text
