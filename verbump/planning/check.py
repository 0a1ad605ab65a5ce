"""Are commit messages conventional: each finding with its column, its reason and the corrected line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.domain import bumps, commit_rules, commits
from verbump.domain.commits import Unconventional
from verbump.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbump.config import CheckConfig, Config
    from verbump.domain.commit_rules import CommitRules
    from verbump.domain.commits import Commit, ConventionalCommit

# Types in wide use beside those that release; a check that knows no others would refuse most real histories.
COMMON_TYPES = ("build", "chore", "ci", "docs", "refactor", "style", "test")
_UNFINISHED = ("fixup! ", "squash! ", "amend! ")
_SCISSORS = "------------------------ >8 ------------------------"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with one message. `commit` is None outside history; `column` counts from 1 in the header."""

    commit: str | None
    header: str
    code: str
    message: str
    column: int
    length: int = 1
    suggestion: str | None = None


def find(messages: Iterable[Commit], settings: CheckConfig) -> tuple[Finding, ...]:
    """The findings of each message, in the order given. Merges are passed over: git words them.

    A commit with an empty sha is a message that is no commit yet.
    """
    return tuple(finding for commit in messages for finding in _of(commit, settings))


def find_judged(
    judged: Iterable[tuple[Commit, list[str] | None]], rules: CommitRules, settings: CheckConfig
) -> tuple[Finding, ...]:
    """The findings of each message with what a commitizen plugin says of it: None where it takes the message.

    What it takes is held against the scopes and the length that `settings` allow.

    Raises:
        ConfigError: scopes are listed, and the plugin does not say where one stands.
    """
    if settings.scopes and not rules.has_scopes:
        message = f"tool.verbump.check.scopes: the commit_parser of {rules.name} has no group (?P<scope>...)"
        raise ConfigError(message, hint="take the setting out, or name other rules", code="check-setting-of-the-plugin")
    return tuple(finding for commit, errors in judged for finding in _of_judged(commit, errors, rules, settings))


def require_plugin_alone(settings: CheckConfig, name: str, *, is_strict: bool) -> None:
    """Nothing, where `settings` leave the types to the commitizen plugin of this name, which alone knows them.

    Raises:
        ConfigError: types are listed, or those known are asked for.
    """
    places = {
        "--strict": is_strict,
        "tool.verbump.check.strict": settings.strict,
        "tool.verbump.check.types": bool(settings.types),
    }
    place = next((each for each, is_given in places.items() if is_given), None)
    if place is not None:
        message = f'{place}: which types there are is said by {name} under convention = "commitizen"'
        hint = f"leave out {place}" if place.startswith("--") else f"take {place} out"
        raise ConfigError(message, hint=hint, code="check-setting-of-the-plugin")


def without_comments(text: str, mark: str = "#") -> str:
    """The message that git makes of a commit-msg hook's file: comment lines and what follows the scissors are cut off.

    Source: git-commit, `--cleanup=strip` and `scissors`.
    """
    kept = []
    for line in text.split("\n"):
        bare = line.removesuffix("\r")
        if bare.startswith(mark):
            if _SCISSORS in bare:
                break
            continue
        kept.append(bare)
    while kept and not kept[0].strip():
        kept.pop(0)
    return "\n".join(kept).rstrip() + "\n" if kept else ""


def _of(commit: Commit, settings: CheckConfig) -> Iterator[Finding]:
    header = commits.header_of(commit.message)
    if len(commit.parents) > 1 or (not commit.sha and header.startswith("Merge ")):
        return
    sha = commit.sha or None
    prefix = next((each for each in _UNFINISHED if header.startswith(each)), None)
    if prefix is not None:
        message = f"a {prefix.strip()} commit waits for git rebase --autosquash"
        yield Finding(
            commit=sha, header=header, code="unfinished-commit", message=message, column=1, length=len(prefix) - 1
        )
        return
    parsed = commits.parse(commit.message)
    if isinstance(parsed, Unconventional):
        yield Finding(
            commit=sha,
            header=header,
            code="not-conventional",
            message=parsed.reason,
            column=parsed.column,
            suggestion=parsed.suggestion,
        )
        return
    yield from _of_conventional(sha, header, parsed, settings)


def _of_conventional(
    sha: str | None, header: str, parsed: ConventionalCommit, settings: CheckConfig
) -> Iterator[Finding]:
    is_revert = parsed.description == header
    if settings.types and parsed.type not in settings.types and not is_revert:
        close = difflib.get_close_matches(parsed.type, settings.types, n=1)
        allowed = ", ".join(settings.types)
        yield Finding(
            commit=sha,
            header=header,
            code="type-not-allowed",
            message=f"type {parsed.type!r} is not one of {allowed}",
            column=1,
            length=len(parsed.type),
            suggestion=close[0] + header[len(parsed.type) :] if close else None,
        )
    yield from _of_scope(sha, header, parsed.scope, len(parsed.type) + 2, settings)
    yield from _of_length(sha, header, settings)


def _of_scope(sha: str | None, header: str, scope: str | None, column: int, settings: CheckConfig) -> Iterator[Finding]:
    if settings.scopes and scope is not None and scope not in settings.scopes:
        yield Finding(
            commit=sha,
            header=header,
            code="scope-not-allowed",
            message=f"scope {scope!r} is not one of {', '.join(settings.scopes)}",
            column=column,
            length=len(scope),
        )


def _of_length(sha: str | None, header: str, settings: CheckConfig) -> Iterator[Finding]:
    if settings.header_length and len(header) > settings.header_length:
        yield Finding(
            commit=sha,
            header=header,
            code="header-too-long",
            message=f"the header has {len(header)} characters, {settings.header_length} are allowed",
            column=settings.header_length + 1,
            length=len(header) - settings.header_length,
        )


def _of_judged(
    commit: Commit, errors: list[str] | None, rules: CommitRules, settings: CheckConfig
) -> Iterator[Finding]:
    header, sha = commit.header, commit.sha or None
    if errors is not None:
        said = "; ".join(error for error in errors if not error.startswith("pattern: "))
        expected = rules.schema.strip().split("\n")[0] or "what its schema_pattern takes"
        message = f"does not follow {rules.name}" + (f": {said}" if said else f": expected {expected}")
        length = max(1, len(header))
        yield Finding(commit=sha, header=header, code="not-conventional", message=message, column=1, length=length)
    elif commit.sha or not header.startswith("Merge "):
        scope, column = commit_rules.find_scope(header, rules) or (None, 1)
        yield from _of_scope(sha, header, scope, column, settings)
        yield from _of_length(sha, header, settings)


def settings_of(config: Config, *, is_strict: bool) -> CheckConfig:
    """What is allowed under `config`. Strict, by option or setting: where no types are listed, only those known.

    Known are the default ones, the common ones, and those of the `types` setting.
    """
    if config.check.types or not (is_strict or config.check.strict):
        return config.check
    known = dict.fromkeys((*bumps.DEFAULT_RULES, *COMMON_TYPES, *(name.lower() for name in config.types)))
    return replace(config.check, types=tuple(known))
