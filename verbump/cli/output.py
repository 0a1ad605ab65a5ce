"""Decisions and plans as text, diff and JSON. Whatever came from a repository or a server is escaped here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from verbump.domain import escape, versions
from verbump.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verbump.errors import Problem
    from verbump.planning.next_version import Decision, Reason
    from verbump.planning.release import ReleasePlan
    from verbump.planning.snapshot import VersionTag


def safe(text: str) -> str:
    """One line, fit for a terminal, or for the log of a GitHub workflow."""
    return escape.for_log(text) if os.environ.get("GITHUB_ACTIONS") == "true" else escape.for_terminal(text)


def width(text: str) -> int:
    """How many columns of a terminal the text takes once it is safe: wide characters two, combining ones none."""
    from rich.cells import cell_len

    return cell_len(safe(text))


def echo_answer(text: str) -> None:
    """A text on stdout, with one line end. Nothing else is ever written there."""
    click.echo(text.removesuffix("\n"))


def echo_plan(lines: Iterable[str], *, is_colored: bool = False) -> None:
    """What is about to be done, on stdout; colours are left out unless `is_colored`."""
    for line in lines:
        click.echo(line, color=is_colored)


def write_answer(text: str, target: str | None) -> None:
    """The answer into the file `target`, whole or not at all; on stdout where there is none, or it is `-`.

    Into what is there and is no file (a device, a pipe, a link to one) it is written: a rename would put a file in
    place of `/dev/null`.
    """
    if target is None or target == "-":
        echo_answer(text)
        return
    from pathlib import Path

    from verbump.effects import files

    path, content = Path(target), (text.removesuffix("\n") + "\n").encode("utf-8")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            files.write_bytes(path.resolve(), content)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written: {error.strerror}", code="unwritable") from error


def echo_error(text: str) -> None:
    """Lines on stderr, each escaped."""
    from verbump.effects.redaction import redact

    for line in redact(text).split("\n"):
        click.echo(safe(line), err=True)


def show_problems(problems: Iterable[Problem]) -> None:
    """Each problem on stderr: what and where, then the fix on a line of its own."""
    for problem in problems:
        echo_error(f"{problem.severity}: {problem.message} [{problem.code}]")
        if problem.hint:
            echo_error(f"  hint: {problem.hint}")


def as_json(data: object) -> str:
    """JSON, indented, in ASCII: right in every encoding, and without a character that a terminal would act on."""
    import json

    return json.dumps(data, indent=1)


def pep440_or_empty(version: versions.Version | None) -> str:
    """The PEP 440 spelling, "" where there is none."""
    try:
        return versions.to_pep440(version) if version is not None else ""
    except InputError:
        return ""


def problem_data(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems as JSON data."""
    return [
        {"code": each.code, "severity": each.severity, "message": each.message, "hint": each.hint} for each in problems
    ]


def decision_data(decision: Decision) -> dict[str, Any]:
    """The `next` JSON of commands.md, without `schema` and `packages`."""
    return {
        "current": _tag_data(decision.current),
        "next": _next_data(decision),
        "reasons": [_reason_data(reason) for reason in decision.reasons],
        "ignored": [
            {"commit": each.commit, "header": each.header, "why": each.why, "suggestion": each.suggestion}
            for each in decision.ignored
        ],
        "problems": problem_data(decision.problems),
    }


def next_data(decision: Decision | None, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """The whole JSON of `next`; without a decision only its problems."""
    empty = {"current": None, "next": None, "reasons": [], "ignored": [], "problems": problem_data(problems)}
    return {"schema": 1, **(decision_data(decision) if decision else empty), "packages": []}


def next_data_of(decisions: Mapping[str, Decision]) -> dict[str, Any]:
    """The JSON of `next` for several packages, by their names: the first at the top, and all in `packages`."""
    packages = [{"name": name, **next_data(decision)} for name, decision in decisions.items()]
    return {**next_data(next(iter(decisions.values()))), "packages": packages}


def plan_data(release: ReleasePlan | None, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """The whole JSON of `release`; without a plan only its problems."""
    from verbump.planning.actions import describe, describe_kind

    if release is None:
        return {**next_data(None, problems), "files": [], "section": "", "actions": [], "said": []}
    decisions = {each.name: each.decision for each in release.packages}
    data = next_data_of(decisions) if decisions else next_data(release.decision)
    for described, each in zip(data["packages"], release.packages, strict=True):
        described["section"] = each.section
    return {
        **data,
        "problems": problem_data(release.plan.problems),
        "files": [
            {"path": str(file.path), "old": file.old, "new": file.new, "created": file.before is None}
            for file in release.files
        ],
        "section": release.packages[0].section if release.packages else release.section,
        "actions": [{"do": describe_kind(action), "text": describe(action)} for action in release.plan.actions],
        "said": list(release.plan.said),
    }


def explain(decision: Decision, *, color: str) -> str:
    """A table of what asked for the version and what did not: bump, commit, rule, entry."""
    from io import StringIO

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("bump")
    table.add_column("commit", no_wrap=True)
    table.add_column("message", overflow="fold")
    table.add_column("rule", overflow="fold")
    table.add_column("entry", overflow="fold")
    for reason in decision.reasons:
        entry = reason.category or "-"
        row = (reason.bump.word, (reason.commit or "-")[:7], reason.header, reason.rule, entry)
        table.add_row(*(Text(safe(cell), style=_STYLES.get(reason.bump.word, "")) for cell in row))
    for left in decision.ignored:
        why = left.why if left.suggestion is None else f"{left.why}; write: {left.suggestion}"
        table.add_row(*(Text(safe(cell), style="dim") for cell in ("none", left.commit[:7], left.header, why, "-")))
    stream = StringIO()
    is_colored = is_colorful(color)
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else 120
    Console(file=stream, force_terminal=is_colored, no_color=not is_colored, width=width, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def is_colorful(choice: str) -> bool:
    """Whether stdout gets colour, by `--color`: with "auto" a terminal does, where NO_COLOR is unset or empty."""
    return choice == "always" or (choice == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"))


_STYLES = {"major": "bold red", "minor": "green", "patch": "cyan"}


def _tag_data(tag: VersionTag | None) -> dict[str, str] | None:
    if tag is None:
        return None
    return {
        "version": str(tag.version),
        "pep440": pep440_or_empty(tag.version),
        "tag": tag.name,
        "commit": tag.commit,
    }


def _next_data(decision: Decision) -> dict[str, Any] | None:
    if decision.version is None:
        return None
    return {
        "version": str(decision.version),
        "pep440": pep440_or_empty(decision.version),
        "tag": decision.tag,
        "bump": decision.bump.word,
        "requested_bump": decision.requested.word,
        "prerelease": bool(decision.version.prerelease),
    }


def _reason_data(reason: Reason) -> dict[str, Any]:
    return {
        "source": reason.source,
        "commit": reason.commit,
        "header": reason.header,
        "type": reason.type,
        "scope": reason.scope,
        "breaking": reason.is_breaking,
        "bump": reason.bump.word,
        "rule": reason.rule,
        "category": reason.category,
    }
