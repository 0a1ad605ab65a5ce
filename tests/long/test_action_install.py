"""action.yml installs verbump from its own checkout, with hashes, from the index itself."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from typing import TYPE_CHECKING

import yaml

from support import projects
from support.act import Act
from support.running import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ACTION = f"octo/verbump@{'a' * 40}"


def test_from_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name)
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path / "action", filter="data")
    repo = projects.released(tmp_path, "feat: streams")
    show = 'cat "$GITHUB_STEP_SUMMARY"; printf "%s" "$FOUND" > "$STAND_IN/found"; "$RUNNER_TEMP/verbump/bin/pip" list > "$STAND_IN/list"'
    steps = [
        {"uses": f"actions/checkout@{'b' * 40}"},
        {"uses": ACTION, "id": "it"},
        {"shell": "bash", "run": show, "env": {"FOUND": "${{ toJSON(steps.it.outputs) }}"}},
    ]
    repo.write(
        ".github/workflows/use.yml",
        yaml.safe_dump({"on": "push", "jobs": {"use": {"runs-on": "ubuntu-24.04", "steps": steps}}}),
    )
    act = Act(
        tmp_path,
        actions={"octo/verbump": tmp_path / "action"},
        secrets={"GITHUB_TOKEN": "a-token-of-the-test"},
        installs=True,
    )

    ran = act.run(repo.path, "use.yml", "push", {"ref": "refs/heads/main"})

    assert ran.is_well, ran.log
    assert json.loads((act.stand_in / "found").read_text())["version"] == "1.3.0"
    installed = (act.stand_in / "list").read_text()
    assert "verbump-release" in installed
    assert "editable" not in installed.lower(), "a copy, not the checkout"
