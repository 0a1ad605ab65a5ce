"""What the commands that are typed most start and import, counted: another git process or library is seen here.

The figures stand for what was measured (docs/performance.md). Who changes one on purpose changes it here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from support.projects import released, remote_refs
from support.running import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
import sys
before = set(sys.modules)
import atexit
atexit.register(lambda: print("modules:", *set(sys.modules) - before, file=sys.stderr))
from verbump.__main__ import main
main()
"""
QUICK = {"verbump", "verbump.__main__", "verbump.cli", "verbump.cli.quick"}
HELP = QUICK | {
    *("verbump.cli.lazy_group", "verbump.cli.main", "verbump.effects", "verbump.effects.git_environment"),
    *("verbump.cli.plain_letters", "verbump.cli.streams"),
}
NEXT = QUICK | {
    *("verbump.domain", "verbump.domain.bumps", "verbump.domain.commits", "verbump.domain.conventions"),
    *("verbump.domain.footers", "verbump.domain.glance", "verbump.domain.history", "verbump.domain.reverts"),
    *("verbump.effects", "verbump.effects.git_environment", "verbump.effects.git_stream", "verbump.effects.quick_look"),
    *("verbump.errors", "verbump.planning", "verbump.planning.quick_next"),
}
MOST_NEXT = 70  # modules of verbump, at most: each dataclass costs as much as a small library's import
MOST_RELEASE = 40  # git processes, at most, for a repository of any size
# Of the standard library, what costs several milliseconds, or leads to what does.
SLOW = {"asyncio", "email", "hashlib", "http", "importlib.metadata", "importlib.resources", "json", "logging", "lzma"}
SLOW |= {"multiprocessing", "pathlib", "random", "shutil", "socket", "ssl", "subprocess", "tempfile", "urllib.request"}


@dataclass(frozen=True)
class Cost:
    """The git processes by their commands, in alphabetical order, and the names of the modules imported."""

    processes: list[str]
    modules: set[str]
    lines: list[str]  # each process's whole command, in the order of their starts

    @property
    def own(self) -> set[str]:
        return {name for name in self.modules if name.partition(".")[0] == "verbump"}

    @property
    def libraries(self) -> set[str]:
        tops = {name.partition(".")[0] for name in self.modules} - {"verbump"}
        return {name for name in tops if name not in sys.stdlib_module_names} - {"typing_extensions"}  # msgspec's


def cost_of(folder: Path, trace: Path, *words: str) -> Cost:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VERBUMP_")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": str(ROOT), "GIT_TRACE2_EVENT": str(trace)},
    )
    assert done.returncode == 0, done.stderr
    lines = trace.read_text().splitlines() if trace.exists() else []
    argvs = [json.loads(line)["argv"] for line in lines if '"event":"start"' in line]
    ours = [" ".join(_without_guards(argv)) for argv in argvs if "--no-replace-objects" in argv]  # not git's own
    return Cost(sorted(line.split(" ")[0] for line in ours), set(done.stderr.rpartition("modules:")[2].split()), ours)


def _without_guards(argv: list[str]) -> list[str]:
    words = iter(argv[1:])
    for word in words:
        if word in {"-c", "-C"}:
            next(words)
        elif not word.startswith("-"):
            return [word, *words]
    return []


def test_version(tmp_path: Path) -> None:
    cost = cost_of(tmp_path, tmp_path / "trace", "--version")
    assert (cost.processes, cost.own, cost.libraries) == ([], QUICK, set())


def test_help(tmp_path: Path) -> None:
    cost = cost_of(tmp_path, tmp_path / "trace", "--help")
    assert (cost.processes, cost.own, cost.libraries) == ([], HELP, {"click"})
    assert not (SLOW | {"dataclasses"}) & cost.modules


def test_next_of_a_plain_repository(tmp_path: Path) -> None:
    cost = cost_of(released(tmp_path, "feat: x").path, tmp_path / "trace", "next")
    assert cost.processes == ["config", "for-each-ref", "log", "rev-parse", "show-ref"]
    assert (cost.own, cost.libraries) == (NEXT, set())
    assert not (SLOW | {"click"}) & cost.modules


@pytest.mark.parametrize("words", [("next",), ("next", "--format=json")], ids="-".join)
def test_next_of_a_configured_repository(tmp_path: Path, words: tuple[str, ...]) -> None:
    repo = released(tmp_path, "feat: x")
    repo.write("verbump.toml", 'zero_version = "cargo"\n')
    cost = cost_of(repo.path, tmp_path / "trace", *words)
    assert cost.processes == ["config", "for-each-ref", "log", "notes", "rev-parse", "show-ref"]
    assert len(cost.own) <= MOST_NEXT, "\n".join(sorted(cost.own))
    assert cost.libraries == {"click", "msgspec", "semver"}
    assert SLOW & cost.modules <= {"json", "pathlib", "shutil", "subprocess"} | (SLOW & _behind("msgspec", "semver"))


def _behind(*libraries: str) -> set[str]:
    program = f"import sys, {', '.join(libraries)}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.split())


def test_release(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    cost = cost_of(repo.path, tmp_path / "trace", "release", "--yes")
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)
    counted = Counter(cost.processes)
    assert 30 < counted.total() <= MOST_RELEASE, "\n".join(cost.lines)
    # The index of a large repository is looked through by one command alone.
    assert counted["status"] == 1
    assert not any("--refresh" in line or "--really-refresh" in line for line in cost.lines)
    assert cost.libraries == {"click", "filelock", "keepachangelog", "semver", "tomlkit"}
    assert not {"ssl", "verbump.effects.github", "verbump.effects.resuming"} & cost.modules
