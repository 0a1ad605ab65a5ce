"""What merging a pull request would release: by each merge method, commit by commit, file by file. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from verbump.domain.bumps import Bump
from verbump.domain.commits import Commit
from verbump.errors import Problem, Refused
from verbump.planning import checks, coming, manifest_changes, packages, preview_request, release, section, starting
from verbump.planning.manifest_changes import FileChange, Move
from verbump.planning.snapshot import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verbump.domain.changelog import Changelog
    from verbump.domain.releases import Release
    from verbump.planning.merges import Merged, Method, PullRequest
    from verbump.planning.next_version import Decision
    from verbump.planning.snapshot import Snapshot

ANY = Request()
_UNTOUCHED = "it changes nothing that is released"
_UNCONVENTIONAL = "not conventional: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One package (`name` is "" where the repository is one) and what is decided for it."""

    name: str
    view: Snapshot
    decision: Decision
    document: Changelog | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one merge method leads to, package by package."""

    method: Method
    decided: tuple[Decided, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitVerdict:
    """One commit of the pull request: how far it goes and by which rule, or why not.

    `fault` is what is wrong with its message, "" for nothing; `suggestion` the header as it should read.
    """

    commit: str
    header: str
    bump: Bump
    rule: str
    fault: str = ""
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The changelog section of one package as it will be: as data, and as Markdown."""

    name: str
    release: Release
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a release begins: its tags, and the workflow that they start ("" where there is none)."""

    tags: tuple[str, ...] = ()
    workflow: str = ""
    is_dispatchable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All of it. `unreleased` is what the base leads to without the pull request, `own` how far that goes alone.

    `outcomes` has the methods asked for; what else is here follows the first of them. `squashed` is the commit that a
    squash makes, None where that was not asked for. `requests` is what the pull request itself releases (`1.3.0`, or
    `core 1.3.0`), where it is one of `verbump release --pull-request`.
    """

    pull: PullRequest
    unreleased: tuple[Decided, ...]
    outcomes: tuple[Outcome, ...]
    own: Bump = Bump.NONE
    commits: tuple[CommitVerdict, ...] = ()
    squashed: CommitVerdict | None = None
    files: tuple[FileChange, ...] = ()
    sections: tuple[Section, ...] = ()
    problems: tuple[Problem, ...] = ()
    start: Start = field(default_factory=Start)
    requests: tuple[str, ...] = ()

    @property
    def first(self) -> Outcome:
        """The outcome of the first method."""
        return self.outcomes[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What was read: the base, the repository as each method leaves it (a plain merge first), and the commits.

    `methods` are those to tell of, in order; `workflow` is the text of the release workflow, None without one.
    """

    pull: PullRequest
    base: Snapshot
    merged: tuple[Merged, ...]
    methods: tuple[Method, ...]
    commits: tuple[Commit, ...]
    problems: tuple[Problem, ...] = ()
    workflow: str | None = None


def plan_preview(inputs: Inputs) -> Preview:
    """What `inputs` lead to. At least one of the methods must have been tried."""
    decided = {each.method: decide(each.snapshot) for each in inputs.merged}
    told = [each for method in inputs.methods for each in inputs.merged if each.method == method]
    outcomes = tuple(Outcome(method=each.method, decided=_as_told(decided[each.method], each.shas)) for each in told)
    first, unreleased = told[0], decide(inputs.base)
    requests = preview_request.find_requests(inputs.commits)
    files, sections, problems = _written(first, decided[first.method]) if not requests else ((), (), [])
    own = {commit.sha for commit in inputs.commits} | set(first.shas)
    found = [*_problems(first.snapshot, outcomes[0].decided), *problems, *inputs.problems]
    released = [each for each in outcomes[0].decided if each.decision.version is not None]
    if requests:
        found = [each for each in found if each.code != "versions-disagree"]
        asked = [f"{each.name} {each.decision.version}".lstrip() for each in released]
        found += preview_request.find_outdated(inputs.pull, asked, requests)
        tags = preview_request.tags_of(first.snapshot, requests)
    else:
        tags = tuple(each.decision.tag for each in released)
    return Preview(
        pull=inputs.pull,
        unreleased=unreleased,
        outcomes=outcomes,
        own=_own_bump(decided[first.method], unreleased, own),
        commits=tuple(_verdict(commit, decided["merge"]) for commit in inputs.commits),
        squashed=next(
            (_squashed(each, decided["squash"]) for each in told if each.method == "squash" and each.shas), None
        ),
        files=files,
        sections=sections,
        problems=tuple(dict.fromkeys(found)),
        start=_start(first.snapshot, tags, inputs.workflow),
        requests=requests,
    )


def decide(snapshot: Snapshot) -> tuple[Decided, ...]:
    """The next version of the repository, or of each of its packages, with all that is wrong on the way."""
    if snapshot.packages:
        return tuple(
            Decided(name=each.package.name, view=each.package.view, decision=each.decision, document=each.document)
            for each in packages.plan_next(snapshot, ANY)
        )
    document, _ = coming.parse_changelog(snapshot)
    return (Decided(name="", view=snapshot, decision=coming.plan_next(snapshot, ANY), document=document),)


def _as_told(decided: Iterable[Decided], shas: Mapping[str, str]) -> tuple[Decided, ...]:
    """The decisions with the commits that a person knows in place of those that the trial made."""
    return tuple(replace(each, decision=_with_known(each.decision, shas)) for each in decided)


def _with_known(decision: Decision, shas: Mapping[str, str]) -> Decision:
    reasons = (
        replace(each, commit=shas.get(each.commit, each.commit) or None) if each.commit else each
        for each in decision.reasons
    )
    ignored = (
        replace(each, commit=shas.get(each.commit, each.commit))
        for each in decision.ignored
        if not (each.why == "merge commit" and shas.get(each.commit) == "")
    )
    return replace(decision, reasons=tuple(reasons), ignored=tuple(ignored))


def _own_bump(decided: Iterable[Decided], unreleased: Iterable[Decided], own: set[str]) -> Bump:
    """How far the pull request goes by itself: its commits, and what it adds under Unreleased."""
    known = {(each.name, reason.header) for each in unreleased for reason in each.decision.reasons}
    return max(
        (
            reason.bump
            for each in decided
            for reason in each.decision.reasons
            if reason.commit in own or (reason.source == "unreleased" and (each.name, reason.header) not in known)
        ),
        default=Bump.NONE,
    )


def _squashed(merged: Merged, decided: Sequence[Decided]) -> CommitVerdict:
    """The one commit that the squash has made; it has no id yet that anybody knows."""
    (made,) = merged.shas
    packages = merged.snapshot.packages
    views = [package.view for package in packages] if packages else [merged.snapshot]
    commit = next((each for view in views for each in view.commits if each.sha == made), None)
    verdict = _verdict(commit or Commit(sha=made, parents=(), message=""), decided)
    return replace(verdict, commit="")


def _verdict(commit: Commit, decided: Sequence[Decided]) -> CommitVerdict:
    asked = [reason for each in decided for reason in each.decision.reasons if reason.commit == commit.sha]
    counting = [reason for reason in asked if reason.source == "commit"]
    if counting:
        most = max(counting, key=lambda reason: reason.bump)
        return CommitVerdict(commit=commit.sha, header=most.header, bump=most.bump, rule=most.rule)
    left = next((each for one in decided for each in one.decision.ignored if each.commit == commit.sha), None)
    rule = asked[0].rule if asked else _UNTOUCHED
    if left is None:
        return CommitVerdict(commit=commit.sha, header=commit.header, bump=Bump.NONE, rule=rule)
    is_fault = left.why.startswith(_UNCONVENTIONAL)
    return CommitVerdict(
        commit=commit.sha,
        header=left.header,
        bump=Bump.NONE,
        rule="" if is_fault else left.why,
        fault=left.why.removeprefix(_UNCONVENTIONAL) if is_fault else "",
        suggestion=left.suggestion,
    )


def _written(
    first: Merged, decided: Sequence[Decided]
) -> tuple[tuple[FileChange, ...], tuple[Section, ...], list[Problem]]:
    """Every file that the release changes, its sections, and what is wrong with them."""
    released = [each for each in decided if each.decision.version is not None]
    if not released:
        return (), (), []
    moves = [Move(view=each.view, version=each.decision.version) for each in released if each.decision.version]
    manifests = manifest_changes.plan_moves(first.snapshot, moves)
    files, sections, problems = list(manifests.files), [], list(manifests.problems)
    for each in released:
        written, _ = release.plan_changelog(each.view, each.decision, each.document)
        if isinstance(written, Problem):
            problems.append(written)
        elif written is not None:
            files.append(written)
        try:
            sections.append(_section(each, first.shas))
        except Refused as refused:
            problems += refused.problems
    return tuple(files), tuple(sections), problems


def _section(each: Decided, shas: Mapping[str, str]) -> Section:
    """The section with the commits that a person knows. Raises: as `release.render_section`."""
    made = section.release_of(each.view, each.decision, each.document)
    parts = tuple(
        replace(part, entries=tuple(replace(entry, sha=shas.get(entry.sha, entry.sha)) for entry in part.entries))
        for part in made.parts
    )
    made = replace(made, parts=parts)
    return Section(name=each.name, release=made, text=section.render(each.view, made, each.document))


def _problems(snapshot: Snapshot, decided: Sequence[Decided]) -> Iterator[Problem]:
    """What a release from here would refuse or warn of."""
    if snapshot.branch is not None:
        yield from checks.find_branch_problems(snapshot)
    for each in decided:
        yield from each.decision.problems
        yield from checks.find_tag_problems(each.view, each.decision)


def find_workflow(snapshot: Snapshot) -> PurePosixPath:
    """Where the workflow is that a version tag starts."""
    return PurePosixPath(".github/workflows") / snapshot.config.workflows.release


def _start(snapshot: Snapshot, tags: tuple[str, ...], workflow: str | None) -> Start:
    if workflow is None or not starting.is_started_by_tags(workflow):
        return Start(tags=tags)
    is_dispatchable = starting.parse_inputs(workflow) is not None
    return Start(tags=tags, workflow=str(find_workflow(snapshot)), is_dispatchable=is_dispatchable)
