"""Tag what merged pull requests have released: found on GitHub, held against the files, pushed alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verbump.effects import comment_released, git_history, git_objects, github, read_tree, workflow_start
from verbump.effects.git_repository import Repository
from verbump.effects.github_failures import field as field_of
from verbump.effects.github_requests import is_own
from verbump.errors import GitFailed, Problem, RaceLost, Refused, ReleaseUnfinished
from verbump.planning import tag_merged
from verbump.planning.actions import CreateTag, Plan, PushTags, actions_of, describe_tags, only_of
from verbump.planning.after_push import CommentReleased, DispatchWorkflow
from verbump.planning.release_actions import PLAN_TRAILER, find_release_trailers, find_trailer
from verbump.planning.release_request import BRANCH
from verbump.planning.tag_merged import Merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from verbump.effects.github import GitHub
    from verbump.planning.snapshot import Request, Snapshot
    from verbump.planning.tag_merged import Wanted

AGAIN = "verbump release --tag-merged"
_MOST_REQUESTS = 20
_DAY_SECONDS = 86_400
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A merged request with tags to make, or (`is_tagged`) with tags whose workflow may not have been started."""

    merged: Merged
    wanted: tuple[Wanted, ...]
    plan: Plan
    is_tagged: bool = False


class Tagger:
    """Reads and tags. `say` gets a line for each thing done."""

    def __init__(self, directory: Path, snapshot: Snapshot, say: Callable[[str], None], silence_seconds: float) -> None:
        self.directory = directory
        self.snapshot = snapshot
        self.say = say
        self.repository = Repository(git_history.locate(directory), silence_seconds=silence_seconds)
        self.hub: GitHub = github.connect(snapshot.forge)

    def find(self, request: Request) -> list[Found]:
        """The merged requests that still want something, oldest first.

        Raises:
            ServerFailed: GitHub cannot be asked.
        """
        found: list[Found] = []
        for merged in self._read_merged():
            wanted, problems = tag_merged.find_wanted(self.snapshot, merged)
            missing = tag_merged.find_missing(self.snapshot, wanted)
            if not problems and not missing:
                found += self._unstarted(merged, wanted) if not found else []
                break
            if problems and (found or self._is_tagged(merged.commit)):
                break  # tagged by hand
            if problems:
                raise Refused(problems)
            trees = self._read_trees(merged, missing)
            plan = tag_merged.plan_tags(self.snapshot, request, merged, missing, trees)
            found.append(Found(merged=merged, wanted=missing, plan=plan))
        return found[::-1]

    def _is_tagged(self, commit: str) -> bool:
        views = [package.view for package in self.snapshot.packages] or [self.snapshot]
        return any(tag.commit == commit for view in views for tag in view.tags)

    def tag(self, found: Found) -> None:
        """Make the tags, push them alone, start the workflow where the push does not.

        Raises:
            RaceLost, Refused: nothing has changed.
            ReleaseUnfinished: the tags are on the remote, and something is left.
        """
        dispatches = actions_of(found.plan.actions, DispatchWorkflow)
        remote = self.snapshot.readiness.remote if self.snapshot.readiness else None
        assert remote is not None
        if not found.is_tagged:
            self._push(found)
        if dispatches:
            commit = found.merged.commit
            pushed = workflow_start.AtRemote(remote=remote.name, commit=commit, is_repeat=found.is_tagged)
            workflow_start.start(self.repository, pushed, dispatches, self.say)
        comments = actions_of(found.plan.actions, CommentReleased)
        for remark in comment_released.comment(self.repository, remote.name, comments, self.say):
            self.say(f"note: {remark}")

    def _push(self, found: Found) -> None:
        made = actions_of(found.plan.actions, CreateTag)
        push = only_of(found.plan.actions, PushTags)
        self.repository.state_folder.mkdir(exist_ok=True)
        tags = {each.name: git_objects.create_tag(self.repository, each, push.commit) for each in made}
        named = describe_tags(push.tags)
        try:
            pushed = git_objects.push_tags(self.repository, push.remote, tags)
        except GitFailed as error:
            message = f"{error.message}; whether {named} arrived is not known"
            raise ReleaseUnfinished(message, hint=AGAIN) from error
        if pushed.result == "other":
            raise RaceLost(f"another run has made {named} on {push.remote}", hint=AGAIN)
        if pushed.result != "done":
            message = f"{push.remote} refused {named}; nothing has changed:\n{pushed.said}"
            hint = "may this token make tags? A ruleset for tags may keep it from that"
            raise Refused([Problem(code="push-refused", message=message, hint=hint)])
        self.say(f"pushed {named} to {push.remote}")
        lines = "".join(f"create refs/tags/{name} {oid}\n" for name, oid in tags.items())
        try:
            self.repository.run("update-ref", "--stdin", data=lines.encode())
        except GitFailed as error:
            self.say(f"note: {named} is not here yet ({error.message}): git fetch {push.remote} --tags")

    def _read_merged(self) -> Iterator[Merged]:
        """Merged requests into this branch, newest first."""
        owner = self.hub.repository.partition("/")[0]
        query = {"state": "closed", "head": f"{owner}:{BRANCH}", "base": str(self.snapshot.branch)}
        pulls = self.hub.pages("pulls", **query, sort="created", direction="desc")
        merged = (each for each in pulls if is_own(each, self.hub.repository) and each.get("merged_at"))
        for _, pull in zip(range(_MOST_REQUESTS), merged, strict=False):
            yield self._merged(pull)

    def _merged(self, pull: Any) -> Merged:
        number = field_of(pull, "number", int)
        commit = field_of(pull, "merge_commit_sha", str)
        messages = [
            field_of(field_of(each, "commit", dict), "message", str)
            for each in self.hub.pages(f"pulls/{number}/commits")
        ]
        ours = next((text for text in reversed(messages) if find_release_trailers(text)), "")
        plan = find_trailer(ours, PLAN_TRAILER)
        plan = plan if _HASH.fullmatch(plan) else ""
        return Merged(number=number, commit=commit, released=find_release_trailers(ours), plan=plan)

    def _read_trees(self, merged: Merged, wanted: tuple[Wanted, ...]) -> dict[str, Snapshot]:
        """By package, the files at the merge commit. Raises Refused where the branch does not hold that commit."""
        remote = self.snapshot.readiness.remote if self.snapshot.readiness else None
        assert remote is not None
        branch, tip = self.snapshot.branch, remote.tip
        ref = f"refs/heads/{branch}"
        if tip is not None and not self.repository.is_ancestor(merged.commit, tip):  # or not here yet
            self.repository.run_remote("fetch", "--no-tags", "--no-write-fetch-head", remote.name, ref)
        if tip is None or not self.repository.is_ancestor(merged.commit, tip):
            message = (
                f"pull request #{merged.number} left {merged.commit[:12]}, which {remote.name}/{branch} does not hold"
            )
            hint = f"{branch} was rewritten since? git log {remote.name}/{branch}"
            raise Refused([Problem(code="merge-not-on-branch", message=message, hint=hint)])
        return {
            each.package: read_tree.read_tree(self.directory, None, merged.commit, each.package or None).snapshot
            for each in wanted
        }

    def _unstarted(self, merged: Merged, wanted: tuple[Wanted, ...]) -> list[Found]:
        """The newest request, all tagged, where an interrupted run may not have started the workflow: within a day."""
        starts = tag_merged.plan_starts(self.snapshot, wanted)
        if not starts or not all(self._is_new(each.name) for each in wanted):
            return []
        return [Found(merged=merged, wanted=wanted, plan=Plan(actions=tuple(starts)), is_tagged=True)]

    def _is_new(self, tag: str) -> bool:
        done = self.repository.try_run("for-each-ref", "--format=%(taggerdate:unix)", f"refs/tags/{tag}", looking=True)
        return done.text.isdigit() and self.snapshot.timestamp - int(done.text) < _DAY_SECONDS
