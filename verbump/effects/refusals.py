"""Why a release was refused, in words: by the remote, by the operating system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.effects import git_objects
from verbump.errors import Problem, RaceLost, Refused, VerbumpError
from verbump.planning.actions import describe_tags

if TYPE_CHECKING:
    from verbump.effects.git_repository import Repository
    from verbump.planning.actions import PushAtomically


def of_push(repository: Repository, action: PushAtomically, pushed: git_objects.Pushed) -> VerbumpError:
    """Why the remote holds nothing of the push: a race, or a refusal with the server's own words."""
    hint = f"git pull --rebase {action.remote} {action.branch}, then run again"
    if pushed.result == "other":
        return RaceLost(f"another release has made {describe_tags(action.tags)} on {action.remote}", hint=hint)
    ref = f"refs/heads/{action.branch}"
    if git_objects.read_remote_refs(repository, action.remote, ref).get(ref) != action.expected:
        return RaceLost(f"{action.remote}/{action.branch} has moved meanwhile: nothing was pushed", hint=hint)
    if "does not support --atomic" in pushed.said:
        message = f"{action.remote} cannot take branch and tag as one (no atomic push): {pushed.said}"
        problem = Problem(code="no-atomic-push", message=message, hint="there is no fallback: use a server that can")
    elif pushed.is_silent:
        message = f"{action.remote} never answered the push, and holds nothing of it:\n{pushed.said}"
        hint = f"`--timeout` has more patience; should it arrive after all, `git pull {action.remote}` brings it"
        problem = Problem(code="push-unanswered", message=message, hint=hint)
    else:
        message = f"{action.remote} refused the push; nothing has changed:\n{pushed.said}"
        hint = "where the branch is protected: verbump release --pull-request"
        problem = Problem(code="push-refused", message=message, hint=hint)
    return Refused([problem])


def of_system(error: OSError) -> VerbumpError:
    """The refusal for an error of the operating system: a full disk, a missing right."""
    where = f"{error.filename}: " if error.filename else ""
    return Refused([Problem(code="system", message=f"{where}{error.strerror or error}")])
