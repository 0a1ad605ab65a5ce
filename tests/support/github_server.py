"""A GitHub on loopback: stateful, its refs a real bare repository, every exchange judged by GitHub's own description.

    with github_server.serving() as github:                       # skips the test without GitHub's description
        hosted = github.world.host("octo/demo", GitRepo(bare))     # API and git agree: one bare repository
        token = github.world.token("maintainer")                   # or world.actions_token(writes=("contents",))
        run(env=github.environment("octo/demo", token))            # GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, …
        hosted.releases, hosted.comments, hosted.dispatches        # look, or prepare
        github.fail("POST", "/releases$", status=502, times=2)     # see Fault
        github.log                                                 # "POST /repos/octo/demo/releases 201", in order

At the end of the block whatever was not as GitHub describes it fails the test, and so does a token that reached
another host than its own. GraphQL queries are held against GitHub's schema.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from support import github_graphql, github_merge_routes, github_other_routes, github_release_routes
from support.github_description import COUNTS, Exchange, Judgement, description
from support.github_render import Renderer
from support.github_routes import DOCS, ROUTES, Answer, Call, Refusal, check_permission, missing
from support.github_state import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.github_routes import Route

_TABLES = (github_release_routes, github_other_routes, github_merge_routes)  # importing them fills ROUTES
_IDLE_SECONDS = 30
_SERVERS = {"uploads": "https://uploads.github.com", "api": "https://api.github.com"}


@dataclass(kw_only=True)
class Fault:
    """What goes wrong with the next `times` requests of a method whose path matches.

    `status` answers with it, `body` and `headers`; "cut" closes the connection before anything is done, "drop" after
    it is done, "half" in the middle of the answer. `delay_seconds` pass between deed and answer. `is_done`: the request is carried out although the answer says no.
    """

    method: str
    path: str
    status: int = 0
    kind: str = ""
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    is_done: bool = False
    delay_seconds: float = 0.0


class GitHubServer:
    """`url` is the API's address; `world` what it knows; `log` what it was asked."""

    def __init__(self) -> None:
        self.world = World()
        self.judgement = Judgement()
        self.faults: list[Fault] = []
        self.log: list[str] = []
        self.errors: list[BaseException] = []
        self.lock = threading.RLock()
        self.url = ""

    def fail(self, method: str, path: str, **what: Any) -> Fault:
        """Let the next matching request go wrong: see Fault."""
        self.faults.append(Fault(method=method, path=path, **what))
        return self.faults[-1]

    def environment(self, repository: str, token: str = "") -> dict[str, str]:
        """The variables that lead verbump here."""
        found = {"GITHUB_API_URL": self.url, "GITHUB_REPOSITORY": repository}
        return {**found, "GITHUB_TOKEN": token} if token else found

    def asked(self, pattern: str) -> list[str]:
        """The lines of the log that match."""
        return [line for line in self.log if re.search(pattern, line)]


@contextmanager
def serving() -> Iterator[GitHubServer]:
    """A GitHub of one's own, until the end of the block."""
    description()
    github = GitHubServer()

    class Handler(_Handler):
        state = github

    with _Server(("127.0.0.1", 0), Handler) as server:
        server.state = github
        github.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield github
        finally:
            server.shutdown()
            thread.join()
    if github.errors:
        raise github.errors[0]
    assert not github.judgement.problems, "\n".join(github.judgement.problems)


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # gh keeps connections open to its end
    state: GitHubServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, (ConnectionError, TimeoutError)):
            self.state.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    state: GitHubServer
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # whatever the method: the table knows it or not
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return

    def _answer(self) -> None:
        body = self._read_body()
        parts = urlsplit(self.path)
        path, server = _place(parts.netloc, parts.path)
        with self.state.lock:
            fault = self._fault(path)
            if fault is not None and fault.kind == "cut":
                self.state.log.append(f"{self.command} {path} cut")
                self._cut()
                return
            if fault is not None and fault.status and not fault.is_done:
                answer = Answer(status=fault.status)
            else:
                answer = self._carried_out(path, server, parts.query, body)
            if fault is not None:
                answer = _spoilt(answer, fault)
            self.state.log.append(f"{self.command} {path} {answer.status}")
        if fault is not None:
            time.sleep(fault.delay_seconds)
        if fault is not None and fault.kind == "drop":
            self._cut()
            return
        self._send(answer, is_half=fault is not None and fault.kind == "half")

    def _fault(self, path: str) -> Fault | None:
        for fault in self.state.faults:
            if fault.times > 0 and fault.method in {self.command, "*"} and re.search(fault.path, path):
                fault.times -= 1
                COUNTS["faults"] += 1
                return fault
        return None

    def _carried_out(self, path: str, server: str, query: str, body: bytes) -> Answer:
        if path.startswith("/_storage/"):
            return self._stored(path)
        if path in {"/graphql", "/api/graphql"}:
            return self._graphql(query, body)
        matched = _matched(self.command, path)
        if matched is None:
            COUNTS["unvalidated"] += 1
            self.state.judgement.problems.append(f"{self.command} {path}: no route of this GitHub")
            return Answer(status=404, data={"message": "Not Found", "documentation_url": DOCS, "status": "404"})
        route, params = matched
        try:
            call = self._call(params, query, body)
            check_permission_of(call, route)
            answer = route.handler(call)
        except Refusal as refusal:
            answer = Answer(status=refusal.status, data=refusal.data)
        answer.content = answer.content or (b"" if answer.data is None else json.dumps(answer.data).encode())
        self._judge(route.canonical(params), server, query, body, answer)
        return answer

    def _judge(self, path: str, server: str, query: str, body: bytes, answer: Answer) -> None:
        kind = {"Content-Type": answer.content_type} if answer.content else {}
        exchange = Exchange(
            method=self.command,
            path=path,
            query=query,
            headers=dict(self.headers.items()),
            body=body,
            status=answer.status,
            answer_headers={**kind, **answer.headers},
            answer=answer.content,
            server=server,
        )
        self.state.judgement.take(exchange)

    def _call(self, params: dict[str, str], query: str, body: bytes) -> Call:
        is_json = "json" in self.headers.get("Content-Type", "json") and "/assets" not in self.path
        try:
            data = json.loads(body) if body and is_json else {}
        except ValueError:
            raise Refusal(400, "Problems parsing JSON") from None
        world = self.state.world
        call = Call(
            method=self.command,
            params={**params, "path": urlsplit(self.path).path},
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers=dict(self.headers.items()),
            body=body,
            data=data if isinstance(data, dict) else {},
            token=None,
            world=world,
            render=self._renderer(),
        )
        given = self.headers.get("Authorization", "")
        if given:
            call.token = world.tokens.get(given.partition(" ")[2])
            if call.token is None:
                raise Refusal(401, "Bad credentials")
        if "owner" in params:
            call.found = world.repositories.get(f"{params['owner']}/{params['repo']}".lower())
            if call.found is None:
                raise missing()
        return call

    def _renderer(self) -> Renderer:
        """Addresses as this client reaches them: gh comes through us as a proxy, for a host of its own."""
        host = self.headers.get("Host", "")
        if host.endswith(".localhost"):
            name = host.removeprefix("api.").removeprefix("uploads.")
            return Renderer(
                world=self.state.world,
                api=f"http://api.{name}",
                uploads=f"http://uploads.{name}",
                site=f"http://{name}",
            )
        site = self.state.url.replace("127.0.0.1", "localhost")  # another host, as github.com is to api.github.com
        return Renderer(world=self.state.world, api=self.state.url, uploads=f"{self.state.url}/api/uploads", site=site)

    def _graphql(self, query: str, body: bytes) -> Answer:
        try:
            call = self._call({}, query, body)
        except Refusal as refusal:
            return _with_content(Answer(status=refusal.status, data=refusal.data))
        if call.token is None:
            refused = Refusal(401, "This endpoint requires you to be authenticated.")
            return _with_content(Answer(status=401, data=refused.data))
        self.state.judgement.take_graphql(call.text("query"))
        return _with_content(
            Answer(data=github_graphql.answer(call, call.text("query"), call.data.get("variables") or {}))
        )

    def _stored(self, path: str) -> Answer:
        """The bytes of an asset, on the host that keeps them."""
        if self.headers.get("Authorization"):
            self.state.judgement.problems.append("a token was sent to the host that keeps the assets")
        number = int(path.rpartition("/")[2])
        found = next(
            (each.asset(number) for each in self.state.world.repositories.values() if each.asset(number)), None
        )
        if found is None:
            return Answer(status=404)
        return Answer(content=found[1].content, content_type="application/octet-stream")

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            parts = []
            while size := int(self.rfile.readline().partition(b";")[0].strip(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, answer: Answer, *, is_half: bool) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.content:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content[: len(answer.content) // 2] if is_half else answer.content)
        if is_half:
            self._cut()

    def _cut(self) -> None:
        """Close with a reset, so that the client sees a broken connection and not the end of an answer."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def check_permission_of(call: Call, route: Route) -> None:
    """Raises the refusal of a call that its token does not allow."""
    if call.found is not None:
        check_permission(call, route.writes)


def _place(host: str, path: str) -> tuple[str, str]:
    """The path below GitHub's own address, and that address."""
    for prefix in ("/api/uploads", "/api/v3"):
        if path.startswith(f"{prefix}/"):
            return path.removeprefix(prefix), _SERVERS["uploads" if prefix.endswith("uploads") else "api"]
    return path, _SERVERS["uploads" if host.startswith("uploads.") else "api"]


def _matched(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for route in ROUTES:
        found = route.pattern.fullmatch(path) if route.method == method else None
        if found is not None:
            return route, {name: unquote(value) for name, value in found.groupdict().items()}
    return None


def _with_content(answer: Answer) -> Answer:
    answer.content = json.dumps(answer.data).encode()
    return answer


def _spoilt(answer: Answer, fault: Fault) -> Answer:
    if not fault.status:
        return Answer(**{**vars(answer), "content": answer.content if fault.body is None else fault.body})
    content = fault.body
    if content is None:
        content = json.dumps({"message": "spoilt on purpose", "documentation_url": DOCS}).encode()
    return Answer(status=fault.status, headers=dict(fault.headers), content=content)
