"""A build from the first look to the filled output folder: the sources laid out, the steps run, the set checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, assert_never

from verbump.domain import distributions, targets, versions
from verbump.effects import (
    archives,
    artifacts,
    build_folder,
    build_machine,
    build_runs,
    build_subject,
    files,
    interpreters,
    interrupts,
    read_tree,
    tools,
    try_wheels,
)
from verbump.errors import BuildFailed, InputError, Problem, Refused
from verbump.planning import artifacts as judging
from verbump.planning import build, build_pythons, build_sources, prerequisites
from verbump.planning import doctor as diagnosing
from verbump.planning.build import CheckSet, MakeArchive, Run, TryWheels, UnpackSdist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from verbump.domain.versions import Version
    from verbump.effects.build_runs import Runner
    from verbump.effects.build_subject import Sources
    from verbump.planning.artifacts import Artifact
    from verbump.planning.build import Crate, Step, Subject, Wanted
    from verbump.planning.build_targets import Machine

_EXTRAS = ("licen[cs]e*", "LICEN[CS]E*", "COPYING*", "NOTICE*", "README*", "readme*", "UNLICENSE*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to build and where to. `sources` says which files: HEAD, the work tree, the coming release.

    `package` is one of several.
    """

    directory: Path
    config_file: Path | None
    sources: Sources
    out: Path
    wanted: Wanted
    package: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The files that were made, in order of their names, and remarks for the reader."""

    version: Version
    artifacts: tuple[Artifact, ...]
    remarks: tuple[str, ...] = ()


def build_project(order: Order, step: Callable[[str], AbstractContextManager[None]]) -> Built:
    """Build, test and check; then the output folder is filled by one rename. `step` is entered around each step.

    Raises:
        Refused: something that the build needs is missing: all of it at once, before anything is built.
        BuildFailed: a build, a test or a check failed; the output folder is as it was.
    """
    chosen = build_subject.choose(order.directory, order.config_file, order.sources, order.package)
    with interrupts.terminable(), build_folder.build_folder(chosen.tree[:16]) as folder:
        with step("lay out the sources"):
            build_subject.write_sources(chosen, folder)
        subject, machine, problems = _look(folder, chosen, order)
        plan = build.plan_build(subject, machine, order.wanted)
        problems = [*problems, *plan.problems]
        if problems:
            raise Refused(list(dict.fromkeys(problems)))
        variables = {"SETUPTOOLS_SCM_PRETEND_VERSION": _pep440(subject)} if subject.python else {}
        runner = build_runs.Runner(folder=folder, epoch=chosen.epoch, variables=variables)
        remarks = list(_remarks(subject, machine, order.wanted))
        for each in plan.steps:
            with step(each.title):
                remarks += _do(each, runner, subject, machine, order.wanted)
        made = artifacts.read_artifacts(folder / "made")
        with step(f"fill {order.out}"):
            build_folder.fill(folder / "made", order.out)
    return Built(version=versions.parse(subject.version), artifacts=made, remarks=tuple(remarks))


def _look(folder: Path, chosen: build_subject.Chosen, order: Order) -> tuple[Subject, Machine, list[Problem]]:
    """What is to be built, what there is to do it with, and everything that is missing."""
    problems = [*chosen.problems, *_foreign(order.out)]
    roots = build_subject.workspace_manifests(chosen.snapshot) if order.wanted.rust or chosen.uses_maturin else ()
    needed = prerequisites.find_tools(chosen.python if order.wanted.python else None, has_crates=bool(roots))
    problems += diagnosing.find_tool_problems(tools.with_versions(needed))
    config = chosen.snapshot.config.build
    problems += interpreters.find_unknown(config) if chosen.python and order.wanted.python else ()
    machine = build_machine.read_machine(chosen.python, config, order.wanted.triples)
    machine = replace(machine, target_folder=machine.target_folder or str(folder / "target"))
    crates: tuple[Crate, ...] = ()
    if roots and tools.find_program("cargo") is not None:
        problems += _missing_locks(folder / "tree", roots)
        crates = build_machine.read_crates(folder / "tree", roots)
    is_part = bool(chosen.snapshot.package)
    if is_part:
        own = {str(path.parent) for path in build_sources.find_crates(chosen.snapshot)}
        crates = tuple(each for each in crates if each.folder in own)
    programs = read_tree.find_programs(folder / "tree", chosen.snapshot)
    subject = build.Subject(
        version=str(chosen.version),
        config=config,
        python=chosen.python,
        crates=crates,
        archives=build_sources.find_archived(chosen.snapshot, programs),
        is_part=is_part,
    )
    return subject, machine, problems


def _remarks(subject: Subject, machine: Machine, wanted: Wanted) -> Iterator[str]:
    if subject.python is None or not wanted.python or subject.config.interpreters:
        return
    left = build_pythons.find_left_out(subject.python, machine.interpreters)
    if left:
        them = ", ".join(left)
        yield f"no wheel for Python {them}: not on this machine; listed in build.interpreters, maturin builds without"


def _foreign(out: Path) -> Iterator[Problem]:
    foreign = build_folder.find_foreign(out)
    if foreign:
        names = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        message = f"{out} holds files that no build of verbump made: {names}"
        yield Problem(code="out-not-ours", message=message, hint="move them away, or --out another folder")


def _missing_locks(tree: Path, roots: tuple[PurePosixPath, ...]) -> Iterator[Problem]:
    for root in roots:
        lock = root.parent / "Cargo.lock"  # of a package's crate that of the workspace around it
        if not any((tree / each / "Cargo.lock").is_file() for each in (root.parent, *root.parent.parents)):
            message = f"there is no {lock} among the sources: builds are made with --locked"
            hint = f"cargo generate-lockfile, take it out of .gitignore, git add {lock}"
            yield Problem(code="cargo-lock-missing", message=message, hint=hint)


def _do(step: Step, runner: Runner, subject: Subject, machine: Machine, wanted: Wanted) -> tuple[str, ...]:
    """Remarks on the step, once it is done."""
    match step:
        case Run():
            runner.run(step.title, step.argv, runner.folder / step.folder, step.environment)
        case MakeArchive():
            _make_archive(step, runner)
        case UnpackSdist():
            archives.unpack_sdist(_sdist(runner), runner.folder / "sdist")
        case TryWheels():
            return try_wheels.try_wheels(runner, subject, machine)
        case CheckSet():
            _check(runner, subject, wanted)
        case _:
            assert_never(step)
    return ()


def _sdist(runner: Runner) -> Path:
    """The source distribution in `made`: the one file there that a backend has just written and that is no archive."""
    found = [each.name for each in artifacts.read_artifacts(runner.folder / "made") if each.kind == "sdist"]
    if len(found) != 1:
        message = f"expected one source distribution, got {', '.join(found) or 'none'}"
        raise BuildFailed(message, code="sdist-broken")
    return runner.folder / "made" / found[0]


def _make_archive(step: MakeArchive, runner: Runner) -> None:
    crate = step.crate
    wanted: list[tuple[str, ...]] = [(targets.program_name(name, step.triple),) for name in crate.programs]
    wanted += [targets.library_names(name, kind, step.triple) for name, kind in crate.libraries]
    found: dict[str, Path] = {}
    for names in wanted:
        name, places = _built(names, [Path(source) for source in step.sources])
        found[name] = places[0] if len(places) == 1 else _joined(runner, name, places)
    tree = runner.folder / "tree"
    for folder in (tree, tree / crate.workspace, tree / crate.folder):
        for pattern in _EXTRAS:
            found.update({path.name: path for path in sorted(folder.glob(pattern)) if path.is_file()})
    archives.write_archive(runner.folder / "made" / step.name, found, runner.epoch)


def _built(names: tuple[str, ...], sources: list[Path]) -> tuple[str, list[Path]]:
    for name in names:
        places = [source / name for source in sources]
        if all(place.is_file() for place in places):
            return name, places
    message = f"cargo made no {names[0]} in {sources[0]}"
    raise BuildFailed(message, hint="its required-features: tool.verbump.build.features", code="build-failed")


def _joined(runner: Runner, name: str, places: list[Path]) -> Path:
    """A universal binary of the same program for several architectures."""
    target = runner.folder / "universal2" / name
    target.parent.mkdir(exist_ok=True)
    runner.run(f"lipo {name}", targets.lipo_argv(str(target), [str(place) for place in places]), runner.folder)
    return target


def _check(runner: Runner, subject: Subject, wanted: Wanted) -> None:
    """Raises BuildFailed with everything that is wrong with what was made; writes SHA256SUMS where nothing is."""
    made = runner.folder / "made"
    (made / ".gitignore").unlink(missing_ok=True)  # `uv build` and friends leave one
    found = artifacts.read_artifacts(made)
    if not found:
        return
    expected = judging.Expected(
        version=versions.parse(subject.version),
        project=subject.python.name if subject.python and wanted.python else None,
        triples=wanted.triples,
        archives=subject.archives if wanted.rust else (),
    )
    problems = list(judging.find_problems(found, expected))
    if problems:
        said = "\n".join(f"  {problem.message} [{problem.code}]" for problem in problems)
        raise BuildFailed(f"what was made is not right:\n{said}", hint=problems[0].hint, code="artifacts-wrong")
    wheels = [each for each in found if each.kind == "wheel"]
    for each in wheels:
        if any(abi == "abi3" for _, abi, _ in distributions.parse_wheel_name(each.name).tags):
            runner.run(f"abi3audit {each.name}", ("abi3audit", "--strict", each.name), made)
    uploaded = [each.name for each in found if each.kind in {"wheel", "sdist"}]
    if uploaded:
        runner.run("twine check", ("twine", "check", "--strict", *uploaded), made)
    sums = distributions.render_sums({each.name: each.sha256 for each in found})
    files.write_bytes(made / judging.SUMS, sums.encode())


def _pep440(subject: Subject) -> str:
    try:
        return versions.to_pep440(versions.parse(subject.version))
    except InputError as error:
        raise Refused([error.as_problem()]) from error
