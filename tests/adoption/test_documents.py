"""Lines of keys in TOML, JSON, YAML and INI, against a plain search; texts that cannot be parsed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.errors import ConfigError
from verbump.planning.adoption import documents

TOML = '''\
top = 1
"quoted key" = { inner = 1, other = [1, 2] }   # top = 2

[a.b]
text = """
key = "not a key"
[not.a.table]
"""
list = [
    "x",  # ]
    { deep = 'y' },
    [
        1,
    ],
]
c.d = '[e]'

[[item]]
name = 1

[[item]]
name = 2

[item.sub]
'a.b' = 3
'''


def line_of(text: str, needle: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if needle in line)


def test_toml() -> None:
    found = documents.parse_document("x.toml", TOML)
    expected = {
        ("top",): "top = 1",
        ("quoted key", "inner"): "inner",
        ("quoted key", "other", 1): "other",
        ("a",): "[a.b]",
        ("a", "b", "text"): "text =",
        ("a", "b", "list", 0): '"x"',
        ("a", "b", "list", 1, "deep"): "deep",
        ("a", "b", "list", 2, 0): "        1,",
        ("a", "b", "c"): "c.d",
        ("a", "b", "c", "d"): "c.d",
        ("item", 0, "name"): "name = 1",
        ("item", 1): "[[item]]",
        ("item", 1, "name"): "name = 2",
        ("item", 1, "sub", "a.b"): "a.b' = 3",
    }
    told = {path: found.line_of(path) for path in expected}
    wanted = {path: line_of(TOML, needle) for path, needle in expected.items()} | {("item", 1): 21}
    assert told == wanted
    assert found.line_of(("a", "b", "no", "such")) == line_of(TOML, "[a.b]")
    assert ("a", "b", "text", "key") not in found.lines


keys = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=4)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=4))
def test_json_lines_name_each_key(data: dict[str, object]) -> None:
    """json.dumps writes a line a key and a line an item, so that line and key must agree everywhere."""
    text = json.dumps(data, indent=1)
    lines = text.split("\n")
    found = documents.parse_document("x.json", text)
    for path, number in found.lines.items():
        if path and isinstance(path[-1], str):
            assert lines[number - 1].strip().startswith(json.dumps(path[-1]) + ":")
    assert {path[0] for path in found.lines if path} == set(data)


def test_yaml_and_ini() -> None:
    yaml = documents.parse_document("x.yaml", "---\n# c\ncommitizen:\n  name: x\n  files:\n    - a\n    - b: 1\n")
    assert [yaml.line_of(("commitizen", *rest)) for rest in ((), ("name",), ("files", 1), ("files", 1, "b"))] == [
        3,
        4,
        7,
        7,
    ]
    ini = documents.parse_document("x.cfg", "[a]\nk = v\n  more = 1\n; c\n[b:file:x=y]\nz: 1\n")
    assert ini.data == {"a": {"k": "v\nmore = 1"}, "b:file:x=y": {"z": "1"}}
    assert [ini.line_of(path) for path in (("a", "k"), ("b:file:x=y",), ("b:file:x=y", "z"))] == [2, 5, 6]


def test_yaml_that_refers_to_itself_or_grows_is_read_in_no_time() -> None:
    assert documents.parse_document("x.yaml", "a: &a\n  b: *a\n").line_of(("a", "b")) == 2
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    assert len(documents.parse_document("x.yaml", bomb).data) == 40


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("x.toml", "a = 1\na = 2\n", "x.toml:2: "),
        ("x.toml", "a = [1,\n", "x.toml:1: "),
        ("x.json", '{"a": 1,}', "x.json:1: "),
        ("x.json", "{\n\n'a': 1}", "x.json:3: "),
        ("x.json", "[" * 100_000, "x.json: "),
        ("x.json", '"text"', "x.json:1: "),
        ("x.yaml", "a: 1\nb: [\n", "x.yaml:3: "),
        ("x.yaml", "a: !!python/object/apply:os.system [ls]\n", "x.yaml:1: "),
        ("x.yaml", "a: \x07\n", "x.yaml: "),
        ("x.yaml", "a: 1\n---\nb: 2\n", "x.yaml:2: "),
        ("x.yaml", "- a\n", "x.yaml:1: "),
        ("x.cfg", "no section\n", "x.cfg:1: "),
        ("x.cfg", "[a]\nx = 1\nx = 2\n", "x.cfg:3: "),
        ("x.cfg", "[a]\n[a]\n", "x.cfg:2: "),
        ("x.cfg", "[a]\nnothing\n", "x.cfg:2: "),
    ],
)
def test_broken(name: str, text: str, where: str) -> None:
    with pytest.raises(ConfigError) as caught:
        documents.parse_document(name, text)
    assert caught.value.message.startswith(where), caught.value.message
    assert caught.value.exit_code == 2
    assert caught.value.hint


@given(
    st.sampled_from(["x.toml", "x.json", "x.yaml", "x.cfg"]),
    st.text(st.sampled_from("[]{}\"'=:,.#\\\n\r\t -&*ab1é"), max_size=60),
)
def test_any_text_is_a_document_or_a_named_error(name: str, text: str) -> None:
    try:
        found = documents.parse_document(name, text)
    except ConfigError:
        return
    assert all(1 <= line <= text.count("\n") + 1 for line in found.lines.values())
