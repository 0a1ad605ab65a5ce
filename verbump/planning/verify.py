"""Do tag, manifests, lock files and changelog of one tree agree: every disagreement, none hidden behind another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain import changelog
from verbump.errors import InputError, Problem
from verbump.planning import manifest_changes, stated_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.domain.versions import Version
    from verbump.errors import Severity
    from verbump.planning.snapshot import Snapshot, VersionTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The tree's version, None where its files do not agree on one; `agreeing` are the files that state it."""

    version: Version | None
    tag: str
    agreeing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def judge(snapshot: Snapshot, tag: VersionTag | None) -> Verdict:
    """The tree that `snapshot` was read from, held against `tag`; without one its files against one another.

    The files agree with a version when a release of it would leave them as they are.
    """
    stated = stated_versions.find_stated(snapshot)
    problems = list(stated_versions.find_unreadable(snapshot))
    said = {each.version for each in stated if each.version is not None}
    version = tag.version if tag else said.pop() if len(said) == 1 else None
    if version is None:
        problems.append(_no_version([f"{each.path} {each.text}" for each in stated]))
        return Verdict(version=None, tag="", problems=tuple(problems))
    name = tag.name if tag else f"version {version}"
    wrong = {each.path for each in stated if each.version != version}
    for each in stated:
        if each.version != version:
            hint = f"a tag cannot be mended: release the next version, or git tag -d {name} where it is not pushed"
            message = f"{each.path} states {each.text}, {name} says {version}"
            problems.append(Problem(code="manifest-disagrees", message=message, hint=hint))
    changes = manifest_changes.plan(snapshot, version)
    problems += [problem for problem in changes.problems if problem not in problems]
    for file in changes.files:
        if file.path not in wrong:
            wrong.add(file.path)
            states = f" states {file.old}" if file.old and file.old != file.new else "'s requirements do not follow"
            hint = "cargo update --workspace, uv lock, or verbump release, which keeps them in step"
            message = f"{file.path}{states}, {name} says {version}"
            problems.append(Problem(code="file-disagrees", message=message, hint=hint))
    problems += _of_changelog(snapshot, version, is_tagged=tag is not None)
    problems += _of_current(snapshot, version, tag)
    agreeing = tuple(str(target.path) for target in snapshot.targets if target.path not in wrong)
    return Verdict(version=version, tag=tag.name if tag else "", agreeing=agreeing, problems=tuple(problems))


def _no_version(said: list[str]) -> Problem:
    if not said:
        hint = "verify a tag, or list files in tool.verbump.manifests"
        return Problem(code="no-version", message="no tag here, and no file states a version", hint=hint)
    hint = "make them agree, or `verbump release --align`"
    return Problem(code="versions-disagree", message=f"versions disagree: {', '.join(said)}", hint=hint)


def _of_changelog(snapshot: Snapshot, version: Version, *, is_tagged: bool) -> Iterator[Problem]:
    path = snapshot.changelog_path
    if path is None:
        return
    severity: Severity = "error" if is_tagged else "warning"
    text = snapshot.changelog
    hint = f"verbump release writes it; by hand: ## [{version}] - {snapshot.today}"
    if text is None:
        message = f"{path}: no such file"
        yield Problem(code="changelog-missing", message=message, hint=hint, severity=severity)
        return
    try:
        section = changelog.parse_changelog(text).section(str(version))
    except InputError as error:
        yield error.at(PurePosixPath(path)).as_problem()
        return
    if section is None:
        message = f"{path} has no section for {version}"
        yield Problem(code="changelog-section-missing", message=message, hint=hint, severity=severity)
    elif not section.date:
        message = f"{path}:{section.line}: the section of {version} has no date"
        yield Problem(code="changelog-no-date", message=message, hint=hint, severity="warning")


def _of_current(snapshot: Snapshot, version: Version, tag: VersionTag | None) -> Iterator[Problem]:
    """Without a tag at the commit: what the files state is the last release's, or newer."""
    current = snapshot.current()
    if tag is None and current is not None and version < current.version:
        message = f"the files state {version}, but {current.name} is already released"
        yield Problem(code="version-behind", message=message, hint="verbump release --align")
