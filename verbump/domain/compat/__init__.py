"""Other tools' bump rules: what they take for a commit, what for breaking, how far each goes.

Each tool is a module with one function, from a whole message to what the tool finds in it. Source: docs/inference.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.domain.compat import (
    commitizen,
    findings,
    git_cliff,
    python_semantic_release,
    release_please,
    semantic_release,
)
from verbump.domain.conventions import Convention
from verbump.domain.reverts import Cancelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbump.domain.bumps import Rule
    from verbump.domain.commits import Commit
    from verbump.domain.conventions import Message

_FINDERS = {
    "commitizen": commitizen.find,
    "git-cliff": git_cliff.find,
    "python-semantic-release": python_semantic_release.find,
    "release-please": release_please.find,
    "semantic-release": semantic_release.find,
}


def convention(tool: str, rows: Mapping[str, Rule]) -> Convention:
    """The convention of `tool`, a value of the setting `compat`. `rows` (type in lower case → rule) stand over its own.

    Only semantic-release cancels reverts, in its way; python-semantic-release alone leaves out merges; a
    `Release-As` footer is release-please's.
    """
    return Convention(
        judge=findings.judge_by(tool, _FINDERS[tool], rows),
        find_cancelled=semantic_release.find_cancelled if tool == "semantic-release" else _nothing_cancelled,
        has_merges=tool != "python-semantic-release",
        has_fixups=True,
        has_release_as=tool == "release-please",
    )


def _nothing_cancelled(_: Sequence[Commit], __: Mapping[str, Message]) -> Cancelled:
    return Cancelled()
