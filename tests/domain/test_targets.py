"""Target triples: file names there, and the wheels that serve them."""

from __future__ import annotations

import pytest

from verbump.domain import targets

LINUX, MUSL, MAC = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-musl", "aarch64-apple-darwin"
MSVC, MINGW = "x86_64-pc-windows-msvc", "i686-pc-windows-gnu"
IOS = "aarch64-apple-ios"

NAMES = [
    (LINUX, "demo", "libmy_crate.so", ("libmy_crate.a",), "demo-1.2.0-x86_64-unknown-linux-gnu.tar.gz"),
    (MAC, "demo", "libmy_crate.dylib", ("libmy_crate.a",), "demo-1.2.0-aarch64-apple-darwin.tar.gz"),
    (MSVC, "demo.exe", "my_crate.dll", ("my_crate.lib", "libmy_crate.a"), "demo-1.2.0-x86_64-pc-windows-msvc.zip"),
    (MINGW, "demo.exe", "my_crate.dll", ("my_crate.lib", "libmy_crate.a"), "demo-1.2.0-i686-pc-windows-gnu.zip"),
]


@pytest.mark.parametrize(("triple", "program", "dynamic", "static", "archive"), NAMES)
def test_file_names(triple: str, program: str, dynamic: str, static: tuple[str, ...], archive: str) -> None:
    assert targets.program_name("demo", triple) == program
    assert targets.library_names("my-crate", "cdylib", triple) == (dynamic,)
    assert targets.library_names("my-crate", "staticlib", triple) == static
    assert targets.archive_name("demo", "1.2.0", triple) == archive


# Of each target the platform tags that serve it; any other one of these does not.
SERVED = {
    LINUX: ["manylinux_2_17_x86_64", "linux_x86_64"],
    MUSL: ["musllinux_1_2_aarch64"],
    MAC: ["macosx_11_0_arm64", "macosx_10_12_universal2"],
    "x86_64-apple-darwin": ["macosx_10_12_x86_64", "macosx_10_12_universal2"],
    targets.UNIVERSAL2: ["macosx_10_12_universal2"],
    MSVC: ["win_amd64"],
    MINGW: ["win32"],
    "aarch64-pc-windows-msvc": ["win_arm64"],
    "i686-unknown-linux-gnu": ["manylinux_2_17_i686"],
    "armv7-unknown-linux-gnueabihf": ["manylinux_2_17_armv7l"],
    "powerpc64le-unknown-linux-gnu": ["manylinux_2_17_ppc64le"],
    "s390x-unknown-linux-gnu": ["manylinux_2_17_s390x"],
    "riscv64gc-unknown-linux-gnu": ["manylinux_2_31_riscv64"],
    "x86_64-unknown-freebsd": [],
    "sparc64-unknown-linux-gnu": [],
    IOS: [],
}
PLATFORMS = sorted({platform for served in SERVED.values() for platform in served} | {"any", "musllinux_1_2_x86_64"})


@pytest.mark.parametrize(("triple", "served"), SERVED.items())
def test_wheels_that_serve_a_target(triple: str, served: list[str]) -> None:
    assert [each for each in PLATFORMS if targets.fits_platform(triple, each)] == sorted(served)


def test_universal_binaries_are_two() -> None:
    assert targets.parts_of(targets.UNIVERSAL2) == ("aarch64-apple-darwin", "x86_64-apple-darwin")
    assert targets.parts_of(MAC) == (MAC,)
    assert targets.lipo_argv("out", ["a", "b"]) == ("lipo", "-create", "-output", "out", "a", "b")
