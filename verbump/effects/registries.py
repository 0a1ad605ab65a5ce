"""What PyPI and crates.io already have. A registry that cannot be asked is an answer with `error`, never a crash.

Source: the PyPA "Simple repository API" (JSON); The Cargo Book, "Registry Index".
"""

from __future__ import annotations

import json
from typing import Any

from verbump.domain import distributions
from verbump.effects import http_exchange
from verbump.effects.redaction import redact
from verbump.planning.registered import Registered

PYPI = "https://pypi.org/simple"
CRATES = "https://index.crates.io"
TIMEOUT_SECONDS = 5.0

_SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"


class _NoAnswerError(Exception):
    """Why a registry could not be asked."""


def read_pypi(name: str, index_url: str = PYPI) -> Registered:
    """What the index at `index_url` has of a Python project: its versions, its files."""
    url = f"{index_url.rstrip('/')}/{distributions.normalised(name)}/"
    try:
        body = _read(url, accept=_SIMPLE_JSON)
        if body is None:
            return Registered(registry="PyPI", name=name, url=url)
        data = _as_object(body)
        files = _objects_in(data, "files")
    except _NoAnswerError as error:
        return Registered(registry="PyPI", name=name, url=url, error=str(error))
    hashes = {str(each.get("filename", "")): _sha256_of(each) for each in files}
    listed = data.get("versions")
    versions = [str(each) for each in listed] if isinstance(listed, list) else []
    return Registered(registry="PyPI", name=name, url=url, exists=True, versions=tuple(versions), hashes=hashes)


def read_crate(name: str, index_url: str = CRATES) -> Registered:
    """What the sparse index at `index_url` has of a crate: its versions, yanked ones too."""
    url = f"{index_url.rstrip('/')}/{_index_path(name.lower())}"
    try:
        body = _read(url)
        if body is None:
            return Registered(registry="crates.io", name=name, url=url)
        entries = [_as_object(line) for line in body.split(b"\n") if line.strip()]
    except _NoAnswerError as error:
        return Registered(registry="crates.io", name=name, url=url, error=str(error))
    hashes = {f"{name}-{each.get('vers')}.crate": str(each.get("cksum", "")) for each in entries}
    versions = tuple(str(each.get("vers")) for each in entries)
    return Registered(registry="crates.io", name=name, url=url, exists=True, versions=versions, hashes=hashes)


def _objects_in(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    listed = data.get(key)
    if not isinstance(listed, list):
        raise _NoAnswerError(f"the answer has no list of {key}")
    return [each for each in listed if isinstance(each, dict)]


def _index_path(name: str) -> str:
    if len(name) <= 3:
        return f"{len(name)}/{name}" if len(name) < 3 else f"3/{name[0]}/{name}"
    return f"{name[:2]}/{name[2:4]}/{name}"


def _sha256_of(file: dict[str, Any]) -> str:
    hashes = file.get("hashes")
    return str(hashes.get("sha256", "")) if isinstance(hashes, dict) else ""


def _as_object(text: bytes) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise _NoAnswerError("the answer is no JSON") from error
    if not isinstance(data, dict):
        raise _NoAnswerError("the answer is no JSON object")
    return data


def _read(url: str, accept: str = "*/*") -> bytes | None:
    """The body, None for 404 and 410. Raises _NoAnswerError with the reason for everything else."""
    if not url.startswith(("https://", "http://")):
        raise _NoAnswerError(f"{url}: not an http(s) address")
    request = http_exchange.Request(method="GET", url=url, headers={"Accept": accept}, timeout_seconds=TIMEOUT_SECONDS)
    try:
        answer = http_exchange.exchange(request)
    except http_exchange.NoAnswer as error:
        raise _NoAnswerError(redact(f"{url}: {error}")) from error
    if answer.status in {404, 410}:
        return None
    if answer.status != 200:
        raise _NoAnswerError(f"{redact(url)}: HTTP {answer.status}")
    return answer.body
