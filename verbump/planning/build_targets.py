"""What a machine can build for, and what it lacks for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import targets
from verbump.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python of this machine: its executable, its version such as `3.12.1`, the tags of wheels that it installs.

    `abi` is such as `cp312-cp312`, `cp314-cp314t` without the GIL. No tags: it is not here, and maturin knows it.
    """

    path: str
    version: str
    abi: str = ""
    tags: frozenset[str] = frozenset()

    @property
    def is_free_threaded(self) -> bool:
        """Whether it runs without the GIL. Its wheels are its own: there is no stable ABI for it."""
        return self.abi.endswith("t")

    @property
    def minor(self) -> int:
        """12 of 3.12.1."""
        return int(self.version.split(".")[1])

    @property
    def is_here(self) -> bool:
        """Whether it can be run."""
        return bool(self.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What this machine can do. `triple` is rustc's host, "" without one; `target_folder` is cargo's, absolute.

    `installed` are the targets whose standard library is there.
    """

    triple: str = ""
    installed: frozenset[str] = frozenset()
    interpreters: tuple[Interpreter, ...] = ()
    has_zigbuild: bool = False
    target_folder: str = "/target"


def find_problems(machine: Machine, triples: tuple[str, ...]) -> Iterator[Problem]:
    """What the machine lacks to build for the targets, each with the way to get it."""
    for triple in triples:
        if not triple:
            continue
        if triple == targets.UNIVERSAL2 and not targets.is_apple(machine.triple):
            message = "--universal2 needs macOS: lipo joins the two architectures"
            yield Problem(code="needs-macos", message=message, hint="build it on a macOS runner, or leave it out")
            continue
        for part in targets.parts_of(triple):
            if part not in machine.installed:
                message = f"the standard library of {part} is not installed"
                yield Problem(code="target-not-installed", message=message, hint=f"rustup target add {part}")
        if needs_zig(machine, triple) and not machine.has_zigbuild:
            message = f"cargo-zigbuild is not here: building for {triple} on {machine.triple} needs it"
            yield Problem(code="tool-missing", message=message, hint="pip install cargo-zigbuild ziglang")
        if triple.endswith("-windows-msvc") and not targets.is_windows(machine.triple):
            message = f"{triple} needs Microsoft's linker"
            yield Problem(code="needs-windows", message=message, hint="build it on a Windows runner")


def needs_zig(machine: Machine, triple: str) -> bool:
    """Whether the machine's own linker cannot: macOS and Windows link for their other architectures themselves."""
    if triple in {machine.triple, targets.UNIVERSAL2} or triple.endswith("-windows-msvc"):
        return False
    return not (targets.is_apple(triple) and targets.is_apple(machine.triple))
