"""How a Python project is built and what it needs: what a pyproject.toml says, and what follows from its silence."""

from __future__ import annotations

import pytest

from verbump.domain.manifests import python_build
from verbump.domain.manifests.python_build import PythonBuild
from verbump.errors import InputError

WHOLE = """
[build-system]
requires = ["maturin>=1.9,<2"]
build-backend = "maturin"
[project]
name = "demo"
requires-python = ">=3.9"
dependencies = ["click>=8", "tomli; python_version < '3.11'"]
[project.scripts]
demo = "demo.cli:run"
other = "demo:main"
wrong = 7
[tool.maturin]
module-name = "demo._native"
"""
SAID = [
    pytest.param(
        WHOLE,
        PythonBuild(
            requires_python=">=3.9",
            backend="maturin",
            build_requires=("maturin>=1.9,<2",),
            requires=("click>=8", "tomli; python_version < '3.11'"),
            entry_points=(("demo", "demo.cli:run"), ("other", "demo:main")),
            module="demo._native",
        ),
        id="all of it",
    ),
    # PEP 518: without [build-system] a project is built by setuptools.
    pytest.param("", PythonBuild(build_requires=("setuptools",)), id="nothing"),
    pytest.param(
        '[project]\nname = "x"\n', PythonBuild(build_requires=("setuptools",), requires=()), id="no dependencies"
    ),
    pytest.param(
        '[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n',
        PythonBuild(build_requires=("setuptools",), requires=None),
        id="dependencies that the backend tells",
    ),
    pytest.param(
        '[project]\nname = "x"\ndynamic = ["version"]\ndependencies = ["a"]\n',
        PythonBuild(build_requires=("setuptools",), requires=("a",)),
        id="another dynamic field",
    ),
    pytest.param(
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\na = "*"\n',
        PythonBuild(build_requires=("setuptools",), requires=None),
        id="no project table",
    ),
    pytest.param(
        '[build-system]\nrequires = "x"\nbuild-backend = 1\n[project]\nrequires-python = 3\n[tool]\nmaturin = "x"\n',
        PythonBuild(build_requires=("setuptools",), requires=()),
        id="other types",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), SAID)
def test_what_is_said(text: str, wanted: PythonBuild) -> None:
    assert python_build.parse(text) == wanted


def test_what_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(InputError) as caught:
        python_build.parse("[project]\nname = \n")
    assert (caught.value.code, caught.value.line) == ("manifest-syntax", 2)
