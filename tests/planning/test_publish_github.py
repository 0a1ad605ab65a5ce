"""What has to be done for a release on GitHub, by what is there: decided without asking anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from verbump.domain import versions
from verbump.planning import actions, notes, notes_tail, publish_github
from verbump.planning.actions import LocalFile
from verbump.planning.publish_github import Asset, Existing, Wanted

A, B = (LocalFile(name=name, size=3, sha256=digit * 64) for name, digit in (("a.whl", "a"), ("b.whl", "b")))
WANTED = Wanted(tag="v1.2.3", version=versions.parse("1.2.3"), notes="- x\n", files=(A, B))


def existing(tag: str = "v1.2.3", **changed: Any) -> Existing:
    values: dict[str, Any] = {
        "id": 7,
        "body": publish_github.with_marker("- x\n", tag),
        "version": versions.parse_or_none(tag.removeprefix("v")),
        "is_draft": True,
        "is_prerelease": False,
        "is_immutable": False,
        "page": f"https://github.com/o/r/releases/tag/{tag}",
    }
    return Existing(tag=tag, **{**values, **changed})


def asset(file: LocalFile, **changed: Any) -> Asset:
    return replace(Asset(id=1, name=file.name, size=file.size, sha256=file.sha256), **changed)


def described(wanted: Wanted, *there: Existing) -> str:
    plan = publish_github.plan_publish(wanted, there)
    return "; ".join([*map(actions.describe, plan.actions), *(problem.code for problem in plan.problems), *plan.said])


RELEASED = existing(is_draft=False, assets=(asset(A), asset(B)))
CASES = [
    ((), WANTED, "draft the release v1.2.3, then publish it as Latest"),
    ((), replace(WANTED, stays_draft=True), "draft the release v1.2.3, not published"),
    ((existing(),), WANTED, "finish the draft of the release v1.2.3, then publish it as Latest"),
    ((RELEASED,), WANTED, ""),
    ((RELEASED,), replace(WANTED, stays_draft=True), ""),
    ((existing(assets=(asset(A), asset(B))),), replace(WANTED, stays_draft=True), ""),
    ((replace(RELEASED, assets=(asset(A),)),), WANTED, "add what is missing to the release v1.2.3"),
    ((replace(RELEASED, assets=(asset(A),), is_immutable=True),), WANTED, "release-immutable"),
    ((replace(RELEASED, assets=(asset(A), asset(B, sha256="c" * 64))),), WANTED, "asset-differs"),
    ((replace(RELEASED, assets=(asset(A), asset(B, is_complete=False))),), WANTED, "asset-differs"),
    ((replace(RELEASED, body="by hand"),), WANTED, "release-foreign"),
    (
        (replace(RELEASED, assets=(*RELEASED.assets, asset(A, name="z.sig"))),),
        WANTED,
        "also in the release, and left there: z.sig",
    ),
    (
        (replace(RELEASED, body=publish_github.with_marker("- y\n", "v1.2.3")),),
        WANTED,
        "the notes of the published release differ from the changelog's; they are left as they are",
    ),
    (
        (existing(id=9), existing(id=8)),
        replace(WANTED, stays_draft=True, files=()),
        "another draft for v1.2.3 stays as it is: https://github.com/o/r/releases/tag/v1.2.3",
    ),
    ((existing("v1.2.4", is_draft=False),), WANTED, "draft the release v1.2.3, then publish it"),
    ((existing("v1.2.4"),), WANTED, "draft the release v1.2.3, then publish it as Latest"),
    ((existing("nightly", is_draft=False),), WANTED, "draft the release v1.2.3, then publish it as Latest"),
    (
        (),
        replace(WANTED, tag="v2.0.0-rc.1", version=versions.parse("2.0.0-rc.1")),
        "draft the pre-release v2.0.0-rc.1, then publish it",
    ),
]


@pytest.mark.parametrize(("there", "wanted", "said"), CASES)
def test_plans(there: tuple[Existing, ...], wanted: Wanted, said: str) -> None:
    action_and_problems = described(wanted, *there)
    if said.startswith(("asset-", "release-immutable")):
        assert action_and_problems == f"add what is missing to the release v1.2.3; {said}"
    else:
        assert action_and_problems == said


def test_a_broken_digest_is_told_with_both(  # the reader sees which file is meant
) -> None:
    plan = publish_github.plan_publish(WANTED, [replace(RELEASED, assets=(asset(A, sha256="c" * 64), asset(B)))])
    (problem,) = plan.errors
    assert problem.message == (
        "a.whl: the published release v1.2.3 holds another file of that name (sha256 cccccccccccc…, here aaaaaaaaaaaa…)"
    )


def test_a_server_without_digests_is_judged_by_size() -> None:
    assert publish_github.is_same(A, asset(A, sha256=""))
    assert not publish_github.is_same(A, asset(A, sha256="", size=4))


def test_the_marker_is_the_last_line_and_names_the_tag() -> None:
    assert publish_github.with_marker("- x\n\n", "py/v1.0") == "- x\n\n<!-- verbump release py/v1.0 -->\n"
    assert publish_github.with_marker("", "v1") == "<!-- verbump release v1 -->\n"


def test_the_tail_of_notes_is_inert_but_for_accounts() -> None:
    people = (
        notes_tail.Contributor(name="x", login="alice-b", is_first=True),
        notes_tail.Contributor(name="@all <img> fixes #1", login="no login"),
        notes_tail.Contributor(name=""),
    )
    extras = notes_tail.Extras(contributors=people, checksums={"a|b": "0" * 64})
    assert notes_tail.render_tail(extras, "https://e.org") == (
        "### Contributors\n\n- @alice-b, for the first time\n- @\u200ball &lt;img> fixes #\u200b1\n- (no name)\n\n"
        f"### Checksums\n\n| file | SHA-256 |\n|---|---|\n| a\\|b | `{'0' * 64}` |\n\n"
        "**Full changelog**: https://e.org\n"
    )
    assert notes_tail.render_tail(notes_tail.Extras(), "") == ""


def test_lengths_are_counted_as_github_counts() -> None:
    assert notes.units("😀" * 3 + "x") == len(("😀" * 3 + "x").encode("utf-16-le")) // 2
