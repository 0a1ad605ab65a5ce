"""The pull request of a release on GitHub: its branch, whose commits GitHub makes and signs, and its text.

The branch is made anew beside the old one and takes its place in one step, so that the pull request never loses its
commits (GitHub closes one that has none). Source: GitHub Docs, GraphQL, `createCommitOnBranch`, `updateRefs`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from verbump.domain import changelog, hand_edits
from verbump.effects import git_objects
from verbump.effects.github_failures import field as field_of
from verbump.errors import InputError, RaceLost, ReleaseUnfinished, ServerFailed
from verbump.planning.release_actions import PLAN_TRAILER, find_release_trailers, find_trailer
from verbump.planning.release_request import EDITS_TRAILER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import PurePosixPath

    from verbump.effects.git_repository import Repository
    from verbump.effects.github import GitHub
    from verbump.planning.actions import ProposeRelease, WriteFile

AGAIN = "verbump release --pull-request"
_NONE = "0" * 40
_COMMIT = "mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }"
_MOVE = "mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"
_REPOSITORY = "query ($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { id } }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The pull request as it stands at the end. `did` is what became of it: opened, updated, or nothing."""

    number: int
    page: str
    did: str


@dataclass(slots=True, kw_only=True)
class Requester:
    """Brings about one ProposeRelease. `say` gets a line for each thing done; `remarks` what a person should know."""

    hub: GitHub
    repository: Repository
    say: Callable[[str], None]
    remarks: list[str] = field(default_factory=list)

    def propose(self, action: ProposeRelease) -> Asked:
        """The pull request, once its branch holds the release and its text says so.

        Raises:
            ServerFailed, GitFailed: nothing that anybody sees has changed.
            RaceLost: somebody else has moved the branch meanwhile.
            ReleaseUnfinished: the branch is there, the pull request is not.
        """
        pull = self.find_open(action.branch, action.into)
        was = self._branch_tip(action.branch)
        has_moved = self._bring_branch(action, was, is_open=pull is not None)
        try:
            return self._bring_pull(action, pull, has_moved=has_moved)
        except ServerFailed as error:
            if not has_moved:
                raise
            why = f"{error.message} ({_hint(error)})"
            message = f"{action.branch} holds the release, but its pull request is not there: {why}"
            raise ReleaseUnfinished(message, hint=AGAIN) from error

    def withdraw(self, branch: str, into: str) -> Asked | None:
        """The pull request that asked for a release that there is no more, closed; None where none is open."""
        pull = self.find_open(branch, into)
        if pull is None:
            return None
        number = field_of(pull, "number", int)
        self.hub.patch(f"pulls/{number}", {"state": "closed"})
        return Asked(number=number, page=field_of(pull, "html_url", str), did="closed")

    def find_open(self, branch: str, into: str) -> Any:
        """The open pull request from `branch` of this very repository into `into`, None where there is none."""
        owner = self.hub.repository.partition("/")[0]
        found = self.hub.pages("pulls", state="open", head=f"{owner}:{branch}", base=into)
        return next((each for each in found if is_own(each, self.hub.repository)), None)

    def _branch_tip(self, branch: str) -> str | None:
        data = self.hub.find(f"git/ref/heads/{branch}")
        return None if data is None else field_of(field_of(data, "object", dict), "sha", str)

    def _bring_branch(self, action: ProposeRelease, was: str | None, *, is_open: bool) -> bool:
        """Whether the branch had to be written: it holds the release on the base's tip, and hand edits, in the end.

        Without an open pull request it is a leftover: what it holds is merged, or was not wanted.
        """
        kept: dict[PurePosixPath, str] = {}
        if was is not None:
            ours = self._ours(action, was)
            if ours is not None and self._is_current(action, ours):
                return False
            if not is_open:
                pass
            elif ours is None:
                self.remarks.append(f"{action.branch} held no release of verbump's ({was[:7]}): written anew")
            else:
                kept = self._kept(action, ours, was)
        scratch = f"{action.branch}-next"
        self._begin(scratch, action.commit.base)
        headline, _, body = action.commit.message.partition("\n\n")
        files = {str(file.path): self._content(file) for file in action.commit.files}
        made = self._commit(scratch, action.commit.base, (headline, body), files)
        if kept:
            said = ("chore(release): keep hand edits", f"{EDITS_TRAILER}: kept\n")
            tip = self._commit(scratch, made, said, {str(path): text.encode() for path, text in kept.items()})
        else:
            tip = made
        self._swap(action, (was, tip), scratch)
        self.say(f"{action.branch} is at {tip[:7]}{', hand edits kept' if kept else ''}")
        return True

    def _ours(self, action: ProposeRelease, tip: str) -> str | None:
        """Our own newest commit on the branch as it was, None where it holds none. The branch is fetched."""
        self.repository.run_remote("fetch", "--no-tags", "--no-write-fetch-head", action.remote, tip)
        shas = self.repository.run("rev-list", "--end-of-options", tip, f"^{action.commit.base}", looking=True).text
        for sha in shas.split("\n")[:200]:
            if sha and find_trailer(self._message(sha), PLAN_TRAILER):
                return sha
        return None

    def _is_current(self, action: ProposeRelease, ours: str) -> bool:
        """Whether our commit there is of this very plan: same base, same files. What follows it are hand edits."""
        wanted = action.commit.message
        said = find_trailer(self._message(ours), PLAN_TRAILER) == find_trailer(wanted, PLAN_TRAILER)
        parent = self.repository.resolve(f"{ours}^")
        return said and parent == action.commit.base and bool(find_release_trailers(self._message(ours)))

    def _kept(self, action: ProposeRelease, ours: str, tip: str) -> dict[PurePosixPath, str]:
        """Path → text, of the files whose hand edits go on. Other files changed by hand are named."""
        kept = {}
        for file in action.commit.files:
            old, edited = self._text(ours, file.path), self._text(tip, file.path)
            if old is None or edited is None or old == edited or file.path not in action.edited:
                continue
            merged = hand_edits.with_edits(old, edited, file.after)
            if not _is_sound(merged):
                self.remarks.append(f"{file.path}: the edits of {tip[:7]} do not fit any more and are left out")
            elif merged != file.after:
                kept[file.path] = merged
        changed = self.repository.run("diff", "--name-only", "-z", "--no-renames", ours, tip, "--", looking=True).text
        others = sorted({name for name in changed.split("\0") if name} - {str(path) for path in action.edited})
        others = [name for name in others if self._is_by_hand(name, ours, tip)]
        if others:
            named = ", ".join(others[:5])
            self.remarks.append(f"changed by hand on {action.branch}, not kept: {named}; `git show {tip[:12]}` has it")
        return kept

    def _is_by_hand(self, name: str, ours: str, tip: str) -> bool:
        """Whether a commit of the branch itself changed the path, and not one that came with its base."""
        found = self.repository.run(
            "rev-list",
            "--max-count=1",
            "--first-parent",
            "--no-merges",
            f"{ours}..{tip}",
            "--",
            f":(literal,top){name}",
        )
        return bool(found.text)

    def _content(self, file: WriteFile) -> bytes:
        """The bytes as git keeps them, after clean filters."""
        blob = git_objects.create_blob(self.repository, file)
        return self.repository.run("cat-file", "blob", blob).stdout

    def _message(self, sha: str) -> str:
        return self.repository.run("log", "-1", "--format=%B", "--end-of-options", sha, looking=True).text

    def _text(self, commit: str, path: PurePosixPath) -> str | None:
        done = self.repository.try_run("cat-file", "blob", f"{commit}:{path}", looking=True)
        return done.stdout.decode("utf-8", "surrogateescape") if done.status == 0 else None

    def _begin(self, scratch: str, base: str) -> None:
        """The scratch branch at `base`, whatever an interrupted run has left there."""
        try:
            self.hub.post("git/refs", {"ref": f"refs/heads/{scratch}", "sha": base})
        except ServerFailed as error:
            if error.answer.status != 422 and not error.answer.is_unsure:
                raise
            if self._branch_tip(scratch) is None:
                raise
            self.hub.patch(f"git/refs/heads/{scratch}", {"sha": base, "force": True})

    def _commit(self, branch: str, base: str, message: tuple[str, str], files: Mapping[str, bytes]) -> str:
        """The id of a commit that GitHub makes on the branch, whose tip is `base`, and signs."""
        additions = [{"path": path, "contents": base64.b64encode(data).decode()} for path, data in files.items()]
        asked = {
            "branch": {"repositoryNameWithOwner": self.hub.repository, "branchName": branch},
            "message": {"headline": message[0], "body": message[1]},
            "fileChanges": {"additions": additions},
            "expectedHeadOid": base,
        }
        try:
            data = self.hub.graphql(_COMMIT, {"input": asked})
        except ServerFailed as error:
            if "STALE_DATA" in error.answer.reasons:
                message_ = f"another run is at work on {branch}: {error.message}"
                raise RaceLost(message_, hint=AGAIN) from error
            raise
        return field_of(field_of(field_of(data, "createCommitOnBranch", dict), "commit", dict), "oid", str)

    def _swap(self, action: ProposeRelease, move: tuple[str | None, str], scratch: str) -> None:
        """The branch from what it was to its new tip, and the scratch branch gone, as one."""
        was, tip = move
        owner, _, name = self.hub.repository.partition("/")
        found = self.hub.graphql(_REPOSITORY, {"owner": owner, "name": name})
        updates = [
            {"name": f"refs/heads/{action.branch}", "beforeOid": was or _NONE, "afterOid": tip, "force": True},
            {"name": f"refs/heads/{scratch}", "beforeOid": tip, "afterOid": _NONE},
        ]
        number = field_of(field_of(found, "repository", dict), "id", str)
        try:
            self.hub.graphql(_MOVE, {"input": {"repositoryId": number, "refUpdates": updates}})
        except ServerFailed as error:
            now = self._branch_tip(action.branch)
            if now == tip:
                return
            if now != was:
                message = f"{action.branch} has moved meanwhile ({(now or 'gone')[:7]}): {error.message}"
                raise RaceLost(message, hint=AGAIN) from error
            raise

    def _bring_pull(self, action: ProposeRelease, pull: Any, *, has_moved: bool) -> Asked:
        wanted = {"title": action.title, "body": action.body}
        if pull is None:
            data = {**wanted, "head": action.branch, "base": action.into}
            try:
                pull, did = self.hub.post("pulls", data), "opened"
            except ServerFailed as error:
                # Another run may have been faster, or the answer was lost.
                pull, did = self.find_open(action.branch, action.into), "opened"
                if pull is None:
                    raise error from None
        elif any((pull.get(name) or "") != text for name, text in wanted.items()):
            pull, did = self.hub.patch(f"pulls/{field_of(pull, 'number', int)}", wanted), "updated"
        else:
            did = "updated" if has_moved else "is current"
        number = field_of(pull, "number", int)
        self._label(number, action.labels, pull)
        return Asked(number=number, page=field_of(pull, "html_url", str), did=did)

    def _label(self, number: int, labels: tuple[str, ...], pull: Any) -> None:
        there = {each.get("name") for each in pull.get("labels", []) if isinstance(each, dict)}
        missing = [label for label in labels if label not in there]
        if missing:
            try:
                self.hub.post(f"issues/{number}/labels", {"labels": missing})
            except ServerFailed as error:
                self.remarks.append(f"#{number} has no label {', '.join(missing)}: {error.message}")


def is_own(pull: Any, repository: str) -> bool:
    """Whether a pull request comes from a branch of the repository itself, and from no fork."""
    head = pull.get("head") if isinstance(pull, dict) else None
    home = head.get("repo") if isinstance(head, dict) else None
    return isinstance(home, dict) and str(home.get("full_name", "")).lower() == repository.lower()


def _is_sound(text: str) -> bool:
    try:
        changelog.parse_changelog(text)
    except InputError:
        return False
    return True


def _hint(error: ServerFailed) -> str:
    if "not permitted to create" in error.message:
        return "Settings, Actions, General: allow GitHub Actions to create and approve pull requests"
    return error.hint
