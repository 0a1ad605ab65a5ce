"""The next version of a plain repository, or None: what is not plain at the first look is left to `next_version`.

Plain: no configuration, versions tagged `v1.2.3` (or `1.2.3`), the highest tag final and reached by HEAD, manifests of
one crate and one distribution that agree with it, nothing hand-written under Unreleased, no footer that steers. That is
most repositories, most days; for them the answer costs no more than git takes. Every other case, and every warning, is
the business of `next_version`, which a test holds this room against.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verbump.domain import bumps
from verbump.domain.bumps import Bump
from verbump.domain.glance import Glance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from verbump.domain.commits import ConventionalCommit

Numbers = tuple[int, int, int]

_NUMBER = rb"(0|[1-9][0-9]{0,8})"
_TAG = re.compile(
    rb"^([0-9a-f]+) refs/tags/(v?)"
    + rb"\.".join([_NUMBER] * 3)
    + rb"(-(?:alpha|beta|rc)\."
    + _NUMBER
    + rb")?(\^\{\})?$"
)
_MAYBE = re.compile(rb"\d+\.\d|20\d\d-?[01]\d-?\d")
_FIRST_YEAR = 2000
# Of a changelog: nothing that could hide a heading or look like one, and nothing under Unreleased.
_LONGEST_MANIFEST = 32_000  # tomllib is quadratic in dotted keys
_PLAIN_CODE = re.compile(r"^```[\w-]*\n(?:(?!```)[^\n]*\n)*```\n|<https?://[^\s<>]*>", re.MULTILINE)
_HIDES = re.compile(r"```|~~~|<|\r|^ {1,3}#|^ *\t|^ {0,3}(?:-+|=+)[ \t]*$", re.MULTILINE)
_NOTHING_UNRELEASED = re.compile(r"# Changelog\n(?:[^#\n][^\n]*\n|\n)*## \[Unreleased\]\n\n?(?:## \[|\Z)")
_VERSION_HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
_PLAIN_HEADING = re.compile(r"\[([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9a-z.]+)?)\] - [0-9-]{10}")
_OTHER_TOOLS = {"poetry", "poetry-dynamic-versioning", "uv", "hatch", "pdm", "setuptools", "flit"}
_CONFIGURED = ("verbump", "commitizen", "semantic_release")


class LastTag:
    """The highest version tag: its name, its commit, its numbers."""

    __slots__ = ("commit", "name", "numbers")

    def __init__(self, name: str, commit: str, numbers: Numbers) -> None:
        self.name = name
        self.commit = commit
        self.numbers = numbers


def find_last_tag(listing: bytes) -> LastTag | None:
    """The last tag in the output of `git show-ref --dereference --tags`; None where the tags are not plain."""
    finals: dict[Numbers, bytes] = {}
    prefixes = set()
    candidates: set[Numbers] = set()
    for line in listing.split(b"\n"):
        found = _TAG.match(line)
        if found is None:
            if _MAYBE.search(line[line.find(b" ") :]):
                return None  # a version in another format, perhaps
            continue
        numbers = (int(found[3]), int(found[4]), int(found[5]))
        prefixes.add(found[2])
        if found[6] is None:
            finals[numbers] = found[1]  # the peeled line follows the tag's own
        else:
            candidates.add(numbers)
    if not finals or len(prefixes) > 1:
        return None
    last = max(finals)
    if last[0] >= _FIRST_YEAR or (candidates and max(candidates) > last):
        return None  # a calendar version, or one that is under way
    name = f"{prefixes.pop().decode()}{'.'.join(map(str, last))}"
    return LastTag(name, finals[last].decode(), last)


def is_plain_project(texts: Mapping[str, str], version: str) -> bool:
    """Whether these files, by name, hold no configuration and state this version wherever they state one."""
    for name in ("Cargo.toml", "pyproject.toml"):
        text = texts.get(name, "")
        if any(word in text for word in _CONFIGURED):
            return False
    stated = [*_crate_versions(texts.get("Cargo.toml")), *_distribution_versions(texts.get("pyproject.toml"))]
    return all(each == version for each in stated) and _has_nothing_unreleased(texts.get("CHANGELOG.md"))


def next_numbers(last: LastTag, records: Iterable[bytes]) -> Numbers | None:
    """The version after `last`, from git's records of the commits since: mark, ids, line end, message.

    Records are newest first. Those whose mark is `-` are on the boundary: HEAD reaches the last tag if its commit is
    among them.
    """
    glance = Glance(_bump_of)
    kept: list[bytes] = []
    is_reached = False
    tip = last.commit.encode()
    highest = 0
    for record in records:
        ids, _, message = record.partition(b"\n")
        if ids[:1] == b"-":
            is_reached = is_reached or ids[1:].startswith(tip)
        elif glance.keeps(ids[1:], message):
            kept.append(record)
    if not is_reached or not glance.is_exact:
        return None
    bump = _bump_of_all(kept)
    if bump is not None:
        highest = int(bumps.zero_bump(bump, last.numbers[0], last.numbers[1], "minor"))
    return _raised(last.numbers, highest)


def _bump_of(parsed: ConventionalCommit) -> Bump:
    return bumps.of_commit(parsed, bumps.DEFAULT_RULES).bump


def _bump_of_all(kept: list[bytes]) -> Bump | None:
    """The bump of these commits, by the rules for histories; None where something steers or is warned of."""
    from verbump.domain import history
    from verbump.domain.commits import Commit

    commits = []
    for record in kept:
        ids, _, message = record.partition(b"\n")
        sha, *parents = ids[1:].decode().split()
        commits.append(Commit(sha=sha, parents=tuple(parents), message=message.decode("utf-8", "replace")))
    found = history.select(commits)
    if found.release_as is not None or found.problems:
        return None
    return max((_bump_of(change.parsed) for change in found.changes), default=Bump.NONE)


def _raised(numbers: Numbers, bump: int) -> Numbers | None:
    major, minor, patch = numbers
    made = {
        int(Bump.MAJOR): (major + 1, 0, 0),
        int(Bump.MINOR): (major, minor + 1, 0),
        int(Bump.PATCH): (major, minor, patch + 1),
    }.get(bump)
    return made if made is not None and max(made) < 10**9 else None


def _crate_versions(text: str | None) -> Iterator[object]:
    """What a crate's manifest states; something that no version equals where it is no plain crate."""
    if text is None:
        return
    document = _parsed(text)
    package = document.get("package")
    is_plain = isinstance(package, dict) and "workspace" not in document and "path" not in text
    yield package.get("version") if is_plain and isinstance(package, dict) else None


def _distribution_versions(text: str | None) -> Iterator[object]:
    """As for crates. A version that maturin takes from Cargo.toml is not stated here."""
    if text is None:
        return
    document = _parsed(text)
    project, tools = document.get("project"), document.get("tool", {})
    backend = document.get("build-system", {})
    if not isinstance(project, dict) or not isinstance(tools, dict) or not isinstance(backend, dict):
        yield None
        return
    if {"poetry", "poetry-dynamic-versioning", "uv", "hatch", "pdm", "setuptools", "flit"} & set(
        tools
    ) or "manifest-path" in text:
        yield None
    elif project.get("dynamic") == ["version"] and backend.get("build-backend") == "maturin":
        return
    else:
        yield project.get("version")


def _parsed(text: str) -> dict[str, Any]:
    import tomllib

    if len(text) > _LONGEST_MANIFEST:
        return {}
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # also numbers and nesting without end: the usual way says what is wrong
        return {}


def _has_nothing_unreleased(text: str | None) -> bool:
    if text is None:
        return True
    text = _PLAIN_CODE.sub("\n", text)
    if _HIDES.search(text) or not _NOTHING_UNRELEASED.match(text):
        return False
    headings = [_PLAIN_HEADING.fullmatch(each) for each in _VERSION_HEADING.findall(text)[1:]]
    names = {found[1] for found in headings if found}
    return len(names) == len(headings)
