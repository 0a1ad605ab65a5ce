"""What a project is, as far as its workflows depend on it: found in its manifests and configuration, not asked."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.domain import distributions
from verbump.domain.manifests import extension
from verbump.errors import InputError, Problem
from verbump.planning import build_sources
from verbump.planning.workflows import platforms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import PurePosixPath

    from verbump.config import PackageConfig
    from verbump.planning.build_sources import PythonProject
    from verbump.planning.snapshot import Snapshot
    from verbump.planning.workflows.platforms import Platform
    from verbump.planning.workflows.requirements import Own

# Pythons that maturin builds for and that runners have, oldest first: minors of 3, and those without the GIL.
MINORS = (10, 11, 12, 13, 14, 15)
FREE_THREADED = ("3.14t", "3.15t")
# Build requirements that compile, other than maturin: each wheel is for one platform.
_COMPILING = frozenset(
    {
        *("setuptools-rust", "scikit-build", "scikit-build-core", "meson-python"),
        *("py-build-cmake", "cython", "pybind11", "nanobind"),
    }
)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_ABI3T = re.compile(r"""["'](?:pyo3/)?abi3t(?:-py3\d+)?["']""")
_SAFE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_UNFIT = re.compile("[\x00-\x1f\x7f]|\\$\\{\\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was read. `files` are those below .github by path; `programs` folders of crates with src/main.rs or src/bin.

    `own` is verbump itself on the index, None in verbump's own repository; `has_tests`: there is something at
    build.tests. `today` in ISO.
    """

    snapshot: Snapshot
    files: Mapping[PurePosixPath, str]
    programs: frozenset[PurePosixPath] = frozenset()
    packages: tuple[PackageConfig, ...] = ()
    default_branch: str = "main"
    own: Own | None = None
    has_tests: bool = False
    today: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What there is to build, test and publish. `project` is the Python one's name, "" without one.

    `wheels`: abi3 (one serves all), version (one a Python), program (no Python in it), pure, or none. `pythons` are
    those to build for and test on, oldest first; `oldest_abi3` the one that the abi3 wheel is built with. `archived`
    are the crates whose binaries and libraries are handed out, `publishable` those for crates.io; `benches` crate and
    name of each benchmark of Criterion's.
    """

    project: str = ""
    wheels: str = "none"
    pythons: tuple[str, ...] = ()
    free_threaded: tuple[str, ...] = ()
    oldest_abi3: str = ""
    platforms: tuple[Platform, ...] = ()
    archived: tuple[str, ...] = ()
    publishable: tuple[str, ...] = ()
    has_crates: bool = False
    has_tests: bool = False
    benches: tuple[tuple[str, str], ...] = ()
    has_pytest_benchmark: bool = False
    problems: tuple[Problem, ...] = field(default=())


def find_shape(facts: Facts) -> Shape:
    """What the project is; with a problem of severity error no workflow is written for it."""
    snapshot = facts.snapshot
    try:
        python = build_sources.find_python(snapshot)
        publishable = build_sources.find_publishable(snapshot)
        pythons = _pythons(snapshot, python)
    except InputError as error:
        return Shape(problems=(error.as_problem(),))
    crates = build_sources.find_crates(snapshot)
    archived = build_sources.find_archived(snapshot, facts.programs)
    found, unknown = _platforms(snapshot)
    shape = Shape(
        project=python.name if python else "",
        wheels=_wheels(python),
        pythons=pythons,
        free_threaded=_free_threaded(snapshot, python),
        oldest_abi3=_oldest_abi3(python, pythons),
        platforms=found,
        archived=archived,
        publishable=publishable,
        has_crates=bool(crates),
        has_tests=facts.has_tests,
        benches=_benches(snapshot),
        has_pytest_benchmark=python is not None and _uses_pytest_benchmark(snapshot),
    )
    problems = (*unknown, *_find_problems(facts, shape))
    return Shape(**{**{name: getattr(shape, name) for name in shape.__slots__}, "problems": problems})


def _wheels(python: PythonProject | None) -> str:
    if python is None:
        return "none"
    if python.crate is None:
        return "pure"
    if python.extension is None:
        return "program"
    return "abi3" if python.extension.abi3 else "version"


def _pythons(snapshot: Snapshot, python: PythonProject | None) -> tuple[str, ...]:
    """Those that are configured, else all that requires-python admits."""
    settings = snapshot.config
    if python is None:
        return ()
    if settings.workflows.pythons:
        return tuple(each for each in settings.workflows.pythons if not each.endswith("t"))
    named = [re.fullmatch(r"(?:python)?(3\.\d{1,2})", each) for each in settings.build.interpreters]
    if named and all(named):
        return tuple(each[1] for each in named if each)
    asked = python.requires_python
    floor = python.extension.oldest if python.extension is not None else None
    return tuple(
        f"3.{minor}"
        for minor in MINORS
        if (not asked or distributions.is_admitted(asked, f"3.{minor}.99")) and minor >= (floor or 0)
    )


def _free_threaded(snapshot: Snapshot, python: PythonProject | None) -> tuple[str, ...]:
    settings = snapshot.config.workflows
    listed = tuple(each for each in settings.pythons if each.endswith("t"))
    if python is None or python.extension is None or settings.free_threaded is False:
        return ()
    if listed:
        return listed
    if settings.free_threaded is None:
        text = snapshot.texts.get(build_sources.PYPROJECT, "")
        crate = snapshot.texts.get(python.crate, "") if python.crate else ""
        if not _ABI3T.search(crate) and not extension.says_free_threaded(text):
            return ()
    asked = python.requires_python
    return tuple(each for each in FREE_THREADED if not asked or distributions.is_admitted(asked, f"{each[:-1]}.99"))


def _benches(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    found = []
    for path in build_sources.find_crates(snapshot):
        package, names = extension.criterion_benches(snapshot.texts[path])
        found += [(package, name) for name in names]
    return tuple(found)


def _uses_pytest_benchmark(snapshot: Snapshot) -> bool:
    requires = snapshot.config.build.test_requires
    text = snapshot.texts.get(build_sources.PYPROJECT, "")
    return "pytest-benchmark" in text or any("pytest-benchmark" in each for each in requires)


def _oldest_abi3(python: PythonProject | None, pythons: tuple[str, ...]) -> str:
    if python is None or python.extension is None or not python.extension.abi3:
        return ""
    return f"3.{python.extension.oldest}" if python.extension.oldest else next(iter(pythons), "")


def _platforms(snapshot: Snapshot) -> tuple[tuple[Platform, ...], list[Problem]]:
    settings = snapshot.config.workflows
    triples = snapshot.config.build.targets
    if not triples:
        triples = platforms.STANDARD if settings.targets == "standard" else platforms.EXTENDED
    found, problems = [], []
    for triple in dict.fromkeys(triples):
        platform = platforms.platform_of(triple, settings.manylinux, settings.musllinux)
        if platform is not None:
            found.append(platform)
            continue
        message = f"build.targets: GitHub has no machine that verbump knows to build {triple} on"
        hint = "take it out of build.targets, and build it where it can be built"
        problems.append(Problem(code="no-runner", message=message, hint=hint))
    return tuple(found), problems


def _find_problems(facts: Facts, shape: Shape) -> Iterator[Problem]:
    snapshot = facts.snapshot
    if facts.packages:
        message = "several packages with versions of their own: a release workflow is written for a repository of one"
        hint = "leave release out of workflows.files; docs/workflows.md shows a release.yml for several packages"
        yield Problem(code="several-packages", message=message, hint=hint)
    if not shape.project and not shape.has_crates:
        message = "there is nothing to build: no crate and no Python project"
        yield Problem(code="nothing-to-build", message=message, hint="leave release out of workflows.files")
    yield from _of_backend(snapshot, shape)
    if shape.project and not shape.pythons:
        message = f"requires-python admits none of the Pythons 3.{MINORS[0]} to 3.{MINORS[-1]}"
        yield Problem(code="no-python", message=message, hint='workflows.pythons = ["3.13"]')
    for name in (
        shape.project,
        *shape.archived,
        *shape.publishable,
        *(part for pair in shape.benches for part in pair),
    ):
        if name and not _SAFE_NAME.fullmatch(name):
            message = f"{name!r} is no name that a registry or a file could have"
            yield Problem(code="name-unfit", message=message, hint="letters, digits and . _ - between them")
    asks_for_benches = snapshot.config.workflows.bench or "bench" in snapshot.config.workflows.files
    if asks_for_benches and not shape.benches and not shape.has_pytest_benchmark:
        message = (
            "there is no benchmark of Criterion's ([[bench]] with harness = false), and none of pytest-benchmark's"
        )
        yield Problem(code="no-benchmarks", message=message, hint="leave bench out of workflows")
    yield from _unfit_words(facts)
    yield from _doubled_programs(facts)


def _of_backend(snapshot: Snapshot, shape: Shape) -> Iterator[Problem]:
    """A wheel for each platform that something else than maturin makes: one machine would hand out its own alone."""
    text = snapshot.texts.get(build_sources.PYPROJECT, "")
    if shape.wheels != "pure":
        return
    names = [_NAME.match(str(each)) for each in tomllib.loads(text).get("build-system", {}).get("requires", ())]
    found = [each[0] for each in names if each and distributions.normalised(each[0]) in _COMPILING]
    if found:
        message = f"pyproject.toml: {found[0]} builds a wheel for each platform, which only maturin's are built for"
        hint = "leave release out of workflows.files, and build with cibuildwheel; or move to maturin"
        yield Problem(code="backend-not-covered", message=message, hint=hint)


def _unfit_words(facts: Facts) -> Iterator[Problem]:
    """Texts that would end a line of a workflow, or that GitHub would evaluate, wherever they stand."""
    snapshot = facts.snapshot
    build, form = snapshot.config.build, snapshot.tag_format
    words = {
        "build.test_command": build.test_command,
        "build.test_requires": build.test_requires,
        "build.tests": build.tests,
        "workflows.ci_commands": tuple(word for argv in snapshot.config.workflows.ci_commands for word in argv),
        "workflows.ci_tests": tuple(word for argv in snapshot.config.workflows.ci_tests for word in argv),
        "publish.repository_url": (snapshot.config.publish.repository_url or "",),
        "the tag format": (form.prefix, form.suffix),
        "the branch": (snapshot.branch or "", facts.default_branch, *snapshot.config.release_branches),
    }
    for where, texts in words.items():
        for each in texts:
            if _UNFIT.search(each):
                message = f"{where}: {each!r} cannot stand in a workflow: GitHub reads ${{{{, and lines end there"
                yield Problem(code="text-unfit", message=message, hint="call a script of yours instead")


def _doubled_programs(facts: Facts) -> Iterator[Problem]:
    """Two crates with one binary name: cargo writes one over the other."""
    owners: dict[str, list[str]] = {}
    for path in build_sources.find_crates(facts.snapshot):
        try:
            names = extension.program_names(facts.snapshot.texts[path], has_program=path.parent in facts.programs)
        except InputError:
            continue
        for name, count in Counter(names).items():
            owners.setdefault(name, []).extend([str(path)] * count)
    for name, paths in owners.items():
        if len(paths) > 1:
            message = f"{' and '.join(paths)}: both make a program called {name}, and one would overwrite the other"
            yield Problem(code="program-double", message=message, hint="rename one in its [[bin]]")
