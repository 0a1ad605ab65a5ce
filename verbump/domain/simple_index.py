"""What a Python index answers about one project: the files it has, with their hashes, in JSON or in HTML.

Source: the PyPA specification "Simple repository API" (PEP 503, PEP 629, PEP 691, PEP 700).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
# What to ask for: JSON where the index has it, else the HTML that every index has.
ACCEPT = f"{JSON_TYPE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_SHA256 = re.compile(r"sha256=([0-9A-Fa-f]{64})")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFile:
    """A file of a project. `sha256` in lower case hex, "" where the index tells none; `url` is absolute."""

    name: str
    url: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The files of a project, and its versions where the index lists them."""

    files: tuple[IndexFile, ...]
    versions: tuple[str, ...] = ()


def parse_json(body: bytes, url: str) -> Listing:
    """The JSON answer that came from `url`.

    Raises:
        InputError: it is not one.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("the answer is no JSON", code="index-answer") from error
    if not isinstance(data, dict):
        raise InputError("the answer is no JSON object", code="index-answer")
    listed = data.get("files")
    if not isinstance(listed, list):
        raise InputError("the answer has no list of files", code="index-answer")
    versions = data.get("versions")
    return Listing(
        files=tuple(_json_file(each, url) for each in listed if isinstance(each, dict)),
        versions=tuple(str(each) for each in versions) if isinstance(versions, list) else (),
    )


def _json_file(each: dict[str, Any], url: str) -> IndexFile:
    hashes = each.get("hashes")
    digest = str(hashes.get("sha256", "")).lower() if isinstance(hashes, dict) else ""
    place = urljoin(url, str(each.get("url", "")))
    return IndexFile(name=str(each.get("filename", "")), url=place, sha256=digest if _HEX.fullmatch(digest) else "")


def parse_html(body: bytes, url: str) -> Listing:
    """The HTML answer that came from `url`: an anchor a file, its hash in the fragment of the link.

    Raises:
        InputError: it is not one.
    """
    reader = _Anchors()
    try:
        reader.feed(body.decode("utf-8", "replace"))
        reader.close()
    except AssertionError as error:  # what Python's parser raises for a declaration that it does not know
        raise InputError("the answer is no HTML", code="index-answer") from error
    return Listing(files=tuple(_html_files(reader, url)))


class _Anchors(HTMLParser):
    """The links of a page; `base` is its <base href>, "" without one."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the target of an anchor, or the base."""
        target = dict(attrs).get("href")
        if target and tag == "a":
            self.links.append(target)
        elif target and tag == "base" and not self.base:
            self.base = target


def _html_files(reader: _Anchors, url: str) -> Iterator[IndexFile]:
    for link in reader.links:
        try:
            place, fragment = urldefrag(urljoin(urljoin(url, reader.base), link))
            name = unquote(urlsplit(place).path.rpartition("/")[2])
        except ValueError:
            continue
        found = _SHA256.fullmatch(fragment)
        if name:
            yield IndexFile(name=name, url=place, sha256=found[1].lower() if found else "")
