"""A picture: time over the length of history, for every tool that was measured. Needs matplotlib (extra `bench`)."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TITLES = {"next": "next version, 20 commits since the tag", "changelog --all": "the whole changelog"}
_FLOORS = {"git log": "git log to nowhere", "import click": "python -c 'import click'"}


def draw(rows: Iterable[dict[str, Any]], target: Path) -> None:
    """Write the picture as PNG. `rows` are `run.as_data`'s."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    rows = list(rows)
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    for axis, (subject, title) in zip(axes, _TITLES.items(), strict=True):
        for name, points in _lines(rows, subject).items():
            axis.plot(*zip(*sorted(points.items()), strict=True), marker="o", label=name)
        axis.set(xscale="log", yscale="log", title=title, xlabel="commits in the history", ylabel="seconds")
        axis.grid(visible=True, which="major", alpha=0.3)
        axis.legend(fontsize=8)
    figure.savefig(target, dpi=110)


def _lines(rows: list[dict[str, Any]], subject: str) -> dict[str, dict[int, float]]:
    """Tool → length of history → median seconds."""
    lines: dict[str, dict[int, float]] = {}
    for row in rows:
        if not row["commits"] or not row["subject"].startswith(subject) or ", all since" in row["subject"]:
            continue
        for name, runs in (
            ("verbump", row["first"]),
            (_FLOORS.get(row["against"], row["against"]), row["second"]),
        ):
            lines.setdefault(name, {}).setdefault(row["commits"], statistics.median(run[0] for run in runs))
    return lines
