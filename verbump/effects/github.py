"""GitHub's REST and GraphQL interfaces for one repository: `connect(forge)` gives a `GitHub`, whose methods give JSON.

    hub = github.connect(snapshot.forge)                       # token and addresses from the environment
    hub.get("releases/tags/v1.0.0")                            # below /repos/OWNER/NAME
    hub.get("/user")                                           # a leading slash: from the top
    hub.pages("releases")                                      # every item of every page, lazily
    hub.post("releases", {"tag_name": "v1.0.0", "draft": True})
    hub.graphql("query { viewer { login } }")

Path segments that come from outside go through `quoted`. Every failure is a `ServerFailed` that says what was asked of
whom, what came back and what mends it; `error.answer` holds its status, its codes
and whether the request may have been carried out.
GET, PUT, PATCH and DELETE are repeated after overload and cut connections; POST and mutations are not, since they may
have been carried out (`is_unsure`): look, then decide. Rate limits are waited for in every case, within bounds.

Sources: GitHub Docs, "REST API" (versions, pagination, rate limits), "Forming calls with GraphQL".
"""

from __future__ import annotations

import json
import os
import re
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from verbump.effects import github_failures, github_place, http_exchange, http_retries
from verbump.effects.http_exchange import Request
from verbump.errors import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.domain.forge import Forge
    from verbump.effects.github_place import Place
    from verbump.effects.http_exchange import Response
    from verbump.effects.http_retries import Outcome, Patience

API_VERSION = "2022-11-28"
_PER_PAGE = 100
_MOST_PAGES = 100
_NEXT = re.compile(r'<([^<>]{1,2000})>\s{0,5};[^,]{0,200}\brel="next"')
_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})


class GitHub:
    """One repository on a GitHub. `repository` is `owner/name`; `api_url` has no slash at its end."""

    def __init__(self, place: Place, token: str, patience: Patience = http_retries.DEFAULT_PATIENCE) -> None:
        self.place = place
        self.repository = place.repository
        self.api_url = place.api_url
        self._token = token
        self._patience = patience

    def get(self, path: str, **query: str | int) -> Any:
        """The JSON of an answer to GET."""
        return self._json("GET", self.url(path, **query))

    def find(self, path: str, **query: str | int) -> Any:
        """As `get`; None where GitHub says that there is no such thing (404)."""
        outcome = self._exchange(Request(method="GET", url=self.url(path, **query)))
        if outcome.response is not None and outcome.response.status == 404:
            return None
        return self._decoded("GET", outcome)

    def pages(self, path: str, *, key: str = "", **query: str | int) -> Iterator[Any]:
        """Every item of a list, page after page, as they are asked for. `key` is where the list stands in an object.

        Raises:
            ServerFailed: as for every request; also when the next page would be on another host, or pages never end.
        """
        url = self.url(path, per_page=_PER_PAGE, **query)
        for _ in range(_MOST_PAGES):
            outcome = self._exchange(Request(method="GET", url=url))
            data = self._decoded("GET", outcome)
            items = data.get(key) if key and isinstance(data, dict) else data
            if not isinstance(items, list):
                raise github_failures.bad_answer("GET", url, "a list was expected")
            yield from items
            assert outcome.response is not None
            following = _NEXT.search(outcome.response.header("Link"))
            if following is None:
                return
            if http_exchange.origin(following[1]) != http_exchange.origin(self.api_url):
                raise github_failures.bad_answer("GET", url, "its next page is on another host")
            url = following[1]
        raise github_failures.bad_answer("GET", url, f"more than {_MOST_PAGES} pages")

    def post(self, path: str, data: Mapping[str, object]) -> Any:
        """The JSON of an answer to POST, None where it is empty (204). Repeated only after a rate limit."""
        return self._json("POST", self.url(path), data)

    def patch(self, path: str, data: Mapping[str, object]) -> Any:
        """The JSON of an answer to PATCH."""
        return self._json("PATCH", self.url(path), data)

    def put(self, path: str, data: Mapping[str, object]) -> Any:
        """The JSON of an answer to PUT."""
        return self._json("PUT", self.url(path), data)

    def delete(self, path: str) -> None:
        """Delete; nothing to delete any more (404) is well too, since a repeat may have done it."""
        outcome = self._exchange(Request(method="DELETE", url=self.url(path)))
        if outcome.response is None or outcome.response.status != 404 or outcome.attempts == 1:
            self._decoded("DELETE", outcome)

    def upload(self, url: str, file: IO[bytes], size: int, timeout_seconds: float = 600.0) -> Any:
        """The JSON of an answer to an upload of `size` bytes to `url` (a release's `upload_url` with its query).

        The token goes along only to the API's own host, or to `uploads.` of it. Source: GitHub Docs, "Releases assets".
        """
        request = Request(
            method="POST",
            url=url,
            headers={"Content-Type": "application/octet-stream"},
            body=file,
            length=size,
            timeout_seconds=timeout_seconds,
        )
        if not self._is_ours(url):
            raise github_failures.bad_answer("POST", url, f"not a host of {self.api_url}: nothing was sent there")
        return self._decoded("POST", self._exchange(request))

    def download(self, path: str) -> bytes:
        """The bytes of an asset or artifact; from the host that keeps them, which never sees the token."""
        request = Request(method="GET", url=self.url(path), headers={"Accept": "application/octet-stream"})
        outcome = self._exchange(request)
        if outcome.response is None or outcome.response.status != 200:
            raise github_failures.of_outcome("GET", outcome, self.place)
        return outcome.response.body

    def graphql(self, query: str, variables: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The `data` of an answer to a GraphQL query. A query is repeated as GET is, a mutation is not.

        Raises:
            ServerFailed: as for every request; also where the answer holds errors, whose types are its `reasons`.
        """
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        request = Request(method="POST", url=self.place.graphql_url, body=body)
        is_query = not query.lstrip().startswith("mutation")
        answer = self._decoded("POST", self._exchange(request, is_repeatable=is_query))
        if isinstance(answer, dict) and answer.get("errors"):
            raise github_failures.of_graphql(self.place.graphql_url, answer["errors"])
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, dict):
            raise github_failures.bad_answer("POST", self.place.graphql_url, "no data in it")
        return data

    def login(self) -> str:
        """Whose token it is; of an app, or of a workflow, its bot."""
        viewer = github_failures.field(self.graphql("query { viewer { login } }"), "viewer", dict)
        return github_failures.field(viewer, "login", str)

    def page(self, path: str) -> str:
        """The address of a page of the repository, for a person."""
        return f"{self.place.site}/{self.repository}/{path}"

    def url(self, path: str, **query: str | int) -> str:
        """The address of a path: below the repository, or with a leading slash from the top."""
        whole = path if path.startswith("/") else f"/repos/{self.repository}/{path}".rstrip("/")
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.api_url}{whole}{asked}"

    def _json(self, method: str, url: str, data: Mapping[str, object] | None = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        return self._decoded(method, self._exchange(Request(method=method, url=url, body=body)))

    def _exchange(self, request: Request, *, is_repeatable: bool | None = None) -> Outcome:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION, **request.headers}
        if request.body is not None:
            headers.setdefault("Content-Type", "application/json")
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        prepared = Request(
            method=request.method,
            url=request.url,
            headers=headers,
            body=request.body,
            length=request.length,
            timeout_seconds=request.timeout_seconds,
        )
        safe = request.method in _REPEATABLE if is_repeatable is None else is_repeatable
        return http_retries.exchange(prepared, is_repeatable=safe, patience=self._patience)

    def _decoded(self, method: str, outcome: Outcome) -> Any:
        response = outcome.response
        if response is None or not 200 <= response.status < 300:
            raise github_failures.of_outcome(method, outcome, self.place)
        return _parsed(method, response)

    def _is_ours(self, url: str) -> bool:
        scheme, host, port = http_exchange.origin(self.api_url)
        names = {host, f"uploads.{host}", f"uploads.{host.removeprefix('api.')}"}
        found_scheme, found_host, found_port = http_exchange.origin(url)
        return (found_scheme, found_port) == (scheme, port) and found_host in names


def connect(
    forge: Forge | None, patience: Patience = http_retries.DEFAULT_PATIENCE, *, needs_token: bool = True
) -> GitHub:
    """The repository's GitHub, as the environment says: addresses, and the token where there is one.

    The repository is the remote's, else GITHUB_REPOSITORY. GITHUB_API_URL names another server.

    Raises:
        Refused: no repository on GitHub is known, an address is not one, or no token where `needs_token`.
    """
    place = github_place.read_place(forge)
    token = os.environ.get(place.token_variable, "").strip() if place.token_variable else ""
    if needs_token and not token:
        names = " or ".join(github_place.token_names(place.api_url))
        message = f"no token for {place.api_url} in the environment: {names}"
        hint = "export GH_TOKEN=$(gh auth token); in a workflow: env: GITHUB_TOKEN: ${{ github.token }}"
        raise Refused([Problem(code="no-token", message=message, hint=hint)])
    if not (token.isascii() and token.isprintable()) or " " in token:
        message = f"the token in {place.token_variable} holds a blank or a character that no token has"
        raise Refused([Problem(code="bad-token", message=message, hint=f"set {place.token_variable} anew")])
    return GitHub(place, token, patience)


def quoted(segment: str) -> str:
    """A tag, branch, file name or login as one segment of a path."""
    return quote(segment, safe="")


def _parsed(method: str, response: Response) -> Any:
    if not response.body:
        return None
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise github_failures.bad_answer(method, response.url, "not JSON") from error
