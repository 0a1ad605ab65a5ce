"""verbump as a commitizen plugin: `cz -n verbump check` and `cz -n verbump commit` follow this grammar.

Every run of `cz` loads this module, so it imports nothing but commitizen itself at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commitizen.cz.base import ValidationResult
from commitizen.cz.conventional_commits.conventional_commits import ConventionalCommitsCz

if TYPE_CHECKING:
    import re


class VerbumpCz(ConventionalCommitsCz):
    """commitizen's questions, with the header grammar of `verbump check`."""

    def schema_pattern(self) -> str:
        """The header's form; `validate_commit_message` says what is wrong with one that misses it."""
        return r"(?s)[\w-]+(?:\([^()\r\n]+\))?!?: \S.*"

    def validate_commit_message(
        self, *, commit_msg: str, pattern: re.Pattern[str], allowed_prefixes: list[str], **rest: Any
    ) -> ValidationResult:
        """Whether the message is conventional; else where it is not, why, and the corrected line.

        An empty message, a length limit and the prefixes that commitizen passes are commitizen's own affair.
        """
        from verbump.config import CheckConfig
        from verbump.domain.commits import Commit
        from verbump.planning import check

        if not commit_msg.strip() or any(commit_msg.startswith(prefix) for prefix in allowed_prefixes):
            return super().validate_commit_message(
                commit_msg=commit_msg, pattern=pattern, allowed_prefixes=allowed_prefixes, **rest
            )
        errors = []
        for finding in check.find([Commit(sha="", parents=(), message=commit_msg)], CheckConfig()):
            errors.append(f"column {finding.column}: {finding.message}")
            if finding.suggestion is not None:
                errors.append(f"write: {finding.suggestion}")
        if errors:
            return ValidationResult(is_valid=False, errors=errors)
        # The limit on the length is left to commitizen, which passes every header of this form.
        return super().validate_commit_message(
            commit_msg=commit_msg, pattern=pattern, allowed_prefixes=allowed_prefixes, **rest
        )
