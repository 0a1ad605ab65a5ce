"""Cargo.toml of a Python extension: what PyO3 is asked for, unknown features, what is archived."""

from __future__ import annotations

import pytest

from verbump.domain.manifests import extension
from verbump.domain.manifests.extension import Extension

FEATURES = """
[features]
default = ["stable"]
stable = ["pyo3/abi3-py39", "pyo3/abi3-py310"]
newer = ["middle", "newer"]
middle = ["pyo3?/abi3-py311", 7]
link = ["pyo3/extension-module", "serde/abi3-py38", "pyo3"]
"""
PYO3 = [
    pytest.param('[dependencies]\nserde = "1"\n', (), None, id="no PyO3"),
    pytest.param('[dependencies]\npyo3 = "0.24"\n', (), (False, None, False), id="nothing asked"),
    pytest.param(
        '[dependencies]\npyo3 = { version = "0.24", features = ["abi3"] }\n', (), (True, None, False), id="abi3"
    ),
    pytest.param(
        '[dependencies.pyo3]\nfeatures = ["extension-module", "abi3-py38"]\n', (), (True, 8, True), id="always linked"
    ),
    pytest.param(
        '[dependencies.pyo3]\nfeatures = ["xabi3-py38", "abi3-py3x"]\n', (), (False, None, False), id="others"
    ),
    pytest.param(f'[dependencies]\npyo3 = "0.24"\n{FEATURES}', (), (True, 9, False), id="default features"),
    pytest.param(
        f'[dependencies]\npyo3 = "0.24"\n{FEATURES.replace("default", "defaults")}',
        ("link", "newer"),
        (True, 11, False),
        id="features of features; linked by a feature is not always",
    ),
]


@pytest.mark.parametrize(("text", "features", "wanted"), PYO3)
def test_what_pyo3_is_asked_for(
    text: str, features: tuple[str, ...], wanted: tuple[bool, int | None, bool] | None
) -> None:
    found = extension.find_extension(text, features)
    assert found == (wanted and Extension(abi3=wanted[0], oldest=wanted[1], links_always=wanted[2]))


ROOT = '[workspace.dependencies]\npyo3 = { version = "0.24", features = ["abi3-py310", "extension-module"] }\n'
INHERITED = [
    ("pyo3 = { workspace = true }", ROOT, (True, 10, True)),
    ('pyo3 = { workspace = true, features = ["abi3-py39"] }', ROOT, (True, 9, True)),
    ('pyo3 = { workspace = true, features = ["abi3-py39"] }', "", (True, 9, False)),
    ("pyo3 = { workspace = false }", ROOT, (False, None, False)),
    ('pyo3 = "0.24"', ROOT, (False, None, False)),
]


@pytest.mark.parametrize(("dependency", "root", "wanted"), INHERITED)
def test_what_the_workspace_asks(dependency: str, root: str, wanted: tuple[bool, int | None, bool]) -> None:
    found = extension.find_extension(f"[dependencies]\n{dependency}\n", workspace=root)
    assert found == Extension(abi3=wanted[0], oldest=wanted[1], links_always=wanted[2])


def test_unknown_features() -> None:
    text = """
[dependencies]
serde = { version = "1", optional = true }
log = { version = "1", optional = false }
libc = "0.2"
[features]
fast = []
"""
    known = ["default", "fast", "serde", "serde/derive", "serde?/derive", "libc/std"]
    unknown = ["slow", "log", "libc", "rand/std", "fast/x", "/serde"]
    assert extension.find_unknown_features(text, [*known, *unknown]) == tuple(unknown)


ARCHIVED = [
    ("", False, False),
    ("", True, True),
    ("autobins = false\n", True, False),
    ('autobins = false\n[[bin]]\nname = "x"\n', False, True),
    ('[lib]\ncrate-type = ["rlib"]\n', False, False),
    ('[lib]\ncrate-type = ["rlib", "cdylib"]\n', False, True),
    ('[lib]\ncrate_type = ["staticlib"]\n', False, True),
]


@pytest.mark.parametrize(("text", "has_program", "wanted"), ARCHIVED)
def test_what_makes_something_to_archive(text: str, has_program: bool, wanted: bool) -> None:
    found = extension.find_archived(f'[package]\nname = "demo"\n{text}', has_program=has_program)
    assert found == ("demo" if wanted else None)


def test_what_pyproject_says() -> None:
    text = """
[project]
classifiers = [
    "Programming Language :: Python :: 3",
    "Programming Language :: Python :: 3.12",
    " Programming Language :: Python :: 3.13 ",
    "Programming Language :: Python :: 3.13t",
    "Framework :: Programming Language :: Python :: 3.9",
]
[tool.maturin]
features = ["pyo3/extension-module", "fast"]
"""
    assert extension.maturin_features(text) == ("pyo3/extension-module", "fast")
    assert extension.tested_pythons(text) == ("3.12", "3.13")
    assert (extension.maturin_features(""), extension.tested_pythons("")) == ((), ())


PROGRAMS = [
    pytest.param("", False, (), id="a library"),
    pytest.param("", True, ("demo",), id="found"),
    pytest.param("autobins = true\n", True, ("demo",), id="to be found"),
    pytest.param("autobins = false\n", True, (), id="not to be found"),
    pytest.param(
        '[[bin]]\nname = "x"\n[[bin]]\npath = "src/y.rs"\n[[bin]]\nname = 7\n', True, ("x", "demo"), id="listed"
    ),
    pytest.param('autobins = false\n[[bin]]\nname = "x"\n', False, ("x",), id="listed alone"),
    pytest.param('bin = "x"\n', True, ("demo",), id="no list"),
    pytest.param('bin = ["x"]\n', True, ("demo",), id="a list of something else"),
]


@pytest.mark.parametrize(("text", "has_program", "wanted"), PROGRAMS)
def test_names_of_programs(text: str, has_program: bool, wanted: tuple[str, ...]) -> None:
    package = '[package]\nname = "demo"\n'
    whole = f"{text}{package}" if text.startswith("bin") else f"{package}{text}"
    assert extension.program_names(whole, has_program=has_program) == wanted


def test_a_workspace_alone_has_no_programs() -> None:
    assert extension.program_names("[workspace]\nmembers = []\n", has_program=True) == ()


BENCHES = '[[bench]]\nname = "own"\nharness = false\n[[bench]]\nname = "libtest"\n[[bench]]\nharness = false\n'
BENCHES += '[[bench]]\nname = "true"\nharness = true\n[[bench]]\nname = "second"\nharness = false\n'
CRITERION = [
    ('[dev-dependencies]\ncriterion = "0.7"\n', ("own", "second")),
    ('[dependencies]\ncriterion = "0.7"\n', ("own", "second")),
    ('[dev-dependencies]\ncodspeed-criterion-compat = "4"\n', ("own", "second")),
    ('[dev-dependencies]\ndivan = "0.1"\n', ()),
    ('[build-dependencies]\ncriterion = "0.7"\n', ()),
    ("", ()),
]


@pytest.mark.parametrize(("dependencies", "wanted"), CRITERION)
def test_benchmarks_with_criterion(dependencies: str, wanted: tuple[str, ...]) -> None:
    text = f'[package]\nname = "demo"\n{dependencies}{BENCHES}'
    assert extension.criterion_benches(text) == ("demo", wanted)


def test_benchmarks_of_other_shapes() -> None:
    criterion = '[dev-dependencies]\ncriterion = "0.7"\n'
    assert extension.criterion_benches(criterion) == ("", ())
    assert extension.criterion_benches(f'bench = "x"\n{criterion}') == ("", ())
    assert extension.criterion_benches(f'bench = ["x", {{ name = "y", harness = false }}]\n{criterion}') == ("", ("y",))


def test_a_feature_that_asks_for_itself_ends() -> None:
    text = '[dependencies]\npyo3 = "0.24"\n[features]\na = ["b"]\nb = ["a", "pyo3/abi3"]\n'
    assert extension.find_extension(text, ("a",)) == Extension(abi3=True, oldest=None, links_always=False)


def test_an_optional_dependency_of_an_unknown_shape_is_no_feature() -> None:
    assert extension.find_unknown_features('[dependencies]\na = { optional = "" }\n', ("a",)) == ("a",)


FREE_THREADED = [
    ("", True),
    (" :: 2 - Beta", True),
    (" :: 3 - Stable", True),
    (" :: 4 - Resilient", True),
    (" :: 1 - Unstable", False),
]


@pytest.mark.parametrize(("state", "expected"), FREE_THREADED)
def test_classifiers_say_whether_it_runs_without_the_gil(state: str, expected: bool) -> None:
    listed = ["Programming Language :: Rust", f"Programming Language :: Python :: Free Threading{state}"]
    assert extension.says_free_threaded(f"[project]\nclassifiers = {listed}\n") is expected
    assert not extension.says_free_threaded(f"[project]\nclassifiers = {listed[:1]}\n")
    assert not extension.says_free_threaded("[project]\n")
