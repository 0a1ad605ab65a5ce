"""What a shallow or tagless clone lacks, fetched: no version is ever worked out from half a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.effects.git_repository import Repository
from verbump.errors import Problem, Refused

if TYPE_CHECKING:
    from verbump.effects.git_history import Location

_LACKS = {
    "history": "this clone is shallow: the commits since the last release, and its tag, may be missing",
    "tags": "this clone holds no version tag, but its remote may",
}


def refuse(lack: str, remote: str | None, said: str = "") -> Refused:
    """The refusal for a clone that lacks `history` or `tags` and may not, or cannot, ask `remote`."""
    hint = f"git fetch {'--unshallow ' if lack == 'history' else ''}--tags {remote or 'REMOTE'}"
    hint += " (actions/checkout: fetch-depth: 0), or name the version"
    message = _LACKS[lack] + (f"; asking {remote} failed: {said}" if said else "")
    return Refused([Problem(code="incomplete-clone", message=message, hint=hint)])


def fetch(location: Location, remote: str, lack: str, *, looking: bool) -> None:
    """Fetch what `location` lacks from `remote`: its whole history, or its tags. No branch of the user moves.

    `looking`: without the repository's own ssh command, which a release may use.

    Raises:
        Refused: it could not be fetched.
    """
    repository = Repository(location)
    options = ["--progress", "--no-write-fetch-head", "--no-recurse-submodules", "--upload-pack=git-upload-pack"]
    if lack == "history":
        done = repository.try_remote(
            "fetch", *options, "--unshallow", "--tags", "--end-of-options", remote, looking=looking
        )
    else:
        # Only tags, and no forced ones: a tag that differs here and there stays, and is a problem of its own.
        refspec = "refs/tags/*:refs/tags/*"
        done = repository.try_remote(
            "fetch", *options, "--no-tags", "--end-of-options", remote, refspec, looking=looking
        )
        if done.status != 0 and "would clobber existing tag" in done.stderr:
            return
    if done.status != 0:
        raise refuse(lack, remote, " ".join(done.stderr.split()))
