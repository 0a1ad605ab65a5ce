"""verbump as a commitizen plugin: `cz -n verbump check`, `commit`, `bump` and `changelog` follow verbump's rules.

Every run of `cz` loads this module, so it imports little beside commitizen at the top.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from commitizen.cz.base import ValidationResult
from commitizen.cz.conventional_commits.conventional_commits import ConventionalCommitsCz

from verbump.domain import bumps, releases
from verbump.domain.bumps import Bump

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from commitizen.git import GitCommit
    from commitizen.question import CzQuestion

_TYPES = "|".join(bumps.DEFAULT_RULES)
_DESCRIPTIONS = {
    "deprecate": "deprecate: Something will be removed. Correlates with MINOR in SemVer",
    "remove": "remove: Something is gone that nobody was to use any more. Correlates with MINOR in SemVer",
    "security": "security: A vulnerability is closed. Correlates with PATCH in SemVer",
}


def _bump_map(*, major: str) -> dict[str, str | None]:
    """The rows of verbump's table as patterns, breaks first."""
    rows: dict[str, str | None] = {r"BREAKING[- ]CHANGE": major, r".+!$": major}
    rows |= {rf"(?i:{kind})(\(|$)": rule.bump.name for kind, rule in bumps.DEFAULT_RULES.items() if rule.bump}
    return rows


class VerbumpCz(ConventionalCommitsCz):
    """commitizen's questions, with the grammar of `verbump check` and the rules of `verbump next`.

    commitizen looks at each line of a message by itself. `filter_commits` therefore hands it messages of one line, as
    verbump reads them: without merges, fix-ups and what reverts cancel, breaks marked in the header.
    """

    bump_pattern = r"^(BREAKING[- ]CHANGE(?=: | #|:$)|[\w-]+(?:\([^()\r\n]+\))?!?(?=: \S))"
    bump_map: Mapping[str, str | None] = _bump_map(major=Bump.MAJOR.name)
    bump_map_major_version_zero: Mapping[str, str | None] = _bump_map(major=Bump.MINOR.name)
    commit_parser = (
        rf"^(?P<change_type>(?i:{_TYPES})(?=[(!:])|[\w-]+(?=(?:\([^()\r\n]+\))?!))"
        r"(?:\((?P<scope>[^()\r\n]+)\))?(?P<breaking>!)?: (?P<message>\S.*)"
    )
    changelog_pattern = commit_parser
    change_type_map = {kind: rule.category for kind, rule in bumps.DEFAULT_RULES.items() if rule.category}  # noqa: RUF012  as its base class has it
    change_type_order = list(releases.CATEGORY_ORDER)  # noqa: RUF012

    def filter_commits(self, commits: list[GitCommit]) -> list[GitCommit]:
        """The commits that count by verbump's rules, each with the one line that says what it is."""
        from verbump.domain import history
        from verbump.domain.commits import Commit

        known = {commit.rev: commit for commit in commits}
        read = [Commit(sha=each.rev, parents=tuple(each.parents), message=each.message) for each in commits]
        kept = []
        for change in history.select(read).changes:
            parsed = change.parsed
            scope = f"({parsed.scope})" if parsed.scope else ""
            one = copy.copy(known[change.commit.sha])
            one.title = f"{parsed.type}{scope}{'!' if parsed.breaking else ''}: {parsed.description}"
            one.body = ""
            kept.append(one)
        return kept

    def questions(self) -> list[CzQuestion]:
        """commitizen's questions, the first of them with verbump's types as well."""
        asked = super().questions()
        choices: Any = asked[0].get("choices")
        choices += [{"value": kind, "name": name} for kind, name in _DESCRIPTIONS.items()]
        return asked

    def schema_pattern(self) -> str:
        """The header's form; `validate_commit_message` says what is wrong with one that misses it."""
        return r"(?s)[\w-]+(?:\([^()\r\n]+\))?!?: \S.*"

    def validate_commit_message(
        self, *, commit_msg: str, pattern: re.Pattern[str], allowed_prefixes: Sequence[str], **rest: Any
    ) -> ValidationResult:
        """Whether the message is conventional; else where it is not, why, and the corrected line.

        An empty message, a length limit and the prefixes that commitizen passes are commitizen's own affair.
        """
        from verbump.config import CheckConfig
        from verbump.domain.commits import Commit
        from verbump.planning import check

        if not commit_msg.strip() or any(commit_msg.startswith(prefix) for prefix in allowed_prefixes):
            return super().validate_commit_message(
                commit_msg=commit_msg, pattern=pattern, allowed_prefixes=list(allowed_prefixes), **rest
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
            commit_msg=commit_msg, pattern=pattern, allowed_prefixes=list(allowed_prefixes), **rest
        )
