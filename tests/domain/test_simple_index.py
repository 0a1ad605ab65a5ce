"""What an index says of a project, in JSON and in HTML, well-formed and not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import simple_index
from verbump.domain.simple_index import IndexFile
from verbump.errors import InputError

URL = "https://index.example/simple/demo/"
SHA = "ab" * 32


def test_json() -> None:
    files = [
        {"filename": "demo-1.tar.gz", "url": "../../files/demo-1.tar.gz", "hashes": {"sha256": SHA.upper()}},
        {"filename": "demo-2.tar.gz", "url": "https://files.example/demo-2.tar.gz", "hashes": {"md5": "1"}},
        {"filename": "demo-3.tar.gz", "hashes": {"sha256": "short"}},
        "no file",
    ]

    found = simple_index.parse_json(json.dumps({"files": files, "versions": ["1", "2"]}).encode(), URL)

    assert found.versions == ("1", "2")
    assert found.files == (
        IndexFile(name="demo-1.tar.gz", url="https://index.example/files/demo-1.tar.gz", sha256=SHA),
        IndexFile(name="demo-2.tar.gz", url="https://files.example/demo-2.tar.gz"),
        IndexFile(name="demo-3.tar.gz", url=URL),
    )


NO_ANSWERS = [
    (b"<html>", "the answer is no JSON"),
    (b"\xff", "the answer is no JSON"),
    (b"[" * 100_000, "the answer is no JSON"),
    (b"[]", "the answer is no JSON object"),
    (b"{}", "the answer has no list of files"),
    (b'{"files": {}}', "the answer has no list of files"),
]


@pytest.mark.parametrize(("body", "said"), NO_ANSWERS)
def test_no_json(body: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        simple_index.parse_json(body, URL)

    assert (caught.value.code, caught.value.message) == ("index-answer", said)


@pytest.mark.parametrize("versions", [None, 1, "12", {"1": 2}])
def test_versions_that_are_no_list_are_none(versions: object) -> None:
    assert simple_index.parse_json(json.dumps({"files": [], "versions": versions}).encode(), URL).versions == ()


@pytest.mark.parametrize("hashes", [None, 1, SHA, [SHA], {}, {"sha256": None}, {"sha256": SHA + "0"}])
def test_hashes_that_are_none(hashes: object) -> None:
    body = json.dumps({"files": [{"hashes": hashes}]}).encode()
    assert simple_index.parse_json(body, URL).files == (IndexFile(name="", url=URL),)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f'<a href="../../p/demo-1.whl#sha256={SHA}">x</a>', ("demo-1.whl", "https://index.example/p/demo-1.whl", SHA)),
        (f'<A HREF="d%2B1.whl#sha256={SHA.upper()}">', ("d+1.whl", f"{URL}d%2B1.whl", SHA)),
        ('<a href="demo.whl#md5=1">', ("demo.whl", f"{URL}demo.whl", "")),
        ('<base href="https://o.example/x/"><a href="demo.whl">', ("demo.whl", "https://o.example/x/demo.whl", "")),
        ('<base href="/x/"><base href="/y/"><a href="demo.whl">', ("demo.whl", "https://index.example/x/demo.whl", "")),
        ('<base><base href="/x/"><a href="demo.whl">', ("demo.whl", "https://index.example/x/demo.whl", "")),
        ('<link href="/x/"><a href="demo.whl">', ("demo.whl", f"{URL}demo.whl", "")),
        ('<a href="http://["></a><a href="demo.whl">', ("demo.whl", f"{URL}demo.whl", "")),
        (f'<a href="demo.whl?a=b&amp;c#sha256={SHA}">', ("demo.whl", f"{URL}demo.whl?a=b&c", SHA)),
    ],
)
def test_html(page: str, expected: tuple[str, str, str]) -> None:
    (found,) = simple_index.parse_html(page.encode(), URL).files

    assert (found.name, found.url, found.sha256) == expected


def test_html_without_files() -> None:
    page = b'<!doctype html><a>none</a><a href="">x</a><a href="http://[">x</a><a href="folder/">x</a>'

    assert simple_index.parse_html(page, URL).files == ()


@given(st.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    for parse in (simple_index.parse_html, simple_index.parse_json):
        try:
            parse(body, URL)
        except InputError as error:
            assert error.code == "index-answer"


def test_a_declaration_that_is_none() -> None:
    for page in (b"<![if x]>", b"<![x y", b"<!x", b"<?", b"<a href='"):
        try:
            assert simple_index.parse_html(page, URL).files == ()
        except InputError as error:
            assert (error.code, error.message) == ("index-answer", "the answer is no HTML")
