"""The next version of a plain repository, asked with git at work from the first moment; or None: not plain enough.

Nothing here explains or refuses: whatever is unusual gives None, and the usual way answers, warns or refuses.
Source: quality.md, "How fast"; GIT_FLUSH: git(1).
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from verbump.effects import git_environment
from verbump.effects.git_stream import GitStream

if TYPE_CHECKING:
    from verbump.planning.quick_next import LastTag

_READ_WHOLE = ("Cargo.toml", "pyproject.toml", "CHANGELOG.md")
_CONFIGURATIONS = ("verbump.toml", ".cz.toml", "cz.toml", ".cz.json", "cz.json", ".cz.yaml", "cz.yaml")


class Place(NamedTuple):
    """Where a repository is: the work tree's top folder, git's folder of shared things, the branch's short name."""

    root: str
    common: str
    branch: str


def next_version(directory: str) -> str | None:
    """The next version of the repository that holds `directory`; None where the usual way has to answer."""
    if not hasattr(os, "posix_spawnp") or any(name in os.environ for name in git_environment.LOCATION_VARIABLES):
        return None
    if _looks_configured(directory):
        return None
    try:
        tags = GitStream(directory, "show-ref", "--dereference", "--tags")
        place = ask_place(directory)
        settings = GitStream(directory, "config", "--get-regexp", r"^remote\..*\.tagopt$")
        notes = GitStream(directory, "for-each-ref", "--count=1", "refs/notes/verbump")
    except OSError:
        return None
    from verbump.planning import quick_next

    listing = tags.answer(0)
    last = quick_next.find_last_tag(listing) if listing is not None else None
    log = _log(directory, last) if last is not None else None
    where = read_place(place.answer(0), directory)
    others = (settings.answer(0, 1), notes.answer(0))
    if last is None or log is None:
        return None
    version = None
    try:
        # A maintenance branch has a range to stay in.
        is_plain = where is not None and not where.branch.endswith(".x") and others == (b"", b"")
        texts = read_texts(where.root) if where is not None and is_plain else None
        if texts is not None and quick_next.is_plain_project(texts, ".".join(map(str, last.numbers))):
            version = quick_next.next_numbers(last, (each for some in log.records() for each in some))
    finally:
        is_whole = _end(log)
    return ".".join(map(str, version)) if version is not None and is_whole else None


def _looks_configured(directory: str) -> bool:
    """Whether the files here, mostly the top folder, speak of a configuration: then no git process is begun in vain."""
    for name in ("pyproject.toml", "Cargo.toml", "verbump.toml"):
        path = f"{directory}/{name}"
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  pathlib costs its import
                return True  # a pipe or a device: the usual way says so
            with open(path, "rb") as file:  # noqa: PTH123  as above
                text = file.read()
        except OSError:
            continue
        if name == "verbump.toml" or any(word in text for word in (b"verbump", b"[workspace")):
            return True
    return False


def _log(directory: str, last: LastTag) -> GitStream:
    options = ("log", "-z", "--boundary", "--encoding=UTF-8", "--format=%m%H %P%n%B", "--end-of-options")
    log = GitStream(directory, *options, "HEAD", f"^{last.commit}", "--")
    log.widen()
    return log


def _end(log: GitStream) -> bool:
    """Whether git wrote all there was; what nobody read is not waited for."""
    whole = os.read(log.descriptor, 1) == b""
    return log.status() == 0 and whole


def ask_place(directory: str) -> GitStream:
    """The process that says what `read_place` reads."""
    return GitStream(
        directory,
        *("rev-parse", "--is-bare-repository", "--is-shallow-repository", "--absolute-git-dir"),
        *("--git-common-dir", "--show-toplevel", "--symbolic-full-name", "HEAD"),
    )


def read_place(said: bytes | None, directory: str) -> Place | None:
    """Where the repository is; None for a bare or shallow one, a detached HEAD, or an unfinished release."""
    if said is None:
        return None
    lines = said.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) != 7 or lines[:2] != ["false", "false"]:
        return None
    common, root, branch = lines[3:6]
    name = branch.removeprefix("refs/heads/")
    common = os.path.join(directory, common)  # noqa: PTH118  pathlib costs its import
    if name == branch or os.path.lexists(f"{common}/verbump/journal.json"):
        return None
    return Place(root, common, name)


def read_texts(root: str) -> dict[str, str] | None:
    """The files that a plain project has, by name; None where one is no plain file or a configuration is there."""
    if any(os.path.lexists(f"{root}/{name}") for name in _CONFIGURATIONS):
        return None
    texts = {}
    for name in _READ_WHOLE:
        path = f"{root}/{name}"
        try:
            if not stat.S_ISREG(os.lstat(path).st_mode):
                return None
            with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123  as above
                texts[name] = file.read()
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            return None
    return texts
