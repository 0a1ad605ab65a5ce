"""What a distribution's file name and metadata say: wheels, sdists, archives of binaries, and SHA256SUMS.

Source: the PyPA specifications "Binary distribution format", "Source distribution format", "Core metadata" and
"Recording installed projects"; coreutils, `sha256sum --check`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging import metadata as core_metadata
from packaging import requirements, specifiers, utils
from packaging import version as packaging_version

from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SUM = re.compile(r"([0-9a-f]{64}) [ *]([^/\\\x00-\x1f\x7f]+)")
_SIGNATURES = (".jws", ".p7s")  # RECORD and what signs it cannot hold their own hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A distribution as its file name has it: `name` normalised, `version` in PEP 440; `tags` of a wheel, sorted."""

    name: str
    version: str
    tags: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A requirement of PEP 508. `specifier` is such as `>=1,<2`, "" for any; `marker` and `url` are "" without."""

    name: str
    specifier: str
    marker: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What METADATA or PKG-INFO states, as written."""

    name: str
    version: str
    requires_python: str = ""


def normalised(name: str) -> str:
    """The name as the index compares it. Source: PEP 503."""
    return utils.canonicalize_name(name)


def file_stem(name: str) -> str:
    """The name as it stands in a file name. Source: PEP 625."""
    return utils.canonicalize_name(name).replace("-", "_")


def parse_wheel_name(file: str) -> Named:
    """What the name of a wheel says.

    Raises:
        InputError: it is none.
    """
    try:
        name, version, _, tags = utils.parse_wheel_filename(file)
    except utils.InvalidWheelFilename as error:
        raise InputError(f"{file}: not the name of a wheel: {error}", code="artifact-name") from error
    found = tuple(sorted((tag.interpreter, tag.abi, tag.platform) for tag in tags))
    return Named(name=name, version=str(version), tags=found)


def parse_sdist_name(file: str) -> Named:
    """What the name of a source distribution says.

    Raises:
        InputError: it is none.
    """
    try:
        name, version = utils.parse_sdist_filename(file)
    except utils.InvalidSdistFilename as error:
        raise InputError(f"{file}: not the name of a source distribution: {error}", code="artifact-name") from error
    return Named(name=name, version=str(version))


def parse_requirement(text: str) -> Requirement:
    """A requirement as PEP 508 writes it; its extras are left out.

    Raises:
        InputError: it is none.
    """
    try:
        found = requirements.Requirement(text)
    except requirements.InvalidRequirement as error:
        raise InputError(f"{text!r} is no requirement", hint="see PEP 508", code="requirement") from error
    order = sorted(found.specifier, key=lambda each: (">" not in each.operator, str(each)))
    return Requirement(
        name=normalised(found.name),
        specifier=",".join(map(str, order)),
        marker=str(found.marker or ""),
        url=found.url or "",
    )


def parse_metadata(text: bytes) -> Metadata:
    """What METADATA or PKG-INFO states.

    Raises:
        InputError: name or version are missing or invalid.
    """
    raw, _ = core_metadata.parse_email(text)
    name, version = raw.get("name", ""), raw.get("version", "")
    if not name or not version:
        raise InputError("the metadata states no name or no version", code="artifact-metadata")
    try:
        packaging_version.Version(version)
    except packaging_version.InvalidVersion as error:
        raise InputError(f"the metadata states version {version!r}", code="artifact-metadata") from error
    return Metadata(name=name, version=version, requires_python=raw.get("requires_python", ""))


def is_same_version(one: str, other: str) -> bool:
    """Whether two PEP 440 texts are one version; False also where one is none."""
    try:
        return packaging_version.Version(one) == packaging_version.Version(other)
    except packaging_version.InvalidVersion:
        return False


def is_admitted(requires_python: str, version: str) -> bool:
    """Whether `requires-python` lets a Python of that version (`3.12`, `3.13.0rc1`) install the project.

    Raises:
        InputError: `requires_python` cannot be read.
    """
    try:
        return specifiers.SpecifierSet(requires_python).contains(version, prereleases=True)
    except specifiers.InvalidSpecifier as error:
        message = f"requires-python {requires_python!r} cannot be read"
        raise InputError(
            message, hint='write for example requires-python = ">=3.11"', code="requires-python"
        ) from error


def parse_sums(text: str) -> dict[str, str]:
    """File name to SHA-256, as `sha256sum --check --strict` reads it from inside the folder.

    Raises:
        InputError: a line that is none, with a path in it, or a name that stands twice. `line` says where.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        match = _SUM.fullmatch(line)
        if match is None:
            message = f"expected 64 hex digits, two blanks and a file name, got {line[:80]!r}"
            raise InputError(message, hint="verbump build writes it anew", code="sums-malformed", line=number)
        if match[2] in found:
            raise InputError(f"{match[2]} stands twice", code="sums-malformed", line=number)
        found[match[2]] = match[1]
    return found


def render_sums(hashes: Mapping[str, str]) -> str:
    """The text of SHA256SUMS for file name to SHA-256, in order of the names."""
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))


def find_record_faults(record: str, files: Mapping[str, tuple[str, int]]) -> Iterator[str]:
    """Where RECORD and the wheel differ. `files` is path to (urlsafe base64 SHA-256 without `=`, bytes)."""
    rows = {row[0]: row for row in csv.reader(record.splitlines()) if len(row) == 3}
    for path, (digest, size) in files.items():
        row = rows.pop(path, None)
        if row is None:
            if not path.endswith(tuple(f".dist-info/RECORD{end}" for end in ("", *_SIGNATURES))):
                yield f"{path} is not in RECORD"
        elif row[1] and row[1] != f"sha256={digest}":
            yield f"{path} has another hash than RECORD says"
        elif row[2] and row[2] != str(size):
            yield f"{path} has {size} bytes, RECORD says {row[2]}"
        elif not row[1] and not path.endswith(".dist-info/RECORD"):
            yield f"{path} has no hash in RECORD"
    yield from (f"RECORD lists {path}, which is not there" for path in rows)


def find_tag_faults(wheel: str, tags: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Where the Tag lines of a WHEEL file and the tags of the wheel's name differ."""
    said = {line.removeprefix("Tag:").strip() for line in wheel.splitlines() if line.startswith("Tag:")}
    named = {"-".join(tag) for tag in tags}
    if said != named:
        yield f"WHEEL states the tags {', '.join(sorted(said)) or 'none'}, its name says {', '.join(sorted(named))}"


def parse_archive_name(file: str, version: str) -> tuple[str, str] | None:
    """Crate and target triple of `<name>-<version>-<triple>.tar.gz` or `.zip`, None where it is no such name."""
    stem = re.sub(r"\.(?:tar\.gz|zip)$", "", file)
    name, found, triple = stem.partition(f"-{version}-")
    return (name, triple) if found and name and stem != file and triple.count("-") in {1, 2, 3} else None
