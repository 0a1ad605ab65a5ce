"""What the whole changelog of a plain repository needs beside its history; None where the repository is not plain.

Plain: no configuration, one package, version tags `v1.2.3` (or `1.2.3`, `-rc.1` after them) and no others that look
like versions. A changelog may be there: its headings are the model.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.planning.whole_document import PastTag, Style

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = rb"(0|[1-9][0-9]{0,8})"
_TAG = re.compile(
    rb"([0-9a-f]+) refs/tags/((v?)("
    + rb"\.".join([_NUMBER] * 3)
    + rb"(?:-(alpha|beta|rc)\."
    + _NUMBER
    + rb")?))(\^\{\})?"
)
_MAYBE = re.compile(rb"\d+\.\d|20\d\d-?[01]\d-?\d")
_FIRST_YEAR = 2000
_FINAL = b"\x7f"  # after every word of a candidate
_CONFIGURED = ("verbump", "commitizen", "semantic_release")


def find_tags(listing: bytes) -> list[PastTag] | None:
    """The version tags in the output of `git show-ref --dereference --tags`, lowest version first."""
    found: dict[tuple[int, int, int, bytes, int], PastTag] = {}
    prefixes = set()
    for line in listing.split(b"\n"):
        tag = _TAG.fullmatch(line)
        if tag is None:
            if _MAYBE.search(line[line.find(b" ") :]):
                return None  # a version in another format, perhaps
            continue
        version = (int(tag[5]), int(tag[6]), int(tag[7]), tag[8] or _FINAL, int(tag[9] or 0))
        if version[0] >= _FIRST_YEAR:
            return None
        prefixes.add(tag[3])
        # An annotated tag's second line names the commit.
        found[version] = PastTag(tag[4].decode(), tag[2].decode(), tag[1])
    return [found[version] for version in sorted(found)] if len(prefixes) == 1 else None


def find_style(texts: Mapping[str, str], settings: bytes, branch: str, server: str) -> Style | None:
    """How the document is written.

    `texts` are the project's files by name, `settings` what `git config -z --get-regexp` says of remotes and branches,
    `branch` the one that is checked out, `server` the address of a GitHub Enterprise server or "".
    """
    if any(word in texts.get(name, "") for name in ("Cargo.toml", "pyproject.toml") for word in _CONFIGURED):
        return None
    if "[workspace" in texts.get("Cargo.toml", ""):
        return None
    url = _remote_url(settings, branch)
    if url is None:
        return None
    from verbump.domain import forge, releases

    where = forge.forge_of(url, server) if url else None
    if "CHANGELOG.md" not in texts:
        return Style(releases.CATEGORY_ORDER, where)
    from verbump.domain import changelog
    from verbump.errors import InputError

    try:
        document = changelog.parse_changelog(texts["CHANGELOG.md"])
    except InputError:
        return None  # said by the usual way, with its place
    return Style(releases.CATEGORY_ORDER, where, is_bracketed=document.bracketed, has_v=document.v_prefix)


def _remote_url(settings: bytes, branch: str) -> str | None:
    """The URL of the remote that the branch follows, else of `origin`, else of the only one; "" for no remote."""
    urls: dict[str, str] = {}
    upstream = ""
    for setting in settings.decode("utf-8", "replace").split("\0"):
        key, _, value = setting.partition("\n")
        kind, _, rest = key.partition(".")
        name, _, variable = rest.rpartition(".")
        if kind == "url" or variable == "tagopt":
            return None  # addresses are rewritten; tags are not fetched
        if kind == "remote" and name:
            urls.setdefault(name, "")
            if variable == "url":
                urls[name] = urls[name] or value
        if (kind, name, variable) == ("branch", branch, "remote"):
            upstream = value
    if upstream in {"", "."}:
        upstream = "origin" if "origin" in urls else next(iter(urls)) if len(urls) == 1 else ""
    if not upstream:
        return ""
    return urls.get(upstream) or None
