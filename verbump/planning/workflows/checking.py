"""`workflows --check`: drift, pins that can be moved, actions that nobody has looked at, runners that are no more."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from verbump.errors import Problem
from verbump.planning.workflows import files, pins, platforms, rendering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

    from verbump.planning.workflows.files import WorkflowFile
    from verbump.planning.workflows.shape import Facts

_AGAIN = "verbump workflows"
_WARNED_DAYS = 90
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_NAMED = re.compile(r"\s*(?:-\s+)?(?:run-)?name:")


def find_problems(facts: Facts) -> tuple[tuple[WorkflowFile, ...], tuple[Problem, ...]]:
    """The files that are asked for, with their states, and everything that is wrong with what lies there."""
    wanted, problems = files.find_files(facts)
    found = [*problems, *files.find_unhashed(facts)]
    for each in wanted:
        found += _of_state(each)
    for path in files.find_left_over(facts, wanted):
        message = f"{path}: verbump wrote it, and workflows.files no longer asks for it"
        found.append(Problem(code="workflow-left-over", message=message, hint=f"git rm {path}", severity="warning"))
    for path, text in facts.files.items():
        if path.suffix in {".yml", ".yaml"} and path != rendering.DEPENDABOT:
            found += _of_uses(path, text)
            found += _of_labels(path, text, facts.today)
    return wanted, tuple(found)


def _of_state(file: WorkflowFile) -> Iterator[Problem]:
    match file.state:
        case "missing":
            yield Problem(code="workflow-missing", message=f"{file.path} is not there", hint=_AGAIN)
        case "outdated":
            message = f"{file.path} is not what the project and [tool.verbump.workflows] ask for now"
            yield Problem(code="workflow-outdated", message=message, hint=_AGAIN)
        case "edited":
            hint = "move the edit to [tool.verbump.workflows], or `verbump workflows --force` to lose it"
            yield Problem(code="workflow-edited", message=f"{file.path} was edited by hand", hint=hint)
        case "foreign" if file.path != rendering.DEPENDABOT:
            hint = "`verbump workflows --force` replaces it; or leave it out of workflows.files"
            yield Problem(code="workflow-edited", message=f"{file.path} was not written by verbump", hint=hint)
        case _:
            pass


def _of_uses(path: PurePosixPath, text: str) -> Iterator[Problem]:
    is_ours = rendering.is_ours(text)
    for use in pins.find_uses(text):
        where = f"{path}:{use.line}: {use.action}"
        pin = pins.table().get(use.action)
        if use.is_local or (use.action.startswith("docker://") and use.ref.startswith("sha256:")):
            continue
        if not use.is_pinned:
            message = f"{where}@{use.ref} is a name that can be moved, expected the 40 hex digits of a commit"
            hint = f"uses: {pin.text}" if pin else f"uses: {use.action}@<sha of {use.ref or 'a version'}> # {use.ref}"
            yield Problem(code="action-not-pinned", message=message, hint=hint)
        elif pin is None:
            message = f"{where} is not in verbump's table of actions"
            hint = "make sure of what it does" if not is_ours else _AGAIN
            yield Problem(code="action-unknown", message=message, hint=hint, severity="error" if is_ours else "warning")
        elif is_ours and not pins.is_known(use):
            message = f"{where} is pinned to {use.ref[:12]} as {use.version or 'no version'}"
            message += f", verbump's table has {pin.version} at {pin.sha[:12]}"
            yield Problem(code="pin-differs", message=message, hint=f"uses: {pin.text}")


def _of_labels(path: PurePosixPath, text: str, today: str) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), 1):
        if _NAMED.match(line):
            continue
        for label in dict.fromkeys(_labels().findall(_COMMENT.sub("", line))):
            end = platforms.runner_ends()[label]
            days = (date.fromisoformat(end) - date.fromisoformat(today)).days if end else _WARNED_DAYS + 1
            if days > _WARNED_DAYS:
                continue
            said = f"ended on {end}: no job with it starts" if days <= 0 else f"ends on {end}, in {days} days"
            hint = _AGAIN if rendering.is_ours(text) else "take a label of a newer system"
            yield Problem(
                code="runner-ended" if days <= 0 else "runner-ending",
                message=f"{path}:{number}: the runner {label} {said}",
                hint=hint,
                severity="error" if days <= 0 else "warning",
            )


@cache
def _labels() -> re.Pattern[str]:
    names = sorted(platforms.runner_ends(), key=len, reverse=True)
    return re.compile(rf"""(?<![\w./-])({"|".join(map(re.escape, names))})(?![\w./-])""")
