"""The two ways to find a string, and the proof that refuses a wrong one."""

from __future__ import annotations

import contextlib
import copy
import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain.manifests import string_spans, toml_splice
from verbump.domain.manifests.toml_text import (
    KeyPath,
    find_differences,
    parse_toml,
    read_json,
    read_toml,
    render_path,
    value_at,
)
from verbump.errors import InputError

VERSION: KeyPath = ("a", "version")


def by_marks(body: str, path: KeyPath) -> str | None:
    spans = string_spans.by_marks(body, {path: value_at(parse_toml(body), path)}, parse_toml)
    return body[slice(*spans[path])] if spans else None


def by_tomlkit(body: str, path: KeyPath) -> str | None:
    spans = string_spans.by_tomlkit(body, {path: value_at(parse_toml(body), path)})
    return body[slice(*spans[path])] if spans else None


@pytest.mark.parametrize(
    ("body", "marks", "tomlkit"),
    [
        pytest.param('a.version = "1.0"\n', "1.0", "1.0", id="plain"),
        pytest.param("[a]\nversion = '''1.0'''\n", "1.0", "1.0", id="triple quotes"),
        pytest.param('[a]\nversion = """\n1.0"""\n', None, "\n1.0", id="line end after the quotes"),
        pytest.param('[a]\nversion = "1\\u002e0"\n', None, "1\\u002e0", id="escape"),
        pytest.param('[a]\nversion = "1.0 \\"x\\""\n', '1.0 \\"x\\"', '1.0 \\"x\\"', id="escaped quote"),
        pytest.param('[[b]]\nx = "1.0"\n[a]\nversion = "1.0"\n[[b]]\nx = "1.0"\n', "1.0", None, id="interrupted array"),
        pytest.param('["1.0"]\nx = "1.0"\n[a]\nversion = "1.0"\n', "1.0", "1.0", id="header that is the value"),
        pytest.param('[a]\nversion = "\\ue0000\\ue000"\n', None, "\\ue0000\\ue000", id="escaped mark"),
        pytest.param('[a]\nversion = "1.0"\n#' + "x" * 40_000, "1.0", None, id="too long for tomlkit"),
    ],
)
def test_what_each_way_finds(body: str, marks: str | None, tomlkit: str | None) -> None:
    assert by_marks(body, VERSION) == marks
    assert by_tomlkit(body, VERSION) == tomlkit


def test_every_private_character_is_taken() -> None:
    body = "[a]\nversion = '1.0'\nx = '" + "".join(map(chr, range(0xE000, 0xE100))) + "'\n"
    assert by_marks(body, VERSION) is None
    with pytest.raises(InputError) as caught:
        toml_splice.with_manifest_strings(read_toml(body), {VERSION: "1.1"})
    assert caught.value.code == "manifest-not-proved"
    assert caught.value.message.startswith("a.version cannot be changed")


@pytest.mark.parametrize("new", ['1"', "1\n", "1\\", "\x00", "1\\t2"])
def test_what_would_break_the_text_is_not_written(new: str) -> None:
    with pytest.raises(InputError) as caught:
        toml_splice.with_manifest_strings(read_toml('[a]\nversion = "1.0"\n'), {VERSION: new})
    assert caught.value.code == "manifest-not-proved"


def test_escapes_outside_the_changed_characters_stay() -> None:
    body = '[a]\nx = ["b>=1.0; m == \\"\\u0078\\" \\\\ \\U0001F980", \'b>=1.0; m == "x"\']\n'
    document = read_toml(body)
    edits: dict[KeyPath, str] = {
        ("a", "x", index): document.document["a"]["x"][index].replace("1.0", "1.10") for index in (0, 1)
    }
    assert toml_splice.with_manifest_strings(document, edits) == body.replace("1.0", "1.10")


def test_escapes_within_the_changed_characters_are_written_anew() -> None:
    body = '[a]\nversion = "x\\t1.0\\ty"\n'
    assert toml_splice.with_manifest_strings(read_toml(body), {VERSION: 'x\t1.1"\t2\ty'}) == (
        '[a]\nversion = "x\\t1.1\\"\\t2\\ty"\n'
    )


def test_json_is_kept_as_it_stands() -> None:
    text = '\ufeff{\r\n\t"a" : {"version": "1.0", "x": [1.0, 1e3, "1.0", "\\u00e9\\/"]} }'
    assert toml_splice.with_json_strings(read_json(text), {VERSION: "1.1"}) == text.replace(
        '"version": "1.0"', '"version": "1.1"'
    )


texts = st.text(st.sampled_from("1.0 '\"\\\n\r\t#=[]{},ab\ue000é"), max_size=12)


@given(texts, texts, st.integers(0, 3))
def test_any_string_in_json(old: str, new: str, place: int) -> None:
    """What is written is what is read, and the rest of the text stays; where it cannot be, nothing is written."""
    values = ["1.0", old, "", old]
    text = json.dumps({"x": values, old: old}, indent=1)
    path: KeyPath = ("x", place)
    written = text
    with contextlib.suppress(InputError):
        written = toml_splice.with_json_strings(read_json(text), {path: new})
        values[place] = new
    assert json.loads(written) == {"x": values, old: old}


@given(
    st.recursive(
        st.one_of(st.integers(), st.booleans(), st.floats(), texts),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    )
)
def test_a_document_equals_itself(document: object) -> None:
    assert list(find_differences(document, copy.deepcopy(document))) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, [("a",)]),
        ({"a": 1}, {"a": True}, [("a",)]),
        ({"a": float("nan")}, {"a": float("nan")}, []),
        ({"a": float("nan")}, {"a": 1.0}, [("a",)]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [("a", 1)]),
        ({"a": [1, 2]}, {"a": [1]}, [("a",)]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, [()]),
        ({"a": {}}, {"a": []}, [("a",)]),
        ({"a": {"b": "x"}}, {"a": {"b": "y", "c": 1}}, [("a",)]),
    ],
)
def test_differences(old: object, new: object, expected: list[KeyPath]) -> None:
    assert list(find_differences(old, new)) == expected


@pytest.mark.parametrize(
    ("body", "is_proved"),
    [
        ('[a]\nversion = "1.1"\nx = "1.0"\n', True),
        ('[a]\nversion = "1.1"\nx = "1.1"\n', False),
        ('[a]\nversion = "1.2"\nx = "1.0"\n', False),
        ('[a]\nx = "1.0"\nversion = "1.1"\n', False),
        ('[a]\nversion = "1.1"\nx = "1.0"\ny = 1\n', False),
        ('[a]\nversion = "1.1"\nx = "1.0"\noops', False),
    ],
)
def test_the_proof_sees_every_other_change(body: str, is_proved: bool) -> None:
    text = read_toml('[a]\nversion = "1.0"\nx = "1.0"\n')
    assert toml_splice._is_proved(text, body, {VERSION: "1.1"}, parse_toml) is is_proved


def test_text_that_is_not_written_out_again_is_not_trusted() -> None:
    for pieces in (["x = '", "0", "'"], ["x='", "0", "'#"], ["x = '1'#"]):
        assert string_spans._spans_of_marks("x = '1'#", pieces, [("x",)], ["1"]) == {}
    assert string_spans._spans_of_marks("x = '1'#", ["x = '", "0", "'#"], [("x",)], ["1"]) == {("x",): (5, 6)}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('[a]\nversion = """\n1.0"""\n', id="line end after the quotes"),
        pytest.param('[a]\r\nversion = """\r\n1.0"""\r\n', id="crlf after the quotes"),
        pytest.param('[a]\nversion = """\\\n   1.0"""\n', id="line continued before"),
        pytest.param('[a]\nversion = """\\\r\n\r\n   1.0"""\n', id="crlf continued before"),
        pytest.param('[a]\nversion = """1.0\\\n   """\n', id="line continued behind"),
        pytest.param('[a]\nversion = """\n1.0\\\n\n   """\n', id="everything"),
    ],
)
def test_lines_that_are_not_part_of_the_value_stay(body: str) -> None:
    for new in ("1.10", "2.0"):
        assert toml_splice.with_manifest_strings(read_toml(body), {VERSION: new}) == body.replace("1.0", new)


def test_a_line_continued_inside_the_value() -> None:
    body = '[a]\nversion = """1.\\\n  0.\\\n  0"""\n'
    assert toml_splice.with_manifest_strings(read_toml(body), {VERSION: "1.0.1"}) == body.replace('0"', '1"')


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("tool", "poetry", "version"), "tool.poetry.version"),
        (("target", "cfg(unix)", "x"), "target.'cfg(unix)'.x"),
        (("a", "it's"), 'a."it\'s"'),
        (("a", "x\ny"), 'a."x\\u000ay"'),
        (("a", 'q"\\\t'), 'a."q\\"\\\\\\u0009"'),
        (("a", "\x7f"), 'a."\\u007f"'),
        (("a", "'\U0001f680\U000e0001"), 'a."\'\U0001f680\\U000e0001"'),
        (("packages", "", 0), "packages.''.0"),
    ],
)
def test_paths_are_written_as_toml(path: KeyPath, expected: str) -> None:
    assert render_path(path) == expected


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_paths_are_read_as_toml(path: list[str]) -> None:
    found: object = tomllib.loads(f"{render_path(tuple(path))} = 1")
    for part in path:
        assert isinstance(found, dict)
        (found,) = [value for key, value in found.items() if key == part]
    assert found == 1
