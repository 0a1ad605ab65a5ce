"""The files that `build` made, held against the SHA256SUMS beside them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from verbump.domain import checksums
from verbump.errors import InputError, Problem, Refused
from verbump.planning.actions import LocalFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CHUNK = 1 << 20
_LARGEST_SUMS = 1 << 20
_BUILD = "verbump build"


def read_dist(folder: Path) -> tuple[LocalFile, ...]:
    """Every file of the folder, SHA256SUMS last, each as its line there says.

    Raises:
        Refused: no folder, no or a malformed SHA256SUMS, and every file that is missing, differs or is not listed.
    """
    sums = read_checksums(folder)
    problems = list(_differences(folder, sums))
    if problems:
        raise Refused(problems)
    names = [*sums, checksums.NAME]
    return tuple(
        LocalFile(name=name, size=(folder / name).stat().st_size, sha256=sums.get(name) or sha256_of(folder / name))
        for name in names
    )


def read_checksums(folder: Path) -> dict[str, str]:
    """File name → digest, as SHA256SUMS says; nothing is compared.

    Raises:
        Refused: there is none, or it is malformed.
    """
    place = folder / checksums.NAME
    if not place.is_file():
        what = "is no file there" if folder.is_dir() else "no such folder"
        raise Refused([Problem(code="no-checksums", message=f"{place}: {what}", hint=f"{_BUILD} --out {folder}")])
    if place.stat().st_size > _LARGEST_SUMS:
        raise Refused([Problem(code="checksums", message=f"{place}: larger than 1 MiB", hint=_BUILD)])
    try:
        return checksums.parse_checksums(place.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused([Problem(code="checksums", message=f"{place}: not UTF-8", hint=_BUILD)]) from error
    except InputError as error:
        raise Refused([error.at(place).as_problem()]) from error


def sha256_of(path: Path) -> str:
    """The digest of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _differences(folder: Path, sums: Mapping[str, str]) -> list[Problem]:
    found = []
    hint = f"build again, or: cd {folder} && sha256sum -- * > ../{checksums.NAME} && mv ../{checksums.NAME} ."
    for name, digest in sums.items():
        path = folder / name
        if path.is_symlink() or not path.is_file():
            message = f"{path}: listed in {checksums.NAME}, but no regular file there"
            found.append(Problem(code="file-missing", message=message, hint=hint))
        elif (actual := sha256_of(path)) != digest:
            message = f"{path}: its SHA-256 is {actual[:12]}…, not {digest[:12]}… as {checksums.NAME} says"
            found.append(Problem(code="file-differs", message=message, hint=hint))
    for path in sorted(folder.iterdir()):
        if path.name not in sums and path.name != checksums.NAME and not path.name.startswith("."):
            message = f"{path}: not listed in {checksums.NAME}"
            found.append(Problem(code="file-unlisted", message=message, hint=hint))
    return found
