"""What this machine can build for, what it can build with, and the crates of a tree as cargo sees them."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verbump.domain import targets
from verbump.effects import interpreters, tools
from verbump.effects.redaction import redact
from verbump.errors import BuildFailed
from verbump.planning.build import Crate
from verbump.planning.build_targets import Machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import PurePosixPath

    from verbump.config import BuildConfig
    from verbump.planning.build_sources import PythonProject


def read_machine(python: PythonProject | None, config: BuildConfig, triples: Sequence[str]) -> Machine:
    """What is here for a build for `triples`: rustc's targets, Pythons, cargo-zigbuild."""
    host = _rustc("-vV")
    triple = next((line.split()[1] for line in host.splitlines() if line.startswith("host:")), "")
    parts = {part for each in (triple, *triples) for part in targets.parts_of(each) if part}
    return Machine(
        triple=triple,
        installed=frozenset(part for part in parts if _has_standard_library(part)),
        interpreters=tuple(interpreters.find_interpreters(python, config)) if python else (interpreters.running(),),
        has_zigbuild=tools.find_program("cargo-zigbuild") is not None and _has_zig(),
        target_folder=os.environ.get("CARGO_TARGET_DIR", ""),
    )


def read_crates(tree: Path, manifests: Sequence[PurePosixPath]) -> tuple[Crate, ...]:
    """The members of the workspaces whose root manifests (relative to `tree`) are given, in cargo's order.

    Raises:
        BuildFailed: cargo cannot read one.
    """
    return tuple(crate for manifest in manifests for crate in _members(tree, manifest))


def _members(tree: Path, manifest: PurePosixPath) -> Iterator[Crate]:
    argv = (
        "cargo",
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--offline",
        "--manifest-path",
        str(tree / manifest),
    )
    try:
        done = subprocess.run(argv, cwd=tree, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: PLW1510
    except OSError as error:
        raise BuildFailed(f"cargo cannot be started: {error.strerror}", code="build-failed") from error
    if done.returncode != 0:
        raise BuildFailed(f"{manifest}: {redact(done.stderr.decode('utf-8', 'replace')).strip()}", code="build-failed")
    data = json.loads(done.stdout)
    members = set(data["workspace_members"])
    for package in data["packages"]:
        if package["id"] in members:
            yield _crate(package, tree, Path(data["workspace_root"]))


def _crate(package: dict[str, Any], tree: Path, workspace: Path) -> Crate:
    kinds = [(target["name"], target["kind"], target.get("required-features")) for target in package["targets"]]
    return Crate(
        name=package["name"],
        version=package["version"],
        folder=_relative(Path(package["manifest_path"]).parent, tree),
        workspace=_relative(workspace, tree),
        programs=tuple(name for name, kind, _ in kinds if "bin" in kind),
        libraries=tuple((name, each) for name, kind, _ in kinds for each in kind if each in {"cdylib", "staticlib"}),
        is_extension=any(each["name"] == "pyo3" for each in package["dependencies"]),
    )


def _relative(folder: Path, tree: Path) -> str:
    return folder.resolve().relative_to(tree.resolve()).as_posix()


def _rustc(*arguments: str) -> str:
    path = tools.find_program("rustc")
    if path is None:
        return ""
    done = subprocess.run([path, *arguments], stdin=subprocess.DEVNULL, capture_output=True)  # noqa: PLW1510
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def _has_standard_library(triple: str) -> bool:
    folder = _rustc("--print", "target-libdir", "--target", triple)
    return bool(folder) and Path(folder).is_dir() and any(Path(folder).glob("libstd-*"))


def _has_zig() -> bool:
    return tools.find_program("zig") is not None or importlib.util.find_spec("ziglang") is not None
