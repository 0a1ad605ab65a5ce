"""What is measured: each job is two commands whose ratio has a meaning, and the target that the ratio is held to."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import histories
from histories import Shape
from measure import Command

import peers

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOOR_LOG = ("git", "log", "-z", "--format=%H%P%n%B")
_CLICK = (sys.executable, "-c", "import click")
_VERBUMP = (str(Path(sys.executable).with_name("verbump")),)  # as an installer makes it, and a person runs it
_STEPS = (10_000, 30_000, 100_000, 300_000, 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`first` is ours. `target` bounds the ratio first/second (None: shown, not held to anything).

    `commits` is how many the first command reads, for the cost of each; 0 where that says nothing.
    """

    subject: str
    against: str
    commits: int
    first: Command
    second: Command
    target: float | None = None
    tool: str = "verbump"


def all_jobs(root: Path, *, longest: int, with_peers: bool = True) -> Iterator[Job]:
    """Every job on histories of at most `longest` commits, made below `root` as they are needed."""
    steps = [each for each in _STEPS if each <= longest]
    yield from _start(root)
    for commits in steps:
        yield from _few(root, commits, 500)
    yield from _configured(root, steps[-1])
    yield from _few(root, steps[-1], 4000)
    yield from _few(root, steps[0], 1)
    for commits in steps:
        yield from _many(root, commits)
    for commits in steps:
        yield from _whole(root, commits)
    yield from _release(root)
    if with_peers:
        yield from _peers(root, steps)


def _verbump(*words: str, folder: Path) -> Command:
    return Command(argv=(*_VERBUMP, *words), folder=folder)


def _start(root: Path) -> Iterator[Job]:
    floor = Command(argv=_CLICK, folder=root)
    for word in ("--help", "--version"):
        yield Job(
            subject=word,
            against="import click",
            commits=0,
            first=_verbump(word, folder=root),
            second=floor,
            target=1.15,
        )


def _few(root: Path, commits: int, tags: int) -> Iterator[Job]:
    folder = histories.create(root, Shape(commits=commits, since_tag=20, tags=tags))
    subject = f"next, 20 commits since the tag, {tags:,} tag{'s' * (tags > 1)}"
    yield Job(
        subject=subject,
        against="import click",
        commits=commits,
        first=_verbump("next", folder=folder),
        second=Command(argv=_CLICK, folder=folder),
        target=2.0 if tags > 500 else 1.4,
    )


def _configured(root: Path, commits: int) -> Iterator[Job]:
    """As JSON, which only the usual way writes: what a repository with a configuration pays."""
    folder = histories.create(root, Shape(commits=commits, since_tag=20, tags=500))
    yield Job(
        subject="next --format json, 20 commits since the tag, 500 tags",
        against="import click",
        commits=commits,
        first=_verbump("next", "--format", "json", folder=folder),
        second=Command(argv=_CLICK, folder=folder),
    )


def _many(root: Path, commits: int) -> Iterator[Job]:
    folder = histories.create(root, Shape(commits=commits, since_tag=commits - 10, tags=1))
    floor = Command(argv=(*FLOOR_LOG, "v1.0.0..HEAD"), folder=folder)
    yield Job(
        subject="next, all since the tag",
        against="git log",
        commits=commits,
        first=_verbump("next", folder=folder),
        second=floor,
        target=1.15 if commits >= 100_000 else None,
    )


def _whole(root: Path, commits: int) -> Iterator[Job]:
    folder = histories.create(root, Shape(commits=commits, since_tag=20, tags=500))
    target = 1.0 if commits >= 1_000_000 else 1.3 if commits >= 100_000 else 1.5 if commits >= 30_000 else None
    yield Job(
        subject="changelog --all, 500 tags",
        against="git log",
        commits=commits,
        first=_verbump("changelog", "--all", folder=folder),
        second=Command(argv=FLOOR_LOG, folder=folder),
        target=target,
    )


def _peers(root: Path, steps: list[int]) -> Iterator[Job]:
    for peer in peers.PEERS:
        program, config = peers.install(peer, root / "peers")
        for commits in (each for each in steps if each <= peer.limit):
            folder = histories.create(root, Shape(commits=commits, since_tag=20, tags=500))
            for subject, ours, words in (
                ("next", ("next",), peer.next_words),
                ("changelog --all", ("changelog", "--all"), peer.changelog_words),
            ):
                argv = (program, *(word.replace("{config}", config) for word in words))
                yield Job(
                    subject=subject,
                    against=peer.name,
                    commits=commits,
                    first=_verbump(*ours, folder=folder),
                    second=Command(
                        argv=argv, folder=folder, status=peer.status, environment={**(peer.environment or {})}
                    ),
                    target=_peer_target(peer.name, subject, commits),
                    tool=peer.name,
                )


def _peer_target(name: str, subject: str, commits: int) -> float | None:
    if name == "git-cliff 2.12.0" and subject == "next" and commits >= 30_000:
        return 1 / 5
    if name.startswith("git-cliff") and subject == "changelog --all":
        return 1 / 5 if "2.12" in name else 1 / 20
    return None


def _release(root: Path) -> Iterator[Job]:
    """A release of a small repository, against the commands that a person would type."""
    for name, files, target in (("small", 0, 2.0), ("100,000 files", 100_000, 2.0)):
        ours, typed = (histories.create_release(root, f"release-{files}-{who}", files=files) for who in ("a", "b"))
        script = (
            "sed -i s/0.1.0/0.2.0/ Cargo.toml pyproject.toml && printf x >>CHANGELOG.md && git add -u && "
            "git commit -q -m 'chore(release): 0.2.0' && git tag -a -m 0.2.0 v0.2.0 && "
            "git push -q --atomic origin main v0.2.0"
        )
        yield Job(
            subject=f"release, {name}",
            against="git add, commit, tag, push",
            commits=0,
            first=Command(
                argv=(*_VERBUMP, "release", "--yes"), folder=ours, reset=histories.RESET, environment={"CI": ""}
            ),
            second=Command(argv=("sh", "-c", script), folder=typed, reset=histories.RESET),
            target=target,
        )
