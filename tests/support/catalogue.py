"""Says which tests carry which case ids: a plugin for `pytest --collect-only`, run by tests/test_catalogue.py."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write `{id: [function, …]}` of all that was collected where CATALOGUE says."""
    found: dict[str, set[str]] = {}
    for item in session.items:
        for mark in item.iter_markers("case"):
            for each in mark.args:
                found.setdefault(each, set()).add(item.name.partition("[")[0])
    Path(os.environ["CATALOGUE"]).write_text(json.dumps({each: sorted(names) for each, names in found.items()}))
