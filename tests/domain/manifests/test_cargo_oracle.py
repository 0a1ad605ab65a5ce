"""cargo itself accepts what is written, and has nothing left to change."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verbump.domain.manifests import cargo_lock, cargo_toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from random import Random

    from domain.manifests.conftest import Tool

REGISTRY_VERSIONS = ("0.9.0", "1.5.0", "2.0.0", "10.0.0")

REQUIREMENTS = {
    "bare one": "1",
    "bare two": "1.2",
    "bare three": "1.2.3",
    "caret": "^1.2.3",
    "equal": "=1.2.3",
    "equal two": "=1.2",
    "tilde": "~1.2",
    "tilde three": "~1.2.3",
    "range": ">=1.2, <2",
    "range three": ">=1.2.3, <2.0.0",
    "greater": ">1.1",
    "lower": "<2",
    "lower equal": "<=1.2",
    "star": "*",
    "wildcard": "1.*",
    "wildcard two": "1.2.*",
}


@pytest.mark.parametrize("version", ["1.2.4", "1.3.0", "2.0.0", "1.3.0-rc.1", "2.0.0-alpha.2"])
def test_cargo_accepts_every_form_of_requirement(cargo: Tool, tmp_path: Path, version: str) -> None:
    """Then back to the final version of a candidate."""
    write(tmp_path / "Cargo.toml", '[workspace]\nmembers = ["core", "uses-*"]\nresolver = "2"\n')
    crate(tmp_path / "core", 'name = "core-lib"\nversion = "1.2.3"')
    for number, requirement in enumerate(REQUIREMENTS.values()):
        dependency = f'[dependencies]\ncore-lib = {{ path = "../core", version = "{requirement}" }}'
        crate(tmp_path / f"uses-{number}", f'name = "uses-{number}"\nversion = "0.1.0"\n{dependency}')
    cargo.succeed(tmp_path, "generate-lockfile")
    release(tmp_path, {"core-lib": ("1.2.3", version)})
    assert_nothing_left(cargo, tmp_path)
    final = version.partition("-")[0]
    if final != version:
        release(tmp_path, {"core-lib": (version, final)})
        assert_nothing_left(cargo, tmp_path)


def test_cargo_accepts_requirements_in_every_table(cargo: Tool, tmp_path: Path) -> None:
    write(
        tmp_path / "Cargo.toml",
        '[workspace]\nmembers = ["core", "app", "other", "third"]\nresolver = "2"\n'
        '[workspace.package]\nversion = "0.1.0"\n'
        '[workspace.dependencies]\ncore = { path = "core", version = "0.1.0" }\n',
    )
    crate(tmp_path / "core", 'name = "core"\nversion.workspace = true')
    crate(tmp_path / "other", 'name = "other-lib"\nversion = { workspace = true }')
    crate(tmp_path / "third", 'name = "third"\nversion = "0.1.0"')
    crate(
        tmp_path / "app",
        'name = "app"\nversion = "0.1.0"\n'
        "[dependencies]\ncore.workspace = true\n"
        'renamed = { package = "third", path = "../third", version = "^0.1" }\n'
        "[target.'cfg(unix)'.dependencies.other-lib]\npath = \"../other\"\nversion = '=0.1.0'\n"
        '[dev-dependencies]\nother-lib.path = "../other"\nother-lib.version = "0.1"\n'
        '[build-dependencies]\nother-lib = { version = "~0.1.0", path = "../other" }\n',
    )
    cargo.succeed(tmp_path, "generate-lockfile")
    release(tmp_path, dict.fromkeys(("core", "other-lib", "third", "app"), ("0.1.0", "0.2.0")))
    assert_nothing_left(cargo, tmp_path)
    assert {package["version"] for package in packages(cargo, tmp_path)} == {"0.2.0"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("1.2.3", "1.3.0", id="stays in its place"),
        pytest.param("1.2.3", "1.5.0", id="becomes the registry's version"),
        pytest.param("1.5.0", "1.6.0", id="was the registry's version"),
        pytest.param("1.2.3", "2.0.0", id="moves past one and meets another"),
        pytest.param("1.2.3", "3.0.0", id="moves past two"),
        pytest.param("1.2.3", "11.0.0", id="moves to the end"),
        pytest.param("1.2.3", "2.0.0-rc.1", id="candidate goes before its final"),
    ],
)
def test_lock_with_a_registry_package_of_the_same_name(cargo: Tool, tmp_path: Path, old: str, new: str) -> None:
    registry_in(tmp_path)
    write(tmp_path / "Cargo.toml", '[workspace]\nmembers = ["foo", "bar"]\nresolver = "2"\n')
    crate(tmp_path / "foo", f'name = "foo"\nversion = "{old}"')
    crate(
        tmp_path / "bar",
        'name = "bar"\nversion = "1.0.0"\n[dependencies]\n'
        f'foo = {{ path = "../foo", version = "{old}" }}\n'
        'f15 = { package = "foo", version = "1.5" }\n'
        'f2 = { package = "foo", version = "2" }\n'
        'f10 = { package = "foo", version = "10" }\n',
    )
    cargo.succeed(tmp_path, "generate-lockfile")
    release(tmp_path, {"foo": (old, new)})
    assert_nothing_left(cargo, tmp_path)


def test_name_that_is_no_longer_shared_by_version_only(cargo: Tool, tmp_path: Path) -> None:
    """The registry's package is the only other one: its reference keeps the version, and gains or loses the source."""
    registry_in(tmp_path)
    write(tmp_path / "Cargo.toml", '[package]\nname = "foo"\nversion = "0.8.0"\n[dependencies]\nuser.path = "user"\n')
    write(tmp_path / "src/lib.rs", "")
    crate(tmp_path / "user", 'name = "user"\nversion = "1.0.0"\n[dependencies]\nfoo = "0.9.0"')
    cargo.succeed(tmp_path, "generate-lockfile")
    release(tmp_path, {"foo": ("0.8.0", "0.9.0")})
    assert "foo 0.9.0 (registry" in (tmp_path / "Cargo.lock").read_text()
    assert_nothing_left(cargo, tmp_path)
    release(tmp_path, {"foo": ("0.9.0", "0.10.0")})
    assert_nothing_left(cargo, tmp_path)


def test_unused_patch(cargo: Tool, tmp_path: Path) -> None:
    write(
        tmp_path / "Cargo.toml",
        '[workspace]\nmembers = ["foo"]\nexclude = ["apart"]\nresolver = "2"\n'
        '[patch.crates-io]\napart = { path = "apart" }\n',
    )
    crate(tmp_path / "foo", 'name = "foo"\nversion = "1.0.0"')
    crate(tmp_path / "apart", 'name = "apart"\nversion = "1.0.0"')
    cargo.succeed(tmp_path, "generate-lockfile")
    assert "[[patch.unused]]" in (tmp_path / "Cargo.lock").read_text()
    release(tmp_path, {"foo": ("1.0.0", "1.1.0"), "apart": ("1.0.0", "1.1.0")})
    assert_nothing_left(cargo, tmp_path)


@pytest.mark.parametrize("form", [1, 2, 3])
def test_older_lock_files(cargo: Tool, tmp_path: Path, form: int) -> None:
    """cargo is asked only whether it accepts them: written anew, they would become the newest."""
    registry_in(tmp_path)
    write(tmp_path / "Cargo.toml", '[workspace]\nmembers = ["foo", "bar"]\nresolver = "2"\n')
    crate(tmp_path / "foo", 'name = "foo"\nversion = "1.2.3"')
    crate(
        tmp_path / "bar",
        'name = "bar"\nversion = "1.0.0"\n[dependencies]\nfoo = { path = "../foo", version = "1" }\n'
        'f2 = { package = "foo", version = "2" }\n',
    )
    source = "registry+https://github.com/rust-lang/crates.io-index"
    reference = f"foo 2.0.0 ({source})" if form == 1 else "foo 2.0.0"
    checksum = f'checksum = "{CHECKSUM}"\n'
    write(
        tmp_path / "Cargo.lock",
        ("version = 3\n\n" if form == 3 else "")
        + f'[[package]]\nname = "bar"\nversion = "1.0.0"\ndependencies = [\n "foo 1.2.3",\n "{reference}",\n]\n\n'
        '[[package]]\nname = "foo"\nversion = "1.2.3"\n\n'
        f'[[package]]\nname = "foo"\nversion = "2.0.0"\nsource = "{source}"\n{"" if form == 1 else checksum}'
        + (f'\n[metadata]\n"checksum foo 2.0.0 ({source})" = "{CHECKSUM}"\n' if form == 1 else ""),
    )
    cargo.succeed(tmp_path, "metadata", "--locked", "--format-version", "1")
    release(tmp_path, {"foo": ("1.2.3", "1.3.0")})
    cargo.succeed(tmp_path, "metadata", "--locked", "--format-version", "1")


@settings(
    max_examples=max(5, settings().max_examples // 40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.randoms(use_true_random=False))
def test_any_workspace(cargo: Tool, tmp_path_factory: pytest.TempPathFactory, random: Random) -> None:
    """Up to four crates, whose names and versions the registry may have too, and any of them moved anywhere."""
    root = tmp_path_factory.mktemp("workspace")
    registry = {name: random.sample(VERSIONS, random.randint(0, 3)) for name in ("a", "b", "b-x")}
    registry_in(root, registry)
    names = random.sample(["a", "b", "b-x", "c", "zed"], random.randint(1, 4))
    stated = {name: random.choice(VERSIONS) for name in names}
    write(root / "Cargo.toml", f'[workspace]\nmembers = {json.dumps(names)}\nresolver = "2"\n')
    for number, name in enumerate(names):
        dependencies = [
            f'{other}_ = {{ package = "{other}", path = "../{other}", version = "={stated[other]}" }}\n'
            for other in names[:number]
            if random.random() < 0.6
        ]
        dependencies += [
            f'{other}{place} = {{ package = "{other}", version = "={version}" }}\n'
            for other, versions in registry.items()
            for place, version in enumerate(versions)
            if random.random() < 0.6
        ]
        crate(root / name, f'name = "{name}"\nversion = "{stated[name]}"\n[dependencies]\n{"".join(dependencies)}')
    if cargo.run(root, "generate-lockfile").returncode:
        return  # a crate that needs itself, or the like
    moved = {name: (stated[name], random.choice(VERSIONS)) for name in names if random.random() < 0.8}
    release(root, moved)
    written = (root / "Cargo.lock").read_bytes().decode()
    if cargo.run(root, "update", "--workspace").returncode == 0:
        assert (root / "Cargo.lock").read_bytes().decode() == written
        cargo.succeed(root, "metadata", "--locked", "--format-version", "1")


CHECKSUM = "1" * 64
VERSIONS = [
    "0.1.0",
    "0.9.0",
    "1.0.0-alpha",
    "1.0.0-rc.1",
    "1.0.0",
    "1.5.0",
    "2.0.0-beta.9",
    "2.0.0-beta.10",
    "2.0.0",
    "10.0.0",
]


def registry_in(root: Path, crates: Mapping[str, Sequence[str]] = MappingProxyType({"foo": REGISTRY_VERSIONS})) -> None:
    """Several versions of crates, in the place of crates.io."""
    write(
        root / ".cargo/config.toml",
        '[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "vendor"\n',
    )
    (root / "vendor").mkdir()
    for name, versions in crates.items():
        for version in versions:
            folder = root / f"vendor/{name}-{version}"
            crate(folder, f'name = "{name}"\nversion = "{version}"')
            write(folder / ".cargo-checksum.json", json.dumps({"files": {}, "package": CHECKSUM}))


def crate(folder: Path, package: str) -> None:
    write(folder / "Cargo.toml", f"[package]\n{package}\n")
    write(folder / "src/lib.rs", "")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def release(root: Path, moved: Mapping[str, tuple[str, str]]) -> None:
    """What a release does to the files: every manifest outside `vendor`, then the lock file."""
    for path in root.rglob("Cargo.toml"):
        if "vendor" in path.parts:
            continue
        text = path.read_bytes().decode()
        manifest = cargo_toml.parse(text)
        name = manifest.package_name or ""
        if name in moved and manifest.version is not None:
            text = cargo_toml.with_version(text, moved[name][1])
        elif manifest.workspace_version is not None:
            text = cargo_toml.with_version(text, next(iter(moved.values()))[1])
        text = cargo_toml.with_requirements(text, {name: new for name, (_, new) in moved.items()})
        write(path, text)
    lock = root / "Cargo.lock"
    write(lock, cargo_lock.with_versions(lock.read_bytes().decode(), moved))


def assert_nothing_left(cargo: Tool, root: Path) -> None:
    written = (root / "Cargo.lock").read_bytes()
    cargo.succeed(root, "metadata", "--locked", "--format-version", "1")
    cargo.succeed(root, "update", "--workspace")
    assert (root / "Cargo.lock").read_bytes().decode() == written.decode()


def packages(cargo: Tool, root: Path) -> list[dict[str, str]]:
    done = cargo.run(root, "metadata", "--locked", "--format-version", "1", "--no-deps")
    found: list[dict[str, str]] = json.loads(done.stdout)["packages"]
    return found
