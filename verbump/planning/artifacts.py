"""What is wrong with a set of distributions: names, versions, tags, metadata, RECORD, sums, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from verbump.domain import distributions, targets, versions
from verbump.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verbump.domain.distributions import Metadata
    from verbump.domain.versions import Version

SUMS = "SHA256SUMS"
AGAIN = "verbump build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file of the output folder. `size` in bytes; `metadata` and `wheel` (the text of WHEEL) where it has them.

    `faults` are what its content contradicts itself in.
    """

    name: str
    kind: Literal["wheel", "sdist", "archive", "other"]
    size: int
    sha256: str
    metadata: Metadata | None = None
    wheel: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the set should be: one version; `project` is the Python one's name, None without; `triples` to build for.

    `archives` are the crates to archive. `is_whole`: what is missing counts, not only what is there.
    """

    version: Version
    project: str | None = None
    triples: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    is_whole: bool = True


def find_problems(artifacts: Sequence[Artifact], expected: Expected) -> Iterator[Problem]:
    """Everything that is wrong with the files themselves, then what is missing."""
    doubles: dict[str, str] = {}
    for each in artifacts:
        yield from (_problem("artifact-broken", f"{each.name}: {fault}") for fault in each.faults)
        yield from _of_one(each, expected)
        key = each.name.lower()
        if key in doubles:
            yield _problem("artifact-double", f"{doubles[key]} and {each.name} are one file on some systems")
        doubles[key] = each.name
    yield from _doubled_wheels(artifacts)
    if expected.is_whole:
        yield from _missing(artifacts, expected)


def find_sum_problems(text: str | None, artifacts: Sequence[Artifact]) -> Iterator[Problem]:
    """Where SHA256SUMS (its text, None where it is missing) and the files differ."""
    if text is None:
        yield _problem("sums-missing", f"there is no {SUMS}")
        return
    try:
        sums = distributions.parse_sums(text)
    except InputError as error:
        yield error.at(SUMS).as_problem()
        return
    for each in artifacts:
        stated = sums.pop(each.name, None)
        if stated is None:
            hint = f"take it away, or {AGAIN}"
            yield _problem("artifact-unlisted", f"{each.name} is not in {SUMS}", hint)
        elif stated != each.sha256:
            message = f"{each.name}: SHA-256 is {each.sha256}, {SUMS} says {stated}"
            yield _problem("checksum-mismatch", message, "get the file again, or verbump build")
    yield from (_problem("artifact-missing", f"{name} stands in {SUMS} but is not there") for name in sums)


def _problem(code: str, message: str, hint: str = AGAIN) -> Problem:
    return Problem(code=code, message=message, hint=hint)


def _of_one(each: Artifact, expected: Expected) -> Iterator[Problem]:
    match each.kind:
        case "archive":
            if distributions.parse_archive_name(each.name, str(expected.version)) is None:
                message = f"{each.name}: expected <name>-{expected.version}-<target triple>"
                yield _problem("artifact-version", message)
        case "wheel" | "sdist":
            yield from _of_distribution(each, expected)
        case "other":
            hint = f"take it away, or {AGAIN}"
            yield _problem("artifact-unknown", f"{each.name} is no wheel, source distribution or archive", hint)


def _of_distribution(each: Artifact, expected: Expected) -> Iterator[Problem]:
    parse = distributions.parse_wheel_name if each.kind == "wheel" else distributions.parse_sdist_name
    try:
        named = parse(each.name)
        pep440 = versions.to_pep440(expected.version)
    except InputError as error:
        yield _problem(error.code, error.message)
        return
    said = each.metadata
    if said is None:
        yield _problem("artifact-metadata", f"{each.name}: has no readable METADATA")
        return
    names = {"its name": named.name, "its metadata": distributions.normalised(said.name)}
    wanted = distributions.normalised(expected.project) if expected.project else names["its metadata"]
    for where, name in names.items():
        if name != wanted:
            message = f"{each.name}: {where} says {name}, expected {wanted}"
            yield _problem("artifact-name", message)
    for where, version in (("its name", named.version), ("its metadata", said.version)):
        if not distributions.is_same_version(version, pep440):
            yield _problem("artifact-version", f"{each.name}: {where} says version {version}, expected {pep440}")
    yield from (_problem("artifact-tags", f"{each.name}: {fault}") for fault in _tag_faults(each, named.tags))


def _tag_faults(each: Artifact, tags: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    if each.kind != "wheel":
        return
    yield from distributions.find_tag_faults(each.wheel, tags)
    for _, _, platform in tags:
        if platform.startswith("linux_"):
            yield f"PyPI refuses the platform tag {platform}: build with --compatibility pypi, or in a manylinux image"


def _doubled_wheels(artifacts: Sequence[Artifact]) -> Iterator[Problem]:
    """Two wheels that fit one interpreter on one platform: an installer would take either."""
    seen: dict[tuple[str, str, str], str] = {}
    for each in artifacts:
        if each.kind != "wheel":
            continue
        try:
            tags = distributions.parse_wheel_name(each.name).tags
        except InputError:
            continue
        clash = next((seen[tag] for tag in tags if tag in seen), None)
        if clash is not None:
            yield _problem("artifact-double", f"{clash} and {each.name} have a tag in common")
        seen.update(dict.fromkeys(tags, each.name))
    sdists = [each.name for each in artifacts if each.kind == "sdist"]
    if len(sdists) > 1:
        yield _problem("artifact-double", f"more than one source distribution: {', '.join(sdists)}")


def _missing(artifacts: Sequence[Artifact], expected: Expected) -> Iterator[Problem]:
    kinds = {each.kind for each in artifacts}
    if expected.project is not None:
        for kind, title in (("sdist", "source distribution"), ("wheel", "wheel")):
            if kind not in kinds:
                yield _problem("artifact-missing", f"there is no {title} of {expected.project} {expected.version}")
    found = [distributions.parse_archive_name(each.name, str(expected.version)) for each in artifacts]
    archives = {pair for pair in found if pair is not None}
    for name in expected.archives:
        if name not in {crate for crate, _ in archives}:
            yield _problem("artifact-missing", f"there is no archive of {name} {expected.version}")
    wheels = [each.name for each in artifacts if each.kind == "wheel"]
    for triple in expected.triples:
        for name in sorted({name for name, _ in archives if (name, triple) not in archives}):
            yield _problem("target-missing", f"there is no archive of {name} for {triple}")
        if expected.project is not None and not _has_wheel_for(wheels, triple):
            yield _problem("target-missing", f"there is no wheel for {triple}")


def _has_wheel_for(wheels: Iterable[str], triple: str) -> bool:
    for wheel in wheels:
        try:
            tags = distributions.parse_wheel_name(wheel).tags
        except InputError:
            continue
        if any(platform == "any" or targets.fits_platform(triple, platform) for _, _, platform in tags):
            return True
    return False
