"""A request, repeated where that is safe and of use: limits, overload, cut connections. Bounded in number and time.

What may have been carried out is only repeated where twice is the same as once. So a repeat never doubles a release.
"""

from __future__ import annotations

import email.utils
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verbump.effects import http_exchange
from verbump.effects.http_exchange import NoAnswer, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

_OVERLOAD = frozenset({500, 502, 503, 504})
_REFUSED_FOR_NOW = frozenset({403, 429})
_SECONDARY_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long to try. `longest_pause_seconds` is the longest wait that a server may ask for.

    `pause` waits; a test gives its own.
    """

    attempts: int = 4
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 120.0
    pause: Callable[[float], None] = time.sleep


DEFAULT_PATIENCE = Patience()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The last answer, or why there is none; whether an earlier attempt may have been carried out unseen."""

    response: Response | None
    failure: NoAnswer | None
    was_unsure: bool
    attempts: int


def exchange(request: Request, *, is_repeatable: bool, patience: Patience = DEFAULT_PATIENCE) -> Outcome:
    """The outcome of a request. `is_repeatable`: carried out twice it leaves the same as once.

    Limits (403 and 429 that say so) refuse before anything is done, so after them any request is repeated.
    """
    was_unsure = False
    for attempt in range(1, patience.attempts + 1):
        response: Response | None = None
        failure: NoAnswer | None = None
        backoff = patience.first_pause_seconds * 2.0 ** (attempt - 1)
        try:
            response = http_exchange.exchange(request)
        except NoAnswer as error:
            failure = error
            wait = backoff if is_repeatable or not error.is_unsure else None
            was_unsure = was_unsure or error.is_unsure
        else:
            wait = _wait_after(response, backoff, is_repeatable=is_repeatable)
            was_unsure = was_unsure or response.status in _OVERLOAD
        is_last = attempt == patience.attempts or wait is None or wait > patience.longest_pause_seconds
        if is_last:
            return Outcome(response=response, failure=failure, was_unsure=was_unsure, attempts=attempt)
        assert wait is not None
        patience.pause(wait)
        request = _rewound(request)
    raise AssertionError("Patience.attempts is at least 1")


def is_limit(response: Response) -> bool:
    """Whether the answer is a rate limit: 429, or a 403 with GitHub's signs of one.

    Source: GitHub Docs, "Rate limits for the REST API", exceeding the rate limit.
    """
    if response.status not in _REFUSED_FOR_NOW:
        return False
    says_so = bool(response.header("Retry-After")) or response.header("X-RateLimit-Remaining") == "0"
    return response.status == 429 or says_so or b"rate limit" in response.body[:2000].lower()


def asked_wait(response: Response) -> float | None:
    """The seconds that the answer asks to wait for (Retry-After, else the limit's reset); None where it names none."""
    asked = response.header("Retry-After").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    if asked:
        try:
            return max(0.0, email.utils.parsedate_to_datetime(asked).timestamp() - time.time())
        except ValueError:
            return None
    reset = response.header("X-RateLimit-Reset").strip()
    if response.header("X-RateLimit-Remaining") == "0" and reset.isascii() and reset.isdigit():
        return max(0.0, float(reset[:12]) - time.time())
    return None


def _wait_after(response: Response, backoff: float, *, is_repeatable: bool) -> float | None:
    """How long to wait before the next attempt; None where there must be none."""
    if is_limit(response):
        asked = asked_wait(response)
        return _SECONDARY_PAUSE_SECONDS if asked is None else asked
    if response.status in _OVERLOAD and is_repeatable:
        asked = asked_wait(response)
        return backoff if asked is None else asked
    return None


def _rewound(request: Request) -> Request:
    body = request.body
    if body is not None and not isinstance(body, bytes):
        body.seek(0)
    return replace(request, body=body)
