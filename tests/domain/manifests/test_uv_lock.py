"""uv.lock: the project's own entries. uv's own verdict stands in test_uv_oracle."""

from __future__ import annotations

import pytest

from domain.manifests.shapes import VARIANTS, after, before
from verbump.domain.manifests import uv_lock
from verbump.errors import InputError

HEAD = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n\n'
INDEX = '{ registry = "https://pypi.org/simple" }'

#: Each moves `core` from 1.2.3.
SHAPES = {
    "editable": HEAD + '[[package]]\nname = "core"\nversion = "«1.2.3»"\nsource = { editable = "." }\n',
    "virtual": HEAD + '[[package]]\nname = "core"\nversion = "«1.2.3»"\nsource = { virtual = "." }\n',
    "directory": HEAD + '[[package]]\nname = "core"\nversion = "«1.2.3»"\nsource = { directory = "../core" }\n',
    "others of the same version": (
        HEAD + f'[[package]]\nname = "a"\nversion = "1.2.3"\nsource = {INDEX}\n'
        'sdist = { url = "https://x.y/a-1.2.3.tar.gz", hash = "sha256:0", size = 1 }\n\n'
        '[[package]]\nname = "app"\nversion = "1.2.3"\nsource = { editable = "app" }\ndependencies = [\n'
        '    { name = "core" },\n    { name = "a", version = "1.2.3" },\n]\n\n'
        '[[package]]\nname = "core"\nversion = "«1.2.3»"\nsource = { editable = "core" }\n'
    ),
    "registry package of the same name": (
        HEAD + f'[[package]]\nname = "core"\nversion = "1.2.3"\nsource = {INDEX}\n\n'
        '[[package]]\nname = "core"\nversion = "«1.2.3»"\nsource = { editable = "core" }\n'
    ),
    "references with a version": (
        HEAD + '[[package]]\nname = "app"\nsource = { editable = "." }\ndependencies = [\n'
        f'    {{ name = "core", version = "1.2.3", source = {INDEX}, marker = "a" }},\n'
        '    { name = "core", version = "«1.2.3»", source = { editable = "core" }, marker = "b" },\n]\n\n'
        "[package.optional-dependencies]\n"
        'x = [{ name = "core", version = "«1.2.3»", source = { editable = "core" } }]\n'
        '[package.dev-dependencies]\ny = [{ name = "core", version = "«1.2.3»", source = { editable = "core" } }]\n\n'
        '[[package]]\nname = "core"\nversion = "«1.2.3»"\nsource = { editable = "core" }\n'
    ),
    "specifiers in the metadata": (
        HEAD + '[[package]]\nname = "app"\nsource = { editable = "." }\n\n[package.metadata]\nrequires-dist = [\n'
        '    { name = "a", specifier = "==1.2.3" },\n    { name = "core", specifier = "==«1.2.3»" },\n'
        '    { name = "core", editable = "core" },\n'
        '    { name = "core", extras = ["x"], specifier = ">=«1.2.3»,<2" },\n]\n\n'
        '[package.metadata.requires-dev]\ndev = [{ name = "core", specifier = "~=«1.2.3»" }]\n\n'
        '[[package]]\nname = "core"\nversion = "«1.2.3»"\nsource = { editable = "core" }\n'
    ),
    "keys in another order": HEAD + '[[package]]\nsource = {editable="."}\nversion = \'«1.2.3»\'\nname = "core"\n',
    "name not normalised": HEAD + '[[package]]\nname = "Core"\nversion = "«1.2.3»"\nsource = { editable = "." }\n',
    "manifest": (
        HEAD + '[manifest]\nmembers = [\n    "app",\n    "core",\n]\n\n'
        '[[package]]\nname = "core"\nversion = "«1.2.3»"\nsource = { editable = "." }\n'
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_only_the_entries_of_the_package_change(name: str) -> None:
    for variant, spelled in VARIANTS.items():
        shape = spelled(SHAPES[name])
        text = uv_lock.with_versions(before(shape), {"core": ("1.2.3", "1.3.0rc1")})
        assert text == after(shape, "1.3.0rc1"), variant
        assert uv_lock.with_versions(text, {"core": ("1.3.0rc1", "1.2.3")}) == before(shape), variant


def test_requirements_may_be_others_than_the_moved() -> None:
    text = before(SHAPES["specifiers in the metadata"])
    moved = uv_lock.with_versions(text, {"core": ("1.2.3", "1.3.0")}, {})
    assert moved == text.replace('version = "1.2.3"\nsource', 'version = "1.3.0"\nsource')
    moved = uv_lock.with_versions(text, {}, {"Core": "2.0.0", "A": "1.3.0"})
    assert '{ name = "core", extras = ["x"], specifier = ">=2.0.0,<3" }' in moved
    assert '{ name = "a", specifier = "==1.3.0" }' in moved
    assert 'version = "1.2.3"\nsource' in moved


def test_dynamic_project_stays_without_version() -> None:
    text = (
        HEAD
        + '[[package]]\nname = "core"\nsource = { editable = "." }\n\n[[package]]\nname = "app"\nversion = "1.2.3"\n'
    )
    text += 'source = { virtual = "app" }\n'
    assert uv_lock.versions_of(text) == {"app": "1.2.3"}
    moved = uv_lock.with_versions(text, {"core": ("1.2.3", "1.3.0"), "app": ("1.2.3", "1.3.0")})
    assert moved == text.replace("1.2.3", "1.3.0")


def test_versions_of_local_packages() -> None:
    assert uv_lock.versions_of(before(SHAPES["registry package of the same name"])) == {"core": "1.2.3"}
    assert uv_lock.versions_of(before(SHAPES["name not normalised"])) == {"core": "1.2.3"}
    assert uv_lock.versions_of("") == {}


@pytest.mark.parametrize(
    ("locked", "old"),
    [
        ("0.2.0rc1", "0.2.0-rc.1"),
        ("0.2.0rc1", "v0.2.0RC1"),
        ("1.2", "1.2.0"),
        ("1.2.0", "1.2"),
        ("1.2.0a2", "1.2.0-alpha.2"),
        ("1.2.0b2", "1.2b2"),
        ("1.2.0.dev3", "1.2.0dev3"),
        ("1.0.10", "1.0.10"),
    ],
)
def test_the_old_version_in_another_spelling(locked: str, old: str) -> None:
    text = HEAD + f'[[package]]\nname = "core"\nversion = "{locked}"\nsource = {{ editable = "." }}\n'
    assert uv_lock.versions_of(uv_lock.with_versions(text, {"core": (old, "2.0.0")})) == {"core": "2.0.0"}


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        pytest.param(HEAD, "lock-entry-missing", "no entry for the package core", id="empty"),
        pytest.param(
            f'[[package]]\nname = "core"\nversion = "1.2.3"\nsource = {INDEX}\n',
            "lock-entry-missing",
            "no entry for the package core",
            id="only the registry's",
        ),
        pytest.param(
            '[[package]]\nname = "core"\nversion = "1.2.30"\nsource = { editable = "." }\n',
            "lock-stale",
            "the package core is locked at 1.2.30, expected 1.2.3",
            id="stale",
        ),
        pytest.param(
            "package = [1, {}, { name = 3 }]\n", "lock-entry-missing", "no entry for the package core", id="types"
        ),
    ],
)
def test_refusals_name_the_command_that_mends(text: str, code: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        uv_lock.with_versions(text, {"core": ("1.2.3", "1.3.0")})
    assert (caught.value.code, caught.value.message, caught.value.hint) == (code, message, "uv lock")
