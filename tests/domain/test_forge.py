"""Where a remote's pages are."""

from __future__ import annotations

import re
from typing import get_args
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import forge
from verbump.domain.forge import Forge, Kind

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
    ("git@code.example.org:o/r.git", "github", "https://code.example.org/o/r"),
    ("https://gitlab.example.org:8443/g/r", "gitlab", "https://gitlab.example.org:8443/g/r"),
    ("https://github.com:443/o/r", "github", "https://github.com/o/r"),
    ("ssh://git@gitlab.example.org:2222/g/r", "gitlab", "https://gitlab.example.org/g/r"),
    ("ssh://git@ssh.github.com:443/o/r.git", "github", "https://github.com/o/r"),
    ("git@altssh.gitlab.com:g/r", "gitlab", "https://gitlab.com/g/r"),
    ("git@github.com-work:o/r.git", "github", "https://github.com/o/r"),
    ("https://www.github.com/o/r", "github", "https://github.com/o/r"),
    ("https://github.com./o/r", "github", "https://github.com/o/r"),
    ("github.com:o/r", "github", "https://github.com/o/r"),
    ("git@github.com:/o/r.git", "github", "https://github.com/o/r"),
    ("https://github.com/o/r.git?x=1#y", "github", "https://github.com/o/r"),
    ("git@bitbucket.org:o/r.rs.git", "bitbucket", "https://bitbucket.org/o/r.rs"),
    ("https://gitea.com/o/r/", "gitea", "https://gitea.com/o/r"),
    ("https://github.example.org/o/r", "github", "https://github.example.org/o/r"),
    ("git+https://gitlab.example.org:8443/g/r", "gitlab", "https://gitlab.example.org:8443/g/r"),
    ("https://github.com/X11/TeX", "github", "https://github.com/X11/TeX"),
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
        "https://github.com:port/o/r",
        "https://github.](javascript:x)/o/r",
        "https://github.a b/o/r",
        "https://github..com/o/r",
        "https://github.com/o/..",
        "https://github.com/./r",
        "https://github.com/o/.git",
        "https://github.com/o//r",
        "https://github.com/o/%2e%2e",
        "git@github-work:o/r.git",
        "javascript://github.com/o/r",
        "C:/github.com/o/r",
        "https://",
        "git@github.com:",
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
    bitbucket = Forge(kind="bitbucket", url="u")
    assert bitbucket.compare_url("a", "b") == "u/branches/compare/b..a"
    assert bitbucket.tag_url("py/v1.0.0") == "u/commits/tag/py%2Fv1.0.0"
    assert Forge(kind="gitlab", url="u").tag_url("py/v1.0.0+x") == "u/-/tags/py/v1.0.0%2Bx"


DOWNLOADS: list[tuple[Kind, str]] = [
    ("github", "u/releases/download/py/v1.0.0%2Bx%3F"),
    ("gitea", "u/releases/download/py/v1.0.0%2Bx%3F"),
    ("gitlab", "u/-/releases/py%2Fv1.0.0%2Bx%3F/downloads"),
    ("bitbucket", "u/downloads"),
]


@pytest.mark.parametrize(("kind", "place"), DOWNLOADS)
def test_where_files_of_a_release_are(kind: Kind, place: str) -> None:
    assert Forge(kind=kind, url="u").download_url("py/v1.0.0+x\ud800") == place


HOSTILE_TAGS = ["v1)[x](y", "v<b>", 'v"x', "v ' x", "v\ud800", "v\n", "v#x", "v?x", "v%2e", "v1.0.0+x", "ü", "py/v1"]


@pytest.mark.parametrize("tag", HOSTILE_TAGS)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_tag_cannot_leave_its_address(kind: Kind, tag: str) -> None:
    page = Forge(kind=kind, url="https://h/o/r")
    for url in (page.tag_url(tag), page.compare_url(tag, tag), page.download_url(tag)):
        assert re.fullmatch(r"https://h/o/r/[A-Za-z0-9_.~/%-]+", url)
        assert urlsplit(url).query == urlsplit(url).fragment == ""


def test_a_server_of_its_own_keeps_its_port() -> None:
    found = forge.forge_of("git@code.example.org:o/r", "https://code.example.org:8443/")
    assert found == Forge(kind="github", url="https://code.example.org:8443/o/r")
    assert forge.forge_of("git@other.example.org:o/r", "https://code.example.org") is None
    assert forge.forge_of("git@other.example.org:o/r", "https://[bad") is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@h/o/r?token=x", "https://h/o/r"),
        ("https://h/o", "https://h/o"),
        ("git@h:o/r", "git@h:o/r"),
        ("/srv/r", "/srv/r"),
        ("https://[x:y@h", "https://h"),
        ("https://SECRET@h/o/r.git", "https://h/o/r.git"),
        ("https://u:SE/CRET@h/o/r", "https://h/o/r"),
        ("https://u:S@ECRET@h/o/r", "https://h/o/r"),
        ("https://u:S@E/CRET@h/o/r", "https://h/o/r"),
        ("https://u:SE?CRET@h/o/r", "https://h/o/r"),
        ("https://u:SE#CRET@h/o/r", "https://h/o/r"),
        ("https://u:SE/CRET@h/o/r?token=x", "https://h/o/r"),
        ("https://u:SECRET@h/o://r", "https://h/o://r"),
        ("https://me@corp:S@E/CRET@h/o/r", "https://h/o/r"),
        ("https://SECRET@h/o/r@v1", "https://h/o/r@v1"),
        ("https://h:8443/o/r", "https://h:8443/o/r"),
        ("https://[::1]:8443/o/r?private_token=SECRET", "https://[::1]:8443/o/r"),
        ("https://h/@scope/r", "https://h/@scope/r"),
        ("https://h/o/r#SECRET", "https://h/o/r"),
        ("u:SECRET@h:o/r", "h:o/r"),
        ("ssh://git@h:22/o/r", "ssh://h:22/o/r"),
        ("x::https://u:SECRET@h/o", "x::https://h/o"),
        ("file:///srv/r", "file:///srv/r"),
    ],
)
def test_without_credentials(url: str, shown: str) -> None:
    assert forge.without_credentials(url) == shown


@given(
    st.text(alphabet="abAB01:%.-_~+", min_size=1, max_size=12),
    st.text(alphabet="abAB01:/@?#%+=", min_size=1, max_size=12),
    st.sampled_from(["github.com/o/r", "h:8443/o/r.git", "[::1]/r"]),
)
def test_no_password_is_left(user: str, password: str, place: str) -> None:
    shown = forge.without_credentials(f"https://{user}:CANARY{password}CANARY@{place}")
    assert "CANARY" not in shown
    assert forge.without_credentials(shown) == shown


@given(st.text(max_size=80))
def test_never_raises(url: str) -> None:
    forge.forge_of(url)
    forge.without_credentials(url)


FILES: list[tuple[Kind, str, str]] = [
    ("github", "py/v1.0.0+x", "u/blob/py/v1.0.0%2Bx/docs/a%20b.md"),
    ("gitlab", "v1", "u/-/blob/v1/docs/a%20b.md"),
    ("gitea", "v1", "u/src/tag/v1/docs/a%20b.md"),
    ("bitbucket", "py/v1", "u/src/py%2Fv1/docs/a%20b.md"),
]


@pytest.mark.parametrize(("kind", "tag", "page"), FILES)
def test_a_file_at_a_tag(kind: Kind, tag: str, page: str) -> None:
    assert Forge(kind=kind, url="u").file_url(tag, "docs/a b.md") == page
    assert Forge(kind=kind, url="u").file_url("v1", "\ud800").endswith("v1/%3F")
