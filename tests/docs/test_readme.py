"""The README's table of peers: every row has its sources, and rows where the others are better are there too."""

from __future__ import annotations

import re

from support.running import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TABLE = README.split("## Beside other tools")[1].split("\n## ")[0]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.split("\n") if line.startswith("| ")]
HEAD, BODY = ROWS[0], ROWS[1:]
REFERENCES = dict(re.findall(r"^\[(\w+)\]: (\S+)$", TABLE, re.MULTILINE))
# Where each tool of the table is at home: a source is the tool's own word, or a thread of its own.
HOMES = {
    "commitizen": ("commitizen-tools",),
    "python-semantic-release": ("python-semantic-release",),
    "release-please": ("release-please",),
    "release-plz": ("release-plz",),
    "git-cliff": ("git-cliff",),
    "knope": ("knope",),
}
OF_ITS_FIELD = ("semantic-release/semantic-release", "axodotdev/cargo-dist")


def test_every_row_is_whole_and_has_sources() -> None:
    assert HEAD[1] == "verbump"
    assert HEAD[-1] == "see"
    assert set(HEAD[2:-1]) == set(HOMES)
    assert len(BODY) >= 12
    for row in BODY:
        assert len(row) == len(HEAD), row
        assert all(row), row
        named = re.findall(r"\[\d\]\[(\w+)\]", row[-1])
        assert named, row[0]
        assert set(named) <= set(REFERENCES), row[0]


def test_every_source_is_used_and_is_of_a_tool_of_the_table() -> None:
    used = {name for row in BODY for name in re.findall(r"\[\d\]\[(\w+)\]", row[-1])}
    assert used == set(REFERENCES)
    known = (*(home for homes in HOMES.values() for home in homes), *OF_ITS_FIELD)
    for name, address in REFERENCES.items():
        assert address.startswith("https://"), name
        assert any(home in address for home in known), address


def test_each_peer_has_a_source_and_rows_where_others_are_better() -> None:
    addresses = " ".join(REFERENCES.values())
    assert [tool for tool, homes in HOMES.items() if not any(home in addresses for home in homes)] == []
    better = {HEAD[column] for row in BODY for column, cell in enumerate(row) if "**" in cell}
    assert "verbump" not in better, "bold is for what the others do better"
    assert len([row for row in BODY if any("**" in cell for cell in row)]) >= 5
    assert any(row[1] == "no" for row in BODY)


def test_versions_of_the_peers_are_told() -> None:
    for tool in HOMES:
        assert re.search(rf"{re.escape(tool)} \d+\.\d+", TABLE), tool


def test_the_try_it_lines_put_the_command_within_reach() -> None:
    """A reader types `verbump`: something before the first such line has to put it on PATH."""
    first = README.index("```sh\nverbump ")
    assert ".venv/bin/activate" in README[:first]
