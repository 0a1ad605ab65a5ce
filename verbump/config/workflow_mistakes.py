"""Values of `workflows` that cannot work: names of files, environments, repositories, Pythons, policies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.config.settings import WorkflowsConfig

_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*\.ya?ml")
_ENVIRONMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._-]{0,99}")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_IMAGE = re.compile(r"[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}")
_PYTHON = re.compile(r"3\.[0-9]{1,2}t?")
_POLICY = re.compile(r"[0-9]{1,2}_[0-9]{1,2}")
_MOST_PERCENT = 1_000


def find(workflows: WorkflowsConfig) -> Iterator[str]:
    """What cannot work, each beginning with the path of its setting."""
    for name, pattern, value, expected in _texts(workflows):
        if not pattern.fullmatch(value):
            yield f"workflows.{name}: expected {expected}, got {value!r}"
    if not 1 <= workflows.bench_percent <= _MOST_PERCENT:
        yield f"workflows.bench_percent: expected 1 to {_MOST_PERCENT}, got {workflows.bench_percent}"
    for name, commands in (("ci_commands", workflows.ci_commands), ("ci_tests", workflows.ci_tests)):
        for index, argv in enumerate(commands):
            if not argv or not argv[0]:
                yield f"workflows.{name}[{index}]: an empty command"


def _texts(workflows: WorkflowsConfig) -> Iterator[tuple[str, re.Pattern[str], str, str]]:
    """Setting, what it must match, its value, and that in words."""
    yield "release", _FILE, workflows.release, "the name of a file such as release.yml"
    for index, python in enumerate(workflows.pythons):
        yield f"pythons[{index}]", _PYTHON, python, "a version such as 3.13 or 3.14t"
    yield "manylinux", _POLICY, workflows.manylinux, "a policy such as 2_28"
    yield "musllinux", _POLICY, workflows.musllinux, "a policy such as 1_2"
    for name, repository in (("homebrew_tap", workflows.homebrew_tap), ("scoop_bucket", workflows.scoop_bucket)):
        if repository:
            yield name, _REPOSITORY, repository, "a repository as owner/name"
    if workflows.docker_base or "docker" in workflows.packages:
        yield "docker_base", _IMAGE, workflows.docker_base, "an image pinned as name@sha256:<64 hex digits>"
    for name in ("release", "pypi", "crates", "packages", "sign"):
        value = getattr(workflows.environments, name)
        yield f"environments.{name}", _ENVIRONMENT, value, "the name of an environment"
