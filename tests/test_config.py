"""Configuration: three places, defaults, and every mistake named with its place and its likely meaning."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.git_repo import GitRepo
from support.projects import released
from support.running import verbump
from verbump import config
from verbump.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "pyproject.toml [tool.verbump]"


def error(table: dict[str, Any]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        config.parse(table, source=SOURCE)
    return caught.value


MISTAKES: list[tuple[dict[str, Any], str, str]] = [
    ({"tag_fromat": "v{version}"}, "tool.verbump.tag_fromat is not a setting", "did you mean tag_format?"),
    ({"tag-format": "v{version}"}, "tool.verbump.tag-format is not a setting", "did you mean tag_format?"),
    (
        {"hooks": {"befor_commit": []}},
        "tool.verbump.hooks.befor_commit is not a setting",
        "did you mean before_commit?",
    ),
    ({"types": {"docs": {"bmp": "patch"}}}, "tool.verbump.types.docs.bmp is not a setting", "did you mean bump?"),
    ({"manifests": [{"pth": "x"}]}, "tool.verbump.manifests[0].pth is not a setting", "did you mean path?"),
    ({"squash": "x"}, "tool.verbump.squash: expected 'title' or 'body', got 'x'", "verbump schema"),
    ({"squash": 3}, "tool.verbump.squash: expected `str`, got `int`", "verbump schema"),
    ({"zero_version": "x"}, "expected 'minor' or 'cargo' or 'strict', got 'x'", "verbump schema"),
    ({"changelog": True}, "tool.verbump.changelog: expected a text or False, got True", "verbump schema"),
    ({"release_branches": "main"}, "tool.verbump.release_branches: expected `array`, got `str`", "verbump schema"),
    ({"hooks": {"before_commit": ["make x"]}}, "hooks.before_commit[0]: expected `array`, got `str`", "verbump schema"),
    ({"hooks": {"before_commit": [[]]}}, "hooks.before_commit[0]: an empty command", ""),
    ({"tag_format": "v"}, "expected exactly one {version}", ""),
    ({"initial_version": "1.0"}, "initial_version: '1.0' is not a SemVer version: did you mean 1.0.0?", ""),
    ({"commit_message": "release"}, "commit_message: expected {version} in it", ""),
    ({"commit_message": "{version}\nx"}, "commit_message: expected one line", ""),
    ({"commit_message": "{version} [skip ci]"}, "makes CI skip the tag's workflow", ""),
    ({"commit_message": "{version} [CI skip]"}, "makes CI skip the tag's workflow", ""),
    ({"overrides": {"xyz": "fix: x"}}, "overrides.xyz: expected 7 to 64 hex digits", ""),
    ({"manifests": ["../x"]}, "manifests[0].path: expected a path inside the repository", ""),
    ({"manifests": ["/x"]}, "manifests[0].path: expected a path inside the repository", ""),
    ({"changelog": "a\\b"}, "changelog: expected a path inside the repository", ""),
    ({"manifests": [{"path": "x", "key": "a", "pattern": "b"}]}, "either key or pattern", ""),
    ({"types": {"a b": {"bump": "patch"}}}, "types.a b: a commit type is", ""),
]


@pytest.mark.parametrize(("table", "said", "hint"), MISTAKES)
def test_mistakes(table: dict[str, Any], said: str, hint: str) -> None:
    found = error(table)
    assert said in found.message
    assert found.message.startswith("pyproject.toml: tool.verbump.")
    assert hint in found.hint
    assert found.exit_code == 2


def test_all_mistakes_at_once() -> None:
    lines = error({"tag_fromat": "x", "sqush": "y"}).message.split("\n")
    assert len(lines) == 2
    lines = error({"commit_message": "x [skip ci]", "overrides": {"x": ""}}).message.split("\n")
    assert len(lines) == 3


NOT_YET = [
    {"convention": "commitizen"},
    {"compat": "release-please"},
    {"template": "t"},
    {"packages": [{"name": "a", "path": "a"}]},
]


@pytest.mark.parametrize("table", NOT_YET, ids=lambda table: next(iter(table)))
def test_what_this_version_cannot_do_is_refused_not_ignored(table: dict[str, Any]) -> None:
    assert "is not available in this version" in error(table).message


def test_full_table() -> None:
    made = config.parse(
        {
            "tag_format": "py/v{version}",
            "types": {"docs": {"bump": "patch", "category": "Changed"}},
            "changelog": False,
            "manifests": ["Cargo.toml", {"path": "a.json", "key": "version", "scheme": "pep440"}],
            "hooks": {"before_commit": [["make", "x"]], "paths": ["docs/x.md"]},
            "prerelease_branches": {"next": "beta"},
        },
        source=SOURCE,
    )
    assert made.types["docs"] == config.TypeRule(bump="patch", category="Changed")
    assert made.manifests is not None
    assert [entry.path for entry in made.manifests] == ["Cargo.toml", "a.json"]
    assert made.hooks.before_commit == (("make", "x"),)
    assert made.changelog is False


def test_no_table_gives_the_defaults_without_msgspec() -> None:
    code = "import sys; from verbump import config; config.DEFAULT; sys.exit('msgspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


PLACES = {
    "pyproject.toml": '[project]\nname = "demo"\nversion = "1.2.3"\n[tool.verbump]\nzero_version = "cargo"\n',
    "verbump.toml": 'zero_version = "cargo"\n',
    "Cargo.toml": '[package]\nname = "demo"\nversion = "1.2.3"\n[package.metadata.verbump]\nzero_version = "cargo"\n',
}
WORKSPACE = '[workspace]\nmembers = []\n[workspace.metadata.verbump]\ntag_format = "ws-{version}"\n'


@pytest.mark.parametrize("name", PLACES)
def test_each_place_is_read(tmp_path: Path, name: str) -> None:
    repo = released(tmp_path, "feat: x")
    repo.commit("chore: configure", {name: PLACES[name].replace('"cargo"', '"carg"')})

    result = verbump("next", cwd=repo.path)

    assert result.code == 2
    assert "zero_version: expected 'minor' or 'cargo' or 'strict', got 'carg'" in result.stderr


def test_workspace_metadata(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: x", {"Cargo.toml": WORKSPACE})
    assert verbump("next", "--format", "json", cwd=repo.path).json["next"]["tag"] == "ws-0.1.0"


def test_two_places_are_refused(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more=PLACES)
    result = verbump("next", "--format", "json", cwd=repo.path)
    assert result.code == 2
    assert result.json["problems"][0]["code"] == "two-configurations"
    assert "verbump.toml" in result.stderr


def test_named_file(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    other = tmp_path / "other.toml"
    other.write_text('types = {feat = {bump = "patch"}}\n')
    assert verbump("--config", str(other), "next", cwd=repo.path).stdout == "1.2.4\n"
    assert verbump("--config", str(tmp_path / "none.toml"), "next", cwd=repo.path).code == 2


def test_broken_file(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more={"verbump.toml": "tag_format = \n"})
    result = verbump("next", cwd=repo.path)
    assert result.code == 2
    assert "verbump.toml: not valid TOML" in result.stderr


def test_schema_describes_every_setting() -> None:
    schema = config.json_schema()
    definitions: Any = schema["$defs"]
    properties = definitions["Config"]["properties"]
    assert set(properties) == set(config.DESCRIPTIONS)
    assert all(each.get("description") for each in properties.values())
    assert definitions["Config"]["additionalProperties"] is False
    json.dumps(schema)
