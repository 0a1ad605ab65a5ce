"""The programs that builds need: where they are, and their versions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verbump.planning.doctor import Tool

_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){1,3}[\w.+-]{0,40}")
_TIMEOUT_SECONDS = 20


def find_program(name: str) -> str | None:
    """The path of a program: beside the running Python, where `pip install` puts it, else on PATH."""
    beside = str(Path(sys.executable).parent)
    return shutil.which(name, path=os.pathsep.join([beside, os.environ.get("PATH", os.defpath)]))


def read_version(name: str, *arguments: str) -> str:
    """The version that a program states, `unknown` where it states none, "" where it is missing or does not run."""
    path = find_program(name)
    if path is None:
        return ""
    argv = [path, *(arguments or ("--version",))]
    try:
        done = subprocess.run(  # noqa: PLW1510
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if done.returncode != 0:  # rustup's proxies are there without a toolchain behind them
        return ""
    found = _VERSION.search((done.stdout + done.stderr).decode("utf-8", "replace"))
    return found[0] if found else "unknown"


def with_versions(tools: tuple[Tool, ...]) -> tuple[Tool, ...]:
    """The tools with the version of each that is here."""
    from dataclasses import replace

    return tuple(replace(tool, version=read_version(tool.name)) for tool in tools)
