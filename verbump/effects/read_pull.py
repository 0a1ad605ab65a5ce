"""Which pull request is meant: by the options, the event that started the workflow, or GitHub itself."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verbump.effects import git_history, read, read_config, read_tags
from verbump.effects.git_repository import Repository
from verbump.errors import UsageError
from verbump.planning.merges import MergeSettings, PullRequest

if TYPE_CHECKING:
    from verbump.effects.git_history import Location
    from verbump.effects.github import GitHub
    from verbump.effects.read import Options
    from verbump.planning.merges import Method

_ALLOWED: dict[str, Method] = {
    "allow_merge_commit": "merge",
    "allow_squash_merge": "squash",
    "allow_rebase_merge": "rebase",
}
_USUAL = ("main", "master")
_SYMREF = "ref: refs/heads/"
_LONGEST_EVENT = 20_000_000  # bytes; GitHub cuts an event's payload at 25 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options say of the pull request; None where they say nothing."""

    base: str | None = None
    head: str | None = None
    title: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A pull request as GitHub tells it: in an event, or in an answer."""

    number: int | None = None
    title: str = ""
    body: str = ""
    head_sha: str = ""
    head_repository: str = ""
    label: str = ""
    base_sha: str = ""
    base_branch: str = ""
    settings: MergeSettings = field(default_factory=MergeSettings)


def read_event() -> dict[str, Any]:
    """The event that started the workflow, {} where there is none or it cannot be read."""
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    try:
        if not path or Path(path).stat().st_size > _LONGEST_EVENT:
            return {}
        event = json.loads(Path(path).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def of_event(event: dict[str, Any], number: int | None) -> Found | None:
    """The pull request of an event; None where it has none, or not the one of that number."""
    if not isinstance(event.get("pull_request"), dict):
        return None
    found = parse(event["pull_request"])
    return found if number in {None, found.number} else None


def of_number(hub: GitHub, number: int) -> Found:
    """The pull request of that number. Raises: as `GitHub.get`."""
    return parse(hub.get(f"pulls/{number}"))


def parse(data: Any) -> Found:
    """A pull request in GitHub's JSON, as far as it is there."""
    head, base = _part(data, "head"), _part(data, "base")
    repository = _part(base, "repo")
    number = data.get("number") if isinstance(data, dict) else None
    return Found(
        number=number if isinstance(number, int) and not isinstance(number, bool) else None,
        title=_text(data, "title"),
        body=_text(data, "body"),
        head_sha=_text(head, "sha"),
        head_repository=_text(_part(head, "repo"), "full_name"),
        label=_text(head, "label"),
        base_sha=_text(base, "sha"),
        base_branch=_text(base, "ref"),
        settings=MergeSettings(
            methods=tuple(method for key, method in _ALLOWED.items() if repository.get(key) is True),
            squash_title=_text(repository, "squash_merge_commit_title"),
            squash_body=_text(repository, "squash_merge_commit_message"),
            merge_title=_text(repository, "merge_commit_title"),
        ),
    )


def read_pull(options: Options, asked: Asked, found: Found | None) -> tuple[Location, Options, PullRequest]:
    """The repository, completed where it was cloned in part; how to read it; the pull request.

    Raises:
        UsageError: no repository, or a ref that does not exist; no base is known.
        Refused: a shallow clone that cannot be completed.
    """
    location = git_history.locate(options.directory)
    config = read_config.read(location.root, options.config_file)
    remote = options.remote or config.remote or read.remote_of(location, location.branch)
    location, _ = read_tags.complete(location, config, remote, options)
    found = found or Found(base_branch=os.environ.get("GITHUB_BASE_REF", ""))
    head = read.commit_of(location, asked.head or "HEAD")
    if asked.head is None and found.head_sha:
        head = found.head_sha
    if asked.base is not None:
        base, branch = read.commit_of(location, asked.base), _branch_of(location, asked.base, remote)
    elif found.base_branch:
        base, branch = _base_of(location, remote, found), found.base_branch
    else:
        base, branch = _default(location, remote)
    named = options.config_file.absolute() if options.config_file is not None else None
    reading = replace(options, remote=remote, is_offline=True, config_file=named)
    pull = PullRequest(
        base=base,
        head=head,
        base_branch=branch,
        title=_one_line(asked.title if asked.title is not None else found.title),
        body=found.body,
        label=found.label or asked.head or location.branch or "",
        number=asked.number if asked.number is not None else found.number,
        settings=found.settings,
    )
    return location, reading, pull


def _one_line(title: str) -> str:
    return " ".join(title.split())


def _part(data: Any, name: str) -> dict[str, Any]:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def _text(data: Any, name: str) -> str:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def _base_of(location: Location, remote: str | None, found: Found) -> str:
    """The commit of the base branch: as fetched, as the checked-out trial merge has it, or as the event says.

    Raises:
        UsageError: it is not here.
    """
    places = [f"refs/remotes/{remote}/{found.base_branch}"] if remote else []
    if found.head_sha and _resolved(location, "HEAD^2") == found.head_sha:
        places.append("HEAD^1")
    places += [f"refs/heads/{found.base_branch}", *([found.base_sha] if found.base_sha else [])]
    commits = (_resolved(location, place) for place in places)
    base = next((commit for commit in commits if commit), None)
    if base is None:
        hint = f"git fetch {remote or 'REMOTE'} {found.base_branch} (actions/checkout: fetch-depth: 0), or --base REF"
        raise UsageError(f"the base branch {found.base_branch} is not in this clone", hint=hint, code="no-such-ref")
    return base


def _resolved(location: Location, revision: str) -> str:
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return git_history.look(location.root, *arguments)[1].decode().strip()


def _branch_of(location: Location, base: str, remote: str | None) -> str | None:
    """The branch that a ref is, without its remote; None where it is a tag or a commit."""
    _, out, _ = git_history.look(location.root, "rev-parse", "--symbolic-full-name", "--end-of-options", base)
    name = os.fsdecode(out).strip().split("\n")[-1]
    for prefix in ("refs/heads/", f"refs/remotes/{remote}/"):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return None


def _default(location: Location, remote: str | None) -> tuple[str, str]:
    """The commit and the name of the default branch: as the clone knows it, as the remote says, else main or master.

    Raises:
        UsageError: it is not known.
    """
    names = [_known_default(location, remote), *_USUAL] if remote is not None else list(_USUAL)
    prefix = f"refs/remotes/{remote}" if remote is not None else "refs/heads"
    for name in names:
        commit = _resolved(location, f"{prefix}/{name}") if name else ""
        if commit:
            return commit, name
    where = f"the default branch of {remote} is not known here" if remote else "there is no remote, main or master"
    raise UsageError(f"no base: {where}", hint="--base REF: the branch that is merged into", code="no-base")


def _known_default(location: Location, remote: str | None) -> str:
    """The name of the remote's default branch, "" where neither the clone nor the remote tells."""
    _, out, _ = git_history.look(location.root, "symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    known = os.fsdecode(out).strip().removeprefix(f"refs/remotes/{remote}/")
    if known:
        return known
    asked = Repository(location).try_remote(
        "ls-remote", "--symref", "--end-of-options", str(remote), "HEAD", looking=True
    )
    named = (line for line in asked.text.split("\n") if line.startswith(_SYMREF))
    return next(named, "").removeprefix(_SYMREF).partition("\t")[0]
