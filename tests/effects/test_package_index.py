"""To whom the credentials go when an index is asked."""

from __future__ import annotations

import pytest

from verbump.effects.package_index import PackageIndex
from verbump.effects.publish_credentials import TOKEN_USER, Credentials
from verbump.planning import publish_pypi

HELD = Credentials(username=TOKEN_USER, secret="s3cr3t", source="x")
MINTED = Credentials(username=TOKEN_USER, secret="s3cr3t", source="x", is_minted=True)


@pytest.mark.parametrize(
    ("url", "look", "credentials", "is_sent"),
    [
        ("https://own.example/legacy/", "https://own.example/simple", HELD, True),
        ("https://own.example/legacy/", "https://own.example/simple", MINTED, False),
        ("https://own.example/legacy/", "https://other.example/simple", HELD, False),
        ("https://own.example/legacy/", "http://own.example/simple", HELD, False),
        ("https://test.pypi.org/legacy/", "https://test.pypi.org/simple", HELD, False),
        (None, "https://pypi.org/simple", HELD, False),
    ],
)
def test_only_the_own_host_of_an_own_index(url: str | None, look: str, credentials: Credentials, is_sent: bool) -> None:
    index = publish_pypi.find_index(url, look)
    asked = PackageIndex(index=index, project="demo", meant=(), credentials=credentials)

    assert bool(asked._asking(look).authorization) is is_sent


def test_a_secret_is_not_in_what_is_shown() -> None:
    assert "s3cr3t" not in repr(HELD)
