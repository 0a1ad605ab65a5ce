"""Smart HTTP with a password: `git http-backend` behind the standard library's server, with faults on request."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "maintainer", "s3cr3t-pass/word+1"


def basic(user: str, password: str) -> str:
    """The header's value."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


AUTHORIZATION = basic(USER, PASSWORD)
FAULTS = ("", "401", "403", "500", "drop", "hang")
_IDLE_SECONDS = 30


class HttpRemote:
    """The served folder's address, and what goes wrong with pushes.

    `fault` is one of FAULTS: a status answers without asking git; "drop" lets git take the push and then cuts the line
    before the answer; "hang" does neither, until the server ends. `tokens` are passwords of `x-access-token`, GitHub's user
    for tokens, that it takes beside its own. `delay_seconds` comes before git is asked. `pushes`
    counts those that git has answered; `seen` holds the encodings of requests ("chunked", "gzip").
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.fault = ""
        self.delay_seconds = 0.0
        self.pushes = 0
        self.seen: set[str] = set()
        self.tokens: set[str] = set()
        self.errors: list[BaseException] = []
        self.is_over = threading.Event()
        self.port = 0

    def url(self, name: str, *, with_password: bool = True) -> str:
        who = f"{USER}:{PASSWORD.replace('/', '%2F').replace('+', '%2B')}@" if with_password else ""
        return f"http://{who}127.0.0.1:{self.port}/{name}"


@contextmanager
def serving(root: Path) -> Iterator[HttpRemote]:
    """A server on loopback for the bare repositories in `root`; what fails inside it fails the test at its end."""
    remote = HttpRemote(root)

    class Handler(_Handler):
        state = remote

    with _Server(("127.0.0.1", 0), Handler) as server:
        server.state = remote
        remote.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield remote
        finally:
            remote.is_over.set()
            server.shutdown()
            thread.join()
    if remote.errors:
        raise remote.errors[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that the end of the server waits for the end of every answer
    state: HttpRemote

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, (ConnectionError, TimeoutError)):
            self.state.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    state: HttpRemote
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return

    def _answer(self) -> None:
        body = self._body()
        is_push = self.path.endswith("git-receive-pack") and self.command == "POST"
        fault = self.state.fault if is_push else ""
        assert fault in FAULTS, f"{fault!r} is no fault of this server"
        if not self._is_known() or fault == "401":
            self._send(401, [("WWW-Authenticate", 'Basic realm="git"')], b"password please\n")
            return
        if fault == "hang":
            self.state.is_over.wait(_IDLE_SECONDS)
            self.close_connection = True
            return
        if fault.isdigit():
            self._send(int(fault), [], b"no\n")
            return
        if is_push:
            time.sleep(self.state.delay_seconds)
        headers, answer = self._backend(body)
        if is_push:
            self.state.pushes += 1
        if fault == "drop":
            self.close_connection = True
            return
        status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
        self._send(status, [each for each in headers if each[0] != "Status"], answer)

    def _is_known(self) -> bool:
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        known = {AUTHORIZATION, *(basic("x-access-token", token) for token in self.state.tokens)}
        return f"{kind.capitalize()} {given}" in known

    def _body(self) -> bytes:
        encodings = {self.headers.get("Transfer-Encoding", ""), self.headers.get("Content-Encoding", "")}
        self.state.seen |= encodings - {""}
        if "chunked" in encodings:
            parts = []
            while size := int(self.rfile.readline().partition(b";")[0].strip(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _backend(self, body: bytes) -> tuple[list[tuple[str, str]], bytes]:
        path, _, query = self.path.partition("?")
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.state.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": USER,
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True)
        head, end, answer = done.stdout.partition(b"\r\n\r\n")
        assert end, f"git http-backend: {done.stderr.decode()}"
        headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n") if ": " in line]
        return [(name, value) for name, value in headers], answer

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
