"""`verbump publish crates`: the real cargo against a registry on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import cargo_registry, loopback
from support.git_repo import GitRepo
from support.running import verbump
from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.cargo_registry import CargoRegistry
    from support.running import Result

NEED = '{name} = {{ path = "../{name}", version = "1.2.3", registry = "local" }}\n'


def crate(name: str, *needs: str, more: str = "", text: str = "") -> dict[str, str]:
    """A library of the workspace; `more` goes into [package]."""
    head = (
        f'[package]\nname = "{name}"\nversion = "1.2.3"\nedition = "2021"\ndescription = "d"\nlicense = "MIT"\n{more}'
    )
    tail = "[dependencies]\n" + "".join(NEED.format(name=each) for each in needs)
    return {f"{name}/Cargo.toml": f"{head}\n{tail}", f"{name}/src/lib.rs": text or f"//! {name}\n"}


# `a` needs `z`, and `zz` needs both: not the order of the names.
FILES = {
    "Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["a", "z", "zz", "xtask"]\n',
    ".gitignore": "target/\n",
    **crate("a", "z"),
    **crate("z"),
    **crate("zz", "a", "z"),
    **crate("xtask", "zz", more="publish = false\n"),
}
ALL = [f"published {name} 1.2.3" for name in ("z", "a", "zz")]


@pytest.fixture
def registry() -> Iterator[CargoRegistry]:
    require("cargo")
    made = cargo_registry.CargoRegistry()
    with loopback.serving(made):
        yield made


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo.create(tmp_path / "work")
    made.commit("feat: begin", FILES)
    return made


def publish(repo: GitRepo, registry: CargoRegistry, *words: str, env: dict[str, str] | None = None) -> Result:
    variables = registry.variables() if env is None else env
    result = verbump("publish", "crates", "--registry", "local", *words, cwd=repo.path, env=variables)
    assert "s3cr3t" not in result.stdout + result.stderr
    return result


@pytest.mark.case("F22")
def test_dependencies_first_and_twice_is_harmless(repo: GitRepo, registry: CargoRegistry) -> None:
    dry = publish(repo, registry, "--dry-run")
    assert (dry.code, registry.published) == (0, []), dry.stderr
    assert dry.stdout.splitlines() == [f"would publish {name} 1.2.3, a new crate" for name in ("z", "a", "zz")]

    first = publish(repo, registry)
    assert (first.code, first.stdout.splitlines()) == (0, ALL), first.stderr
    assert registry.published == ["z 1.2.3", "a 1.2.3", "zz 1.2.3"]
    assert [each["name"] for each in registry.entries["zz"][0]["deps"]] == ["a", "z"]

    second = publish(repo, registry)
    assert second.code == 0, second.stderr
    assert second.stdout.splitlines() == [
        f"unchanged {name} 1.2.3: already there, same SHA-256" for name in ("z", "a", "zz")
    ]
    assert len(registry.published) == 3

    repo.commit("fix: other", {"a/src/lib.rs": "//! changed without a new version\n"})
    third = publish(repo, registry)
    assert (third.code, third.stdout) == (4, "")
    assert "local has a 1.2.3 with another content" in third.stderr
    assert "[crate-differs]" in third.stderr


@pytest.mark.case("F23")
def test_half_published_and_the_same_command_finishes(repo: GitRepo, registry: CargoRegistry) -> None:
    registry.faults = ["", "429"]

    first = publish(repo, registry, "--no-verify")
    assert (first.code, first.stdout.splitlines()) == (6, ALL[:1]), first.stderr
    assert "published so far: z 1.2.3" in first.stderr
    assert "try again after Wed, 25 Nov 2026" in first.stderr
    assert "then verbump publish crates --registry local" in first.stderr

    second = publish(repo, registry, "--no-verify")
    assert second.code == 0, second.stderr
    assert second.stdout.splitlines() == ["unchanged z 1.2.3: already there, same SHA-256", *ALL[1:]]


def test_a_slow_index_and_a_lost_answer(repo: GitRepo, registry: CargoRegistry) -> None:
    registry.hidden_reads = 2
    registry.faults = ["", "drop"]

    result = publish(repo, registry, "--no-verify")

    assert (result.code, result.stdout.splitlines()) == (0, ALL), result.stderr


def test_a_crate_that_does_not_compile_keeps_all_from_being_published(repo: GitRepo, registry: CargoRegistry) -> None:
    repo.commit("feat: broken", {"zz/src/lib.rs": "pub fn broken() -> u8 { a::nothing() }\n"})

    result = publish(repo, registry)

    assert (result.code, result.stdout, registry.published) == (4, "", [])
    assert "cannot find function `nothing`" in result.stderr


def test_uncommitted_edits_are_not_published(repo: GitRepo, registry: CargoRegistry) -> None:
    repo.write("z/src/lib.rs", "//! not committed\n")

    result = publish(repo, registry)

    assert (result.code, result.stdout, registry.published) == (4, "", [])
    assert "not yet committed" in result.stderr


@pytest.mark.case("F21")
def test_a_wrong_token_and_none(repo: GitRepo, registry: CargoRegistry) -> None:
    for token in ("cio-s3cr3t-but-wrong", ""):
        result = publish(repo, registry, "--no-verify", env=registry.variables(token))

        assert (result.code, result.stdout, registry.published) == (4, "", [])
        assert "[publish-failed]" in result.stderr
        assert "cargo login" in result.stderr


def test_trusted_publishing(repo: GitRepo, registry: CargoRegistry) -> None:
    registry.has_oidc = True

    result = publish(repo, registry, "--no-verify", env={**registry.variables(""), **registry.actions()})

    assert (result.code, result.stdout.splitlines()) == (0, ALL), result.stderr
    assert len(registry.minted) == 1
    assert registry.revoked == registry.minted


def test_a_registry_that_cargo_does_not_know_or_that_does_not_answer(repo: GitRepo) -> None:
    require("cargo")
    words = ("publish", "crates", "--registry", "local")

    unknown = verbump(*words, cwd=repo.path)
    assert (unknown.code, "[no-such-registry]" in unknown.stderr) == (4, True), unknown.stderr

    repo.write(".cargo/config.toml", '[registries.local]\nindex = "sparse+http://127.0.0.1:9/index/"\n')
    silent = verbump(*words, cwd=repo.path)
    assert (silent.code, "[registry-unreachable]" in silent.stderr) == (4, True), silent.stderr

    repo.write(".cargo/config.toml", '[registries.local]\nindex = "https://example.invalid/index.git"\n')
    of_git = verbump(*words, cwd=repo.path)
    assert (of_git.code, "[not-sparse]" in of_git.stderr) == (4, True), of_git.stderr


def test_nothing_that_may_be_published(repo: GitRepo, registry: CargoRegistry) -> None:
    for name in ("a", "z", "zz"):
        manifest = FILES[f"{name}/Cargo.toml"].replace('license = "MIT"\n', 'license = "MIT"\npublish = ["other"]\n')
        repo.write(f"{name}/Cargo.toml", manifest)

    result = publish(repo, registry)

    assert (result.code, result.stdout) == (4, "")
    assert "[nothing-to-publish]" in result.stderr
