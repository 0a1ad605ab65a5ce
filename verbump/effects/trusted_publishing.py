"""Trusted publishing: the identity that CI gives to a job, exchanged for a registry's short-lived token.

Source: PyPI Docs, "Trusted Publishers: internals and technical details"; crates.io, RFC 3691; GitHub Docs, "OpenID
Connect reference"; GitLab Docs, "OpenID Connect (OIDC) authentication using ID tokens".
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from verbump.effects import http_exchange, http_retries
from verbump.effects.redaction import redact
from verbump.errors import Problem, Refused, ServerAnswer, ServerFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.effects.http_exchange import Response

_TIMEOUT_SECONDS = 20.0
# Names that identities are asked for, and whose they are. Sources: as above; Sigstore Docs, "OIDC usage in Fulcio".
_AUDIENCES = {
    "pypi": frozenset({"pypi.org", "upload.pypi.org"}),
    "testpypi": frozenset({"test.pypi.org"}),
    "sigstore": frozenset[str](),
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_offered() -> bool:
    """Whether this job can prove which one it is: in GitHub Actions with id-token: write, or in GitLab CI."""
    return bool(_given("ACTIONS_ID_TOKEN_REQUEST_URL") and _given("ACTIONS_ID_TOKEN_REQUEST_TOKEN")) or (
        _given("GITLAB_CI") == "true" and any(name.endswith("_ID_TOKEN") for name in os.environ)
    )


def mint_pypi_token(repository_url: str) -> str | None:
    """A token for uploads to the index; None where this job has no identity, or the index does not know of such.

    Raises:
        Refused: the index wants an identity with which it could act elsewhere.
        ServerFailed: CI gave no identity, or the index does not trust it.
    """
    root = _root_of(repository_url)
    if not is_offered() or root is None:
        return None
    answer = _exchange("GET", f"{root}/_/oidc/audience")
    audience = _text_in(answer, "audience") if answer.status == 200 else ""
    if not audience:
        return None
    if not _is_own(audience, urlsplit(root).hostname or ""):
        message = f"{root} asks for this job's identity for {audience!r}, which is not its own: nothing was sent to it"
        hint = 'see that the address is right; with a token: tool.verbump.publish.trusted_publishing = "never"'
        raise Refused([Problem(code="audience-foreign", message=message, hint=hint)])
    identity = _identity(audience)
    if identity is None:
        return None
    answer = _exchange("POST", f"{root}/_/oidc/mint-token", body={"token": identity})
    token = _text_in(answer, "token") if answer.status == 200 else ""
    if not token:
        raise _not_trusted(root, answer, _reasons(answer))
    return token


def mint_crates_token(api: str) -> str | None:
    """A token for the registry whose interface is at `api`; None where this job has no identity or it takes none.

    Raises:
        ServerFailed: CI gave no identity, or the registry does not trust it.
    """
    root = _root_of(api)
    if not is_offered() or root is None:
        return None
    identity = _identity(urlsplit(root).hostname or "")
    if identity is None:
        return None
    answer = _exchange("POST", f"{root}/api/v1/trusted_publishing/tokens", body={"jwt": identity})
    if answer.status in {404, 405}:
        return None
    token = _text_in(answer, "token") if answer.status == 200 else ""
    if not token:
        raise _not_trusted(root, answer, _reasons(answer))
    return token


def revoke_crates_token(api: str, token: str) -> None:
    """Make a token of `mint_crates_token` worthless. It is so by itself in half an hour, so a failure is nothing."""
    root = _root_of(api)
    if root is not None:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            _exchange("DELETE", f"{root}/api/v1/trusted_publishing/tokens", headers=headers)
        except ServerFailed:
            return


def _root_of(url: str) -> str | None:
    """Scheme and host; None where an identity would go over the network in plain text."""
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or parts.hostname in _LOOPBACK
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if is_safe else None


def _is_own(audience: str, host: str) -> bool:
    """Whether an identity for `audience` may be shown to `host`, which has named it: not one that others go by."""
    if audience.casefold() in _AUDIENCES:
        return host in _AUDIENCES[audience.casefold()]
    if any(mark in audience for mark in ".:/"):  # an address or a host
        try:
            return urlsplit(audience if "//" in audience else f"//{audience}").hostname == host
        except ValueError:
            return False
    return True


def _identity(audience: str) -> str | None:
    """What CI says this job is, signed, for `audience` alone; None in GitLab without a token of that name."""
    address = _given("ACTIONS_ID_TOKEN_REQUEST_URL")
    if not address:
        name = re.sub(r"[^A-Z0-9_]|^[^A-Z_]", "_", audience.upper())
        return _given(f"{name}_ID_TOKEN") or None
    separator = "&" if "?" in address else "?"
    headers = {"Authorization": f"bearer {_given('ACTIONS_ID_TOKEN_REQUEST_TOKEN')}"}
    answer = _exchange("GET", f"{address}{separator}audience={quote(audience, safe='')}", headers=headers)
    value = _text_in(answer, "value") if answer.status == 200 else ""
    if not value:
        message = f"GitHub Actions gave no identity for {audience}: HTTP {answer.status}"
        hint = "the job needs `permissions: id-token: write`"
        raise ServerFailed(message, hint=hint, code="no-identity-token", answer=ServerAnswer(status=answer.status))
    return value


def _exchange(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: Mapping[str, str] | None = None
) -> Response:
    request = http_exchange.Request(
        method=method,
        url=url,
        headers={"Accept": "application/json", "Content-Type": "application/json", **(headers or {})},
        body=json.dumps(body).encode() if body is not None else None,
        timeout_seconds=_TIMEOUT_SECONDS,
        stays_on_host=True,
    )
    # Two tokens instead of one do no harm: each lives for minutes.
    outcome = http_retries.exchange(request, is_repeatable=True)
    if outcome.response is None:
        raise ServerFailed(redact(f"{url}: {outcome.failure}"), code="registry-unreachable")
    return outcome.response


def _text_in(answer: Response, key: str) -> str:
    value = _data(answer).get(key)
    return value if isinstance(value, str) else ""


def _data(answer: Response) -> dict[str, Any]:
    try:
        data = json.loads(answer.body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _reasons(answer: Response) -> str:
    """What the registry says against it: PyPI's codes and descriptions, crates.io's details."""
    data = _data(answer)
    said = [str(data["message"])] if isinstance(data.get("message"), str) else []
    listed = data.get("errors")
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict):
            words = [str(each[key]) for key in ("code", "description", "detail") if isinstance(each.get(key), str)]
            said.append(": ".join(words))
    return "; ".join(each for each in said if each)


def _not_trusted(root: str, answer: Response, reasons: str) -> ServerFailed:
    message = f"{root} does not trust this workflow: {redact(reasons) or f'HTTP {answer.status}'}"
    hint = "register it there: owner, repository, file name of the workflow, environment, all as they are now"
    return ServerFailed(message, hint=hint, code="not-trusted", answer=ServerAnswer(status=answer.status))


def _given(name: str) -> str:
    return os.environ.get(name, "")
