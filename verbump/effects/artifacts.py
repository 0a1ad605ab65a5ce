"""The files of an output folder, read as what they are: wheels, source distributions, archives."""

from __future__ import annotations

import base64
import hashlib
import tarfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.domain import distributions
from verbump.errors import InputError, UsageError
from verbump.planning.artifacts import SUMS, Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 1 << 20
_LARGEST_TEXT = 16 << 20
_LARGEST_UNPACKED = 8 << 30


def read_artifacts(folder: Path) -> tuple[Artifact, ...]:
    """Every file of `folder` but SHA256SUMS, in order of the names; folders in it count as `other`.

    Raises:
        UsageError: no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", hint="verbump build", code="no-such-folder")
    return tuple(read_artifact(path) for path in sorted(folder.iterdir()) if path.name != SUMS)


def read_sums(folder: Path) -> str | None:
    """The text of SHA256SUMS, None where there is none."""
    try:
        return (folder / SUMS).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None


def read_artifact(path: Path) -> Artifact:
    """One file, its content held against itself."""
    if path.is_symlink() or not path.is_file():
        return Artifact(name=path.name, kind="other", size=0, sha256="")
    known: dict[str, Any] = {"name": path.name, "size": path.stat().st_size, "sha256": sha256_of(path)}
    try:
        if path.suffix == ".whl":
            return _read_wheel(path, known)
        if path.name.endswith(".tar.gz"):
            return _read_tar(path, known)
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                return Artifact(kind="archive", faults=tuple(_path_faults(archive.namelist())), **known)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError) as error:
        return Artifact(
            kind="wheel" if path.suffix == ".whl" else "archive", faults=(f"cannot be read: {error}",), **known
        )
    return Artifact(kind="other", **known)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_wheel(path: Path, known: dict[str, Any]) -> Artifact:
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
        faults = list(_path_faults(names))
        if sum(info.file_size for info in archive.infolist()) > _LARGEST_UNPACKED:
            return Artifact(kind="wheel", faults=("more than 8 GiB unpacked",), **known)
        files = dict(_hashes(archive, names))
        inside = {PurePosixPath(name).parts[0] for name in names if ".dist-info/" in name}
        if len(inside) != 1:
            return Artifact(kind="wheel", faults=(*faults, "expected one .dist-info folder"), **known)
        info = inside.pop()
        record = _text_in(archive, f"{info}/RECORD")
        faults += ["has no RECORD"] if record is None else distributions.find_record_faults(record, files)
        text = _text_in(archive, f"{info}/METADATA")
        wheel = _text_in(archive, f"{info}/WHEEL") or ""
    metadata, wrong = _metadata(text)
    return Artifact(kind="wheel", metadata=metadata, wheel=wheel, faults=(*faults, *wrong), **known)


def _hashes(archive: zipfile.ZipFile, names: list[str]) -> Iterator[tuple[str, tuple[str, int]]]:
    for name in names:
        digest, size = hashlib.sha256(), 0
        with archive.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        yield name, (base64.urlsafe_b64encode(digest.digest()).decode().rstrip("="), size)


def _text_in(archive: zipfile.ZipFile, name: str) -> str | None:
    try:
        with archive.open(name) as stream:
            return stream.read(_LARGEST_TEXT).decode("utf-8", "replace")
    except KeyError:
        return None


def _read_tar(path: Path, known: dict[str, Any]) -> Artifact:
    """A source distribution where its one top folder holds PKG-INFO, else an archive."""
    with tarfile.open(path, "r:gz") as archive:
        members = archive.getmembers()
        faults = list(_path_faults([member.name for member in members]))
        if path.name.endswith(".tar.gz") and members:
            top = PurePosixPath(members[0].name).parts[0]
            inside = next((member for member in members if member.name == f"{top}/PKG-INFO"), None)
            stream = archive.extractfile(inside) if inside is not None else None
            if stream is not None:
                metadata, wrong = _metadata(stream.read(_LARGEST_TEXT).decode("utf-8", "replace"))
                if top != path.name.removesuffix(".tar.gz"):
                    faults.append(f"its top folder is {top}")
                return Artifact(kind="sdist", metadata=metadata, faults=(*faults, *wrong), **known)
    return Artifact(kind="archive", faults=tuple(faults), **known)


def _metadata(text: str | None) -> tuple[distributions.Metadata | None, tuple[str, ...]]:
    if text is None:
        return None, ()
    try:
        return distributions.parse_metadata(text.encode()), ()
    except InputError as error:
        return None, (error.message,)


def _path_faults(names: list[str]) -> Iterator[str]:
    """Names that would leave the folder into which they are unpacked, and names that stand twice."""
    seen: set[str] = set()
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            yield f"{name!r} leads outside"
        if name in seen:
            yield f"{name} stands twice in it"
        seen.add(name)
