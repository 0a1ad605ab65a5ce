"""Programs that a test needs: skipped with the reason where they are missing, failed in CI, which installs them."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import IS_CI

LONG_ONLY = pytest.mark.skipif(not os.environ.get("VERBUMP_LONG"), reason="takes minutes: .ci/long sets VERBUMP_LONG")


def require(name: str) -> str:
    """The path of a program."""
    beside = Path(sys.executable).parent
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", str(beside)]))
    if found is None:
        reason = f"{name} is not installed"
        if IS_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def require_module(name: str) -> Any:
    """A module that the tests install on Linux alone: elsewhere skipped where it is missing."""
    if IS_CI and sys.platform == "linux":
        return importlib.import_module(name)
    return pytest.importorskip(name)
