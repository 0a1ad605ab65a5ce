"""What `publish pypi` finds on the disk: the configuration, the distributions, the project's own name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain.manifests import pyproject
from verbump.effects import artifacts, files, git_history
from verbump.effects import read_config as configuration
from verbump.errors import InputError, Problem, Refused, UsageError
from verbump.planning import publish_pypi
from verbump.planning.artifacts import AGAIN

if TYPE_CHECKING:
    from pathlib import Path

    from verbump.config import Config
    from verbump.planning.artifacts import Artifact


def read_config(directory: Path, named: Path | None) -> Config:
    """The configuration of the repository, or of `directory` where it is in none: publishing needs no clone.

    Raises:
        ConfigError: it is wrong.
    """
    return configuration.read(_root(directory), named)


def read_distributions(folder: Path, directory: Path, config: Config) -> tuple[Artifact, ...]:
    """The wheels and source distributions of `folder`, in order; hidden files and attestations do not count.

    Raises:
        Refused: no such folder; files that differ from SHA256SUMS or from what they say of themselves.
    """
    if not folder.is_dir():
        raise Refused([Problem(code="no-such-folder", message=f"{folder}: no such folder", hint=AGAIN)])
    project = None if config.packages else _project(directory)
    found = [each for each in artifacts.read_artifacts(folder) if not _is_aside(each.name)]
    problems = [
        Problem(code=each.code, message=f"{folder}: {each.message}", hint=each.hint)
        for each in publish_pypi.find_problems(found, artifacts.read_sums(folder), project)
    ]
    if problems:
        raise Refused(problems)
    return publish_pypi.find_distributions(found)


def _is_aside(name: str) -> bool:
    return name.startswith(".") or name.endswith(publish_pypi.ATTESTATION)


def _project(directory: Path) -> str | None:
    """The name in the repository's pyproject.toml, so that no other project's files are published by mistake.

    None where there is none.
    """
    try:
        text = files.read_text(_root(directory), PurePosixPath("pyproject.toml"))
        project = pyproject.parse(text) if text is not None else None
    except InputError:
        return None
    return project.name if project is not None and project.table is not None else None


def _root(directory: Path) -> Path:
    try:
        return git_history.locate(directory).root
    except UsageError:
        return directory
