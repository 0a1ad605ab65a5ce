"""What `doctor` looks at: tools, repository, remote, registries. It changes nothing, here or elsewhere."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from verbump.effects import git_history, read, registries, tools
from verbump.errors import InputError
from verbump.planning import build_sources, doctor, prerequisites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath
    from typing import Literal

    from verbump.effects.git_repository import Repository
    from verbump.effects.read import Options
    from verbump.planning.doctor import Facts, Tool
    from verbump.planning.registered import Registered
    from verbump.planning.snapshot import Snapshot


def read_facts(options: Options, index_url: str, crates_index: str) -> Facts:
    """Everything that `doctor.diagnose` judges. `options.is_offline`: neither the remote nor a registry is asked.

    Raises:
        UsageError: no repository.
        ConfigError: the configuration is wrong.
        Refused: no commits, or an incomplete clone.
    """
    from verbump.effects.git_repository import Repository

    snapshot = read.read_snapshot(options)
    repository = Repository(git_history.locate(options.directory))
    return doctor.Facts(
        tools=tools.with_versions(_tools(snapshot)),
        snapshot=snapshot,
        registered=() if options.is_offline else tuple(_registered(snapshot, index_url, crates_index)),
        locks={path: _lock_state(repository, path) for path in doctor.find_lock_paths(snapshot)},
        push_error="" if options.is_offline else _push_error(repository, snapshot),
        signing_error=_signing_error(repository),
        is_offline=options.is_offline,
    )


def _tools(snapshot: Snapshot) -> tuple[Tool, ...]:
    """What building it, or any of its packages, needs; each once."""
    found: dict[str, Tool] = {}
    for view in doctor.find_views(snapshot):
        try:
            python = build_sources.find_python(view)
        except InputError:
            python = None  # diagnose names it
        needed = prerequisites.find_tools(python, has_crates=bool(build_sources.find_crates(view)))
        found |= {each.name: each for each in needed}
    return tuple(found.values())


def _registered(snapshot: Snapshot, index_url: str, crates_index: str) -> Iterator[Registered]:
    for registry, name in doctor.find_names(snapshot):
        yield registries.read_pypi(name, index_url) if registry == "PyPI" else registries.read_crate(name, crates_index)


def _lock_state(repository: Repository, path: PurePosixPath) -> Literal["", "ignored", "missing"]:
    if repository.try_run("ls-files", "--error-unmatch", "--", f":(literal,top){path}", looking=True).status == 0:
        return ""
    ignored = repository.try_run("check-ignore", "--quiet", "--", str(path), looking=True).status == 0
    return "ignored" if ignored else "missing"


def _push_error(repository: Repository, snapshot: Snapshot) -> str:
    """What the remote says against a push of the branch as it is; a dry run, so nothing is sent."""
    remote = snapshot.readiness.remote if snapshot.readiness else None
    if remote is None or remote.error or not remote.is_tip_reached or snapshot.branch is None:
        return ""
    refspec = f"HEAD:refs/heads/{snapshot.branch}"
    done = repository.try_run("push", "--dry-run", "--no-verify", "--quiet", remote.name, refspec)
    return "" if done.status == 0 else " ".join(done.stderr.split())[-500:] or f"git push ended with {done.status}"


def _signing_error(repository: Repository) -> str:
    """What keeps git from signing, as far as it can be seen without signing: the program, the key."""
    kind = repository.setting("gpg.format") or "openpgp"
    default = {"ssh": "ssh-keygen", "x509": "gpgsm"}.get(kind, "gpg")
    program = repository.setting(f"gpg.{kind}.program") or repository.setting("gpg.program") or default
    if kind == "ssh":
        program = repository.setting("gpg.ssh.program") or default
        if not repository.setting("user.signingkey") and not repository.setting("gpg.ssh.defaultKeyCommand"):
            return "user.signingkey is not set"
    return "" if shutil.which(program) else f"{program} is not here"
