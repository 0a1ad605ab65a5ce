"""What of a workflow file says that a dispatch can start it, and when a release does so."""

from __future__ import annotations

import pytest

from verbump.planning import starting
from verbump.planning.actions import describe
from verbump.planning.snapshot import Starting

RELEASE = """\
name: release
on:
  push:
    tags: ["v[0-9]+.[0-9]+.[0-9]+*"]
  workflow_dispatch:
    # by hand
    inputs:
      version:
        description: "publish: the version"
        default: dry-run

      publish:
        type: boolean
jobs:
  plan:
    inputs: {other: 1}
"""


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        (RELEASE, ("version", "publish")),
        ("on: [push, workflow_dispatch]\njobs: {}\n", ()),
        ("on: workflow_dispatch\n", ()),
        ('"on":\n  - workflow_dispatch\n  - push\n', ()),
        ("on:\n  workflow_dispatch:\n  push:\n    inputs:\n      x:\n", ()),
        ("on:\r\n  workflow_dispatch:\r\n    inputs:\r\n      'dry-run':\r\n        default: true\r\n", ("dry-run",)),
        ("on: push\n# workflow_dispatch:\njobs:\n  a:\n    run: gh api workflow_dispatch\n", None),
        ("on:\n  workflow_dispatch:\n    inputs:", ()),
        ("", None),
    ],
)
def test_inputs_of_a_dispatch(text: str, inputs: tuple[str, ...] | None) -> None:
    assert starting.parse_inputs(text) == inputs


@pytest.mark.parametrize(
    ("text", "is_for_tags"),
    [
        (RELEASE, True),
        ("on: {push: {tags: ['v*']}}", True),
        ("on: push\njobs:\n  a:\n    run: git fetch --tags\n", False),
        ("on: workflow_dispatch", False),
    ],
)
def test_workflows_for_tags(text: str, *, is_for_tags: bool) -> None:
    assert starting.is_started_by_tags(text) is is_for_tags


def facts(inputs: tuple[str, ...] | None = (), *, may_be_silent: bool = False) -> Starting:
    return Starting(workflow="release.yml", inputs=inputs, is_for_tags=True, may_be_silent=may_be_silent)


FOUR = {f"{name}-v1.0.0": "1.0.0" for name in "abcd"}


def test_a_person_pushing_three_tags_needs_no_dispatch() -> None:
    three = dict(list(FOUR.items())[:3])
    assert list(starting.plan_dispatches(facts(), three)) == []
    assert list(starting.plan_dispatches(None, FOUR)) == []
    assert list(starting.plan_dispatches(facts(None), FOUR)) == []


def test_four_tags_in_one_push_are_dispatched_each() -> None:
    made = list(starting.plan_dispatches(facts(), FOUR))
    assert [describe(each) for each in made] == [f"start release.yml at {tag}" for tag in FOUR]


def test_a_token_of_a_workflow_may_need_one() -> None:
    inputs = ("publish", "version", "dry_run", "other")
    (made,) = starting.plan_dispatches(facts(inputs, may_be_silent=True), {"v1.2.0": "1.2.0"})
    assert describe(made) == "start release.yml at v1.2.0, where the push does not (GITHUB_TOKEN)"
    assert made.inputs == {"version": "1.2.0", "publish": "true", "dry_run": "false"}
    assert starting.describe_commands([made]) == (
        "gh workflow run release.yml --ref v1.2.0 -f version=1.2.0 -f publish=true -f dry_run=false"
    )


def test_commands_are_quoted_for_a_shell() -> None:
    made = starting.plan_dispatches(facts(may_be_silent=True), {"v1;id": "1.0.0", "v2": "2.0.0"})
    assert starting.describe_commands(made, "o/r") == (
        "gh workflow run release.yml --ref 'v1;id' --repo o/r && gh workflow run release.yml --ref v2 --repo o/r"
    )


def test_a_workflow_that_nothing_can_start_is_a_warning() -> None:
    (problem,) = starting.find_problems(facts(None, may_be_silent=True), 1)
    assert (problem.code, problem.severity) == ("workflow-not-started", "warning")
    assert problem.message.startswith("a tag pushed with GITHUB_TOKEN starts no workflow")
    (problem,) = starting.find_problems(facts(None), 4)
    assert problem.message.startswith("more than 3 tags in one push starts no workflow")
    for quiet in (None, facts(None), facts((), may_be_silent=True)):
        assert list(starting.find_problems(quiet, 3)) == []
