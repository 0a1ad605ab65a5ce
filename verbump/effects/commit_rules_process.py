"""The process that asks commitizen: a request as JSON on stdin, what a plugin says of itself as JSON on stdout.

Importing commitizen replaces the standard streams, silences every logger, imports each `cz_*` module on the path and
every installed plugin, of which one may print, exit or fail. So it is imported here and nowhere else, with one plugin:
the one that is asked for. It runs as a script with `-I`: neither the current folder nor PYTHONPATH can lend it code.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import pkgutil
import re
import sys
from typing import Any

_GROUP = "commitizen.plugin"
_BUMPS = ("PATCH", "MINOR", "MAJOR", None)


class _FaultError(Exception):
    """A fault with its short name."""

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(said)
        self.kind = kind


def main() -> None:
    """Answer the one request on stdin, whatever a plugin prints or ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a plugin prints is no answer
    request = json.loads(sys.stdin.buffer.read())
    sys.path += request["path"]
    answer: dict[str, Any]
    try:
        rules = _rules(request["settings"])
        answer = {
            "rules": _described(rules, request["settings"]),
            "findings": [_validated(rules, request["settings"], *each) for each in request["messages"]],
        }
    except _FaultError as fault:
        answer = {"fault": {"kind": fault.kind, "said": str(fault)[:500]}}
    answers.write(json.dumps(answer).encode("ascii"))
    answers.flush()
    os._exit(0)  # no atexit handler of a plugin has the last word


def _rules(settings: dict[str, Any]) -> Any:
    """The plugin that the settings name, with those settings."""
    name = settings.get("name", "cz_conventional_commits")
    points = [each for each in importlib.metadata.entry_points(group=_GROUP) if each.name == name]
    if not points:
        names = sorted({each.name for each in importlib.metadata.entry_points(group=_GROUP)})
        raise _FaultError("not-installed", ", ".join(names))
    real = importlib.metadata.entry_points
    importlib.metadata.entry_points = lambda **asked: (  # type: ignore[assignment]
        points if asked.get("group") == _GROUP else real(**asked)
    )
    pkgutil.iter_modules = lambda *_, **__: iter(())
    package = points[0].dist.name if points[0].dist else "?"
    try:
        from commitizen.config.base_config import BaseConfig
        from commitizen.factory import committer_factory

        config = BaseConfig()
        config.settings.update(settings)  # type: ignore[typeddict-item]
        return committer_factory(config)
    except BaseException as error:  # a plugin may also exit
        said = " ".join(str(error).split()) or "without a word"
        raise _FaultError("failed", f"{package}: {type(error).__name__}: {said}") from error


def _described(rules: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """The plugin's own attributes as plain data, each of a type that verbump knows."""
    described = {
        "schema_pattern": _asked(rules.schema_pattern),
        "schema": _asked(rules.schema),
        "bump_pattern": rules.bump_pattern or "",
        "commit_parser": rules.commit_parser or "(?P<message>.*)",
        "changelog_pattern": rules.changelog_pattern or ".*",
    }
    for name, pattern in described.items():
        if not isinstance(pattern, str):
            raise _FaultError("failed", f"{name}: expected a text, got {type(pattern).__name__}")
        if name != "schema":
            _compiled(name, pattern)
    if described["bump_pattern"] and not re.compile(described["bump_pattern"]).groups:
        raise _FaultError("failed", "bump_pattern: expected a group that holds what bump_map looks at")
    order = settings.get("change_type_order") or rules.change_type_order or ()
    titles = settings.get("change_type_map") or rules.change_type_map or {}
    return {
        **described,
        "bump_map": _bump_map("bump_map", rules.bump_map),
        "zero_bump_map": _bump_map("bump_map_major_version_zero", rules.bump_map_major_version_zero),
        "change_type_map": {str(kind): str(title) for kind, title in dict(titles).items()},
        "change_type_order": [str(title) for title in order],
    }


def _asked(method: Any) -> Any:
    try:
        return method() or ""
    except Exception as error:
        raise _FaultError("failed", f"{method.__name__}: {type(error).__name__}: {error}") from error


def _bump_map(name: str, made: Any) -> list[tuple[str, str | None]]:
    found = []
    for pattern, bump in dict(made or {}).items():
        if bump not in _BUMPS:
            raise _FaultError("failed", f"{name}: {pattern}: expected PATCH, MINOR or MAJOR, got {bump!r}")
        _compiled(name, str(pattern))
        found.append((str(pattern), bump))
    return found


def _compiled(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise _FaultError("failed", f"{name}: {pattern!r} is no regular expression: {error}") from error


def _validated(rules: Any, settings: dict[str, Any], sha: str, message: str) -> list[str] | None:
    """None for a message that the plugin takes, else what it says of it."""
    from commitizen import defaults
    from commitizen.exceptions import CommitizenException

    known = {**defaults.DEFAULT_SETTINGS, **settings}
    try:
        result = rules.validate_commit_message(
            commit_msg=message,
            pattern=re.compile(rules.schema_pattern()),
            allow_abort=bool(known["allow_abort"]),
            allowed_prefixes=list(known["allowed_prefixes"]),
            max_msg_length=known["message_length_limit"],
            commit_hash=sha,
        )
    except CommitizenException as refusal:
        return [line for line in str(refusal).split("\n") if line.strip() and message not in line]
    except Exception as error:
        raise _FaultError("failed", f"validate_commit_message: {type(error).__name__}: {error}") from error
    return None if result.is_valid else [str(each) for each in result.errors]


if __name__ == "__main__":
    main()
