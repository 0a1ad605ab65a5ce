"""What a tree says is to be built: the Python project and its backend, the crates, and what must come of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain.manifests import Format, cargo_toml, extension, pyproject
from verbump.errors import InputError, Problem
from verbump.planning.artifacts import Expected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.domain.manifests.extension import Extension
    from verbump.domain.versions import Version
    from verbump.planning.snapshot import Snapshot

PYPROJECT = PurePosixPath("pyproject.toml")
CARGO = PurePosixPath("Cargo.toml")
_TOP = PurePosixPath()


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonProject:
    """The Python project of the repository, or of one package of several, in `folder`.

    `crate` is the Cargo.toml that maturin builds, None for another backend. `extension` is what it asks of PyO3,
    None where it does not use it (a program in a wheel, cffi). `tested` are the Pythons that the classifiers name;
    `is_free_threaded`: they say that it runs without the GIL.
    """

    name: str
    requires_python: str
    folder: PurePosixPath = _TOP
    crate: PurePosixPath | None = None
    extension: Extension | None = None
    tested: tuple[str, ...] = ()
    is_free_threaded: bool = False


def find_python(snapshot: Snapshot) -> PythonProject | None:
    """The Python project at the top, None where there is none or it is mere configuration.

    Raises:
        InputError: pyproject.toml or the crate's Cargo.toml cannot be parsed.
    """
    path = find_pyproject(snapshot)
    text = snapshot.texts.get(path)
    if text is None:
        return None
    project = pyproject.parse(text)
    if project.table is None or project.name is None:
        return None
    if project.build_backend != "maturin":
        return PythonProject(name=project.name, requires_python=project.requires_python or "", folder=path.parent)
    crate = path.parent / (project.maturin_manifest or "Cargo.toml")
    asked = None
    if crate in snapshot.texts:
        features = extension.maturin_features(text)
        asked = extension.find_extension(snapshot.texts[crate], features, snapshot.texts.get(CARGO, ""))
    return PythonProject(
        name=project.name,
        requires_python=project.requires_python or "",
        folder=path.parent,
        crate=crate,
        extension=asked,
        tested=extension.tested_pythons(text),
        is_free_threaded=extension.says_free_threaded(text),
    )


def find_distributions(snapshot: Snapshot) -> tuple[str, ...]:
    """The names of the Python projects: the root's, or in a package's view all that are its targets.

    Raises:
        InputError: a manifest cannot be parsed.
    """
    if not snapshot.package:
        root = find_python(snapshot)
        return (root.name,) if root is not None else ()
    paths = [target.path for target in snapshot.targets if target.format is Format.PYPROJECT]
    found = [pyproject.parse(snapshot.texts[path]) for path in paths if path in snapshot.texts]
    return tuple(each.name for each in found if each.table is not None and each.name is not None)


def find_pyproject(snapshot: Snapshot) -> PurePosixPath:
    """The pyproject.toml at the top: of the repository, or of the package that the snapshot is of."""
    if not snapshot.package:
        return PYPROJECT
    found = [each.path for each in snapshot.targets if each.format is Format.PYPROJECT]
    return min(found, key=lambda path: len(path.parts), default=PYPROJECT)


def find_crates(snapshot: Snapshot) -> tuple[PurePosixPath, ...]:
    """The Cargo.toml files among the targets, in their order."""
    return tuple(
        target.path
        for target in snapshot.targets
        if target.format is Format.CARGO_TOML and target.path in snapshot.texts
    )


def find_publishable(snapshot: Snapshot) -> tuple[str, ...]:
    """Names of the crates that may be published, in the order of the targets."""
    found = []
    inherited = cargo_toml.parse(snapshot.texts[CARGO]).workspace_publishable if CARGO in snapshot.texts else True
    for path in find_crates(snapshot):
        manifest = cargo_toml.parse(snapshot.texts[path])
        is_meant = inherited if manifest.publish_inherited else manifest.publishable
        found += [manifest.package_name] if manifest.package_name is not None and is_meant else []
    return tuple(found)


def find_archived(snapshot: Snapshot, programs: frozenset[PurePosixPath]) -> tuple[str, ...]:
    """Names of the crates that are archived. `programs` are the folders of crates that hold src/main.rs or src/bin."""
    listed = snapshot.config.build.archives
    if listed is not None:
        return listed
    found = []
    for path in find_crates(snapshot):
        try:
            name = extension.find_archived(snapshot.texts[path], has_program=path.parent in programs)
        except InputError:
            continue
        found += [name] if name is not None else []
    return tuple(found)


def expected_artifacts(snapshot: Snapshot, version: Version, programs: frozenset[PurePosixPath]) -> Expected:
    """What a build of this tree must give: for the configured targets, or for one where none are."""
    try:
        python = find_python(snapshot)
    except InputError:
        python = None
    return Expected(
        version=version,
        project=python.name if python else None,
        triples=snapshot.config.build.targets,
        archives=find_archived(snapshot, programs),
    )


def find_problems(snapshot: Snapshot) -> Iterator[Problem]:
    """What keeps the tree from being built, or its wheels from being installed, as far as its manifests tell."""
    text = snapshot.texts.get(find_pyproject(snapshot))
    try:
        python = find_python(snapshot)
        if text is None or python is None:
            return
        if python.crate is not None:
            yield from _of_extension(snapshot, python, text)
        yield from _of_pythons(python, extension.tested_pythons(text))
    except InputError as error:
        yield error.as_problem()


def _of_extension(snapshot: Snapshot, python: PythonProject, text: str) -> Iterator[Problem]:
    assert python.crate is not None
    crate = snapshot.texts.get(python.crate)
    if crate is None:
        message = f"maturin builds {python.crate}, which is not there"
        yield Problem(code="crate-missing", message=message, hint="mend tool.maturin.manifest-path")
        return
    for feature in extension.find_unknown_features(crate, extension.maturin_features(text)):
        message = f"pyproject.toml: tool.maturin.features names {feature!r}, which {python.crate} has not"
        hint = f"add it to [features] of {python.crate}, or take it out"
        yield Problem(code="unknown-feature", message=message, hint=hint)
    asked = python.extension
    if asked is None:
        return
    if asked.links_always:
        message = f"{python.crate}: pyo3's extension-module is always on, so `cargo test` cannot link against Python"
        hint = 'take it out of the dependency; in pyproject.toml: [tool.maturin] features = ["pyo3/extension-module"]'
        yield Problem(code="extension-module-always-on", message=message, hint=hint, severity="warning")
    if asked.oldest is not None and python.requires_python:
        yield from _of_abi3_floor(python, asked.oldest)


def _of_abi3_floor(python: PythonProject, oldest: int) -> Iterator[Problem]:
    from verbump.domain import distributions

    older = [minor for minor in range(6, oldest) if distributions.is_admitted(python.requires_python, f"3.{minor}")]
    if older:
        message = (
            f"requires-python {python.requires_python} admits 3.{older[-1]}, but abi3-py3{oldest} does not run there"
        )
        yield Problem(code="abi3-floor", message=message, hint=f'requires-python = ">=3.{oldest}"')


def _of_pythons(python: PythonProject, tested: tuple[str, ...]) -> Iterator[Problem]:
    """`requires-python` against the Pythons that the classifiers name."""
    from verbump.domain import distributions

    if not python.requires_python:
        message = "pyproject.toml: no requires-python: pip would install on any Python"
        yield Problem(code="no-requires-python", message=message, hint='requires-python = ">=3.11"', severity="warning")
        return
    for each in tested:
        if not distributions.is_admitted(python.requires_python, f"{each}.99"):
            message = f"classifiers name Python {each}, which requires-python {python.requires_python} excludes"
            yield Problem(code="python-excluded", message=message, hint="mend one of them", severity="warning")
    minors = sorted(int(each.partition(".")[2]) for each in tested)
    if minors and any(
        distributions.is_admitted(python.requires_python, f"3.{minor}.99") for minor in range(6, minors[0])
    ):
        message = f"requires-python {python.requires_python} admits Pythons older than 3.{minors[0]}, the oldest tested"
        hint = f'requires-python = ">=3.{minors[0]}", or test the older ones and name them in classifiers'
        yield Problem(code="python-untested", message=message, hint=hint, severity="warning")
