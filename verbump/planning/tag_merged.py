"""The tags of a release whose pull request has been merged: on the merge commit, as the request says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.domain import versions
from verbump.errors import Problem
from verbump.planning import coming, starting, verify
from verbump.planning.actions import Action, CreateTag, Plan, PushTags, describe_tags
from verbump.planning.after_push import plan_comments
from verbump.planning.release_actions import PLAN_TRAILER, RELEASE_TRAILER
from verbump.planning.snapshot import Identity, VersionTag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verbump.domain.versions import Version
    from verbump.planning.snapshot import Request, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A merged request. `commit` is what the merge left on the branch; `released` and `plan` are its trailers."""

    number: int
    commit: str
    released: tuple[str, ...]
    plan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A tag that there should be. `text` is what it releases: `1.3.0`, or `core 1.3.0`; `package` is "" for one."""

    name: str
    version: Version
    text: str
    package: str = ""


def find_wanted(snapshot: Snapshot, merged: Merged) -> tuple[tuple[Wanted, ...], tuple[Problem, ...]]:
    """The tags of a merged request, and what is wrong with what it says."""
    views = {package.name: package.view for package in snapshot.packages} or {"": snapshot}
    found, problems = [], []
    for text in merged.released:
        package, _, said = text.rpartition(" ")
        version = versions.parse_or_none(said)
        if version is None or package not in views:
            problems.append(_unknown(merged, text))
        else:
            name = views[package].tag_format.tag(version)
            found.append(Wanted(name=name, version=version, text=text, package=package))
    if not merged.released:
        message = f"pull request #{merged.number} is merged, but none of its commits says what it releases"
        hint = (
            f"a commit of it needs the line `{RELEASE_TRAILER}: VERSION`; or git tag -a vVERSION {merged.commit[:12]}"
        )
        problems.append(Problem(code="no-trailer", message=message, hint=hint))
    return tuple(found), tuple(problems)


def find_missing(snapshot: Snapshot, wanted: Sequence[Wanted]) -> tuple[Wanted, ...]:
    """Those of the tags that the remote does not hold."""
    remote = snapshot.readiness.remote if snapshot.readiness else None
    there = remote.tag_names if remote else frozenset()
    return tuple(each for each in wanted if each.name not in there)


def plan_tags(
    snapshot: Snapshot, request: Request, merged: Merged, missing: Sequence[Wanted], trees: Mapping[str, Snapshot]
) -> Plan:
    """Tags, their push, the workflow's start. `trees` are, by package, the files as they stand at the merge commit."""
    readiness = snapshot.readiness
    assert readiness is not None
    assert readiness.remote is not None
    problems = list(find_problems(snapshot))
    for each in missing:
        problems += _find_disagreements(merged, each, trees[each.package])
        if each.name in snapshot.tag_names:
            message = f"tag {each.name} exists here, but not on {readiness.remote.name}"
            hint = f"git tag -d {each.name}, and run again; or push it: git push {readiness.remote.name} {each.name}"
            problems.append(Problem(code="tag-exists", message=message, hint=hint))
    identity = readiness.identity or Identity(name="", email="")
    plan = f"{PLAN_TRAILER}: {merged.plan}\n" if merged.plan else ""
    actions: list[Action] = [
        CreateTag(
            name=each.name,
            message=f"Release {each.text}\n\n{RELEASE_TRAILER}: {each.text}\n{plan}",
            identity=identity,
            timestamp=snapshot.timestamp,
            sign=readiness.signs_tags if request.sign is None else request.sign,
        )
        for each in missing
    ]
    names = tuple(each.name for each in missing)
    actions.append(PushTags(remote=readiness.remote.name, commit=merged.commit, tags=names))
    actions += plan_starts(snapshot, missing)
    actions += plan_comments(snapshot, {each.name: _section(trees[each.package], each) for each in missing})
    problems += starting.find_problems(readiness.starting, len(missing))
    return Plan(actions=tuple(actions), problems=tuple(dict.fromkeys(problems)))


def _section(tree: Snapshot, wanted: Wanted) -> str:
    """The tag's section of the changelog at the merge commit, "" where there is none."""
    document, _ = coming.parse_changelog(tree)
    found = document.section(str(wanted.version)) if document else None
    return found.body if found else ""


def plan_starts(snapshot: Snapshot, wanted: Sequence[Wanted]) -> list[Action]:
    """What starts the workflow at each tag, where the push does not."""
    facts = snapshot.readiness.starting if snapshot.readiness else None
    return list(starting.plan_dispatches(facts, {each.name: str(each.version) for each in wanted}))


def find_problems(snapshot: Snapshot) -> Iterator[Problem]:
    """What keeps tags from being made and pushed at all."""
    readiness = snapshot.readiness
    assert readiness is not None
    remote = readiness.remote
    if remote is None:
        yield Problem(
            code="no-remote", message="no remote to push to", hint="git remote add origin URL, or --remote NAME"
        )
    elif remote.error:
        message = f"{remote.name} ({remote.url}) cannot be read: {remote.error}"
        yield Problem(code="remote-unreachable", message=message, hint=f"git ls-remote {remote.name}")
    if snapshot.branch is None:
        hint = "git switch BRANCH, or in CI `verbump release --tag-merged --branch BRANCH`"
        yield Problem(code="detached-head", message="HEAD is detached: merged into which branch?", hint=hint)
    if readiness.identity is None:
        message = "git does not know who you are: a tag needs a name and an e-mail address"
        yield Problem(code="no-identity", message=message, hint='git config user.name "…" && git config user.email "…"')


def describe(merged: Merged, wanted: Sequence[Wanted]) -> str:
    """What is to be tagged, in a line."""
    return f"{describe_tags([each.name for each in wanted])} at {merged.commit[:7]} (pull request #{merged.number})"


def _find_disagreements(merged: Merged, wanted: Wanted, tree: Snapshot) -> Iterator[Problem]:
    """Errors where the files at the merge commit state another version than the request says."""
    tag = VersionTag(name=wanted.text, version=wanted.version, target="", commit=tree.head, is_reachable=True)
    for problem in verify.judge(tree, tag).problems:
        if problem.severity == "error":
            message = f"at {merged.commit[:7]}, where pull request #{merged.number} was merged: {problem.message}"
            hint = f"the request was changed: mend the files, and release anew; see git show {merged.commit[:12]}"
            yield Problem(code=problem.code, message=message, hint=hint)


def _unknown(merged: Merged, text: str) -> Problem:
    message = (
        f"pull request #{merged.number} says that it releases {text[:80]!r}, which is no version of a package here"
    )
    return Problem(code="bad-trailer", message=message, hint=f"git show {merged.commit[:12]}")
