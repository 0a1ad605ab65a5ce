"""pyproject.toml: where the version stands, another one in it, and requirements on siblings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.manifests.shapes import VARIANTS, after, before
from verbump.domain.manifests import pyproject
from verbump.errors import InputError

SHAPES = {
    "smallest": '[project]\nname = "a"\nversion = "«1.2.3»"\n',
    "maturin": (
        '[build-system]\nrequires = ["maturin>=1.2.3,<2"]\nbuild-backend = "maturin"\n\n'
        '[project]\nname = "a"\nversion = "«1.2.3»" # keep in step\nrequires-python = ">=3.9"\n'
        '[tool.maturin]\nmanifest-path = "rust/Cargo.toml"\n'
    ),
    "candidate": "[project]\nversion = '«1.2.3rc1»'\n",
    "commented out": '[project]\n#version = "1.2.3"\nversion="«1.2.3»"\n# version = "1.2.3"\n',
    "tools of the same version": (
        '[tool.black]\nversion = "1.2.3"\n[project]\nname = "a"\nversion = "«1.2.3»"\n[tool.x]\nversion = "1.2.3"\n'
    ),
    "requirement of the same version": '[project]\nversion = "«1.2.3»"\ndependencies = ["b==1.2.3", "1.2.3"]\n',
    "poetry": '[tool.poetry]\nname = "a"\nversion = "«1.2.3»"\n[tool.poetry.dependencies]\nb = "1.2.3"\n',
    "poetry beside the project, equal": (
        '[project]\nname = "a"\nversion = "«1.2.3»"\n\n[tool.poetry]\nversion = "«1.2.3»"\npackage-mode = true\n'
    ),
    "poetry beside the project, different": (
        '[project]\nname = "a"\nversion = "«1.2.3»"\n\n[tool.poetry]\nversion = "1.2.4"\n'
    ),
    "poetry 2, dynamic": '[project]\nname = "a"\ndynamic = ["version"]\n[tool.poetry]\nversion = "«1.2.3»"\n',
    "dotted": 'project.name = "a"\nproject.version = "«1.2.3»"\n',
    "inline": 'project = { name = "a", version = "«1.2.3»" }\n',
    "tool dotted": '[tool]\npoetry.name = "a"\npoetry.version = "«1.2.3»"\n',
    "tables out of order": (
        '[project]\nname = "a"\nversion = "«1.2.3»"\n[tool.x]\na = 1\n[project.scripts]\nb = "c:d"\n[tool.y]\na = 1\n'
        '[[tool.uv.index]]\nname = "i"\n[project.urls]\nx = "1.2.3"\n[[tool.uv.index]]\nname = "j"\n'
    ),
    "single and triple quotes": "[project]\nversion = '''«1.2.3»'''\n",
    "commitizen too": '[project]\nversion = "«1.2.3»"\n[tool.commitizen]\nversion = "1.2.3"\nfiles = ["x:1.2.3"]\n',
    "classifiers with comments": (
        '[project]\nclassifiers = [\n    # 1.2.3\n    "A :: B",\n\n    "C",   # "1.2.3"\n]\nversion    = "«1.2.3»"\n'
    ),
    "regular expressions": '[project]\nversion = "«1.2.3»"\n[tool.x]\nre = \'v = "(1.2.3)"\'\ny = "\\"1.2.3\\""\n',
}


@pytest.mark.case("R37", "R38")
@pytest.mark.parametrize("name", SHAPES)
def test_only_the_version_changes(name: str) -> None:
    for variant, spelled in VARIANTS.items():
        shape = spelled(SHAPES[name])
        text = pyproject.with_version(before(shape), "1.3.0rc1")
        assert text == after(shape, "1.3.0rc1"), variant
        assert pyproject.version_of(text) == "1.3.0rc1", variant


@given(st.sampled_from(sorted(SHAPES)), st.from_regex(r"\A[0-9]{1,3}(\.[0-9]{1,3}){1,3}(rc[0-9])?\Z"))
def test_version_of_what_was_written(name: str, version: str) -> None:
    text = pyproject.with_version(before(SHAPES[name]), version)
    assert pyproject.version_of(text) == version
    assert pyproject.parse(text).version == version
    assert text == after(SHAPES[name], version)


@pytest.mark.parametrize(
    ("text", "dynamic", "table"),
    [
        pytest.param('[project]\nname = "a"\ndynamic = ["version"]\n', True, "project", id="dynamic"),
        pytest.param('[project]\nname = "a"\ndynamic = ["readme"]\n', False, "project", id="something else is dynamic"),
        pytest.param('[project]\nname = "a"\n', False, "project", id="forgotten"),
        pytest.param('[tool.poetry]\nname = "a"\n', True, "tool.poetry", id="poetry without version"),
        pytest.param("[tool.ruff]\nline-length = 100\n", False, None, id="only configuration"),
        pytest.param(
            '[tool.poetry]\nversion = "0.0.0"\n[tool.poetry-dynamic-versioning]\nenable = true\n',
            True,
            "tool.poetry",
            id="poetry's place holder",
        ),
        pytest.param("", False, None, id="empty"),
        pytest.param('[project]\nversion = 3\ndynamic = "version"\n', False, "project", id="wrong types"),
        pytest.param("project = 1\ntool = 2\n", False, "project", id="no tables"),
    ],
)
def test_no_version(text: str, dynamic: bool, table: str | None) -> None:
    found = pyproject.parse(text)
    assert found.version is None
    assert found.dynamic is dynamic
    assert found.table == table
    assert pyproject.version_of(text) is None
    with pytest.raises(InputError) as caught:
        pyproject.with_version(text, "1.0.0")
    assert caught.value.code == "manifest-no-version"


def test_version_in_poetry_is_not_dynamic() -> None:
    found = pyproject.parse(before(SHAPES["poetry 2, dynamic"]))
    assert (found.version, found.dynamic, found.table) == ("1.2.3", False, "tool.poetry")


def test_parse() -> None:
    found = pyproject.parse(
        '[project]\nname = "My_Lib"\nversion = "1.0"\nrequires-python = ">=3.11"\n'
        '[build-system]\nbuild-backend = "maturin"\n[tool.maturin]\nmanifest-path = "rust/Cargo.toml"\n'
        '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/old"]\n'
    )
    assert found.name == "My_Lib"
    assert found.table == "project"
    assert found.build_backend == "maturin"
    assert found.maturin_manifest == "rust/Cargo.toml"
    assert found.uv_members == ("packages/*",)
    assert found.uv_excluded == ("packages/old",)
    assert found.requires_python == ">=3.11"
    assert pyproject.parse('[tool.poetry]\nname = "p"\n').name == "p"
    assert pyproject.parse("[project]\n").build_backend == ""


SIBLINGS = """\
[build-system]
requires = ["setuptools>=61", "build-core==«1.2.3»"]

[project]
name = "app"
version = "1.2.3"
dependencies = [
    "requests==1.2.3",
    "core==«1.2.3»",  # core==1.2.3
    'Core[fast] >= «1.2.3», < 2 ; python_version < "3.14"',
    "core~=«1.2.3»; python_version < \\"3.14\\" and sys_platform == 'linux'",
    "core",
    "core @ file:///x",
    "corelib==1.2.3",
]

[project.optional-dependencies]
all = ["app[x]==«1.2.3»", "core==«1.2.3»"]

[dependency-groups]
dev = ["core==«1.2.3»", { include-group = "test" }]
test = []

[tool.uv]
dev-dependencies = ["core==«1.2.3»"]

[tool.poetry.dependencies]
python = "^3.11"
Core = "^«1.2.3»"
requests = "1.2.3"

[tool.poetry.dev-dependencies]
core = { version = "«1.2.3»", extras = ["x"] }

[tool.poetry.group.dev.dependencies]
core = [{ version = ">=«1.2.3»", python = "<3.12" }, { version = "«1.2.3»", python = ">=3.12" }, { path = "x" }]
"""


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("padding", ["", "# long\n" * 10_000], ids=["small", "large"])
def test_requirements_on_siblings(variant: str, padding: str) -> None:
    shape = VARIANTS[variant](SIBLINGS + padding)
    moved = {"core": "1.3.0rc1", "APP": "1.3.0rc1", "build_core": "1.3.0rc1"}
    assert pyproject.with_requirements(before(shape), moved) == after(shape, "1.3.0rc1")


def test_an_escape_that_only_tomlkit_follows() -> None:
    text = '[project]\ndependencies = ["core==1.2.3 ; python_version \\u003c \\"3.14\\""]\n'
    assert pyproject.with_requirements(text, {"core": "1.3.0"}) == text.replace("1.2.3", "1.3.0")


def test_nothing_to_move_gives_the_text_itself() -> None:
    text = VARIANTS["bom and crlf"](before(SIBLINGS))
    assert pyproject.with_requirements(text, {}) == text
    assert pyproject.with_requirements(text, {"other": "2.0.0"}) == text


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[project]\ndependencies = ["a", "core=1"]\n', "project.dependencies.1: "),
        ('[project.optional-dependencies]\n"x y" = ["core 1"]\n', "project.optional-dependencies.'x y'.0: "),
        ('[tool.poetry.dependencies]\ncore = { version = "newest" }\n', "tool.poetry.dependencies.core.version: "),
    ],
)
def test_requirement_that_cannot_be_read_is_named(text: str, where: str) -> None:
    with pytest.raises(InputError) as caught:
        pyproject.with_requirements(text, {"core": "1.3.0"})
    assert caught.value.code == "manifest-requirement"
    assert caught.value.message.startswith(where)


@pytest.mark.parametrize(
    "text",
    [
        "[project]\ndependencies = 1\noptional-dependencies = []\n",
        "dependency-groups = 1\nbuild-system = 2\n",
        "[dependency-groups]\na = 1\n[tool.poetry]\ndependencies = 1\ngroup = { x = 1, y = { dependencies = 2 } }\n",
        "[tool.poetry.dependencies]\ncore = 1\n[tool.poetry.dev-dependencies]\ncore = [1, { version = 2 }]\n",
    ],
)
def test_wrong_types_name_no_requirement(text: str) -> None:
    assert pyproject.with_requirements(text, {"core": "1.3.0"}) == text


def test_syntax_error_names_the_line() -> None:
    with pytest.raises(InputError) as caught:
        pyproject.parse('[project]\r\nname = "a"\r\nversion = 1.2.3\r\n')
    assert (caught.value.code, caught.value.line) == ("manifest-syntax", 3)


NEEDS = """
[build-system]
requires = ["maturin>=1,<2"]
[project]
dependencies = ["My.Core==1.2.3", "==1.2.3", "click[x]>=8; python_version > '3.11'"]
[project.optional-dependencies]
fast = ["fast_lib @ https://example.invalid/fast.whl"]
[dependency-groups]
test = ["pytest"]
[tool.poetry.dependencies]
python = "^3.11"
Poetry_Core = "^1.0"
[tool.poetry.group.lint.dependencies]
ruff = "*"
[tool.uv]
dev-dependencies = ["mypy>=1"]
"""


def test_what_a_project_needs_to_be_built_or_to_run() -> None:
    found = pyproject.dependencies_of(NEEDS)
    assert found - {"python"} == {"maturin", "my-core", "click", "fast-lib", "poetry-core"}
