"""The three manifests of the Windows Package Manager: version, installer, default locale.

Source: microsoft/winget-cli, schemas/JSON/manifests/v1.10.0; microsoft/winget-pkgs, doc/manifest.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import escape_formats, licences
from verbump.errors import InputError, Problem, Refused, UsageError
from verbump.planning import templates
from verbump.planning.packaging import subject as subjects
from verbump.planning.packaging import windows
from verbump.planning.packaging.subject import PackageFile

if TYPE_CHECKING:
    from verbump.planning.packaging.subject import Subject

SCHEMA = "1.10.0"
_LONGEST_IDENTIFIER = 128
_LONGEST_ALIAS = 40
_IDENTIFIER = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:\.[A-Za-z0-9_+-]{1,32}){1,7}")


def plan_files(
    subject: Subject, *, identifier: str = "", publisher: str = "", is_static: bool = False
) -> tuple[PackageFile, ...]:
    """`<Publisher.Name>.yaml`, `.installer.yaml` and `.locale.en-US.yaml`.

    `identifier` and `publisher` are the repository's owner and the package's name where they are not given.

    Raises:
        Refused: description or licence missing, owner not known, no archive for Windows.
        UsageError: `identifier` is none.
    """
    subjects.require(subject, "description", "licence")
    archives = windows.find_archives(subject)
    owner = publisher or (subject.forge.owner if subject.forge else "")
    owner = escape_formats.one_line(owner)[:256]
    if len(owner) < 2:
        message = "who publishes the package is not known"
        raise Refused([Problem(code="no-publisher", message=message, hint="--publisher NAME")])
    name = identifier or f"{_part(owner)}.{_part(subject.name)}"
    if not _IDENTIFIER.fullmatch(name) or len(name) > _LONGEST_IDENTIFIER:
        message = f"--identifier {name}: expected Publisher.Package, each of at most 32 letters, digits and -_+"
        raise UsageError(message, code="package-identifier")
    long = [each for each in subject.programs if len(each) > _LONGEST_ALIAS]
    if long:
        message = f"{long[0]}: winget takes commands of at most {_LONGEST_ALIAS} characters"
        raise Refused([Problem(code="program-name", message=message, hint="give the [[bin]] a shorter name")])
    data = {
        "q": escape_formats.yaml,
        "schema": SCHEMA,
        "identifier": name,
        "subject": subject,
        "publisher": owner,
        "description": _at_least(subjects.described(subject, longest=256)),
        "licence": _licence(subject),
        "release_url": subject.forge.tag_url(subject.tag) if subject.forge else "",
        "installers": [
            {
                "processor": processor,
                "archive": each,
                "folder": subjects.top_folder(each),
                "needs_runtime": windows.needs_runtime(each, is_static=is_static),
            }
            for processor, each in archives.items()
        ],
        "programs": subjects.windows_programs(subject),
    }
    kinds = {"": "version", ".installer": "installer", ".locale.en-US": "locale"}
    return tuple(
        PackageFile(
            path=PurePosixPath(f"{name}{end}.yaml"),
            text=templates.render(f"packaging/winget.{kind}.yaml.j2", data),
        )
        for end, kind in kinds.items()
    )


def _part(text: str) -> str:
    """The text as a part of an identifier: what cannot stand in it becomes `-`."""
    return re.sub(r"[^A-Za-z0-9_+-]+", "-", text).strip("-")[:32]


def _at_least(text: str) -> str:
    """A description has three characters or more."""
    if len(text) < 3:
        message = f"the description {text!r} is shorter than three characters"
        raise Refused([Problem(code="no-description", message=message, hint='description = "…" in the manifest')])
    return text


def _licence(subject: Subject) -> str:
    try:
        return licences.render(licences.parse(subject.about.licence))
    except InputError as error:
        raise Refused([error.as_problem()]) from error
