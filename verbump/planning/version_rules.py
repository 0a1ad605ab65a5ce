"""What the next version must be beside higher: as a footer names it, and to be spelled in every manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.domain import versions
from verbump.errors import InputError

if TYPE_CHECKING:
    from verbump.domain.history import ReleaseAs
    from verbump.planning.snapshot import Snapshot


def check_footer(wanted: ReleaseAs, current: versions.Version | None) -> versions.Version:
    """The version that a Release-As footer names.

    Raises:
        InputError: it is no SemVer version, or not higher than the current one; the commit is told.
    """
    try:
        return versions.check_exact(wanted.version, current)
    except InputError as error:
        sha = wanted.commit.sha[:7]
        hint = f"verbump release VERSION, or correct it: git notes --ref verbump add {sha}"
        raise InputError(f"{sha}: Release-As: {error.message}", hint=hint, code=error.code) from error


def check_spelling(snapshot: Snapshot, version: versions.Version) -> versions.Version:
    """The same version.

    Raises:
        InputError: it has no PEP 440 form, and a file here needs one.
    """
    if any(target.scheme == "pep440" for target in snapshot.targets):
        versions.to_pep440(version)
    return version
