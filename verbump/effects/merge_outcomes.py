"""What each way of merging would make, tried out with real objects in a throw-away repository that borrows the user's.

Nothing is written into the user's repository: no object, no ref, no file.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from verbump.effects import files, git_history, read
from verbump.effects.git_repository import Repository
from verbump.errors import Problem, Refused
from verbump.planning import merges, preview
from verbump.planning.merges import Merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbump.domain.commits import Commit
    from verbump.effects.git_history import Location
    from verbump.effects.read import Options
    from verbump.planning.merges import Method, PullRequest
    from verbump.planning.snapshot import Snapshot

_WHO = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "verbump"), ("EMAIL", "verbump@localhost"), ("DATE", "@0 +0000"))
}
_PROMISES = r"^remote\..+\.(promisor|partialclonefilter)$"
_COPIED = ("refs/tags/", "refs/notes/verbump")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The base as it is, and as each method leaves it: first a plain merge, whatever is allowed.

    `commits` are the pull request's, oldest first, without merges. `problems` say where the two cannot be merged;
    `workflow` is the text of the release workflow, None without one.
    """

    base: Snapshot
    merged: tuple[Merged, ...]
    commits: tuple[Commit, ...]
    problems: tuple[Problem, ...] = ()
    workflow: str | None = None


def read_outcomes(options: Options, location: Location, pull: PullRequest, methods: Sequence[Method]) -> Outcomes:
    """What becomes of the repository at `location` by each of `methods`. `options` as for a snapshot of it.

    A squash whose message is not known is left out.

    Raises:
        Refused: the head is neither here nor to be fetched; as `read_snapshot`.
        GitFailed: an object is missing.
    """
    with _borrowed(location, options.remote) as repository:
        trial = _Trial(repository, replace(options, directory=repository.root), pull)
        trial.complete()
        commits = trial.read_commits()
        base = trial.read(pull.base)
        tree, problems = trial.merged_tree()
        made: list[Merged] = []
        for method in dict.fromkeys(("merge", *methods)):
            tip = trial.commits_of(method, tree, commits)
            if tip is not None:
                made.append(Merged(method=method, snapshot=trial.read(tip.commit, tree), shas=tip.shas))
        workflow = files.read_text(repository.root, preview.find_workflow(made[0].snapshot))
    problems = (*read.find_pending(location), *problems)
    return Outcomes(base=base, merged=tuple(made), commits=commits, problems=problems, workflow=workflow)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tip:
    commit: str
    shas: dict[str, str]


class _Trial:
    """One throw-away repository: commits are made in it, and looked at as any repository's."""

    def __init__(self, repository: Repository, options: Options, pull: PullRequest) -> None:
        self._repository = repository
        self._options = options
        self._pull = pull

    def complete(self) -> None:
        """Fetch the head of a pull request that was never fetched here."""
        pull, run = self._pull, self._repository
        if run.try_run("cat-file", "-e", f"{pull.head}^{{commit}}").status == 0:
            return
        reason = "it is not in this clone"
        if pull.number is not None and self._options.remote:
            ref = f"refs/pull/{pull.number}/head"
            done = run.try_remote("fetch", "--no-tags", "--end-of-options", self._options.remote, ref, looking=True)
            if done.status == 0 and run.try_run("cat-file", "-e", f"{pull.head}^{{commit}}").status == 0:
                return
            reason = " ".join(done.stderr.split()) or f"{ref} has moved on"
        message = f"the pull request's head {pull.head[:12]} cannot be read: {reason}"
        remote = self._options.remote or "REMOTE"
        hint = f"git fetch {remote} {f'pull/{pull.number}/head' if pull.number else 'BRANCH'}"
        raise Refused([Problem(code="head-missing", message=message, hint=hint)])

    def read_commits(self) -> tuple[Commit, ...]:
        """The pull request's commits, oldest first, without merges."""
        found = git_history.read_commits(self._repository.root, self._pull.head, without=(self._pull.base,))
        return tuple(commit for commit in found if len(commit.parents) < 2)[::-1]

    def merged_tree(self) -> tuple[str, tuple[Problem, ...]]:
        """The tree that merging makes; where it conflicts the head's, and that is said."""
        pull, run = self._pull, self._repository
        if run.is_ancestor(pull.base, pull.head):
            return f"{pull.head}^{{tree}}", ()
        done = run.try_run("merge-tree", "--write-tree", "--no-messages", pull.base, pull.head)
        if done.status == 0:
            return done.text.split("\n")[0], ()
        base = pull.base_branch or pull.base[:12]
        message = f"the branch conflicts with {base}: files are shown as they are on it"
        hint = f"git merge {base}, and mend the conflicts"
        if done.status != 1:
            message = f"git cannot try the merge, so files are shown as they are on the branch: {done.stderr.strip()}"
            hint = "git 2.38 or newer can"
        return f"{pull.head}^{{tree}}", (
            Problem(code="merge-conflict", severity="warning", message=message, hint=hint),
        )

    def commits_of(self, method: Method, tree: str, commits: Sequence[Commit]) -> _Tip | None:
        """What a method puts on the base: nothing where it is there already; None for a squash without a message."""
        base, head = self._pull.base, self._pull.head
        if self._repository.is_ancestor(head, base):
            return _Tip(commit=base, shas={})
        if method == "rebase":
            return self._rebased(commits)
        if method == "merge":
            made = self._commit(tree, merges.merge_message(self._pull), base, head)
            return _Tip(commit=made, shas={made: ""})
        message = merges.squash_message(self._pull, commits)
        if message is None:
            return None
        made = self._commit(tree, message, base)
        return _Tip(commit=made, shas={made: ""})

    def read(self, commit: str, tree: str | None = None) -> Snapshot:
        """The repository with `commit` as its HEAD, on the base's branch, and the files of `tree`, else its own."""
        run, branch = self._repository, self._pull.base_branch
        run.run("read-tree", "--reset", "-u", tree or f"{commit}^{{tree}}", environment={"GIT_LFS_SKIP_SMUDGE": "1"})
        if branch is None:
            run.run("update-ref", "--no-deref", "HEAD", commit)
        else:
            run.run("update-ref", f"refs/heads/{branch}", commit)
            run.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        return read.read_snapshot(self._options)

    def _rebased(self, commits: Sequence[Commit]) -> _Tip:
        """Each commit anew on the base: with the paths that it changed, so that path filters see the same."""
        run = self._repository
        index = {"GIT_INDEX_FILE": str(run.location.git_dir / "rebase-index")}
        run.run("read-tree", self._pull.base, environment=index)
        tip, shas = self._pull.base, {}
        for commit in commits:
            options = ("--raw", "-r", "-z", "--root", "--no-commit-id", "--no-renames", "--no-abbrev")
            changed = run.run("diff-tree", *options, "--end-of-options", commit.sha).stdout
            lines = b"".join(_index_lines(changed))
            if lines:
                run.run("update-index", "-z", "--replace", "--index-info", data=lines, environment=index)
            tip = self._commit(run.run("write-tree", environment=index).text, commit.message, tip)
            shas[tip] = commit.sha
        return _Tip(commit=tip, shas=shas)

    def _commit(self, tree: str, message: str, *parents: str) -> str:
        options = [word for parent in parents for word in ("-p", parent)]
        data = message.encode("utf-8", "replace")
        tree = self._repository.run("rev-parse", "--verify", tree).text
        return self._repository.run("commit-tree", tree, *options, "-F", "-", data=data, environment=_WHO).text


def _index_lines(raw: bytes) -> Iterator[bytes]:
    """The output of `diff-tree --raw -z` as lines for `update-index -z --index-info`."""
    fields = raw.split(b"\0")
    for head, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, oid, _ = head.split(b" ")
        yield mode + b" " + oid + b" 0\t" + path + b"\0"


@contextmanager
def _borrowed(location: Location, remote: str | None) -> Iterator[Repository]:
    """An empty repository that reads the objects of `location`'s, with its tags, notes and the remote's address."""
    source = Repository(location)
    with tempfile.TemporaryDirectory(prefix="verbump-preview-") as scratch:
        folder = Path(scratch) / "tree"
        folder.mkdir()
        git_dir = folder / ".git"
        place = git_history.Location(
            root=folder, git_dir=git_dir, common_dir=git_dir, is_shallow=False, head=None, branch=None
        )
        repository = Repository(place)
        form = source.run("rev-parse", "--show-object-format").text
        repository.run("init", "--quiet", "--template=", f"--object-format={form}")
        alternates = git_dir / "objects" / "info" / "alternates"
        alternates.parent.mkdir(exist_ok=True)
        alternates.write_bytes(os.fsencode((location.common_dir / "objects").as_posix()) + b"\n")
        refs = source.run("for-each-ref", "--format=%(objectname) %(refname)", *_COPIED, looking=True).stdout
        (git_dir / "packed-refs").write_bytes(refs)
        if remote is not None:
            url = source.try_run("remote", "get-url", "--end-of-options", remote, looking=True)
            if url.status == 0:
                repository.run("config", f"remote.{remote}.url", url.text)
        _promise(source, repository)
        yield repository


def _promise(source: Repository, repository: Repository) -> None:
    """Let it fetch what a partial clone lacks, from where that was cloned."""
    asked = source.try_run("config", "-z", "--get-regexp", _PROMISES, looking=True).text
    for entry in filter(None, asked.split("\0")):
        key, _, value = entry.partition("\n")
        remote = key.removeprefix("remote.").rpartition(".")[0]
        url = source.try_run("remote", "get-url", "--end-of-options", remote, looking=True)
        for name, text in {"core.repositoryFormatVersion": "1", key: value, f"remote.{remote}.url": url.text}.items():
            repository.run("config", name, text)
