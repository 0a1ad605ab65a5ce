"""What only a release asks of a repository: is it ready, who signs, what does the remote hold. Nothing is changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verbump.domain import forge
from verbump.effects import files, git_history
from verbump.planning.snapshot import Identity, PathState, Readiness, RemoteState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePosixPath

    from verbump.domain.commits import Commit
    from verbump.effects.git_history import TagRef
    from verbump.effects.git_repository import Repository

# What git leaves in its folder while an operation waits for its user: file → the command that goes on.
_OPERATIONS = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}
# The identity under which GitHub shows its own bot, id included, so that the avatar fits.
_ACTIONS_BOT = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")


def read_readiness(
    repository: Repository, paths: Iterable[PurePosixPath], remote: RemoteState | None, branch: str | None
) -> Readiness:
    """The state of `repository`, of the target files `paths`, and of the remote as it was read before."""
    location = repository.location
    tip = remote.tip if remote is not None and not remote.error and remote.is_tip_reached else None
    ahead: tuple[Commit, ...] = ()
    is_known = remote is not None and not remote.error and remote.is_tip_reached
    if is_known and branch is not None and location.head not in {None, tip}:
        assert location.head is not None
        ahead = tuple(git_history.read_commits(location.root, location.head, without=(tip,) if tip else ()))
    signs_commits, signs_tags = repository.is_set("commit.gpgsign", "tag.gpgsign")
    return Readiness(
        git_version=repository.version(),
        identity=_identity(repository),
        operation=next((word for name, word in _OPERATIONS.items() if (location.git_dir / name).exists()), None),
        has_conflicts=bool(repository.run("ls-files", "--unmerged", "-z", looking=True).stdout),
        locked=_find_lock(repository, branch),
        signs_commits=signs_commits,
        signs_tags=signs_tags,
        paths=_path_states(repository, tuple(dict.fromkeys(paths))),
        remote=remote,
        remote_names=repository.remote_names(),
        ahead=ahead,
    )


def read_remote(repository: Repository, name: str, branch: str | None) -> tuple[RemoteState, tuple[TagRef, ...]]:
    """What the remote holds of `branch`, and its tags. A remote that cannot be read is a RemoteState with `error`."""
    url = repository.try_run("remote", "get-url", "--push", "--end-of-options", name, looking=True).text or name
    shown = forge.without_credentials(url)
    is_mirror = repository.setting(f"remote.{name}.mirror", kind="bool") == "true"
    wanted = [f"refs/heads/{branch}"] if branch else []
    done = repository.try_remote("ls-remote", "--quiet", "--end-of-options", name, *wanted, "refs/tags/*")
    if done.status != 0:
        said = " ".join(done.stderr.split()) or f"git ls-remote ended with status {done.status}"
        return RemoteState(name=name, url=shown, is_mirror=is_mirror, error=said), ()
    tip = None
    for line in done.text.split("\n"):
        oid, _, ref = line.partition("\t")
        if branch and ref == f"refs/heads/{branch}":
            tip = oid
    tags = git_history.parse_tag_lines(done.stdout)
    head = repository.location.head
    reached = tip is None or head is None or tip == head or repository.is_ancestor(tip, head)
    state = RemoteState(
        name=name,
        url=shown,
        tip=tip,
        is_tip_reached=reached,
        is_mirror=is_mirror,
        tag_names=frozenset(tag.name for tag in tags),
    )
    return state, tags


def _identity(repository: Repository) -> Identity | None:
    """Committer name and e-mail as git would use them; in Actions without one, its bot; None where git knows none."""
    done = repository.try_run("var", "GIT_COMMITTER_IDENT", looking=True)
    who, found, _ = done.text.rpartition("> ")
    name, _, email = who.partition(" <")
    if done.status == 0 and found and name:
        return Identity(name=name, email=email)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        note = f"git knows no identity: the release is made by {_ACTIONS_BOT[0]}"
        return Identity(name=_ACTIONS_BOT[0], email=_ACTIONS_BOT[1], note=note)
    return None


def _find_lock(repository: Repository, branch: str | None) -> str | None:
    """A lock of another git process that would stop the release halfway, or None."""
    location = repository.location
    places = [location.git_dir / "index.lock", location.git_dir / "HEAD.lock", location.common_dir / "packed-refs.lock"]
    if branch:
        places.append(location.common_dir / "refs" / "heads" / f"{branch}.lock")
    return next((str(place) for place in places if place.exists()), None)


def _path_states(repository: Repository, paths: tuple[PurePosixPath, ...]) -> dict[PurePosixPath, PathState]:
    """What git and the disk say of each path."""
    names = [f":(literal,top){path}" for path in paths]
    if not names:
        return {}
    entries: dict[str, str] = {}
    for record in _records(repository.run("ls-files", "--stage", "-z", "--", *names, looking=True).stdout):
        head, _, name = record.partition("\t")
        entries[name] = head.split(" ", 1)[0]
    changed = _changed(repository, names)
    ignored = _ignored(repository, [str(path) for path in paths if str(path) not in entries])
    states = {}
    for path in paths:
        mode = entries.get(str(path))
        unsafe = files.find_unsafe(repository.root, path, is_new=mode is None)
        if mode == "160000":
            unsafe = "is a submodule"
        states[path] = PathState(
            is_tracked=mode is not None,
            exists=os.path.lexists(repository.root / path),
            is_ignored=str(path) in ignored,
            is_changed=str(path) in changed,
            mode=mode if mode in {"100644", "100755"} else "100644",
            unsafe=unsafe,
        )
    return states


def _ignored(repository: Repository, untracked: list[str]) -> set[str]:
    """Which of these paths, none of them tracked, git ignores. What is tracked is never ignored."""
    if not untracked:
        return set()
    listed = "".join(f"{path}\0" for path in untracked).encode("utf-8", "surrogateescape")
    return set(_records(repository.try_run("check-ignore", "-z", "--stdin", data=listed, looking=True).stdout))


def _changed(repository: Repository, names: list[str]) -> set[str]:
    """Paths whose index entry differs from HEAD or whose file differs from the index."""
    options = ("--porcelain=v2", "-z", "--untracked-files=no", "--no-renames", "--ignore-submodules=none")
    found = set()
    for record in _records(repository.run("status", *options, "--", *names, looking=True).stdout):
        kind, _, rest = record.partition(" ")
        if kind == "1":
            found.add(rest.split(" ", 7)[7])
        elif kind == "u":
            found.add(rest.split(" ", 9)[9])
    return found


def _records(out: bytes) -> list[str]:
    return [os.fsdecode(record) for record in out.split(b"\0") if record]
