"""Where a repository's commits, issues and comparisons are shown: GitHub, GitLab, Gitea and Forgejo, Bitbucket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

Kind = Literal["github", "gitlab", "gitea", "bitbucket"]

_HOSTS: dict[str, Kind] = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "codeberg.org": "gitea",
    "gitea.com": "gitea",
    "bitbucket.org": "bitbucket",
}
# Other names of the same hosts: ssh over the port of https (GitHub, GitLab and Bitbucket document them).
_ALIASES = {
    "www.github.com": "github.com",
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
# The usual name of a second identity in ~/.ssh/config: github.com-work. No top-level domain is called com-work.
_IDENTITY = re.compile(r"(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitea\.com)-[a-z0-9-]+")
_SCP_LIKE = re.compile(r"(?:[^@/:\s]{1,255}@)?([A-Za-z0-9.-]{2,255}):(?!//)([^\s]{1,2000})")
_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,9}")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_.~-]{1,255}")
_HOST_AND_PORT = re.compile(r"(?:\[[^\]]*\]|[^:]*)(?::[0-9]+)?")
_QUERY = re.compile(r"[?#].*", re.DOTALL)
_SCHEMES = frozenset({"http", "https", "ssh", "git", "git+ssh", "ssh+git", "git+https"})


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
        before, after = self._quoted(old), self._quoted(new)
        if self.kind == "bitbucket":  # the newer one first, and two dots
            return f"{self.url}/branches/compare/{after}..{before}"
        return f"{self.url}{_COMPARE[self.kind]}{before}...{after}"

    def tag_url(self, tag: str) -> str:
        """The page of a tag or its release."""
        return f"{self.url}{_TAG[self.kind]}{self._quoted(tag)}"

    def download_url(self, tag: str) -> str:
        """Where the files of a release are fetched, each under its name: the address before `/<name>`."""
        if self.kind == "gitlab":
            return f"{self.url}/-/releases/{quote(tag, safe='', errors='replace')}/downloads"
        if self.kind == "bitbucket":  # files are the repository's, not a release's
            return f"{self.url}/downloads"
        return f"{self.url}/releases/download/{self._quoted(tag)}"

    def releases_url(self) -> str:
        """The page that lists the releases; of Bitbucket, which has none, the files."""
        return f"{self.url}{_RELEASES[self.kind]}"

    @property
    def owner(self) -> str:
        """Whose repository it is: the first part of its path."""
        return urlsplit(self.url).path.split("/")[1]

    def file_url(self, tag: str, path: str) -> str:
        """The page of a file as it is at a tag."""
        return f"{self.url}{_FILE[self.kind]}{self._quoted(tag)}/{quote(path, errors='replace')}"

    def _quoted(self, ref: str) -> str:
        """The ref for a path. All but Bitbucket read a slash in it as it is."""
        return quote(ref, safe="" if self.kind == "bitbucket" else "/", errors="replace")


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
    "bitbucket": "/commits/tag/",
}
_RELEASES: dict[Kind, str] = {
    "github": "/releases",
    "gitlab": "/-/releases",
    "gitea": "/releases",
    "bitbucket": "/downloads",
}
_FILE: dict[Kind, str] = {
    "github": "/blob/",
    "gitlab": "/-/blob/",
    "gitea": "/src/tag/",
    "bitbucket": "/src/",
}


def forge_of(remote_url: str, github_server: str = "") -> Forge | None:
    """The forge that a remote's URL points to, None where it is not known. Never raises.

    `github_server` is the address of a GitHub Enterprise server, as GITHUB_SERVER_URL gives it.
    """
    found = _place(remote_url)
    if found is None:
        return None
    host, port, path = found
    server = _place(f"{github_server}/x/y")
    kind, page = _kind(host), f"https://{host}{port}"
    if kind is None and server is not None and server[0] == host:
        kind = "github"
        page = f"https://{server[0]}{server[1]}"
    segments = path.strip("/").removesuffix(".git").split("/")
    least = 2
    if kind is None or len(segments) < least or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return None
    if kind != "gitlab" and len(segments) != least:
        return None
    return Forge(kind=kind, url=f"{page}/{'/'.join(segments)}")


def without_credentials(remote_url: str) -> str:
    """The URL without user name, password, query and fragment: fit for a message.

    A password may hold characters that belong encoded (/ ? # @). Where there may be one, all up to the last @ goes.
    """
    scheme, mark, rest = remote_url.partition("://")
    if not mark:
        user, at, place = remote_url.partition("@")
        return place if at and ":" in user and "/" not in user else remote_url
    plain = _QUERY.sub("", rest)
    authority = plain.partition("/")[0]
    user, at, _ = authority.rpartition("@")
    if at:
        within = plain if ":" in user else authority
        return f"{scheme}://{plain[within.rfind('@') + 1 :]}"
    if not _HOST_AND_PORT.fullmatch(authority):
        plain = _QUERY.sub("", rest[rest.rfind("@") + 1 :])
    return f"{scheme}://{plain}"


def _kind(host: str) -> Kind | None:
    if host in _HOSTS:
        return _HOSTS[host]
    if host.startswith("github.") or host.endswith(".ghe.com"):
        return "github"
    return "gitlab" if host.startswith("gitlab.") else None


def _place(url: str) -> tuple[str, str, str] | None:
    """Host in lower case, port of an https page (`:8443`, mostly empty) and path, of an https, ssh or scp-like URL."""
    port = ""
    if "://" in url:
        try:
            parts = urlsplit(url)
            host, path = parts.hostname or "", parts.path
            if parts.scheme in {"https", "git+https"} and parts.port not in {None, 443}:
                port = f":{parts.port}"
        except ValueError:
            return None
        if parts.scheme not in _SCHEMES:
            return None
    else:
        found = _SCP_LIKE.fullmatch(url)
        if found is None:
            return None
        host, path = found[1], found[2]
    host = host.lower().rstrip(".")
    identity = _IDENTITY.fullmatch(host)
    host = identity[1] if identity else _ALIASES.get(host, host)
    return (host, port, path) if _HOST.fullmatch(host) else None
