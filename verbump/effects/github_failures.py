"""What GitHub's refusals mean, in words: what was asked, what came back, what mends it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from verbump.effects import http_retries
from verbump.effects.redaction import redact
from verbump.errors import ServerAnswer, ServerFailed

if TYPE_CHECKING:
    from verbump.effects.github_place import Place
    from verbump.effects.http_exchange import Response
    from verbump.effects.http_retries import Outcome

_Kind = TypeVar("_Kind")
_LONGEST_QUOTE = 300
_AGAIN = "run the same command again"


def of_outcome(method: str, outcome: Outcome, place: Place) -> ServerFailed:
    """The error for an exchange that did not succeed."""
    response = outcome.response
    if response is None:
        assert outcome.failure is not None
        message = f"{method} {place.api_url}: {outcome.failure}{_tries(outcome)}"
        hint = f"is the network up, and GITHUB_API_URL right? Then {_AGAIN}"
        return ServerFailed(
            redact(message), hint=hint, code="unreachable", answer=ServerAnswer(is_unsure=outcome.was_unsure)
        )
    status, asked = response.status, f"{method} {without_query(response.url)}"
    said, reasons = _said(response)
    message = f"{asked}: {status}{f' {said}' if said else ''}{_tries(outcome)}"
    code, hint = _meaning(method, response, place, said)
    answer = ServerAnswer(status=status, reasons=reasons, is_unsure=outcome.was_unsure and status >= 500)
    return ServerFailed(redact(message), hint=hint, code=code, answer=answer)


def of_graphql(url: str, errors: object) -> ServerFailed:
    """The error for an answer with GraphQL errors."""
    found = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    said = "; ".join(str(each.get("message", "")) for each in found)[:_LONGEST_QUOTE] or "errors without a message"
    answer = ServerAnswer(status=200, reasons=tuple(str(each["type"]) for each in found if each.get("type")))
    hint = "does the token have the permissions that the command's documentation lists?"
    return ServerFailed(redact(f"POST {url}: {said}"), hint=hint, code="rejected", answer=answer)


def bad_answer(method: str, url: str, what: str) -> ServerFailed:
    """The error for an answer that GitHub would not give."""
    message = f"{method} {without_query(url)}: the answer is not GitHub's: {what}"
    hint = "is GITHUB_API_URL the address of its REST API, and is a proxy in between?"
    answer = ServerAnswer(is_unsure=method != "GET")
    return ServerFailed(redact(message), hint=hint, code="bad-answer", answer=answer)


def field(data: object, name: str, kind: type[_Kind]) -> _Kind:
    """A field of an answer, of the type that GitHub's description gives it.

    Raises:
        ServerFailed: it is missing or of another type.
    """
    value = data.get(name) if isinstance(data, dict) else None
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    message = f"the answer is not GitHub's: {name} should be {_NAMES.get(kind, kind.__name__)}"
    hint = "is GITHUB_API_URL the address of GitHub's REST API, and is a proxy in between?"
    raise ServerFailed(message, hint=hint, code="bad-answer")


_NAMES: dict[type[Any], str] = {
    str: "a text",
    int: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def without_query(url: str) -> str:
    """The address without query and fragment, for a message."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _tries(outcome: Outcome) -> str:
    return f" (tried {outcome.attempts} times)" if outcome.attempts > 1 else ""


def _said(response: Response) -> tuple[str, tuple[str, ...]]:
    """GitHub's message with the details of its errors in one line, and their codes."""
    try:
        data = json.loads(response.body[:100_000] or b"{}")
    except (ValueError, RecursionError):
        return "", ()
    if not isinstance(data, dict):
        return "", ()
    parts = [str(data.get("message", ""))]
    reasons: list[str] = []
    errors = data.get("errors")
    for each in errors if isinstance(errors, list) else []:
        if isinstance(each, dict):
            reasons += [str(each["code"])] if each.get("code") else []
            words = (each.get("resource"), each.get("field"), each.get("code"))
            parts.append(str(each.get("message") or " ".join(str(word) for word in words if word)))
        elif isinstance(each, str):
            parts.append(each)
    return ": ".join(part for part in parts if part)[:_LONGEST_QUOTE], tuple(reasons)


def _meaning(method: str, response: Response, place: Place, said: str) -> tuple[str, str]:
    """The error's short name and its hint."""
    token = place.token_variable or "a token"
    if http_retries.is_limit(response):
        wait = http_retries.asked_wait(response)
        when = f"in {math.ceil(wait / 60)} min" if wait and wait > 60 else "in a minute"
        return "rate-limited", f"GitHub limits how much one token may ask; {_AGAIN} {when}"
    status = response.status
    if status == 401:
        return "bad-token", f"{token} is not (or no longer) valid for {place.api_url}: set a new one"
    if status == 403:
        return "forbidden", _permission(said, token, place)
    if status == 404:
        hint = f"does {place.repository} exist, and may {token} see it? GitHub says 404 to hide what it may not"
        return "not-found", hint
    if status in {409, 422}:
        return ("conflict" if status == 409 else "rejected"), "the message says what GitHub does not take"
    if 300 <= status < 400:
        target = without_query(response.header("Location"))
        return (
            "redirected",
            f"it points to {target}: {method} is not followed to another host; set the remote's URL anew",
        )
    if status >= 500:
        return "server-error", f"see https://www.githubstatus.com; then {_AGAIN}"
    return "rejected", f"{method} is not taken there: is GITHUB_API_URL right?"


def _permission(said: str, token: str, place: Place) -> str:
    if "by integration" in said:
        return "in the workflow: `permissions: contents: write` (and what else the command writes)"
    if "SAML" in said or "SSO" in said:
        return (
            f"authorize {token} for the organization of {place.repository}: Settings, Developer settings, Configure SSO"
        )
    return f"{token} may not do that in {place.repository}: a fine-grained token needs Contents: read and write"
