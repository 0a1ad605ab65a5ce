"""Every error verbump knows: a noun for a state, with its exit code, its short name and its hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing found while planning that a person should know, or must mend before a release.

    `code` is a short stable name (`versions-disagree`); `message` says what, where and what was expected;
    `hint` is a command or an edit, or empty.
    """

    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"


class VerbumpError(Exception):
    """An error that verbump understands: `exit_code` is that of the class, `code` the short name of its page."""

    exit_code: ClassVar[int] = 70
    default_code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.default_code

    def as_problem(self) -> Problem:
        """The same as a Problem of severity error."""
        return Problem(code=self.code, message=self.message, hint=self.hint)


class CheckFailed(VerbumpError):
    """A check found something."""

    exit_code = 1
    default_code = "check-failed"


class BuildFailed(VerbumpError):
    """A build, its tests or a check of what it made failed. Nothing was handed out."""

    exit_code = 1
    default_code = "build-failed"


class UsageError(VerbumpError):
    """The command line cannot be carried out as written, or there is no repository to work on."""

    exit_code = 2
    default_code = "usage"


class ConfigError(VerbumpError):
    """`[tool.verbump]` is wrong. The message begins with the file and the path of the setting."""

    exit_code = 2
    default_code = "configuration"


class NothingToDo(VerbumpError):
    """Nothing to release, to resume or to abort."""

    exit_code = 3
    default_code = "nothing-to-release"


class InputError(VerbumpError):
    """A text cannot be understood: a manifest, a changelog, a version. `line` is 1-based, or None where it has none."""

    exit_code = 4
    default_code = "input"

    def __init__(self, message: str, *, hint: str = "", code: str = "", line: int | None = None) -> None:
        super().__init__(message, hint=hint, code=code)
        self.line = line

    def at(self, path: object) -> InputError:
        """The same error with `path:line: ` before its message."""
        where = f"{path}:{self.line}" if self.line is not None else f"{path}"
        return InputError(f"{where}: {self.message}", hint=self.hint, code=self.code)


class Refused(VerbumpError):
    """The repository, a manifest, the changelog or the environment is not ready. Nothing was changed."""

    exit_code = 4
    default_code = "refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.message, hint=first.hint, code=first.code)


class GitFailed(VerbumpError):
    """git ended with an error before anything was written. The message quotes what it printed."""

    exit_code = 4
    default_code = "git-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAnswer:
    """What is known of a failed request: `status` of the answer, 0 where none came, and the codes that it gives.

    `is_unsure`: the request may have been carried out all the same.
    """

    status: int = 0
    reasons: tuple[str, ...] = ()
    is_unsure: bool = False


class ServerFailed(VerbumpError):
    """A forge or registry could not be reached, or refused, before anything was written."""

    exit_code = 4
    default_code = "server-failed"

    def __init__(self, message: str, *, hint: str = "", code: str = "", answer: ServerAnswer | None = None) -> None:
        super().__init__(message, hint=hint, code=code)
        self.answer = answer or ServerAnswer()


class RaceLost(VerbumpError):
    """Another release won. Nothing was changed; run again."""

    exit_code = 5
    default_code = "race-lost"


class ReleaseUnfinished(VerbumpError):
    """Interrupted or failed past the point of no return; the hint is the command that finishes."""

    exit_code = 6
    default_code = "release-unfinished"


class ReleasePending(VerbumpError):
    """An earlier release is unfinished: `--resume` or `--abort` comes first."""

    exit_code = 7
    default_code = "release-pending"


class Cancelled(VerbumpError):
    """Interrupted, or answered with no, before the point of no return."""

    exit_code = 130
    default_code = "cancelled"
