"""The rows of the matrices: what is built where, and which wheel is tested on which Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.domain import targets
from verbump.planning.workflows import platforms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.planning.workflows.platforms import Platform
    from verbump.planning.workflows.shape import Shape

_FIRST_ON_WINDOWS_ARM = 11


def wheel_rows(shape: Shape) -> list[dict[str, str]]:
    """A row for each wheel job: one a platform, and one more for each free-threaded Python there.

    On Windows Pythons with and without the GIL share a folder, so that one job cannot build for both.
    """
    rows = []
    for platform in shape.platforms if shape.wheels in {"abi3", "version", "program"} else ():
        pythons = (shape.oldest_abi3,) if shape.wheels == "abi3" else _pythons_on(platform, shape.pythons)
        rows.append(_wheel_row(platform, "", pythons if shape.wheels != "program" else ()))
        rows += [_wheel_row(platform, f"-{each}", (each,)) for each in shape.free_threaded]
    return rows


def _wheel_row(platform: Platform, suffix: str, pythons: tuple[str, ...]) -> dict[str, str]:
    return {
        "id": f"{platform.triple}{suffix}",
        "target": platform.triple,
        "runner": platform.runner,
        "policy": platform.policy,
        "macos": platform.macos,
        "interpreters": " ".join(pythons),
        "pythons": "\n".join(pythons),
    }


def binary_rows(shape: Shape, signed: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """A row for each target of the archives. `prepare` says what the machine lacks, `kind` whether it is signed yet.

    `signed` are the systems, `macos` and `windows`, for which a later job signs.
    """
    rows = [_binary_row(platform) for platform in shape.platforms] if shape.archived else []
    return [{**row, "kind": "unsigned" if system_of(row["target"]) in signed else "dist"} for row in rows]


def system_of(triple: str) -> str:
    """`macos`, `windows` or `linux`."""
    return "macos" if targets.is_apple(triple) else "windows" if targets.is_windows(triple) else "linux"


def _binary_row(platform: Platform) -> dict[str, str]:
    needs_target = platform.triple == "i686-pc-windows-msvc"
    prepare = "musl" if platform.is_musl else "cross" if not platform.is_native else "nothing"
    return {
        "target": platform.triple,
        "runner": platform.runner,
        "macos": platform.macos,
        "prepare": "target" if needs_target else prepare,
        "options": "" if prepare == "nothing" else "--no-tests",
    }


def test_rows(shape: Shape, *, is_full: bool) -> list[dict[str, str]]:
    """A row for each wheel that is tested: platforms that run it, on the oldest and the newest Python, or on all."""
    if shape.wheels == "none" or not shape.pythons:
        return []
    if shape.wheels == "pure":
        machines = (platforms.LINUX, platforms.MACOS, platforms.WINDOWS)
        return [
            {"artifact": "dist-sdist", "runner": runner, "python": python, "musl": ""}
            for runner in machines
            for python in _chosen(shape.pythons, is_full=is_full)
        ]
    return [row for platform in shape.platforms if platform.is_native for row in _of_platform(shape, platform, is_full)]


def _of_platform(shape: Shape, platform: Platform, is_full: bool) -> Iterator[dict[str, str]]:
    musl = "musl" if platform.is_musl else ""
    for python in _chosen(_pythons_on(platform, shape.pythons), is_full=is_full):
        name = f"dist-wheel-{platform.triple}"
        yield {"artifact": name, "runner": platform.runner, "python": python, "musl": musl}
    for python in shape.free_threaded if not musl else ():
        name = f"dist-wheel-{platform.triple}-{python}"
        yield {"artifact": name, "runner": platform.runner, "python": python, "musl": musl}


def _pythons_on(platform: Platform, pythons: tuple[str, ...]) -> tuple[str, ...]:
    """Those that the machine has: none older than 3.11 is made for Windows on ARM."""
    if platform.runner != "windows-11-arm":
        return pythons
    return tuple(each for each in pythons if int(each.partition(".")[2]) >= _FIRST_ON_WINDOWS_ARM) or pythons[-1:]


def _chosen(pythons: tuple[str, ...], *, is_full: bool) -> tuple[str, ...]:
    return pythons if is_full else tuple(dict.fromkeys((pythons[0], pythons[-1])))
