"""Which repository on which GitHub, by the remote and the environment; where its token stands."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from verbump.effects import http_exchange
from verbump.errors import Problem, Refused

if TYPE_CHECKING:
    from verbump.domain.forge import Forge

PUBLIC_API = "https://api.github.com"
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which repository, and where its server listens; `site` has its pages.

    `token_variable` is where the token came from, "" without one.
    """

    repository: str
    api_url: str
    graphql_url: str
    site: str = "https://github.com"
    token_variable: str = ""


def read_place(forge: Forge | None) -> Place:
    """Which repository on which server, by the remote and the environment. Raises: as `connect`."""
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if forge is not None and forge.kind == "github":
        repository = urlsplit(forge.url).path.strip("/")
    if not _REPOSITORY.fullmatch(repository):
        message = "the remote is no repository on GitHub, and GITHUB_REPOSITORY names none"
        raise Refused([Problem(code="no-github", message=message, hint="export GITHUB_REPOSITORY=owner/name")])
    api_url = (os.environ.get("GITHUB_API_URL") or _api_of(forge)).rstrip("/")
    _check_address(api_url)
    found = next((name for name in token_names(api_url) if os.environ.get(name, "").strip()), "")
    server = os.environ.get("GITHUB_SERVER_URL", "").rstrip("/") or "https://github.com"
    site = forge.url.removesuffix(f"/{repository}") if forge is not None and forge.kind == "github" else server
    return Place(
        repository=repository,
        api_url=api_url,
        graphql_url=_graphql_of(api_url),
        site=site,
        token_variable=found,
    )


def _api_of(forge: Forge | None) -> str:
    """The API of the forge's host: api.github.com, api.TENANT.ghe.com, or /api/v3 of an Enterprise server."""
    parts = urlsplit(forge.url) if forge is not None else urlsplit("https://github.com")
    host = parts.netloc
    if host == "github.com":
        return PUBLIC_API
    return f"https://api.{host}" if host.endswith(".ghe.com") else f"https://{host}/api/v3"


def _graphql_of(api_url: str) -> str:
    given = os.environ.get("GITHUB_GRAPHQL_URL", "")
    if given and http_exchange.origin(given) == http_exchange.origin(api_url):
        return given
    return f"{api_url.removesuffix('/v3')}/graphql"


def token_names(api_url: str) -> tuple[str, ...]:
    """Where a token for this server may stand, first wins; as gh reads them.

    The usual two are for github.com and for the server that GITHUB_API_URL names: a remote that somebody else wrote
    must not be able to call for them.
    """
    usual, enterprise = ("GH_TOKEN", "GITHUB_TOKEN"), ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
    host = urlsplit(api_url).hostname or ""
    if api_url == PUBLIC_API or host.endswith(".ghe.com"):
        return usual
    return (*enterprise, *usual) if os.environ.get("GITHUB_API_URL") else enterprise


def _check_address(api_url: str) -> None:
    scheme, host, _ = http_exchange.origin(api_url)
    is_local = host in {"localhost", "127.0.0.1", "::1"}
    if not host or scheme not in {"https", "http"} or (scheme == "http" and not is_local):
        message = f"GITHUB_API_URL={api_url!r} is no https address"
        hint = "export GITHUB_API_URL=https://github.example.com/api/v3"
        raise Refused([Problem(code="bad-address", message=message, hint=hint)])
