"""The files that `build` made, held against the SHA256SUMS beside them: what `publish github` uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.domain import distributions
from verbump.effects import artifacts
from verbump.errors import InputError, Problem, Refused
from verbump.planning.actions import LocalFile
from verbump.planning.artifacts import AGAIN, SUMS, Artifact, find_sum_problems

if TYPE_CHECKING:
    from pathlib import Path


def read_dist(folder: Path) -> tuple[LocalFile, ...]:
    """Every file of the folder in the order of SHA256SUMS, which comes last. Hidden files do not count.

    Raises:
        Refused: no folder, no or a malformed SHA256SUMS, and every file that is missing, differs or is not listed.
    """
    if not folder.is_dir():
        raise Refused([Problem(code="no-such-folder", message=f"{folder}: no such folder", hint=AGAIN)])
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS and not path.name.startswith("."))
    found = tuple(_artifact(folder / name) for name in names)
    problems = [
        Problem(code=each.code, message=f"{folder}: {each.message}", hint=each.hint)
        for each in find_sum_problems(artifacts.read_sums(folder), found)
    ]
    if problems:
        raise Refused(problems)
    files = {each.name: LocalFile(name=each.name, size=each.size, sha256=each.sha256) for each in found}
    sums = _artifact(folder / SUMS)
    ordered = [files[name] for name in read_checksums(folder)]
    return (*ordered, LocalFile(name=SUMS, size=sums.size, sha256=sums.sha256))


def read_checksums(folder: Path) -> dict[str, str]:
    """File name → digest, as SHA256SUMS says; nothing is compared. Empty where there is no such file.

    Raises:
        Refused: it is malformed.
    """
    text = artifacts.read_sums(folder)
    if text is None:
        return {}
    try:
        return distributions.parse_sums(text)
    except InputError as error:
        raise Refused([error.at(folder / SUMS).as_problem()]) from error


def _artifact(path: Path) -> Artifact:
    """A file by name, size and digest alone; a link or folder has neither."""
    if path.is_symlink() or not path.is_file():
        return Artifact(name=path.name, kind="other", size=0, sha256="")
    return Artifact(name=path.name, kind="other", size=path.stat().st_size, sha256=artifacts.sha256_of(path))
