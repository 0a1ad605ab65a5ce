"""Comparisons with the real tools take minutes and their own packages: `.ci/long` asks for them with VERBUMP_PEERS=1."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("VERBUMP_PEERS") == "1" else ["test_*.py"]
