"""The entry in .pre-commit-config.yaml: every other byte stays, whatever the file's style."""

from __future__ import annotations

import pytest
import yaml

from verbump.errors import InputError
from verbump.planning.adoption import hook

PLAIN = """\
# our hooks
default_stages: [pre-commit]
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.14.0
    hooks:
      - id: ruff   # the linter
        args: [--fix]
"""
STYLES = {
    "plain": PLAIN,
    "not indented": PLAIN.replace("\n  ", "\n"),
    "no line end": PLAIN.rstrip("\n"),
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "BOM": "\ufeff" + PLAIN,
    "keys behind": PLAIN + "\n# below\nfail_fast: true\n",
    "comment behind": PLAIN + "  # - repo: old\n\n",
    "block scalar": PLAIN + "        files: |\n          (?x)^(\n            a\n          )$\n\nexclude: x\n",
    "folded": PLAIN + "        files: >-\n          ^a\n          |^b\n",
    "flow item": "repos:\n- {repo: meta, hooks: [{id: identity}]}\n",
    "several lines": "repos:\n- repo: meta\n  hooks: [\n    {id: identity},\n  ]\n",
    "quoted": 'repos:\n- repo: meta\n  hooks:\n  - id: "iden\\\n      tity"\nci: {skip: [a]}\n',
}


@pytest.mark.parametrize("style", STYLES)
def test_spliced(style: str) -> None:
    before = STYLES[style]
    after = hook.with_hook(before)
    at = next(index for index, pair in enumerate(zip(before + "\0", after + "\0", strict=False)) if pair[0] != pair[1])
    assert after.endswith(before[at:])
    if style == "CRLF":
        assert after.count("\n") == after.count("\r\n")
    old, new = (yaml.safe_load(text.removeprefix("\ufeff")) for text in (before, after))
    (added,) = new["repos"][len(old["repos"]) :]
    assert {**new, "repos": new["repos"][:-1]} == old
    assert added["hooks"][0]["id"] == hook.HOOK_ID
    assert hook.with_hook(after) == after


@pytest.mark.parametrize(
    "repo",
    [
        "{repo: https://example.invalid/x/verbump, rev: v1, hooks: [{id: verbump-check}]}",
        "{repo: https://example.invalid/x/verbump.git/, rev: v1, hooks: []}",
        "{repo: local, hooks: [{id: mine, name: x, entry: uv run verbump check --file, language: system}]}",
    ],
)
def test_an_entry_that_is_there_is_kept(repo: str) -> None:
    text = f"repos:\n- {repo}\n"
    assert hook.with_hook(text) == text


@pytest.mark.parametrize(
    "text", ["", "repos: []\n", "repos: [{repo: meta, hooks: []}]\n", "repos: 1\n", "a: [\n", "- a\n", "a: 1\n"]
)
def test_what_cannot_be_extended_is_told(text: str) -> None:
    with pytest.raises(InputError):
        hook.with_hook(text)
