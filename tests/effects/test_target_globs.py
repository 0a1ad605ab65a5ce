"""Manifests by a glob and a pattern: every tracked file that states the version there, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.projects import PYPROJECT, released
from support.running import run_in_process
from verbump import config
from verbump.effects import targets
from verbump.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
[[manifests]]
path = "pyproject.toml"

[[manifests]]
path = "Cargo.toml"

[[manifests]]
path = "docs/**/*.md"
pattern = 'demo==(?P<version>[\\w.]+)'
scheme = "pep440"
"""
DOCS: dict[str, str | bytes] = {
    "verbump.toml": SETTINGS,
    "docs/index.md": "pip install demo==1.2.3\n\nuv add demo==1.2.3\n",
    "docs/how-to/pin.md": "demo==1.2.3, never other==1.2.3\r\n",
    "docs/how-to/prose.md": "Nothing to see.\n",
    "docs/latin.md": b"caf\xe9 demo==1.2.3\n",
    "docs/index.txt": "demo==1.2.3\n",
}


def test_every_file_that_it_means_and_no_other(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more=DOCS)
    repo.write("docs/draft.md", "demo==1.2.3\n")  # not tracked
    before = {name: repo.read(name) for name in DOCS}

    done = run_in_process("release", "--yes", "--pre", "rc", cwd=repo.path)

    assert done.code == 0, done.stderr
    assert repo.git("show", "--format=", "--name-only", "HEAD").split("\n") == [
        "CHANGELOG.md",
        "Cargo.toml",
        "docs/how-to/pin.md",
        "docs/index.md",
        "pyproject.toml",
    ]
    assert repo.read("docs/index.md") == b"pip install demo==1.3.0rc1\n\nuv add demo==1.3.0rc1\n"
    assert repo.read("docs/how-to/pin.md") == b"demo==1.3.0rc1, never other==1.2.3\r\n"
    for name in ("docs/how-to/prose.md", "docs/latin.md", "docs/index.txt"):
        assert repo.read(name) == before[name]
    assert repo.read("docs/draft.md") == b"demo==1.2.3\n"
    verified = run_in_process("verify", "v1.3.0-rc.1", cwd=repo.path)
    assert verified.code == 0, verified.stderr
    assert "docs/index.md" in verified.stdout


def test_a_file_that_states_another_version_is_named(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more={**DOCS, "docs/old.md": "demo==1.0.0\n"})
    done = run_in_process("release", "--dry-run", cwd=repo.path)
    assert done.code == 4
    assert "docs/old.md 1.0.0" in done.stderr
    assert "[versions-disagree]" in done.stderr


def test_a_glob_that_means_nothing_is_missing(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more={"verbump.toml": SETTINGS, "docs/a.txt": ""})
    done = run_in_process("release", "--dry-run", cwd=repo.path)
    assert done.code == 4
    assert "docs/**/*.md: no such file, or none in which 'demo==" in done.stderr


def test_a_glob_without_a_pattern_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="a glob needs a pattern"):
        config.parse({"manifests": ["docs/*.md"]}, source="x")


def test_an_export_has_the_same_targets(tmp_path: Path) -> None:
    for name, content in {**DOCS, "pyproject.toml": PYPROJECT.format(version="1.2.3")}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    settings = {"manifests": [{"path": "docs/**/*.md", "pattern": "demo==(?P<version>[\\w.]+)"}]}
    found = targets.read_targets(tmp_path, config.parse(settings, source="x"))
    assert [str(target.path) for target in found.targets] == ["docs/how-to/pin.md", "docs/index.md"]
