"""Makes docs/preview.png: the comment of `verbump preview` on an example, as GitHub's style shows it.

npm install markdown-it@14 github-markdown-css@5     # into ./node_modules
python docs/preview_picture.py NODE_MODULES CHROMIUM # a Chromium's command; in the environment of pip's `.[bench]`

The picture holds the comment as text too, in the PNG's own place for it, so that a test sees whether it is current.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURE = Path(__file__).parent / "preview.png"
KEYWORD = "Comment"
MOMENT = "1795392000 +0000"  # 2026-11-23: ids and dates are always the same
FIXED = {"GIT_AUTHOR_DATE": MOMENT, "GIT_COMMITTER_DATE": MOMENT, "SOURCE_DATE_EPOCH": MOMENT.split(maxsplit=1)[0]}
PYPROJECT = '[project]\nname = "demo"\nversion = "1.2.3"\n'
CARGO = '[package]\nname = "demo"\nversion = "1.2.3"\nedition = "2021"\n'
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- Sockets are closed on **every** way out.\n"
RENDER = (
    "const md = require(process.argv[1] + '/markdown-it')({html: true, linkify: true});"
    "process.stdout.write(md.render(require('fs').readFileSync(0, 'utf8')))"
)
PAGE = """<!doctype html><meta charset="utf-8"><style>{style}
body {{ margin: 0; background: #fff }} .markdown-body {{ width: 820px; padding: 24px; color-scheme: light }}
</style><article class="markdown-body" data-theme="light">{body}</article>"""


def _run(*argv: str, cwd: Path, data: str = "") -> str:
    done = subprocess.run(
        argv, cwd=cwd, input=data, capture_output=True, encoding="utf-8", check=False, env={**os.environ, **FIXED}
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def example(folder: Path) -> str:
    """The comment on a branch of an example project."""
    for name, text in {"pyproject.toml": PYPROJECT, "Cargo.toml": CARGO, "CHANGELOG.md": CHANGELOG}.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "src").mkdir()
    (folder / "src" / "lib.rs").touch()
    who = ("-c", "user.name=Example", "-c", "user.email=example@example.invalid")
    _run("git", "init", "--quiet", "--initial-branch=main", cwd=folder)
    _run("git", "add", "--all", cwd=folder)
    _run("git", *who, "commit", "--quiet", "--message=feat: begin", cwd=folder)
    _run("git", *who, "tag", "--annotate", "--message=x", "v1.2.3", cwd=folder)
    _run("git", "switch", "--quiet", "--create", "streams", cwd=folder)
    for message in ("feat(api): read from streams (#41)", "fix:buffers of odd length", "docs: an example"):
        _run("git", *who, "commit", "--quiet", "--allow-empty", f"--message={message}", cwd=folder)
    words = ("preview", "--base", "main", "--title", "fix: streams and buffers")
    return _run(sys.executable, "-m", "verbump", *words, cwd=folder)


def comment_in(picture: bytes) -> str:
    """The comment that a picture shows, "" where it does not tell. Source: PNG specification, 11.3.3.4, iTXt."""
    at = 8
    while at < len(picture):
        length, kind = struct.unpack_from(">I4s", picture, at)
        keyword, _, rest = picture[at + 8 : at + 8 + length].partition(b"\0")
        if kind == b"iTXt" and keyword == KEYWORD.encode():
            return rest[2:].split(b"\0", 2)[2].decode()  # behind: compression, language, translated keyword
        at += length + 12
    return ""


def main(modules: Path, chromium: str) -> None:
    """Write the picture."""
    from PIL import Image, ImageChops
    from PIL.PngImagePlugin import PngInfo

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "demo").mkdir()
        comment = example(folder / "demo")
        body = _run("node", "-e", RENDER, str(modules), cwd=folder, data=comment)
        style = (modules / "github-markdown-css" / "github-markdown-light.css").read_text(encoding="utf-8")
        page = folder / "page.html"
        page.write_text(PAGE.format(style=style, body=body), encoding="utf-8")
        picture = folder / "picture.png"
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=880,1800")
        _run(chromium, *flags, f"--screenshot={picture}", page.as_uri(), cwd=folder)
        with Image.open(picture) as image:
            whole = image.convert("RGB")
            empty = Image.new("RGB", whole.size, (255, 255, 255))
            box = ImageChops.difference(whole, empty).getbbox() or (0, 0, *whole.size)
            cut = whole.crop((0, 0, whole.width, min(whole.height, box[3] + 24)))
            text = PngInfo()
            text.add_itxt(KEYWORD, comment)
            cut.quantize(64).save(PICTURE, optimize=True, pnginfo=text)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
