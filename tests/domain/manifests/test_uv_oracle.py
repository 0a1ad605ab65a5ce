"""uv itself has nothing left to change in what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verbump.domain.manifests import pyproject, uv_lock

if TYPE_CHECKING:
    from pathlib import Path

    from domain.manifests.conftest import Tool

ROOT = """\
[project]
name = "root"
version = "1.2.3"
requires-python = ">=3.11"
dependencies = ["core==1.2.3", "dynamic-lib"]

[project.optional-dependencies]
x = ["App_X[y]>=1.2 ; python_version<'3.99'"]

[dependency-groups]
dev = ["core<2,>=1.2"]

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
core = { workspace = true }
app-x = { workspace = true }
dynamic-lib = { workspace = true }
"""

CORE = '[project]\nname = "core"\nversion = "1.2.3"\nrequires-python = ">=3.11"\n'
APP = """\
[project]
name = "App_X"
version = "1.2.3"
requires-python = ">=3.11"
dependencies = ["core~=1.2"]

[project.optional-dependencies]
y = ["core[z]==1.2.3"]

[tool.uv.sources]
core = { workspace = true }
"""
DYNAMIC = """\
[project]
name = "dynamic-lib"
dynamic = ["version"]
requires-python = ">=3.11"

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
# uv asks the backend for the metadata of a dynamic project.
BACKEND = """\
import pathlib

def prepare_metadata_for_build_wheel(directory, settings=None):
    folder = pathlib.Path(directory) / "dynamic_lib-9.9.9.dist-info"
    folder.mkdir()
    text = "Metadata-Version: 2.2\\nName: dynamic-lib\\nVersion: 9.9.9\\nRequires-Python: >=3.11\\n"
    (folder / "METADATA").write_text(text)
    return folder.name

prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel

def build_wheel(directory, settings=None, metadata=None):
    raise NotImplementedError
"""


@pytest.mark.parametrize("version", ["1.2.4", "1.3.0rc1", "2.0.0"])
def test_uv_finds_the_lock_up_to_date(uv: Tool, tmp_path: Path, version: str) -> None:
    files = {
        "pyproject.toml": ROOT,
        "packages/core/pyproject.toml": CORE,
        "packages/app/pyproject.toml": APP,
        "packages/dynamic/pyproject.toml": DYNAMIC,
        "packages/dynamic/backend.py": BACKEND,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    uv.succeed(tmp_path, "lock")
    moved = {"core": ("1.2.3", version), "app-x": ("1.2.3", version), "root": ("1.2.3", version)}
    for path in tmp_path.rglob("pyproject.toml"):
        text = path.read_text(encoding="utf-8")
        if pyproject.version_of(text) is not None:
            text = pyproject.with_version(text, version)
        text = pyproject.with_requirements(text, {name: new for name, (_, new) in moved.items()})
        path.write_text(text, encoding="utf-8")
    lock = tmp_path / "uv.lock"
    assert "dynamic-lib" not in uv_lock.versions_of(lock.read_text(encoding="utf-8"))
    assert uv.run(tmp_path, "lock", "--check").returncode != 0
    written = uv_lock.with_versions(lock.read_text(encoding="utf-8"), moved)
    lock.write_text(written, encoding="utf-8")
    uv.succeed(tmp_path, "lock", "--check")
    uv.succeed(tmp_path, "lock")
    assert lock.read_text(encoding="utf-8") == written
