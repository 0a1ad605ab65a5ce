"""commitizen's rules, or those of one of its plugins, as plain data; and what they say of messages.

Planning runs nothing that a repository names: the configuration chooses among the plugins that whoever set up the
environment has installed, and their code runs in a process of its own, without tokens, before planning begins. Rules
that a repository may bring itself (`cz_customize`) are data: patterns and maps.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verbump.domain.bumps import Bump
from verbump.domain.commit_rules import CommitRules
from verbump.effects import commitizen_settings, git_environment
from verbump.errors import ConfigError
from verbump.planning import check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbump.config import CheckConfig
    from verbump.domain.commits import Commit
    from verbump.effects.commitizen_settings import CommitizenSettings
    from verbump.planning.check import Finding

_PATIENCE_SECONDS = 60.0


def read(root: Path, *, must_bump: bool) -> CommitRules:
    """The rules that `[tool.commitizen]` of the repository at `root` names, commitizen's own where it names none.

    Raises:
        ConfigError: no such plugin is installed, it fails, or (with `must_bump`) its rules lead to no version.
    """
    settings = commitizen_settings.read(root) or commitizen_settings.NONE
    rules = _made(settings, _ask(root, settings, [])["rules"])
    if must_bump and not rules.can_bump:
        message = f"{settings.place}.name: {rules.name} has no bump_pattern and bump_map, so it leads to no version"
        hint = "name the version (verbump release 1.3.0), or rules that have them"
        raise ConfigError(message, hint=hint, code="convention-without-versions")
    return rules


def find(root: Path, messages: Sequence[Commit], checks: CheckConfig, *, is_strict: bool) -> tuple[Finding, ...]:
    """What the rules that `[tool.commitizen]` names object to, in the order of the messages; merges are passed over.

    What they take is held against the scopes and the length of `checks`.

    Raises:
        ConfigError: no such plugin is installed, it fails, or `checks` ask for what only the plugin can say.
    """
    settings = commitizen_settings.read(root) or commitizen_settings.NONE
    check.require_plugin_alone(checks, _name(settings), is_strict=is_strict)
    asked = [commit for commit in messages if len(commit.parents) < 2]
    texts = [(commit.sha, commit.message.replace("\r\n", "\n").strip()) for commit in asked]
    answer = _ask(root, settings, texts)
    rules = _made(settings, answer["rules"])
    return check.find_judged(zip(asked, answer["findings"], strict=True), rules, checks)


def _made(settings: CommitizenSettings, described: Mapping[str, Any]) -> CommitRules:
    maps = {
        name: tuple((pattern, Bump[bump] if bump else Bump.NONE) for pattern, bump in described[name])
        for name in ("bump_map", "zero_bump_map")
    }
    return CommitRules(
        name=_name(settings),
        schema_pattern=described["schema_pattern"],
        schema=described["schema"],
        bump_pattern=described["bump_pattern"],
        is_zero=settings.table.get("major_version_zero") is True,
        commit_parser=described["commit_parser"],
        changelog_pattern=described["changelog_pattern"],
        change_type_map=described["change_type_map"],
        change_type_order=tuple(dict.fromkeys(described["change_type_order"])),
        **maps,
    )


def _name(settings: CommitizenSettings) -> str:
    return str(settings.table.get("name", "cz_conventional_commits"))


def _ask(root: Path, settings: CommitizenSettings, messages: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
    """The process's answer. Raises ConfigError for a fault, with the place that names the plugin."""
    folders = [each for each in sys.path if Path(each).name in {"site-packages", "dist-packages"}]
    request = {"path": folders, "settings": settings.table, "messages": messages}
    script = Path(__file__).with_name("commit_rules_process.py")
    argv = [sys.executable, "-I", "-B", "-W", "ignore", str(script)]
    environment = git_environment.without_secrets(dict(os.environ))
    data = json.dumps(request, default=str).encode("ascii")  # a TOML date is a text for a plugin
    try:
        done = subprocess.run(
            argv,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=root,
            env=environment,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        answer = {"fault": {"kind": "failed", "said": f"no answer in {_PATIENCE_SECONDS:g} seconds"}}
    except ValueError:
        answer = {"fault": {"kind": "failed", "said": "ended its process"}}
    fault = answer.get("fault")
    if fault is not None:
        raise _error(settings, str(fault["kind"]), str(fault["said"]))
    found: Mapping[str, Any] = answer
    return found


def _error(settings: CommitizenSettings, kind: str, said: str) -> ConfigError:
    place, name = f"{settings.place}.name", _name(settings)
    if kind == "not-installed":
        message = f"{place}: no rules of the name {name!r} are installed beside verbump; there are {said}"
        hint = f"{sys.executable} -m pip install the package that brings {name}"
        return ConfigError(message, hint=hint, code="convention-not-installed")
    hint = "install another version of that package, or name other rules"
    if name == "cz_customize":
        hint = f"mend {settings.place}.customize"
    return ConfigError(f"{place}: {name} cannot be used: {said}", hint=hint, code="convention-failed")
