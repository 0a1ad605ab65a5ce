"""Where build backends look for a dynamic version: hatch, PDM, setuptools, flit."""

from __future__ import annotations

import pytest

from verbump.domain.manifests import pyproject

DYNAMIC = '[project]\nname = "my-demo"\ndynamic = ["version"]\n'


def backend(name: str) -> str:
    return f'[build-system]\nbuild-backend = "{name}"\n'


def of(module: str) -> tuple[str, ...]:
    return f"src/{module}/__init__.py", f"src/{module}.py", f"{module}/__init__.py", f"{module}.py"


FOUND: list[tuple[str, tuple[str, ...]]] = [
    (DYNAMIC, ()),
    (f'{DYNAMIC}[tool.hatch.version]\npath = "src/demo/about.py"\n', ("src/demo/about.py",)),
    (f'{DYNAMIC}[tool.hatch.version]\nsource = "vcs"\n', ()),
    (f'{DYNAMIC}[tool.pdm.version]\nsource = "file"\npath = "demo/v.py"\n', ("demo/v.py",)),
    (f'{DYNAMIC}[tool.pdm.version]\nsource = "scm"\npath = "demo/v.py"\n', ()),
    (f'{DYNAMIC}[tool.setuptools.dynamic]\nversion = {{attr = "demo.sub.__version__"}}\n', of("demo/sub")),
    (f'{DYNAMIC}[tool.setuptools.dynamic]\nversion = {{attr = "demo.VERSION"}}\n', ()),
    (f"{DYNAMIC}[tool.setuptools.dynamic]\nversion = {{attr = 1}}\n", ()),
    (DYNAMIC + backend("flit_core.buildapi"), of("my_demo")),
    (f'{DYNAMIC}{backend("flit_core.buildapi")}[tool.flit.module]\nname = "other"\n', of("other")),
    (f'{DYNAMIC}{backend("hatchling.build")}[tool.flit.module]\nname = "other"\n', ()),
    (backend("flit_core.buildapi"), ()),
    (
        f'{DYNAMIC}[tool.hatch.version]\npath = "a.py"\n[tool.pdm.version]\nsource = "file"\npath = "b.py"\n',
        ("a.py", "b.py"),
    ),
]


@pytest.mark.parametrize(("text", "wanted"), FOUND)
def test_version_files(text: str, wanted: tuple[str, ...]) -> None:
    assert pyproject.parse(text).version_files == wanted


def test_a_version_that_is_stated_needs_no_other_file() -> None:
    text = '[project]\nname = "demo"\nversion = "1.0.0"\n[tool.hatch.version]\npath = "a.py"\n'
    assert pyproject.parse(text).version_files == ()
