"""A wheel for each Python of this machine, and one for a Python that is not here: PyO3 without the stable ABI."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from conftest import OUTSIDE
from support import parts
from support.git_repo import GitRepo
from support.running import ROOT, verbump
from support.tools import LONG_ONLY, require

if TYPE_CHECKING:
    import pytest

    from support.running import Result

pytestmark = LONG_ONLY


def project(tmp_path: Path, settings: str = "") -> GitRepo:
    repo = GitRepo.create(tmp_path / "work")
    shutil.copytree(ROOT / "tests" / "projects" / "quant", repo.path, dirs_exist_ok=True)
    cargo = (repo.path / "Cargo.toml").read_text(encoding="utf-8").replace('default = ["stable"]', "default = []")
    python = (repo.path / "pyproject.toml").read_text(encoding="utf-8")
    named = "".join(f'    "Programming Language :: Python :: 3.{minor}",\n' for minor in (11, 12, 13, 99))
    python = python.replace("requires-python", f"classifiers = [\n{named}]\nrequires-python")
    repo.commit("feat: begin", {"Cargo.toml": cargo, "pyproject.toml": python + settings})
    repo.git("add", "--all")
    repo.commit("feat: the rest")
    repo.tag("v1.2.3")
    return repo


def build(repo: GitRepo, tmp_path_factory: pytest.TempPathFactory, *words: str) -> Result:
    for tool in ("cargo", "rustc", "cc", "maturin", "twine"):
        require(tool)
    variables = parts.variables(tmp_path_factory.getbasetemp().parent / "cargo-target-versions")
    root = OUTSIDE.get("PYENV_ROOT") or str(Path(OUTSIDE["HOME"]) / ".pyenv")
    return verbump(
        "build", "--python-only", *words, cwd=repo.path, env={**variables, "PYENV_ROOT": root}, timeout_seconds=900
    )


def wheels(repo: GitRepo) -> list[str]:
    return sorted(path.name.split("-")[2] for path in (repo.path / "dist").glob("*.whl"))


def test_each_python_here_gets_a_wheel_that_is_tried(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    repo = project(tmp_path)

    result = build(repo, tmp_path_factory)

    assert result.code == 0, result.stderr
    made = wheels(repo)
    assert made
    assert len(made) == len(set(made))
    # Named by the classifiers, and not here: said, and not passed over.
    (said,) = [line for line in result.stderr.splitlines() if line.startswith("note: no wheel for Python")]
    left = said.removeprefix("note: no wheel for Python ").partition(": not on this machine")[0].split(", ")
    assert "3.99" in left
    assert not {each.replace(".", "cp", 1) for each in left} & set(made)
    assert len({"3.11", "3.12", "3.13"} - set(left)) == len(
        [each for each in made if each in {"cp311", "cp312", "cp313"}]
    )
    assert "built, not tried" not in result.stderr


def test_a_python_that_is_not_here(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    listed = '\n[tool.verbump.build]\ninterpreters = ["3.14t", "3.11"]\n'
    repo = project(tmp_path, listed)

    result = build(repo, tmp_path_factory)

    assert result.code == 0, result.stderr
    names = sorted(path.name for path in (repo.path / "dist").glob("*.whl"))
    assert ["-".join(name.split("-")[2:4]) for name in names] == ["cp311-cp311", "cp314-cp314t"]
    if shutil.which("python3.14t") is None:
        assert f"note: {names[1]} does not fit this machine: built, not tried" in result.stderr
