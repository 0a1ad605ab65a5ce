"""pre-commit itself takes its configuration with the entry that `init` adds."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from verbump.planning.adoption import hook

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(find_spec("pre_commit") is None, reason="pre-commit is not here: .ci/long installs it")
CONFIGS = {
    "indented": "repos:\n  - repo: meta\n    hooks:\n      - id: identity\n",
    "not indented": "repos:\n- repo: meta\n  hooks: [{id: identity}]\nfail_fast: true\n",
}


@pytest.mark.parametrize("style", CONFIGS)
def test_valid(tmp_path: Path, style: str) -> None:
    (tmp_path / "config.yaml").write_text(hook.with_hook(CONFIGS[style]))
    argv = [sys.executable, "-m", "pre_commit", "validate-config", "config.yaml"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
