"""A real sshd on loopback that takes one key."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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
    port = free_port()
    host = (folder / "host.pub").read_text().split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {host[0]} {host[1]}\n")
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nPidFile none\nStrictModes no\n"
        f"UsePAM no\nPasswordAuthentication no\nAuthorizedKeysFile {authorized}\nPermitRootLogin yes\n"
        # A session begins with the environment of the person's account: git there shall read the test's configuration.
        f"SetEnv GIT_CONFIG_GLOBAL={os.environ['GIT_CONFIG_GLOBAL']} GIT_CONFIG_NOSYSTEM=1\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    user = subprocess.run(["id", "-un"], capture_output=True, check=True).stdout.decode().strip()
    options = [f"UserKnownHostsFile={folder / 'known'}", "BatchMode=yes", "IdentitiesOnly=yes"]
    ssh = ["ssh", "-F", "none", "-i", str(folder / "key"), *(word for each in options for word in ("-o", each))]
    log = folder / "log"
    with subprocess.Popen([sshd, "-D", "-f", str(config), "-E", str(log)]) as process:
        try:
            _wait(port, process, log)
            yield f"ssh://{user}@127.0.0.1:{port}", {"GIT_SSH_COMMAND": shlex.join(ssh)}
        finally:
            process.terminate()


def as_operands(address: str) -> list[str]:
    """The address prefix as ssh's own words, to be followed by a remote command."""
    parts = urlsplit(address)
    return ["-p", str(parts.port), f"{parts.username}@{parts.hostname}"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"sshd did not start: {log.read_text() if log.exists() else ''}")
