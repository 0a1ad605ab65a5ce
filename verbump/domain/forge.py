"""Where a repository's commits, issues and comparisons are shown: GitHub, GitLab, Gitea and Forgejo, Bitbucket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

Kind = Literal["github", "gitlab", "gitea", "bitbucket"]

_HOSTS: dict[str, Kind] = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "codeberg.org": "gitea",
    "gitea.com": "gitea",
    "bitbucket.org": "bitbucket",
}
_SCP_LIKE = re.compile(r"(?:[^@/:\s]{1,255}@)?([A-Za-z0-9.-]{2,255}):(?!//)([^\s]{1,2000})")
_SEGMENT = re.compile(r"[A-Za-z0-9_.~-]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forge:
    """A repository on a forge. `url` is its page: https://host/owner/repository."""

    kind: Kind
    url: str

    def commit_url(self, sha: str) -> str:
        """The page of a commit."""
        return f"{self.url}{_COMMIT[self.kind]}{sha}"

    def issue_url(self, number: int) -> str:
        """The page of an issue. GitHub and Gitea lead on from there to the pull request of that number."""
        return f"{self.url}{_ISSUE[self.kind]}{number}"

    def compare_url(self, old: str, new: str) -> str:
        """The page that compares two refs."""
        before, after = quote(old, safe="/"), quote(new, safe="/")
        if self.kind == "bitbucket":
            return f"{self.url}/branches/compare/{after}..{before}"
        return f"{self.url}{_COMPARE[self.kind]}{before}...{after}"

    def tag_url(self, tag: str) -> str:
        """The page of a tag or its release."""
        return f"{self.url}{_TAG[self.kind]}{quote(tag, safe='/')}"


_COMMIT: dict[Kind, str] = {
    "github": "/commit/",
    "gitlab": "/-/commit/",
    "gitea": "/commit/",
    "bitbucket": "/commits/",
}
_ISSUE: dict[Kind, str] = {
    "github": "/issues/",
    "gitlab": "/-/issues/",
    "gitea": "/issues/",
    "bitbucket": "/issues/",
}
_COMPARE: dict[Kind, str] = {"github": "/compare/", "gitlab": "/-/compare/", "gitea": "/compare/"}
_TAG: dict[Kind, str] = {
    "github": "/releases/tag/",
    "gitlab": "/-/tags/",
    "gitea": "/releases/tag/",
    "bitbucket": "/src/",
}


def forge_of(remote_url: str, github_server: str = "") -> Forge | None:
    """The forge that a remote's URL points to, None where it is not known. Never raises.

    `github_server` is the address of a GitHub Enterprise server, as GITHUB_SERVER_URL gives it.
    """
    found = _host_and_path(remote_url)
    if found is None:
        return None
    host, path = found
    kind = _HOSTS.get(host)
    if kind is None and host == (_host_and_path(f"{github_server}/x/y") or ("", ""))[0]:
        kind = "github"
    if kind is None and (host.startswith("github.") or host.endswith(".ghe.com")):
        kind = "github"
    if kind is None and host.startswith("gitlab."):
        kind = "gitlab"
    segments = path.strip("/").removesuffix(".git").split("/")
    least = 2
    if kind is None or len(segments) < least or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return None
    if kind != "gitlab" and len(segments) != least:
        return None
    return Forge(kind=kind, url=f"https://{host}/{'/'.join(segments)}")


def without_credentials(remote_url: str) -> str:
    """The URL without user name, password and query: fit for a message."""
    if "://" not in remote_url:
        return remote_url
    try:
        parts = urlsplit(remote_url)
    except ValueError:
        return remote_url.partition("://")[0] + "://…"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _host_and_path(url: str) -> tuple[str, str] | None:
    """Lower-case host without port, and path, of an https, ssh, git or scp-like URL."""
    if "://" in url:
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError:
            return None
        if parts.scheme not in {"http", "https", "ssh", "git", "git+ssh"} or not host:
            return None
        return host.lower(), parts.path
    found = _SCP_LIKE.fullmatch(url)
    return (found[1].lower(), found[2]) if found else None
