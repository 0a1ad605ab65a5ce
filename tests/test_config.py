"""Configuration: three places, defaults, and every mistake named with its place and its likely meaning."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.git_repo import GitRepo
from support.projects import released
from support.running import verbump
from verbump import config
from verbump.config import shape
from verbump.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "pyproject.toml [tool.verbump]"
SCHEMA = "verbump schema"


def error(table: dict[str, Any]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        config.parse(table, source=SOURCE)
    return caught.value


# One mistake each: the table, what is said of it, the hint.
MISTAKES = [
    pytest.param({"tag_fromat": "v{version}"}, "tag_fromat is not a setting", "did you mean tag_format?", id="typo"),
    pytest.param({"tag-format": "v{version}"}, "tag-format is not a setting", "did you mean tag_format?", id="dash"),
    pytest.param({"tagformat": "v"}, "tagformat is not a setting", "did you mean tag_format?", id="no-underscore"),
    pytest.param({"zzz": 1}, "zzz is not a setting", "verbump schema", id="nothing-near"),
    pytest.param({"tool": {"verbump": {}}}, "tool is not a setting", "without [tool.verbump]", id="table-in-own-file"),
    pytest.param({"a\nb\x1b": 1}, '"a\\nb\\u001b" is not a setting', "verbump schema", id="key-with-line-end"),
    pytest.param(
        {"hooks": {"befor_commit": []}}, "hooks.befor_commit is not a setting", "before_commit?", id="in-table"
    ),
    pytest.param({"types": {"docs": {"bmp": "patch", "bump": "none"}}}, "types.docs.bmp is not", "bump?", id="in-row"),
    pytest.param({"manifests": [{"pth": "x", "path": "x"}]}, "manifests[0].pth is not", "path?", id="in-list"),
    pytest.param(
        {"packages": [{"name": "a", "path": "a", "nme": "b"}]}, "packages[0].nme is not", "name?", id="package"
    ),
    pytest.param({"squash": "x"}, 'squash: expected "title" or "body", got "x"', SCHEMA, id="wrong-choice"),
    pytest.param({"squash": 3}, 'squash: expected "title" or "body", got 3', SCHEMA, id="choice-of-wrong-type"),
    pytest.param({"zero_version": "x"}, 'expected "minor" or "cargo" or "strict", got "x"', SCHEMA, id="three-choices"),
    pytest.param({"compat": "lerna"}, '"semantic-release" or "git-cliff", got "lerna"', SCHEMA, id="optional-choice"),
    pytest.param({"changelog": True}, "changelog: expected a text or false, got true", SCHEMA, id="changelog-true"),
    pytest.param({"changelog": 0}, "changelog: expected a text or false, got 0", SCHEMA, id="zero-is-not-false"),
    pytest.param({"git_hooks": 1}, "git_hooks: expected true or false, got 1", SCHEMA, id="one-is-not-true"),
    pytest.param({"notes": {"max_length": 2.5}}, "max_length: expected a whole number, got 2.5", SCHEMA, id="fraction"),
    pytest.param({"changelog": "a/.Git/x"}, "changelog: 'a/.Git/x' is git's own", "", id="git-folder"),
    pytest.param(
        {"manifests": [{"path": "a", "pattern": "v"}]},
        "manifests[0].pattern: 'v' has no group (?P<version>…)",
        "",
        id="pattern-without-group",
    ),
    pytest.param(
        {"packages": [{"name": "a", "path": "a", "manifests": [{"path": "a", "pattern": "("}]}]},
        "packages[0].manifests[0].pattern: '(' cannot be compiled",
        "",
        id="no-pattern",
    ),
    pytest.param(
        {
            "packages": [
                {"name": "a", "path": "a", "manifests": [{"path": "a", "pattern": "(?P<version>x)", "key": "y"}]}
            ]
        },
        "packages[0].manifests[0]: either key or pattern, not both",
        "",
        id="key-and-pattern",
    ),
    pytest.param({"notes": {"max_length": True}}, "expected a whole number, got true", SCHEMA, id="true-is-not-one"),
    pytest.param({"remote": date(2026, 11, 23)}, "remote: expected a text, got 2026-11-23", SCHEMA, id="date"),
    pytest.param({"squash": "x" * 10_000}, f'got "{"x" * 60}…"', SCHEMA, id="long-value-is-cut"),
    pytest.param({"remote": ["a"]}, "remote: expected a text, got a list", SCHEMA, id="list-for-text"),
    pytest.param({"release_branches": "main"}, 'expected a list of texts, got "main"', SCHEMA, id="text-for-list"),
    pytest.param({"release_branches": ["a", 3]}, "release_branches[1]: expected a text, got 3", SCHEMA, id="list-item"),
    pytest.param({"types": 3}, "types: expected a table, got 3", SCHEMA, id="number-for-table"),
    pytest.param({"types": {"docs": "patch"}}, 'types.docs: expected a table, got "patch"', SCHEMA, id="row-is-text"),
    pytest.param({"types": {"docs": {}}}, "types.docs.bump is missing", SCHEMA, id="row-without-bump"),
    pytest.param({"types": {"docs": {"bump": "big"}}}, 'types.docs.bump: expected "none" or', SCHEMA, id="row-choice"),
    pytest.param({"manifests": [{"key": "a"}]}, "manifests[0].path is missing", SCHEMA, id="entry-without-path"),
    pytest.param({"manifests": [3]}, "manifests[0]: expected a text or a table, got 3", SCHEMA, id="entry-is-number"),
    pytest.param(
        {"hooks": {"before_commit": ["make x"]}}, "before_commit[0]: expected a list of texts", SCHEMA, id="shell"
    ),
    pytest.param({"publish": 3}, "publish: expected a table, got 3", SCHEMA, id="free-table"),
    pytest.param({"build": {"targets": ["linux"]}}, "build.targets[0]: expected a target triple", "", id="no-triple"),
    pytest.param({"build": {"archives": ["a b"]}}, "build.archives[0]: expected a name", "", id="no-crate"),
    pytest.param({"build": {"interpreters": ["-c"]}}, "build.interpreters[0]: expected a name", "", id="an-option"),
    pytest.param({"build": {"tests": ["../x"]}}, "build.tests[0]: expected a file inside", "", id="tests-outside"),
    pytest.param({"build": {"test_command": [""]}}, "build.test_command: an empty command", "", id="no-command"),
    pytest.param({"hooks": {"before_commit": [[]]}}, "hooks.before_commit[0]: an empty command", "", id="no-argv"),
    pytest.param(
        {"hooks": {"after_release": [["", "x"]]}}, "hooks.after_release[0]: an empty command", "", id="no-program"
    ),
    pytest.param(
        {"hooks": {"before_commit": [["make", "a\0"]]}}, "before_commit[0][1]: holds a NUL", "", id="nul-in-argv"
    ),
    pytest.param({"manifests": ["a\0b"]}, "manifests[0]: holds a NUL", "", id="nul-in-path"),
    pytest.param({"changelog": "a\0b"}, "changelog: holds a NUL", "", id="nul-in-changelog"),
    pytest.param({"prerelease_branches": {"a\0": "rc"}}, "holds a NUL", "", id="nul-in-key"),
    pytest.param({"tag_format": "v"}, "expected exactly one {version}", "", id="tag-format"),
    pytest.param(
        {"initial_version": "1.0"},
        "initial_version: '1.0' is not a SemVer version: did you mean 1.0.0?",
        "",
        id="two-parts",
    ),
    pytest.param(
        {"packages": [{"name": "a b", "path": "a"}]}, "packages[0].name: expected letters", "", id="package-name"
    ),
    pytest.param(
        {"packages": [{"name": "a_b", "path": "a"}, {"name": "A-B", "path": "b"}]},
        "packages[1].name: 'A-B' is the name of packages[0] too",
        "",
        id="packages-of-one-name",
    ),
    pytest.param(
        {"packages": [{"name": "a", "path": "a"}, {"name": "b", "path": "a/"}]},
        "packages[1].path: 'a/' is the folder of packages[0] too",
        "",
        id="packages-in-one-folder",
    ),
    pytest.param(
        {
            "packages": [
                {"name": "a", "path": "a", "changelog": "NEWS.md"},
                {"name": "b", "path": "b", "changelog": "NEWS.md"},
            ]
        },
        "packages[1].changelog: 'NEWS.md' is the changelog of packages[0] too",
        "",
        id="packages-with-one-changelog",
    ),
    pytest.param(
        {"packages": [{"name": "a", "path": "a", "tag_format": "v"}]},
        "packages[0].tag_format 'v': expected exactly one {version}",
        "",
        id="package-tag-format",
    ),
    pytest.param(
        {"packages": [{"name": "a", "path": "a", "exclude": ["../x"]}]},
        "packages[0].exclude[0]: expected a glob inside",
        "",
        id="package-glob",
    ),
    pytest.param(
        {"packages": [{"name": "a", "path": "a"}], "manifests": ["x"]},
        "manifests: stands beside packages",
        "",
        id="packages-and-manifests",
    ),
    pytest.param(
        {"packages": [{"name": "a", "path": "a"}], "include": ["x"]},
        "include: stands beside packages",
        "",
        id="packages-and-include",
    ),
    pytest.param({"commit_message": "release"}, "commit_message: expected {version} in it", "", id="no-version"),
    pytest.param({"commit_message": "{version}\nx"}, "commit_message: expected one line", "", id="two-lines"),
    pytest.param({"commit_message": "{version}\x85x"}, "commit_message: expected one line", "", id="control"),
    pytest.param({"overrides": {"xyz": "fix: x"}}, "overrides.xyz: expected 7 to 64 hex digits", "", id="no-sha"),
    pytest.param({"overrides": {"abc123": "fix: x"}}, "overrides.abc123: expected 7 to 64", "", id="short-sha"),
    pytest.param({"overrides": {"a" * 65: "fix: x"}}, "expected 7 to 64 hex digits", "", id="long-sha"),
    pytest.param(
        {"manifests": [{"path": "x", "key": "a", "pattern": "(?P<version>x)"}]},
        "either key or pattern",
        "",
        id="key-and-pattern",
    ),
    pytest.param({"types": {"a b": {"bump": "patch"}}}, 'types."a b": a commit type is', "", id="type-with-blank"),
    pytest.param(
        {"types": {"Docs": {"bump": "patch"}, "docs": {"bump": "minor"}}},
        "types.docs: the same type twice",
        "",
        id="case",
    ),
    pytest.param(
        {"types": {"docs": {"bump": "patch", "category": " "}}}, "types.docs.category: ", "", id="blank-category"
    ),
    pytest.param(
        {"types": {"docs": {"bump": "patch", "category": "A\n## B"}}}, "types.docs.category: ", "", id="category-lines"
    ),
    pytest.param({"categories": ["Added", ""]}, "categories[1]: expected a title on one line", "", id="empty-title"),
    pytest.param(
        {"categories": ["Added", "A\nB"]}, "categories[1]: expected a title on one line", "", id="title-lines"
    ),
    pytest.param({"categories": ["Added", "added"]}, "categories[1]: 'added' stands twice", "", id="title-twice"),
    pytest.param(
        {"prerelease_branches": {"next": "rc.1"}},
        "prerelease_branches.next: 'rc.1' is not a pre-release token",
        "",
        id="token",
    ),
    pytest.param(
        {"prerelease_branches": {"": "rc"}}, 'prerelease_branches."": an empty glob', "", id="empty-branch-glob"
    ),
    pytest.param({"release_branches": [""]}, "release_branches[0]: an empty glob", "", id="empty-glob"),
    pytest.param(
        {"include": ["src/**", "../x"]}, "include[1]: expected a glob inside the repository", "", id="glob-outside"
    ),
    pytest.param({"exclude": ["/x"]}, "exclude[0]: expected a glob inside the repository", "", id="glob-absolute"),
    pytest.param({"remote": ""}, "remote: expected the name of a remote, got ''", "", id="no-remote"),
    pytest.param({"remote": "a\tb"}, "remote: expected the name of a remote", "", id="remote-with-blank"),
    pytest.param({"remote": "--mirror"}, "remote: expected the name of a remote", "", id="remote-like-an-option"),
    pytest.param({"notes": {"max_length": 0}}, "notes.max_length: expected 1 or more, got 0", "", id="no-length"),
    pytest.param(
        {"check": {"header_length": -1}}, "check.header_length: expected 0 or more, got -1", "", id="negative"
    ),
]


@pytest.mark.parametrize(("table", "said", "hint"), MISTAKES)
def test_mistakes(table: dict[str, Any], said: str, hint: str) -> None:
    found = error(table)
    assert said in found.message
    assert len(found.message.split("\n")) == 1
    assert found.message.startswith("pyproject.toml: tool.verbump.")
    assert hint in found.hint
    assert found.exit_code == 2


SKIPPING = [
    "[skip ci]",
    "[ci skip]",
    "[no ci]",
    "[skip actions]",
    "[actions skip]",
    "[CI Skip]",
    "[skip-ci]",
    "[ci_skip]",
]


@pytest.mark.parametrize("text", [*SKIPPING, "***NO_CI***", "skip-checks: true", "skip-checks:true"])
@pytest.mark.parametrize("form", ["{{version}} {}", "{}{{version}}"])
def test_message_that_makes_ci_skip(text: str, form: str) -> None:
    message = error({"commit_message": form.format(text)}).message
    assert "makes CI skip the tag's workflow too, so nothing would be published" in message
    assert text.removesuffix("true").strip() in message


@pytest.mark.parametrize(
    "message", ["{version}", "release {version} (ci: no skip)", "chore: skip checks for {version}"]
)
def test_message_that_does_not(message: str) -> None:
    assert config.parse({"commit_message": message}, source=SOURCE).commit_message == message


OUTSIDE = ["", ".", "/x", "../x", "a/../../x", "a\\b", "C:/x", "a/", "a\nb"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_path_that_is_no_file_inside(path: str) -> None:
    for table, where in (
        ({"changelog": path}, "changelog"),
        ({"manifests": [path]}, "manifests[0].path"),
        ({"hooks": {"paths": [path]}}, "hooks.paths[0]"),
        ({"packages": [{"name": "a", "path": "a", "changelog": path}]}, "packages[0].changelog"),
        ({"packages": [{"name": "a", "path": "a", "manifests": [path]}]}, "packages[0].manifests[0].path"),
    ):
        assert f"tool.verbump.{where}: expected a file inside the repository" in error(table).message


def test_uppercase_sha_names_the_same_commit() -> None:
    assert "ABCDEF1" in config.parse({"overrides": {"ABCDEF1": "fix: x"}}, source=SOURCE).overrides


def test_source_without_a_table_begins_with_the_file() -> None:
    with pytest.raises(ConfigError, match=r"^verbump\.toml: squash: expected"):
        config.parse({"squash": 3}, source="verbump.toml")


def test_all_mistakes_at_once() -> None:
    table = {
        "tag_fromat": "x",
        "squash": 3,
        "notes": {"contributors": 1, "max_lenght": 2},
        "types": {"docs": {"bump": "x"}, "fix": {}},
        "commit_message": "x [skip ci]",
        "overrides": {"x": ""},
    }
    lines = error(table).message.split("\n")
    assert [line.removeprefix("pyproject.toml: tool.verbump.").split(" ")[0] for line in lines] == [
        "tag_fromat",
        "squash:",
        "notes.contributors:",
        "notes.max_lenght",
        "types.docs.bump:",
        "types.fix.bump",
        "commit_message:",
        "commit_message:",
        "overrides.x:",
    ]
    assert "did you mean tag_format?" in lines[0]


def test_a_hostile_table_costs_little() -> None:
    lines = error({f"key{each}": each for each in range(200_000)}).message.split("\n")
    assert len(lines) == 21
    assert lines[-1].endswith("there are more mistakes")


@pytest.mark.parametrize(
    "beside", [{"convention": "commitizen"}, {"squash": "body"}], ids=lambda table: next(iter(table))
)
def test_compat_leaves_no_room_for_other_rules(beside: dict[str, Any]) -> None:
    assert config.parse({"compat": "git-cliff", "zero_version": "minor"}, source=SOURCE).compat == "git-cliff"
    assert error({"compat": "git-cliff", **beside}).message.startswith("pyproject.toml: tool.verbump.compat: git-cliff")


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
    assert 'zero_version: expected "minor" or "cargo" or "strict", got "carg"' in result.stderr


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
    other.write_text("typse = {}\n")
    assert f"{other}: typse is not a setting" in verbump("--config", str(other), "next", cwd=repo.path).stderr


def test_broken_file(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x", more={"verbump.toml": "tag_format = \n"})
    result = verbump("next", cwd=repo.path)
    assert result.code == 2
    assert "verbump.toml:1: not valid TOML" in result.stderr


def test_schema_describes_every_setting() -> None:
    schema = config.json_schema()
    definitions: Any = schema["$defs"]
    assert set(definitions) == set(config.DESCRIPTIONS)
    for name, definition in definitions.items():
        assert set(definition["properties"]) == set(config.DESCRIPTIONS[name])
        assert all(each["description"] for each in definition["properties"].values())
        assert definition["additionalProperties"] is False
    assert '"null"' not in json.dumps(schema)
    jsonschema.Draft202012Validator.check_schema(schema)


VALIDATOR = jsonschema.Draft202012Validator(config.json_schema())


FULL: dict[str, Any] = {
    "tag_format": "py/v{version}",
    "initial_version": "1.0.0",
    "zero_version": "cargo",
    "types": {"docs": {"bump": "patch", "category": "Changed"}, "chore": {"bump": "none"}},
    "convention": "conventional",
    "changelog": False,
    "manifests": [
        "Cargo.toml",
        {"path": "a.json", "key": "version", "scheme": "pep440"},
        {"path": "b", "pattern": "(?P<version>.+)"},
    ],
    "release_branches": ["main"],
    "prerelease_branches": {"next": "beta"},
    "commit_message": "release {version}",
    "squash": "body",
    "overrides": {"abcdef1": "fix: x"},
    "include": ["src/**"],
    "exclude": ["docs/**"],
    "categories": ["Added", "Fixed"],
    "template": "templates/changelog",
    "dependents": "patch",
    "git_hooks": True,
    "remote": "upstream",
    "hooks": {"before_commit": [["make", "x"]], "after_release": [["true"]], "paths": ["docs/x.md"]},
    "notes": {"contributors": True, "compare_link": False, "max_length": 1000},
    "check": {"types": ["feat"], "scopes": ["api"], "header_length": 72},
    "build": {
        "targets": ["x86_64-unknown-linux-gnu"],
        "features": ["fast", "pyo3/abi3"],
        "archives": ["tool"],
        "interpreters": ["python3.12"],
        "tests": ["tests", "conftest.py"],
        "test_command": ["python", "-m", "unittest"],
        "test_requires": ["pytest>=8"],
    },
    "github": {"comment_released": True, "labels": ["release"]},
    "publish": {"repository_url": "https://test.pypi.org/legacy/", "trusted_publishing": "always", "registry": "own"},
    "workflows": {
        "files": ["release", "ci"],
        "release": "publish.yml",
        "targets": "extended",
        "pythons": ["3.11", "3.14t"],
        "free_threaded": True,
        "manylinux": "2_17",
        "musllinux": "1_1",
        "tests": "all",
        "audit": "fail",
        "attest": False,
        "pypi": False,
        "crates": True,
        "bench": True,
        "bench_percent": 20,
        "sign": ["macos"],
        "packages": ["homebrew"],
        "docker_base": "debian:12-slim@sha256:" + "a" * 64,
        "homebrew_tap": "octo/homebrew-tap",
        "scoop_bucket": "octo/bucket",
        "ci_commands": [["make", "test"]],
        "ci_tests": [["make", "all"]],
        "environments": {"release": "r", "pypi": "p", "crates": "c", "packages": "k", "sign": "s"},
    },
}


def test_every_setting_is_taken_and_valid() -> None:
    made = config.parse(FULL, source=SOURCE)
    VALIDATOR.validate(FULL)
    apart = {"compat", "packages"}  # not beside convention, not beside manifests
    assert set(FULL) | apart == set(config.DESCRIPTIONS["Config"])
    for key in set(FULL) - {"convention"}:
        assert getattr(made, key) != getattr(config.DEFAULT, key), key
    assert config.parse({}, source=SOURCE) == config.DEFAULT


def test_schema_takes_a_package() -> None:
    VALIDATOR.validate({"packages": [{"name": "a", "path": "a", "manifests": ["a/Cargo.toml"], "changelog": False}]})


NAMES = sorted({name for settings in config.DESCRIPTIONS.values() for name in settings} | {"unknown", "docs"})
SCALARS = st.sampled_from([0, 1, 2.0, 2.5, True, False, "", "x", "body", "patch", "semver", "commitizen", "minor"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=2)
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3))
@example({"manifests": ["a", {"path": "b"}]})
@example({"types": {"docs": {"bump": "patch"}}})
@example({"hooks": {"before_commit": [["x"], []]}})
@example({"packages": [{"name": "x", "path": "x", "manifests": ["x", {"path": "x", "scheme": "semver"}]}]})
def test_schema_and_parse_agree_on_every_table(table: dict[str, Any]) -> None:
    """What the schema refuses is a mistake of shape, and the other way round; and nothing else is ever raised."""
    is_sound = not list(shape.find_mistakes(table, config.Config))
    assert is_sound == VALIDATOR.is_valid(table)
    try:
        config.parse(table, source=SOURCE)
    except ConfigError as caught:
        assert all(line.startswith("pyproject.toml: tool.verbump.") for line in caught.message.split("\n"))
    else:
        assert is_sound


PARSED: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"pyproject.toml": {"tool": {}}}, ""),
    ({"pyproject.toml": {"tool": {"verbump": {}}}}, "pyproject.toml [tool.verbump]"),
    ({"verbump.toml": {}}, ""),
    ({"verbump.toml": {"squash": "body"}}, "verbump.toml"),
    ({"Cargo.toml": {"package": {"metadata": {"verbump": {"a": 1}}}}}, "Cargo.toml [package.metadata.verbump]"),
    ({"Cargo.toml": {"workspace": {"metadata": {"verbump": {"a": 1}}}}}, "Cargo.toml [workspace.metadata.verbump]"),
    ({"Cargo.toml": {"package": {"metadata": {"docs": {}}}}, "pyproject.toml": {"tool": [1]}}, ""),
]


@pytest.mark.parametrize(("documents", "source"), PARSED)
def test_the_one_table(documents: dict[str, Any], source: str) -> None:
    assert config.find_table(documents)[1] == source


def test_two_tables_in_one_file() -> None:
    inner = {"metadata": {"verbump": {"squash": "body"}}}
    with pytest.raises(ConfigError, match=r"package\.metadata\.verbump\] and Cargo\.toml \[workspace\.metadata"):
        config.find_table({"Cargo.toml": {"package": inner, "workspace": inner}})


@pytest.mark.parametrize("value", [3, "x", [], [{"squash": "body"}], False])
def test_what_stands_there_is_no_table(value: object) -> None:
    """Ignoring it would release by the defaults."""
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: tool\.verbump: expected a table") as caught:
        config.find_table({"pyproject.toml": {"tool": {"verbump": value}}})
    assert "[tool.verbump]" in caught.value.hint
