"""Makes docs/preview.png: the comment of `verbump preview` on an example, as GitHub's style shows it.

npm install markdown-it@14 github-markdown-css@5     # into ./node_modules
python docs/preview_picture.py NODE_MODULES CHROMIUM # a Chromium's command; in the environment of pip's `.[bench]`
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

DOCS = Path(__file__).parent
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
    done = subprocess.run(argv, cwd=cwd, input=data, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def example(folder: Path) -> str:
    """The comment on a branch of an example project."""
    for name, text in {"pyproject.toml": PYPROJECT, "Cargo.toml": CARGO, "CHANGELOG.md": CHANGELOG}.items():
        (folder / name).write_text(text, encoding="utf-8")
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


def main(modules: Path, chromium: str) -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "demo").mkdir()
        body = _run("node", "-e", RENDER, str(modules), cwd=folder, data=example(folder / "demo"))
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
            cut.quantize(64).save(DOCS / "preview.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
