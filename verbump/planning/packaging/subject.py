"""What is packaged: one release's files by their SHA-256, and what its manifests say of the project."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.domain import escape_formats, targets
from verbump.errors import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import PurePosixPath

    from verbump.domain.forge import Forge
    from verbump.domain.manifests.about import About
    from verbump.domain.versions import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A file of the release: its name, where it is fetched, its SHA-256 in hex."""

    name: str
    url: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A file to write: `path` is relative to the output folder."""

    path: PurePosixPath
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A release to package. `base` is the address of its files without the name.

    Of programs: `archives` is target triple to archive, `programs` are the binaries in each, in the top folder that is
    called as the archive. Of a Python project: `wheels` and `sdist`. `pages` may be None: the forge is not known.
    """

    name: str
    version: Version
    tag: str
    about: About
    base: str
    dist: str
    forge: Forge | None = None
    licence_url: str = ""
    licence_files: tuple[str, ...] = ()
    triples: tuple[str, ...] = ()
    crate: str = ""
    programs: tuple[str, ...] = ()
    archives: Mapping[str, Published] = field(default_factory=dict)
    wheels: tuple[Published, ...] = ()
    sdist: Published | None = None

    @property
    def homepage(self) -> str:
        """The project's page: what it says itself, else its repository."""
        return self.about.homepage or self.repository

    @property
    def repository(self) -> str:
        """The page of the sources, "" where it is not known."""
        return self.about.repository or (self.forge.url if self.forge else "")


def require(subject: Subject, *keys: str) -> None:
    """The keys of `About` (and `homepage`) that an ecosystem cannot do without.

    Raises:
        Refused: all that are missing.
    """
    problems = []
    for key in keys:
        value = subject.homepage if key == "homepage" else getattr(subject.about, key)
        if not value:
            spelled, table = (
                ("homepage", "project.urls") if key == "homepage" else (key.replace("licence", "license"), "project")
            )
            message = f"the manifests of {subject.name} state no {key}, which the package needs"
            hint = f'{spelled} = "…" in [package] of Cargo.toml or [{table}] of pyproject.toml'
            code = {"description": "no-description", "licence": "no-licence", "homepage": "no-homepage"}[key]
            problems.append(Problem(code=code, message=message, hint=hint))
    if problems:
        raise Refused(problems)


def require_archives(subject: Subject, wanted: Iterable[str], *, of: str) -> None:
    """At least one archive for the triples in `wanted`, and one for each of them that is a configured target.

    `of` names the systems, for the message. Raises Refused: all that are missing.
    """
    known = tuple(wanted)
    due = [triple for triple in subject.triples if triple in known and triple not in subject.archives]
    if not due and any(triple in subject.archives for triple in known):
        return
    problems = [
        _missing(subject, f"no archive of {subject.crate} {subject.version} for {triple}", f"--target {triple}")
        for triple in due
    ]
    first = next(iter(known))
    raise Refused(
        problems
        or [_missing(subject, f"no archive of {subject.crate} {subject.version} for {of}", f"--target {first}")]
    )


def missing_python(subject: Subject, what: str) -> Refused:
    """The refusal where SHA256SUMS lists no `what` (`source distribution`, `wheel for Linux`)."""
    return Refused([_missing(subject, f"no {what} of {subject.name} {subject.version}", "--python-only")])


def described(subject: Subject, *, longest: int) -> str:
    """The description in one line of at most `longest` characters, cut between words."""
    text = escape_formats.one_line(subject.about.description)
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut.rpartition(' ')[0].rstrip(' ,;:') or cut}…"


def pick(subject: Subject, *triples: str) -> Published | None:
    """The first of the triples that has an archive."""
    return next((subject.archives[each] for each in triples if each in subject.archives), None)


def top_folder(archive: Published) -> str:
    """The one folder in the archive."""
    return archive.name.removesuffix(".zip").removesuffix(".tar.gz")


def windows_programs(subject: Subject) -> tuple[str, ...]:
    """The programs as files of Windows."""
    return tuple(targets.program_name(each, "x86_64-pc-windows-msvc") for each in subject.programs)


def _missing(subject: Subject, what: str, options: str) -> Problem:
    message = f"{subject.dist}/SHA256SUMS lists {what}"
    return Problem(code="artifact-missing", message=message, hint=f"verbump build {options}")
