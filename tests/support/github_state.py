"""What a GitHub knows: accounts, tokens, repositories whose refs are a real bare repository, releases, pull requests."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.git_repo import GitRepo

MOMENT = "2026-11-23T00:00:00Z"
LONGEST_BODY = 125_000
ALL = ("contents", "issues", "pull_requests", "checks", "actions", "administration")


@dataclass(frozen=True, kw_only=True)
class Account:
    login: str
    id: int
    type: Literal["User", "Bot"] = "User"


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token and what it may write; everybody may read. `actions` is a workflow's GITHUB_TOKEN."""

    account: Account
    kind: Literal["pat", "actions"] = "pat"
    writes: frozenset[str] = frozenset(ALL)


@dataclass(kw_only=True)
class Asset:
    id: int
    name: str
    label: str
    content_type: str
    content: bytes
    uploader: Account
    state: str = "uploaded"
    has_digest: bool = True

    @property
    def digest(self) -> str | None:
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}" if self.has_digest else None


@dataclass(kw_only=True)
class Release:
    id: int
    tag: str
    name: str
    body: str
    target: str
    author: Account
    draft: bool
    prerelease: bool
    immutable: bool = False
    assets: list[Asset] = field(default_factory=list)


@dataclass(kw_only=True)
class Comment:
    id: int
    issue: int
    body: str
    author: Account


@dataclass(kw_only=True)
class Pull:
    """`head` is a branch, of `head_repository` where it comes from a fork."""

    number: int
    title: str
    body: str
    head: str
    base: str
    author: Account
    head_repository: str = ""
    head_sha: str = ""
    state: str = "open"
    merge_sha: str = ""
    draft: bool = False


@dataclass(kw_only=True)
class Hosted:
    """One repository. `burnt` are tag names that an immutable release has used; `dispatches` what was started."""

    owner: str
    name: str
    git: GitRepo
    default_branch: str = "main"
    is_private: bool = False
    has_immutable_releases: bool = False
    merge_methods: frozenset[str] = frozenset({"merge", "squash", "rebase"})
    workflows: dict[str, bool] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    latest: int = 0
    comments: list[Comment] = field(default_factory=list)
    pulls: list[Pull] = field(default_factory=list)
    issues: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    labels: dict[int, list[str]] = field(default_factory=dict)
    check_runs: list[dict[str, Any]] = field(default_factory=list)
    dispatches: list[dict[str, Any]] = field(default_factory=list)
    rules: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    burnt: set[str] = field(default_factory=set)
    protected: set[str] = field(default_factory=set)

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    def release(self, number: int) -> Release | None:
        return next((each for each in self.releases if each.id == number), None)

    def asset(self, number: int) -> tuple[Release, Asset] | None:
        return next(((each, asset) for each in self.releases for asset in each.assets if asset.id == number), None)

    def published(self, tag: str) -> Release | None:
        return next((each for each in self.releases if each.tag == tag and not each.draft), None)

    def run(self, number: int, workflow: str, ref: str, *, event: str) -> None:
        """A run of a workflow at a branch or tag."""
        path, sha = f".github/workflows/{workflow}", self.resolve(ref)
        self.runs.append({"id": number, "path": path, "head_branch": ref, "head_sha": sha, "event": event})

    def pull(self, number: int) -> Pull | None:
        return next((each for each in self.pulls if each.number == number), None)

    def resolve(self, revision: str) -> str:
        """The commit of a branch, tag, full ref name or sha, "" where there is none."""
        names = (revision, f"refs/tags/{revision}", f"refs/heads/{revision}", f"refs/{revision}")
        found = (self.git.oid(f"{name}^{{commit}}") for name in names if not name.startswith("-"))
        return next((oid for oid in found if oid), "")


class World:
    """Everything on one GitHub. Names of files are kept as GitHub keeps them: see `kept_name`."""

    def __init__(self) -> None:
        self.ids: Iterator[int] = count(1001)
        self.accounts: dict[str, Account] = {}
        self.emails: dict[str, str] = {}
        self.tokens: dict[str, Token] = {}
        self.repositories: dict[str, Hosted] = {}
        self.bot = self.account("github-actions[bot]", kind="Bot")

    def account(self, login: str, *, email: str = "", kind: Literal["User", "Bot"] = "User") -> Account:
        """The account of that login, made where there is none; commits by `email` are its own."""
        made = self.accounts.setdefault(login, Account(login=login, id=next(self.ids), type=kind))
        if email:
            self.emails[email] = login
        return made

    def token(self, login: str = "maintainer", *, writes: tuple[str, ...] = ALL) -> str:
        """A personal access token."""
        value = f"github_pat_{next(self.ids)}x{hashlib.sha256(login.encode()).hexdigest()[:24]}"
        self.tokens[value] = Token(account=self.account(login), writes=frozenset(writes))
        return value

    def actions_token(self, *, writes: tuple[str, ...] = ("contents",)) -> str:
        """A workflow's GITHUB_TOKEN, which is github-actions[bot] and may write what `permissions` say."""
        value = f"ghs_{next(self.ids)}x{'a1' * 16}"
        self.tokens[value] = Token(account=self.bot, kind="actions", writes=frozenset(writes))
        return value

    def host(self, full_name: str, git: GitRepo, **settings: Any) -> Hosted:
        """A repository whose refs are those of the bare repository `git`."""
        owner, name = full_name.split("/")
        self.account(owner)
        made = Hosted(owner=owner, name=name, git=git, **settings)
        self.repositories[full_name.lower()] = made
        return made


def kept_name(name: str) -> str:
    """A file's name as GitHub keeps it. Source: GitHub Docs, "Upload a release asset": special characters are renamed."""
    return re.sub(r"[^A-Za-z0-9._+~@-]+", ".", name).strip(".")
