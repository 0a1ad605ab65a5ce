"""The programs that building and publishing a project needs, why, and how to get each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from verbump.planning.doctor import Tool

if TYPE_CHECKING:
    from verbump.planning.build_sources import PythonProject

_RUSTUP = "https://rustup.rs"
_LINKER = "apt install gcc, dnf install gcc, or xcode-select --install"


def find_tools(python: PythonProject | None, *, has_crates: bool) -> tuple[Tool, ...]:
    """What is needed, each still without its version."""
    found = [_tool("git", "everything", "https://git-scm.com")]
    is_rust = has_crates or (python is not None and python.crate is not None)
    if is_rust:
        found += [_tool("cargo", "building the crates", _RUSTUP), _tool("rustc", "building the crates", _RUSTUP)]
        if sys.platform != "win32":
            found.append(_tool("cc", "linking what rustc compiles", _LINKER))
    if python is not None:
        if python.crate is not None:
            found.append(_pip("maturin", "building the wheels"))
        else:
            found.append(_pip("pyproject-build", "building the wheel", package="build"))
        if python.extension is not None and python.extension.abi3:
            found.append(_pip("abi3audit", "checking that the wheels keep to the stable ABI"))
        found.append(_pip("twine", "checking the distributions, and uploading them"))
    return tuple(found)


def _tool(name: str, purpose: str, hint: str) -> Tool:
    return Tool(name=name, version="", purpose=purpose, hint=hint)


def _pip(name: str, purpose: str, package: str = "") -> Tool:
    package = package or name
    return _tool(name, purpose, f"pip install {package}, or uv tool install {package}")
