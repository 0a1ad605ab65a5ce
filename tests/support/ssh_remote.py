"""A real sshd on loopback that takes one key."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address prefix (`ssh://…`, to be followed by a path) and the variables with which git gets in."""
    sshd, keygen = require("sshd"), require("ssh-keygen")
    folder.mkdir(parents=True)
    for name in ("host", "key"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    authorized = folder / "authorized_keys"
    authorized.write_text((folder / "key.pub").read_text())
    authorized.chmod(0o600)
    port = _free_port()
    host = (folder / "host.pub").read_text().split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {host[0]} {host[1]}\n")
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nPidFile none\nStrictModes no\n"
        f"UsePAM no\nPasswordAuthentication no\nAuthorizedKeysFile {authorized}\nPermitRootLogin yes\n"
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        user = subprocess.run(["id", "-un"], capture_output=True, check=True).stdout.decode().strip()
        command = f"ssh -F none -i {folder / 'key'} -o UserKnownHostsFile={folder / 'known'} -o BatchMode=yes"
        yield f"ssh://{user}@127.0.0.1:{port}", {"GIT_SSH_COMMAND": command}
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("sshd did not start")
