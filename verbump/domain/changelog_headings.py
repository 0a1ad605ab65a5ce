r"""What a heading says of a release: version, date, yanked; or that it is Unreleased. Lenient, as files are.

Understood are `[1.2.3] - 2024-01-01`, `1.2.3 (2024-01-01)`, `[1.0.0](url) (date)`, `v1.2.3 — date`, `Version 1.2.3`,
`[1.2.3] [YANKED]`, `\[Unreleased\]`, `Unreleased - ReleaseDate` and the like.

Source: Keep a Changelog 1.1.0; the headings of conventional-changelog, git-cliff, release-please and tokio.
"""

from __future__ import annotations

import re

_VERSION = re.compile(
    r"(v?)(\d{1,10}(?:\.\d{1,10}){1,3}(?:(?:[-+]|\.?(?:a|b|c|rc|alpha|beta|pre|dev|post|final))[0-9A-Za-z.+-]{0,200})?)",
    re.ASCII | re.IGNORECASE,
)
_THREE_PARTS = re.compile(r"\d+\.\d+\.\d", re.ASCII)
_UNRELEASED = re.compile(r"unreleased(?: changes)?(?= *$| *[-–—―:,;(/\[]| +\d)", re.IGNORECASE)
_PREFIX = re.compile(r"(?:version|release):? ", re.IGNORECASE)
_ISO_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)
_SEPARATORS = " -–—―:,;|/@"


class ReleaseHeading:
    """What a heading says. `version` is "" for Unreleased, else without `v`; `date` as it stands, "" without one.

    `label` is the text in the brackets, "" without brackets: what a reference definition would have to be called.
    `target` is the URL of an inline link, "" where there is none.
    """

    __slots__ = ("date", "has_v", "is_yanked", "label", "target", "version")

    # No dataclass: making one costs a millisecond, and every command reads the changelog.
    def __init__(self, version: str = "", date: str = "", *, is_yanked: bool = False, has_v: bool = False) -> None:
        self.version = version
        self.date = date
        self.is_yanked = is_yanked
        self.has_v = has_v
        self.label = ""
        self.target = ""

    @property
    def is_unreleased(self) -> bool:
        """Whether it is the heading of what is not released yet."""
        return not self.version


def parse_release_heading(text: str) -> ReleaseHeading | None:
    """What the text of a heading says of a release, None where it is the heading of something else."""
    if "." not in text and "unreleased" not in text.casefold():
        return None
    bare = text.strip().replace("\\[", "[").replace("\\]", "]")
    while bare.startswith("<") and ">" in bare:  # <a name="1.2.3"></a>1.2.3
        bare = bare.partition(">")[2].lstrip()
    bare = bare.strip("*_`~ ")
    prefix = _PREFIX.match(bare)
    if prefix:
        bare = bare[prefix.end() :].lstrip()
    name, label, target, rest = _split(bare)
    name = name.strip("*_`~ ")
    if _UNRELEASED.fullmatch(name) if label else _UNRELEASED.match(bare):
        heading = ReleaseHeading()
    else:
        found = _VERSION.fullmatch(name)
        if found is None:
            return None
        date = _date(rest)
        after = rest.strip()
        if not (_THREE_PARTS.match(found[2]) or label or date or not after or after[0] in _SEPARATORS + "("):
            return None  # "1.0 is near"
        is_yanked = "yanked" in rest.casefold()
        heading = ReleaseHeading(_as_semver(found[2]), date, is_yanked=is_yanked, has_v=bool(found[1]))
    heading.label = label if "\\[" not in text else ""
    heading.target = target
    return heading


def has_iso_date(heading: ReleaseHeading) -> bool:
    """Whether the date is one that Keep a Changelog asks for (YYYY-MM-DD), as far as the digits go."""
    return _ISO_DATE.fullmatch(heading.date) is not None


def _split(text: str) -> tuple[str, str, str, str]:
    """Name, label, inline link's target and the rest of a heading."""
    if not text.startswith("["):
        if _UNRELEASED.match(text):
            return text, "", "", ""
        end = next((place for place, mark in enumerate(text) if mark in " (:,;[|"), len(text))
        return text[:end], "", "", text[end:]
    inner, _, rest = text.lstrip("[").partition("]")
    rest = rest.lstrip("]")
    target = ""
    if rest.startswith("("):
        target, _, rest = rest[1:].partition(")")
    elif rest.startswith("["):
        rest = rest.partition("]")[2]
    return inner.strip(), inner.strip(), target, rest


def _date(rest: str) -> str:
    found = _ISO_DATE.search(rest)
    if found:
        return found[0]
    if not _YEAR.search(rest):
        return ""
    return re.sub(r"\[?yanked\]?", "", rest, flags=re.IGNORECASE).strip(_SEPARATORS + "()[]")


def _as_semver(text: str) -> str:
    """The version as SemVer spells it, where it is one in either spelling (1.3.0rc1); else as it stands."""
    from verbump.domain import versions
    from verbump.errors import InputError

    text = text.rstrip(".-+")
    if versions.parse_or_none(text) is not None:
        return text
    try:
        return str(versions.from_pep440(text))
    except InputError:
        return text
