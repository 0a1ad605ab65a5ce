"""A small server on loopback for one test: the state answers each request; what fails inside fails the test."""

from __future__ import annotations

import json
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_IDLE_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request. `path` begins with a slash and holds the query; headers are case-blind by `header`."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer. `reason` stands in its status line, "" for the usual one. `is_cut`: the connection ends instead of it."""

    status: int = 200
    reason: str = ""
    body: bytes = b""
    kind: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False


def as_json(data: object, status: int = 200, kind: str = "application/json") -> Said:
    return Said(status=status, body=json.dumps(data).encode(), kind=kind)


class State(Protocol):
    """What a server serves; `url` is set before the first request."""

    url: str

    def answer(self, asked: Asked) -> Said: ...


@contextmanager
def serving(state: State) -> Iterator[None]:
    """Serve the state until the end of the block."""
    errors: list[BaseException] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE_SECONDS

        def do_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = state.answer(Asked(method=self.command, path=self.path, headers=dict(self.headers), body=body))
            if said.is_cut:
                self.close_connection = True
                return
            self.send_response(said.status, said.reason or None)
            for name, value in {
                "Content-Type": said.kind,
                **said.headers,
                "Content-Length": str(len(said.body)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_any  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            error = sys.exception()
            if error is not None and not isinstance(error, (ConnectionError, TimeoutError)):
                errors.append(error)

    with Server(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
    if errors:
        raise errors[0]
