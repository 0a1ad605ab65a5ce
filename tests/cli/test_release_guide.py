"""verbump's own docs/RELEASE.md, followed to the letter: every command of it, in its order, for a package in Python."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from effects.test_build import BACKEND, PURE
from support import loopback, python_index
from support.git_repo import GitRepo
from support.running import ROOT, verbump
from support.tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.github_server import GitHubServer

# The same backend for whatever version pyproject.toml states.
VERSIONED = (
    'import tomllib\n\nVERSION = tomllib.load(open("pyproject.toml", "rb"))["project"]["version"]\n'
    f'exec({BACKEND!r}.replace("1.2.3", VERSION))\n'
)
TESTPYPI = "https://test.pypi.org/legacy/"


def commands() -> Iterator[list[str]]:
    text = (ROOT / "docs" / "RELEASE.md").read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (shlex.split(line) for line in block.splitlines())


def test_every_command(tmp_path: Path, server: GitHubServer) -> None:
    for tool in ("pyproject-build", "twine"):
        require(tool)
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: begin", {**PURE, "backend.py": VERSIONED, ".gitignore": "dist*/\n"})
    repo.tag("v1.2.3")
    repo.add_remote(tmp_path / "remote.git")
    hosted = server.world.host("octo/demo", GitRepo(tmp_path / "remote.git"))
    index = python_index.PythonIndex()
    ran: list[str] = []
    with loopback.serving(index):
        env = {
            **server.environment("octo/demo", server.world.actions_token()),
            "VERBUMP_RELEASE_YES": "1",  # nobody is there to be asked
            "VERBUMP_DOCTOR_INDEX_URL": f"{index.url}/simple",
            "VERBUMP_PUBLISH_PYPI_REPOSITORY_URL": index.upload_url,
            "VERBUMP_PYPI_TOKEN": python_index.TOKEN,
        }
        for words in commands():
            asks_for_more = words[1] in {"next", "release"} or "--next" in words
            if asks_for_more and repo.git("tag", "--points-at", "HEAD"):
                repo.commit("fix: more", {"more.txt": str(len(ran))})
            if words[0] == "git":
                repo.git(*words[1:])
                continue
            here = [index.upload_url if word == TESTPYPI else word for word in words[1:]]
            result = verbump(*here, cwd=repo.path, env=env)
            assert result.code == 0, f"{shlex.join(words)}\n{result.stdout}{result.stderr}"
            ran.append(" ".join(words[1:3]))

        uploads = index.log.count("POST /legacy/")
        again = verbump("publish", "pypi", cwd=repo.path, env=env)

    assert {"doctor", "build", "release", "publish pypi", "publish github", "verify HEAD"} <= set(ran)
    assert sorted(index.files) == sorted(
        path.name for path in (repo.path / "dist").iterdir() if path.name != "SHA256SUMS"
    )
    assert (again.code, uploads, index.log.count("POST /legacy/")) == (0, 2, 2)
    assert [line.split()[0] for line in again.stdout.splitlines()] == ["unchanged", "unchanged"]
    release = max(hosted.releases, key=lambda each: each.id)
    assert sorted(asset.name for asset in release.assets) == sorted([*index.files, "SHA256SUMS"])
