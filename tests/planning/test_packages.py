"""Several packages: a literal Snapshot in, decisions and one Plan out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from planning.test_release import WHO, sha
from verbump.config import Config, PackageConfig
from verbump.domain.commits import Commit
from verbump.domain.manifests import Format
from verbump.domain.tags import TagFormat
from verbump.domain.versions import parse
from verbump.errors import ConfigError, UsageError
from verbump.planning import package_views, packages, release_actions
from verbump.planning.actions import (
    CreateReleaseCommit,
    CreateTag,
    MoveRefs,
    PushAtomically,
    RunCommand,
    UpdateWorktree,
)
from verbump.planning.snapshot import (
    Package,
    PathState,
    Readiness,
    RemoteState,
    Request,
    Snapshot,
    Target,
    VersionTag,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# `api` is built with `core`, `tool` with `api`; `core` tests itself with `tool`.
MANIFESTS = {
    "core": '[package]\nname = "core"\nversion = "1.2.3"\n[dev-dependencies]\ntool = { path = "../tool" }\n',
    "api": '[package]\nname = "api"\nversion = "2.0.0"\n[dependencies]\ncore = { path = "../core", version = "1.2" }\n',
    "tool": '[package]\nname = "tool"\nversion = "0.3.0"\n[dependencies]\napi = { path = "../api", version = "=2.0.0" }\n',
}
VERSIONS = {"core": "1.2.3", "api": "2.0.0", "tool": "0.3.0"}
LOCK = "version = 4\n\n" + "\n".join(
    f'[[package]]\nname = "{name}"\nversion = "{VERSIONS[name]}"\n' for name in sorted(VERSIONS)
)
LOCK_PATH = PurePosixPath("Cargo.lock")


def snapshot(messages: Mapping[str, str], config: Config | None = None) -> Snapshot:
    """A workspace of three crates, with a commit of each message in the folder of its package."""
    config = config or Config()
    names = list(MANIFESTS)
    lock = Target(path=LOCK_PATH, format=Format.CARGO_LOCK, scheme="semver", is_member=True)
    targets = {
        name: Target(path=PurePosixPath(f"{name}/Cargo.toml"), format=Format.CARGO_TOML, scheme="semver")
        for name in names
    }
    readiness = Readiness(
        git_version=(2, 39, 5),
        identity=WHO,
        paths={each.path: PathState(is_tracked=True) for each in (*targets.values(), lock)},
        remote=RemoteState(name="origin", tip=sha("1")),
    )
    whole = Snapshot(
        head=sha("1"),
        branch="main",
        today="2026-11-23",
        timestamp=1795392000,
        tag_format=TagFormat(prefix="v"),
        targets=(*targets.values(), lock),
        texts={**{targets[name].path: MANIFESTS[name] for name in names}, LOCK_PATH: LOCK},
        config=config,
        readiness=readiness,
    )
    made = []
    for index, name in enumerate(names):
        tag = VersionTag(
            name=f"{name}-v{VERSIONS[name]}",
            version=parse(VERSIONS[name]),
            target=sha("e"),
            commit=sha("f"),
            is_reachable=True,
            is_remote=True,
        )
        commits = tuple(
            Commit(sha=sha("abc"[index]), parents=(), message=text) for text in [messages.get(name)] if text
        )
        view = replace(
            whole,
            package=name,
            tag_format=TagFormat(prefix=f"{name}-v"),
            tags=(tag,),
            commits=commits,
            fresh=frozenset(commit.sha for commit in commits),
            targets=(targets[name], lock),
            texts={path: text for path, text in whole.texts.items() if path in {targets[name].path, LOCK_PATH}},
            config=package_views.config_of(config, PackageConfig(name=name, path=name), ()),
        )
        made.append(Package(name=name, path=PurePosixPath(name), view=view))
    return replace(whole, packages=tuple(made))


def next_of(whole: Snapshot, request: Request | None = None) -> dict[str, str]:
    return {
        each.package.name: str(each.decision.version)
        for each in packages.plan_next(whole, request or Request())
        if each.decision.version is not None
    }


PATCH = Config(dependents="patch")


def test_each_package_goes_by_its_own_commits() -> None:
    assert next_of(snapshot({"core": "feat: x", "tool": "docs: y"})) == {"core": "1.3.0"}
    assert next_of(snapshot({"core": "feat!: x", "api": "fix: y"})) == {"core": "2.0.0", "api": "2.0.1"}
    assert next_of(snapshot({})) == {}


def test_dependents_get_a_patch_where_asked_for_and_theirs_too() -> None:
    whole = snapshot({"core": "feat: x"}, PATCH)
    decided = {each.package.name: each.decision for each in packages.plan_next(whole, Request())}
    assert {name: str(decision.version) for name, decision in decided.items()} == {
        "core": "1.3.0",
        "api": "2.0.1",
        "tool": "0.3.1",
    }
    (reason,) = decided["api"].reasons
    assert (reason.source, reason.header, reason.category) == ("dependency", "core 1.3.0", "Changed")


def test_a_developers_dependency_raises_nobody() -> None:
    """core needs tool only to be tested."""
    assert next_of(snapshot({"tool": "feat: x"}, PATCH)) == {"tool": "0.4.0"}


def test_packages_in_a_circle_come_to_an_end() -> None:
    whole = snapshot({"api": "feat: x"}, PATCH)
    circle = MANIFESTS["core"].replace("dev-dependencies", "build-dependencies")
    texts = {**whole.texts, PurePosixPath("core/Cargo.toml"): circle}
    assert next_of(replace(whole, texts=texts)) == {"core": "1.2.4", "api": "2.1.0", "tool": "0.3.1"}


def test_own_changes_and_a_dependency_make_one_release() -> None:
    whole = snapshot({"core": "fix: x", "api": "feat: y"}, PATCH)
    assert next_of(whole) == {"core": "1.2.4", "api": "2.1.0", "tool": "0.3.1"}
    planned = packages.plan_release(whole, Request())
    section = next(each.section for each in planned.packages if each.name == "api")
    assert section == (
        f"## [2.1.0] - 2026-11-23\n\n### Added\n\n- Y ({'b' * 7})\n\n### Changed\n\n- Updated core to 1.2.4\n"
    )


def test_one_package_alone_leaves_the_others_versions() -> None:
    whole = snapshot({"core": "feat: x", "api": "feat: y"}, PATCH)
    assert next_of(whole, Request(package="core")) == {"core": "1.3.0"}
    planned = packages.plan_release(whole, Request(package="core"))
    changed = {str(file.path): file.after for file in planned.files}
    assert changed["api/Cargo.toml"] == MANIFESTS["api"].replace('version = "1.2"', 'version = "1.3"')
    assert "tool/Cargo.toml" not in changed


def test_one_commit_a_tag_each_and_one_push() -> None:
    planned = packages.plan_release(snapshot({"core": "feat: x", "api": "fix: y"}), Request())
    commit, core, api, push, refs, worktree = planned.plan.actions
    assert isinstance(commit, CreateReleaseCommit)
    subject, trailers = commit.message.split("\n\n")
    assert subject == "chore(release): core 1.3.0, api 2.0.1"
    assert trailers.split("\n")[:2] == ["Verbump-Release: core 1.3.0", "Verbump-Release: api 2.0.1"]
    assert release_actions.find_release_trailers(commit.message) == ("core 1.3.0", "api 2.0.1")
    assert isinstance(core, CreateTag)
    assert isinstance(api, CreateTag)
    assert (core.name, api.name) == ("core-v1.3.0", "api-v2.0.1")
    assert core.message.startswith("Release core 1.3.0\n\nVerbump-Release: core 1.3.0\nVerbump-Plan: ")
    assert release_actions.find_release_trailers(api.message) == ("api 2.0.1",)
    tags = ("core-v1.3.0", "api-v2.0.1")
    assert push == PushAtomically(remote="origin", branch="main", tags=tags, expected=sha("1"))
    assert refs == MoveRefs(base=sha("1"), tags=tags, branch="main", remote="origin", remote_branch="main")
    assert worktree == UpdateWorktree(files=commit.files)
    changed = {str(file.path): file.after for file in commit.files}
    assert changed["Cargo.lock"] == LOCK.replace("1.2.3", "1.3.0").replace("2.0.0", "2.0.1")
    assert changed["tool/Cargo.toml"] == MANIFESTS["tool"].replace("=2.0.0", "=2.0.1")
    assert planned.plan.problems == ()


def test_many_packages_are_counted_in_the_subject() -> None:
    planned = packages.plan_next(snapshot({}), Request(floor="patch"))
    released = [release_actions.Released(name=f"p{n}", decision=each.decision) for n in range(3) for each in planned]
    assert release_actions.describe_released(released) == "p0 1.2.4, p0 2.0.1, p0 0.3.1, p1 1.2.4 and 5 more"


def test_hooks_know_every_package() -> None:
    config = replace(Config(), hooks=replace(Config().hooks, before_commit=(("true",),)))
    planned = packages.plan_release(snapshot({"core": "feat: x", "api": "fix: y"}, config), Request())
    hook = planned.plan.actions[0]
    assert isinstance(hook, RunCommand)
    assert hook.environment["VERBUMP_HOOK_VERSION"] == "1.3.0"
    assert hook.environment["VERBUMP_HOOK_PACKAGES"] == "core 1.3.0 core-v1.3.0\napi 2.0.1 api-v2.0.1\n"


def test_a_version_needs_a_package() -> None:
    with pytest.raises(UsageError, match="several packages: core, api, tool") as caught:
        packages.plan_release(snapshot({}), Request(exact="3.0.0"))
    assert caught.value.hint == "name one: --package NAME"
    assert next_of(snapshot({}), Request(exact="3.0.0", package="api")) == {"api": "3.0.0"}


def test_unknown_package() -> None:
    with pytest.raises(UsageError) as caught:
        packages.plan_next(snapshot({}), Request(package="cor"))
    assert (caught.value.code, caught.value.hint) == ("no-such-package", "did you mean core?")


def test_a_version_that_the_workspace_states_is_nobodys() -> None:
    whole = snapshot({"core": "feat: x"})
    core = whole.packages[0]
    path = PurePosixPath("core/Cargo.toml")
    texts = {path: '[package]\nname = "core"\nversion.workspace = true\n', LOCK_PATH: LOCK}
    spoiled = replace(core, view=replace(core.view, texts=texts))
    planned = packages.plan_release(replace(whole, packages=(spoiled, *whole.packages[1:])), Request())
    assert "version-inherited" in {problem.code for problem in planned.plan.errors}


def found(tags: set[str], **crates: str) -> list[str]:
    """The names of the packages that a workspace with these crates (name=version) and tags holds."""
    texts = {PurePosixPath("Cargo.toml"): '[workspace]\nmembers = ["*"]\n'}
    texts |= {
        PurePosixPath(f"{name}/Cargo.toml"): f'[package]\nname = "{name}"\nversion{version}\n'
        for name, version in crates.items()
    }
    targets = tuple(Target(path=path, format=Format.CARGO_TOML, scheme="semver") for path in texts)
    whole = replace(snapshot({}), targets=targets, texts=texts, packages=())
    return [each.name for each in package_views.find_packages(whole, tags)]


OWN, OTHER = ' = "1.0.0"', ' = "2.0.0"'


@pytest.mark.parametrize(
    ("tags", "crates", "names"),
    [
        pytest.param(set(), {"a": OWN, "b": OTHER}, ["a", "b"], id="versions differ"),
        pytest.param({"a-v1.0.0", "b-v2.0.0"}, {"a": OWN, "b": OTHER}, ["a", "b"], id="differ, tagged each"),
        pytest.param({"v1.0.0"}, {"a": OWN, "b": OTHER}, [], id="differ, one tag for all"),
        pytest.param(set(), {"a": OWN, "b": OWN}, [], id="versions agree"),
        pytest.param({"a-v1.0.0", "b@1.0.0"}, {"a": OWN, "b": OWN}, ["a", "b"], id="agree, tagged each"),
        pytest.param({"a-v1.0.0"}, {"a": OWN, "b": OWN}, [], id="agree, tagged by the first"),
        pytest.param(set(), {"a": OWN, "b": OTHER + "\npublish = false"}, [], id="a helper"),
        pytest.param(set(), {"a": OWN, "b": ".workspace = true"}, [], id="inherited"),
        pytest.param(set(), {"a": OWN, "b": OTHER, "c": "="}, [], id="broken"),
    ],
)
def test_packages_of_a_workspace(tags: set[str], crates: dict[str, str], names: list[str]) -> None:
    assert found(tags, **crates) == names


A, B, TOP = (PackageConfig(name=name, path=path) for name, path in (("a", "a"), ("b", "x/b"), ("top", ".")))


@pytest.mark.parametrize(
    ("tags", "formats"),
    [
        (set(), {"a": "a-v{version}", "b": "b-v{version}", "top": "top-v{version}"}),
        ({"a@1.0.0", "b/v1.0.0"}, {"a": "a@{version}", "b": "b/v{version}", "top": "top-v{version}"}),
        ({"x/b/v1.0.0", "v3.0.0"}, {"a": "a-v{version}", "b": "x/b/v{version}", "top": "v{version}"}),
    ],
)
def test_tag_formats(tags: set[str], formats: dict[str, str]) -> None:
    made = package_views.tag_formats_of(Config(), (A, B, TOP), tags)
    assert {name: form.text for name, form in made.items()} == formats


def test_tag_formats_that_collide() -> None:
    with pytest.raises(ConfigError, match=r"packages a and b would share the tag v1\.2\.3") as caught:
        package_views.tag_formats_of(Config(tag_format="v{version}"), (A, B), ())
    assert caught.value.code == "tag-formats-collide"
    suffix = replace(B, tag_format="v{version}-b")  # v1.2.3-b is a candidate of the other
    with pytest.raises(ConfigError, match=r"would share the tag v1\.2\.3-b"):
        package_views.tag_formats_of(Config(), (replace(A, tag_format="v{version}"), suffix), ())


def test_what_belongs_to_a_package() -> None:
    inner = PackageConfig(name="inner", path="a/[in]", exclude=("a/[in]/docs/**",))
    every = (A, inner, TOP)
    config = Config(exclude=("**/*.md",))
    views = [package_views.config_of(config, each, every) for each in every]
    assert [view.include for view in views] == [("a/**",), ("a/\\[in]/**",), ()]
    assert [view.exclude for view in views] == [
        ("a/\\[in]/**", "**/*.md"),
        ("a/[in]/docs/**", "**/*.md"),
        ("a/**", "a/\\[in]/**", "**/*.md"),
    ]
    assert [view.changelog for view in views] == ["a/CHANGELOG.md", "a/[in]/CHANGELOG.md", "CHANGELOG.md"]
    assert package_views.config_of(Config(changelog=False), A, every).changelog is False
