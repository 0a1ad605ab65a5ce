"""What builds in tests are made of: crates and wheels that `.ci/fetch` has fetched, so that no test needs the network."""

from __future__ import annotations

import pytest

from conftest import IS_CI
from support.running import ROOT

PARTS = ROOT / ".parts"


def variables(target: object) -> dict[str, str]:
    """Variables with which cargo and pip build from the parts; `target` is cargo's folder, shared between builds."""
    if not (PARTS / "cargo").is_dir() or not (PARTS / "wheels").is_dir():
        reason = "the parts of builds are not here: .ci/fetch"
        if IS_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    return {
        "CARGO_HOME": str(PARTS / "cargo"),
        "CARGO_NET_OFFLINE": "true",
        "CARGO_TARGET_DIR": str(target),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(PARTS / "wheels"),
    }
