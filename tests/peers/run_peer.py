"""Run a peer on every branch of the repository here, in one process: `run_peer.py TOOL BRANCH...` → JSON list.

An answer is the next version, or "none".
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress


def commitizen() -> str:
    from commitizen.cli import main
    from commitizen.exceptions import DryRunExit, NoCommitsFoundError, NoneIncrementExit

    sys.argv = ["cz", "bump", "--get-next", "--yes"]
    out = io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(io.StringIO()), suppress(DryRunExit):
            main()
    except (NoneIncrementExit, NoCommitsFoundError):
        return "none"
    return out.getvalue().strip()


def python_semantic_release() -> str:
    from click.testing import CliRunner
    from semantic_release.cli.commands.main import main

    done = CliRunner().invoke(main, ["-c", "releaserc.toml", "version", "--print"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


def git_cliff() -> str:
    done = subprocess.run(["git-cliff", "--bumped-version"], capture_output=True, encoding="utf-8", check=True)
    return done.stdout.strip().removeprefix("v")


if __name__ == "__main__":
    tool, *branches = sys.argv[1:]
    run = {
        "commitizen": commitizen,
        "python-semantic-release": python_semantic_release,
        "git-cliff": git_cliff,
    }[tool]
    answers = []
    for branch in branches:
        subprocess.run(["git", "symbolic-ref", "HEAD", f"refs/heads/{branch}"], check=True)
        answers.append(run())
    os.write(1, json.dumps(answers).encode())  # commitizen replaces sys.stdout
