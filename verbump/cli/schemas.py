"""JSON schemas of the outputs, as commands.md promises them. Draft 2020-12."""

from __future__ import annotations

from typing import Any

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BUMP = {"enum": ["none", "patch", "minor", "major"]}
_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}


def _record(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An object that has exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        **more,
    }


def _or_null(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}], "description": description}


_CURRENT = _record({"version": _TEXT, "pep440": _TEXT, "tag": _TEXT, "commit": _TEXT})
_NEXT_VERSION = _record(
    {
        "version": _TEXT,
        "pep440": {**_TEXT, "description": "Empty where the version has no PEP 440 form."},
        "tag": _TEXT,
        "bump": {**_BUMP, "description": "What is made of the bump asked for: they differ below 1.0.0."},
        "requested_bump": _BUMP,
        "prerelease": {"type": "boolean"},
    }
)
_REASON = _record(
    {
        "source": {"enum": ["commit", "unreleased", "release-as", "option", "dependency"]},
        "commit": {**_TEXT_OR_NULL, "description": "Full object id; null where no commit asked."},
        "header": _TEXT,
        "type": _TEXT_OR_NULL,
        "scope": _TEXT_OR_NULL,
        "breaking": {"type": "boolean"},
        "bump": _BUMP,
        "rule": _TEXT,
        "category": _TEXT_OR_NULL,
    }
)
_IGNORED = _record({"commit": _TEXT, "header": _TEXT, "why": _TEXT, "suggestion": _TEXT_OR_NULL})
_PROBLEM = _record({"code": _TEXT, "severity": {"enum": ["error", "warning"]}, "message": _TEXT, "hint": _TEXT})
_DECISION = {
    "schema": {"const": 1},
    "current": _or_null(_CURRENT, "The current version; null before the first release."),
    "next": _or_null(_NEXT_VERSION, "The next version; null when nothing is to be released."),
    "reasons": {"type": "array", "items": _REASON, "description": "Newest first."},
    "ignored": {"type": "array", "items": _IGNORED, "description": "Newest first."},
    "problems": {"type": "array", "items": _PROBLEM},
}
_NO_PACKAGES = {"type": "array", "maxItems": 0}
_ABOUT_PACKAGES = "One such object for each of several packages, in their order; the first stands at the top as well."
_NEXT_PACKAGE = _record({"name": _TEXT, **_DECISION, "packages": _NO_PACKAGES})
_PLAN_PACKAGE = _record({"name": _TEXT, **_DECISION, "packages": _NO_PACKAGES, "section": _TEXT})
_PLAN_ONLY: dict[str, Any] = {
    "files": {
        "type": "array",
        "items": _record({"path": _TEXT, "old": _TEXT, "new": _TEXT, "created": {"type": "boolean"}}),
    },
    "section": {**_TEXT, "description": "The changelog section as Markdown."},
    "actions": {"type": "array", "items": _record({"do": _TEXT, "text": _TEXT})},
    "said": {"type": "array", "items": _TEXT},
}


def _packages(item: dict[str, Any]) -> dict[str, Any]:
    return {"packages": {"type": "array", "items": item, "description": _ABOUT_PACKAGES}}


NEXT = {
    "$schema": _DIALECT,
    "title": "verbump next --format json",
    **_record({**_DECISION, **_packages(_NEXT_PACKAGE)}),
}
PLAN = {
    "$schema": _DIALECT,
    "title": "verbump release --format json",
    **_record({**_DECISION, **_packages(_PLAN_PACKAGE), **_PLAN_ONLY}),
}

_VERSIONS = {
    "type": "array",
    "items": _record({"name": _TEXT, "next": _or_null(_NEXT_VERSION, "Null when nothing is to be released.")}),
    "description": "Package by package; the name is empty where the repository is one package.",
}
_VERDICT = _record(
    {
        "commit": {**_TEXT, "description": "Full object id; empty for the commit that a squash merge would make."},
        "header": _TEXT,
        "bump": _BUMP,
        "rule": _TEXT,
        "fault": {**_TEXT, "description": "What is wrong with the message, empty for nothing."},
        "suggestion": {**_TEXT_OR_NULL, "description": "The header as it should read."},
    }
)
_TEXTS = {"type": "array", "items": _TEXT}
_ENTRY = _record(
    {
        "breaking": {"type": "boolean"},
        "scope": _TEXT_OR_NULL,
        "description": _TEXT,
        "notes": _TEXTS,
        "numbers": {"type": "array", "items": {"type": "integer"}},
        "commit": {**_TEXT, "description": "Full object id; empty where there is no such commit yet."},
    }
)
_CATEGORY = _record(
    {
        "title": _TEXT,
        "lines": {**_TEXTS, "description": "Hand-written lines as they stand."},
        "entries": {"type": "array", "items": _ENTRY, "description": "What comes from commits."},
    }
)
_SECTION = _record(
    {
        "name": _TEXT,
        "version": _TEXT,
        "date": _TEXT,
        "intro": _TEXTS,
        "categories": {"type": "array", "items": _CATEGORY},
        "markdown": {**_TEXT, "description": "The section as it will stand in the changelog."},
    }
)
_METHOD = _record({"method": {"enum": ["merge", "squash", "rebase"]}, "packages": _VERSIONS})
_PREVIEW_ONLY = {
    "pull_request": _record(
        {
            "number": {"type": ["integer", "null"]},
            "title": _TEXT_OR_NULL,
            "base": {**_TEXT, "description": "Full object id."},
            "base_branch": _TEXT_OR_NULL,
            "head": {**_TEXT, "description": "Full object id."},
        }
    ),
    "unreleased": {**_VERSIONS, "description": "What the base leads to without the pull request, by package."},
    "own": {**_BUMP, "description": "How far the pull request goes alone, by the first method."},
    "requests": {
        **_TEXTS,
        "description": "What the pull request itself releases, where `release --pull-request` has made it.",
    },
    "methods": {
        "type": "array",
        "items": _METHOD,
        "minItems": 1,
        "description": "What each merge method leads to; all else here follows the first.",
    },
    "commits": {"type": "array", "items": _VERDICT, "description": "The pull request's, oldest first."},
    "squashed": _or_null(_VERDICT, "The commit that a squash merge would make."),
    "files": _PLAN_ONLY["files"],
    "sections": {"type": "array", "items": _SECTION, "description": "A changelog section for each package released."},
    "start": _record(
        {
            "tags": _TEXTS,
            "workflow": {**_TEXT, "description": "The workflow that the tags start, empty for none."},
            "dispatchable": {"type": "boolean"},
        }
    ),
}
PREVIEW = {
    "$schema": _DIALECT,
    "title": "verbump preview --format json",
    **_record({**_DECISION, **_packages(_NEXT_PACKAGE), **_PREVIEW_ONLY}),
}

_NOTHING_TO_SAY = "Null where nothing agrees on one."
_ARTIFACTS = {
    "type": "array",
    "items": _record({"name": _TEXT, "size": {"type": "integer", "description": "In bytes."}, "sha256": _TEXT}),
    "description": "The files of the folder but SHA256SUMS, by name.",
}
_PROBLEMS = _DECISION["problems"]
_VERSION = {
    "schema": {"const": 1},
    "version": {**_TEXT_OR_NULL, "description": _NOTHING_TO_SAY},
    "pep440": {**_TEXT, "description": "Empty where the version has no PEP 440 form."},
}
VERIFY = {
    "$schema": _DIALECT,
    "title": "verbump verify --format json",
    **_record(
        {
            **_VERSION,
            "tag": {**_TEXT, "description": "Empty where the commit has no version tag."},
            "commit": {**_TEXT, "description": "Full object id."},
            "files": {**_TEXTS, "description": "The files that agree with the version."},
            "artifacts": {**_ARTIFACTS, "description": "The files of --dist but SHA256SUMS, by name."},
            "problems": _PROBLEMS,
        }
    ),
}
BUILD = {
    "$schema": _DIALECT,
    "title": "verbump build --format json",
    **_record(
        {
            **_VERSION,
            "version": {**_TEXT_OR_NULL, "description": "Null where the build failed."},
            "artifacts": _ARTIFACTS,
            "notes": {**_TEXTS, "description": "What was not built, or not tried, and why."},
            "problems": _PROBLEMS,
        }
    ),
}
DOCTOR = {
    "$schema": _DIALECT,
    "title": "verbump doctor --format json",
    **_record(
        {
            "schema": {"const": 1},
            "tools": {
                "type": "array",
                "items": _record(
                    {"name": _TEXT, "version": {**_TEXT_OR_NULL, "description": "Null where it is missing."}}
                ),
            },
            "registries": {
                "type": "array",
                "items": _record(
                    {
                        "registry": {"enum": ["PyPI", "crates.io"]},
                        "name": _TEXT,
                        "exists": {"type": "boolean"},
                        "error": {**_TEXT, "description": "Why it could not be asked, empty where it could."},
                    }
                ),
            },
            "problems": _PROBLEMS,
        }
    ),
}
