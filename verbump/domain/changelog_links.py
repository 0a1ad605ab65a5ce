"""Compare links: the reference definitions of Unreleased and the versions, read and written in the file's own style.

Source: Keep a Changelog 1.1.0, "versions and sections should be linkable"; rules.md "Changelog" 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from verbump.domain import changelog_headings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbump.domain.changelog_document import Document

_DEFINITION = re.compile(r"([ \t]*\[)((?:[^\[\]\\]|\\.){1,999}+)(\]:[ \t]*+)(<[^<>]*+>|\S++)")
_VERSION_AT_END = re.compile(
    r"\d{1,10}\.\d{1,10}\.\d{1,10}(?:-[0-9A-Za-z.-]{1,200})?(?:(?:\+|%2B)[0-9A-Za-z.-]{1,200})?"
)
_UNSAFE = re.compile(r"[^A-Za-z0-9._~/@!$&*+,;=:-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareLinks:
    """URLs for a release where the forge is known: what is unreleased after it, and what it holds."""

    unreleased: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSection:
    """A section to be put in. `text` begins with its heading and has LF line ends; `links` is None without a forge.

    `tag` and `previous_tag` are git's names, "" where there is none or it is not known.
    """

    version: str
    text: str
    links: CompareLinks | None = None
    previous_tag: str = ""
    tag: str = ""


class Definition(NamedTuple):
    """A reference definition in its line: `head` is what stands before the target, `target` has no angle brackets.

    `version` is that of its label, "" where it is not a version's (Unreleased, `[#12]`).
    """

    line: int
    label: str
    version: str
    head: str
    target: str
    rest: str
    is_angled: bool

    @property
    def is_unreleased(self) -> bool:
        """Whether it is Unreleased's."""
        return self.label.casefold() == "unreleased"

    def with_target(self, target: str) -> str:
        """Its line with another target."""
        return self.head + (f"<{target}>" if self.is_angled else target) + self.rest

    def for_label(self, label: str, target: str) -> str:
        """A line like it for another label."""
        before = self.head[: self.head.index("[") + 1]
        after = self.head[self.head.index("]:") :]
        return before + label + after + (f"<{target}>" if self.is_angled else target)


class Comparison(NamedTuple):
    """A compare URL: `old` and `new` are its refs, `is_turned` where the newer comes first (Bitbucket)."""

    base: str
    old: str
    dots: str
    new: str
    rest: str
    is_turned: bool

    def between(self, old: str, new: str) -> str:
        """The URL that compares two other refs."""
        left, right = (new, old) if self.is_turned else (old, new)
        return f"{self.base}{left}{self.dots}{right}{self.rest}"


def definitions_of(document: Document) -> list[Definition]:
    """The definitions of Unreleased and the versions, top down. A label's first one counts, as in CommonMark."""
    found: dict[str, Definition] = {}
    for block in document.blocks:
        if block.kind != "definition":
            continue
        line = document.lines[block.line]
        match = _DEFINITION.match(line)
        heading = changelog_headings.parse_release_heading(f"[{block.text}]") if match else None
        if match is None or heading is None or (heading.version and match[2].count(".") < 2):
            continue
        is_angled = match[4].startswith("<")
        target = match[4].strip("<>") if is_angled else match[4]
        head, rest = line[: match.start(4)], line[match.end(4) :]
        definition = Definition(block.line, match[2].strip(), heading.version, head, target, rest, is_angled)
        found.setdefault(definition.label.casefold(), definition)
    return list(found.values())


def parse_comparison(url: str) -> Comparison | None:
    """The compare URL that `url` is (GitHub, GitLab, Gitea, Bitbucket), None where it is something else."""
    path, mark, rest = url.partition("?")
    if not mark:
        path, mark, rest = url.partition("#")
    before, between, refs = path.rpartition("/compare/")
    if not between:
        return None
    for dots in ("...", "..", "%0D", "%0d"):
        left, found, right = refs.partition(dots)
        if found:
            break
    else:
        return None
    if not left or not right:
        return None
    is_turned = before.endswith("/branches")
    old, new = (right, left) if is_turned else (left, right)
    return Comparison(before + between, old, dots, new, mark + rest, is_turned)


def old_ref(definition: Definition | None) -> str:
    """The ref that Unreleased is compared with, "" where its definition compares nothing."""
    comparison = parse_comparison(definition.target) if definition else None
    return comparison.old if comparison else ""


def moved(target: str, new: NewSection) -> tuple[str, str] | None:
    """Unreleased's URL after the release of `new`, and the version's own; None where it compares nothing."""
    comparison = parse_comparison(target)
    if comparison is None:
        return None
    ref = ref_like(comparison.old, new)
    return comparison.between(ref, comparison.new), comparison.between(comparison.old, ref)


def target_like(models: Sequence[Definition], new: NewSection, old: str) -> str:
    """The version's URL in the style of those there are (newest first), "" where they have none to follow.

    `old` is the ref to compare with, "" where it is not known: then the newest model's own.
    """
    comparisons = [found for model in models if (found := parse_comparison(model.target))]
    if comparisons:
        return comparisons[0].between(old or comparisons[0].new, ref_like(comparisons[0].new, new))
    # A single tag page is the first version's, which had nothing to be compared with: no style to follow.
    if not models or (old and len(models) == 1) or not models[0].target.endswith(models[0].version):
        return ""
    return models[0].target.removesuffix(models[0].version) + new.version


def ref_like(ref: str, new: NewSection) -> str:
    """The new tag as the file would write it: `1.3.0` after a `1.2.0`, although git calls that one `v1.2.0`."""
    tag, previous = quoted(new.tag), quoted(new.previous_tag)
    if "%2f" in ref.casefold():
        tag, previous = tag.replace("/", "%2F"), previous.replace("/", "%2F")
    start = _version_at_end(ref)
    if start is None or (tag and ref == previous):
        return tag or f"v{new.version}"
    return ref[:start] + quoted(new.version)


def _version_at_end(ref: str) -> int | None:
    """Where the version begins that a ref ends with, None where it ends with none."""
    if len(ref) > 300:
        return None
    places = (place for place, mark in enumerate(ref) if mark.isdigit())
    return next((place for place in places if _VERSION_AT_END.fullmatch(ref, place)), None)


def quoted(ref: str) -> str:
    """The ref as a part of a URL's path."""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), ref)
