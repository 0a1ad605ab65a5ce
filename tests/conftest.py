"""Every test runs with its own home, no git configuration but ours, and no way off this machine."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
from collections import Counter
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pytest.terminal import TerminalReporter

    from support.github_server import GitHubServer
    from support.github_state import Hosted
    from support.http_remote import HttpRemote
    from support.release_project import Project

RUSTUP_HOME = os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup"))
# A shell starts what goes on in its background with Ctrl-C ignored, and every child inherits that: the tests of Ctrl-C would wait.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
IS_CI = os.environ.get("CI") == "true"
OUTSIDE = dict(os.environ)  # as it was before a test closed the way out
settings.register_profile(
    "short", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
# For mutants, of which there are thousands: what ten examples miss, the tables must find.
settings.register_profile(
    "mutants", max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
settings.register_profile("long", max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

# By their beginnings: what says where a repository is, what CI it is, who signs, who asks, and how output looks.
_DROPPED = (
    *("GIT_", "GITHUB_", "GITLAB_", "RUNNER_", "ACTIONS_", "CI", "VERBUMP_", "SOURCE_DATE_EPOCH"),
    *("SSH_", "GNUPGHOME", "GPG_", "EDITOR", "VISUAL", "PAGER", "XDG_", "LC_", "LANG"),
    *("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES"),
)
# What git, cargo, pip, uv and Python's own client ask before they leave the machine: nobody listens there.
_NO_WAY_OUT = {
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9"),
    **dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1,localhost,::1"),
}

GIT_CONFIG = """\
[user]
    name = Test
    email = test@example.invalid
[init]
    defaultBranch = main
[commit]
    gpgSign = false
[protocol "file"]
    allow = always
"""


_GITHUB_COUNTS: Counter[str] = Counter()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What the GitHubs of this process have counted goes to the process that reports."""
    described = sys.modules.get("support.github_description")
    if described is None:
        return
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["github"] = dict(described.COUNTS)
    else:
        _GITHUB_COUNTS.update(described.COUNTS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _GITHUB_COUNTS.update(getattr(node, "workeroutput", {}).get("github", {}))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    from support.github_description import summary

    if line := summary(_GITHUB_COUNTS):
        terminalreporter.write_line(line)


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    """A GitHub of the test's own; see support.github_server."""
    from support import github_server

    with github_server.serving() as made:
        yield made


@pytest.fixture
def hosted(server: GitHubServer, tmp_path: Path) -> Hosted:
    """A repository on it, `octo/demo`, with one commit tagged v1.0.0; `tmp_path / "work"` is a clone."""
    from support.git_repo import GitRepo

    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {"a.txt": "a"})
    repo.tag("v1.0.0")
    return server.world.host("octo/demo", repo.add_remote(tmp_path / "remote.git"))


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[HttpRemote]:
    """Git over HTTP for the bare repositories in `tmp_path`."""
    from support import http_remote

    with http_remote.serving(tmp_path) as made:
        yield made


@pytest.fixture
def project(server: GitHubServer, remote: HttpRemote, tmp_path: Path) -> Project:
    """A project on both: see support.release_project."""
    from support.release_project import Project

    return Project(server, remote, tmp_path)


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home: Path = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(_DROPPED):
            monkeypatch.delenv(name)
    config = home / "gitconfig"
    config.write_text(GIT_CONFIG)
    values = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "GIT_CONFIG_GLOBAL": str(config),
        "RUSTUP_HOME": RUSTUP_HOME,
        "CARGO_HOME": str(home / ".cargo"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": "1795392000",  # 2026-11-23
        **_NO_WAY_OUT,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    monkeypatch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))


def _guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same method of a socket, which fails the test where the address (its last argument) is far."""

    @wraps(call)
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _refuse_far(arguments[-1][0])
        return call(self, *arguments)

    return guarded


def _guarded_lookup(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def guarded(host: str | bytes | None, *arguments: Any, **options: Any) -> Any:
        _refuse_far(host.decode() if isinstance(host, bytes) else host or "localhost")
        return call(host, *arguments, **options)

    return guarded


def _refuse_far(host: str) -> None:
    if host in {"localhost", ""}:
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    # Not an Exception, so that no code under test takes it for a network that is down.
    pytest.fail(f"a test must not reach {host}")
