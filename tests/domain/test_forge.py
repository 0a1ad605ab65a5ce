"""Where a remote's pages are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import forge
from verbump.domain.forge import Forge

KNOWN = [
    ("https://github.com/o/r.git", "github", "https://github.com/o/r"),
    ("https://user:token@github.com/o/r", "github", "https://github.com/o/r"),
    ("git@github.com:o/r.git", "github", "https://github.com/o/r"),
    ("ssh://git@github.com:22/o/r.git/", "github", "https://github.com/o/r"),
    ("git://GitHub.com/o/r", "github", "https://github.com/o/r"),
    ("https://gitlab.com/g/sub/r.git", "gitlab", "https://gitlab.com/g/sub/r"),
    ("https://gitlab.example.org/g/r", "gitlab", "https://gitlab.example.org/g/r"),
    ("https://codeberg.org/o/r", "gitea", "https://codeberg.org/o/r"),
    ("https://bitbucket.org/o/r", "bitbucket", "https://bitbucket.org/o/r"),
    ("https://acme.ghe.com/o/r", "github", "https://acme.ghe.com/o/r"),
    ("https://code.example.org/o/r", "github", "https://code.example.org/o/r"),
]


@pytest.mark.parametrize(("url", "kind", "page"), KNOWN)
def test_known(url: str, kind: str, page: str) -> None:
    assert forge.forge_of(url, "https://code.example.org") == Forge(kind=kind, url=page)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "/srv/git/r.git",
        "file:///srv/r",
        "C:\\r",
        "https://example.org/o/r",
        "ext::sh -c x",
        "",
        "https://github.com/o",
        "https://github.com/o/r/x",
        "git@github.com:o/<r>",
        "https://[bad",
    ],
)
def test_unknown(url: str) -> None:
    assert forge.forge_of(url) is None


def test_pages() -> None:
    github = Forge(kind="github", url="https://github.com/o/r")
    assert github.compare_url("v1.0.0", "py/v1 1") == "https://github.com/o/r/compare/v1.0.0...py/v1%201"
    assert github.tag_url("v1.0.0") == "https://github.com/o/r/releases/tag/v1.0.0"
    assert github.issue_url(12) == "https://github.com/o/r/issues/12"
    assert github.commit_url("abc") == "https://github.com/o/r/commit/abc"
    assert (
        Forge(kind="gitlab", url="https://gitlab.com/o/r").compare_url("a", "b")
        == "https://gitlab.com/o/r/-/compare/a...b"
    )
    assert Forge(kind="bitbucket", url="u").compare_url("a", "b") == "u/branches/compare/b..a"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@h/o/r?token=x", "https://h/o/r"),
        ("https://h/o", "https://h/o"),
        ("git@h:o/r", "git@h:o/r"),
        ("/srv/r", "/srv/r"),
        ("https://[x:y@h", "https://h"),
    ],
)
def test_without_credentials(url: str, shown: str) -> None:
    assert forge.without_credentials(url) == shown


@given(st.text(max_size=80))
def test_never_raises(url: str) -> None:
    forge.forge_of(url)
    forge.without_credentials(url)
