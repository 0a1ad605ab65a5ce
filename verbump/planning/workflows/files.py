"""plan_workflows: which files are to be written, which are not verbump's to write, and whether they are current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from verbump.errors import Problem
from verbump.planning.actions import Plan, WriteFile
from verbump.planning.workflows import pins, rendering
from verbump.planning.workflows.shape import find_shape

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from verbump.planning.workflows.shape import Facts

# Problems that only a release workflow has.
_OF_RELEASE = frozenset(
    {"several-packages", "nothing-to-build", "backend-not-covered", "no-python", "no-runner", "program-double"}
)
State = Literal["current", "missing", "outdated", "edited", "foreign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFile:
    """A file that the configuration asks for. `present` is what lies there, None for nothing; `text` what should.

    `outdated`: as verbump wrote it once; `edited`: by hand since; `foreign`: never verbump's.
    """

    path: PurePosixPath
    state: State
    present: str | None
    text: str


def find_files(facts: Facts) -> tuple[tuple[WorkflowFile, ...], tuple[Problem, ...]]:
    """Every file that is asked for, as it should be and as it is; none where a problem of severity error forbids it."""
    shape = find_shape(facts)
    asked = facts.snapshot.config.workflows.files
    problems = [each for each in shape.problems if "release" in asked or each.code not in _OF_RELEASE]
    if any(each.severity == "error" for each in problems):
        return (), tuple(problems)
    found = tuple(_judged(path, text, facts) for path, text in rendering.render_files(facts, shape).items())
    return found, tuple(problems)


def _judged(path: PurePosixPath, text: str, facts: Facts) -> WorkflowFile:
    present = facts.files.get(path)
    if present is None:
        return WorkflowFile(path=path, state="missing", present=None, text=text)
    lines = present.replace("\r\n", "\n")
    wanted = pins.with_newer_pins(text, lines)
    state: State
    if pins.without_pins(lines) == pins.without_pins(wanted):
        state = "current" if all(map(pins.is_known, _known(lines))) else "outdated"
    elif rendering.is_untouched(lines):
        state = "outdated"
    else:
        state = "edited" if rendering.is_ours(lines) else "foreign"
    # A file keeps the line ends that it has: git may have made them.
    after = wanted.replace("\n", "\r\n") if "\r\n" in present else wanted
    return WorkflowFile(path=path, state=state, present=present, text=after)


def _known(text: str) -> list[pins.Use]:
    return [use for use in pins.find_uses(text) if use.action in pins.table()]


def plan_workflows(facts: Facts, *, is_forced: bool = False) -> Plan:
    """Write what is missing or outdated; what was edited by hand only where `is_forced`."""
    files, found = find_files(facts)
    problems, actions, said = [*found, *find_unhashed(facts)], [], []
    for each in files:
        if each.state == "current" or each.present == each.text:
            continue
        if each.state == "foreign" and each.path == rendering.DEPENDABOT and not is_forced:
            said.append(f"{each.path} is not verbump's, and stays as it is")
            continue
        if each.state in {"edited", "foreign"} and not is_forced:
            was = "was edited by hand" if each.state == "edited" else "was not written by verbump"
            hint = "move the edit to [tool.verbump.workflows], or `verbump workflows --force` to lose it"
            problems.append(Problem(code="workflow-edited", message=f"{each.path} {was}", hint=hint))
            continue
        actions.append(WriteFile(path=each.path, before=each.present, after=each.text))
    said += [f"{path} is no longer asked for: git rm it" for path in find_left_over(facts, files)]
    return Plan(actions=tuple(actions), problems=tuple(problems), said=tuple(said))


def find_left_over(facts: Facts, files: tuple[WorkflowFile, ...]) -> tuple[PurePosixPath, ...]:
    """What verbump wrote once and nobody asks for any more."""
    asked = {each.path for each in files}
    return tuple(path for path, text in facts.files.items() if path not in asked and rendering.is_ours(text))


def find_unhashed(facts: Facts) -> list[Problem]:
    """A warning where the index has not told the hashes of verbump's own files: jobs refuse to install without."""
    own = facts.own
    if own is None or own.hashes or not facts.snapshot.config.workflows.files:
        return []
    message = (
        f"{rendering.REQUIREMENTS}: the hashes of {own.name} {own.version} are not known, so jobs refuse to install it"
    )
    hint = "verbump workflows, once the index has that version and can be asked"
    return [Problem(code="requirement-unhashed", message=message, hint=hint, severity="warning")]
