"""No test sees the person who runs it, and none leaves the machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from support.git_repo import GitRepo

FAR = "192.0.2.1"  # TEST-NET-1: nobody's


def test_git_knows_only_the_test_s_configuration(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    origins = repo.git("config", "--list", "--show-origin", "--show-scope").split("\n")
    assert {line.split("\t")[0] for line in origins} == {"global", "local"}
    assert repo.git("config", "user.email") == "test@example.invalid"
    assert repo.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert Path.home() == Path(os.environ["HOME"])
    assert not (Path.home() / ".ssh").exists()


def test_the_surroundings_are_out_of_sight(tmp_path: Path) -> None:
    """What a test sees that was started in a CI job, with verbump's own variables set."""
    around = [
        "CI",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "RUNNER_OS",
        "VERBUMP_NEXT_PRE",
        "NO_COLOR",
        "GIT_DIR",
        "SSH_AUTH_SOCK",
    ]
    inner = tmp_path / "test_inner.py"
    inner.write_text("import os\ndef test_it():\n    open('names', 'w').write('\\n'.join(os.environ))\n")
    (tmp_path / "conftest.py").write_text((Path(__file__).parent.parent / "conftest.py").read_text())
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(inner)],
        cwd=tmp_path,
        env={**os.environ, **dict.fromkeys(around, "true"), "PYTHONPATH": str(Path(__file__).parent.parent)},
        check=True,
        capture_output=True,
    )
    seen = (tmp_path / "names").read_text().split("\n")
    assert "HOME" in seen
    assert not set(around) & set(seen)


def test_no_connection_leaves_this_machine() -> None:
    with socket.socket() as stream, pytest.raises(pytest.fail.Exception, match=FAR):
        stream.connect((FAR, 80))
    with socket.socket() as stream, pytest.raises(pytest.fail.Exception, match=FAR):
        stream.connect_ex((FAR, 80))
    with socket.socket(socket.AF_INET6) as stream, pytest.raises(pytest.fail.Exception, match="2001:db8::1"):
        stream.connect(("2001:db8::1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as datagram, pytest.raises(pytest.fail.Exception, match=FAR):
        datagram.sendto(b"", (FAR, 53))
    with pytest.raises(pytest.fail.Exception, match=r"example\.invalid"):
        socket.create_connection(("example.invalid", 80))


def test_nor_does_that_of_a_child(tmp_path: Path) -> None:
    """Children are not guarded, but git, cargo, pip, uv and Python all ask the proxy, and there is none."""
    done = subprocess.run(["git", "ls-remote", f"https://{FAR}/x"], capture_output=True, timeout=20)
    assert done.returncode == 128
    assert b"127.0.0.1" in done.stderr


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for host in ("127.0.0.1", "localhost"):
            with socket.create_connection((host, server.getsockname()[1])):
                pass
