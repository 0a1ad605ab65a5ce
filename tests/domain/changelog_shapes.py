"""Changelogs as people keep them: name → text. Each is followed, and a release is spliced in."""

from __future__ import annotations

BASE = """\
# Changelog

All notable changes.

## [Unreleased]

### Added

- A stream.

## [1.0.0] - 2026-01-01

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
    "plain": BASE,
    "with links": BASE + LINKS,
    "lower-case unreleased link": BASE + LINKS.replace("[Unreleased]", "[unreleased]"),
    "angle-bracket links": BASE
    + LINKS.replace("https://", "<https://").replace("HEAD", "HEAD>").replace("1.0.0\n", "1.0.0>\n"),
    "gitlab links": BASE + LINKS.replace("github.com/o/r", "gitlab.com/o/r/-"),
    "bitbucket links": BASE + "\n[Unreleased]: https://bitbucket.org/o/r/branches/compare/HEAD..v1.0.0\n",
    "issue references": BASE.replace("A leak.", "A leak ([#12]).")
    + "\n[#12]: https://github.com/o/r/issues/12\n"
    + LINKS,
    "crlf": crlf(BASE + LINKS),
    "mixed line ends": BASE.replace("- A stream.\n", "- A stream.\r\n") + LINKS,
    "bom": "\ufeff" + BASE,
    "bom and first heading is the version": "\ufeff## [1.0.0] - 2026-01-01\n\n- x\n",
    "no final newline": BASE.rstrip("\n"),
    "no final newline after links": (BASE + LINKS).rstrip("\n"),
    "crlf, no final newline": crlf(BASE).rstrip("\r\n"),
    "no unreleased": BASE.replace("## [Unreleased]\n\n### Added\n\n- A stream.\n\n", ""),
    "empty unreleased": BASE.replace("### Added\n\n- A stream.\n\n", ""),
    "empty unreleased, no blank line": "# Changelog\n## [Unreleased]\n## [1.0.0] - 2026-01-01\n- x\n",
    "only unreleased": "# Changelog\n\n## [Unreleased]\n\n- A stream.\n",
    "only an empty unreleased at the end": "# Changelog\n\n## [Unreleased]",
    "unbracketed": BASE.replace("[Unreleased]", "Unreleased").replace("[1.0.0]", "1.0.0"),
    "upper-case unreleased": BASE.replace("[Unreleased]", "[UNRELEASED]"),
    "v prefix": BASE.replace("[1.0.0]", "v1.0.0"),
    "linked headings": BASE.replace("## [1.0.0] -", "## [1.0.0](https://github.com/o/r/tree/v1.0.0) -"),
    "date in brackets": BASE.replace("- 2026-01-01", "(2026-01-01)"),
    "em dash": BASE.replace(" - 2026", " — 2026"),
    "yanked": BASE.replace("2026-01-01", "2026-01-01 [YANKED]"),
    "setext": "Changelog\n=========\n\nUnreleased\n----------\n\n- A stream.\n\n1.0.0 - 2026-01-01\n------------------\n\n- x\n",
    "top-level versions": "# Unreleased\n\n### Added\n\n- A stream.\n\n# 1.0.0 (2026-01-01)\n\n### Fixed\n\n- x\n",
    "closed headings": BASE.replace("## [Unreleased]", "## [Unreleased] ##").replace("### Added", "### Added ###"),
    "heading in a fence": BASE.replace("- A leak.\n", "- A leak:\n\n  ```\n  ## [9.9.9] - 2020-01-01\n  ```\n"),
    "heading in a tilde fence": BASE.replace("- A leak.\n", "~~~md\n## [9.9.9]\n```\n~~~\n\n- A leak.\n"),
    "heading in a comment": BASE.replace("## [1.0.0]", "<!--\n## [9.9.9] - 2020-01-01\n-->\n\n## [1.0.0]"),
    "comment under unreleased": BASE.replace("### Added", "<!-- add entries below -->\n\n### Added"),
    "comment between entries": BASE.replace("- A stream.\n", "- A stream.\n<!-- hidden -->\n- Another.\n"),
    "html details": BASE.replace("- A leak.\n", "<details>\n## no heading\n\n- A leak.\n\n</details>\n"),
    "nested lists": BASE.replace(
        "- A stream.\n", "- A stream:\n  - inner\n    - innermost\n\n  A second paragraph.\n- B\n"
    ),
    "ordered list": BASE.replace("- A stream.\n", "1. A stream.\n2. Another.\n"),
    "prose under unreleased": BASE.replace("### Added", "A word first.\n\n### Added"),
    "category twice": BASE.replace("- A stream.\n", "- A stream.\n\n### Fixed\n\n- F\n\n### Added\n\n- Again.\n"),
    "own categories": BASE.replace("### Added", "### API Changes"),
    "metadata category": BASE.replace("### Fixed", "### Metadata"),
    "deep headings": BASE.replace("- A stream.\n", "#### Core\n\n- A stream.\n\n#### Python\n\n- B.\n"),
    "definitions in the middle": BASE.replace("## [1.0.0]", "[doc]: https://example.org\n\n## [1.0.0]"),
    "front matter": "---\ntitle: Changelog\n# not a heading\n---\n\n" + BASE,
    "non-version heading": BASE + "\n## Older releases\n\nSee the archive.\n",
    "tabs and trailing blanks": BASE.replace("## [Unreleased]", "##\t[Unreleased]  ").replace(
        "- A stream.", "-\tA stream. \t"
    ),
    "unicode": BASE.replace("A stream", "Ströme ☃ 日本語\u2028eine Zeile\x0b\x85"),
    "quoted heading": BASE.replace("- A leak.\n", "> ## [8.8.8]\n\n- A leak.\n"),
    "heading inside a list": BASE.replace("- A stream.\n", "- A stream\n\n  ## [7.7.7]\n\n"),
    "undated old version": BASE + "\n## [0.9.0]\n\n- y\n",
    "two-part and odd versions": BASE + "\n## [0.9] - 2025-01-01\n\n- y\n\n## [0.8.0rc1] - 2024-01-01\n\n- z\n",
}
