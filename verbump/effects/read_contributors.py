"""Who made the commits of a release: names from git (its .mailmap heeded), accounts from the forge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verbump.effects import git_history
from verbump.errors import GitFailed, ServerFailed
from verbump.planning.notes_tail import Contributor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbump.effects.github import GitHub

_MOST_ASKED = 100  # authors; each costs two requests
_UNKNOWN_COMMIT = frozenset({404, 422})


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The commits that `head` reaches and `previous` (a tag, "" for none) does not."""

    root: Path
    head: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Author:
    name: str
    email: str
    sha: str


def read_contributors(commits: Range, hub: GitHub | None) -> tuple[Contributor, ...]:
    """The authors of the commits, in the order of their first commit there; bots are none. Without `hub` by name alone.

    Raises:
        GitFailed: git cannot read the range.
        ServerFailed: GitHub cannot be asked.
    """
    found: dict[str, Contributor] = {}
    for number, author in enumerate(_authors(commits)):
        account = _account_of(hub, author.sha) if hub is not None and number < _MOST_ASKED else None
        login = account.get("login") if isinstance(account, dict) else ""
        login = login if isinstance(login, str) else ""
        if _is_bot(account, author) or f"@{login or author.email}" in found:
            continue
        is_first = bool(commits.previous) and _is_first(commits, author, hub if login else None, login)
        found[f"@{login or author.email}"] = Contributor(name=author.name, login=login, is_first=is_first)
    return tuple(found.values())


def _authors(commits: Range) -> Iterator[_Author]:
    """Each author once, by the address that .mailmap gives, with the first commit of theirs."""
    without = [f"^refs/tags/{commits.previous}^{{commit}}"] if commits.previous else []
    words = ("log", "--reverse", "--no-merges", "--use-mailmap", "-z", "--format=%H%x01%aN%x01%aE")
    status, out, error = git_history.look(commits.root, *words, commits.head, *without, "--")
    if status != 0:
        raise GitFailed(f"git log: {error.decode('utf-8', 'replace').strip()}")
    seen: set[str] = set()
    for record in out.decode("utf-8", "replace").split("\0"):
        sha, _, rest = record.partition("\x01")
        name, _, email = rest.partition("\x01")
        if sha and email.lower() not in seen:
            seen.add(email.lower())
            yield _Author(name=name, email=email, sha=sha)


def _account_of(hub: GitHub, sha: str) -> Any:
    """The account of a commit's author, None where GitHub knows no such commit or no account for it."""
    try:
        data = hub.get(f"commits/{sha}")
    except ServerFailed as error:
        if error.answer.status in _UNKNOWN_COMMIT:
            return None
        raise
    return data.get("author") if isinstance(data, dict) else None


def _is_bot(account: Any, author: _Author) -> bool:
    kind = account.get("type") if isinstance(account, dict) else ""
    return kind == "Bot" or author.name.endswith("[bot]")


def _is_first(commits: Range, author: _Author, hub: GitHub | None, login: str) -> bool:
    """Whether the author has no commit up to the version before, by account, else by address."""
    if hub is not None:
        earlier = hub.get("commits", author=login, sha=commits.previous, per_page=1)
        return isinstance(earlier, list) and not earlier
    words = ("log", "--max-count=1", "--use-mailmap", "--fixed-strings", f"--author=<{author.email}>", "--format=%H")
    status, out, _ = git_history.look(commits.root, *words, f"refs/tags/{commits.previous}^{{commit}}", "--")
    return status == 0 and not out.strip()
