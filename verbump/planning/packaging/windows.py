"""What the three package managers of Windows share: which archive serves which processor, and the C runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.planning.packaging import subject as subjects

if TYPE_CHECKING:
    from verbump.planning.packaging.subject import Published, Subject

TRIPLES = {
    "x64": ("x86_64-pc-windows-msvc", "x86_64-pc-windows-gnu"),
    "x86": ("i686-pc-windows-msvc", "i686-pc-windows-gnu"),
    "arm64": ("aarch64-pc-windows-msvc", "aarch64-pc-windows-gnullvm"),
}


def find_archives(subject: Subject, *processors: str) -> dict[str, Published]:
    """Processor (`x64`, `x86`, `arm64`) to archive, of those that have one.

    Raises:
        Refused: none has, or one of the configured targets has none.
    """
    wanted = processors or tuple(TRIPLES)
    subjects.require_archives(subject, [triple for each in wanted for triple in TRIPLES[each]], of="Windows")
    found = {each: subjects.pick(subject, *TRIPLES[each]) for each in wanted}
    return {processor: archive for processor, archive in found.items() if archive is not None}


def needs_runtime(archive: Published, *, is_static: bool) -> bool:
    """Whether its programs need Microsoft's Visual C++ runtime: rustc's MSVC targets do, but for `+crt-static`."""
    return not is_static and archive.name.endswith("-windows-msvc.zip")
