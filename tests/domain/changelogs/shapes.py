"""Changelogs as people keep them, by name. Line ends, BOM, tabs, trailing blanks are made here, safe from editors."""

from __future__ import annotations

from pathlib import Path

BASE = """\
# Changelog

## [Unreleased]

### Added

- A stream.

## [1.0.0] - 2020-01-01

### Fixed

- A leak.
"""
LINKS = """
[Unreleased]: https://github.com/o/r/compare/v1.0.0...HEAD
[1.0.0]: https://github.com/o/r/releases/tag/v1.0.0
"""


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


SHAPES: dict[str, str] = {
    **{path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.md"))},
    "base": BASE,
    "base with links": BASE + LINKS,
    "angled links": BASE
    + LINKS.replace("https://", "<https://").replace("HEAD", "HEAD>").replace("1.0.0\n", "1.0.0>\n"),
    "crlf": crlf(BASE + LINKS),
    "crlf, no final newline": crlf(BASE + LINKS).removesuffix("\r\n"),
    "mixed line ends, mostly lf": BASE.replace("- A stream.\n", "- A stream.\r\n") + LINKS,
    "mixed line ends, mostly crlf": crlf(BASE + LINKS).replace("- A leak.\r\n", "- A leak.\n"),
    "bom": "\ufeff" + BASE,
    "bom right before the version": "\ufeff## [1.0.0] - 2020-01-01\n\n- x\n",
    "bom and crlf": "\ufeff" + crlf(BASE),
    "no final newline": BASE.removesuffix("\n"),
    "no final newline after links": (BASE + LINKS).removesuffix("\n"),
    "many final newlines": BASE + "\n\n\n",
    "no unreleased": BASE.replace("## [Unreleased]\n\n### Added\n\n- A stream.\n\n", ""),
    "empty unreleased": BASE.replace("### Added\n\n- A stream.\n\n", ""),
    "no blank lines at all": "# Changelog\n## [Unreleased]\n### Added\n- A stream.\n## [1.0.0] - 2020-01-01\n- x\n",
    "only unreleased": "# Changelog\n\n## [Unreleased]\n\n- x\n",
    "only an unreleased heading": "## [Unreleased]",
    "only unreleased, no final newline": "## [Unreleased]\n\n### Added\n- x",
    "unreleased and definitions": "## [Unreleased]\n\n- x ([#1])\n\n[#1]: https://e.org/1\n",
    "unreleased at the end": "# Changelog\n\n## 1.0.0\n\n- x\n\n## Unreleased\n\n- y\n",
    "lower case, no brackets": BASE.replace("[Unreleased]", "unreleased").replace("[1.0.0]", "1.0.0"),
    "upper case": BASE.replace("Unreleased", "UNRELEASED"),
    "unreleased with a compare link": BASE.replace("[Unreleased]", "[Unreleased](https://h/r/compare/v1.0.0...main)"),
    "escaped brackets": BASE.replace("[", "\\[").replace("]", "\\]"),
    "v in brackets": BASE.replace("[1.0.0]", "[v1.0.0]"),
    "em dash and v": BASE.replace("[1.0.0] -", "v1.0.0 —"),
    "closers and indents": "  # Changelog #\n\n   ## [Unreleased] ##\n\n### Added ###\n\n- x\n\n## [1.0.0] #####\n",
    "tabs": BASE.replace("# ", "#\t").replace("- A", "-\tA"),
    "trailing blanks": BASE.replace("\n", "  \n"),
    "lone cr and unicode separators": BASE.replace("stream.", "stream\r## [9.9.9]\u2028## [9.9.8]\x0b\x85.\x0c"),
    "cr at the very end": BASE.removesuffix("\n") + "\r",
    "h1 for all": BASE.replace("## [", "# [").replace("### ", "## "),
    "deep categories": BASE.replace("- A stream.\n", "- A stream.\n\n#### Core\n\n- B\n\n#### Python\n\n- C\n"),
    "category twice": BASE.replace("- A stream.\n", "- A stream.\n\n### Fixed\n\n- F\n\n### added\n\n- Again.\n"),
    "prose and bullets before categories": BASE.replace("### Added", "Words.\n\n- loose\n\n### Added", 1),
    "heading in a quote": BASE.replace("- A leak.", "> ## [9.9.9]\n\n- A leak."),
    "two-part and python versions": BASE + "\n## 0.9 (2019-01-01)\n\n- y\n\n## [0.8.0rc1]\n\n- z\n",
    "comment at the end of unreleased": BASE.replace("## [1.0.0]", "<!-- 1.0.0 was big -->\n## [1.0.0]"),
}
