"""Who uploads: trusted publishing where CI and registry offer it, else a token from the environment.

Where neither is there, twine looks into ~/.pypirc and the keyring, and cargo into its own credentials.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from verbump.effects import trusted_publishing
from verbump.errors import Problem, Refused, ServerFailed

if TYPE_CHECKING:
    from verbump.planning.publish_pypi import Index

Trust = Literal["auto", "always", "never"]
TOKEN_USER = "__token__"  # noqa: S105  the name that PyPI gives to who has a token


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A name and a secret; `source` says where they come from. Without a secret the uploading tool finds its own."""

    username: str = ""
    secret: str = ""
    source: str = ""
    is_minted: bool = False

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Credentials(username={self.username!r}, source={self.source!r})"

    @property
    def authorization(self) -> str:
        """The header's value with which an index of one's own may guard its listing; "" without a secret."""
        if not self.secret or self.is_minted:
            return ""  # what was minted only uploads
        return "Basic " + base64.b64encode(f"{self.username}:{self.secret}".encode()).decode()


def find_token(index: Index) -> Credentials:
    """A token or password for the index from its address or the environment; without a secret where there is none.

    In this order: VERBUMP_PYPI_TOKEN, TWINE_PASSWORD, UV_PUBLISH_TOKEN, UV_PUBLISH_PASSWORD, the address.
    """
    given = os.environ.get
    user, password = index.userinfo
    if secret := given("VERBUMP_PYPI_TOKEN"):
        return Credentials(username=TOKEN_USER, secret=secret, source="VERBUMP_PYPI_TOKEN")
    if secret := given("TWINE_PASSWORD"):
        return Credentials(
            username=given("TWINE_USERNAME") or user or TOKEN_USER, secret=secret, source="TWINE_PASSWORD"
        )
    if secret := given("UV_PUBLISH_TOKEN"):
        return Credentials(username=TOKEN_USER, secret=secret, source="UV_PUBLISH_TOKEN")
    if secret := given("UV_PUBLISH_PASSWORD"):
        name = given("UV_PUBLISH_USERNAME") or user or TOKEN_USER
        return Credentials(username=name, secret=secret, source="UV_PUBLISH_PASSWORD")
    if password:
        return Credentials(username=user, secret=password, source="the address")
    return Credentials(username=given("TWINE_USERNAME") or user)


def for_index(index: Index, trust: Trust) -> tuple[Credentials, str]:
    """The credentials to upload with, and a remark, "" where there is nothing to say.

    Raises:
        Refused: `always`, and trusted publishing is not offered here or by the index.
        ServerFailed: the index does not trust this workflow, and there is no token.
    """
    token = find_token(index)
    if trust == "never":
        return token, ""
    try:
        minted = trusted_publishing.mint_pypi_token(index.url)
    except ServerFailed as error:
        if trust == "always" or not token.secret:
            raise
        return token, f"{error.message}; going on with {token.source}"
    if minted is not None:
        return Credentials(username=TOKEN_USER, secret=minted, source="trusted publishing", is_minted=True), ""
    if trust == "always":
        message = f"trusted publishing is not offered here, or not by {index.url}"
        hint = "in GitHub Actions the job needs `permissions: id-token: write`"
        raise Refused([Problem(code="no-trusted-publishing", message=message, hint=hint)])
    return token, ""
