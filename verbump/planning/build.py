"""plan_build: from what a tree holds and what this machine can do to the ordered steps of a build.

Folders in steps are relative to the build's own: `tree` has the sources, `sdist` the unpacked source distribution,
from which alone the wheels are built, `made` what is handed out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.domain import targets
from verbump.errors import Problem
from verbump.planning import build_pythons, build_targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.config import BuildConfig
    from verbump.planning.build_sources import PythonProject
    from verbump.planning.build_targets import Machine

# PyO3's `extension-module` for a plain `cargo build`: the library does not link to libpython. Set by maturin itself.
_EXTENSION = {"PYO3_BUILD_EXTENSION_MODULE": "1"}
# What maturin passes for macOS: symbols of Python are found when the module is loaded.
_APPLE_FLAGS = "-C link-arg=-undefined -C link-arg=dynamic_lookup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """A member of a workspace. `folder` and `workspace` are relative to the tree.

    `libraries` are (name, kind) of C libraries; `is_extension`: it depends on PyO3.
    """

    name: str
    version: str
    folder: str
    workspace: str
    programs: tuple[str, ...] = ()
    libraries: tuple[tuple[str, str], ...] = ()
    is_extension: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked for. `triples`: empty for this machine's own."""

    rust: bool = True
    python: bool = True
    tests: bool = True
    triples: tuple[str, ...] = ()
    universal2: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is to be built: `version` in SemVer; `python` None and `crates` empty where there are none.

    `archives` are the names of the crates that are archived; `is_part`: of their workspaces only `crates` are meant.
    """

    version: str
    config: BuildConfig
    python: PythonProject | None = None
    crates: tuple[Crate, ...] = ()
    archives: tuple[str, ...] = ()
    is_part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A program to run in `folder`: an argv list. `environment` comes on top of the build's own."""

    title: str
    argv: tuple[str, ...]
    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeArchive:
    """Binaries and C libraries of a crate for one target, with licence and readme, in `made`/`name`.

    `sources` are folders of cargo's output: several where lipo joins architectures.
    """

    title: str
    name: str
    crate: Crate
    triple: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackSdist:
    """The source distribution in `made`, unpacked as `sdist`."""

    title: str = "unpack the source distribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class TryWheels:
    """Every wheel of `made` that fits this machine, installed, imported and tested away from the sources."""

    title: str = "test the wheels"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSet:
    """Everything in `made`, held against itself and against what was asked for; then SHA256SUMS."""

    title: str = "check the set"


Step = Run | MakeArchive | UnpackSdist | TryWheels | CheckSet


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildPlan:
    """Ordered steps; with a problem of severity error it is shown and never carried out."""

    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()


def plan_build(subject: Subject, machine: Machine, wanted: Wanted) -> BuildPlan:
    """The steps in order: crates tested, built, archived; sdist, wheels from it alone; the set checked."""
    triples = _triples(subject, machine, wanted)
    problems = [*_find_nothing(subject, wanted), *build_targets.find_problems(machine, triples)]
    if wanted.python and subject.python is not None and not build_pythons.choose(subject.python, machine.interpreters):
        problems.append(_no_python(subject))
    steps: list[Step] = []
    if not problems:
        if wanted.rust and subject.crates:
            steps += _of_crates(subject, machine, wanted, triples)
        if wanted.python and subject.python is not None:
            steps += _of_python(subject, machine, triples)
            if wanted.tests:
                steps.append(TryWheels())
        steps.append(CheckSet())
    return BuildPlan(steps=tuple(steps), problems=tuple(problems))


def archived(subject: Subject) -> tuple[Crate, ...]:
    """The crates that are archived, in the order of the workspaces."""
    return tuple(crate for crate in subject.crates if crate.name in subject.archives)


def _triples(subject: Subject, machine: Machine, wanted: Wanted) -> tuple[str, ...]:
    """What to build for. Configured targets are for CI, where each has a machine: here those that this one can."""
    if wanted.triples or wanted.universal2:
        return (*wanted.triples, *((targets.UNIVERSAL2,) if wanted.universal2 else ()))
    return (machine.triple,) if machine.triple or subject.crates else ("",)


def _find_nothing(subject: Subject, wanted: Wanted) -> Iterator[Problem]:
    has_rust, has_python = bool(subject.crates), subject.python is not None
    if not (wanted.rust and has_rust) and not (wanted.python and has_python):
        message = "there is nothing to build: no crate and no Python project"
        if has_python:
            message = "there is no crate to build, and --rust-only leaves the Python project out"
        elif has_rust:
            message = "there is no Python project to build, and --python-only leaves the crates out"
        yield Problem(code="nothing-to-build", message=message, hint="verbump build")
    listed = set() if subject.is_part else set(subject.config.archives or ()) - {each.name for each in subject.crates}
    for name in sorted(listed):
        hint = "mend tool.verbump.build.archives"
        yield Problem(code="no-such-crate", message=f"there is no crate {name} to archive", hint=hint)


def _no_python(subject: Subject) -> Problem:
    needs = subject.python.requires_python if subject.python else ""
    message = f"no Python here that requires-python {needs} admits"
    return Problem(code="no-interpreter", message=message, hint="install one, or name it in build.interpreters")


def _of_crates(subject: Subject, machine: Machine, wanted: Wanted, triples: tuple[str, ...]) -> Iterator[Step]:
    features = ("--features", ",".join(subject.config.features)) if subject.config.features else ()
    common = ("--release", "--locked", "--target-dir", machine.target_folder)
    here = [each for each in machine.interpreters if each.is_here]
    python = {"PYO3_PYTHON": here[0].path} if here else {}
    for workspace in dict.fromkeys(crate.workspace for crate in subject.crates):
        folder = _inside("tree", workspace)
        names = [crate for crate in archived(subject) if crate.workspace == workspace]
        members = [crate.name for crate in subject.crates if crate.workspace == workspace]
        all_of_it = [word for name in members for word in ("--package", name)] if subject.is_part else ["--workspace"]
        if wanted.tests:
            argv = ("cargo", "test", *all_of_it, *common, *features)
            yield Run(title="cargo test", argv=argv, folder=folder, environment=python)
        packages = [word for crate in names for word in ("--package", crate.name)] or all_of_it
        for triple in triples:
            for part in targets.parts_of(triple):
                tool = "zigbuild" if build_targets.needs_zig(machine, part) else "build"
                to = ("--target", part) if part != machine.triple else ()
                yield Run(
                    title=f"cargo {tool} {part}",
                    argv=("cargo", tool, *packages, *common, *features, *to),
                    folder=folder,
                    environment={**python, **_extension(names, part)},
                )
            for crate in names:
                name = targets.archive_name(crate.name, crate.version, triple)
                sources = tuple(_output(machine, part) for part in targets.parts_of(triple))
                yield MakeArchive(title=f"archive {name}", name=name, crate=crate, triple=triple, sources=sources)


def _extension(crates: list[Crate], triple: str) -> dict[str, str]:
    if not any(crate.is_extension for crate in crates):
        return {}
    if not targets.is_apple(triple):
        return dict(_EXTENSION)
    return {**_EXTENSION, f"CARGO_TARGET_{triple.upper().replace('-', '_')}_RUSTFLAGS": _APPLE_FLAGS}


def _output(machine: Machine, triple: str) -> str:
    folder = machine.target_folder
    return f"{folder}/release" if triple == machine.triple else f"{folder}/{triple}/release"


def _inside(folder: str, path: str) -> str:
    return folder if path in {"", "."} else f"{folder}/{path}"


def _of_python(subject: Subject, machine: Machine, triples: tuple[str, ...]) -> Iterator[Step]:
    python = subject.python
    assert python is not None
    tree = _inside("tree", str(python.folder))
    made = "../" * len(tree.split("/")) + "made"
    if python.crate is None:
        build = ("pyproject-build", "--outdir")
        yield Run(title="source distribution", argv=(*build, made, "--sdist", "."), folder=tree)
        yield UnpackSdist()
        yield Run(title="wheel", argv=(*build, "../made", "--wheel", "."), folder="sdist")
        return
    yield Run(title="source distribution", argv=("maturin", "sdist", "--out", made), folder=tree)
    yield UnpackSdist()
    families = build_pythons.families(python, machine.interpreters)
    for triple in triples:
        zig = ("--zig",) if build_targets.needs_zig(machine, triple) and "-linux-" in triple else ()
        to = () if triple in {"", machine.triple} else ("--target", triple)
        for family in families:
            kind = " without the GIL" if any(each.is_free_threaded for each in family) else ""
            yield Run(
                title=f"wheels {triple}".rstrip() + kind,
                argv=(
                    *("maturin", "build", "--release", "--locked", "--strip", "--compatibility", "pypi"),
                    *("--out", "../made", "--target-dir", machine.target_folder),
                    *to,
                    *zig,
                    *(("--interpreter", *(each.path for each in family)) if family else ()),
                ),
                folder="sdist",
            )
