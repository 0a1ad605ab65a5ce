"""Target triples: what files are called there, and which wheels' platforms they are.

Source: the rustc book, "Platform Support"; PyPA, "Platform compatibility tags".
"""

from __future__ import annotations

UNIVERSAL2 = "universal2-apple-darwin"
UNIVERSAL2_PARTS = ("aarch64-apple-darwin", "x86_64-apple-darwin")

_ARCHITECTURES = {
    "x86_64": ("x86_64", "amd64"),
    "aarch64": ("aarch64", "arm64"),
    "i686": ("i686", "win32"),
    "armv7": ("armv7l",),
    "powerpc64le": ("ppc64le",),
    "s390x": ("s390x",),
    "riscv64gc": ("riscv64",),
}


def is_windows(triple: str) -> bool:
    """Whether programs end in .exe and archives in .zip there."""
    return "-windows-" in triple


def is_apple(triple: str) -> bool:
    """Whether it is a macOS target."""
    return triple.endswith("-apple-darwin")


def program_name(name: str, triple: str) -> str:
    """The file name of a binary."""
    return f"{name}.exe" if is_windows(triple) else name


def library_names(crate: str, kind: str, triple: str) -> tuple[str, ...]:
    """The file names that a C library (`cdylib` or `staticlib`) may have, the first that exists is it."""
    stem = crate.replace("-", "_")
    if kind == "staticlib":
        return (f"{stem}.lib", f"lib{stem}.a") if is_windows(triple) else (f"lib{stem}.a",)
    if is_windows(triple):
        return (f"{stem}.dll",)
    return (f"lib{stem}.dylib",) if is_apple(triple) else (f"lib{stem}.so",)


def archive_name(name: str, version: str, triple: str) -> str:
    """`<name>-<version>-<triple>.tar.gz`, .zip for Windows."""
    return f"{name}-{version}-{triple}{'.zip' if is_windows(triple) else '.tar.gz'}"


def fits_platform(triple: str, platform: str) -> bool:
    """Whether a wheel of that platform tag serves the target."""
    if platform.startswith("macosx_"):
        if not is_apple(triple):
            return False
        return platform.endswith("_universal2") or any(
            platform.endswith(f"_{name}") for name in _ARCHITECTURES.get(triple.partition("-")[0], ())
        )
    architecture = _ARCHITECTURES.get(triple.partition("-")[0], ())
    if platform.startswith("win"):
        return is_windows(triple) and platform in {*(f"win_{name}" for name in architecture), *architecture}
    is_musl = triple.endswith("musl")
    if platform.startswith("musllinux_") != is_musl or "-linux-" not in triple:
        return False
    return any(platform.endswith(f"_{name}") for name in architecture)


def parts_of(triple: str) -> tuple[str, ...]:
    """What rustc builds for the target: two architectures for macOS's universal binaries."""
    return UNIVERSAL2_PARTS if triple == UNIVERSAL2 else (triple,)


def lipo_argv(target: str, parts: list[str]) -> tuple[str, ...]:
    """The command that joins binaries of several architectures. Source: Apple, "Building a universal macOS binary"."""
    return ("lipo", "-create", "-output", target, *parts)
