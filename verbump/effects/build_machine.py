"""What this machine can build for, what it can build with, and the crates of a tree as cargo sees them."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verbump.domain import distributions, targets
from verbump.effects import tools
from verbump.effects.redaction import redact
from verbump.errors import BuildFailed
from verbump.planning import build
from verbump.planning.build import Crate
from verbump.planning.build_targets import Interpreter, Machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import PurePosixPath

    from verbump.config import BuildConfig
    from verbump.planning.build_sources import PythonProject

_NEWEST_MINOR = 20
_TIMEOUT_SECONDS = 60
_PROBE = """\
import json, platform, sys
sys.path.append(sys.argv[1])
from packaging.tags import sys_tags
print(json.dumps([platform.python_version(), [str(tag) for tag in sys_tags()]]))
"""


def read_machine(python: PythonProject | None, config: BuildConfig, triples: Sequence[str]) -> Machine:
    """What is here for a build for `triples`: rustc's targets, Pythons, cargo-zigbuild."""
    host = _rustc("-vV")
    triple = next((line.split()[1] for line in host.splitlines() if line.startswith("host:")), "")
    parts = {part for each in (triple, *triples) for part in targets.parts_of(each) if part}
    return Machine(
        triple=triple,
        installed=frozenset(part for part in parts if _has_standard_library(part)),
        interpreters=tuple(_interpreters(python, config)) if python is not None else (_running(),),
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


def _interpreters(python: PythonProject, config: BuildConfig) -> Iterator[Interpreter]:
    """The Pythons that requires-python admits: all of them where each needs a wheel or is listed, else the first."""
    listed = config.interpreters
    names = listed or (sys.executable, *(f"python3.{minor}" for minor in range(_NEWEST_MINOR, 6, -1)))
    needs_all = bool(listed) or build.is_per_version(python)
    seen: set[str] = set()
    for name in names:
        found = _probe(name)
        if found is None:
            continue
        kind = (
            max(found.tags, key=lambda tag: (tag.startswith("cp"), tag)) if listed else found.version.rpartition(".")[0]
        )
        if kind in seen or (
            python.requires_python and not distributions.is_admitted(python.requires_python, found.version)
        ):
            continue
        seen.add(kind)
        yield found
        if not needs_all:
            return


def _running() -> Interpreter:
    return Interpreter(path=sys.executable, version=".".join(map(str, sys.version_info[:3])))


def _probe(name: str) -> Interpreter | None:
    """The Python of that name or path, None where it is missing or does not run (a shim without a version)."""
    spec = importlib.util.find_spec("packaging")
    path = name if Path(name).is_absolute() else tools.find_program(name)
    if path is None or spec is None or spec.origin is None:
        return None
    argv = [path, "-I", "-c", _PROBE, str(Path(spec.origin).parent.parent)]
    try:
        done = subprocess.run(  # noqa: PLW1510
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_SECONDS
        )
        version, tags = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return Interpreter(path=path, version=version, tags=frozenset(tags))
