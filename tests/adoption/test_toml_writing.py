"""Settings into TOML and back; into files that hold other things, of which no byte changes."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.errors import InputError
from verbump.planning.adoption import toml_writing
from verbump.planning.adoption.toml_writing import with_settings, without_table

TABLE = ("tool", "verbump")
texts = st.text(st.characters(codec="utf-8"), max_size=12)
scalars = texts | st.booleans() | st.integers(-9, 9)
names = st.text(st.characters(codec="utf-8"), max_size=8)
plain = scalars | st.lists(texts, max_size=3) | st.lists(st.lists(texts, max_size=2), max_size=2)
settings = st.dictionaries(
    names,
    plain
    | st.dictionaries(names, plain | st.dictionaries(names, texts, max_size=2), max_size=3)
    | st.lists(
        st.dictionaries(names, plain, max_size=2).map(lambda item: {**item, "name": "x"}), min_size=1, max_size=2
    )
    | st.lists(st.one_of(texts, st.dictionaries(names, texts, max_size=2)), max_size=3),
    min_size=1,
    max_size=4,
)


@given(settings, st.sampled_from([(), TABLE, ("package", "metadata", "verbump")]))
def test_round_trip(made: dict[str, Any], table: tuple[str, ...]) -> None:
    found: Any = tomllib.loads(toml_writing.render_settings(made, table))
    for key in table:
        found = found[key]
    assert found == made


@given(
    settings,
    st.sampled_from(["", "\n", "# c", '[project]\nname = "x"', "\ufeff[a]\r\nb = 1\r\n", "[tool.other]\nx = 1\n\n\n"]),
)
def test_what_stands_there_stays(made: dict[str, Any], before: str) -> None:
    after = with_settings(before, made, TABLE)
    assert after.startswith(before)
    document = tomllib.loads(after.removeprefix("\ufeff"))
    assert document["tool"].pop("verbump") == made
    if not document["tool"]:
        del document["tool"]
    assert document == tomllib.loads(before.removeprefix("\ufeff"))
    if "\r\n" in before and not any("\n" in text for text in map(str, made.values())):
        assert after.count("\n") == after.count("\r\n")
    assert with_settings(after, made, TABLE) == after


def test_replaced_where_it_stands_among_others() -> None:
    before = """\
[project]
name = "x"

[tool.verbump]   # ours
squash = "body"
text = '''
[tool.black]
'''

[[tool.verbump.packages]]
name = "a"

# black's own
[tool.black]
a = [
    [1],
]

[tool.verbump.types]
docs = { bump = "patch" }
# the last word
"""
    after = with_settings(before, {"squash": "title"}, TABLE)
    assert (
        after
        == """\
[project]
name = "x"

# black's own
[tool.black]
a = [
    [1],
]

# the last word

[tool.verbump]
squash = "title"
"""
    )


@pytest.mark.parametrize(
    "before",
    [
        'tool = { verbump = { squash = "body" } }\n',
        "tool.verbump.squash = 'body'\n",
        "[tool]\nverbump.squash = 'body'\n",
    ],
)
def test_a_form_that_cannot_be_cut_out_is_refused(before: str) -> None:
    with pytest.raises(InputError, match="cannot be written without changing anything else"):
        with_settings(before, {"remote": "x"}, TABLE)
    with pytest.raises(InputError):
        without_table(before, TABLE)


def test_an_inline_table_cannot_be_extended() -> None:
    with pytest.raises(InputError) as caught:
        with_settings("tool = { a = 1 }\n", {"remote": "x"}, TABLE)
    assert caught.value.code == "not-spliced"
    assert "[tool.verbump]" in caught.value.hint


def test_a_file_of_its_own() -> None:
    assert with_settings(None, {"remote": "x", "types": {"a": {"bump": "none"}}}, ()) == (
        'remote = "x"\n\n[types]\na = { bump = "none" }\n'
    )
    assert with_settings("# empty\n", {"remote": "x"}, ()) == '# empty\n\nremote = "x"\n'
    assert with_settings("squash = 'body'\n", {"remote": "x"}, ()) == 'remote = "x"\n'


def test_literal_strings_where_they_save_escapes() -> None:
    written = toml_writing.render_settings({"a": "\\d", "b": "it's \\d", "c": 'say "x"', "d": "\x7f"}, ())
    assert written == 'a = \'\\d\'\nb = "it\'s \\\\d"\nc = \'say "x"\'\nd = "\\u007f"\n'
