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
_PLAN_ONLY = {
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
