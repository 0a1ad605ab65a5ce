"""A Dockerfile for several architectures: the release's programs or wheels, checked, on a base pinned by digest.

Source: Docker, "Dockerfile reference", ADD --checksum, automatic platform ARGs; "Building best practices".
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from verbump.domain import distributions, escape_formats, targets, versions
from verbump.errors import Problem, Refused, UsageError
from verbump.planning import templates
from verbump.planning.packaging import subject as subjects
from verbump.planning.packaging.subject import PackageFile

if TYPE_CHECKING:
    from verbump.planning.packaging.subject import Published, Subject

Source = Literal["programs", "wheels"]

_BASE = re.compile(r"[a-z0-9][a-z0-9._/:-]{0,250}@sha256:[0-9a-f]{64}", re.IGNORECASE)
_COMMAND = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
# First the static program: it runs on every base.
_TRIPLES = {
    "amd64": ("x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"),
    "arm64": ("aarch64-unknown-linux-musl", "aarch64-unknown-linux-gnu"),
}


def check_base(base: str) -> None:
    """Refuse a base image that is not pinned.

    Raises:
        UsageError: no `image@sha256:…`.
    """
    if not _BASE.fullmatch(base):
        message = f"--base {base}: expected IMAGE@sha256:DIGEST, which stays the same image"
        hint = f"docker buildx imagetools inspect {base.partition('@')[0]}"
        raise UsageError(message, hint=hint, code="base-not-pinned")


def has_programs(subject: Subject) -> bool:
    """Whether there is an archive of programs for Linux."""
    return any(subjects.pick(subject, *triples) for triples in _TRIPLES.values())


def plan_programs(subject: Subject, base: str) -> tuple[PackageFile, ...]:
    """`Dockerfile`, from the archives for Linux.

    Raises:
        Refused: there is none, or a configured one is missing.
    """
    subjects.require_archives(subject, [each for several in _TRIPLES.values() for each in several], of="Linux")
    found = {name: subjects.pick(subject, *triples) for name, triples in _TRIPLES.items()}
    archives = {name: archive for name, archive in found.items() if archive is not None}
    command = subject.name if subject.name in subject.programs else subject.programs[0]
    return _written("programs", subject, base, {"archives": archives, "entry": f"/usr/local/bin/{command}"})


def plan_wheels(subject: Subject, base: str, command: str = "") -> tuple[PackageFile, ...]:
    """`Dockerfile`, from the wheels for Linux. `command` is what the container runs.

    Raises:
        Refused: no wheel for Linux, or no command is known.
        UsageError: `command` is none.
    """
    if command and not _COMMAND.fullmatch(command):
        raise UsageError(f"--command {command!r}: expected the name of a program", code="command-name")
    wheels = {name: _wheels_for(subject, triples) for name, triples in _TRIPLES.items()}
    wheels = {name: found for name, found in wheels.items() if found}
    if not wheels:
        raise subjects.missing_python(subject, "wheel for Linux")
    scripts = (*subject.about.scripts, *subject.programs)
    entry = command or (subject.name if subject.name in scripts else next(iter(scripts), ""))
    if not _COMMAND.fullmatch(entry):
        message = f"which command of {subject.name} the container runs is not known: [project.scripts] names none"
        raise Refused([Problem(code="no-program", message=message, hint="--command NAME")])
    requirement = f"{distributions.normalised(subject.about.name)}=={versions.to_pep440(subject.version)}"
    folder = f"/opt/{subject.name}"
    return _written(
        "wheels",
        subject,
        base,
        {"wheels": wheels, "requirement": requirement, "folder": folder, "entry": f"{folder}/bin/{entry}"},
    )


def _written(kind: Source, subject: Subject, base: str, more: dict[str, object]) -> tuple[PackageFile, ...]:
    about = subject.about
    labels = {
        "title": subject.name,
        "description": subjects.described(subject, longest=1000),
        "version": str(subject.version),
        "licenses": about.licence,
        "url": subject.homepage,
        "source": subject.repository,
        "documentation": about.documentation,
    }
    data = {
        "q": escape_formats.dockerfile,
        "subject": subject,
        "base": base,
        "labels": {key: value for key, value in labels.items() if value},
        **more,
        "entry": json.dumps([more["entry"]]),
    }
    text = templates.render(f"packaging/docker.{kind}.j2", data)
    return (PackageFile(path=PurePosixPath("Dockerfile"), text=text),)


def _wheels_for(subject: Subject, triples: tuple[str, ...]) -> tuple[Published, ...]:
    return tuple(
        wheel
        for wheel in subject.wheels
        if any(
            platform == "any" or any(targets.fits_platform(triple, platform) for triple in triples)
            for _, _, platform in distributions.parse_wheel_name(wheel.name).tags
        )
    )
