"""Versions: SemVer inside, each file's own spelling outside, and which comes next. The door to semver.

Sources: SemVer 2.0.0, PEP 440, rules.md "Version".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import semver

from verbump.domain.bumps import Bump
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

Version = semver.Version
Scheme = Literal["semver", "pep440"]

PHASES = ("alpha", "beta", "rc")
_PEP440_PHASE = {"alpha": "a", "beta": "b", "rc": "rc"}
_SEMVER_PHASE = {"a": "alpha", "b": "beta", "rc": "rc"}
_LONGEST = 255
_TOO_BIG = 10**10  # the first number of more than ten digits
_MANY_DIGITS = re.compile(r"\d{11}")
_LONG_IDENTIFIER = re.compile(r"(?:^|\.)\d{11,}(?![^.])")
_SHARED_PRERELEASE = re.compile(r"(alpha|beta|rc)\.(0|[1-9][0-9]{0,9})")
_LOCAL = re.compile(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9]+){0,20}")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z-]{0,63}")
_CALENDAR = re.compile(r"[0-9]{4}\.(?:[0-9]{1,4}\.)?0[0-9]")
_CALENDAR_REASON = "it looks like a calendar version, and numbers have no leading zero; "


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRequest:
    """What the next version is made of.

    `final` and `current` are the highest reachable final version and the highest of any kind, None before the first;
    `bump` is the bump made (zero policy applied); `taken` every version that has a tag anywhere; `initial` the first
    release's.
    """

    final: Version | None
    current: Version | None
    bump: Bump
    token: str | None
    taken: Collection[Version]
    initial: Version


def parse(text: str) -> Version:
    """The version that `text` spells, strictly SemVer 2.0.0.

    Raises:
        InputError: it does not, or has a number of more than ten digits.
    """
    version = parse_or_none(text)
    if version is None:
        shown = text if len(text) <= 80 else f"{text[:77]}..."
        raise InputError(f"{shown!r} is not a SemVer version{_advice(text)}", code="version-invalid")
    return version


def parse_or_none(text: str) -> Version | None:
    """The version that `text` spells, or None. Never raises, and rejects long texts at once.

    Build metadata may hold more than ten digits (a time, a sha): it is not a number.
    """
    if not text or len(text) > _LONGEST or not text[0].isdigit():
        return None
    try:
        version = Version.parse(text)
    except (ValueError, TypeError):
        return None
    return None if _MANY_DIGITS.search(text) and _has_long_number(version) else version


def to_pep440(version: Version) -> str:
    """The PEP 440 spelling: 1.3.0-rc.1 is 1.3.0rc1.

    Only pre-releases that sort alike in both are spelled; packaging would turn others into something else silently.

    Raises:
        InputError: the pre-release or the build metadata has no PEP 440 form.
    """
    text = str(core(version))
    if version.prerelease is not None:
        found = _SHARED_PRERELEASE.fullmatch(version.prerelease)
        if found is None:
            message = f"{version} has no PEP 440 form: a Python package knows alpha.N, beta.N and rc.N"
            raise InputError(message, hint="--pre alpha, --pre beta or --pre rc", code="no-pep440-form")
        text += f"{_PEP440_PHASE[found[1]]}{found[2]}"
    if version.build is not None:
        if not _LOCAL.fullmatch(version.build):  # PEP 440 reads a hyphen there as a dot
            message = f"{version} has no PEP 440 form: build metadata {version.build!r} is no local version"
            raise InputError(message, hint="letters, digits and dots only", code="no-pep440-form")
        segments = version.build.lower().split(".")
        text += "+" + ".".join(str(int(each)) if each.isdigit() else each for each in segments)
    return text


def from_pep440(text: str) -> Version:
    """The version that a PEP 440 text spells; missing parts are zero (1.3 is 1.3.0), a local segment is build metadata.

    Raises:
        InputError: it is no PEP 440 version, or one that SemVer cannot say (epoch, post, dev, four numbers).
    """
    from packaging.version import InvalidVersion
    from packaging.version import Version as Pep440

    try:
        found = Pep440(text) if len(text) <= _LONGEST else None
    except InvalidVersion:
        found = None
    if found is None or max(*found.release, found.pre[1] if found.pre else 0) >= _TOO_BIG:
        raise InputError(f"{text[:80]!r} is not a PEP 440 version", code="version-invalid")
    numbers = list(found.release)
    while len(numbers) > 3 and numbers[-1] == 0:
        numbers.pop()
    unsayable = {
        "an epoch": found.epoch > 0,
        "more than three numbers": len(numbers) > 3,
        "a post-release number": found.post is not None,
        "a development release number": found.dev is not None,
    }
    for what, is_there in unsayable.items():
        if is_there:
            hint = "use major.minor.patch, with a1, b1 or rc1 for a pre-release"
            raise InputError(f"{text} has {what}, which SemVer cannot say", hint=hint, code="version-not-semver")
    major, minor, patch = (*numbers, 0, 0)[:3]
    prerelease = f"{_SEMVER_PHASE[found.pre[0]]}.{found.pre[1]}" if found.pre else None
    return Version(major, minor, patch, prerelease, found.local)


def spelled(version: Version, scheme: Scheme) -> str:
    """The version as `scheme` spells it.

    Raises:
        InputError: it has no such form.
    """
    return to_pep440(version) if scheme == "pep440" else str(version)


def parse_spelled(text: str, scheme: Scheme) -> Version:
    """The version that a file of `scheme` states. A PEP 440 file may also say it as SemVer: packaging normalises that.

    Raises:
        InputError: it is no version there.
    """
    if scheme == "pep440":
        version = parse_or_none(text)
        return version if version is not None and _has_pep440_form(version) else from_pep440(text)
    return parse(text)


def is_final(version: Version) -> bool:
    """Whether it is no pre-release."""
    return version.prerelease is None


def core(version: Version) -> Version:
    """Major, minor and patch alone."""
    return Version(version.major, version.minor, version.patch)


def raised(version: Version, bump: Bump) -> Version:
    """The core, raised by `bump`."""
    if bump is Bump.MAJOR:
        return Version(version.major + 1, 0, 0)
    if bump is Bump.MINOR:
        return Version(version.major, version.minor + 1, 0)
    return Version(version.major, version.minor, version.patch + (bump is Bump.PATCH))


def bump_between(old: Version | None, new: Version) -> Bump:
    """Which number differs first between the cores; NONE where they are equal. None counts as 0.0.0."""
    before = (0, 0, 0) if old is None else (old.major, old.minor, old.patch)
    after = (new.major, new.minor, new.patch)
    pairs = zip(before, after, (Bump.MAJOR, Bump.MINOR, Bump.PATCH), strict=True)
    return next((bump for left, right, bump in pairs if left != right), Bump.NONE)


def next_version(request: NextRequest) -> Version:
    """The next version, always higher than the current one.

    Source: rules.md, Version, "Next".

    Raises:
        InputError: the token is malformed, would go back (rc to beta), or the result would not be higher.
    """
    target = _target_core(request)
    if request.token is None:
        version = request.initial if request.final is None and request.current is None else target
    else:
        _check_token(request.token, request.current, target)
        version = Version(target.major, target.minor, target.patch, _numbered(request, target))
    if request.current is not None and version <= request.current:
        message = f"{version} is not higher than the current version {request.current}"
        raise InputError(message, hint="ask for a bigger bump, or name the version", code="version-not-higher")
    if _has_long_number(version):
        message = f"{version} would have a number of more than ten digits"
        raise InputError(message, hint="name the version: verbump release 2.0.0", code="version-invalid")
    return version


def check_exact(text: str, current: Version | None) -> Version:
    """The version that somebody named, which must be higher than the current one.

    Raises:
        InputError: it is no SemVer version, or not higher.
    """
    version = parse(text)
    if current is not None and version <= current:
        message = f"{version} is not higher than the current version {current}"
        raise InputError(message, hint=f"the next patch is {raised(current, Bump.PATCH)}", code="version-not-higher")
    return version


def _target_core(request: NextRequest) -> Version:
    """The core to release: the last final one raised, never below that of a candidate on the way."""
    if request.final is not None:
        target = raised(request.final, request.bump)
    else:
        target = core(request.initial) if request.current is None else core(request.current)
    if request.current is not None and not is_final(request.current):
        target = max(target, core(request.current))
    return target


def check_token(token: str) -> None:
    """Nothing where `token` can begin a pre-release.

    Raises:
        InputError: it cannot.
    """
    if not _TOKEN.fullmatch(token):
        message = f"{token!r} is not a pre-release token: letters and hyphens, such as alpha, beta or rc"
        raise InputError(message, hint="--pre rc", code="prerelease-token")


def _check_token(token: str, current: Version | None, target: Version) -> None:
    check_token(token)
    if current is None or current.prerelease is None or core(current) != target:
        return
    phase = current.prerelease.rstrip("0123456789.")  # rc of rc.1, and of a hand-made rc1
    if phase in PHASES and token in PHASES and PHASES.index(token) < PHASES.index(phase):
        possible = [f"--pre {each}" for each in PHASES[PHASES.index(phase) :]]
        message = f"{current} cannot go back to {token}: alpha, beta, rc and final follow in this order"
        hint = f"{', '.join(possible)}, or no --pre for {target}"
        raise InputError(message, hint=hint, code="prerelease-order")


def _numbered(request: NextRequest, target: Version) -> str:
    """`rc.N`: one more than the highest existing number of this token on this core, else 1."""
    highest = 0
    prefix = f"{request.token}."
    numbers = (target.major, target.minor, target.patch)
    for version in request.taken:
        if version.prerelease is None or not version.prerelease.startswith(prefix):
            continue
        if (version.major, version.minor, version.patch) == numbers:
            number = version.prerelease.removeprefix(prefix)
            if number.isascii() and number.isdigit():
                highest = max(highest, int(number))
    return f"{prefix}{highest + 1}"


def _has_pep440_form(version: Version) -> bool:
    has_form = version.prerelease is None or _SHARED_PRERELEASE.fullmatch(version.prerelease) is not None
    return has_form and (version.build is None or _LOCAL.fullmatch(version.build) is not None)


def _has_long_number(version: Version) -> bool:
    """Whether a number of it has more than ten digits: hostile tags do, and no registry takes them."""
    if max(version.major, version.minor, version.patch) >= _TOO_BIG:
        return True
    return version.prerelease is not None and _LONG_IDENTIFIER.search(version.prerelease) is not None


def _advice(text: str) -> str:
    """What was probably meant, for the end of a message."""
    bare = text.removeprefix("v")
    if bare != text and parse_or_none(bare) is not None:
        return f": did you mean {bare}?"
    if bare[:1].isdigit() and _MANY_DIGITS.search(bare):
        return " (no more than ten digits in a number)"
    try:
        meant = from_pep440(bare)
    except InputError:
        return " (major.minor.patch, then -rc.1 or the like)"
    return f": {_CALENDAR_REASON if _CALENDAR.match(bare) else ''}did you mean {meant}?"
