"""A full or read-only disk: never a traceback, never half a remote, always finishable."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import verbump

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def tmpfs(folder: Path, *options: str) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)], capture_output=True)
    if done.returncode != 0:
        pytest.skip(f"a file system of our own needs root: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, leave: int) -> Path:
    """A file that leaves only `leave` bytes free."""
    status = os.statvfs(folder)
    ballast = folder / "ballast"
    ballast.write_bytes(b"\0" * max(0, status.f_bavail * status.f_frsize - leave))
    return ballast


@pytest.mark.case("F09")
@pytest.mark.parametrize("leave", [0, 4096, 8192, 16384, 24576, 32768, 49152, 65536])
def test_full_disk(tmp_path: Path, leave: int) -> None:
    """ENOSPC."""
    with tmpfs(tmp_path / "disk", "size=4m") as disk:
        made = released(tmp_path, "feat: streams")
        repo = GitRepo.clone(tmp_path / "remote.git", disk / "work", "--template=")
        before, there = repo.snapshot(), remote_refs(tmp_path)
        ballast = fill(disk, leave)

        result = verbump("release", "--yes", cwd=repo.path)

        now = remote_refs(tmp_path)
        assert ("refs/tags/v1.3.0" in now) == (now["refs/heads/main"] != there["refs/heads/main"])
        assert result.code in {0, 4, 6}, result.stderr
        ballast.unlink()
        if result.code == 4:
            assert now == there
            if "not-undone" in result.stderr:
                assert verbump("release", "--abort", cwd=repo.path).code == 0
            assert repo.snapshot() == before
            assert verbump("release", "--yes", cwd=repo.path).code == 0
        elif result.code == 6:
            assert verbump("release", "--resume", cwd=repo.path).code == 0
        assert repo.git("status", "--porcelain") == ""
        assert remote_refs(tmp_path)["refs/tags/v1.3.0"] == repo.oid("refs/tags/v1.3.0")
        assert made.head()


@pytest.mark.case("F09")
def test_read_only(tmp_path: Path) -> None:
    """EROFS: refused with the reason."""
    with tmpfs(tmp_path / "disk", "size=4m") as disk:
        released(tmp_path, "feat: streams")
        repo = GitRepo.clone(tmp_path / "remote.git", disk / "work", "--template=")
        there = remote_refs(tmp_path)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

        result = verbump("release", "--yes", cwd=repo.path)

        assert result.code == 4, result.stderr
        assert "read-only" in result.stderr.lower()
        assert remote_refs(tmp_path) == there
        assert verbump("next", cwd=repo.path).stdout == "1.3.0\n"
