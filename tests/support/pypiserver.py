"""pypiserver with a password, as a process of its own: an index that only speaks HTML, and guards its listing too."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError

from support.ssh_remote import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "uploader", "s3cr3t-pass/word"


@contextmanager
def serving(folder: Path, hashes: str = "sha256") -> Iterator[str]:
    """The address of a server for what is uploaded into `folder`/packages; `hashes` is what its links tell."""
    packages, secrets = folder / "packages", folder / "htpasswd"
    packages.mkdir(parents=True)
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    secrets.write_text(f"{USER}:{{SHA}}{digest}\n")
    port = free_port()
    argv = [sys.executable, "-m", "pypiserver", "--hash-algo", hashes, "--log-stream", "none", "run"]
    argv += ["-i", "127.0.0.1", "-p", str(port), "-P", str(secrets), "-a", "update,download,list", str(packages)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    with subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        assert process.poll() is None, "pypiserver has ended"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except HTTPError:
            return
        except URLError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("pypiserver does not answer")
