"""Any configuration at all: translated, or a named error; the result always loads, and no key is lost without a word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump import config
from verbump.domain import tags
from verbump.errors import ConfigError, UsageError
from verbump.planning.adoption import configuration, conversions, proposal, toml_writing, tools
from verbump.planning.adoption.surroundings import Surroundings
from verbump.planning.snapshot import Snapshot

# What the translators know by name, so that random tables hit their branches.
KNOWN = {
    "commitizen": "name version version_files version_provider tag_format major_version_zero bump_message changelog_file "
    "update_changelog_on_bump pre_bump_hooks message_length_limit customize",
    "python-semantic-release": "version_toml version_variables version_variable commit_parser commit_parser_options "
    "tag_format commit_message branches changelog remote major_on_zero allow_zero_version main match prerelease "
    "prerelease_token minor_tags patch_tags allowed_tags default_templates changelog_file name",
    "release-please": "packages changelog-sections extra-files release-type component tag-separator include-v-in-tag "
    "changelog-path exclude-paths initial-version skip-changelog type section hidden path jsonpath . a bump-minor-pre-major",
    "git-cliff": "changelog git bump remote output commit_parsers message group skip tag_pattern include_paths "
    "initial_tag breaking_always_bump_major features_always_bump_minor split_commits",
    "bump-my-version": "current_version tag_name message files filename search replace regex key_path parse serialize commit "
    "pre_commit_hooks",
    "release-plz": "workspace package changelog name git_tag_name changelog_path changelog_update release version_group "
    "features_always_increment_minor commit_parsers message group",
}
WORDS = (
    *(
        "",
        "a",
        "v{version}",
        "$version",
        "{{ package }}-v{{ version }}",
        "{current_version}",
        "\x00",
        "\ud800",
        "a\nb",
        "../x",
    ),
    *(
        "main",
        "(a|b)",
        "^feat",
        "^fix(\\(.*\\))?:",
        "[",
        "{new_version} [skip ci]",
        "a.py:__version__",
        "a.py:(",
        "1.2.3",
    ),
    *(
        "rust",
        "node",
        "simple",
        "generic",
        "json",
        "$.a.b",
        "package.json",
        "rc",
        "strange",
        "/abs",
        "C:\\x",
        "{version}{version}",
    ),
)
JSON_PLACES = {
    "commitizen": ("cz.json", ("commitizen",)),
    "python-semantic-release": ("releaserc.json", ("semantic_release",)),
    "release-please": ("release-please-config.json", ()),
}
TOML_PLACES = {
    "git-cliff": ("cliff.toml", ()),
    "bump-my-version": (".bumpversion.toml", ("tool", "bumpversion")),
    "release-plz": ("release-plz.toml", ()),
}


def tables(tool: str) -> st.SearchStrategy[dict[str, Any]]:
    words = st.sampled_from(WORDS)
    key = st.sampled_from(KNOWN[tool].split()) | st.sampled_from(["unknown", "a b"])
    return st.dictionaries(
        key,
        st.recursive(
            words | st.booleans() | st.integers(-1, 99),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(key, inner, max_size=4),
            max_leaves=10,
        ),
        max_size=6,
    )


def around(tool: str, texts: dict[str, str]) -> Surroundings:
    draft = tools.translate(tool, texts)
    proposal.settle_tag_format(draft, ["v1.0.0"])
    snapshot = Snapshot(head="", branch="main", today="", timestamp=0, tag_format=tags.DEFAULT_FORMAT)
    return Surroundings(snapshot=snapshot, texts=texts, has_inferred_format=False, tool=tool, draft=draft)


def loads(settings: dict[str, Any]) -> None:
    """Raises ConfigError where verbump would not take them."""
    config.parse(settings, source="x")
    assert settings.get("compat") in {None, "commitizen", "python-semantic-release", "release-please", "git-cliff"}


@pytest.mark.parametrize("tool", tools.TOOLS)
@given(data=st.data())
def test_any_table_is_translated(tool: str, data: st.DataObject) -> None:
    table = data.draw(tables(tool))
    files = {
        "package.json": '{"version": "1.2.3"}',
        "a.py": '__version__ = "1.2.3"\n',
        "Cargo.toml": '[package]\nname="a"\n',
    }
    if tool in JSON_PLACES:
        name, place = JSON_PLACES[tool]
        whole: Any = table
        for key in reversed(place):
            whole = {key: whole}
        texts = {**files, name: json.dumps(whole, indent=1)}
    else:
        name, place = TOML_PLACES[tool]
        try:
            texts = {**files, name: toml_writing.render_settings(table, place)}
            texts[name].encode()
        except UnicodeEncodeError:
            return
    try:
        found = around(tool, texts)
    except (ConfigError, UsageError):
        return
    settings = configuration.propose_settings(found)
    loads(settings)
    for key in table:
        # Whatever has a name is carried over, known to need nothing, or noted: a key that no tool has is always noted.
        if key in {"unknown", "a b"} and tool != "release-please":
            assert any(key in left.key for left in found.draft.left), key
    after = toml_writing.with_settings(None, settings, ())
    after.encode()
    assert toml_writing.with_settings(after, settings, ()) == after


@pytest.mark.parametrize("tool", tools.TOOLS)
def test_none_is_a_usage_error(tool: str) -> None:
    with pytest.raises(UsageError, match="looked for"):
        tools.translate(tool, {"README.md": "x"})


@pytest.mark.parametrize(
    ("pattern", "globs"),
    [
        ("(main|master)", ["main", "master"]),
        ("^release/.*$", ["release/*"]),
        (r"\d+\.x", ["[0-9]*.x"]),
        ("(?:a|b-.+)", ["a", "b-*"]),
        ("a(b|c)", None),
        ("(?!x).*", None),
        ("", None),
        ("[ab]", None),
    ],
)
def test_branches(pattern: str, globs: list[str] | None) -> None:
    assert conversions.globs_of(pattern) == globs


@pytest.mark.parametrize(
    ("template", "form"),
    [
        ("v$version", "v{version}"),
        ("${version}", "{version}"),
        ("$major.$minor.$patch$prerelease", "{version}"),
        ("v${major}.${minor}.${patch}${prerelease}${devrelease}", "v{version}"),
        ("$major.$minor", None),
        ("v$version$version", None),
        ("a b$version", None),
    ],
)
def test_tag_formats_of_commitizen(template: str, form: str | None) -> None:
    found = tools.translate("commitizen", {"cz.json": json.dumps({"commitizen": {"tag_format": template}})})
    assert found.settings.get("tag_format") == form
    assert bool(found.left) == (form is None)


@pytest.mark.parametrize("is_inner", [True, False])
@pytest.mark.parametrize(
    ("flags", "policy"),
    [
        ({}, "strict"),
        ({"bump-minor-pre-major": True}, "minor"),
        ({"bump-minor-pre-major": True, "bump-patch-for-minor-pre-major": True}, "cargo"),
    ],
)
def test_what_release_please_says_of_its_only_package(flags: dict[str, bool], policy: str, is_inner: bool) -> None:
    """Its own documentation writes these beside the package's type, and they hold there as well as at the top."""
    said = {**flags, "changelog-sections": [{"type": "docs", "section": "Documentation"}]}
    whole = {"packages": {".": {"release-type": "rust", **(said if is_inner else {})}}, **({} if is_inner else said)}
    made = around("release-please", {"release-please-config.json": json.dumps(whole)}).draft
    assert made.settings["zero_version"] == policy
    assert made.settings["categories"] == ["Documentation"]
    assert made.settings["types"]["docs"] == {"bump": "patch", "category": "Documentation"}
    assert made.left == []


def test_the_first_place_wins_as_in_commitizen_itself() -> None:
    texts = {
        "pyproject.toml": '[tool.commitizen]\nchangelog_file = "A.md"\n',
        ".cz.toml": '[tool.commitizen]\nchangelog_file = "B.md"\n',
    }
    draft = tools.translate("commitizen", texts)
    assert draft.settings["changelog"] == "A.md"
    assert [str(left) for left in draft.left] == [".cz.toml:1: tool.commitizen: not read: pyproject.toml comes first"]


def test_the_places_are_commitizens_own() -> None:
    from commitizen.defaults import CONFIG_FILES  # type: ignore[attr-defined, unused-ignore]

    assert {place.path for place in tools.TOOLS["commitizen"].places} == set(CONFIG_FILES)
