"""Write docs/pictures/*.svg: what verbump shows on a real terminal of 80 columns, in the project of `verbump demo`.

    python docs/make_pictures.py            write those whose text is out of date
    python docs/make_pictures.py --check    exit status 1, with the names of the files, where one is

Two runs differ in commit ids and dates: a picture is out of date only where anything else differs.
"""

from __future__ import annotations

import html
import os
import re
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
COLUMNS = 80
_TIMEOUT_SECONDS = 120
# As rich's own, without its fonts from another server: those of the reader's system do.
_FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>{title}</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def record(words: str, folder: Path) -> str:
    """What the command shows on a terminal, colours as escape sequences."""
    shim = folder / "bin"
    if not shim.exists():
        shim.mkdir()
        (shim / "verbump").write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m verbump "$@"\n')
        (shim / "verbump").chmod(0o755)
    environment = {
        "PATH": f"{shim}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "TZ": "UTC",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{role}_{part}": "demo@verbump.invalid"
            for role in ("AUTHOR", "COMMITTER")
            for part in ("NAME", "EMAIL")
        },
    }
    child: pexpect.spawn[str] = pexpect.spawn(
        "sh",
        ["-c", words],
        cwd=str(folder),
        env=environment,
        encoding="utf-8",
        dimensions=(50, COLUMNS),
        timeout=_TIMEOUT_SECONDS,
    )
    shown = StringIO()
    child.logfile_read = shown
    child.expect(pexpect.EOF)
    child.close()
    if child.exitstatus != 0:
        raise RuntimeError(f"{words}: exit status {child.exitstatus}\n{shown.getvalue()}")
    return shown.getvalue().replace("\r\n", "\n")


def render(title: str, shown: str) -> str:
    """The picture, an SVG."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="256")
    console.print(Text.from_ansi(shown.strip("\n")), soft_wrap=False)
    text = console.export_svg(title=title, theme=MONOKAI, code_format=_FORMAT.replace("{title}", html.escape(title)))
    return "\n".join(line.rstrip() for line in text.split("\n"))


def text_of(picture: str) -> str:
    """The words of a picture, commit ids and dates made alike."""
    matrix = picture.partition('-matrix">')[2]
    lines: dict[str, str] = {}
    for y, words in re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>([^<]*)</text>', matrix):
        lines[y] = f"{lines.get(y, '')} {html.unescape(words)}"
    text = "\n".join(" ".join(line.split()) for line in lines.values())
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", "DATE", re.sub(r"\b(?=[a-f]*\d)[0-9a-f]{7,64}\b|\b[a-f]{7}\b", "SHA", text))


def pictures() -> Iterator[tuple[str, str]]:
    """Name and SVG of each."""
    with tempfile.TemporaryDirectory(prefix="verbump-pictures-") as name:
        folder = Path(name)
        shown = record("verbump demo --keep demo", folder)
        start, end = shown.index("The release: "), shown.index("The release commit")
        yield "demo", render("verbump demo", _without_rules(shown[start:end]))
        again = (
            "cd demo/ferrite && git reset --quiet --hard HEAD~1 && git tag -d v0.5.0 >/dev/null && cd ../remote.git && "
        )
        again += "git update-ref refs/heads/main main~1 && git tag -d v0.5.0 >/dev/null"
        record(again, folder)
        explained = "verbump next --explain"
        yield "explain", render(explained, record(f"cd demo/ferrite && {explained}", folder))
        dry = "verbump release --pre rc --dry-run"
        yield "dry-run", render(dry, record(f"cd demo/ferrite && {dry}", folder))


def _without_rules(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith("-----"))


def run(words: list[str]) -> int:
    """Write or check; the exit status."""
    stale = False
    for name, picture in pictures():
        path = FOLDER / f"{name}.svg"
        if path.exists() and text_of(path.read_text(encoding="utf-8")) == text_of(picture):
            continue
        stale = True
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        if "--check" not in words:
            FOLDER.mkdir(exist_ok=True)
            path.write_text(picture, encoding="utf-8")
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
