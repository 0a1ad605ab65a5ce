"""A Homebrew formula that installs the release's programs.

Source: Homebrew, "Formula Cookbook", "Taps"; Formulary.class_s for the name of the class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import escape_formats, licences
from verbump.domain.licences import Licence
from verbump.errors import InputError, Problem, Refused
from verbump.planning import templates
from verbump.planning.packaging import subject as subjects
from verbump.planning.packaging.subject import PackageFile

if TYPE_CHECKING:
    from verbump.domain.licences import Expression
    from verbump.planning.packaging.subject import Published, Subject

_LONGEST = 80  # `brew audit`
# First the one that runs on more machines: static musl programs, then those for glibc.
TRIPLES = {
    ("macos", "arm"): ("aarch64-apple-darwin", "universal2-apple-darwin"),
    ("macos", "intel"): ("x86_64-apple-darwin", "universal2-apple-darwin"),
    ("linux", "arm"): ("aarch64-unknown-linux-musl", "aarch64-unknown-linux-gnu"),
    ("linux", "intel"): ("x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"),
}
_SYMBOLS = {"arm": ":arm64", "intel": ":x86_64"}


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A system's archives by processor; `only` is Ruby's symbol of the one processor it is built for, or ""."""

    name: str
    archives: tuple[tuple[str, Published], ...]
    only: str = ""


def plan_files(subject: Subject) -> tuple[PackageFile, ...]:
    """`<name>.rb`.

    Raises:
        Refused: description, licence or home page missing; no archive for macOS or Linux.
    """
    subjects.require(subject, "description", "licence", "homepage")
    wanted = dict.fromkeys(triple for several in TRIPLES.values() for triple in several)
    subjects.require_archives(subject, wanted, of="macOS or Linux")
    systems = [each for name in ("macos", "linux") if (each := _system(subject, name)).archives]
    text = templates.render(
        "packaging/formula.rb.j2",
        {
            "q": escape_formats.ruby,
            "class_name": _class_name(subject.name),
            "subject": subject,
            "description": _description(subject),
            "licence": _licence(subject.about.licence),
            "systems": systems,
            "only": f":{systems[0].name}" if len(systems) == 1 else "",
            "test": subject.name if subject.name in subject.programs else subject.programs[0],
        },
    )
    return (PackageFile(path=PurePosixPath(f"{subject.name.lower()}.rb"), text=text),)


def _system(subject: Subject, name: str) -> System:
    found = {
        processor: archive
        for (system, processor), triples in TRIPLES.items()
        if system == name and (archive := subjects.pick(subject, *triples)) is not None
    }
    if len({archive.name for archive in found.values()}) == 1 and len(found) > 1:
        return System(name=name, archives=(("", found["arm"]),))
    only = _SYMBOLS[next(iter(found))] if len(found) == 1 else ""
    return System(name=name, archives=tuple(found.items()), only=only)


def _class_name(name: str) -> str:
    """The class that Homebrew looks for in `<name>.rb`."""
    found = re.sub(r"[-_.]+([A-Za-z0-9])", lambda match: match[1].upper(), name.capitalize()).replace("+", "x")
    if not found[0].isalpha():
        message = f"{name}: Homebrew cannot name a class after it"
        raise Refused([Problem(code="package-name", message=message, hint="--name NAME, beginning with a letter")])
    return found


def _description(subject: Subject) -> str:
    """As `brew audit` wants it: no article first, no full stop last, at most 80 characters."""
    text = re.sub(r"^(?:an?|the)\s+", "", subjects.described(subject, longest=_LONGEST), flags=re.IGNORECASE)
    return f"{text[:1].upper()}{text[1:]}".rstrip(".")


def _licence(text: str) -> str:
    try:
        return _ruby(licences.parse(text))
    except InputError as error:
        raise Refused([error.as_problem()]) from error


def _ruby(expression: Expression, *, is_inside: bool = False) -> str:
    """The argument of `license`; inside of another one a hash needs its braces, first they would begin a block."""
    if isinstance(expression, Licence):
        name = escape_formats.ruby(expression.name)
        if not expression.exception:
            return name
        written = f"{name} => {{ with: {escape_formats.ruby(expression.exception)} }}"
    else:
        parts = ", ".join(_ruby(each, is_inside=True) for each in expression.parts)
        written = f"{expression.kind}_of: [{parts}]"
    return f"{{ {written} }}" if is_inside else written
