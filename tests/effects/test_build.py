"""Builds for real: a PyO3 workspace, a program in Rust, a package in Python; and what goes wrong in each."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from effects.test_full_disk import fill, tmpfs
from support import parts, pypiserver
from support.git_repo import GitRepo
from support.running import ROOT, verbump
from support.tools import require

if TYPE_CHECKING:
    from support.running import Result

PROGRAM = {
    "Cargo.toml": '[package]\nname = "tool"\nversion = "1.2.3"\nedition = "2021"\n',
    "Cargo.lock": 'version = 4\n\n[[package]]\nname = "tool"\nversion = "1.2.3"\n',
    "src/main.rs": 'fn main() {\n    println!("released");\n}\n',
    "LICENSE": "MIT License\n",
    ".gitignore": "target/\n",
    "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-01\n",
}
# A backend in the tree itself: no other package is needed, so that a build takes a second.
BACKEND = """\
import base64, gzip, hashlib, io, os, tarfile, zipfile

NAME = "pure"
METADATA = "Metadata-Version: 2.1\\nName: pure\\nVersion: 1.2.3\\nRequires-Python: >=3.11\\nDescription-Content-Type: text/plain\\n\\npure\\n"

def build_wheel(folder, config_settings=None, metadata_directory=None):
    files = {"pure.py": open("pure.py").read(), "pure-1.2.3.dist-info/METADATA": METADATA,
             "pure-1.2.3.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
    rows = ""
    with zipfile.ZipFile(os.path.join(folder, "pure-1.2.3-py3-none-any.whl"), "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
            rows += f"{name},sha256={digest},{len(text)}\\n"
        archive.writestr(zipfile.ZipInfo("pure-1.2.3.dist-info/RECORD"), rows + "pure-1.2.3.dist-info/RECORD,,\\n")
    return "pure-1.2.3-py3-none-any.whl"

def build_sdist(folder, config_settings=None):
    date = int(os.environ["SOURCE_DATE_EPOCH"])
    files = {name: open(name).read() for name in ("pyproject.toml", "backend.py", "pure.py")}
    with (
        open(os.path.join(folder, "pure-1.2.3.tar.gz"), "wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=date) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, text in {**files, "PKG-INFO": METADATA}.items():
            info = tarfile.TarInfo(f"pure-1.2.3/{name}")
            info.size, info.mtime = len(text), date
            archive.addfile(info, io.BytesIO(text.encode()))
    return "pure-1.2.3.tar.gz"
"""
PURE = {
    "pyproject.toml": (
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n'
        '[project]\nname = "pure"\nversion = "1.2.3"\nrequires-python = ">=3.11"\n\n'
        '[tool.verbump.build]\ntest_command = ["python", "-m", "unittest", "discover", "tests"]\ntest_requires = []\n'
    ),
    "backend.py": BACKEND,
    "pure.py": "ANSWER = 42\n",
    "tests/test_pure.py": (
        "import os, sys, unittest\nimport pure\n\n\nclass Pure(unittest.TestCase):\n"
        "    def test_the_installed_wheel(self):\n"
        "        self.assertEqual(pure.ANSWER, 42)\n"
        "        self.assertTrue(pure.__file__.startswith(sys.prefix), pure.__file__)\n"
        "        self.assertFalse(os.path.exists('pure.py') or os.path.exists('../pure.py'))\n"
        "        self.assertNotIn('UPLOAD_TOKEN', os.environ)\n"
    ),
    "CHANGELOG.md": PROGRAM["CHANGELOG.md"],
}


PURE_SETTINGS = '[build]\ntest_command = ["python", "-m", "unittest", "discover", "tests"]\ntest_requires = []\n\n'


def made(tmp_path: Path, files: dict[str, str], **changed: str) -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {**files, **changed})
    repo.tag("v1.2.3")
    return repo


def program(tmp_path: Path, **changed: str) -> GitRepo:
    for tool in ("cargo", "rustc", "cc"):
        require(tool)
    return made(tmp_path, PROGRAM, **changed)


def pure(tmp_path: Path, **changed: str) -> GitRepo:
    for tool in ("pyproject-build", "twine"):
        require(tool)
    return made(tmp_path, PURE, **changed)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def nothing_is_left(repo: GitRepo, out: Path) -> bool:
    cache = Path(os.environ["XDG_CACHE_HOME"]) / "verbump" / "build"
    left = [path for path in cache.rglob("*") if path.is_file() and path.suffix != ".log"]
    return not out.exists() and not left and not list(out.parent.glob(".verbump-*"))


def is_running(pid: int) -> bool:
    """Whether a process still does anything: one that has ended may wait for its parent."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")


@pytest.mark.case("M09")
def test_a_program(tmp_path: Path) -> None:
    repo = program(tmp_path)
    triple = next(
        line.split()[1] for line in subprocess.check_output(["rustc", "-vV"], text=True).splitlines() if "host:" in line
    )
    repo.write("src/main.rs", "this does not compile")  # not committed: it must not ship
    before = repo.snapshot()
    out = tmp_path / "out"

    result = verbump("build", "--out", str(out), cwd=repo.path)

    assert result.code == 0, result.stderr
    assert repo.snapshot() == before
    name = f"tool-1.2.3-{triple}"
    assert names(out) == ["SHA256SUMS", f"{name}.tar.gz"]
    digest = hashlib.sha256((out / f"{name}.tar.gz").read_bytes()).hexdigest()
    assert result.stdout.split() == [f"{name}.tar.gz", f"{(out / f'{name}.tar.gz').stat().st_size:,}", digest]
    assert (out / "SHA256SUMS").read_text() == f"{digest}  {name}.tar.gz\n"
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=out, capture_output=True)
    assert (checked.returncode, checked.stderr) == (0, b"")
    with tarfile.open(out / f"{name}.tar.gz") as archive:
        assert archive.getnames() == [f"{name}/LICENSE", f"{name}/tool"]
        archive.extractall(tmp_path / "unpacked", filter="data")
    assert subprocess.check_output([tmp_path / "unpacked" / name / "tool"]) == b"released\n"
    assert [line.split(" (")[0] for line in result.stderr.splitlines()][:3] == [
        "lay out the sources",
        "cargo test",
        f"cargo build {triple}",
    ]

    again = verbump("build", "--no-tests", "--out", str(out), cwd=repo.path)
    assert (again.code, again.stdout) == (0, result.stdout)

    repo.write("src/main.rs", 'fn main() { println!("as it lies"); }\n')
    assert verbump("build", "--worktree", "--no-tests", "--out", str(out), cwd=repo.path).stdout != result.stdout


@pytest.mark.case("M01", "M04")
def test_the_coming_version(tmp_path: Path) -> None:
    # Not a dry run that edits, nor a tag of what was there before the bump.
    repo = program(tmp_path)
    repo.commit("feat: more")
    before = repo.snapshot()

    result = verbump("build", "--next", "--no-tests", "--out", str(tmp_path / "out"), cwd=repo.path)

    assert result.code == 0, result.stderr
    assert result.stdout.startswith("tool-1.3.0-")
    assert repo.snapshot() == before


@pytest.mark.case("F24")
def test_a_crate_that_does_not_compile(tmp_path: Path) -> None:
    repo = program(tmp_path, **{"src/main.rs": 'fn main() { let x: u8 = "text"; }\n'})

    result = verbump("build", "--out", str(tmp_path / "out"), cwd=repo.path)

    assert (result.code, result.stdout) == (1, "")
    assert "cargo test failed with status 101" in result.stderr
    assert "mismatched types" in result.stderr
    log = Path(result.stderr.rpartition("the whole log: ")[2].strip())
    assert log.read_text().startswith("$ cargo test")
    assert nothing_is_left(repo, tmp_path / "out")


def test_a_failing_test_and_no_secret(tmp_path: Path) -> None:
    source = 'fn main() {}\n#[test]\nfn fails() { panic!("{:?}", std::env::var("UPLOAD_TOKEN")); }\n'
    repo = program(tmp_path, **{"src/main.rs": source})
    out = tmp_path / "out"

    result = verbump("build", "--out", str(out), cwd=repo.path, env={"UPLOAD_TOKEN": "s3cr3t-token"})

    assert (result.code, result.stdout) == (1, "")
    assert "Err(NotPresent)" in result.stderr
    assert nothing_is_left(repo, out)


@pytest.mark.case("M11")
def test_an_extension_that_cargo_test_cannot_link(tmp_path: Path) -> None:
    # What PyO3's `extension-module` does to `cargo test`: symbols of Python, and no libpython.
    source = (
        'extern "C" { fn PyLong_FromLong(value: std::ffi::c_long) -> *mut std::ffi::c_void; }\n'
        "fn main() {}\n#[test]\nfn makes() { assert!(!unsafe { PyLong_FromLong(1) }.is_null()); }\n"
    )
    repo = program(tmp_path, **{"src/main.rs": source})

    result = verbump("build", "--out", str(tmp_path / "out"), cwd=repo.path)

    assert (result.code, result.stdout) == (1, "")
    assert "cargo test failed with status 101" in result.stderr
    assert "PyLong_FromLong" in result.stderr
    assert (
        'hint: leave extension-module to maturin: in pyproject.toml [tool.maturin] features = ["pyo3/' in result.stderr
    )
    assert nothing_is_left(repo, tmp_path / "out")


def test_missing_tools_all_at_once(tmp_path: Path) -> None:
    repo = program(tmp_path)
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "git").symlink_to(require("git"))

    result = verbump("build", cwd=repo.path, env={"PATH": str(bare)})

    assert (result.code, result.stdout) == (4, "")
    assert [line.split(" is not here")[0] for line in result.stderr.splitlines() if "[tool-missing]" in line] == [
        "error: cargo",
        "error: rustc",
        "error: cc",
    ]
    assert nothing_is_left(repo, repo.path / "dist")


@pytest.mark.case("M03", "M19")
def test_what_must_agree_before_anything_is_built(tmp_path: Path) -> None:
    repo = program(tmp_path, **{"pyproject.toml": '[project]\nname = "tool"\nversion = "1.2.2"\n'})
    repo.git("rm", "--quiet", "Cargo.lock")
    repo.commit("chore: no lock")

    result = verbump("build", "--rust-only", cwd=repo.path)

    assert (result.code, result.stdout) == (4, "")
    assert "[versions-disagree]" in result.stderr


def test_a_target_that_this_machine_cannot_build_for(tmp_path: Path) -> None:
    repo = program(tmp_path)

    result = verbump("build", "--target", "riscv64gc-unknown-linux-musl", cwd=repo.path)

    assert (result.code, result.stdout) == (4, "")
    assert (
        "the standard library of riscv64gc-unknown-linux-musl is not installed [target-not-installed]" in result.stderr
    )
    assert "hint: rustup target add riscv64gc-unknown-linux-musl" in result.stderr
    assert nothing_is_left(repo, repo.path / "dist")


def test_a_folder_with_somebody_elses_files(tmp_path: Path) -> None:
    repo = program(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("x")

    result = verbump("build", "--out", str(out), cwd=repo.path)

    assert (result.code, names(out)) == (4, ["thesis.txt"])
    assert "[out-not-ours]" in result.stderr


def test_a_full_disk(tmp_path: Path) -> None:
    repo = program(tmp_path)
    with tmpfs(tmp_path / "disk", "size=1m") as disk:
        fill(disk, 32_768)

        result = verbump("build", "--no-tests", "--out", str(disk / "out"), cwd=repo.path)

        assert (result.code, result.stdout) == (4, ""), result.stderr
        assert "No space left on device" in result.stderr
        assert nothing_is_left(repo, disk / "out")


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c(tmp_path: Path, number: signal.Signals) -> None:
    mark = tmp_path / "mark"
    wait = f"fn main() {{ std::fs::write({str(mark)!r}, std::process::id().to_string()).unwrap(); std::thread::sleep(std::time::Duration::from_secs(300)); }}"
    repo = program(tmp_path, **{"build.rs": wait.replace("'", '"')})
    argv = [sys.executable, "-P", "-m", "verbump", "build"]
    running = subprocess.Popen(
        argv,
        cwd=repo.path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        # A shell ignores Ctrl-C in what it runs in the background, and so would all that comes of it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        start_new_session=True,
    )
    for _ in range(600):
        if mark.exists() and mark.read_text():
            break
        time.sleep(0.1)
    child = int(mark.read_text())

    os.killpg(running.pid, number)  # as a terminal does
    try:
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()

    assert running.returncode == 130, said
    assert b"Traceback" not in said
    assert nothing_is_left(repo, repo.path / "dist")
    for _ in range(100):
        if not is_running(child):
            break
        time.sleep(0.1)
    assert not is_running(child)


@pytest.mark.case("M07")
def test_a_package(tmp_path: Path) -> None:
    repo = pure(tmp_path)
    out = tmp_path / "out"

    result = verbump("build", "--out", str(out), cwd=repo.path, env={"UPLOAD_TOKEN": "s3cr3t-token"})

    assert result.code == 0, result.stderr
    assert names(out) == ["SHA256SUMS", "pure-1.2.3-py3-none-any.whl", "pure-1.2.3.tar.gz"]
    assert "tests of pure-1.2.3-py3-none-any.whl" not in result.stderr  # one step for all wheels
    verified = verbump("verify", "HEAD", "--dist", str(out), cwd=repo.path)
    assert (verified.code, verified.stdout[:30]) == (0, "v1.2.3: pyproject.toml agree, "), verified.stdout


def test_packages_of_their_own_versions(tmp_path: Path) -> None:
    for tool in ("cargo", "rustc", "cc", "pyproject-build", "twine"):
        require(tool)
    settings = "".join(
        f'[[packages]]\nname = "{name}"\npath = "{path}"\n\n'
        for name, path in (("tool", "crates/tool"), ("other", "crates/other"), ("pure", "py"))
    )
    crate = {f"crates/tool/{name}": PROGRAM[name] for name in ("Cargo.toml", "src/main.rs", "LICENSE", "CHANGELOG.md")}
    other = {
        "crates/other/Cargo.toml": PROGRAM["Cargo.toml"].replace("tool", "other").replace("1.2.3", "0.9.0"),
        "crates/other/src/main.rs": "not built",
        "crates/other/CHANGELOG.md": PROGRAM["CHANGELOG.md"].replace("1.2.3", "0.9.0"),
    }
    lock = PROGRAM["Cargo.lock"].replace(
        "[[package]]", '[[package]]\nname = "other"\nversion = "0.9.0"\n\n[[package]]', 1
    )
    repo = GitRepo.create(tmp_path / "work")
    files = {
        "verbump.toml": PURE_SETTINGS + settings,
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
        "Cargo.lock": lock,
        **crate,
        **other,
        **{f"py/{name}": text for name, text in PURE.items()},
    }
    files["py/pyproject.toml"] = PURE["pyproject.toml"].partition("[tool.verbump")[0]
    repo.commit("feat: begin", files)
    for tag in ("tool-v1.2.3", "other-v0.9.0", "pure-v1.2.3"):
        repo.tag(tag)

    several = verbump("build", cwd=repo.path)
    assert (several.code, several.stdout) == (2, "")
    assert "name one: --package NAME" in several.stderr

    rust = verbump("build", "--package", "tool", "--out", "rust", cwd=repo.path)
    assert rust.code == 0, rust.stderr
    assert [name.partition("-x86")[0].partition("-aarch")[0] for name in names(repo.path / "rust")] == [
        "SHA256SUMS",
        "tool-1.2.3",
    ]
    verified = verbump("verify", "tool-v1.2.3", "--dist", "rust", cwd=repo.path)
    assert verified.code == 0, verified.stdout

    python = verbump("build", "--package", "pure", "--out", "python", cwd=repo.path)
    assert python.code == 0, python.stderr
    assert names(repo.path / "python") == ["SHA256SUMS", "pure-1.2.3-py3-none-any.whl", "pure-1.2.3.tar.gz"]
    assert verbump("verify", "pure-v1.2.3", "--dist", "python", cwd=repo.path).code == 0
    wrong = verbump("verify", "tool-v1.2.3", "--dist", "python", cwd=repo.path)
    assert (wrong.code, "there is no archive of tool 1.2.3" in wrong.stdout) == (1, True)


def test_shown(tmp_path: Path) -> None:
    repo = pure(tmp_path)
    who = {"TWINE_USERNAME": pypiserver.USER, "TWINE_PASSWORD": pypiserver.PASSWORD, "SOURCE_DATE_EPOCH": "1700000000"}
    made, told = [], []
    with pypiserver.serving(tmp_path / "server") as url:
        steps = (("build",), ("verify", "HEAD", "--dist", "dist"), ("publish", "pypi", "--repository-url", url))
        for _ in range(2):
            said = [verbump(*words, cwd=repo.path, env=who) for words in steps]
            assert [each.code for each in said] == [0, 0, 0], said[-1].stderr
            made.append((said[0].stdout, (repo.path / "dist" / "SHA256SUMS").read_bytes()))
            told.append([line.split()[0] for line in said[2].stdout.splitlines()])
            assert pypiserver.PASSWORD not in "".join(each.stdout + each.stderr for each in said)
    assert told == [["uploaded", "uploaded"], ["unchanged", "unchanged"]]
    assert made[0] == made[1]


def test_a_listed_python_that_is_none(tmp_path: Path) -> None:
    listed = PURE["pyproject.toml"] + 'interpreters = ["nonsense", "3.14t"]\n'
    repo = pure(tmp_path, **{"pyproject.toml": listed})

    result = verbump("build", cwd=repo.path)

    assert (result.code, result.stdout) == (4, "")
    assert "build.interpreters: nonsense is no Python here [no-interpreter]" in result.stderr
    assert "3.14t is no Python" not in result.stderr


def test_as_data(tmp_path: Path) -> None:
    repo = pure(tmp_path)
    schema = Draft202012Validator(verbump("schema", "build", cwd=tmp_path).json)

    result = verbump("build", "--no-tests", "--format", "json", cwd=repo.path)

    assert result.code == 0, result.stderr
    schema.validate(result.json)
    assert (result.json["version"], result.json["pep440"], result.json["problems"]) == ("1.2.3", "1.2.3", [])
    for each in result.json["artifacts"]:
        content = (repo.path / "dist" / each["name"]).read_bytes()
        assert (each["size"], each["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())

    repo.commit("feat: break", {"backend.py": "raise SystemExit('no backend')\n"})
    failed = verbump("build", "--no-tests", "--format", "json", cwd=repo.path)

    assert failed.code == 1
    schema.validate(failed.json)
    assert [each["code"] for each in failed.json["problems"]] == ["build-failed"]


@pytest.mark.case("F24", "M07")
def test_a_failing_test_of_the_wheel(tmp_path: Path) -> None:
    fails = "import os\nimport pure\n\nprint(f'{pure.ANSWER} != 42', flush=True)\nos._exit(3)\n"
    repo = pure(tmp_path, **{"pure.py": "ANSWER = 41\n", "tests/test_pure.py": fails})

    result = verbump("build", cwd=repo.path)

    assert (result.code, result.stdout) == (1, "")
    assert "41 != 42" in result.stderr
    assert nothing_is_left(repo, repo.path / "dist")


@pytest.mark.case("F24")
def test_a_backend_that_writes_and_fails(tmp_path: Path) -> None:
    """It works in a copy: what it changes, adds and deletes there is nothing to the work tree."""
    writes = BACKEND.replace(
        "def build_sdist(folder, config_settings=None):\n",
        "def build_sdist(folder, config_settings=None):\n"
        "    open('pure.py', 'a').write('ANSWER = 43')\n"
        "    open('added.py', 'w').write('')\n"
        "    os.remove('CHANGELOG.md')\n"
        "    os.system('git add --all; git commit --quiet --message=built; git tag built')\n"
        "    raise SystemExit('gives up')\n",
    )
    repo = pure(tmp_path, **{"backend.py": writes})
    repo.write("pure.py", "ANSWER = 42  # my work\n")
    repo.write("mine.txt", "mine")
    before = repo.snapshot()

    result = verbump("build", "--no-tests", cwd=repo.path)

    assert (result.code, result.stdout) == (1, "")
    assert "gives up" in result.stderr
    assert repo.snapshot() == before
    assert nothing_is_left(repo, repo.path / "dist")


def test_metadata_with_another_name(tmp_path: Path) -> None:
    repo = pure(tmp_path, **{"backend.py": BACKEND.replace("Name: pure", "Name: other")})

    result = verbump("build", "--no-tests", cwd=repo.path)

    assert (result.code, result.stdout) == (1, "")
    assert "its metadata says other, expected pure [artifact-name]" in result.stderr
    assert nothing_is_left(repo, repo.path / "dist")


def test_an_extension_with_a_program_beside_it(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    for tool in ("cargo", "rustc", "cc", "maturin", "twine", "abi3audit"):
        require(tool)
    variables = parts.variables(tmp_path_factory.getbasetemp().parent / "cargo-target")
    repo = GitRepo.create(tmp_path / "work")
    shutil.copytree(ROOT / "tests" / "projects" / "quant", repo.path, dirs_exist_ok=True)
    repo.git("add", "--all")
    repo.commit("feat: begin")
    repo.tag("v1.2.3")

    first = verbump("build", cwd=repo.path, env=variables, timeout_seconds=600)

    assert first.code == 0, first.stderr
    kinds = [line.split()[0].partition("-1.2.3")[2].partition("-x86")[0] for line in first.stdout.splitlines()]
    assert kinds[0].startswith("-cp311-abi3-manylinux_"), first.stdout
    assert len(kinds) == 4
    verified = verbump("verify", "HEAD", "--dist", "dist", cwd=repo.path)
    assert verified.code == 0, verified.stdout

    # Another clone, another folder, later: the same bytes.
    clone = GitRepo.clone(repo.path, tmp_path / "elsewhere")
    second: Result = verbump("build", "--no-tests", cwd=clone.path, env=variables, timeout_seconds=600)
    assert second.stdout == first.stdout
