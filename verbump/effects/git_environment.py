"""How every git process is started: what its environment keeps and loses, and what its configuration may not do."""

from __future__ import annotations

import os
import sys

# Variables that say where a repository is. Inherited (from a hook, say) they would point git at another repository
# than the one under the working directory. Identity, GIT_SSH*, GIT_ASKPASS and GIT_CONFIG_* stay.
LOCATION_VARIABLES = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_QUARANTINE_PATH",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_EXTERNAL_DIFF",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_DEFAULT_HASH",
)

# Configuration that would run a program named by the repository, or change what git prints: off in every command.
_ALWAYS = (
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.editor=false",
    "diff.external=",
    "protocol.ext.allow=never",
    "advice.detachedHead=false",
    "core.quotePath=true",
    "color.ui=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "push.followTags=false",
    "push.recurseSubmodules=no",
    "fetch.recurseSubmodules=no",
    "fetch.writeCommitGraph=false",
    "log.showSignature=false",
)
# Off as well in the commands that only look. A deploy key that CI set up through core.sshCommand works in `release`.
_LOOKING = ("core.hooksPath=/dev/null", "core.sshCommand=ssh", "core.askPass=")

# A remote that shows no sign of life for so long is given up, unless the user has more patience.
SILENCE_SECONDS = 60.0

_SECRET_WORDS = ("TOKEN", "PASSWORD", "PASSWD", "SECRET", "API_KEY", "APIKEY", "PRIVATE_KEY", "CREDENTIAL")


def forget_location() -> None:
    """Take the variables that say where a repository is out of this process's environment, once, at the start."""
    for name in LOCATION_VARIABLES:
        os.environ.pop(name, None)


def git_argv(arguments: tuple[str, ...], *, looking: bool) -> list[str]:
    """`git` with the guards, then the arguments. `looking`: also without the repository's ssh command and hooks."""
    settings = _ALWAYS + _LOOKING if looking else _ALWAYS
    argv = ["git", "--no-pager", "--no-replace-objects"]
    for setting in settings:
        argv += ["-c", setting]
    return [*argv, *arguments]


def git_variables() -> dict[str, str]:
    """Variables that every git process gets on top of the inherited ones."""
    variables = {"LC_ALL": "C", "LANGUAGE": "C", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0"}
    if not _has_terminal():
        variables["GIT_TERMINAL_PROMPT"] = "0"
        variables["GCM_INTERACTIVE"] = "never"
    return variables


def without_secrets(environment: dict[str, str]) -> dict[str, str]:
    """A copy without the variables whose name says that they hold a secret: for hooks and builds."""
    return {name: value for name, value in environment.items() if not is_secret_name(name)}


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret, going by its words."""
    return any(word in name.upper() for word in _SECRET_WORDS)


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
