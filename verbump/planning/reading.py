"""How this repository's commits are read: the convention that its configuration asks for, corrections, squashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from verbump import config
from verbump.domain import bumps, conventions, history, versions
from verbump.domain.bumps import Bump, Rule
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.domain.conventions import Convention
    from verbump.planning.snapshot import Snapshot


def reading_of(snapshot: Snapshot) -> history.Reading:
    """How the commits of `snapshot` are read and judged. The one place that chooses a convention."""
    return history.Reading(
        convention=_convention(snapshot),
        squash=snapshot.config.squash,
        overrides=snapshot.config.overrides,
        notes=snapshot.notes,
    )


def _convention(snapshot: Snapshot) -> Convention:
    if snapshot.rules is not None:
        from verbump.domain import commit_rules

        final = snapshot.last_final()
        return commit_rules.convention(snapshot.rules, major=final.version.major if final else 0)
    tool = snapshot.config.compat
    if tool is not None:
        from verbump.domain import compat

        return compat.convention(tool, _own_rules(snapshot))
    return conventions.conventional(rules_of(snapshot))


def rules_of(snapshot: Snapshot) -> Mapping[str, Rule]:
    """The rule of each type under the default convention."""
    return {**bumps.DEFAULT_RULES, **_own_rules(snapshot)}


def zero_version_of(snapshot: Snapshot) -> Literal["minor", "cargo", "strict"]:
    """What becomes of a bump below 1.0.0."""
    return snapshot.config.zero_version or config.usual_zero_version(snapshot.config.compat)


def _own_rules(snapshot: Snapshot) -> Mapping[str, Rule]:
    """The rows that `types` changes or adds."""
    return {
        name.lower(): Rule(bump=Bump[row.bump.upper()], category=row.category)
        for name, row in snapshot.config.types.items()
    }


def footer_version(wanted: history.ReleaseAs, current: versions.Version | None) -> versions.Version:
    """The version that a `Release-As` footer names.

    Raises:
        InputError: it is none, or not above `current`; the message tells the commit.
    """
    try:
        return versions.check_exact(wanted.version, current)
    except InputError as error:
        sha = wanted.commit.sha[:7]
        hint = f"verbump release VERSION, or correct it: git notes --ref verbump add {sha}"
        raise InputError(f"{sha}: Release-As: {error.message}", hint=hint, code=error.code) from error
