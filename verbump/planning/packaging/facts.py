"""From what was found to what is packaged: which crate's programs, which project's wheels, and their addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from verbump.domain import distributions, versions
from verbump.domain.manifests import about as manifests
from verbump.domain.manifests import extension, pyproject
from verbump.errors import InputError, Problem, Refused, UsageError
from verbump.planning.packaging.subject import Published, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbump.domain.forge import Forge
    from verbump.domain.manifests.about import About
    from verbump.domain.versions import Version

_Read = TypeVar("_Read")
CARGO = PurePosixPath("Cargo.toml")
PYPROJECT = PurePosixPath("pyproject.toml")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,98}[A-Za-z0-9+])?")
# What may stand in an address unquoted in every format: no quotes, braces, `$`, `#`, backslash, parentheses or blank.
_BASE = re.compile(r"https?://[A-Za-z0-9._~:/@!&*+,;=%-]{1,1500}", re.IGNORECASE)
_LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying)(?:[.-][A-Za-z0-9.-]{1,30})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found in the tree of the release, and what a person asked for ("" where nothing).

    `texts` are its manifests, `paths` all of its files; `workspace` is the Cargo.toml at the root, whosever it is.
    `sums` is file name to SHA-256, `dist` the folder's name for messages; `triples` are the configured targets,
    `features` those that `build` turns on. `base` is the address of the files, without the name; `crate` the one
    whose archives are packaged; `name` what the package is called.
    """

    version: Version
    tag: str
    texts: Mapping[PurePosixPath, str]
    paths: tuple[str, ...] = ()
    sums: Mapping[str, str] = field(default_factory=dict)
    dist: str = "dist"
    workspace: str = ""
    triples: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    forge: Forge | None = None
    base: str = ""
    crate: str = ""
    name: str = ""


def of_programs(facts: Facts) -> Subject:
    """The release as its programs: one crate's archives, for every target that has one.

    Raises:
        Refused: a manifest cannot be read, no crate has a program, or a name does not fit in a file name.
        UsageError: several crates have programs, or --crate, --name or --url cannot be.
    """
    crates = _program_crates(facts)
    crate = _chosen_crate(facts, crates)
    programs = crates[crate]
    archives = {}
    for file in facts.sums:
        found = distributions.parse_archive_name(file, str(facts.version))
        if found is not None and found[0] == crate:
            archives[found[1]] = _published(facts, file)
    path = next(path for path, text in facts.texts.items() if _crate_name(path, text) == crate)
    said = manifests.of_cargo(facts.texts[path], _workspace(facts))
    about = manifests.merged((said, *_python(facts)))
    return _subject(facts, facts.name or crate, about, crate=crate, programs=programs, archives=archives)


def of_python(facts: Facts) -> Subject:
    """The release as its Python project: source distribution and wheels.

    Raises:
        Refused: a manifest cannot be read, or there is no Python project.
        UsageError: --name or --url cannot be.
    """
    python = _python(facts)
    if not python or not python[0].name:
        message = f"{PYPROJECT} names no Python project"
        raise Refused([Problem(code="no-python-project", message=message, hint='name = "…" in [project]')])
    about = manifests.merged((*python, *_cargo(facts)))
    project = distributions.normalised(about.name)
    wheels, sdist = [], None
    for file in facts.sums:
        if _is_of(file, project, facts.version):
            wheels += [_published(facts, file)] if file.endswith(".whl") else []
            sdist = _published(facts, file) if file.endswith(".tar.gz") else sdist
    return _subject(
        facts, facts.name or project, about, wheels=tuple(wheels), sdist=sdist, programs=_wheel_programs(facts)
    )


def _subject(facts: Facts, name: str, about: About, **found: Any) -> Subject:
    if not _NAME.fullmatch(name):
        if facts.name:
            raise UsageError(f"--name {name!r}: expected letters, digits and -_.+", code="package-name")
        message = f"{name!r} cannot be the name of a package"
        raise Refused([Problem(code="package-name", message=message, hint="--name NAME, of letters and digits")])
    licences = _licence_files(facts)
    return Subject(
        name=name,
        version=facts.version,
        tag=facts.tag,
        about=about,
        base=_base(facts),
        dist=facts.dist,
        forge=facts.forge,
        licence_url=facts.forge.file_url(facts.tag, licences[0]) if facts.forge and licences else "",
        licence_files=licences,
        triples=facts.triples,
        **found,
    )


def _program_crates(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Crate to its programs, of the crates that have any."""
    found = {}
    for path, text in facts.texts.items():
        if path.name != CARGO.name:
            continue
        name, programs = _crate_name(path, text), _programs_of(facts, path)
        if name and programs:
            found[name] = programs
    return found


def _wheel_programs(facts: Facts) -> tuple[str, ...]:
    """The binaries that maturin puts in the wheels: those of a crate that is no extension of Python."""
    own = find_pyproject(facts.texts)
    assert own is not None
    path = _reading(own, find_crate, own, facts.texts[own])
    if pyproject.parse(facts.texts[own]).build_backend != "maturin" or path not in facts.texts:
        return ()
    text = facts.texts[path]
    if _reading(path, extension.find_extension, text, (), _workspace(facts)) is not None:
        return ()
    return _programs_of(facts, path)


def _programs_of(facts: Facts, path: PurePosixPath) -> tuple[str, ...]:
    folder = "" if path == CARGO else f"{path.parent}/"
    inside = {each.removeprefix(folder) for each in facts.paths if each.startswith(folder)}
    return _reading(path, manifests.find_programs, facts.texts[path], inside, facts.features)


def _chosen_crate(facts: Facts, crates: Mapping[str, tuple[str, ...]]) -> str:
    if not crates:
        message = "no crate of this release has a program: there is nothing to install"
        raise Refused([Problem(code="no-program", message=message, hint="add src/main.rs, or [[bin]] to Cargo.toml")])
    if facts.crate and facts.crate not in crates:
        hint = f"--crate {next(iter(crates))}"
        raise UsageError(f"--crate {facts.crate}: no crate of that name has a program", hint=hint, code="no-such-crate")
    archived = [
        each
        for each in crates
        if any((distributions.parse_archive_name(file, str(facts.version)) or ("",))[0] == each for file in facts.sums)
    ]
    python = _python(facts)
    project = distributions.normalised(python[0].name) if python and python[0].name else ""
    likely = archived or list(crates)
    named = [each for each in likely if distributions.normalised(each) == project]
    crate = facts.crate or (likely[0] if len(likely) == 1 else named[0] if named else "")
    if not crate:
        message = f"several crates have programs: {', '.join(likely)}"
        raise UsageError(message, hint=f"--crate {likely[0]}", code="several-crates")
    for name in (crate, *crates[crate]):
        if not _NAME.fullmatch(name):
            message = f"{name!r}: a crate or program of that name cannot be packaged"
            raise Refused([Problem(code="program-name", message=message, hint="rename it: letters, digits and -_.+")])
    return crate


def _crate_name(path: PurePosixPath, text: str) -> str:
    return _reading(path, manifests.of_cargo, text).name if path.name == CARGO.name else ""


def find_pyproject(texts: Mapping[PurePosixPath, str]) -> PurePosixPath | None:
    """The pyproject.toml that is meant: the one nearest to the root."""
    found = [path for path in texts if path.name == PYPROJECT.name]
    return min(found, key=lambda path: (len(path.parts), path), default=None)


def find_crate(path: PurePosixPath, text: str) -> PurePosixPath:
    """The Cargo.toml that maturin builds, by the pyproject.toml at `path`. Raises InputError: it cannot be parsed."""
    return PurePosixPath(path.parent, pyproject.parse(text).maturin_manifest or CARGO)


def _python(facts: Facts) -> tuple[About, ...]:
    path = find_pyproject(facts.texts)
    return () if path is None else (_reading(path, manifests.of_pyproject, facts.texts[path]),)


def _workspace(facts: Facts) -> str:
    return facts.workspace or facts.texts.get(CARGO, "")


def _cargo(facts: Facts) -> tuple[About, ...]:
    """The crates, the one at the root first."""
    paths = sorted((path for path in facts.texts if path.name == CARGO.name), key=lambda path: (path != CARGO, path))
    root = _workspace(facts)
    return tuple(_reading(path, manifests.of_cargo, facts.texts[path], root) for path in paths)


def _is_of(file: str, project: str, version: Version) -> bool:
    """Whether the file is a wheel or source distribution of the project's version."""
    parse = distributions.parse_wheel_name if file.endswith(".whl") else distributions.parse_sdist_name
    try:
        named = parse(file)
        return named.name == project and distributions.is_same_version(named.version, versions.to_pep440(version))
    except InputError:
        return False


def _published(facts: Facts, file: str) -> Published:
    return Published(name=file, url=f"{_base(facts)}/{quote(file, safe='+~')}", sha256=facts.sums[file])


def _base(facts: Facts) -> str:
    if facts.base:
        base = facts.base.rstrip("/")
        if not _BASE.fullmatch(base):
            raise UsageError(f"--url {facts.base!r}: expected http:// or https:// and no query", code="bad-url")
        return base
    if facts.forge is None:
        message = "where the release's files are fetched is not known: the remote is no forge that verbump knows"
        raise Refused(
            [Problem(code="no-download-url", message=message, hint="--url https://…, without the file's name")]
        )
    return facts.forge.download_url(facts.tag)


def _licence_files(facts: Facts) -> tuple[str, ...]:
    return tuple(sorted(path for path in facts.paths if _LICENCE_FILE.fullmatch(path)))


def _reading(path: PurePosixPath, read: Callable[..., _Read], *words: object) -> _Read:
    """What `read` makes of a manifest's text, its failure told with the path."""
    try:
        return read(*words)
    except InputError as error:
        raise Refused([error.at(path).as_problem()]) from error
