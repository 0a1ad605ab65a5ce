"""The Pythons of this machine, asked what they are: on PATH, and where pyenv and uv put theirs."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from verbump.domain import distributions
from verbump.effects import tools
from verbump.errors import Problem
from verbump.planning import build_pythons
from verbump.planning.build_targets import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.config import BuildConfig
    from verbump.planning.build_sources import PythonProject

_NEWEST_MINOR = 20
_TIMEOUT_SECONDS = 60
_EXECUTABLE = re.compile(r"python3\.\d{1,2}t?(?:\.exe)?")
# What maturin can build for without such a Python here: it knows how CPython is configured on each platform.
_NAMED = re.compile(r"(?:c?python-?)?(3\.\d{1,2})(t?)")
_PROBE = """\
import json, platform, sys
sys.path.append(sys.argv[1])
from packaging.tags import sys_tags
tags = list(sys_tags())
print(json.dumps([platform.python_version(), f"{tags[0].interpreter}-{tags[0].abi}", [str(tag) for tag in tags]]))
"""


def find_interpreters(python: PythonProject, config: BuildConfig) -> Iterator[Interpreter]:
    """The Pythons that requires-python admits: all where each needs a wheel or is listed, else the first.

    A listed version that is not here comes without tags: its wheel can be built, and not tried.
    """
    needs_all = bool(config.interpreters) or build_pythons.needs_every_python(python)
    seen: set[str] = set()
    for name in config.interpreters or _names():
        found = _listed(name) if config.interpreters else _probe(name)
        if found is None or found.abi in seen or (found.is_free_threaded and not _takes_free_threaded(python, config)):
            continue
        if python.requires_python and not distributions.is_admitted(python.requires_python, found.version):
            continue
        seen.add(found.abi)
        yield found
        if not needs_all:
            return


def find_unknown(config: BuildConfig) -> Iterator[Problem]:
    """Listed names that are no Python here, and no version that maturin might know."""
    for name in config.interpreters:
        if _listed(name) is None:
            message = f"build.interpreters: {name} is no Python here"
            yield Problem(code="no-interpreter", message=message, hint="a path, or a version such as 3.12 or 3.14t")


def running() -> Interpreter:
    """The Python that runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    return _probe(sys.executable) or Interpreter(path=sys.executable, version=version)


def _takes_free_threaded(python: PythonProject, config: BuildConfig) -> bool:
    return bool(config.interpreters) or python.is_free_threaded


def _names() -> Iterator[str]:
    """Names and paths to look at, newest first after the running one's."""
    yield sys.executable
    for minor in range(_NEWEST_MINOR, 6, -1):
        yield f"python3.{minor}"
        yield f"python3.{minor}t"
    yield from _kept()


def _kept() -> Iterator[str]:
    """Paths of the Pythons that pyenv and uv keep."""
    for folder in _folders():
        programs = "" if sys.platform == "win32" else "bin"
        found = (place for place in folder.glob(f"*/{programs}".rstrip("/")) if place.is_dir())
        for place in sorted(found, reverse=True):
            yield from (str(path) for path in sorted(place.iterdir()) if _EXECUTABLE.fullmatch(path.name))


def _folders() -> Iterator[Path]:
    """Where pyenv and uv keep Pythons that are not on PATH, a folder each."""
    home = Path.home()
    yield Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    yield Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")


def _listed(name: str) -> Interpreter | None:
    match = _NAMED.fullmatch(name)
    places = (
        [path for path in _kept() if Path(path).name.removesuffix(".exe") == f"python{match[1]}{match[2]}"]
        if match
        else []
    )
    return next((found for each in (name, *places) if (found := _probe(each))), None) or _described(name)


def _described(name: str) -> Interpreter | None:
    match = _NAMED.fullmatch(name)
    if match is None:
        return None
    short = f"cp{match[1].replace('.', '')}"
    return Interpreter(path=f"python{match[1]}{match[2]}", version=f"{match[1]}.0", abi=f"{short}-{short}{match[2]}")


@functools.cache
def _probe(name: str) -> Interpreter | None:
    """The Python of that name, version or path, None where it is missing or does not run (a shim without a version)."""
    spec = importlib.util.find_spec("packaging")
    path = name if Path(name).is_absolute() else tools.find_program(f"python{name}" if name[0].isdigit() else name)
    if path is None or spec is None or spec.origin is None:
        return None
    argv = [path, "-I", "-c", _PROBE, str(Path(spec.origin).parent.parent)]
    try:
        done = subprocess.run(  # noqa: PLW1510
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_SECONDS
        )
        version, abi, tags = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return Interpreter(path=path, version=version, abi=abi, tags=frozenset(tags))
