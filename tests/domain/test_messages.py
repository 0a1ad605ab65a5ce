"""Every message of the domain, word for word, in messages.txt: what a person reads when something is wrong.

`UPDATE_CASES=1` writes the file anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import changelog, changelog_faults, commits, escape, history, schemes, tags, versions
from verbump.domain.bumps import Bump
from verbump.domain.changelog import NewSection
from verbump.domain.commits import Commit
from verbump.domain.manifests import (
    cargo_lock,
    cargo_requirements,
    cargo_toml,
    pyproject,
    python_requirements,
    stated,
    toml_splice,
    toml_text,
    uv_lock,
)
from verbump.domain.versions import NextRequest, parse
from verbump.errors import VerbumpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_FROM_PYTHON = re.compile(r"(?<=not valid (?:TOML|JSON): ).*|(?<=cannot be compiled: ).*")  # each release words its own
FILE = Path(__file__).parent / "messages.txt"
JSON, TOML = PurePosixPath("package.json"), PurePosixPath("x.toml")
LOCK = '[[package]]\nname = "demo"\nversion = "1.0.0"\n'
UV_LOCK = '[[package]]\nname = "demo"\nversion = "1.0.0"\nsource = { editable = "." }\n'
SECTION = NewSection(
    version="1.1.0", text="## [1.1.0] - 2026-01-01\n\n### Fixed\n\n- x\n", previous_tag="", tag="v1.1.0"
)
HEADING = "# Changelog\n\n## [1.0.0] - 2026-01-01\n\n### Fixed\n\n- y\n"


@dataclass(frozen=True)
class _Next:
    final: str | None = "1.2.3"
    current: str | None = "1.2.3"
    bump: Bump = Bump.MINOR
    token: str | None = None

    def __call__(self) -> object:
        known = [parse(each) if each else None for each in (self.final, self.current)]
        request = NextRequest(
            final=known[0],
            current=known[1],
            bump=self.bump,
            token=self.token,
            taken=[each for each in known if each],
            initial=parse("0.1.0"),
        )
        return versions.next_version(request)


RAISED: Mapping[str, Callable[[], object]] = {
    # versions
    "version: not SemVer": lambda: parse("x"),
    "version: with a v": lambda: parse("v1.2.3"),
    "version: PEP 440": lambda: parse("1.3.0rc1"),
    "version: calendar": lambda: parse("2024.01.15"),
    "version: 80 characters": lambda: parse("x" * 80),
    "version: 81 characters": lambda: parse("x" * 81),
    "pep440: token": lambda: versions.to_pep440(parse("1.2.3-nightly.1")),
    "pep440: build": lambda: versions.to_pep440(parse("1.2.3+a-b")),
    "pep440: not one": lambda: versions.from_pep440("x" * 90),
    "pep440: epoch": lambda: versions.from_pep440("1!1.2.3"),
    "pep440: four numbers": lambda: versions.from_pep440("1.2.3.4"),
    "pep440: post": lambda: versions.from_pep440("1.2.3.post1"),
    "pep440: dev": lambda: versions.from_pep440("1.2.3.dev1"),
    "next: not higher": _Next(bump=Bump.NONE),
    "next: too long": _Next(current="9999999999.0.0", final="9999999999.0.0", bump=Bump.MAJOR),
    "next: token": _Next(token="rc.1"),
    "next: backwards": _Next(current="1.3.0-rc.1", token="beta"),
    "next: backwards from beta": _Next(current="1.3.0-beta.1", token="alpha"),
    "exact: not higher": lambda: versions.check_exact("1.2.3", parse("1.2.3")),
    # schemes and tags
    "scheme": lambda: _raise(schemes.refusal("tag v2026.11", "a calendar version", (2026, 11))),
    "tag_format: no placeholder": lambda: tags.parse_format("release"),
    "tag_format: two": lambda: tags.parse_format("{version}{version}"),
    "tag_format: another": lambda: tags.parse_format("{name}-{version}"),
    "tag_format: another behind": lambda: tags.parse_format("{version}-$name"),
    "tag_format: no ref": lambda: tags.parse_format("a b{version}"),
    "tag_format: ends in a slash": lambda: tags.parse_format("v{version}/"),
    "tag_format: two at once": lambda: tags.infer_format(["v1.2.3", "1.2.3"]),
    # outputs
    "output: no name": lambda: escape.github_output("Notes", "x", "t"),
    "output: delimiter": lambda: escape.github_output("notes", "x\nverbump_t", "t"),
    # manifests
    "cargo lock: missing": lambda: cargo_lock.with_versions(LOCK, {"other": ("1.0.0", "1.1.0")}),
    "cargo lock: stale": lambda: cargo_lock.with_versions(LOCK, {"demo": ("0.9.0", "1.1.0")}),
    "cargo requirement": lambda: cargo_requirements.moved_requirement("=>1", "1.1.0"),
    "cargo requirement: version": lambda: cargo_requirements.moved_requirement("1", "1.1"),
    "Cargo.toml: no version": lambda: cargo_toml.with_version('[package]\nname = "x"\n', "1.1.0"),
    "pyproject.toml: no version": lambda: pyproject.with_version('[project]\nname = "x"\n', "1.1.0"),
    "Python requirement": lambda: python_requirements.moved_specifier("=>1", "1.1.0"),
    "Python requirement: version": lambda: python_requirements.moved_specifier(">=1", "x"),
    "uv lock: missing": lambda: uv_lock.with_versions(UV_LOCK, {"other": ("1.0.0", "1.1.0")}),
    "uv lock: stale": lambda: uv_lock.with_versions(UV_LOCK, {"demo": ("0.9.0", "1.1.0")}),
    "key: missing": lambda: stated.version_at_key('{"version": "1"}', JSON, "versoin"),
    "key: missing below": lambda: stated.version_at_key("a.b = 1\n", TOML, "a.c"),
    "key: missing among many": lambda: stated.version_at_key("".join(f"k{i} = 1\n" for i in range(13)), TOML, "x"),
    "key: missing among twelve": lambda: stated.version_at_key("".join(f"k{i} = 1\n" for i in range(12)), TOML, "x"),
    "key: nothing there": lambda: stated.version_at_key("{}", JSON, "version"),
    "key: not a string": lambda: stated.version_at_key('{"version": 1}', JSON, "version"),
    "key: no key": lambda: stated.version_at_key("a = 1\n", TOML, "a..b"),
    "pattern: no expression": lambda: stated.versions_by_pattern("x", "("),
    "pattern: no group": lambda: stated.versions_by_pattern("x", "x"),
    "pattern: no match": lambda: stated.versions_by_pattern("x", "(?P<version>[0-9]+)"),
    "pattern: not proved": lambda: stated.with_version_by_pattern("v1", "v(?P<version>[0-9]$)", "1.1.0"),
    "marker: none": lambda: stated.versions_by_marker("x\n"),
    "marker: no version": lambda: stated.versions_by_marker("x  # verbump: version\n"),
    "marker: two versions": lambda: stated.versions_by_marker("\n1.0.0 2.0.0  # verbump: version\n"),
    "marker: not proved": lambda: stated.with_version_by_marker("1.0.0  # verbump: version\n", "x"),
    "toml: syntax": lambda: toml_text.read_toml("a = 1\nb = \n"),
    "toml: end": lambda: toml_text.read_toml('a = """\n\n'),
    "toml: 1.1": lambda: toml_text.read_toml("a = {\n b = 1,\n}\n"),
    "toml: deep key": lambda: toml_text.read_toml("x = 1\n" + ".".join("a" * 200) + " = 1\n"),
    "toml: deep": lambda: toml_text.read_toml(f"a = {'[' * 5000}{']' * 5000}"),
    "json: syntax": lambda: toml_text.read_json('{\n"a": }'),
    "json: deep": lambda: toml_text.read_json("[" * 200_000),
    "not proved": lambda: _raise(toml_splice.not_proved("project.version")),
    # changelog
    "changelog: version there": lambda: changelog.with_release(HEADING.replace("1.0.0", "1.1.0"), SECTION),
    "changelog: version there, unreleased": lambda: changelog.with_release(
        HEADING.replace("[1.0.0] - 2026-01-01", "[1.1.0] - Unreleased"), SECTION
    ),
    "changelog: not followed": lambda: changelog.with_release("words\n", SECTION),
    "changelog: open fence": lambda: changelog.with_release(f"{HEADING}\n```\n", SECTION),
    "changelog: other heading": lambda: changelog.with_release(
        HEADING, NewSection(version="1.2.0", text=SECTION.text, previous_tag="", tag="v1.2.0")
    ),
}

FAULTY = """\
# Changelog

## [1.0.0] - 2026-01-01

### Fixed

- x

### fixed

- y

## [1.1.0] - 2025-01-01

## [x] - 2024-01-01

## [0.9] - yesterday

## [0.8.0]

## [Unreleased]

[1.0.0]: https://example.invalid/1.0.0
[0.8.0]: https://example.invalid/0.8.0
[1.1.0]: https://example.invalid/1.1.0
[0.7.0]: https://example.invalid/0.7.0
"""
HEADERS = [
    *("", "   ", "words", "feat:x", "feat:  x", "feat:", "feat: ", "feat (x): y", "feat(x) : y", "feat(): y"),
    *("feat : y", " feat: y", "feat(x)! : y", "feat !: y", "feat( ): y", "feat(x)!:y", "feat:\ty"),
]


def _raise(error: VerbumpError) -> None:
    raise error


def _said() -> Iterator[str]:
    for name, call in RAISED.items():
        try:
            call()
        except VerbumpError as error:
            line = getattr(error, "line", None)
            place = "" if line is None else f" (line {line})"
            message = _FROM_PYTHON.sub("…", error.message)
            yield f"{name}\n    {message}{place} [{error.code}, exit {error.exit_code}]\n    hint: {error.hint}\n"
        else:
            raise AssertionError(name)
    for fault in changelog_faults.find_faults(FAULTY):
        yield f"fault\n    {fault.message} (line {fault.line}) [{fault.code}]\n    hint: {fault.hint}\n"
    for header in HEADERS:
        found = commits.parse(header)
        assert isinstance(found, commits.Unconventional), header
        yield f"header {header!r}\n    {found.reason} (column {found.column})\n    write: {found.suggestion}\n"
    long = "fix: x\n\n" + "x" * commits.MESSAGE_LIMIT
    messages = ["fixup! feat: a b", "squash! feat: a b", "amend! feat: a b", "feat:x", long]
    made = [Commit(sha=str(place) * 40, parents=(), message=each) for place, each in enumerate(messages)]
    for problem in history.select(made).problems:
        yield f"problem\n    {problem.message} [{problem.code}, {problem.severity}]\n    hint: {problem.hint}\n"
    parents = ("b" * 40, "c" * 40)
    for each in [*messages, "Merge x"]:
        commit = Commit(sha="0123456789", parents=parents if each == "Merge x" else (), message=each)
        for ignored in history.select([commit]).ignored:
            yield f"ignored {each[:20]}\n    {ignored.why}\n"


def test_messages_word_for_word() -> None:
    said = "\n".join(_said())
    if os.environ.get("UPDATE_CASES"):
        FILE.write_text(said, encoding="utf-8")
    assert said == FILE.read_text(encoding="utf-8")
