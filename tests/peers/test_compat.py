"""`compat` gives the version that the real tool gives, history by history."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from peers import histories
from support.running import run_in_process

COUNT = int(os.environ.get("VERBUMP_PEERS_COUNT", "150"))
SETTINGS = {
    ".cz.toml": '[tool.commitizen]\nname = "cz_conventional_commits"\nversion_provider = "scm"\ntag_format = "v$version"\n',
    "releaserc.toml": '[semantic_release]\nallow_zero_version = true\n[semantic_release.branches.all]\nmatch = ".*"\n',
}


@pytest.mark.parametrize("version", ["1.2.3", "0.3.1"])
@pytest.mark.parametrize("tool", ["commitizen", "python-semantic-release", "git-cliff"])
def test_next_version_is_the_tools(tmp_path: Path, tool: str, version: str) -> None:
    made = histories.made(int(os.environ.get("VERBUMP_PEERS_SEED", "7")), COUNT)
    histories.write(tmp_path, version, made)
    for name, text in {**SETTINGS, "verbump.toml": f'compat = "{tool}"\n'}.items():
        (tmp_path / name).write_text(text)
    ours = {each.branch: _ours(tmp_path, each.branch) for each in made}
    theirs = dict(zip(ours, _theirs(tmp_path, tool, [*ours]), strict=True))
    differing = [
        f"{each.messages!r} {each.merges}: {tool} {theirs[each.branch]}, verbump {ours[each.branch]}"
        for each in made
        if ours[each.branch] != theirs[each.branch].replace(version, "none")
    ]
    assert not differing, f"{len(differing)} of {len(made)}\n" + "\n".join(differing[:20])
    assert len(set(ours.values())) == 4, "the histories ask for every bump and for none"


def _ours(path: Path, branch: str) -> str:
    subprocess.run(["git", "symbolic-ref", "HEAD", f"refs/heads/{branch}"], cwd=path, check=True)
    done = run_in_process("next", "--offline", "--format", "json", cwd=path)
    assert done.code in {0, 3}, done.stderr
    found = done.json["next"]
    return str(found["version"]) if found else "none"


def _theirs(path: Path, tool: str, branches: list[str]) -> list[str]:
    script = str(Path(__file__).with_name("run_peer.py"))
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-P", script, tool, *branches],
        cwd=path,
        env={**os.environ, "PATH": places},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return list(json.loads(done.stdout))
