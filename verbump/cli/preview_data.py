"""A preview as JSON data, as `verbump schema preview` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbump.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbump.errors import Problem
    from verbump.planning.preview import CommitVerdict, Decided, Preview, Section


def preview_data(preview: Preview, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """The whole JSON; `problems` come after the preview's own."""
    decided = preview.first.decided
    is_one = not decided[0].name
    told = (
        output.next_data(decided[0].decision)
        if is_one
        else output.next_data_of({each.name: each.decision for each in decided})
    )
    pull = preview.pull
    return {
        **told,
        "problems": output.problem_data((*preview.problems, *problems)),
        "pull_request": {
            "number": pull.number,
            "title": pull.title or None,
            "base": pull.base,
            "base_branch": pull.base_branch,
            "head": pull.head,
        },
        "unreleased": _versions(preview.unreleased),
        "own": preview.own.word,
        "requests": list(preview.requests),
        "methods": [{"method": each.method, "packages": _versions(each.decided)} for each in preview.outcomes],
        "commits": [_commit_data(each) for each in preview.commits],
        "squashed": _commit_data(preview.squashed) if preview.squashed else None,
        "files": [
            {"path": str(each.path), "old": each.old, "new": each.new, "created": each.before is None}
            for each in preview.files
        ],
        "sections": [_section_data(each) for each in preview.sections],
        "start": {
            "tags": list(preview.start.tags),
            "workflow": preview.start.workflow,
            "dispatchable": preview.start.is_dispatchable,
        },
    }


def _versions(decided: Iterable[Decided]) -> list[dict[str, Any]]:
    return [{"name": each.name, "next": output.decision_data(each.decision)["next"]} for each in decided]


def _commit_data(each: CommitVerdict) -> dict[str, Any]:
    return {
        "commit": each.commit,
        "header": each.header,
        "bump": each.bump.word,
        "rule": each.rule,
        "fault": each.fault,
        "suggestion": each.suggestion,
    }


def _section_data(each: Section) -> dict[str, Any]:
    release = each.release
    return {
        "name": each.name,
        "version": release.version,
        "date": release.date,
        "intro": list(release.intro),
        "categories": [
            {
                "title": part.title,
                "lines": list(part.lines),
                "entries": [
                    {
                        "breaking": entry.is_breaking,
                        "scope": entry.scope,
                        "description": entry.description,
                        "notes": list(entry.notes),
                        "numbers": list(entry.numbers),
                        "commit": entry.sha,
                    }
                    for entry in part.entries
                ],
            }
            for part in release.parts
        ],
        "markdown": each.text,
    }
