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
_COMMITIZEN = re.compile(r"\$\{version\}|\$version\b")
# What `git check-ref-format` forbids: control characters, blanks and ~^:?*[\, also "..", "@{", "//".
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")
# Where a version may begin in a tag name: at the start, or after something that is not part of a number.
_START = re.compile(r"(?<![\d.+])(?<!\d-)(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})(?![\d.])")
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
        if len(tag) > _LONGEST + len(self.prefix) or not (tag.startswith(self.prefix) and tag.endswith(self.suffix)):
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
        ConfigError: not exactly one `{version}`, or no tag of that form could exist.
    """
    normal = _COMMITIZEN.sub(_PLACEHOLDER, text)
    if normal.count(_PLACEHOLDER) != 1:
        message = f"tag_format {text!r}: expected exactly one {_PLACEHOLDER}"
        raise ConfigError(message, hint='tag_format = "v{version}"', code="tag-format")
    prefix, suffix = normal.split(_PLACEHOLDER)
    name = f"{prefix}1.2.3{suffix}"
    parts = name.split("/")
    bad = _FORBIDDEN.search(name)
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

    Raises:
        InputError: two formats at that version.
    """
    best: dict[tuple[bool, Version], dict[str, str]] = {}
    for tag in tags:
        found = _split(tag)
        if found is not None:
            prefix, version = found
            best.setdefault((versions.is_final(version), version), {})[prefix] = tag
    if not best:
        return None
    prefixes = best[max(best)]
    if len(prefixes) > 1:
        names = " and ".join(sorted(prefixes.values()))
        message = f"two tag formats at one version: {names}"
        choices = " or ".join(f'"{prefix}{_PLACEHOLDER}"' for prefix in sorted(prefixes))
        raise InputError(message, hint=f"set tool.verbump.tag_format = {choices}", code="tag-formats-ambiguous")
    return TagFormat(prefix=next(iter(prefixes)))


def _split(tag: str) -> tuple[str, Version] | None:
    """Prefix and version of a tag name that ends in a version, or None."""
    if len(tag) > _LONGEST or tag.startswith("-"):
        return None
    found = _START.search(tag)
    if found is None:
        return None
    version = versions.parse_or_none(tag[found.start() :])
    return None if version is None else (tag[: found.start()], version)
