"""A Chocolatey package: the nuspec, and the script that fetches the programs and checks their SHA-256.

Source: Chocolatey, "Create Packages", "Install-ChocolateyZipPackage"; NuGet, ".nuspec reference".
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import escape_formats
from verbump.errors import Problem, Refused
from verbump.planning import templates
from verbump.planning.packaging import subject as subjects
from verbump.planning.packaging import windows
from verbump.planning.packaging.subject import PackageFile

if TYPE_CHECKING:
    from verbump.planning.packaging.subject import Subject

_LONGEST = 4000  # characters of a description, as the community repository takes it


def plan_files(subject: Subject, *, authors: str = "", is_static: bool = False) -> tuple[PackageFile, ...]:
    """`<name>.nuspec` and `tools/chocolateyinstall.ps1`. `authors`: where the manifests and the forge name none.

    Raises:
        Refused: description or home page missing, authors not known; no archive for Windows on x64 or x86.
    """
    subjects.require(subject, "description", "homepage")
    archives = windows.find_archives(subject, "x64", "x86")
    people = authors or ", ".join(subject.about.authors) or (subject.forge.owner if subject.forge else "")
    if not escape_formats.one_line(people):
        message = f"the manifests of {subject.name} name no authors, which the package needs"
        raise Refused([Problem(code="no-authors", message=message, hint="--authors NAMES")])
    data = {
        "q": escape_formats.powershell,
        "x": escape_formats.xml,
        "subject": subject,
        "identifier": subject.name.lower(),
        "authors": people,
        "description": subjects.described(subject, longest=_LONGEST),
        "notes_url": subject.forge.tag_url(subject.tag) if subject.forge else "",
        "needs_runtime": any(windows.needs_runtime(each, is_static=is_static) for each in archives.values()),
        "archives": archives,
    }
    return (
        PackageFile(
            path=PurePosixPath(f"{subject.name.lower()}.nuspec"),
            text=templates.render("packaging/chocolatey.nuspec.j2", data),
        ),
        PackageFile(
            path=PurePosixPath("tools/chocolateyinstall.ps1"),
            text=templates.render("packaging/chocolateyinstall.ps1.j2", data),
        ),
    )
