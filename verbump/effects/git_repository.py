"""git through GitPython's process layer: argv lists, guarded, bytes in and out. The only door to GitPython.

Its object API is not used: it is several times slower, fails on SHA-256 repositories and ignores signing.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from verbump.effects import git_environment, watchdog
from verbump.effects.redaction import redact
from verbump.errors import GitFailed, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from git import Git

    from verbump.effects.git_history import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """How a git process ended: exit status, output, and what it said on stderr, without secrets.

    `is_silent`: it was ended, because nothing came from it for too long.
    """

    status: int
    stdout: bytes
    stderr: str
    is_silent: bool = False

    @property
    def text(self) -> str:
        """The output as text, without its last line end."""
        return os.fsdecode(self.stdout).removesuffix("\n")


class Repository:
    """A repository to work on. Every method runs git in its work tree's top folder.

    A remote that shows no sign of life for `silence_seconds` is given up.
    """

    def __init__(self, location: Location, *, silence_seconds: float = git_environment.SILENCE_SECONDS) -> None:
        # GitPython runs `git version` at import and raises ImportError where git is missing; locate() has looked.
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        try:
            import git
        except ImportError as error:
            raise GitFailed(f"git cannot be run: {error}", hint="git version") from error

        self.silence_seconds = silence_seconds
        self.location = location
        self.root = location.root
        self._git: Git = git.Git(str(location.root))

    @property
    def state_folder(self) -> Path:
        """Where verbump keeps its journal and lock: in git's common directory, shared by linked work trees."""
        return self.location.common_dir / "verbump"

    def try_run(
        self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None, looking: bool = False
    ) -> Output:
        """How git ended. `data` is its standard input; `looking`: without the repository's hooks and ssh command.

        Raises:
            GitFailed: it was killed.
        """
        argv = git_environment.git_argv(arguments, looking=looking)
        variables = {**git_environment.git_variables(), **(environment or {})}
        with contextlib.ExitStack() as stack:
            stream: int | BinaryIO = subprocess.DEVNULL
            if data:
                # In git's folder: a search for a folder begins with a trial file, which a killed process leaves.
                stream = stack.enter_context(tempfile.TemporaryFile(dir=self.location.git_dir))
                stream.write(data)
                stream.seek(0)
            status, out, error = self._git.execute(
                argv,
                istream=stream,
                env=variables,
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                shell=False,
            )
        assert isinstance(out, bytes)
        if int(status) < 0:
            raise GitFailed(f"git {arguments[0]} was ended by signal {-int(status)}")  # which answers nothing
        return Output(status=int(status), stdout=out, stderr=redact(str(error)))

    def try_remote(self, *arguments: str, looking: bool = False) -> Output:
        """How a git command that speaks to a remote ended; it is ended itself when the remote falls silent.

        Give `--progress` to one that may be at work for long: its progress is the sign of life.
        """
        # Held until the end: GitPython ends the process when nobody holds it.
        held = self._git.execute(
            git_environment.git_argv(arguments, looking=looking),
            istream=subprocess.DEVNULL,
            env=git_environment.git_variables(),
            as_process=True,
            shell=False,
        )
        process = held.proc
        assert process is not None
        out, error, is_silent = watchdog.watch(process, self.silence_seconds)
        said = redact(watchdog.without_progress(error.decode("utf-8", "replace"))).rstrip("\n")
        if is_silent:
            said = f"{said}\nno sign of life for {self.silence_seconds:g} seconds".lstrip("\n")
        return Output(status=process.returncode, stdout=out, stderr=said, is_silent=is_silent)

    def run_remote(self, *arguments: str, looking: bool = False) -> Output:
        """The same, for a command that has to succeed.

        Raises:
            GitFailed: it did not; the message quotes what git said.
        """
        return _succeeded(arguments, self.try_remote(*arguments, looking=looking))

    def run(
        self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None, looking: bool = False
    ) -> Output:
        """The same, for a command that has to succeed.

        Raises:
            GitFailed: it did not; the message quotes what git said.
        """
        return _succeeded(arguments, self.try_run(*arguments, data=data, environment=environment, looking=looking))

    def version(self) -> tuple[int, ...]:
        """git's version as numbers: (2, 39, 5)."""
        found = re.search(r"(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?", self.run("version").text)
        return tuple(int(number) for number in found.groups("0")) if found else (0,)

    def setting(self, name: str, *, kind: str = "") -> str | None:
        """The value of a git setting, None where it is not set. `kind` is a type of git config, such as bool."""
        options = [f"--type={kind}"] if kind else []
        done = self.try_run("config", "--get", *options, name, looking=True)
        return done.text if done.status == 0 else None

    def remote_names(self) -> tuple[str, ...]:
        """The configured remotes, in git's order."""
        return tuple(self.run("remote", looking=True).text.split("\n")) if self.run("remote", looking=True).text else ()

    def resolve(self, revision: str) -> str | None:
        """The object id that a full ref name or an id stands for, None where there is none."""
        done = self.try_run("rev-parse", "--verify", "--quiet", "--end-of-options", revision, looking=True)
        return done.text if done.status == 0 else None

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        """Whether `descendant` reaches `ancestor`; False as well where an object is missing here."""
        return self.try_run("merge-base", "--is-ancestor", ancestor, descendant, looking=True).status == 0

    def check_ref(self, ref: str) -> None:
        """Nothing, for a well-formed full ref name.

        Raises:
            InputError: git would not take it.
        """
        if self.try_run("check-ref-format", ref, looking=True).status != 0:
            raise InputError(f"{ref!r} is not a valid ref name", code="bad-ref")


def _succeeded(arguments: tuple[str, ...], done: Output) -> Output:
    if done.status != 0:
        raise GitFailed(f"git {arguments[0]}: {done.stderr.strip() or f'exit status {done.status}'}")
    return done
