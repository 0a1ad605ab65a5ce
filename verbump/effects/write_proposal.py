"""Files into the work tree, all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.effects import files, git_history
from verbump.errors import Problem, Refused
from verbump.planning.actions import WriteFile, actions_of

if TYPE_CHECKING:
    from pathlib import Path

    from verbump.planning.actions import Plan


def write_whole(directory: Path, plan: Plan) -> None:
    """Write the plan's files, each only while it holds what the plan saw; folders that are missing are made.

    What was written is taken back where a later file fails, or the user interrupts.

    Raises:
        Refused: a file may not be written, or has changed since it was read; nothing is written.
        OSError: the disk said no; nothing is written.
    """
    root = git_history.locate(directory).root
    wanted = actions_of(plan.actions, WriteFile)
    made: list[Path] = []
    done: list[WriteFile] = []
    try:
        for action in wanted:
            _make_folders(root, action, made)
        _refuse_unsafe(root, wanted)
        for action in wanted:
            done.append(action)
            files.write_text(root, action.path, action.after)
    except BaseException:
        for action in reversed(done):
            _take_back(root, action)
        for folder in reversed(made):
            folder.rmdir()
        raise


def _make_folders(root: Path, action: WriteFile, made: list[Path]) -> None:
    for parent in reversed(action.path.parents):
        folder = root / parent
        # A link or a file in the way is found by the check that follows.
        if not folder.exists() and not folder.is_symlink() and files.find_unsafe(root, parent) is None:
            folder.mkdir()
            made.append(folder)


def _refuse_unsafe(root: Path, wanted: list[WriteFile]) -> None:
    if problems := [problem for action in wanted for problem in _find_problems(root, action)]:
        raise Refused(problems)


def _find_problems(root: Path, action: WriteFile) -> list[Problem]:
    reason = files.find_unsafe(root, action.path)
    if reason is None and files.read_text(root, action.path) != action.before:
        reason = "has changed meanwhile"
    if reason is None:
        return []
    return [Problem(code="target-unsafe", message=f"{action.path} {reason}", hint="mend it, then run again")]


def _take_back(root: Path, action: WriteFile) -> None:
    if action.before is None:
        (root / action.path).unlink(missing_ok=True)
    elif files.read_text(root, action.path) != action.before:
        files.write_text(root, action.path, action.before)
