"""A literal Snapshot in, an equal Plan out: no git, no files, no clock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from verbump.config import Config, HooksConfig, TypeRule
from verbump.domain.bumps import Bump
from verbump.domain.commits import Commit
from verbump.domain.forge import Forge
from verbump.domain.manifests import Format
from verbump.domain.tags import TagFormat
from verbump.domain.versions import parse
from verbump.planning import actions, coming, release
from verbump.planning.actions import (
    CreateReleaseCommit,
    CreateTag,
    MoveRefs,
    PushAtomically,
    RunCommand,
    UpdateWorktree,
)
from verbump.planning.snapshot import (
    Identity,
    PathState,
    Readiness,
    RemoteState,
    Request,
    Snapshot,
    Target,
    VersionTag,
)

CARGO, LOG = PurePosixPath("Cargo.toml"), PurePosixPath("CHANGELOG.md")
TEXT = '[package]\nname = "demo"\nversion = "1.2.3"\n'
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-01\n"
WHO = Identity(name="A", email="a@example.invalid")


def sha(letter: str) -> str:
    return letter * 40


def snapshot(*messages: str, config: Config | None = None) -> Snapshot:
    commits = tuple(
        Commit(sha=f"{index:x}" * 40, parents=(), message=text) for index, text in enumerate(reversed(messages), 1)
    )
    tag = VersionTag(
        name="v1.2.3", version=parse("1.2.3"), target=sha("e"), commit=sha("f"), is_reachable=True, is_remote=True
    )
    return Snapshot(
        head=sha("1"),
        branch="main",
        today="2026-11-23",
        timestamp=1795392000,
        tag_format=TagFormat(prefix="v"),
        tags=(tag,),
        tag_names=frozenset({"v1.2.3"}),
        commits=commits,
        fresh=frozenset(commit.sha for commit in commits),
        targets=(Target(path=CARGO, format=Format.CARGO_TOML, scheme="semver"),),
        texts={CARGO: TEXT, LOG: CHANGELOG},
        forge=Forge(kind="github", url="https://github.com/o/r"),
        config=config or Config(),
        readiness=Readiness(
            git_version=(2, 39, 5),
            identity=WHO,
            paths={CARGO: PathState(is_tracked=True), LOG: PathState(is_tracked=True)},
            remote=RemoteState(
                name="origin", url="https://github.com/o/r", tip=sha("1"), tag_names=frozenset({"v1.2.3"})
            ),
        ),
    )


def test_plan_is_the_whole_release_in_order() -> None:
    planned = release.plan_release(snapshot("feat(api): streams (#7)"), Request())

    commit, tag, push, refs, worktree = planned.plan.actions
    assert isinstance(commit, CreateReleaseCommit)
    section = (
        "## [1.3.0] - 2026-11-23\n\n### Added\n\n- **api:** Streams ([#7](https://github.com/o/r/issues/7), "
        f"[1111111](https://github.com/o/r/commit/{sha('1')}))\n"
    )
    links = (
        "\n[Unreleased]: https://github.com/o/r/compare/v1.3.0...HEAD\n"
        "[1.3.0]: https://github.com/o/r/compare/v1.2.3...v1.3.0\n"
    )
    files = (
        actions.WriteFile(path=CARGO, before=TEXT, after=TEXT.replace("1.2.3", "1.3.0")),
        actions.WriteFile(
            path=LOG,
            before=CHANGELOG,
            after=CHANGELOG.replace("## [1.2.3]", f"{section}\n## [1.2.3]") + links,
        ),
    )
    assert commit.files == files
    assert (commit.base, commit.identity, commit.timestamp, commit.sign) == (sha("1"), WHO, 1795392000, False)
    assert commit.message.startswith("chore(release): 1.3.0\n\nVerbump-Release: 1.3.0\nVerbump-Plan: ")
    assert isinstance(tag, CreateTag)
    assert tag.name == "v1.3.0"
    assert tag.message.split("\n\n")[1] == commit.message.split("\n\n")[1]
    assert push == PushAtomically(remote="origin", branch="main", tags=("v1.3.0",), expected=sha("1"))
    assert refs == MoveRefs(base=sha("1"), tags=("v1.3.0",), branch="main", remote="origin", remote_branch="main")
    assert worktree == UpdateWorktree(files=files)
    assert planned.plan.problems == ()


def test_no_push_plans_no_push() -> None:
    planned = release.plan_release(snapshot("feat: x"), Request(is_pushing=False))
    assert not any(isinstance(action, PushAtomically) for action in planned.plan.actions)


def test_commits_at_the_remote_do_not_matter_to_the_plan_hash() -> None:
    one = release.plan_release(snapshot("feat: x"), Request())
    two = release.plan_release(replace(snapshot("feat: x"), timestamp=1), Request())
    other = release.plan_release(snapshot("feat: y"), Request())
    trailers = [[a.message for a in each.plan.actions if isinstance(a, CreateTag)] for each in (one, two, other)]
    assert trailers[0] == trailers[1] != trailers[2]


def test_hooks_come_first_and_last() -> None:
    hooks = HooksConfig(before_commit=(("make", "docs"),), after_release=(("notify",),), paths=("docs/v.txt",))
    planned = release.plan_release(snapshot("feat: x", config=Config(hooks=hooks)), Request())
    first, last = planned.plan.actions[0], planned.plan.actions[-1]
    assert isinstance(first, RunCommand)
    assert isinstance(last, RunCommand)
    assert (first.argv, first.step, first.may_change) == (("make", "docs"), "before_commit", ("docs/v.txt",))
    assert (last.argv, last.step) == (("notify",), "after_release")
    assert first.environment["VERBUMP_HOOK_TAG"] == "v1.3.0"


PROBLEMS: list[tuple[dict[str, object], str]] = [
    ({"git_version": (2, 20, 0)}, "git-too-old"),
    ({"operation": "rebase"}, "operation-under-way"),
    ({"has_conflicts": True}, "conflicts"),
    ({"locked": ".git/index.lock"}, "index-locked"),
    ({"identity": None}, "no-identity"),
    ({"remote": None}, "no-remote"),
    ({"remote": RemoteState(name="o", error="no route")}, "remote-unreachable"),
    ({"remote": RemoteState(name="o", is_mirror=True)}, "remote-mirror"),
    ({"remote": RemoteState(name="o", tip=sha("9"), is_tip_reached=False)}, "branch-behind"),
    ({"paths": {CARGO: PathState(is_tracked=True, is_changed=True)}}, "target-dirty"),
    ({"paths": {CARGO: PathState(is_tracked=False)}}, "target-untracked"),
    ({"paths": {CARGO: PathState(is_tracked=False, is_ignored=True)}}, "target-ignored"),
    ({"paths": {CARGO: PathState(is_tracked=True, unsafe="is a symbolic link")}}, "target-unsafe"),
]


@pytest.mark.parametrize(("changes", "code"), PROBLEMS, ids=[code for _, code in PROBLEMS])
def test_problems(changes: dict[str, object], code: str) -> None:
    base = snapshot("feat: x")
    assert base.readiness is not None
    spoiled = replace(base, readiness=replace(base.readiness, **changes))  # type: ignore[arg-type]
    found = release.plan_release(spoiled, Request()).plan.errors
    assert [problem.code for problem in found] == [code]
    assert found[0].hint


def test_no_push_needs_no_remote() -> None:
    base = snapshot("feat: x")
    assert base.readiness is not None
    alone = replace(base, readiness=replace(base.readiness, remote=None))
    assert release.plan_release(alone, Request(is_pushing=False)).plan.errors == ()


def test_types_of_the_configuration() -> None:
    config = Config(types={"docs": TypeRule(bump="minor", category="Docs"), "feat": TypeRule(bump="none")})
    decision = coming.plan_next(snapshot("docs: x", "feat: y", config=config), Request())
    assert str(decision.version) == "1.3.0"
    assert [reason.category for reason in decision.reasons] == ["Docs"]


def test_floor_and_exact() -> None:
    assert str(coming.plan_next(snapshot("fix: x"), Request(floor="major")).version) == "2.0.0"
    assert str(coming.plan_next(snapshot("feat!: x"), Request(floor="patch")).version) == "2.0.0"
    assert str(coming.plan_next(snapshot("fix: x"), Request(exact="1.9.0")).version) == "1.9.0"


def test_nothing_to_release() -> None:
    planned = release.plan_release(snapshot("docs: x"), Request())
    assert planned.decision.version is None
    assert planned.decision.bump is Bump.NONE
    assert planned.plan == actions.Plan()


def test_every_action_is_described() -> None:
    planned = release.plan_release(snapshot("feat: x"), Request())
    for action in planned.plan.actions:
        assert actions.describe(action)
        assert actions.describe_kind(action) == actions.describe_kind(action).lower()


def test_bullets_without_a_category_ask_too() -> None:
    base = snapshot()
    text = CHANGELOG.replace("## [Unreleased]\n", "## [Unreleased]\n\n- Small.\n")
    noted = replace(base, texts={**base.texts, LOG: text})
    decision = coming.plan_next(noted, Request())
    assert str(decision.version) == "1.2.4"
    assert [(reason.source, reason.header) for reason in decision.reasons] == [("unreleased", "Small.")]
    assert "- Small.\n" in release.plan_release(noted, Request()).section


def test_entries_do_not_stick_to_html() -> None:
    base = snapshot("feat: x")
    block = "### Added\n\n<details>\n- hidden\n</details>\n"
    noted = replace(
        base, texts={**base.texts, LOG: CHANGELOG.replace("## [Unreleased]\n", f"## [Unreleased]\n\n{block}")}
    )
    planned = release.plan_release(noted, Request())
    assert planned.plan.errors == ()
    assert "</details>\n\n- X (" in planned.section
