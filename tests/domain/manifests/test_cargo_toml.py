"""Cargo.toml: what it says, another version in it, and requirements among crates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.manifests.shapes import VARIANTS, after, before
from support.patience import patience
from verbump.domain.manifests import cargo_toml
from verbump.domain.manifests.cargo_toml import PathDependency
from verbump.errors import InputError

SHAPES = {
    "smallest": '[package]\nname = "a"\nversion = "«1.2.3»"\n',
    "comment behind": '[package]\nversion = "«1.2.3»"   # version = "1.2.3"\nname = "a"\n',
    "commented out before": '[package]\n# version = "1.2.3"\nversion = "«1.2.3»"\n',
    "single quotes": "[package]\nname = 'a'\nversion = '«1.2.3»'\n",
    "triple quotes": '[package]\nversion = """«1.2.3»"""\n',
    "triple single quotes": "[package]\nversion = '''«1.2.3»'''\n",
    "no blanks": '[package]\nname="a"\nversion="«1.2.3»"\n',
    "aligned": '[package]\nname    = "a"\nversion = "«1.2.3»"\nedition = "2021"\n',
    "indented": '[package]\n    name = "a"\n    version = "«1.2.3»"\n',
    "quoted key": '[package]\n"version" = "«1.2.3»"\n',
    "quoted table": '["package"]\nname = "a"\n\'version\' = "«1.2.3»"\n',
    "dotted keys": 'package.name = "a"\npackage.version = "«1.2.3»"\n',
    "dotted key with blanks": 'package . name = "a"\npackage . version = "«1.2.3»"\n',
    "inline table": 'package = { name = "a", version = "«1.2.3»", edition = "2021" }\n',
    "blanks in the header": '[ package ]\nversion = "«1.2.3»"\n',
    "comment behind the header": '[package] # 1.2.3\nversion = "«1.2.3»"\n',
    "dependency of the same version": '[dependencies]\nb = "1.2.3"\n[package]\nname = "a"\nversion = "«1.2.3»"\n',
    "dependency table before": (
        '[dependencies.b]\nversion = "1.2.3"\n[package]\nversion = "«1.2.3»"\n[dependencies.c]\nversion = "1.2.3"\n'
    ),
    "inline dependency": '[package]\nversion = "«1.2.3»"\n[dependencies]\nb = { version = "1.2.3", optional = true }\n',
    "metadata of the same version": (
        '[package]\nversion = "«1.2.3»"\n[package.metadata.docs]\nversion = "1.2.3"\nlast = ["1.2.3", "1.2.3"]\n'
    ),
    "version is not the first key": (
        '[package]\nname = "a"\nauthors = [\n  "A <a@b.c>", # 1.2.3\n]\nrust-version = "1.2.3"\nversion = "«1.2.3»"\n'
    ),
    "version in a long text": '[package]\ndescription = """\nversion = "1.2.3"\n"""\nversion = "«1.2.3»"\n',
    "header in a long text": "[package]\nversion = '«1.2.3»'\nreadme = '''\n[package]\nversion = \"1.2.3\"\n'''\n",
    "workspace": '[workspace]\nmembers = ["a"]\n[workspace.package]\nversion = "«1.2.3»"\n',
    "workspace inline": '[workspace]\npackage = { version = "«1.2.3»" }\n',
    "workspace dotted": '[workspace]\npackage.version = "«1.2.3»"\npackage.edition = "2021"\n',
    "root package that inherits": (
        '[package]\nname = "a"\nversion.workspace = true\n[workspace.package]\nversion = "«1.2.3»"\n'
    ),
    "root package that inherits inline": (
        '[workspace.package]\nversion = "«1.2.3»"\n[package]\nversion = { workspace = true }\n'
    ),
    "both": '[package]\nversion = "«1.2.3»"\n[workspace.package]\nversion = "«1.2.3»"\n',
    "both and they differ": '[package]\nversion = "«1.2.3»"\n[workspace.package]\nversion = "«0.9.0»"\n',
    "package continued below": (
        '[package]\nname = "a"\nversion = "«1.2.3»"\n[dependencies]\nb = "1"\n[package.metadata]\nx = 1\n'
    ),
    "array of tables interrupted": (
        '[package]\nversion = "«1.2.3»"\n[[bin]]\nname = "x"\n[dependencies]\nb = "1.2.3"\n[[bin]]\nname = "y"\n'
    ),
    "tables out of order": (
        '[target.x.dependencies]\na = "1.2.3"\n[package]\nversion = "«1.2.3»"\n[target.y.dependencies]\nb = "1.2.3"\n'
    ),
    "candidate": '[package]\nversion = "«1.3.0-rc.1+build.5»"\n',
    "only": 'package.version = "«1.2.3»"\n',
    "text beyond ASCII": '[package]\nname = "a"\nauthors = ["Zoë 🦀 <z@ë>"]\nversion = "«1.2.3»"\n# größer\n',
    "not a version": '[package]\nversion = "«not one»"\n',
    "blank lines at the end": '[package]\nversion = "«1.2.3»"\n\n\n',
    "key that is the version": '[package]\nversion = "«1.2.3»"\n[package.metadata]\n"1.2.3" = "1.2.3"\n',
    "private use characters": '[package]\nversion = "«1.2.3»"\ndescription = "\ue000\ue001"\n',
    "dates, numbers and nan": (
        '[package]\nversion = "«1.2.3»"\n[package.metadata]\nx = [nan, inf, 1.0, 1, true, 2026-11-23T10:00:00Z]\n'
    ),
}


@pytest.mark.case("R37", "R38")
@pytest.mark.parametrize("name", SHAPES)
def test_only_the_version_changes(name: str) -> None:
    for variant, spelled in VARIANTS.items():
        shape = spelled(SHAPES[name])
        text = cargo_toml.with_version(before(shape), "10.20.30-alpha.1")
        assert text == after(shape, "10.20.30-alpha.1"), variant
        assert cargo_toml.version_of(text) == "10.20.30-alpha.1", variant


@pytest.mark.parametrize("name", SHAPES)
def test_large_files_are_edited_without_tomlkit(name: str) -> None:
    shape = SHAPES[name] + "# long\n" * 10_000
    assert cargo_toml.with_version(before(shape), "1.10.0") == after(shape, "1.10.0")


@given(st.sampled_from(sorted(SHAPES)), st.from_regex(r"\A[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(-rc\.[0-9])?\Z"))
def test_version_of_what_was_written(name: str, version: str) -> None:
    text = cargo_toml.with_version(before(SHAPES[name]), version)
    assert cargo_toml.version_of(text) == version
    assert text == after(SHAPES[name], version)
    assert cargo_toml.with_version(text, version) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[package]\nname = "a"\n',
        "[package]\nversion.workspace = true\n",
        "[package]\nversion = 3\n",
        'package = "x"\n',
        "[workspace]\nmembers = []\n",
    ],
)
def test_nothing_to_change(text: str) -> None:
    assert cargo_toml.version_of(text) is None
    with pytest.raises(InputError) as caught:
        cargo_toml.with_version(text, "1.0.0")
    assert caught.value.code == "manifest-no-version"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('[package]\nversion = "1.2.3\n', 2, id="quote is missing"),
        pytest.param('[package]\nname = "a"\nversion =', 3, id="ends after the equals sign"),
        pytest.param('[package]\nversion = "1"\nversion = "1"\n', 3, id="two versions"),
        pytest.param("[package]\n[package]\n", 2, id="two tables"),
        pytest.param('[package]\r\nversion = "1"\r\noops\r\n', 3, id="crlf"),
        pytest.param('\ufeff[package]\n\noops "\n', 3, id="bom"),
        pytest.param("a\r= 1\n", 1, id="lone carriage return"),
        pytest.param("x = " + "1" * 5000, None, id="more digits than int takes"),
        pytest.param("\n" + "x = " + "[" * 50_000, None, id="nested too deep"),
        pytest.param("\n\n" + "a." * 5000 + "a = 1\n", 3, id="key of too many parts"),
        pytest.param("\n[" + '"\\".a" . ' * 5000 + "a]\n", 2, id="quoted key of too many parts"),
        pytest.param("x = { " + "a." * 5000 + "a = 1 }\n", 1, id="inline key of too many parts"),
    ],
)
def test_syntax_errors_name_the_line(text: str, line: int | None) -> None:
    for function in (cargo_toml.parse, cargo_toml.version_of):
        with pytest.raises(InputError) as caught:
            function(text)
        assert caught.value.code == "manifest-syntax"
        assert caught.value.line == line
        assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    "text", ["[package]\nx = {\n  a = 1,\n}\n", "[package]\nx = { a = 1, }\n", '[package]\nx = "\\e"\n', "x = 12:30\n"]
)
def test_toml_1_1_is_named(text: str) -> None:
    tomllib = pytest.importorskip("tomllib")
    try:
        tomllib.loads(text)
    except ValueError:
        with pytest.raises(InputError) as caught:
            cargo_toml.version_of(text)
        assert "TOML 1.1" in caught.value.hint
    else:
        pytest.skip("this Python reads TOML 1.1")


def test_parse_workspace() -> None:
    found = cargo_toml.parse(
        '[workspace]\nmembers = ["crates/*", "xtask", 3]\nexclude = ["old"]\n'
        '[workspace.package]\nversion = "1.2.3"\npublish = false\n'
    )
    assert found.is_workspace
    assert found.members == ("crates/*", "xtask")
    assert found.excluded == ("old",)
    assert found.workspace_version == "1.2.3"
    assert not found.workspace_publishable
    assert found.package_name is None
    assert found.version is None
    assert not found.inherits_version
    assert not found.publishable


@pytest.mark.parametrize(
    ("lines", "publishable", "inherited"),
    [
        ('version = "1.0.0"', True, False),
        ('version = "1.0.0"\npublish = true', True, False),
        ('version = "1.0.0"\npublish = false', False, False),
        ('version = "1.0.0"\npublish = []', False, False),
        ('version = "1.0.0"\npublish = ["internal"]', True, False),
        ('version = "1.0.0"\npublish.workspace = true', True, True),
        ('version = "1.0.0"\npublish = { workspace = true }', True, True),
        ("version.workspace = true", True, False),
        pytest.param("", False, False, id="without version: not published since cargo 1.75"),
    ],
)
def test_publish(lines: str, publishable: bool, inherited: bool) -> None:
    found = cargo_toml.parse(f'[package]\nname = "a"\n{lines}\n')
    assert found.publishable is publishable
    assert found.publish_inherited is inherited
    assert found.workspace_publishable


@pytest.mark.parametrize(
    "spelling", ["version.workspace = true", "version = { workspace = true }", "version = {workspace=true}"]
)
def test_inherited_version(spelling: str) -> None:
    found = cargo_toml.parse(f'[package]\nname = "a"\n{spelling}\n')
    assert found.inherits_version
    assert found.version is None


@pytest.mark.parametrize(
    "text",
    [
        "workspace = 1\n",
        "package = []\n",
        "[workspace]\nmembers = 1\npackage = 2\n",
        "dependencies = 1\ntarget = 2\n",
        "[target]\nx = 1\n[target.y]\ndependencies = 1\n",
        "[dependencies]\na = 1\nb = []\nc = {path = 1, version = 2}\n",
    ],
)
def test_wrong_types_say_nothing(text: str) -> None:
    found = cargo_toml.parse(text)
    assert found.path_dependencies == ()
    assert found.members == ()
    assert found.version is None
    assert cargo_toml.with_requirements(text, {"c": "1.0.0"}) == text


TABLES = """\
[package]
name = "app"
version = "1.2.3"

[dependencies]
serde = { version = "1.2.3", features = ["derive"] }  # not ours
core = { version = "«1.2»", path = "../core" }
renamed = { path = '../other', package = "other-lib", version = '=«1.2.3»' }
inherited.workspace = true
inherited-too = { workspace = true, features = ["x"] }
other-lib = { version = "1.2.3", registry = "internal" }
no-requirement = { path = "../core" }
dotted.path = "../core"
dotted.version = "~«1.2»"
dotted.package = "core"

[dependencies.table]
package = "core"
version = "^«1.2.3»" # stays a caret
path = "../core"

[dev-dependencies]
core = { path = "../core", version = ">=«1.2», <2" }

[build-dependencies]
core = { path = "../core", version = "«1.2.3»" }

[target.'cfg(unix)'.dependencies]
core = { path = "../core", version = "«1.2»" }

[target."cfg(target_os = \\"x\\")".dev-dependencies.core]
path = "../core"
version = "«1.2»"

[workspace.dependencies]
core = { path = "core", version = "«1.2.3»" }
serde = "1.2.3"
"""


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("padding", ["", "# long\n" * 10_000], ids=["small", "large"])
def test_requirements_in_every_table(variant: str, padding: str) -> None:
    shape = VARIANTS[variant](TABLES + padding)
    expected = before(shape.replace("«1.2.3»", "2.0.0").replace("«1.2»", "2.0").replace(", <2", ", <3"))
    assert cargo_toml.with_requirements(before(shape), {"core": "2.0.0", "other-lib": "2.0.0"}) == expected


def test_names_are_real_and_exact() -> None:
    text = (
        '[dependencies]\na-b = { path = "x", package = "real", version = "1" }\nre_al = { path = "y", version = "1" }\n'
    )
    assert cargo_toml.with_requirements(text, {"a-b": "2.0.0", "re-al": "2.0.0"}) == text
    assert cargo_toml.with_requirements(text, {"real": "2.0.0"}) == text.replace('"1" }', '"2" }', 1)


def test_old_spelling_of_the_tables() -> None:
    text = '[dev_dependencies]\na = { path = "x", version = "1" }\n[build_dependencies.a]\npath = "x"\nversion = "1"\n'
    assert cargo_toml.with_requirements(text, {"a": "2.0.0"}) == text.replace('"1"', '"2"')


def test_path_dependencies() -> None:
    found = cargo_toml.parse(before(TABLES)).path_dependencies
    assert [(each.table, each.key, each.package) for each in found] == [
        ("dependencies", "core", "core"),
        ("dependencies", "renamed", "other-lib"),
        ("dependencies", "no-requirement", "no-requirement"),
        ("dependencies", "dotted", "core"),
        ("dependencies", "table", "core"),
        ("dev-dependencies", "core", "core"),
        ("build-dependencies", "core", "core"),
        ("target.'cfg(unix)'.dependencies", "core", "core"),
        ("target.'cfg(target_os = \"x\")'.dev-dependencies", "core", "core"),
        ("workspace.dependencies", "core", "core"),
    ]
    assert found[1] == PathDependency(
        table="dependencies", key="renamed", package="other-lib", path="../other", requirement="=1.2.3"
    )
    assert found[2].requirement is None


def test_inherited_dependencies() -> None:
    assert cargo_toml.parse(before(TABLES)).inherited_dependencies == ("inherited", "inherited-too")


def test_requirement_that_cannot_be_read_is_named() -> None:
    with pytest.raises(InputError, match=r"^dependencies\.core: 'newest' is not a version requirement") as caught:
        cargo_toml.with_requirements('[dependencies]\ncore = { path = "x", version = "newest" }\n', {"core": "2.0.0"})
    assert caught.value.code == "manifest-requirement"


def test_nothing_to_move_gives_the_text_itself() -> None:
    text = "\ufeff[dependencies]\r\ncore = { path = 'x', version = '1' }"
    assert cargo_toml.with_requirements(text, {}) == text
    assert cargo_toml.with_requirements(text, {"core": "1.3.0"}) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "[package]\nversion = '1.2.3'\n" + "".join(f"a.b.c.k{number} = 1\n" for number in range(20_000)),
            id="dotted keys",
        ),
        pytest.param(
            '[package]\nversion = "1.2.3"\nx = [' + '"1.2.3",' * 40_000 + "]\n", id="the same text everywhere"
        ),
        pytest.param('[package]\nversion = "1.2.3"\nx = "' + "," * 1_000_000 + '"\n', id="commas"),
        pytest.param('[package]\nversion = "1.2.3"\nx = "' + "a.a.a " * 170_000 + '"\n', id="dots"),
        pytest.param("[package]\nversion = '1.2.3'\n# " + ',"\\",' * 200_000 + "\n", id="quotes and escapes"),
    ],
)
def test_hostile_text_is_moved(text: str) -> None:
    with patience():
        assert cargo_toml.version_of(cargo_toml.with_version(text, "1.2.4")) == "1.2.4"


BUILT_WITH = """
[package]
name = "cli"
[dependencies]
core = { path = "../core" }
short = { path = "../long", package = "long-name" }
serde = "1"
shared = { workspace = true }
registry = { workspace = true }
gone = { workspace = true }
odd = { workspace = "true", path = "../odd" }
[build-dependencies]
codegen = { path = "../codegen", version = "1" }
[dev-dependencies]
fixtures = { path = "../fixtures" }
[target.'cfg(unix)'.dependencies]
posix = { path = "../posix" }
[target.'cfg(unix)'.dev-dependencies]
sandbox = { path = "../sandbox" }
[workspace.dependencies]
unused = { path = "../unused" }
"""
ROOT = """
[workspace.dependencies]
shared = { path = "shared", package = "shared-real" }
registry = "1"
core = { path = "elsewhere", package = "not-this" }
"""
BUILT = ["core", "long-name", "odd", "codegen", "posix"]


@pytest.mark.parametrize(("workspace", "inherited"), [(ROOT, ["shared-real"]), ("", [])])
def test_crates_in_folders_that_a_package_is_built_with(workspace: str, inherited: list[str]) -> None:
    assert cargo_toml.dependencies_of(BUILT_WITH, workspace) == {*BUILT, *inherited}
    assert cargo_toml.dependencies_of(BUILT_WITH) == set(BUILT)
