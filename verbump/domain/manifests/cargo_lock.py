"""Cargo.lock: the entries of the workspace's own crates, and what refers to them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verbump.domain.manifests.toml_splice import not_proved, with_lock_strings
from verbump.domain.manifests.toml_text import find_differences, read_toml, string_at, value_at
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from verbump.domain.manifests.toml_text import KeyPath

_HINT = "cargo update --workspace"
_HEADER = re.compile(r"^[ \t]*\[(\[[ \t]*package[ \t]*\]\])?", re.MULTILINE)
_NUMBERS = re.compile(r"\d{1,20}(?:\.\d{1,20}){0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Package:
    """One `[[package]]`. `source` is None for a crate of the workspace or of a path, and leaves out git's commit."""

    name: str
    version: str
    source: str | None

    def moved(self, moved: Mapping[str, tuple[str, str]]) -> _Package:
        """The package as `moved` leaves it."""
        old, new = moved.get(self.name, ("", ""))
        is_meant = self.source is None and self.version == old
        return _Package(name=self.name, version=new, source=None) if is_meant else self


def versions_of(text: str) -> Mapping[str, tuple[str, ...]]:
    """The versions of each local package (one without `source`), in the order of the file.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    found: dict[str, list[str]] = {}
    for package in _packages(read_toml(text).document):
        if package.source is None:
            found.setdefault(package.name, []).append(package.version)
    return {name: tuple(versions) for name, versions in found.items()}


def with_versions(text: str, moved: Mapping[str, tuple[str, str]]) -> str:
    """The lock file with other versions for its local packages; `moved` is name → (old, new).

    What refers to them as `"name version"` changes with them, and where a name stands for several packages the
    references and blocks keep cargo's form and order. Lock file versions 1 to 4.

    Raises:
        InputError: `lock-entry-missing`, `lock-stale` (an entry states neither version), `manifest-syntax`,
            `manifest-not-proved`.
    Source: cargo, src/cargo/core/resolver/encode.rs (`encodable_package_id`, `EncodablePackageId`'s order).
    """
    lock = read_toml(text)
    old = _packages(lock.document)
    unused = list(_unused_patches(lock.document, moved))
    _check(old, moved, {name for name, _, _ in unused})
    new = [package.moved(moved) for package in old]
    edits: dict[KeyPath, str] = {
        ("package", index, "version"): package.version for index, package in enumerate(new) if package != old[index]
    }
    edits.update((path, version) for _, path, version in unused)
    edits.update(_references(lock.document, _Names(old), _Names(new), moved))
    return _with_sorted_blocks(with_lock_strings(lock, edits), new, moved)


def _packages(document: Mapping[str, Any]) -> list[_Package]:
    """The packages in the order of the file; what is no package at all counts as a nameless one."""
    entries = document.get("package")
    return [
        _Package(
            name=string_at(entry, "name") or "",
            version=string_at(entry, "version") or "",
            source=_without_commit(string_at(entry, "source")),
        )
        for entry in (entries if isinstance(entries, list) else [])
    ]


def _without_commit(source: str | None) -> str | None:
    return None if source is None else source.partition("#")[0]


def _check(packages: Sequence[_Package], moved: Mapping[str, tuple[str, str]], unused: Container[str]) -> None:
    """Raises InputError for the first member that has no entry, or none with its old version."""
    found: dict[str, list[str]] = {name: [] for name in moved}
    for package in packages:
        if package.source is None and package.name in moved:
            found[package.name].append(package.version)
    for name, (old, _) in moved.items():
        if not found[name] and name in unused:
            continue
        if not found[name]:
            raise InputError(f"no entry for the crate {name}", hint=_HINT, code="lock-entry-missing")
        if old not in found[name]:
            message = f"the crate {name} is locked at {', '.join(found[name])}, expected {old}"
            raise InputError(message, hint=_HINT, code="lock-stale")


def _unused_patches(
    document: Mapping[str, Any], moved: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, KeyPath, str]]:
    """Name, path and new version of the moved packages among `[[patch.unused]]`."""
    unused = value_at(document, ("patch", "unused"))
    for index, entry in enumerate(unused if isinstance(unused, list) else []):
        name = string_at(entry, "name") or ""
        old, new = moved.get(name, ("", ""))
        if string_at(entry, "source") is None and old and string_at(entry, "version") == old:
            yield name, ("patch", "unused", index, "version"), new


class _Names:
    """How the packages of a lock file are referred to, and what a reference means."""

    def __init__(self, packages: Sequence[_Package]) -> None:
        self.packages = packages
        self._by_name: dict[str, list[int]] = {}
        for index, package in enumerate(packages):
            self._by_name.setdefault(package.name, []).append(index)

    def find(self, reference: str) -> int | None:
        """The index of the package that is meant; None where none or several could be. A local one goes first."""
        name, version, source = _parts(reference)
        found = [
            index
            for index in self._by_name.get(name, ())
            if (not version or self.packages[index].version == version)
            and (not source or f"({self.packages[index].source})" == _without_commit_in_brackets(source))
        ]
        local = [index for index in found if self.packages[index].source is None]
        return found[0] if len(found) == 1 else local[0] if len(local) == 1 else None

    def reference(self, index: int, *, is_full: bool) -> str:
        """The reference that cargo writes: no more than is needed, or everything in lock files of version 1."""
        package = self.packages[index]
        versions = Counter(self.packages[each].version for each in self._by_name[package.name])
        if len(versions) == 1 and versions[package.version] == 1 and not is_full:
            return package.name
        if package.source is None or (versions[package.version] == 1 and not is_full):
            return f"{package.name} {package.version}"
        return f"{package.name} {package.version} ({package.source})"


def _references(
    document: Mapping[str, Any], old: _Names, new: _Names, moved: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[KeyPath, str]]:
    """The edits of all lists of dependencies that name a moved package, sorted as they were."""
    lists = list(_dependency_lists(document))
    # Only version 1 gives every reference a version.
    is_full = "version" not in document and all(" " in each for _, references in lists for each in references)
    for path, references in lists:
        if not any(_parts(reference)[0] in moved for reference in references):
            continue
        after = [_moved_reference(reference, old, new, moved, is_full=is_full) for reference in references]
        # Cargo compares these versions as text: "10.0.0" goes before "2.0.0".
        if sorted(references, key=_parts) == references:
            after.sort(key=_parts)
        yield from (((*path, index), reference) for index, reference in enumerate(after))


def _dependency_lists(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, list[str]]]:
    entries = document.get("package")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        references = value_at(entry, ("dependencies",))
        if isinstance(references, list) and all(isinstance(each, str) for each in references):
            yield ("package", index, "dependencies"), references


def _moved_reference(
    reference: str, old: _Names, new: _Names, moved: Mapping[str, tuple[str, str]], *, is_full: bool
) -> str:
    index = old.find(reference) if _parts(reference)[0] in moved else None
    return reference if index is None else new.reference(index, is_full=is_full)


def _parts(reference: str) -> tuple[str, str, str]:
    """Name, version and source in brackets of a reference, empty where it leaves them out."""
    name, _, rest = reference.partition(" ")
    version, _, source = rest.partition(" ")
    return name, version, source


def _without_commit_in_brackets(source: str) -> str:
    return f"({source.strip('()').partition('#')[0]})"


def _with_sorted_blocks(text: str, packages: Sequence[_Package], moved: Iterable[str]) -> str:
    """`text` with the blocks of packages that share a moved name in cargo's order: by version, local ones first."""
    from itertools import pairwise

    order = list(range(len(packages)))
    places_of: dict[str, list[int]] = {name: [] for name in moved}
    for index, package in enumerate(packages):
        places_of.get(package.name, []).append(index)
    for places in places_of.values():
        for place, index in zip(places, sorted(places, key=lambda each: _sort_key(packages[each])), strict=True):
            order[place] = index
    if order == list(range(len(packages))):
        return text
    before = read_toml(text)
    headers = list(_HEADER.finditer(before.body))
    starts = [header.start() for header in headers if header[1]]
    if len(starts) != len(packages):
        raise not_proved("the order of [[package]]")
    ends = {here.start(): after.start() for here, after in pairwise(headers)}
    blocks = [before.body[start : ends.get(start, len(before.body))] for start in starts]
    pieces: list[str] = []
    position = 0
    for start, block, index in zip(starts, blocks, order, strict=True):
        # Blank lines belong to the place: the last block of a file has none after it.
        blank = block[len(block.rstrip()) :]
        pieces += (before.body[position:start], blocks[index].rstrip(), blank)
        position = start + len(block)
    body = "".join((*pieces, before.body[position:]))
    expected = {**before.document, "package": [before.document["package"][index] for index in order]}
    if any(find_differences(expected, read_toml(body).document)):
        raise not_proved("the order of [[package]]")
    return before.bom + body


def _sort_key(package: _Package) -> tuple[object, ...]:
    """SemVer precedence, then local before any other source; build metadata as text."""
    core, _, build = package.version.partition("+")
    numbers, _, prerelease = core.partition("-")
    found = _NUMBERS.fullmatch(numbers)
    return (
        tuple(int(number) for number in found[0].split(".")) if found else (),
        not prerelease,
        tuple(
            (1, 0, part) if not part.isdecimal() or len(part) > 20 else (0, int(part), "")
            for part in prerelease.split(".")
        ),
        build,
        package.source is not None,
    )
