"""The steps of a build, as command lines: also those for machines that no test runs on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from verbump.config import BuildConfig
from verbump.domain.manifests.extension import Extension
from verbump.planning import build_pythons
from verbump.planning.build import BuildPlan, Crate, MakeArchive, Run, Subject, Wanted, plan_build
from verbump.planning.build_sources import PythonProject
from verbump.planning.build_targets import Interpreter, Machine

LINUX, ARM, MAC, MAC_ARM = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
)
TOOL = Crate(name="tool", version="1.2.3", folder="tool", workspace=".", programs=("tool",))
QUANT = Crate(
    name="quant", version="1.2.3", folder=".", workspace=".", libraries=(("quant", "cdylib"),), is_extension=True
)
ABI3 = PythonProject(
    name="quant",
    requires_python=">=3.11",
    crate=PurePosixPath("Cargo.toml"),
    extension=Extension(abi3=True, oldest=11, links_always=False),
)
PURE = PythonProject(name="pure", requires_python=">=3.11")
PYTHONS = tuple(
    Interpreter(path=f"/p/{minor}", version=f"3.{minor}.1", abi=f"cp3{minor}-cp3{minor}", tags=frozenset({"here"}))
    for minor in (10, 11, 12, 13)
)
MACHINE = Machine(triple=LINUX, installed=frozenset({LINUX}), interpreters=PYTHONS)


def subject(**more: object) -> Subject:
    made = replace(Subject(version="1.2.3", config=BuildConfig()), **more)  # type: ignore[arg-type]
    found = tuple(each.name for each in made.crates if each.programs or each.libraries)
    return replace(made, archives=found if made.config.archives is None else made.config.archives)


def commands(plan: BuildPlan) -> list[str]:
    assert not plan.problems, plan.problems
    return [" ".join(step.argv) for step in plan.steps if isinstance(step, Run)]


def codes(plan: BuildPlan) -> list[str]:
    assert not plan.steps
    return [problem.code for problem in plan.problems]


@pytest.mark.case("M12")
def test_a_module_and_a_program() -> None:
    plan = plan_build(subject(crates=(QUANT, TOOL), python=ABI3), MACHINE, Wanted())

    assert commands(plan) == [
        "cargo test --workspace --release --locked --target-dir /target",
        "cargo build --package quant --package tool --release --locked --target-dir /target",
        "maturin sdist --out ../made",
        (
            "maturin build --release --locked --strip --compatibility pypi --out ../made --target-dir /target"
            " --interpreter /p/11"
        ),
    ]
    # Not one file name for all targets.
    names = [step.name for step in plan.steps if isinstance(step, MakeArchive)]
    assert names == [f"quant-1.2.3-{LINUX}.tar.gz", f"tool-1.2.3-{LINUX}.tar.gz"]
    built = [step for step in plan.steps if isinstance(step, Run) and step.argv[:2] == ("cargo", "build")]
    assert built[0].environment["PYO3_BUILD_EXTENSION_MODULE"] == "1"
    assert [step.title for step in plan.steps][-2:] == ["test the wheels", "check the set"]


@pytest.mark.case("M07")
def test_wheels_come_from_the_source_distribution_alone() -> None:
    # Else what is tested is not what is built.
    plan = plan_build(subject(python=ABI3), MACHINE, Wanted())

    folders = {step.title: step.folder for step in plan.steps if isinstance(step, Run)}
    assert folders == {"source distribution": "tree", f"wheels {LINUX}": "sdist"}


def test_a_wheel_for_each_python_without_the_stable_abi() -> None:
    python = replace(ABI3, extension=Extension(abi3=False, oldest=None, links_always=False))

    (command,) = [each for each in commands(plan_build(subject(python=python), MACHINE, Wanted())) if " build " in each]

    assert command.endswith("--interpreter /p/11 /p/12 /p/13")


FREE = Interpreter(path="/p/14t", version="3.14.0", abi="cp314-cp314t", tags=frozenset({"here"}))


def wheel_commands(python: PythonProject, *interpreters: Interpreter) -> list[str]:
    machine = replace(MACHINE, interpreters=interpreters)
    plan = plan_build(subject(python=python), machine, Wanted())
    return [each.partition(" --interpreter ")[2] for each in commands(plan) if " build " in each]


def test_wheels_without_the_gil_are_a_call_of_their_own() -> None:
    per_version = replace(ABI3, extension=Extension(abi3=False, oldest=None, links_always=False))

    assert wheel_commands(per_version, *PYTHONS, FREE) == ["/p/11 /p/12 /p/13", "/p/14t"]
    assert wheel_commands(ABI3, *PYTHONS, FREE) == ["/p/11", "/p/14t"]  # which has no stable ABI
    assert wheel_commands(ABI3, FREE) == ["/p/14t"]


def test_a_stable_abi_without_a_floor_starts_from_the_oldest() -> None:
    python = replace(ABI3, extension=Extension(abi3=True, oldest=None, links_always=False))

    assert wheel_commands(python, *reversed(PYTHONS)) == ["/p/11"]
    assert build_pythons.needs_every_python(python)
    assert not build_pythons.needs_every_python(ABI3)


def test_pythons_that_get_no_wheel_are_named() -> None:
    per_version = replace(
        ABI3,
        extension=Extension(abi3=False, oldest=None, links_always=False),
        tested=("3.11", "3.13", "3.14"),
        is_free_threaded=True,
    )

    assert build_pythons.find_left_out(per_version, PYTHONS) == ("3.14", "without the GIL")
    assert build_pythons.find_left_out(per_version, (*PYTHONS, FREE)) == ("3.14",)
    assert build_pythons.find_left_out(replace(per_version, extension=ABI3.extension), PYTHONS) == ()


def test_any_other_backend() -> None:
    plan = plan_build(subject(python=PURE), replace(MACHINE, triple="", installed=frozenset()), Wanted())

    assert commands(plan) == [
        "pyproject-build --outdir ../made --sdist .",
        "pyproject-build --outdir ../made --wheel .",
    ]


def test_a_part_only() -> None:
    whole = subject(crates=(TOOL,), python=ABI3)

    assert not any("maturin" in each for each in commands(plan_build(whole, MACHINE, Wanted(python=False))))
    assert not any("cargo" in each for each in commands(plan_build(whole, MACHINE, Wanted(rust=False))))
    assert not any(" test " in each for each in commands(plan_build(whole, MACHINE, Wanted(tests=False))))
    assert codes(plan_build(subject(python=PURE), MACHINE, Wanted(python=False))) == ["nothing-to-build"]


def test_another_linux_through_zig() -> None:
    machine = replace(MACHINE, installed=frozenset({LINUX, ARM}), has_zigbuild=True)

    plan = plan_build(subject(crates=(TOOL,), python=ABI3), machine, Wanted(triples=(ARM,), tests=False))

    assert commands(plan) == [
        f"cargo zigbuild --package tool --release --locked --target-dir /target --target {ARM}",
        "maturin sdist --out ../made",
        (
            "maturin build --release --locked --strip --compatibility pypi --out ../made --target-dir /target"
            f" --target {ARM} --zig --interpreter /p/11"
        ),
    ]
    (archive,) = [step for step in plan.steps if isinstance(step, MakeArchive)]
    assert archive.sources == (f"/target/{ARM}/release",)


def test_what_this_machine_cannot_is_said_at_once() -> None:
    plan = plan_build(
        subject(crates=(TOOL,)), MACHINE, Wanted(triples=(ARM, "x86_64-pc-windows-msvc"), universal2=True)
    )

    assert codes(plan) == [
        "target-not-installed",
        "tool-missing",
        "target-not-installed",
        "needs-windows",
        "needs-macos",
    ]
    assert plan.problems[0].hint == f"rustup target add {ARM}"


@pytest.mark.case("M11", "M17")
def test_universal_binaries() -> None:
    # macOS for one architecture. These command lines were not run: they need macOS.
    machine = Machine(triple=MAC_ARM, installed=frozenset({MAC, MAC_ARM}), interpreters=PYTHONS)

    plan = plan_build(subject(crates=(QUANT,), python=ABI3), machine, Wanted(universal2=True, tests=False))

    assert commands(plan) == [
        "cargo build --package quant --release --locked --target-dir /target",
        f"cargo build --package quant --release --locked --target-dir /target --target {MAC}",
        "maturin sdist --out ../made",
        (
            "maturin build --release --locked --strip --compatibility pypi --out ../made --target-dir /target"
            " --target universal2-apple-darwin --interpreter /p/11"
        ),
    ]
    (archive,) = [step for step in plan.steps if isinstance(step, MakeArchive)]
    assert archive.name == "quant-1.2.3-universal2-apple-darwin.tar.gz"
    assert archive.sources == ("/target/release", f"/target/{MAC}/release")
    # An extension does not link on macOS without these.
    flags = [step.environment for step in plan.steps if isinstance(step, Run)][1]
    assert "dynamic_lookup" in flags["CARGO_TARGET_X86_64_APPLE_DARWIN_RUSTFLAGS"]


def test_windows_gets_a_zip() -> None:
    triple = "x86_64-pc-windows-msvc"
    machine = Machine(triple=triple, installed=frozenset({triple}))

    plan = plan_build(subject(crates=(TOOL,)), machine, Wanted())

    assert [step.name for step in plan.steps if isinstance(step, MakeArchive)] == [f"tool-1.2.3-{triple}.zip"]


def test_a_package_of_several() -> None:
    engine = replace(TOOL, name="engine", folder="crates/engine")
    part = subject(crates=(engine,), python=replace(PURE, folder=PurePosixPath("py/bindings")), is_part=True)

    plan = plan_build(part, MACHINE, Wanted())

    assert commands(plan) == [
        "cargo test --package engine --release --locked --target-dir /target",
        "cargo build --package engine --release --locked --target-dir /target",
        "pyproject-build --outdir ../../../made --sdist .",
        "pyproject-build --outdir ../made --wheel .",
    ]
    assert [step.folder for step in plan.steps if isinstance(step, Run)] == [
        "tree",
        "tree",
        "tree/py/bindings",
        "sdist",
    ]


def test_features_and_listed_crates() -> None:
    config = BuildConfig(features=("fast", "tls"), archives=("tool",))

    plan = plan_build(subject(crates=(QUANT, TOOL), config=config), MACHINE, Wanted(tests=False))

    assert commands(plan) == ["cargo build --package tool --release --locked --target-dir /target --features fast,tls"]
    unknown = plan_build(subject(crates=(TOOL,), config=BuildConfig(archives=("nope",))), MACHINE, Wanted())
    assert codes(unknown) == ["no-such-crate"]


def test_no_python_that_fits() -> None:
    python = replace(ABI3, requires_python=">=3.99")

    assert codes(plan_build(subject(python=python), MACHINE, Wanted())) == ["no-interpreter"]
