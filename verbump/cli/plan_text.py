"""Plans as text, with unified diffs of files. `output.echo_plan` leaves the colours out where none are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from verbump.cli import output
from verbump.planning.actions import WriteFile, actions_of, describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.planning.actions import Plan
    from verbump.planning.manifest_changes import FileChange
    from verbump.planning.next_version import Decision
    from verbump.planning.release import ReleasePlan

_COLOURS = {"@": "cyan", "+": "green", "-": "red"}


def of_release(release: ReleasePlan, *, with_diff: bool) -> Iterator[str]:
    """The plan, line by line: versions, files, steps, remarks; the sections, or a coloured diff of every file."""
    if not release.packages:
        yield from _version_lines(release.decision, "")
    for each in release.packages:
        if each.decision.version is not None:
            yield from _version_lines(each.decision, f"{each.name} ")
    yield ""
    yield "Files"
    width = max((len(str(file.path)) for file in release.files), default=0)
    for file in release.files:
        what = f"{file.old} -> {file.new}" if file.old else "created" if file.before is None else "changed"
        yield f"  {file.path!s:<{width}}  {what}"
    if not release.files:
        yield "  none"
    yield ""
    yield "Steps"
    for number, action in enumerate(release.plan.actions, 1):
        yield f"  {number}. {output.safe(describe(action))}"
    for remark in release.plan.said:
        yield output.safe(remark)
    yield ""
    if with_diff:
        for file in release.files:
            yield from painted(file)
        return
    sections = [(f"{each.name}:", each.section) for each in release.packages if each.section]
    for name, section in sections or [("", release.section)]:
        yield from [name] if name else []
        yield from (output.safe(line) for line in section.rstrip().split("\n"))


def _version_lines(decision: Decision, name: str) -> Iterator[str]:
    current = str(decision.current.version) if decision.current else "(no release yet)"
    yield f"{name}{current} -> {decision.version} ({decision.bump.word})"
    if decision.requested is not decision.bump and decision.requested:
        yield f"  the commits ask for {decision.requested.word}"


def of_files(plan: Plan) -> Iterator[str]:
    """One unified diff of every file that the plan writes, line by line."""
    for action in actions_of(plan.actions, WriteFile):
        yield from painted(action)


def painted(file: FileChange | WriteFile) -> Iterator[str]:
    """The same with colours, as git has them; `echo_plan` leaves them out where none are wanted."""
    for number, line in enumerate(plain(file)):
        style = {"bold": True} if number < 2 else {"fg": _COLOURS.get(line[:1])}
        yield click.style(line, **style) if any(style.values()) else line


def plain(file: FileChange | WriteFile) -> Iterator[str]:
    """A unified diff of one file, line ends left out."""
    import difflib

    before, after = (_lines(text) for text in (file.before, file.after))
    old = f"a/{file.path}" if file.before is not None else "/dev/null"
    for line in difflib.unified_diff(before, after, old, f"b/{file.path}", lineterm=""):
        yield "\t".join(output.safe(part) for part in line.removesuffix("\r").split("\t"))


def _lines(text: str | None) -> list[str]:
    """Lines to compare; a missing line end at the end of the file is a mark of its own, as in git."""
    if not text:
        return []
    lines = text.split("\n")
    if lines[-1]:
        return [*lines, "\\ No newline at end of file"]
    return lines[:-1]
