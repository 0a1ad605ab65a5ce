"""One HTTP exchange: a request and its whole answer, on the standard library's client.

Certificates and proxies are those of the environment. A redirect to another host never carries the credentials.
Nothing here repeats a request or judges a status: see `http_retries`.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from verbump import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

USER_AGENT = f"verbump/{__version__}"
TIMEOUT_SECONDS = 30.0
LARGEST_ANSWER = 64 * 1024 * 1024
_MOST_REDIRECTS = 5
_KEEPING_METHOD = frozenset({307, 308})
_REDIRECTS = frozenset({301, 302, 303}) | _KEEPING_METHOD
_READING = frozenset({"GET", "HEAD"})
_SECRET_HEADERS = frozenset({"authorization", "private-token", "cookie"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent. `body` is bytes, or an open file of which `length` bytes are read from `start`.

    `stays_on_host`: a redirect to another host is the answer, not followed.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | IO[bytes] | None = None
    length: int | None = None
    timeout_seconds: float = TIMEOUT_SECONDS
    stays_on_host: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back, whatever its status. `url` is the address that answered, after redirects."""

    status: int
    url: str
    headers: Message
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, "" where there is none."""
        return str(self.headers.get(name, ""))


class NoAnswer(Exception):
    """No whole answer came: no connection, a cut one, a timeout, an answer too large, too many redirects.

    `is_unsure`: the request was on its way, so it may have been carried out.
    """

    def __init__(self, message: str, *, is_unsure: bool) -> None:
        super().__init__(message)
        self.is_unsure = is_unsure


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects come back as answers: urllib would take the credentials along to any host."""

    def redirect_request(self, *_: object) -> None:
        return None


def exchange(request: Request) -> Response:
    """The answer to a request, after redirects.

    Raises:
        NoAnswer: see there.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        response = _send(request)
        place = response.header("Location")
        if response.status not in _REDIRECTS or not place:
            return response
        following = _redirected(request, response.status, urljoin(request.url, place))
        if following is None:
            return response
        request = following
    raise NoAnswer(f"more than {_MOST_REDIRECTS} redirects", is_unsure=False)


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address: what has to be the same for credentials to go there.

    A malformed address has an origin that equals no other.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "", url, None
    return parts.scheme, (parts.hostname or "").lower(), port


def _redirected(request: Request, status: int, target: str) -> Request | None:
    """The request that a redirect asks for; None where it may not be followed: writing to another host."""
    is_same = origin(target) == origin(request.url)
    is_reading = request.method in _READING
    if urlsplit(target).scheme not in {"https", "http"}:
        return None
    if not is_same and request.stays_on_host:
        return None
    if not is_reading and (not is_same or status not in _KEEPING_METHOD):
        return None
    if urlsplit(request.url).scheme == "https" and urlsplit(target).scheme != "https":
        return None
    headers = {name: value for name, value in request.headers.items() if is_same or not _is_secret(name)}
    body = request.body
    if body is not None and not isinstance(body, bytes):
        body.seek(0)
    return replace(request, url=target, headers=headers, body=body)


def _is_secret(name: str) -> bool:
    return name.lower() in _SECRET_HEADERS


def _send(request: Request) -> Response:
    headers = {"User-Agent": USER_AGENT, **request.headers}
    if request.length is not None:
        headers["Content-Length"] = str(request.length)
    elif request.body is None and request.method not in _READING:
        headers["Content-Length"] = "0"
    # Headers stay out of the Request's own, which a proxy would see for https.
    prepared = urllib.request.Request(request.url, data=request.body, method=request.method)  # noqa: S310  see connect
    for name, value in headers.items():
        prepared.add_unredirected_header(name, value)
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        answer = opener.open(prepared, timeout=request.timeout_seconds)
    except urllib.error.HTTPError as error:
        answer = error
    except urllib.error.URLError as error:
        raise NoAnswer(_reason_of(error.reason), is_unsure=_may_have_arrived(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(_reason_of(error), is_unsure=_may_have_arrived(error)) from error
    with answer:
        try:
            body = answer.read(LARGEST_ANSWER + 1)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"the answer was cut: {_reason_of(error)}", is_unsure=True) from error
        if len(body) > LARGEST_ANSWER:
            raise NoAnswer(f"the answer is larger than {LARGEST_ANSWER} bytes", is_unsure=True)
        return Response(status=answer.status or 0, url=answer.url, headers=answer.headers, body=body)


def _may_have_arrived(error: object) -> bool:
    """Whether a request could have reached the server before this error: not where no connection came about."""
    import socket
    import ssl

    never = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
    return not isinstance(error, never)


def _reason_of(error: object) -> str:
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, http.client.RemoteDisconnected):
        return "the connection was closed without an answer"
    return str(error) or type(error).__name__
