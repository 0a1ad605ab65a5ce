"""Archives of binaries, the same bytes each time: sorted, one owner, one date, no name and no time of gzip's.

Source: reproducible-builds.org, "Archive metadata".
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import time
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.errors import BuildFailed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_EARLIEST_ZIP = 315_532_800  # 1980-01-01: a zip cannot say earlier


def write_archive(target: Path, files: Mapping[str, Path], epoch: int) -> None:
    """`files` (name to its source) in one top folder named as the archive, .zip or .tar.gz; dated `epoch`."""
    top = target.name.removesuffix(".zip").removesuffix(".tar.gz")
    if target.suffix == ".zip":
        _write_zip(target, top, files, epoch)
    else:
        _write_tar(target, top, files, epoch)


def unpack_sdist(archive: Path, folder: Path) -> None:
    """The content of a source distribution's one top folder as `folder`, which must not exist.

    Raises:
        BuildFailed: it is none, or a member would leave the folder.
    """
    scratch = folder.with_name(f"{folder.name}.part")
    try:
        with tarfile.open(archive, "r:gz") as opened:
            opened.extractall(scratch, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, (gzip.BadGzipFile, tarfile.TarError)):
            raise
        raise BuildFailed(f"{archive.name}: cannot be unpacked: {error}", code="sdist-broken") from error
    tops = list(scratch.iterdir())
    if len(tops) != 1 or not tops[0].is_dir():
        raise BuildFailed(f"{archive.name}: expected one top folder", code="sdist-broken")
    tops[0].rename(folder)
    scratch.rmdir()


def _write_tar(target: Path, top: str, files: Mapping[str, Path], epoch: int) -> None:
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in sorted(files):
            content = files[name].read_bytes()
            info = tarfile.TarInfo(str(PurePosixPath(top, name)))
            info.size, info.mtime, info.mode = len(content), epoch, _mode(files[name])
            archive.addfile(info, io.BytesIO(content))


def _write_zip(target: Path, top: str, files: Mapping[str, Path], epoch: int) -> None:
    date = time.gmtime(max(epoch, _EARLIEST_ZIP))[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(str(PurePosixPath(top, name)), date)
            info.create_system = 3  # Unix, wherever it is built
            info.external_attr = _mode(files[name]) << 16
            archive.writestr(info, files[name].read_bytes(), zipfile.ZIP_DEFLATED)


def _mode(path: Path) -> int:
    return 0o755 if os.access(path, os.X_OK) else 0o644
