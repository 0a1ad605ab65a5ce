"""The release's tree laid out in a scratch folder, where hooks may run without touching the user's work tree."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from verbump.effects import files, git_environment, git_objects
from verbump.effects.redaction import redact
from verbump.errors import Problem, Refused, VerbumpError
from verbump.planning.actions import RunCommand, WriteFile, actions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbump.effects.git_repository import Repository
    from verbump.planning.actions import Action, CreateReleaseCommit, PushAtomically

_NULL_ID = {40: "0" * 40, 64: "0" * 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A folder with the files of `tree`, and the variables with which git works on it and a private index."""

    folder: Path
    tree: str
    variables: dict[str, str]


@contextmanager
def exported(repository: Repository, action: CreateReleaseCommit) -> Iterator[Export]:
    """The tree of `action` as files, until the block ends."""
    tree = git_objects.create_tree(repository, action.base, action.files)
    with tempfile.TemporaryDirectory(prefix=_prefix(repository)) as scratch:
        yield write_tree(repository, tree, Path(scratch))


def write_tree(repository: Repository, tree: str, scratch: Path, *, looking: bool = False) -> Export:
    """The files of a tree (or of a commit) in `scratch`/tree, which must not exist yet. `looking`: see `Repository`."""
    folder = scratch / "tree"
    folder.mkdir()
    variables = {
        "GIT_DIR": str(repository.location.git_dir),
        "GIT_WORK_TREE": str(folder),
        "GIT_INDEX_FILE": str(scratch / "index"),
    }
    repository.run("read-tree", tree, environment=variables, looking=looking)
    repository.run("checkout-index", "--all", environment=variables, looking=looking)
    repository.run("update-index", "-q", "--refresh", environment=variables, looking=looking)
    return Export(folder=folder, tree=tree, variables=variables)


def remove_leftovers(repository: Repository) -> None:
    """Take away the exports of a killed process. Only under the journal's lock."""
    for leftover in Path(tempfile.gettempdir()).glob(f"{_prefix(repository)}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _prefix(repository: Repository) -> str:
    """How the names of this repository's exports begin: several repositories share the folder for temporary files."""
    own = hashlib.sha256(os.fsencode(repository.state_folder)).hexdigest()[:12]
    return f"verbump-export-{own}-"


def run_before_commit(
    repository: Repository,
    action: CreateReleaseCommit,
    commands: tuple[RunCommand, ...],
    report: Callable[[str], None],
) -> tuple[WriteFile, ...]:
    """The release's files after the `before_commit` hooks: what they changed in them and in their declared paths.

    Raises:
        Refused: a hook failed, or changed something else.
    """
    with exported(repository, action) as export:
        for command in commands:
            report(f"run {' '.join(command.argv)}")
            _run(command.argv, export.folder, dict(command.environment))
        changed = _changed_paths(repository, export)
        declared = {PurePosixPath(path) for command in commands for path in command.may_change}
        allowed = {file.path for file in action.files} | declared
        if others := sorted(str(path) for path in changed - allowed):
            message = f"before_commit changed files that are not part of the release: {', '.join(others)}"
            hint = "list them in tool.verbump.hooks.paths, or let git ignore them"
            raise Refused([Problem(code="hook-changed-files", message=message, hint=hint)])
        return _with_changes(repository, action, export, changed)


def run_git_hooks(repository: Repository, action: CreateReleaseCommit) -> str:
    """The commit message after git's own pre-commit and commit-msg hooks have passed.

    Raises:
        Refused: a hook failed, or changed the release's files.
    """
    with exported(repository, action) as export:
        _run_git_hook(repository, "pre-commit", (), export)
        if changed := sorted(str(path) for path in _changed_paths(repository, export)):
            message = f"the pre-commit hook changed {', '.join(changed)}: a release commits what it has shown"
            hint = "run that formatter in tool.verbump.hooks.before_commit"
            raise Refused([Problem(code="hook-changed-files", message=message, hint=hint)])
        path = export.folder.parent / "COMMIT_EDITMSG"
        path.write_bytes(action.message.encode())
        _run_git_hook(repository, "commit-msg", (str(path),), export)
        return path.read_text(encoding="utf-8")


def run_pre_push(repository: Repository, action: PushAtomically, commit: str, tag_objects: tuple[str, ...]) -> None:
    """git's pre-push hook with the refs to come (Git LFS uploads there), where there is one.

    Raises:
        Refused: the hook does not let the push through.
    """
    hook = _hook_path(repository, "pre-push")
    if hook is None:
        return
    null = _NULL_ID[len(commit)]
    branch = f"refs/heads/{action.branch}"
    lines = [f"{branch} {commit} {branch} {action.expected or null}"]
    for name, tag_object in zip(action.tags, tag_objects, strict=True):
        lines.append(f"refs/tags/{name} {tag_object} refs/tags/{name} {null}")
    url = repository.run("remote", "get-url", "--push", "--end-of-options", action.remote).text
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    _run((str(hook), action.remote, url), repository.root, {}, data=data, name="pre-push")


def run_in(folder: Path, command: RunCommand) -> None:
    """Run a command of the configuration in `folder`.

    Raises:
        Refused: it could not be started, or failed.
    """
    _run(command.argv, folder, dict(command.environment))


def _run_git_hook(repository: Repository, name: str, arguments: tuple[str, ...], export: Export) -> None:
    hook = _hook_path(repository, name)
    if hook is not None:
        _run((str(hook), *arguments), export.folder, {**export.variables, "GIT_EDITOR": ":"}, name=name)


def _hook_path(repository: Repository, name: str) -> Path | None:
    """The hook's file where git would run it: present and executable, wherever core.hooksPath says."""
    path = repository.root / repository.run("rev-parse", "--git-path", f"hooks/{name}").text
    return path if path.is_file() and os.access(path, os.X_OK) else None


def _run(argv: tuple[str, ...], folder: Path, variables: dict[str, str], *, data: bytes = b"", name: str = "") -> None:
    """Run a hook without the secrets of this process.

    Raises:
        Refused: it could not be started, or failed; the message holds the end of what it printed.
    """
    environment = {**git_environment.without_secrets(dict(os.environ)), **variables}
    shown = name or " ".join(argv)
    try:
        done = subprocess.run(  # noqa: PLW1510
            argv, cwd=folder, env=environment, input=data, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        problem = Problem(code="hook-failed", message=f"{shown}: cannot be started: {error.strerror}")
        raise Refused([problem]) from error
    if done.returncode != 0:
        said = redact(done.stdout.decode("utf-8", "replace")).strip()[-4000:]
        message = f"{shown} failed with status {done.returncode}" + (f":\n{said}" if said else "")
        raise Refused(
            [Problem(code="hook-failed", message=message, hint="nothing has been released; mend it and run again")]
        )


def _changed_paths(repository: Repository, export: Export) -> set[PurePosixPath]:
    """Paths that differ from the private index, new ones that git does not ignore included."""
    # Against the tree, not the index: a hook may have run `git add` on what it changed.
    differing = repository.run("diff-index", "--name-only", "-z", export.tree, environment=export.variables).stdout
    new = repository.run("ls-files", "--others", "--exclude-standard", "-z", environment=export.variables).stdout
    return {PurePosixPath(os.fsdecode(name)) for name in (differing + new).split(b"\0") if name}


def _with_changes(
    repository: Repository, action: CreateReleaseCommit, export: Export, changed: set[PurePosixPath]
) -> tuple[WriteFile, ...]:
    made = {file.path: file for file in action.files}
    for path in sorted(changed):
        after = files.read_text(export.folder, path)
        if after is None:
            message = f"before_commit deleted {path}"
            raise Refused([Problem(code="hook-changed-files", message=message, hint="let it write the file instead")])
        if path in made:
            made[path] = replace(made[path], after=after)
        else:
            made[path] = WriteFile(path=path, before=files.read_text(repository.root, path), after=after)
    return tuple(made.values())


def run_after_release(repository: Repository, actions: tuple[Action, ...], say: Callable[[str], None]) -> list[str]:
    """What went wrong with the `after_release` hooks: best effort, they never change how a finished release ends."""
    remarks = []
    for command in actions_of(actions, RunCommand):
        if command.step != "after_release":
            continue
        say(f"run {' '.join(command.argv)}")
        try:
            run_in(repository.root, command)
        except VerbumpError as error:
            remarks.append(error.message)
    return remarks
