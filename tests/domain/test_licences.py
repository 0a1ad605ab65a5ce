from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbump.domain import licences
from verbump.domain.licences import Licence, Several
from verbump.errors import InputError

MIT, APACHE = Licence(name="MIT"), Licence(name="Apache-2.0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIT", MIT),
        (" MIT ", MIT),
        ("MIT OR Apache-2.0", Several(kind="any", parts=(MIT, APACHE))),
        ("MIT/Apache-2.0", Several(kind="any", parts=(MIT, APACHE))),
        ("MIT and Apache-2.0", Several(kind="all", parts=(MIT, APACHE))),
        ("Apache-2.0 WITH LLVM-exception", Licence(name="Apache-2.0", exception="LLVM-exception")),
        ("GPL-2.0+", Licence(name="GPL-2.0+")),
        ("LicenseRef-My.Own", Licence(name="LicenseRef-My.Own")),
        ("(MIT)", MIT),
    ],
)
def test_reads(text: str, expected: licences.Expression) -> None:
    assert licences.parse(text) == expected


def test_and_binds_before_or() -> None:
    zlib = Licence(name="Zlib")
    both = Several(kind="all", parts=(APACHE, zlib))
    assert licences.parse("MIT OR Apache-2.0 AND Zlib") == Several(kind="any", parts=(MIT, both))
    either = Several(kind="any", parts=(MIT, APACHE))
    grouped = licences.parse("(MIT OR Apache-2.0) AND Zlib")
    assert grouped == Several(kind="all", parts=(either, zlib))
    assert licences.render(grouped) == "(MIT OR Apache-2.0) AND Zlib"


NESTED = Several(kind="all", parts=(MIT, Several(kind="any", parts=(APACHE, MIT))))
WORDS = [
    (MIT, "MIT"),
    (Licence(name="Apache-2.0", exception="LLVM-exception"), "Apache-2.0 WITH LLVM-exception"),
    (NESTED, "MIT & (Apache-2.0 | MIT)"),
    (Several(kind="any", parts=(NESTED, APACHE)), "MIT & (Apache-2.0 | MIT) | Apache-2.0"),
    (Several(kind="all", parts=(NESTED, APACHE)), "MIT & (Apache-2.0 | MIT) & Apache-2.0"),
]


@pytest.mark.parametrize(("tree", "text"), WORDS)
def test_renders_with_the_words_of_a_format(tree: licences.Expression, text: str) -> None:
    assert licences.render(tree, any_of=" | ", all_of=" & ") == text


def test_a_slash_is_or_within_an_expression_too() -> None:
    either = Several(kind="any", parts=(MIT, APACHE))
    assert licences.parse("(MIT / Apache-2.0) AND MIT") == Several(kind="all", parts=(either, MIT))


def test_thirty_two_parentheses_are_read() -> None:
    assert licences.parse("(" * 32 + "MIT" + ")" * 32) == MIT
    with pytest.raises(InputError):
        licences.parse("(" * 33 + "MIT" + ")" * 33)


def test_what_is_said_of_no_expression() -> None:
    with pytest.raises(InputError) as caught:
        licences.parse("see " + "x" * 90)
    assert caught.value.message == f"'see {'x' * 76}' is no SPDX licence expression, such as MIT OR Apache-2.0"
    assert caught.value.hint == 'license = "MIT" in the manifest'


@pytest.mark.parametrize(
    "text",
    [
        "AND",
        "or",
        "With",
        "MIT AND OR MIT",
        "MIT OR and MIT",
        "MIT OR with",
        ") OR MIT",
        "MIT WITH (MIT)",
        "MIT WITH )",
        "MIT WITH and MIT",
        "MIT WITH with x",
        "MIT WITH or",
        "(MIT OR Apache-2.0",
        "(MIT Apache-2.0)",
        "",
        " ",
        "MIT OR",
        "OR MIT",
        "MIT Apache-2.0",
        "(MIT",
        "MIT)",
        "()",
        "MIT WITH",
        "MIT WITH OR",
        "see LICENSE!",
        "(" * 100 + "MIT",
    ],
)
def test_refuses(text: str) -> None:
    with pytest.raises(InputError) as caught:
        licences.parse(text)
    assert caught.value.code == "licence-expression"


TREES = st.recursive(
    st.sampled_from([MIT, APACHE, Licence(name="GPL-2.0-only", exception="Classpath-exception-2.0")]),
    lambda inner: st.builds(
        lambda kind, parts: Several(kind=kind, parts=tuple(parts)),
        st.sampled_from(["any", "all"]),
        st.lists(inner, min_size=2, max_size=3),
    ),
    max_leaves=8,
)


@given(TREES)
def test_what_is_rendered_reads_back(tree: licences.Expression) -> None:
    text = licences.render(tree)
    assert licences.render(licences.parse(text)) == text
