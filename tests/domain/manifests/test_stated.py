"""Versions at a key, by a pattern and beside a marker."""

from __future__ import annotations

import contextlib
import json
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.manifests.shapes import VARIANTS, after, before
from support.patience import patience
from verbump.domain.manifests import stated
from verbump.errors import ConfigError, InputError

TOML = PurePosixPath("some/config.toml")
JSON = PurePosixPath("package.json")

KEYS = {
    "toml": (TOML, "tool.x.version", '[tool.x]\nversion = "«1.2.3»"\nother = "1.2.3"\n'),
    "toml without suffix": (PurePosixPath("conf"), "version", "version = '«1.2.3»' # 1.2.3\n"),
    "toml array": (TOML, "package.1.version", '[[package]]\nversion = "1.2.3"\n[[package]]\nversion = "«1.2.3»"\n'),
    "toml quoted part": (TOML, 'a."b.c".d', '[a."b.c"]\nd = "«1.2.3»"\n[a.b.c]\nd = "1.2.3"\n'),
    "toml number as a key": (TOML, "a.0", '[a]\n0 = "«1.2.3»"\n1 = "1.2.3"\n'),
    "toml blanks in the key": (TOML, "a . 'b'", '[a]\nb = "«1.2.3»"\n'),
    "toml element of an array": (TOML, "a.1", 'a = ["1.2.3", "«1.2.3»", "1.2.3"]\n'),
    "json": (JSON, "version", '{\n  "name": "a",\n  "version": "«1.2.3»",\n  "engines": {"node": "1.2.3"}\n}\n'),
    "json in one line": (JSON, "a.version", '{"version":"1.2.3","a":{"b":"1.2.3","version":"«1.2.3»"}}'),
    "json array": (JSON, "packages.0.version", '{"packages": [{"version": "«1.2.3»"}, {"version": "1.2.3"}]}'),
    "json empty key": (
        PurePosixPath("package-lock.json"),
        'packages."".version',
        '{"version": "1.2.3", "packages": {"": {"version": "«1.2.3»"}, "node_modules/a": {"version": "1.2.3"}}}\n',
    ),
    "json strange forms": (
        JSON,
        "v",
        '{"x": [1.0, 1e5, -0, null, "\\u00e9\\/", "\\"1.2.3\\""], "1.2.3" :1, "v" : "«1.2.3»" }',
    ),
    "json key that is the value": (JSON, '"1.2.3".v', '{"1.2.3": {"v": "«1.2.3»", "1.2.3" : 1}}'),
    "json suffix in capitals": (PurePosixPath("tauri.conf.JSON"), "version", '{"version": "«1.2.3»"}'),
    "json twice": (JSON, "version", '{"version": "1.2.3", "version": "«1.2.3»"}'),
}


@pytest.mark.parametrize("name", KEYS)
def test_only_the_value_at_the_key_changes(name: str) -> None:
    path, key, whole = KEYS[name]
    for variant, spelled in VARIANTS.items():
        shape = spelled(whole)
        assert stated.version_at_key(before(shape), path, key) == "1.2.3", variant
        text = stated.with_version_at_key(before(shape), path, key, "1.3.0-rc.1")
        assert text == after(shape, "1.3.0-rc.1"), variant
        assert stated.version_at_key(text, path, key) == "1.3.0-rc.1", variant


@pytest.mark.parametrize(
    ("path", "key", "message", "hint"),
    [
        (
            TOML,
            "tool.x.versoin",
            "there is no tool.x.versoin: tool.x holds version, names",
            "did you mean tool.x.version?",
        ),
        (TOML, "tol.x", "there is no tol.x: the file holds tool", "did you mean tool?"),
        (TOML, "tool.x.names.2", "there is no tool.x.names.2: tool.x.names is an array of 2, counted from 0", ""),
        (
            TOML,
            "tool.x.names.first",
            "there is no tool.x.names.first: tool.x.names is an array of 2, counted from 0",
            "",
        ),
        (TOML, "tool.x.version.y", "there is no tool.x.version.y: tool.x.version is neither a table nor an array", ""),
        (
            TOML,
            "tool.x.names." + "9" * 20,
            f"there is no tool.x.names.{'9' * 20}: tool.x.names is an array of 2, counted from 0",
            "",
        ),
        (TOML, "tool.empty.x", "there is no tool.empty.x: tool.empty holds nothing", ""),
    ],
)
def test_missing_keys_name_the_nearest(path: PurePosixPath, key: str, message: str, hint: str) -> None:
    text = '[tool.x]\nversion = "1.2.3"\nnames = ["a", "b"]\n[tool.empty]\n'
    with pytest.raises(InputError) as caught:
        stated.version_at_key(text, path, key)
    assert (caught.value.code, caught.value.message, caught.value.hint) == ("manifest-key-missing", message, hint)


def test_many_names_are_not_all_listed() -> None:
    text = "".join(f"k{number} = 1\n" for number in range(1000))
    with pytest.raises(InputError) as caught:
        stated.version_at_key(text, TOML, "version")
    assert len(caught.value.message) < 200
    assert caught.value.message.endswith(", …")


@pytest.mark.parametrize("value", ["3", "[1]", "{ a = 1 }", "true", "2026-11-23"])
def test_a_key_that_holds_no_string(value: str) -> None:
    with pytest.raises(InputError) as caught:
        stated.version_at_key(f"version = {value}\n", TOML, "version")
    assert caught.value.code == "manifest-key-not-text"


@pytest.mark.parametrize("key", ["", ".", "a.", ".a", "a..b", 'a."b', "a b", "a.'", '"a"b'])
def test_what_is_no_dotted_key_is_a_configuration_error(key: str) -> None:
    with pytest.raises(ConfigError):
        stated.version_at_key("a = 1\n", TOML, key)


@pytest.mark.parametrize(
    ("text", "line"), [('{\n"version": \n', 3), ("", 1), ("[" * 100_000, None), ("9" * 5000, None), ('{"a": 1}\nx', 2)]
)
def test_json_errors_name_the_line(text: str, line: int | None) -> None:
    with pytest.raises(InputError) as caught:
        stated.version_at_key(text, JSON, "version")
    assert (caught.value.code, caught.value.line) == ("manifest-syntax", line)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["1.2.3", '"1.2.3"', "", "ü\ue000"])),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abv"), inner, max_size=3),
        max_leaves=10,
    ),
    st.sampled_from([None, 0, 3, "\t"]),
    st.booleans(),
)
def test_any_json_keeps_its_bytes(other: object, indent: int | str | None, ascii_only: bool) -> None:
    def written(version: str) -> str:
        document = {"before": other, "1.2.3": other, "version": version, "after": other}
        return json.dumps(document, indent=indent, ensure_ascii=ascii_only)

    assert stated.with_version_at_key(written("1.2.3"), JSON, "version", "10.0.0") == written("10.0.0")


PATTERNS = {
    "one": (r'^VERSION = "(?P<version>[^"]+)"', 'x\nVERSION = "«1.2.3»"\nOTHER = "1.2.3"\n', ((2, "1.2.3"),)),
    "two": (r"v(?P<version>[\d.]+\d)", "a v«1.2.3»\n1.2.3\nb v«1.2.4»\n", ((1, "1.2.3"), (3, "1.2.4"))),
    "end of the line": (r"^version: (?P<version>.*)$", "version: «1.2.3»\nx\n", ((1, "1.2.3"),)),
    "several lines": (r"a\nb (?P<version>\S+)", "x\na\nb «1.2.3»\n", ((3, "1.2.3"),)),
    "optional group": (r"version(?: (?P<version>[\d.a-z-]+))?", "version\nversion «1.2.3»\n", ((2, "1.2.3"),)),
    "two on a line": (r"[<>](?P<version>\d[^<>\s]*)", "<«1.2.3»>«1.2.3»\n", ((1, "1.2.3"), (1, "1.2.3"))),
    "beyond ASCII": (r"é (?P<version>[\d.a-z-]+)", "é 🦀\né «1.2.3»\n", ((2, "1.2.3"),)),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_only_the_group_changes(name: str) -> None:
    pattern, whole, expected = PATTERNS[name]
    for variant in ("lf", "crlf", "mixed", "bom", "bom and crlf", "no final newline"):
        shape = VARIANTS[variant](whole)
        assert stated.versions_by_pattern(before(shape), pattern) == expected, variant
        assert stated.with_version_by_pattern(before(shape), pattern, "1.10.0") == after(shape, "1.10.0"), variant


@pytest.mark.parametrize(
    "pattern", ["(", r"(?P<version>\d", r"version", r"(?P<other>\d)", "(?P<version>a)(?P<version>b)", "a{99999999999}"]
)
def test_a_pattern_that_cannot_be_used_is_a_configuration_error(pattern: str) -> None:
    with pytest.raises(ConfigError) as caught:
        stated.versions_by_pattern("1", pattern)
    assert repr(pattern) in caught.value.message


@pytest.mark.parametrize("pattern", [r"v(?P<version>\d+)", r"x(?P<version>)"])
def test_a_pattern_that_matches_nothing(pattern: str) -> None:
    for function in (
        stated.versions_by_pattern,
        lambda text, pattern: stated.with_version_by_pattern(text, pattern, "1"),
    ):
        with pytest.raises(InputError) as caught:
            function("x = 1\n", pattern)
        assert caught.value.code == "manifest-pattern-unmatched"


def test_a_number_of_more_digits_than_int_takes() -> None:
    with pytest.raises(InputError) as caught:
        stated.version_at_key("a = []\n", TOML, "a." + "9" * 5000)
    assert caught.value.code == "manifest-key-missing"


def test_a_group_over_a_line_end() -> None:
    assert stated.with_version_by_pattern("a <1.\r\n2> b\r\n", "<(?P<version>[^>]+)>", "1.3") == "a <1.3> b\r\n"


@pytest.mark.parametrize("version", ["1.10.0", "1.3.0-rc.1"])
def test_a_pattern_that_would_not_find_the_new_version(version: str) -> None:
    with pytest.raises(InputError) as caught:
        stated.with_version_by_pattern("v1.2.3\n", r"v(?P<version>\d\.\d\.\d)", version)
    assert caught.value.code == "manifest-not-proved"


MARKED = {
    "shell": "VERSION=«1.2.3» # verbump: version\nOTHER=1.2.3\n",
    "c": '#define V "«1.2.3»" // verbump: version\n',
    "c comment": "static v = '«1.2.3»'; /* verbump: version */\n",
    "c comment before": "/* verbump: version */ static v = '«1.2.3»';\n",
    "sql": "insert '«1.2.3»'; -- verbump: version\n",
    "ini": "version = «1.2.3» ; verbump: version\n",
    "xml": "<version>«1.2.3»</version> <!-- verbump: version -->\n",
    "python": '__version__ = "0.0.0"\nVERSION = "«1.2.3»"  # verbump: version\n',
    "several lines": "a: «1.2.3» # verbump: version\nb: 1.2.3\nc: «1.2.3»  #verbump:version\n",
    "image": "image: ghcr.io/o/app:«1.2.3»@sha256:0 # verbump: version\n",
    "archive": "url = https://x.y/v«1.2.3».tar.gz # verbump: version\n",
    "file": "app_«1.2.3»_amd64.deb # verbump: version\n",
    "two-part number beside": "FROM python:3.11 # app «1.2.3» # verbump: version\n",
    "candidate in PEP 440": 'v = "«1.2.3rc1»" # verbump: version\n',
    "candidate in SemVer": 'v = "«1.2.3-rc.1+b.5»" # verbump: version\n',
    "dunder": '"""1.2.3"""\n__version__ = "«1.2.3»"\n',
    "dunder with a type": "__version__: Final[str] = '«1.2.3»'  # 1.2.3\n",
    "dunder without blanks": "__version__='«1.2.3»'\nversion_info = __version__.split('.')\n",
    "dunder indented too": 'try:\n    __version__ = "0.0.0"\nexcept E:\n    pass\n__version__ = "«1.2.3»"\n',
}


@pytest.mark.parametrize("name", MARKED)
@pytest.mark.parametrize("new", ["1.3.0", "1.3.0-rc.1", "1.3.0rc1"])
def test_only_the_version_on_the_line_changes(name: str, new: str) -> None:
    for variant in ("lf", "crlf", "mixed", "bom", "no final newline"):
        shape = VARIANTS[variant](MARKED[name])
        text = stated.with_version_by_marker(before(shape), new)
        assert text == after(shape, new), variant
        assert {version for _, version in stated.versions_by_marker(text)} == {new}


def test_lines_are_counted_from_one() -> None:
    assert stated.versions_by_marker("\r\n\r\nx 1.2 # verbump: version\r\n\ny 1.2.3 # verbump: version") == (
        (3, "1.2"),
        (5, "1.2.3"),
    )


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param("", "manifest-no-marker", None, id="empty"),
        pytest.param("version = 1.2.3\n", "manifest-no-marker", None, id="no comment"),
        pytest.param("verbump: version 1.2.3\n", "manifest-no-marker", None, id="not in a comment"),
        pytest.param("x 1.2.3 # verbump: versions\n", "manifest-no-marker", None, id="another word"),
        pytest.param("x 1.2.3 # verbump: version-old\n", "manifest-no-marker", None, id="longer word"),
        pytest.param("\nx # verbump: version\n", "manifest-marker-ambiguous", 2, id="no version"),
        pytest.param("x 1.2.3 1.2.4 # verbump: version\n", "manifest-marker-ambiguous", 1, id="two versions"),
        pytest.param("x 1.2 1.3 # verbump: version\n", "manifest-marker-ambiguous", 1, id="two short ones"),
        pytest.param("x 1.2.3.4.5.6 # verbump: version\n", "manifest-marker-ambiguous", 1, id="too many numbers"),
        pytest.param("__version__ = '1'\n__version__ = '2'\n", "manifest-marker-ambiguous", None, id="assigned twice"),
        pytest.param("    __version__ = '1.2.3'\n", "manifest-no-marker", None, id="indented"),
        pytest.param("__version__ = get('1.2.3')\n", "manifest-no-marker", None, id="computed"),
    ],
)
def test_markers_that_say_nothing_clear(text: str, code: str, line: int | None) -> None:
    for function in (stated.versions_by_marker, lambda each: stated.with_version_by_marker(each, "1.3.0")):
        with pytest.raises(InputError) as caught:
            function(text)
        assert (caught.value.code, caught.value.line) == (code, line)
        assert caught.value.hint


@pytest.mark.parametrize("new", ["one", "1.3.0 1.4.0", "", "1.3.0\n"])
def test_what_would_not_be_found_again_is_not_written(new: str) -> None:
    with pytest.raises(InputError) as caught:
        stated.with_version_by_marker("x 1.2.3 # verbump: version\n", new)
    assert caught.value.code == "manifest-not-proved"


@given(st.text(st.sampled_from('1.2-rc+v#;/*< "\n\r_a'), max_size=60))
def test_any_line_with_a_marker(line: str) -> None:
    """What was read is what is replaced; never an exception of another kind."""
    text = f"{line} # verbump: version"
    try:
        found = stated.versions_by_marker(text)
        changed = stated.with_version_by_marker(text, "7.8.9")
    except InputError:
        return
    assert len(stated.versions_by_marker(changed)) == len(found)
    assert len(changed) == len(text) + sum(len("7.8.9") - len(version) for _, version in found)


@pytest.mark.parametrize(
    "text",
    [
        "1." * 300_000,
        "1" * 600_000,
        "1.2-" + "a." * 300_000,
        "1.2-" + "-" * 600_000,
        "# " * 300_000,
        "1.2.3a" * 100_000,
        "\r\n" * 300_000,
        '__version__ = "' * 40_000,
        "__version__:" + " " * 600_000,
        "# verbump:" + " " * 600_000,
        "/" * 600_000,
    ],
    ids=range(11),
)
def test_hostile_text_is_searched(text: str) -> None:
    for whole in (text, f"{text} # verbump: version\n"):
        with patience(), contextlib.suppress(InputError):
            stated.versions_by_marker(whole)
