"""The how-to guides and the tutorial: every block of shell, in order, as a reader would type it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from docs.test_examples import shell
from support.running import ROOT, verbump

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
# A setup stands in a comment, which readers do not see: what their project would have.
STEP = re.compile(r"<!-- setup: (.+?) -->|^( *)```sh\n(.+?)^\2```", re.MULTILINE | re.DOTALL)
WHO = {f"GIT_{role}_{part}": "a@example.invalid" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
# What the page promises beside exit status 0: words of the output, in this order.
SAID = {
    "adopt": ("0.6.0", ".pre-commit-config.yaml", "0.5.0 -> 0.6.0", "released v0.6.0"),
    "move-over": (
        'compat = "commitizen"',
        '"python-semantic-release"',
        '"release-please"',
        '"git-cliff"',
        "from bump-my-version",
        "git-cliff",
    ),
    "monorepo": ("engine 1.4.1", "released", "engine-v1.4.1"),
    "pre-releases": ("v0.6.0-rc.1", "v0.6.0-rc.2", "released v0.6.0 ", "Something new"),
    "protected-branches": ("[push-refused]", "## main...origin/main\n"),
    "hotfix": ("0.5.1\n", "released v0.5.1", "0.6.1"),
    "undo": ("released v0.6.0", "released v0.6.0", "0.6.1", "0.7.0"),
}


def script_of(page: Path) -> str:
    """The commands of a page, one after another."""
    steps = STEP.finditer(page.read_text(encoding="utf-8"))
    return "set -e\n" + "\n".join(step[1] or re.sub(rf"^{step[2]}", "", step[3], flags=re.MULTILINE) for step in steps)


def test_every_guide_is_here() -> None:
    assert sorted(path.stem for path in (DOCS / "how-to").glob("*.md")) == sorted(SAID)


@pytest.mark.parametrize("name", SAID)
def test_guide(name: str, tmp_path: Path) -> None:
    assert verbump("demo", "--keep", str(tmp_path / "demo"), cwd=tmp_path).code == 0
    done = shell(
        f"exec 2>&1\n{script_of(DOCS / 'how-to' / f'{name}.md')}", tmp_path / "demo" / "ferrite", tmp_path, WHO
    )
    assert done.returncode == 0, done.stdout
    place = 0
    for words in SAID[name]:
        found = done.stdout.find(words, place)
        assert found >= 0, f"{words!r} is not in\n{done.stdout[place:]}"
        place = found + len(words)
