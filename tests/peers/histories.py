"""Histories that differ in what tools disagree about: seeded, so that a failure can be had again."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

TYPES = [
    *("feat", "fix", "perf", "refactor", "docs", "chore", "build", "ci", "style", "test", "revert", "deps", "foo"),
    *("feature", "fixes", "Feat", "FIX", "BREAKING CHANGE", "BREAKING-CHANGE", "my-type", "été", "f.x", ""),
]
SCOPES = ["", "", "", "(api)", "()", "( )", "(a b/c,d)", "(a(b))", "(a", "(deps)", "(release)", "(pr)", "(é)", " (x)"]
BANGS = ["", "", "", "!", "!!", " !"]
SEPARATORS = [": ", ": ", ": ", ":", " : ", ":  ", ":\t", " #", " - ", ":\xa0"]
TEXTS = [
    "a thing",
    "one",
    "",
    "x (#12)",
    "#13",
    "BREAKING CHANGE: gone",
    "a: b",
    "a  b",
    "ünïcode ☃",
    "prepare for 2",
    "x!",
]
TEXTS += ["x\x0bfix: y", "a\rfeat: b\rc\rfeat!: d", "x\u2028feat: y"]
LEADS = ["", "", "", "", "", " ", "\t", "* ", "- ", "    ", "\n", "✨ ", "fixup! ", "> "]
TOKENS = [
    *("BREAKING CHANGE", "BREAKING-CHANGE", "BREAKING CHANGES", "breaking change", "BREAKING  CHANGE", "Refs"),
    *("Closes", "Reviewed-by", "fix", "feat", "feat!", "Author", "commit abcdef0", "NOTICE", "Release-As", "- foo -"),
]
VALUES = ["gone", "", "#12", "1.0.0", "a b c", " two", "a\n  continued", "a\nnext line", "\ntext on the next line"]
JUNK = [
    *("Some words.", "Squashed commit of the following:", "commit abcdef0123", "Author: A <a@b>", "    Date:   now"),
    *("```\nBREAKING CHANGE: code\n```", "> BREAKING CHANGE: quoted", "mentions BREAKING CHANGE: inline", "---", "* a"),
    *("see(also", "a-\nb: c", "BREAKING\nCHANGE: wrapped", "x\vBREAKING CHANGE: y", "x\u2028feat!: y", "\x0cfeat: y"),
    *(
        "Merge branch 'a'",
        "gpg: no",
        "x\rfeat!: y",
        "word: word: word",
        "  indented: x\n  BREAKING CHANGE: y",
        "a\x85b: c",
    ),
]
GAPS = ["\n\n", "\n\n", "\n\n", "\n", "\n\n\n", "\n \n", "\n\t\n", "\r\n\r\n", "\r\n"]
ENDS = ["", "\n", "\n\n", " ", "\r\n", "\n \n"]


@dataclass(frozen=True)
class History:
    """A branch that begins at the tagged commit: messages, oldest first, and which of them are merges."""

    branch: str
    messages: tuple[str, ...]
    merges: tuple[bool, ...]


def made(seed: int, count: int) -> list[History]:
    """`count` histories of one to three commits."""
    random = Random(seed)
    histories = []
    for number in range(count):
        length = random.choice([1, 1, 1, 2, 3])
        messages = tuple(message(random) for _ in range(length))
        merges = tuple(random.random() < 0.08 for _ in range(length))
        histories.append(History(f"h{number}", messages, merges))
    return histories


def message(random: Random) -> str:
    parts = [header(random, [""] if random.random() < 0.7 else LEADS)]
    for _ in range(random.choice([0, 0, 1, 1, 2, 3])):
        parts.append(random.choice(GAPS))
        parts.append(random.choice(PARTS)(random))
    return "".join(parts) + random.choice(ENDS)


def header(random: Random, leads: Sequence[str] = LEADS) -> str:
    kind = random.choice(TYPES[: random.choice([3, len(TYPES)])])
    ways = (SCOPES, BANGS, SEPARATORS, TEXTS)
    return random.choice(leads) + kind + "".join(random.choice(way[: random.choice([3, len(way)])]) for way in ways)


def junk(random: Random) -> str:
    return random.choice(JUNK)


def footer(random: Random) -> str:
    return random.choice(TOKENS) + random.choice([": ", ": ", ":", " #", " ", ":\n"]) + random.choice(VALUES)


PARTS: list[Callable[[Random], str]] = [footer, header, junk]


def write(path: Path, version: str, histories: list[History]) -> None:
    """A repository in `path` with the tag `v{version}` and a branch for each history; each tenth ends with a revert."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
    subprocess.run(["git", "remote", "add", "origin", "https://example.invalid/o/r.git"], cwd=path, check=True)
    stream = [_commit("main", 1, "chore: base", ()), f"reset refs/tags/v{version}\nfrom :1\n\n".encode()]
    mark = 1
    for history in histories:
        parent = 1
        for text, is_merge in zip(history.messages, history.merges, strict=True):
            parents = [parent]
            if is_merge:
                mark += 1
                stream.append(_commit("side", mark, "docs: aside", (1,)))
                parents.append(mark)
            mark += 1
            stream.append(_commit(history.branch, mark, text, tuple(parents)))
            parent = mark
    subprocess.run(["git", "fast-import", "--quiet", "--force"], cwd=path, input=b"".join(stream), check=True)
    for history in histories[::10]:
        tip = f"refs/heads/{history.branch}"
        sha = _git(path, "rev-parse", tip)
        subject = _git(path, "log", "-1", "--format=%s", tip)
        text = f'Revert "{subject}"\n\nThis reverts commit {sha}.\n'
        made = _git(path, "commit-tree", "-p", tip, "-m", text, f"{tip}^{{tree}}")
        _git(path, "update-ref", tip, made)


def _commit(branch: str, mark: int, text: str, parents: tuple[int, ...]) -> bytes:
    data = text.encode()
    who = f"A <a@example.invalid> {1_700_000_000 + mark * 60} +0000"
    lines = f"reset refs/heads/{branch}\n" if not parents else ""
    lines += f"commit refs/heads/{branch}\nmark :{mark}\nauthor {who}\ncommitter {who}\ndata {len(data)}\n"
    links = "".join(f"{'merge' if place else 'from'} :{parent}\n" for place, parent in enumerate(parents))
    return lines.encode() + data + b"\n" + links.encode() + b"\n"


def _git(path: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=path, check=True, capture_output=True, encoding="utf-8"
    ).stdout.strip()
