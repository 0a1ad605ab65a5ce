"""The machines of GitHub on which each target is built and tested, and when a label ends.

Source: GitHub, "GitHub-hosted runners"; actions/runner-images, announcements; the README of PyO3/maturin-action.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from verbump.domain import targets
from verbump.planning import templates

if TYPE_CHECKING:
    from collections.abc import Mapping

LINUX, MACOS, WINDOWS = "ubuntu-24.04", "macos-15", "windows-2025"
STANDARD = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
EXTENDED = (
    *STANDARD,
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "aarch64-pc-windows-msvc",
    "i686-unknown-linux-gnu",
    "armv7-unknown-linux-gnueabihf",
    "powerpc64le-unknown-linux-gnu",
    "s390x-unknown-linux-gnu",
    "riscv64gc-unknown-linux-gnu",
)
_RUNNERS = {
    "aarch64-unknown-linux-gnu": "ubuntu-24.04-arm",
    "aarch64-unknown-linux-musl": "ubuntu-24.04-arm",
    "x86_64-apple-darwin": "macos-15-intel",
    "aarch64-apple-darwin": "macos-15",
    targets.UNIVERSAL2: "macos-15",
    "x86_64-pc-windows-msvc": WINDOWS,
    "i686-pc-windows-msvc": WINDOWS,
    "aarch64-pc-windows-msvc": "windows-11-arm",
}
# Below these no wheel is taken for the architecture, or the tag would follow the runner's own system.
_OLDEST_MACOS = {"x86_64-apple-darwin": "10.12", "aarch64-apple-darwin": "11.0", targets.UNIVERSAL2: "10.12"}
# Foreign architectures are built in an image that maturin-action chooses, with the oldest policy that it has.
_NATIVE_LINUX = ("x86_64-", "aarch64-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A target and its machine. `policy` is the wheel's, "" where there is none; `macos` the oldest system.

    `is_native`: what is built runs on the machine that builds it. `is_musl`: it runs in a container there.
    """

    triple: str
    runner: str
    policy: str = ""
    macos: str = ""
    is_native: bool = True
    is_musl: bool = False

    @property
    def is_tested(self) -> bool:
        """Whether there is a machine that can run it."""
        return self.is_native


def platform_of(triple: str, manylinux: str, musllinux: str) -> Platform | None:
    """The machine for a target, None where GitHub has none. `manylinux` and `musllinux` are policies such as `2_28`."""
    runner = _RUNNERS.get(triple)
    if "-linux-" not in triple:
        return Platform(triple=triple, runner=runner, macos=_OLDEST_MACOS.get(triple, "")) if runner else None
    is_musl = triple.endswith("musl") or "-musleabi" in triple
    is_native = triple.startswith(_NATIVE_LINUX)
    policy = f"musllinux_{musllinux}" if is_musl else manylinux if is_native else "auto"
    return Platform(triple=triple, runner=runner or LINUX, policy=policy, is_native=is_native, is_musl=is_musl)


@cache
def runner_ends() -> Mapping[str, str]:
    """Each known label, to the day (ISO) from which it is no more, "" where none is announced."""
    table = tomllib.loads(templates.source("workflows/runners.toml"))["labels"]
    return {str(label): str(end) for label, end in table.items()}
