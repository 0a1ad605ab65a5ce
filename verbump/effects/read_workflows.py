"""What workflows are written from: manifests as they lie, files below .github, verbump's hashes on the index."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump import __version__
from verbump.domain import distributions
from verbump.domain.tags import DEFAULT_FORMAT
from verbump.effects import files, git_history, read_config, read_tags, read_tree, registries
from verbump.errors import InputError
from verbump.planning import build_sources, package_views
from verbump.planning.snapshot import Snapshot
from verbump.planning.workflows import rendering, requirements
from verbump.planning.workflows.shape import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbump.config import Config
    from verbump.effects.git_history import Location

_NAME = "verbump-release"
_MOST_FILES = 500
_USUAL_REFS = ("refs/heads/main", "refs/heads/master")
_USUAL_BRANCH = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read. `index_url`: the Python index that is asked for hashes which are not there yet; "" asks none."""

    directory: Path
    config_file: Path | None = None
    index_url: str = ""


def read_facts(reading: Reading, adopted: Config | None = None) -> Facts:
    """The project in the repository that holds the directory, as its files lie, and its workflows.

    `adopted` stands for the configuration that the repository has.

    Raises:
        UsageError: no repository.
        ConfigError: the configuration is wrong.
        Refused: a manifest cannot be read, or tags of two formats at one version.
    """
    location = git_history.locate(reading.directory)
    config = adopted or read_config.read(location.root, reading.config_file)
    empty = Snapshot(
        head=location.head or "",
        branch=location.branch,
        today="",
        timestamp=0,
        tag_format=DEFAULT_FORMAT,
        config=config,
    )
    snapshot = read_tree.with_files(location.root, config, empty)
    reachable = git_history.read_reachable_tag_names(location.root, location.head) if location.head else frozenset()
    packages = package_views.find_packages(snapshot, reachable)
    if not packages:
        local = git_history.read_tags(location.root)
        snapshot = replace(snapshot, tag_format=read_tags.tag_format(config, local, reachable))
    found = dict(_read_files(location))
    return Facts(
        snapshot=snapshot,
        files=found,
        programs=read_tree.find_programs(location.root, snapshot),
        packages=packages,
        default_branch=_default_branch(location),
        own=_own(snapshot, found, reading.index_url),
        has_tests=any((location.root / path).exists() for path in config.build.tests),
        today=_today(),
    )


def _read_files(location: Location) -> Iterator[tuple[PurePosixPath, str]]:
    """Path and text of the workflows, of what stands beside them, and of the repository's own action."""
    for pattern in ("action.y*ml", ".github/*.y*ml", ".github/workflows/*.y*ml", ".github/verbump/*.txt"):
        for path in sorted(location.root.glob(pattern))[:_MOST_FILES]:
            name = PurePosixPath(path.relative_to(location.root).as_posix())
            if files.find_unsafe(location.root, name) is not None:
                continue
            text = files.read_text(location.root, name)
            if text is not None:
                yield name, text


def _own(snapshot: Snapshot, found: dict[PurePosixPath, str], index_url: str) -> requirements.Own | None:
    """verbump as it runs now; None in its own repository. Hashes that the file has for this version are kept."""
    try:
        python = build_sources.find_python(snapshot)
    except InputError:
        python = None
    if python is not None and distributions.normalised(python.name) == _NAME:
        return None
    own = requirements.Own(name=_NAME, version=__version__)
    hashes = requirements.find_hashes(found.get(rendering.REQUIREMENTS, ""), own.name, own.version)
    if not hashes and index_url:
        hashes = _asked(own, index_url)
    return replace(own, hashes=hashes)


def _asked(own: requirements.Own, index_url: str) -> tuple[str, ...]:
    """The hashes of that version's files, () where the index does not have it or cannot be asked."""
    registered = registries.read_pypi(own.name, index_url)
    found = set()
    for name, sha256 in registered.hashes.items():
        parse = distributions.parse_wheel_name if name.endswith(".whl") else distributions.parse_sdist_name
        try:
            named = parse(name)
        except InputError:
            continue
        if sha256 and distributions.is_same_version(named.version, own.version):
            found.add(sha256)
    return tuple(sorted(found))


def _default_branch(location: Location) -> str:
    """The remote's default branch as it was when cloned, else main or master, else the one checked out."""
    _, out, _ = git_history.look(location.root, "for-each-ref", "--format=%(symref)", "refs/remotes/*/HEAD")
    for name in os.fsdecode(out).split():
        return name.removeprefix("refs/remotes/").partition("/")[2]
    _, out, _ = git_history.look(location.root, "for-each-ref", "--format=%(refname:lstrip=2)", *_USUAL_REFS)
    usual = os.fsdecode(out).split()
    return usual[0] if usual else location.branch or _USUAL_BRANCH


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())
