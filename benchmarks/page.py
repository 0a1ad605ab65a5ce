"""The table and the sentences of docs/performance.md and README.md, from the JSON of a run: none is typed by hand."""

from __future__ import annotations

import json
import re
import statistics
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PAGE = HERE.parent / "docs" / "performance.md"
PICTURE = HERE.parent / "docs" / "performance.png"
README = HERE.parent / "README.md"

Row = dict[str, Any]
_MIB = 1024
_HEADER = "| Command | Commits | Against | Ratio | from – to | Target | Memory, MiB |\n|---|--:|---|--:|--:|---|--:|"
_PEER = "git-cliff 2.12.0"


def read() -> dict[str, Any]:
    """The last run that was saved."""
    data: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return data


def ratios(row: Row) -> list[float]:
    """Ours over the other's, seconds on the wall, pair by pair."""
    return [ours[0] / other[0] for ours, other in zip(row["first"], row["second"], strict=True)]


def is_met(row: Row) -> bool | None:
    """Whether the median keeps the target; None where there is none."""
    return None if row["target"] is None else statistics.median(ratios(row)) <= row["target"]


def table(data: dict[str, Any]) -> str:
    """Every row of the run, as Markdown."""
    lines = [_HEADER]
    for row in data["rows"]:
        found = ratios(row)
        target = "" if row["target"] is None else f"≤ {row['target']:.2f}{'' if is_met(row) else ', **missed**'}"
        peak = max(run[2] for run in row["first"]) / _MIB
        commits = f"{row['commits']:,}" if row["commits"] else ""
        lines.append(
            f"| `verbump {row['subject'].partition(',')[0]}`{_rest(row['subject'])} | {commits} | {row['against']} "
            f"| {statistics.median(found):.2f} | {min(found):.2f} – {max(found):.2f} | {target} | {peak:.0f} |"
        )
    return "\n".join(lines)


def growth(data: dict[str, Any]) -> str:
    """Of each job on one kind of history, what the longest costs over the shortest: for a commit, and in memory."""
    kinds: dict[str, list[Row]] = {}
    for row in data["rows"]:
        if row["commits"] and row["tool"] == "verbump":
            kinds.setdefault(row["subject"], []).append(row)
    lines = []
    for subject, rows in kinds.items():
        short, long = min(rows, key=_commits), max(rows, key=_commits)
        if short is not long:
            cost, memory = (_median(long, 0) / _median(short, 0), _peak(long) / _peak(short))
            lines.append(
                f"- {subject}: {long['commits'] // short['commits']} times the commits "
                f"({short['commits']:,} to {long['commits']:,}) take {cost:.1f} times the time "
                f"and {memory:.1f} times the memory"
            )
    return "\n".join(lines)


def machine(data: dict[str, Any]) -> str:
    """Where the run was made."""
    said = data["machine"]
    return (
        f"Measured with Python {said['python']} and git {said['git']} on {said['cores']} cores of {said['system']}, "
        f"with {said['load']:.1f} other processes at work when it began."
    )


def claim(data: dict[str, Any]) -> str:
    """The README's sentence: two ratios of the table, each with its history."""
    few = _longest(data, "next, 20 commits since the tag, 500 tags", "import click")
    said = (
        f"In a history of {few['commits']:,} commits `verbump next` takes {statistics.median(ratios(few)):.1f} times "
        "as long as `python -c 'import click'`"
    )
    rows = [row for row in data["rows"] if row["against"] == _PEER and row["subject"] == "next"]
    if rows:
        peer = max(rows, key=_commits)
        times = 1 / statistics.median(ratios(peer))
        said += f"; with {peer['commits']:,} {_PEER} takes {times:.0f} times as long as verbump"
    return f"{said} ([how this is measured](docs/performance.md))."


def with_part(text: str, name: str, part: str) -> str:
    """The text with another part between `<!-- name -->` and `<!-- /name -->`."""
    pattern = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=\n<!-- /{name} -->)", re.DOTALL)
    assert len(pattern.findall(text)) == 1, f"{name}: one such place is needed"
    return pattern.sub(lambda _: part, text)


def pages(data: dict[str, Any]) -> dict[Path, str]:
    """The two pages as they have to be."""
    page = PAGE.read_text(encoding="utf-8")
    for name, part in (("table", table(data)), ("growth", growth(data)), ("machine", machine(data))):
        page = with_part(page, name, part)
    return {PAGE: page, README: with_part(README.read_text(encoding="utf-8"), "speed", claim(data))}


def save(data: dict[str, Any]) -> None:
    """Write the JSON, the pages and the picture."""
    import plot

    RESULTS.write_text(_as_json(data), encoding="utf-8")
    for path, text in pages(data).items():
        path.write_text(text, encoding="utf-8")
    plot.draw(data["rows"], PICTURE)


def _as_json(data: dict[str, Any]) -> str:
    """A row a line: a later run differs in lines that can be read."""
    rows = ",\n  ".join(json.dumps(row) for row in data["rows"])
    return f'{{\n "machine": {json.dumps(data["machine"])},\n "rows": [\n  {rows}\n ]\n}}\n'


def _longest(data: dict[str, Any], subject: str, against: str) -> Row:
    rows = [row for row in data["rows"] if (row["subject"], row["against"]) == (subject, against)]
    found: Row = max(rows, key=_commits)
    return found


def _rest(subject: str) -> str:
    rest = subject.partition(",")[2]
    return f",{rest}" if rest else ""


def _commits(row: Row) -> int:
    return int(row["commits"])


def _median(row: Row, place: int) -> float:
    return statistics.median(run[place] for run in row["first"])


def _peak(row: Row) -> float:
    return float(max(run[2] for run in row["first"]))
