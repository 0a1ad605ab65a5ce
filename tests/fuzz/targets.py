"""Every parser of untrusted text as a function of one text: it may refuse with InputError, and nothing else.

What is written is read back: a target fails as well where that gives something else.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.config import reading
from verbump.domain import changelog, commits, escape, forge, tags, versions
from verbump.domain.manifests import (
    cargo_lock,
    cargo_requirements,
    cargo_toml,
    pyproject,
    python_requirements,
    stated,
    toml_text,
    uv_lock,
)
from verbump.effects import git_history
from verbump.errors import InputError, VerbumpError

if TYPE_CHECKING:
    from collections.abc import Callable


def commit(text: str) -> None:
    """A commit message."""
    commits.parse(text)


def tag(text: str) -> None:
    """A tag's name, and the format that a set of them has."""
    tags.parse_format("v{version}").version(text)
    tags.infer_format(text.split("\n"))
    tags.parse_format(text)


def semver(text: str) -> None:
    """A version as SemVer spells it."""
    version = versions.parse(text)
    assert str(version) == text
    assert versions.from_pep440(versions.to_pep440(version)) is not None


def pep440(text: str) -> None:
    """A version as PEP 440 spells it."""
    version = versions.from_pep440(text)
    assert versions.from_pep440(versions.to_pep440(version)) == version


def changelog_text(text: str) -> None:
    """A changelog: read, found fault with, given entries."""
    changelog.find_faults(text)
    changelog.parse_changelog(text)
    changelog.with_unreleased_entries(text, {"Added": ["- an entry"]}, ["Added"])


def cargo_manifest(text: str) -> None:
    """Cargo.toml."""
    cargo_toml.parse(text)
    assert cargo_toml.version_of(cargo_toml.with_version(text, "2.0.0")) == "2.0.0"
    cargo_toml.with_requirements(text, {"a": "2.0.0"})


def cargo_lock_text(text: str) -> None:
    """Cargo.lock."""
    cargo_lock.versions_of(text)
    cargo_lock.with_versions(text, {"a": ("1.2.3", "2.0.0")})


def python_project(text: str) -> None:
    """pyproject.toml."""
    pyproject.parse(text)
    assert pyproject.version_of(pyproject.with_version(text, "2.0.0")) == "2.0.0"
    pyproject.with_requirements(text, {"a": "2.0.0"})


def uv_lock_text(text: str) -> None:
    """uv.lock."""
    uv_lock.versions_of(text)
    uv_lock.with_versions(text, {"a": ("1.2.3", "2.0.0")})


def stated_version(text: str) -> None:
    """A version beside a marker, at a key of JSON, after a pattern."""
    looks: tuple[Callable[[], object], ...] = (
        lambda: stated.versions_by_marker(text),
        lambda: stated.with_version_by_marker(text, "2.0.0"),
        lambda: stated.version_at_key(text, PurePosixPath("a.json"), "version"),
        lambda: stated.versions_by_pattern(text, 'version = "{version}"'),
    )
    for look in looks:
        with contextlib.suppress(VerbumpError):
            look()


def requirements(text: str) -> None:
    """A requirement of Cargo's, of Python's, of Poetry's."""
    looks: tuple[Callable[[], object], ...] = (
        lambda: cargo_requirements.moved_requirement(text, "2.0.0"),
        lambda: python_requirements.moved_requirement(text, {"a": "2.0.0"}),
        lambda: python_requirements.moved_specifier(text, "2.0.0"),
        lambda: python_requirements.moved_poetry_constraint(text, "2.0.0"),
    )
    for look in looks:
        with contextlib.suppress(VerbumpError):
            look()


def configuration(text: str) -> None:
    """The configuration, as TOML."""
    try:
        table = toml_text.parse_toml(text)
    except InputError:
        return
    reading.parse(table, source="verbump.toml")


def remote_url(text: str) -> None:
    """A remote's address."""
    forge.forge_of(text)
    forge.without_credentials(text)


def tag_lines(text: str) -> None:
    """What `git ls-remote` prints."""
    git_history.parse_tag_lines(text.encode("utf-8", "surrogateescape"))


def sinks(text: str) -> None:
    """The escapers: whatever the text, one line stays one, and nothing acts."""
    assert escape.for_terminal(text).isprintable() or not text.isprintable()
    assert "\n" not in escape.for_log(text)
    assert "\n" not in escape.for_markdown(text)
    escape.for_markdown_cell(text)
    escape.for_markdown_block(text)
    json.dumps(escape.for_terminal(text))


TARGETS: dict[str, Callable[[str], None]] = {
    each.__name__: each
    for each in (
        *(commit, tag, semver, pep440, changelog_text, cargo_manifest, cargo_lock_text, python_project, uv_lock_text),
        *(stated_version, requirements, configuration, remote_url, tag_lines, sinks),
    )
}
# What each grammar repeats, begins and ends with.
ATOMS = (
    *(
        "a",
        "0",
        "1.",
        " ",
        "\t",
        "\n",
        "\r",
        "-",
        "_",
        ".",
        ",",
        ":",
        ";",
        "#",
        "!",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
    ),
    *(
        "`",
        "``",
        "*",
        '"',
        "'",
        '"""',
        "\\",
        "/",
        "@a",
        "&a",
        "=",
        "a=1\n",
        "[a]\n",
        "[[package]]\n",
        "- a\n",
        "## [1.0.0]\n",
    ),
    *(
        "feat: a\n",
        "Refs: 1\n",
        "BREAKING CHANGE: a\n",
        "```\n",
        "<!--",
        "-->",
        "[a]: b\n",
        "fixes #1 ",
        "https://a/",
        "é",
        "\x00",
    ),
)
PREFIXES = ("", "feat: ", "v1.0.0-", "## [Unreleased]\n\n", '[package]\nversion = "', "a = [", "https://")
SUFFIXES = ("", "!", '"', "\n", "]")


def survives(target: Callable[[str], None], text: str) -> None:
    """Run the target; what it refuses in our own words is no failure."""
    with contextlib.suppress(VerbumpError):
        target(text)
