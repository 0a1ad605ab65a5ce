"""Wheels that fit this machine: each installed into a fresh environment, imported, and tested away from the sources."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import distributions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.effects.build_runs import Runner
    from verbump.planning.build import Subject
    from verbump.planning.build_targets import Interpreter, Machine

# Run with -I, so that neither the working folder nor the user's site-packages can stand in for the wheel.
_PROBE = """\
import importlib, importlib.metadata, sys
name, version, *modules = sys.argv[1:]
found = importlib.metadata.version(name)
if found != version:
    sys.exit(f"{name} is installed as {found}, expected {version}")
for module in modules:
    loaded = importlib.import_module(module)
    place = getattr(loaded, "__file__", None) or str(next(iter(getattr(loaded, "__path__", [""])), ""))
    if not place.startswith(sys.prefix):
        sys.exit(f"{module} comes from {place}, not from the wheel")
"""


def try_wheels(runner: Runner, subject: Subject, machine: Machine) -> tuple[str, ...]:
    """What was not tried, and why, in words. Each wheel that fits is tried with one Python, the first that it fits.

    Raises:
        BuildFailed: a wheel cannot be installed or imported, has another version, or its tests fail.
    """
    remarks = []
    for number, wheel in enumerate(sorted((runner.folder / "made").glob("*.whl"))):
        interpreter = next((each for each in machine.interpreters if _fits(wheel.name, each)), None)
        if interpreter is None:
            remarks.append(f"{wheel.name} does not fit this machine: built, not tried")
            continue
        remarks += _try(runner, subject, wheel, interpreter, number)
    return tuple(remarks)


def _try(runner: Runner, subject: Subject, wheel: Path, interpreter: Interpreter, number: int) -> Iterator[str]:
    folder = runner.folder / f"try-{number}"
    folder.mkdir()
    runner.run(f"environment for {wheel.name}", (interpreter.path, "-m", "venv", "env"), folder)
    scripts = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(scripts / "python")
    assert subject.python is not None
    tests = _copy_tests(runner.folder / "tree" / subject.python.folder, folder / "tests", subject)
    requires = subject.config.test_requires if tests and subject.config.test_command else ()
    runner.run(f"install {wheel.name}", (python, "-m", "pip", "install", str(wheel), *requires), folder)
    named = distributions.parse_wheel_name(wheel.name)
    probe = (python, "-I", "-c", _PROBE, named.name, named.version, *_modules(wheel))
    runner.run(f"import {wheel.name}", probe, folder)
    if not subject.config.test_command:
        return
    if not tests:
        places = ", ".join(subject.config.tests)
        yield f"{wheel.name}: installed and imported; there is nothing at {places} to test it with"
        return
    path = f"{scripts}{';' if sys.platform == 'win32' else ':'}{runner.environment()['PATH']}"
    argv = subject.config.test_command
    program = shutil.which(argv[0], path=path) or argv[0]
    variables = {"PATH": path, "VIRTUAL_ENV": str(folder / "env"), "PYTHONDONTWRITEBYTECODE": "1"}
    runner.run(f"tests of {wheel.name}", (program, *argv[1:]), folder / "tests", variables)


def _copy_tests(tree: Path, to: Path, subject: Subject) -> bool:
    """Whether there are any: the configured files and folders, copied away from the source tree."""
    to.mkdir()
    found = False
    for name in subject.config.tests:
        source, target = tree / name, to / name
        if not source.exists():
            continue
        found = True
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copyfile(source, target)
    return found


def _fits(wheel: str, interpreter: Interpreter) -> bool:
    """Whether that Python of this machine can install the wheel."""
    return not interpreter.tags.isdisjoint("-".join(tag) for tag in distributions.parse_wheel_name(wheel).tags)


def _modules(wheel: Path) -> tuple[str, ...]:
    """What can be imported from it: its top-level packages and modules."""
    found = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            parts = PurePosixPath(name).parts
            top = parts[0].partition(".")[0] if len(parts) == 1 else parts[0]
            is_code = parts[-1].endswith((".py", ".so", ".pyd"))
            if is_code and top.isidentifier() and not top.startswith("__"):
                found.add(top)
    return tuple(sorted(found))
