"""Projects of every shape that workflows are written for, as files of a repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from support.git_repo import GitRepo
from support.running import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from verbump.planning.workflows.shape import Facts

MATURIN = '[build-system]\nrequires = ["maturin>=1,<2"]\nbuild-backend = "maturin"\n'
HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
FREE = 'classifiers = ["Programming Language :: Python :: Free Threading :: 2 - Beta"]\n'


def pyproject(backend: str = MATURIN, *, python: str = ">=3.11", more: str = "", settings: str = "") -> str:
    floor = f'requires-python = "{python}"\n' if python else ""
    return f'{backend}[project]\nname = "My.Quant_x"\nversion = "1.2.3"\n{floor}{more}{settings}'


def crate(pyo3: str = "", *, kind: str = "", more: str = "", name: str = "quant") -> str:
    library = f'[lib]\ncrate-type = ["{kind}"]\n' if kind else ""
    dependency = f'[dependencies]\npyo3 = {{ version = "0.29", features = [{pyo3}] }}\n' if pyo3 else ""
    return f'[package]\nname = "{name}"\nversion = "1.2.3"\nedition = "2021"\n{more}{library}{dependency}'


def settings(text: str) -> str:
    return f"[tool.verbump.workflows]\n{text}\n"


ABI3 = {"pyproject.toml": pyproject(), "Cargo.toml": crate('"abi3-py311"', kind="cdylib"), "src/lib.rs": ""}
EACH = {**ABI3, "Cargo.toml": crate('"generate-import-lib"', kind="cdylib")}
PROGRAM = {"Cargo.toml": crate(), "src/main.rs": "fn main() {}\n"}
LIBRARY = {"Cargo.toml": crate(), "src/lib.rs": ""}
PURE = {"pyproject.toml": pyproject(HATCH), "my/__init__.py": ""}
TESTS = {"tests/test_x.py": ""}
WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n[workspace.package]\nversion = "1.2.3"\n',
    "a/Cargo.toml": '[package]\nname = "a"\nversion.workspace = true\n',
    "a/src/lib.rs": "",
    "b/Cargo.toml": '[package]\nname = "b"\nversion.workspace = true\n[[bin]]\nname = "bee"\npath = "src/main.rs"\n',
    "b/src/main.rs": "fn main() {}\n",
}


def with_settings(files: dict[str, str], text: str) -> dict[str, str]:
    return {**files, "verbump.toml": f"[workflows]\n{text}\n"}


SHAPES: dict[str, dict[str, str]] = {
    "abi3": {**ABI3, **TESTS},
    "abi3-no-tests": ABI3,
    "abi3-extended": with_settings({**ABI3, **TESTS}, 'targets = "extended"\ntests = "all"'),
    "abi3-free-threaded": {**ABI3, **TESTS, "pyproject.toml": pyproject(more=FREE)},
    "abi3t": {
        **ABI3,
        "Cargo.toml": crate(kind="cdylib")
        + '[features]\ndefault = ["pyo3/abi3-py311", "pyo3/abi3t-py315"]\n[dependencies]\npyo3 = "0.29"\n',
    },
    "abi3-old-policy": with_settings(ABI3, 'manylinux = "2_17"\nattest = false\naudit = "fail"'),
    "abi3-no-floor": {**ABI3, "Cargo.toml": crate('"abi3"', kind="cdylib"), "pyproject.toml": pyproject(python="")},
    "abi3-crates": with_settings({**ABI3, **TESTS}, "crates = true"),
    "each": {**EACH, **TESTS},
    "each-extended": with_settings({**EACH, **TESTS}, 'targets = "extended"'),
    "each-free-threaded": with_settings({**EACH, **TESTS}, "free_threaded = true"),
    "each-pythons": with_settings(EACH, 'pythons = ["3.12", "3.14", "3.14t"]\ntests = "all"'),
    "each-few-targets": {
        **EACH,
        "verbump.toml": '[build]\ntargets = ["x86_64-unknown-linux-musl", "universal2-apple-darwin", "i686-pc-windows-msvc"]\n',
    },
    "each-no-audit": with_settings(EACH, 'audit = "off"\npypi = false'),
    "preview": with_settings(PURE, 'files = ["release", "dependabot", "preview"]'),
    "program-in-wheel": {**PROGRAM, **TESTS, "pyproject.toml": pyproject()},
    "program": PROGRAM,
    "program-extended": with_settings(PROGRAM, 'targets = "extended"\ncrates = true'),
    "program-unattested": with_settings(PROGRAM, 'attest = false\nrelease = "publish.yml"'),
    "library": LIBRARY,
    "library-crates": with_settings(LIBRARY, 'crates = true\naudit = "fail"'),
    "pure": {**PURE, **TESTS},
    "pure-all": with_settings({**PURE, **TESTS}, 'tests = "all"'),
    "pure-commands": {
        **PURE,
        **TESTS,
        "verbump.toml": '[build]\ntest_command = ["sh", "-c", "echo \'$HOME\' `id` && pytest"]\ntest_requires = ["pytest>=8; python_version > \'3\'", "a b"]\n',
    },
    "pure-environments": with_settings(PURE, 'environments = { release = "Go live", pypi = "pypi.org" }'),
    "pure-own-index": {
        **PURE,
        "verbump.toml": '[publish]\nrepository_url = "https://pypi.example.invalid/root/legacy/"\n'
        'index_url = "https://pypi.example.invalid/root/+simple"\n',
    },
    "workspace": WORKSPACE,
    "workspace-crates": with_settings(WORKSPACE, "crates = true"),
    "workspace-with-module": {
        **WORKSPACE,
        **TESTS,
        "pyproject.toml": pyproject(settings='[tool.maturin]\nmanifest-path = "a/Cargo.toml"\n'),
        "a/Cargo.toml": '[package]\nname = "a"\nversion.workspace = true\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.29"\n',
    },
    "signed": with_settings({**ABI3, **TESTS}, 'sign = ["macos", "windows"]'),
    "signed-macos": with_settings(PROGRAM, 'sign = ["macos"]'),
    "derived": with_settings(
        PROGRAM,
        'packages = ["homebrew", "conda", "chocolatey", "scoop", "winget", "docker"]\n'
        f'docker_base = "debian:12-slim@sha256:{"a" * 64}"\n'
        'homebrew_tap = "octo/homebrew-tap"\nscoop_bucket = "octo/bucket"',
    ),
    "derived-without-places": with_settings(PROGRAM, 'packages = ["homebrew", "scoop"]'),
    "everything-else": with_settings(
        {**ABI3, **TESTS},
        'files = ["release", "release-pr", "ci", "security", "dependabot"]\nci_commands = [["make", "it\'s"]]',
    ),
    "pure-ci": with_settings(
        PURE, 'files = ["ci", "security", "release-pr", "release"]\nci_tests = [["make", "x"], ["y"]]'
    ),
    "library-ci": with_settings(LIBRARY, 'files = ["ci", "security", "release"]'),
    "criterion": with_settings(
        {
            **LIBRARY,
            "Cargo.toml": crate()
            + '[dev-dependencies]\ncriterion = "0.7"\n[[bench]]\nname = "fast"\nharness = false\n',
        },
        'files = ["bench", "release"]\nbench = true\nbench_percent = 125',
    ),
    "pytest-benchmark": {
        **PURE,
        **TESTS,
        "verbump.toml": '[build]\ntest_requires = ["pytest", "pytest-benchmark>=5"]\n[workflows]\nbench = true\nfiles = ["bench", "release"]\n',
    },
    "tag-format": {**PURE, "verbump.toml": 'tag_format = "py/it\'s-\\"$(id)!{version}+"\n'},
}


def enhancements() -> dict[str, str]:
    """Title to settings, as docs/workflows.md shows them, of everything that is off until it is asked for."""
    page = (ROOT / "docs/workflows.md").read_text(encoding="utf-8")
    _, _, page = page.partition("## What is off until you ask\n")
    found = re.findall(r"^### ([^\n]+)\n+```toml\n(.+?)```", page.partition("\n## ")[0], re.DOTALL | re.MULTILINE)
    return {title: text.replace("[tool.verbump.", "[") for title, text in found}


# A module, a program and a benchmark: whatever can be asked for has something to work on.
WHOLE = {
    **ABI3,
    **TESTS,
    "Cargo.toml": crate(
        '"abi3-py311"',
        kind="cdylib",
        more='[[bench]]\nname = "fast"\nharness = false\n[dev-dependencies]\ncriterion = "0.7"\n',
    ),
    "src/main.rs": "fn main() {}\n",
}
SHAPES |= {
    f"docs-{re.sub('[^a-z]+', '-', title.lower())}": {**WHOLE, "verbump.toml": text}
    for title, text in enhancements().items()
}


# Two programs with versions of their own, and no release.yml of verbump's.
SEVERAL = {
    "Cargo.toml": '[workspace]\nmembers = ["engine", "tools"]\nresolver = "2"\n',
    "Cargo.lock": (
        'version = 4\n\n[[package]]\nname = "engine"\nversion = "1.2.3"\n\n[[package]]\nname = "tools"\nversion = "0.3.0"\n'
    ),
    **{
        f"{name}/{path}": text
        for name, version in (("engine", "1.2.3"), ("tools", "0.3.0"))
        for path, text in {
            "Cargo.toml": f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2021"\n',
            "src/main.rs": "fn main() {}\n",
            "CHANGELOG.md": f"# Changelog\n\n## [Unreleased]\n\n## [{version}] - 2026-01-01\n\n### Fixed\n\n- Something.\n",
        }.items()
    },
    "LICENSE": "x\n",
    ".gitignore": "target/\n",
    "verbump.toml": (
        '[[packages]]\nname = "engine"\npath = "engine"\n[[packages]]\nname = "tools"\npath = "tools"\n'
        '[workflows]\nfiles = ["preview", "dependabot"]\n'
    ),
}


def for_several_packages() -> str:
    """The release.yml that docs/workflows.md shows for them."""
    page = (ROOT / "docs/workflows.md").read_text(encoding="utf-8")
    _, _, section = page.partition("## Several packages in one repository\n")
    return section.partition("```yaml\n")[2].partition("```")[0]


def facts(folder: Path, files: dict[str, str], *, branch: str = "main") -> Facts:
    """The facts of a repository that holds `files`, read as the command reads them."""
    from verbump.effects import read_workflows

    repo = GitRepo.create(folder, branch=branch)
    for name, text in files.items():
        repo.write(name, text)
    return read_workflows.read_facts(read_workflows.Reading(directory=folder))
