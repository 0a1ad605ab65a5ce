"""Who pushes to a remote over https: a tag that a workflow's GITHUB_TOKEN pushes starts no other workflow."""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from verbump.domain import forge
from verbump.planning import starting
from verbump.planning.snapshot import Starting

if TYPE_CHECKING:
    from verbump.effects.git_repository import Repository

# Tokens of a person, whose pushes start workflows. Source: GitHub Docs, "GitHub's token formats".
_PERSONAL = ("ghp_", "github_pat_", "gho_", "ghu_")
_BASIC = re.compile(r"authorization:\s{0,5}basic\s{1,5}([A-Za-z0-9+/=]{1,8000})", re.IGNORECASE)
_BEARER = re.compile(r"authorization:\s{0,5}(?:bearer|token)\s{1,5}([\x21-\x7e]{1,8000})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What is pushed where: `commit` to the remote of that name, which is on `forge`; its workflow's file name."""

    remote: str
    forge: forge.Forge | None
    commit: str
    workflow: str


def read_starting(repository: Repository, pushed: Pushed) -> Starting | None:
    """The workflow that the release's tag starts; None off GitHub, or where the commit has no such workflow."""
    if pushed.forge is None or pushed.forge.kind != "github":
        return None
    path = f".github/workflows/{pushed.workflow}"
    if f"/{path}@" in os.environ.get("GITHUB_WORKFLOW_REF", ""):
        return None  # it runs already: it is what makes the release
    found = repository.try_run("cat-file", "blob", f"{pushed.commit}:{path}", looking=True)
    if found.status != 0:
        return None
    text = found.stdout.decode("utf-8", "replace")
    return Starting(
        workflow=pushed.workflow,
        inputs=starting.parse_inputs(text),
        is_for_tags=starting.is_started_by_tags(text),
        may_be_silent=os.environ.get("GITHUB_ACTIONS") == "true" and _may_be_silent(repository, pushed.remote),
    )


def read_token(repository: Repository, url: str) -> str:
    """The token with which git pushes to `url`: from its extra header, else from its credential helpers; "" for none.

    Like a push it starts the helpers that git's configuration names, and asks nobody.
    """
    token = _token_of_header(repository, url) or _token_of_url(url) or _token_of_helper(repository, url)
    return token if token.isascii() and token.isprintable() and " " not in token else ""


def _token_of_helper(repository: Repository, url: str) -> str:
    silent = {
        "GIT_TERMINAL_PROMPT": "0",
        "GCM_INTERACTIVE": "never",
        "GIT_ASKPASS": os.environ.get("GIT_ASKPASS", "true"),
    }
    done = repository.try_run("credential", "fill", data=f"url={url}\n\n".encode(), environment=silent)
    lines = done.stdout.decode("utf-8", "replace").split("\n") if done.status == 0 else []
    return next((line.removeprefix("password=") for line in lines if line.startswith("password=")), "")


def is_personal(token: str) -> bool:
    """Whether it is a person's token, by its form."""
    return token.startswith(_PERSONAL)


def _may_be_silent(repository: Repository, remote: str) -> bool:
    """Whether the push may be one of GITHUB_TOKEN's: over https, and not with the token of a person."""
    url = push_url(repository, remote)
    if urlsplit(url).scheme not in {"https", "http"}:
        return False
    return not is_personal(_token_of_header(repository, url) or _token_of_url(url))


def push_url(repository: Repository, remote: str) -> str:
    """The address that git pushes to; it may hold a password."""
    done = repository.try_run("remote", "get-url", "--push", "--end-of-options", remote, looking=True)
    return done.text if done.status == 0 else remote


def read_forge(repository: Repository, remote: str) -> forge.Forge | None:
    """The forge that a remote is on, None where it is not known."""
    return forge.forge_of(push_url(repository, remote), os.environ.get("GITHUB_SERVER_URL", ""))


def _token_of_header(repository: Repository, url: str) -> str:
    """What `actions/checkout` leaves for git: a header for the host, in one of two spellings."""
    done = repository.try_run("config", "--get-urlmatch", "http.extraHeader", url, looking=True)
    if done.status != 0:
        return ""
    bearer = _BEARER.fullmatch(done.text.strip())
    if bearer is not None:
        return bearer[1]
    basic = _BASIC.fullmatch(done.text.strip())
    try:
        pair = base64.b64decode(basic[1], validate=True) if basic else b""
    except binascii.Error:
        return ""
    return pair.decode("utf-8", "replace").partition(":")[2]


def _token_of_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        return unquote(parts.password or "")
    except ValueError:
        return ""
