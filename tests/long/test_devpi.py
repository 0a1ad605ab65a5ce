"""`verbump publish pypi` against devpi, an index that speaks JSON: in the long run, since it takes long to start."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

from cli.test_publish_pypi import BOTH, NEITHER, SDIST, WHEEL
from cli.test_verify import sdist, wheel, write_sums
from support.running import verbump
from support.ssh_remote import free_port
from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(find_spec("devpi_server") is None, reason="devpi is not here: .ci/long installs it")
PASSWORD = "s3cr3t-of-root"


@contextmanager
def devpi(folder: Path) -> Iterator[str]:
    """The address of an index `root/dev` that belongs to `root`."""
    init, server, client = (require(f"devpi{each}") for each in ("-init", "-server", ""))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    port = free_port()
    state = ("--serverdir", str(folder / "state"))
    subprocess.run(
        [init, *state, "--no-root-pypi", "--root-passwd", PASSWORD], env=environment, check=True, capture_output=True
    )
    argv = [server, *state, "--host", "127.0.0.1", "--port", str(port), "--offline-mode"]
    with subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process)
            for words in (("use", url), ("login", "root", f"--password={PASSWORD}"), ("index", "-c", "root/dev")):
                argv = [client, words[0], "--clientdir", str(folder / "client"), *words[1:]]
                subprocess.run(argv, env=environment, check=True, capture_output=True)
            yield f"{url}/root/dev/"
        finally:
            process.terminate()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "devpi-server has ended"
        try:
            urllib.request.urlopen(f"{url}/+api", timeout=5).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("devpi-server does not answer")


def test_twice_and_another_file_of_the_same_name(tmp_path: Path) -> None:
    require("twine")
    dist = tmp_path / "dist"
    dist.mkdir()
    wheel(dist)
    sdist(dist)
    write_sums(dist)
    env = {"TWINE_USERNAME": "root", "TWINE_PASSWORD": PASSWORD}
    with devpi(tmp_path / "devpi") as url:
        words = ("publish", "pypi", "--repository-url", url)

        first = verbump(*words, cwd=tmp_path, env=env)
        assert (first.code, first.stdout.splitlines()) == (0, BOTH), first.stderr

        second = verbump(*words, cwd=tmp_path, env=env)
        assert (second.code, second.stdout.splitlines()) == (0, NEITHER), second.stderr

        (dist / SDIST).write_bytes((dist / SDIST).read_bytes() + b"\0")
        write_sums(dist)
        third = verbump(*words, cwd=tmp_path, env=env)
        assert (third.code, third.stdout) == (4, "")
        assert f"has another {SDIST}" in third.stderr
        assert WHEEL not in third.stderr
