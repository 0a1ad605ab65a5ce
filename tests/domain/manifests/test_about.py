from __future__ import annotations

import pytest

from verbump.domain.manifests import about

CARGO = """
[package]
name = "demo"
description.workspace = true
license = "MIT"
homepage = "javascript:alert(1)"
repository = { workspace = true }
authors = ["Ada <ada@example.org>", "Bo"]
"""
ROOT = """
[workspace.package]
description = "From the workspace."
repository = "https://github.com/acme/demo"
license = "Zlib"
"""


def test_cargo_inherits_only_what_it_says() -> None:
    found = about.of_cargo(CARGO, ROOT)
    assert found == about.About(
        name="demo",
        description="From the workspace.",
        licence="MIT",
        repository="https://github.com/acme/demo",
        authors=("Ada", "Bo"),
    )
    assert about.of_cargo(CARGO).description == ""


@pytest.mark.parametrize("label", ["Homepage", "home-page", "Home Page", "HOMEPAGE"])
def test_pyproject_labels(label: str) -> None:
    text = f'[project]\nname = "demo"\n[project.urls]\n"{label}" = "https://demo.example"\nSource = "https://x.example/y"\n'
    found = about.of_pyproject(text)
    assert (found.homepage, found.repository) == ("https://demo.example", "https://x.example/y")


def test_pyproject_licences_authors_and_scripts() -> None:
    old = '[project]\nname = "demo"\nlicense = { text = "BSD-3-Clause" }\nauthors = [{ name = "Ada", email = "a@b.c" }, { email = "x@y.z" }]\n[project.scripts]\nz = "a:b"\na = "a:b"\n'
    found = about.of_pyproject(old)
    assert (found.licence, found.authors, found.scripts) == ("BSD-3-Clause", ("Ada",), ("z", "a"))
    assert about.of_pyproject('[project]\nlicense = { file = "LICENSE" }\n').licence == ""
    poetry = (
        '[tool.poetry]\nname = "demo"\nlicense = "MIT"\nhomepage = "https://h.example"\nauthors = ["Ada <a@b.c>"]\n'
    )
    found = about.of_pyproject(poetry)
    assert (found.name, found.licence, found.homepage, found.authors) == ("demo", "MIT", "https://h.example", ("Ada",))


def test_merged_takes_the_first_that_says_anything() -> None:
    one = about.About(name="a", licence="MIT")
    other = about.About(name="b", description="B.", scripts=("x",))
    assert about.merged((one, other)) == about.About(name="a", licence="MIT", description="B.", scripts=("x",))
    assert about.merged(()) == about.About()


PACKAGE = '[package]\nname = "demo"\n'


@pytest.mark.parametrize(
    ("more", "paths", "expected"),
    [
        ("", ["src/main.rs", "src/lib.rs"], ("demo",)),
        ("", ["src/lib.rs"], ()),
        ("", ["src/bin/a.rs", "src/bin/b/main.rs", "src/bin/b/other.rs", "src/bin/c/mod.rs"], ("a", "b")),
        ("autobins = false\n", ["src/main.rs", "src/bin/a.rs"], ()),
        ('[[bin]]\nname = "tool"\npath = "src/main.rs"\n', ["src/main.rs"], ("tool",)),
        ('[[bin]]\nname = "tool"\npath = "src/tool.rs"\n', ["src/main.rs", "src/tool.rs"], ("demo", "tool")),
        ('[[bin]]\nname = "demo"\n', ["src/main.rs"], ("demo",)),
        ('[[bin]]\nname = "a"\nrequired-features = ["cli"]\n', ["src/bin/a.rs"], ()),
        ('[[bin]]\nname = "a"\nrequired-features = ["cli"]\n[features]\ndefault = ["cli"]\n', ["src/bin/a.rs"], ("a",)),
        ("bin = 3\n", ["src/main.rs"], ("demo",)),
    ],
)
def test_programs(more: str, paths: list[str], expected: tuple[str, ...]) -> None:
    text = PACKAGE + more if not more.startswith("bin") else more + PACKAGE
    assert about.find_programs(text, paths) == expected


def test_programs_with_a_feature_that_build_turns_on() -> None:
    text = PACKAGE + '[[bin]]\nname = "a"\nrequired-features = ["cli"]\n'
    assert about.find_programs(text, [], ["cli"]) == ("a",)
    assert about.find_programs("[workspace]\n", ["src/main.rs"]) == ()
