"""The commit-msg hook: an entry in .pre-commit-config.yaml, spliced in, every other byte kept."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.errors import InputError
from verbump.planning.actions import Plan, WriteFile
from verbump.planning.adoption import documents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.planning.adoption.surroundings import Surroundings

CONFIG = ".pre-commit-config.yaml"
#: What other hook managers keep at the top of a repository.
OTHERS = ("lefthook.yml", ".lefthook.yml", "lefthook.toml", ".husky/commit-msg", ".husky/pre-commit", ".overcommit.yml")
PATHS = (CONFIG, ".pre-commit-config.yml", *OTHERS)
HOOK_ID = "verbump-check"
_COMMAND = "verbump check --file"
_INSTALL = "pre-commit install --hook-type commit-msg"
_ENTRY = (
    "- repo: local",
    "  hooks:",
    f"    - id: {HOOK_ID}",
    "      name: check the commit message",
    f"      entry: {_COMMAND}",
    "      language: python",
    "      additional_dependencies: [verbump-release]",
    "      stages: [commit-msg]",
)


def plan_hook(around: Surroundings, settings: Mapping[str, Any]) -> Plan:
    """Add the entry to pre-commit's configuration, or make one; a repository with another hook manager is told how."""
    del settings
    name = ".pre-commit-config.yml" if ".pre-commit-config.yml" in around.texts else CONFIG
    text = around.texts.get(name)
    if text is None:
        other = next((path for path in OTHERS if path in around.texts), None)
        if other is not None:
            return Plan(said=(f'{other}: add `{_COMMAND} "$1"` to its commit-msg hook',))
        after = "\n".join(("repos:", *(f"  {line}" for line in _ENTRY), ""))
        return _written(name, None, after)
    try:
        after = with_hook(text)
    except InputError as error:
        return Plan(said=(f"{error.at(name).message}: add the hook {HOOK_ID} by hand",))
    return _written(name, text, after) if after != text else Plan()


def _written(name: str, before: str | None, after: str) -> Plan:
    said = f"{name}: checks commit messages in each clone where `{_INSTALL}` was run"
    return Plan(actions=(WriteFile(path=PurePosixPath(name), before=before, after=after),), said=(said,))


def with_hook(text: str) -> str:
    """pre-commit's configuration with the entry at the end of `repos`; the same where a hook of verbump's is there.

    Raises:
        InputError: it cannot be parsed, has no `repos`, or cannot take the entry without another change.
    """
    before = _load(text)
    repos = before.get("repos")
    if isinstance(repos, list) and any(_is_ours(repo) for repo in repos):
        return text
    body = text.removeprefix("\ufeff")
    root = documents.compose_yaml(body)
    node = next((value for key, value in root.value if key.value == "repos"), None) if root else None
    if node is None or node.id != "sequence" or not node.value or node.flow_style:
        message = "`repos` is not a list with a line for each entry"
        raise InputError(message, code="hook-not-spliced")
    newline = "\r\n" if "\r\n" in body else "\n"
    indent = " " * node.start_mark.column
    entry = newline.join(f"{indent}{line}" for line in _ENTRY) + newline
    at = _end_of(node.value[-1], body)
    head = body[:at]
    after = head + ("" if head.endswith("\n") else newline) + entry + body[at:]
    added = _load("\n".join(("repos:", *_ENTRY, "")))["repos"]
    expected = {**before, "repos": [*before["repos"], *added]}
    if _load(after) != expected:
        message = "`repos` cannot be extended without changing anything else"
        raise InputError(message, code="hook-not-spliced")
    return text[: len(text) - len(body)] + after


def _end_of(item: Any, body: str) -> int:
    """Where the line of the item's last scalar ends: its own end mark stands behind blank lines and comments."""
    last = item
    while last.id != "scalar" and last.value and not last.flow_style:
        last = last.value[-1] if last.id == "sequence" else last.value[-1][1]
    index: int = last.end_mark.index
    if last.id == "scalar" and last.style in {"|", ">"}:
        return index
    end = body.find("\n", index)
    return len(body) if end < 0 else end + 1


def _is_ours(repo: Any) -> bool:
    """Whether it is an entry of verbump's: its repository, or a local hook that runs it."""
    if not isinstance(repo, dict):
        return False
    if str(repo.get("repo", "")).rstrip("/").removesuffix(".git").endswith("/verbump"):
        return True
    hooks = repo.get("hooks")
    return isinstance(hooks, list) and any(
        isinstance(hook, dict) and (hook.get("id") == HOOK_ID or "verbump check" in str(hook.get("entry", "")))
        for hook in hooks
    )


def _load(text: str) -> Any:
    """The configuration as data. Raises InputError where it is none."""
    loaded, _ = documents.parse_yaml(text.removeprefix("\ufeff"))
    if not isinstance(loaded, dict):
        raise InputError("expected a table with `repos`", code="manifest-syntax", line=1)
    return loaded
