"""The next version, and why: each commit and hand-written entry with the rule that it met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from verbump.domain import bumps, history, releases, schemes, versions
from verbump.domain.bumps import Bump
from verbump.domain.tags import DEFAULT_FORMAT
from verbump.errors import InputError, Problem
from verbump.planning.reading import footer_version, reading_of, zero_version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbump.domain.changelog import Changelog, Section
    from verbump.domain.history import History
    from verbump.planning.snapshot import Request, Snapshot, VersionTag

UPDATED_CATEGORY = "Changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a version: what asked, how far, by which rule. `commit` is None where no commit asked."""

    source: Literal["commit", "unreleased", "release-as", "option", "dependency"]
    header: str
    bump: Bump
    rule: str
    commit: str | None = None
    type: str | None = None
    scope: str | None = None
    is_breaking: bool = False
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A commit that asks for nothing, and why. `suggestion` is the header as it should read, where one can be given."""

    commit: str
    header: str
    why: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is released next. `version` is None when nothing is to be released.

    `requested` is the bump asked for, `bump` what is made of it (they differ below 1.0.0). `history` is what counts
    since the last final tag, `newer` since the current one.
    """

    current: VersionTag | None
    version: versions.Version | None = None
    tag: str = ""
    requested: Bump = Bump.NONE
    bump: Bump = Bump.NONE
    reasons: tuple[Reason, ...] = ()
    ignored: tuple[Left, ...] = ()
    problems: tuple[Problem, ...] = ()
    unreleased: Section | None = None
    history: History
    newer: History


def decide(snapshot: Snapshot, request: Request, document: Changelog | None) -> Decision:
    """The next version of `snapshot` under `request`; `document` is its parsed changelog.

    Problems are collected: with one of severity error the version may be missing or must not be released.
    """
    reading = reading_of(snapshot)
    whole = history.select(snapshot.commits, reading)
    newer = _newer(snapshot, whole, reading)
    unreleased = document.unreleased if document else None
    asked = [*_option_reasons(request), *_release_as_reasons(whole, snapshot), *_dependency_reasons(snapshot)]
    asked += _unreleased_reasons(unreleased, [change.commit.sha for change in whole.changes])
    reasons, ignored = _sort_commits(whole)
    requested = max((reason.bump for reason in (*asked, *reasons)), default=Bump.NONE)
    problems = list(whole.problems)
    version: versions.Version | None = None
    try:
        if _is_asked(snapshot, request, asked, newer):
            version = _version(snapshot, request, requested, whole)
    except InputError as error:
        problems.append(error.as_problem())
    final = snapshot.last_final()
    old = final.version if final else None
    return Decision(
        current=snapshot.current(),
        version=version,
        tag=snapshot.tag_format.tag(version) if version else "",
        requested=requested,
        bump=versions.bump_between(old, version) if version else Bump.NONE,
        reasons=(*asked, *reasons),
        ignored=ignored,
        problems=tuple(problems),
        unreleased=unreleased,
        history=whole,
        newer=newer,
    )


def token_of(snapshot: Snapshot, request: Request) -> str | None:
    """The pre-release token asked for: the option's, else that of the first matching glob of `prerelease_branches`."""
    from fnmatch import fnmatchcase

    if request.token is not None or request.exact is not None:
        return request.token
    branches = snapshot.config.prerelease_branches.items()
    return next((token for glob, token in branches if fnmatchcase(snapshot.branch or "", glob)), None)


def _newer(snapshot: Snapshot, whole: History, reading: history.Reading) -> History:
    """What is new since the current tag. A revert of something in the last candidate is a change there."""
    if len(snapshot.fresh) == len(snapshot.commits):
        return whole
    return history.select((commit for commit in snapshot.commits if commit.sha in snapshot.fresh), reading)


def _is_asked(snapshot: Snapshot, request: Request, asked: Sequence[Reason], newer: History) -> bool:
    current = snapshot.current()
    if asked or current is None:
        return True
    if current.version.prerelease and token_of(snapshot, request) is None:
        return True  # a candidate can always become final
    return any(change.verdict.bump for change in newer.changes)


def _version(snapshot: Snapshot, request: Request, requested: Bump, whole: History) -> versions.Version:
    current, final = snapshot.current(), snapshot.last_final()
    highest = current.version if current else None
    if request.exact is not None:
        return versions.check_exact(request.exact, highest)
    token = token_of(snapshot, request)
    wanted = _pending_release_as(whole, snapshot)
    if wanted is not None and token is None:
        return footer_version(wanted, highest)
    if wanted is None:
        _check_scheme(snapshot, highest)
    made = requested
    if final is not None:
        made = bumps.zero_bump(requested, final.version.major, final.version.minor, zero_version_of(snapshot))
    base = final.version if final else None
    initial = initial_version(snapshot)
    if wanted is not None:
        base, initial, made = None, footer_version(wanted, highest), Bump.NONE
    return versions.next_version(
        versions.NextRequest(
            final=base,
            current=highest if wanted is None else None,
            bump=made,
            token=token,
            taken=[tag.version for tag in snapshot.tags],
            initial=initial,
        )
    )


def _check_scheme(snapshot: Snapshot, current: versions.Version | None) -> None:
    """Refuse to raise what is no SemVer version, though it may look like one: somebody must name the next.

    Raises:
        InputError: the current version, a higher tag, or without tags the manifests, follow another scheme.
    """
    others = snapshot.tag_names.difference(tag.name for tag in snapshot.tags)
    first = initial_version(snapshot) if current is None and not snapshot.config.initial_version else None
    known = current or first
    if not others and (known is None or known.major < schemes.FIRST_YEAR):
        return
    is_given = snapshot.config.tag_format is not None or bool(snapshot.tags) or snapshot.tag_format != DEFAULT_FORMAT
    highest = max((tag.version for tag in snapshot.tags), default=None)
    foreign = schemes.find_foreign(others, snapshot.tag_format, highest, is_given=is_given)
    if foreign is not None:
        raise schemes.refusal(f"tag {foreign.tag}", foreign.scheme, foreign.numbers)
    if known is not None and schemes.is_calendar(known):
        where = f"tag {snapshot.tag_format.tag(known)}" if current else f"version {known} of the manifests"
        raise schemes.refusal(where, "a calendar version", (known.major, known.minor, known.patch))


def initial_version(snapshot: Snapshot) -> versions.Version:
    """The first release's version: the setting, else what the manifests say if above 0.0.0, else 0.1.0."""
    from verbump.planning import stated_versions

    if snapshot.config.initial_version:
        return versions.parse(snapshot.config.initial_version)
    stated = stated_versions.find_stated(snapshot)
    highest = max((each.version for each in stated if each.version is not None), default=None)
    return highest if highest is not None and highest > versions.parse("0.0.0") else versions.parse("0.1.0")


def _pending_release_as(whole: History, snapshot: Snapshot) -> history.ReleaseAs | None:
    """The newest Release-As footer, unless an earlier candidate has already fulfilled it."""
    wanted, current = whole.release_as, snapshot.current()
    if wanted is None or current is None or wanted.commit.sha in snapshot.fresh:
        return wanted
    version = versions.parse_or_none(wanted.version)
    return wanted if version is None or version > current.version else None


def _option_reasons(request: Request) -> Iterator[Reason]:
    if request.exact is not None:
        yield Reason(source="option", header=f"version {request.exact}", bump=Bump.NONE, rule="exact version")
    if request.floor is not None:
        bump = Bump[request.floor.upper()]
        yield Reason(source="option", header=f"--bump {request.floor}", bump=bump, rule="at least this bump")


def _dependency_reasons(snapshot: Snapshot) -> Iterator[Reason]:
    """One reason for each package that this one depends on and that is released along with it."""
    for name, version in snapshot.updated:
        yield Reason(
            source="dependency",
            header=f"{name} {version}",
            bump=Bump.PATCH,
            rule="dependents = patch",
            category=UPDATED_CATEGORY,
        )


def _release_as_reasons(whole: History, snapshot: Snapshot) -> Iterator[Reason]:
    wanted = _pending_release_as(whole, snapshot)
    if wanted is not None:
        yield Reason(
            source="release-as",
            header=f"Release-As: {wanted.version}",
            bump=Bump.NONE,
            rule="footer Release-As",
            commit=wanted.commit.sha,
        )


def _unreleased_reasons(unreleased: Section | None, shas: Sequence[str]) -> Iterator[Reason]:
    """One reason per hand-written entry, except lines that `changelog --write` made: their commit asks already.

    A bullet that stands under no category counts as one of "others".
    """
    for line in unreleased.intro if unreleased else ():
        if line.startswith(("- ", "* ", "+ ")):
            bump = bumps.of_entry("", line[2:])
            yield Reason(
                source="unreleased",
                header=line[2:].strip(),
                bump=bump,
                rule="no category",
                is_breaking=bump is Bump.MAJOR,
            )
    for category in unreleased.categories if unreleased else ():
        for entry in category.entries:
            if any(releases.names_sha(entry, sha) for sha in shas):
                continue
            yield Reason(
                source="unreleased",
                header=entry.text.split("\n")[0],
                bump=bumps.of_entry(category.title, entry.text),
                rule=f"category {category.title}",
                category=category.title,
                is_breaking=bumps.of_entry(category.title, entry.text) is Bump.MAJOR,
            )


def _sort_commits(whole: History) -> tuple[list[Reason], tuple[Left, ...]]:
    """Reasons, newest first, and the commits that ask for nothing, newest first."""
    reasons: list[Reason] = []
    left = [
        Left(
            commit=each.commit.sha,
            header=each.commit.header,
            why=each.why,
            suggestion=each.finding.suggestion if each.finding else None,
        )
        for each in whole.ignored
    ]
    for change in whole.changes:
        verdict = change.verdict
        if not verdict.bump:
            left.append(Left(commit=change.commit.sha, header=change.commit.header, why=verdict.rule))
            continue
        reasons.append(
            Reason(
                source="commit",
                commit=change.commit.sha,
                header=change.commit.header,
                type=change.parsed.type or None,
                scope=change.parsed.scope,
                is_breaking=change.parsed.breaking,
                bump=verdict.bump,
                rule=verdict.rule,
                category=verdict.category,
            )
        )
    return reasons, tuple(left)
