"""What PyPI and crates.io already have. A registry that cannot be asked is an answer with `error`, never a crash.

Source: the PyPA "Simple repository API"; The Cargo Book, "Registry Index".
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verbump.domain import distributions, simple_index
from verbump.effects import http_exchange, http_retries
from verbump.effects.redaction import redact
from verbump.errors import InputError
from verbump.planning.registered import Registered

if TYPE_CHECKING:
    from verbump.effects.http_exchange import Response

PYPI = "https://pypi.org/simple"
CRATES = "https://index.crates.io"
TIMEOUT_SECONDS = 5.0


class _NoAnswerError(Exception):
    """Why a registry could not be asked."""


_NO_PATIENCE = http_retries.Patience(attempts=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How to ask: `authorization` is the header's value, which goes to the index's own host alone."""

    authorization: str = ""
    timeout_seconds: float = TIMEOUT_SECONDS
    patience: http_retries.Patience = _NO_PATIENCE


_ONCE = Asking()


def read_pypi(name: str, index_url: str = PYPI, asking: Asking = _ONCE) -> Registered:
    """What the index at `index_url` has of a Python project: its versions, its files."""
    url = f"{index_url.rstrip('/')}/{distributions.normalised(name)}/"
    try:
        answer = _read(url, asking, accept=simple_index.ACCEPT)
        if answer is None:
            return Registered(registry="PyPI", name=name, url=url)
        listing = _listing_of(answer)
    except (_NoAnswerError, InputError) as error:
        return Registered(registry="PyPI", name=name, url=url, error=str(error))
    return Registered(
        registry="PyPI",
        name=name,
        url=url,
        exists=True,
        versions=listing.versions,
        hashes={each.name: each.sha256 for each in listing.files},
        urls={each.name: each.url for each in listing.files},
    )


def _listing_of(answer: Response) -> simple_index.Listing:
    kind = answer.header("Content-Type").partition(";")[0].strip().lower()
    is_html = kind.endswith("html")
    return (simple_index.parse_html if is_html else simple_index.parse_json)(answer.body, answer.url)


def read_sha256(url: str, asking: Asking = _ONCE) -> str:
    """The SHA-256 of the file at `url`, for an index that tells none; "" where it cannot be fetched whole."""
    try:
        answer = _read(url, asking)
    except _NoAnswerError:
        return ""
    return hashlib.sha256(answer.body).hexdigest() if answer is not None else ""


def read_crate(name: str, index_url: str = CRATES, asking: Asking = _ONCE) -> Registered:
    """What the sparse index at `index_url` has of a crate: its versions, yanked ones too."""
    url = f"{index_url.rstrip('/')}/{_index_path(name.lower())}"
    try:
        answer = _read(url, asking)
        if answer is None:
            return Registered(registry="crates.io", name=name, url=url)
        entries = [_as_object(line) for line in answer.body.split(b"\n") if line.strip()]
    except _NoAnswerError as error:
        return Registered(registry="crates.io", name=name, url=url, error=str(error))
    hashes = {f"{name}-{each.get('vers')}.crate": str(each.get("cksum", "")) for each in entries}
    versions = tuple(str(each.get("vers")) for each in entries)
    return Registered(registry="crates.io", name=name, url=url, exists=True, versions=versions, hashes=hashes)


def _index_path(name: str) -> str:
    if len(name) <= 3:
        return f"{len(name)}/{name}" if len(name) < 3 else f"3/{name[0]}/{name}"
    return f"{name[:2]}/{name[2:4]}/{name}"


def _as_object(text: bytes) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise _NoAnswerError("the answer is no JSON") from error
    if not isinstance(data, dict):
        raise _NoAnswerError("the answer is no JSON object")
    return data


def _read(url: str, asking: Asking, accept: str = "*/*") -> Response | None:
    """The answer, None for 404 and 410, and where the host sends to another index.

    Raises:
        _NoAnswerError: everything else, with the reason.
    """
    if not url.startswith(("https://", "http://")):
        raise _NoAnswerError(f"{url}: not an http(s) address")
    request = http_exchange.Request(
        method="GET",
        url=url,
        headers={"Accept": accept} | ({"Authorization": asking.authorization} if asking.authorization else {}),
        timeout_seconds=asking.timeout_seconds,
        stays_on_host=accept != "*/*",
    )
    outcome = http_retries.exchange(request, is_repeatable=True, patience=asking.patience)
    if outcome.response is None:
        raise _NoAnswerError(redact(f"{url}: {outcome.failure}"))
    status = outcome.response.status
    if status in {404, 410} or 300 <= status < 400:
        return None
    if status != 200:
        raise _NoAnswerError(f"{redact(url)}: HTTP {status}")
    return outcome.response
