"""Tag ↔ version: which tag names are versions, and how the next one is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import versions
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbump.domain.versions import Version

_PLACEHOLDER = "{version}"
_COMMITIZEN = r"\$\{version\}|\$version\b"
_OTHER_PLACEHOLDER = r"\$?\{\w*\}|\$\w+"
# What `git check-ref-format` forbids: control characters, blanks and ~^:?*[\, also "..", "@{", "//". No file system and
# no output takes a lone surrogate.
_FORBIDDEN = "[\x00-\x20\x7f~^:?*\\[\\\\\ud800-\udfff]|\\.\\.|@\\{|//"
# Where a version may begin in a tag name: at the start, or after something that is not part of a number.
_START = re.compile(r"(?<![\d.+])(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})(?![\d.])")
# What may stand before it: v, py/v, core-v, md5-, pkg@; no quote, blank or bracket, no number of its own (2-, v1.2-).
_PREFIX = re.compile(r"[\w./@+=#-]*")
_NUMBER_BEFORE = re.compile(r"(?:^|[/@+=#_-])v?[\d.]+-$")
_LONGEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFormat:
    """A tag name is `prefix`, a SemVer version, `suffix`."""

    prefix: str
    suffix: str = ""

    def tag(self, version: Version) -> str:
        """The name of the tag of `version`."""
        return f"{self.prefix}{version}{self.suffix}"

    def version(self, tag: str) -> Version | None:
        """The version that `tag` names when it matches in full and strictly, else None."""
        if not (tag.startswith(self.prefix) and tag.endswith(self.suffix)):
            return None
        return versions.parse_or_none(tag[len(self.prefix) : len(tag) - len(self.suffix)])

    @property
    def text(self) -> str:
        """As the setting is written: `v{version}`."""
        return f"{self.prefix}{_PLACEHOLDER}{self.suffix}"


DEFAULT_FORMAT = TagFormat(prefix="v")


def parse_format(text: str) -> TagFormat:
    """The format that a `tag_format` setting spells; commitizen's `$version` is understood too.

    Raises:
        ConfigError: not exactly one `{version}`, another placeholder, or no tag of that form could exist.
    """
    normal = re.sub(_COMMITIZEN, _PLACEHOLDER, text)
    if normal.count(_PLACEHOLDER) != 1:
        message = f"tag_format {text!r}: expected exactly one {_PLACEHOLDER}"
        raise ConfigError(message, hint='tag_format = "v{version}"', code="tag-format")
    prefix, suffix = normal.split(_PLACEHOLDER)
    other = re.search(_OTHER_PLACEHOLDER, prefix) or re.search(_OTHER_PLACEHOLDER, suffix)
    if other:
        message = f"tag_format {text!r}: {other[0]} is not a placeholder; {_PLACEHOLDER} is the only one"
        raise ConfigError(message, hint='tag_format = "v{version}"', code="tag-format")
    name = f"{prefix}1.2.3{suffix}"
    parts = name.split("/")
    bad = re.search(_FORBIDDEN, name)
    if (
        bad
        or name.startswith("-")
        or name.endswith((".", "/"))
        or any(part.startswith(".") or part.endswith(".lock") or not part for part in parts)
    ):
        message = f"tag_format {text!r}: git takes no tag name like {name!r}"
        raise ConfigError(message, hint='tag_format = "v{version}"', code="tag-format")
    return TagFormat(prefix=prefix, suffix=suffix)


def infer_format(tags: Iterable[str]) -> TagFormat | None:
    """The format of the highest final version among `tags`, or of the highest candidate; None where none is a version.

    Names that no person would give a release (quotes, blanks, brackets, a leading hyphen) are passed over.

    Raises:
        InputError: two formats at that version.
    """
    best: dict[str, str] = {}  # prefix to tag, of the highest version so far
    highest: tuple[bool, tuple[int, int, int], Version | None] | None = None
    for tag in tags:
        found = _split(tag)
        if found is None:
            continue
        prefix, is_final, numbers, version = found
        if highest is None or (is_final, numbers) > highest[:2]:
            order = 1
        elif (is_final, numbers) < highest[:2]:
            order = -1
        else:
            order = 0 if version is None or highest[2] is None else version.compare(highest[2])
        if order > 0:
            best, highest = {}, (is_final, numbers, version)
        if order >= 0:
            best[prefix] = tag
    if len(best) > 1:
        names = " and ".join(sorted(best.values()))
        choices = " or ".join(f'"{prefix}{_PLACEHOLDER}"' for prefix in sorted(best))
        hint = f"set tool.verbump.tag_format = {choices}; several packages: `verbump init` lists them"
        raise InputError(f"two tag formats at one version: {names}", hint=hint, code="tag-formats-ambiguous")
    return TagFormat(prefix=next(iter(best))) if best else None


def find_numbers(tag: str, form: TagFormat | None) -> tuple[tuple[int, int, int], bool] | None:
    """The numbers of the version that `tag` names and whether it is final; None where it names none.

    In the format `form`, or, where that is None, in any that `infer_format` finds.
    """
    if form is not None:
        version = form.version(tag)
        return None if version is None else ((version.major, version.minor, version.patch), versions.is_final(version))
    found = _split(tag)
    return None if found is None else (found[2], found[1])


def infer_package_format(tags: Iterable[str], name: str, folder: str) -> TagFormat | None:
    """The format of a package's own tags, as `infer_format` finds it: `name-v1.2.3`, `name@1.2.3`, `folder/v1.2.3`.

    Raises:
        InputError: two formats at that version.
    """
    prefixes = {f"{name}{mark}{v}" for mark in "-@/_" for v in ("", "v")}
    prefixes |= {f"{folder}/{v}" for v in ("", "v")}
    beginnings = tuple(prefixes)
    return infer_format(tag for tag in tags if tag.startswith(beginnings) and _is_prefixed(tag, prefixes))


def _is_prefixed(tag: str, prefixes: set[str]) -> bool:
    found = _split(tag)
    return found is not None and found[0] in prefixes


def shared_tag(one: TagFormat, other: TagFormat) -> str | None:
    """A tag name that is a version in both formats, None where there is none."""
    for text in ("1.2.3", "1.2.3-rc.1", "1.2.3+1"):
        version = versions.parse(text)
        for form, against in ((one, other), (other, one)):
            if against.version(form.tag(version)) is not None:
                return form.tag(version)
    return None


def _split(tag: str) -> tuple[str, bool, tuple[int, int, int], Version | None] | None:
    """Prefix, whether final, numbers, and the version of a tag name that ends in a version; None for other names.

    The version is None where the numbers say it all: thousands of tags are looked at, and one is wanted.
    """
    if len(tag) > _LONGEST or tag.startswith("-"):
        return None
    found = _START.search(tag)
    if found is None:
        return None
    prefix = tag[: found.start()]
    if prefix and (not _PREFIX.fullmatch(prefix) or _NUMBER_BEFORE.search(prefix)):
        return None
    numbers = (int(found[1]), int(found[2]), int(found[3]))
    if found.end() == len(tag):
        return prefix, True, numbers, None
    version = versions.parse_or_none(tag[found.start() :])
    return None if version is None else (prefix, versions.is_final(version), numbers, version)
