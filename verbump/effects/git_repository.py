"""git as a process: argv lists, guarded, bytes in and out. The only door to GitPython, whose process layer fetches.

Its object API is not used: it is several times slower, fails on SHA-256 repositories and ignores signing.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.effects import git_environment, watchdog
from verbump.effects.redaction import redact
from verbump.errors import GitFailed, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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
        self.silence_seconds = silence_seconds
        self.location = location
        self.root = location.root

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
        try:
            done = subprocess.run(
                git_environment.git_argv(arguments, looking=looking),
                cwd=self.root,
                env={**os.environ, **git_environment.git_variables(), **(environment or {})},
                stdin=None if data else subprocess.DEVNULL,
                input=data or None,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise GitFailed(f"git {arguments[0]}: {error.strerror}", hint="git version") from error
        if done.returncode < 0:
            raise GitFailed(f"git {arguments[0]} was ended by signal {-done.returncode}")  # which answers nothing
        said = done.stderr.decode("utf-8", "surrogateescape").removesuffix("\n")
        return Output(status=done.returncode, stdout=done.stdout, stderr=redact(said))

    def try_remote(self, *arguments: str, looking: bool = False) -> Output:
        """How a git command that speaks to a remote ended; it is ended itself when the remote falls silent.

        Give `--progress` to one that may be at work for long: its progress is the sign of life.
        """
        if looking and arguments[0] in {"fetch", "ls-remote"}:
            # Else remote.NAME.uploadpack says what is started on the other side, which may be this machine.
            arguments = (arguments[0], "--upload-pack=git-upload-pack", *arguments[1:])
        argv = git_environment.git_argv(arguments, looking=looking)
        with contextlib.ExitStack() as stack:
            process = stack.enter_context(self._started(argv, with_gitpython=arguments[0] == "fetch"))
            out, error, is_silent = watchdog.watch(process, self.silence_seconds)
        said = redact(watchdog.without_progress(error.decode("utf-8", "replace"))).rstrip("\n")
        if is_silent:
            said = f"{said}\nno sign of life for {self.silence_seconds:g} seconds".lstrip("\n")
        return Output(status=process.returncode, stdout=out, stderr=said, is_silent=is_silent)

    @contextlib.contextmanager
    def _started(self, argv: list[str], *, with_gitpython: bool) -> Iterator[subprocess.Popen[bytes]]:
        """A git process, ended when it is left early.

        GitPython takes longer to be imported than a release takes without it, so what every release needs is started
        here; in a fetch that does not show.
        """
        if with_gitpython:
            # Held until the end: GitPython ends the process when nobody holds it.
            held = _gitpython(self.root).execute(
                argv, istream=subprocess.DEVNULL, env=git_environment.git_variables(), as_process=True, shell=False
            )
            assert held.proc is not None
            yield held.proc
            return
        process = subprocess.Popen(
            argv,
            cwd=self.root,
            env={**os.environ, **git_environment.git_variables()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()

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
        said = self.run("remote", looking=True).text
        return tuple(said.split("\n")) if said else ()

    def is_set(self, *names: str) -> tuple[bool, ...]:
        """Whether each of these settings, spelled in lower case, is on."""
        pattern = "|".join(re.escape(name) for name in names)
        done = self.try_run("config", "-z", "--type=bool", "--get-regexp", f"^({pattern})$", looking=True)
        if done.status > 1:  # a value that is none stands in the way of the others
            return tuple(self.setting(name, kind="bool") == "true" for name in names)
        values = dict(each.split("\n", 1) for each in done.text.split("\0") if each)
        return tuple(values.get(name) == "true" for name in names)

    def read_refs(self, *names: str) -> dict[str, str]:
        """Full name → object id of those refs that are there; a name that ends in `*` stands for all that begin so."""
        done = self.run("for-each-ref", "--format=%(objectname) %(refname)", *names, looking=True)
        lines = (line.partition(" ") for line in done.text.split("\n") if line)
        starts = tuple(name[:-1] for name in names if name.endswith("*"))
        return {name: oid for oid, _, name in lines if name in names or name.startswith(starts)}

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


def _gitpython(root: Path) -> Git:
    # GitPython runs `git version` at import and raises ImportError where git is missing; locate() has looked.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    try:
        import git
    except ImportError as error:
        raise GitFailed(f"git cannot be run: {error}", hint="git version") from error
    return git.Git(str(root))


def _succeeded(arguments: tuple[str, ...], done: Output) -> Output:
    if done.status != 0:
        raise GitFailed(f"git {arguments[0]}: {done.stderr.strip() or f'exit status {done.status}'}")
    return done
