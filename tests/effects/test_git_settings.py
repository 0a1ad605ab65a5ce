"""What git's configuration says of remotes, against what git itself answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from verbump.effects import git_history, read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "settings",
    [
        [],
        [("remote.origin.url", "https://github.com/owner/demo.git")],
        [("remote.origin.url", "https://a.example/one.git"), ("remote.origin.url", "https://b.example/two.git")],
        [("remote.up.stream.url", "a"), ("remote.Other.url", "b"), ("remote.pushDefault", "Other")],
        [("url.https://github.com/.insteadOf", "gh:"), ("remote.origin.url", "gh:owner/demo")],
        [("url.https://github.com/.pushInsteadOf", "gh:"), ("remote.origin.url", "gh:o/demo")],
        [("remote.origin.tagOpt", "--no-tags"), ("remote.origin.url", "line one\nline two")],
        [("branch.main.remote", "a"), ("branch.main.remote", "up"), ("remote.up.url", "https://x.example/y/z")],
        [("branch.main.remote", "."), ("remote.origin.mirror", "true")],
    ],
)
def test_as_git_says(tmp_path: Path, settings: list[tuple[str, str]]) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: x")
    for name, value in settings:
        repo.git("config", "--add", name, value)
    location = git_history.locate(repo.path)
    assert location.settings.remotes() == repo.git("remote").split()
    for remote in location.settings.remotes():
        url = location.settings.url(remote)
        is_asked = f"remote.{remote}.url" not in dict(settings) or any(
            name.endswith(".insteadOf") for name, _ in settings
        )
        assert url == (None if is_asked else repo.git("remote", "get-url", remote).removesuffix("\n"))
    upstream = location.settings.last("branch.main.remote")
    assert upstream == next((value for name, value in reversed(settings) if name == "branch.main.remote"), None)


def test_rewritten_address(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: x")
    repo.git("config", "url.https://github.com/.insteadOf", "gh:")
    repo.git("remote", "add", "origin", "gh:owner/demo")
    found = read.forge_of(git_history.locate(repo.path), "origin")
    assert found is not None
    assert found.url == "https://github.com/owner/demo"
