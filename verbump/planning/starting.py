"""Whether a release's push starts its workflow, and what does where it does not.

GitHub starts nothing for a tag that a workflow's GITHUB_TOKEN has pushed, nor for more than three tags in one push. A
dispatch is the exception to the first and free of the second.

Sources: GitHub Docs, "Triggering a workflow from a workflow"; "Events that trigger workflows", push.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from verbump.errors import Problem
from verbump.planning.after_push import DispatchWorkflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbump.planning.snapshot import Starting

MOST_TAGS = 3
_KEY = re.compile(r"""([ \t]{0,200})["']?([A-Za-z_][A-Za-z0-9_-]{0,100})["']?[ \t]{0,20}:""")
_LEAD = re.compile(r"[ \t]{0,200}")
_DISPATCH = re.compile(
    r"""[ \t]*(?:-[ \t]*)?["']?workflow_dispatch["']?[ \t]*(?::.*)?|["']?on["']?:.*\bworkflow_dispatch\b.*"""
)
_TAGS = re.compile(r"""(?:^|[\s{,])["']?tags["']?:""")
# What a dispatch may be asked to say: a run at the tag's version, for good.
_WANTED = ("version", "tag", "publish", "dry-run", "dry_run")


def parse_inputs(text: str) -> tuple[str, ...] | None:
    """The inputs that a workflow's `workflow_dispatch` declares, None where it cannot be dispatched. Linear in time.

    Inputs are seen where they stand in block style, a line each, as GitHub's documentation writes them.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = next((number for number, line in enumerate(lines) if _DISPATCH.fullmatch(line.rstrip())), None)
    if found is None:
        return None
    inputs = _block(lines[found:])
    start = next((number for number, line in enumerate(inputs) if line.strip() == "inputs:"), None)
    return () if start is None else tuple(_names(_block(inputs[start:])))


def is_started_by_tags(text: str) -> bool:
    """Whether a workflow speaks of tags at all, as `on: push: tags:` does."""
    return _TAGS.search(text) is not None


def plan_dispatches(starting: Starting | None, versions: Mapping[str, str]) -> Iterator[DispatchWorkflow]:
    """What starts the workflow for each tag of a push. `versions` is tag → version."""
    if starting is None or starting.inputs is None:
        return
    many = len(versions) > MOST_TAGS
    if not many and not starting.may_be_silent:
        return
    for tag, version in versions.items():
        yield DispatchWorkflow(
            workflow=starting.workflow,
            tag=tag,
            inputs={name: value for name, value in _values(tag, version).items() if name in starting.inputs},
            is_certain=many,
        )


def plan_late_dispatches(starting: Starting | None, versions: Mapping[str, str]) -> Iterator[DispatchWorkflow]:
    """What starts the workflow of a release that somebody else has pushed, where nothing runs at its tags.

    Who pushed is not known any more, so that a workflow for tags counts as one that the push may not have started.
    """
    if starting is not None:
        yield from plan_dispatches(
            replace(starting, may_be_silent=starting.may_be_silent or starting.is_for_tags), versions
        )


def find_problems(starting: Starting | None, count: int) -> Iterator[Problem]:
    """A warning where `count` tags may start nothing, and a dispatch cannot either."""
    if starting is None or starting.inputs is not None or not starting.is_for_tags:
        return
    if count > MOST_TAGS or starting.may_be_silent:
        why = f"more than {MOST_TAGS} tags in one push" if count > MOST_TAGS else "a tag pushed with GITHUB_TOKEN"
        path = f".github/workflows/{starting.workflow}"
        message = f"{why} starts no workflow, and {path} has no workflow_dispatch to start it by"
        hint = f"add `workflow_dispatch:` below `on:` in {path}"
        yield Problem(code="workflow-not-started", message=message, hint=hint, severity="warning")


def describe_commands(actions: Iterable[DispatchWorkflow], repository: str = "") -> str:
    """The commands of gh that start the workflow at each tag, joined by &&. `repository` is owner/name."""
    return " && ".join(_command(action, repository) for action in actions)


def _command(action: DispatchWorkflow, repository: str) -> str:
    words = ["gh", "workflow", "run", action.workflow, "--ref", action.tag]
    for name, value in action.inputs.items():
        words += ["-f", f"{name}={value}"]
    return shlex.join([*words, *(["--repo", repository] if repository else [])])


def _values(tag: str, version: str) -> Mapping[str, str]:
    return dict(zip(_WANTED, (version, tag, "true", "false", "false"), strict=True))


def _block(lines: list[str]) -> list[str]:
    """The lines that stand deeper than the first one."""
    depth = _depth(lines[0])
    end = next((number for number, line in enumerate(lines[1:], 1) if _depth(line) <= depth), len(lines))
    return lines[1:end]


def _names(lines: list[str]) -> Iterator[str]:
    """The keys of the outermost lines."""
    for line in lines:
        found = _KEY.match(line)
        if found is not None and len(found[1]) == _depth(lines[0]):
            yield found[2]


def _depth(line: str) -> int:
    found = _LEAD.match(line)
    return len(found[0]) if found else 0
