"""`verbump check`: are these commit messages conventional."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import options, output
from verbump.cli.json_errors import with_json_errors
from verbump.errors import CheckFailed, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbump.cli.main import Globals
    from verbump.config import Config
    from verbump.domain.commits import Commit
    from verbump.planning.check import Finding


@click.command(name="check", short_help="Are these commit messages conventional.")
@click.argument("range", required=False)
@click.option("--message", metavar="TEXT", help="Check this text.")
@click.option("--file", "path", type=click.Path(dir_okay=False), help="Check a commit-msg hook's file.")
@click.option("--stdin", is_flag=True, help="Check the message on standard input.")
@click.option("--strict", is_flag=True, help="Only the types that verbump or the configuration knows.")
@click.option("--package", metavar="NAME", help="One package of several: its commits since its last tag.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.pass_obj
@with_json_errors
def command(settings: Globals, /, **values: Any) -> None:
    """Are these commit messages conventional: those of RANGE (A..B, or all that A reaches), since the last tag without.

    Each finding says what is wrong, where, and how the line should read. Exit status 1: there are findings.

    \b
    Example: verbump check --message "feat (api): streams"
    """
    given = [name for name in ("range", "message", "path", "stdin") if values[name]]
    if len(given) > 1:
        raise UsageError("one of RANGE, --message, --file and --stdin", hint="verbump check --help")
    if values["package"] is not None and given:
        raise UsageError("--package goes with the commits since the last tag, not with RANGE or a text")
    messages, config = _messages(settings, values)
    findings = _find(settings, messages, config, is_strict=values["strict"])
    _show(findings, len(messages), values["form"])
    if findings:
        said = f"{_counted(len(findings), 'finding')} in {_counted(len(messages), 'message')}"
        raise CheckFailed(said, code="messages-not-conventional")
    if values["form"] == "text" and not settings.is_quiet:
        output.echo_error(f"{_counted(len(messages), 'message')}, nothing to object to")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _messages(settings: Globals, values: dict[str, Any]) -> tuple[Sequence[Commit], Config]:
    """The messages to look at, newest first, and the configuration."""
    from verbump.domain.commits import Commit
    from verbump.effects import read_messages
    from verbump.planning import check

    text: str | None = values["message"]
    if values["stdin"]:
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if values["path"]:
        text = check.without_comments(read_messages.read_file(values["path"]))
    if text is not None:
        commit = Commit(sha="", parents=(), message=text)
        return [commit], read_messages.read_config_beside(settings.directory, settings.config)
    if values["range"] is not None:
        return read_messages.read_range(settings.directory, settings.config, values["range"])
    return read_messages.read_since_tag(options.read_options(settings, values, is_exact=True))


def _find(settings: Globals, messages: Sequence[Commit], config: Config, *, is_strict: bool) -> tuple[Finding, ...]:
    """What verbump's grammar and the settings object to, or with `convention = "commitizen"` the plugin."""
    if config.convention == "commitizen":
        from verbump.effects import commit_rules, git_history

        root = git_history.locate(settings.directory).root
        return commit_rules.find(root, messages, config.check, is_strict=is_strict)
    from verbump.planning import check

    return check.find(messages, check.settings_of(config, is_strict=is_strict))


def _show(findings: Sequence[Finding], count: int, form: str) -> None:
    if form == "json":
        data = {
            "schema": 1,
            "checked": count,
            "findings": [
                {
                    "commit": each.commit,
                    "header": each.header,
                    "code": each.code,
                    "message": each.message,
                    "column": each.column,
                    "length": each.length,
                    "suggestion": each.suggestion,
                }
                for each in findings
            ],
        }
        output.echo_answer(output.as_json(data))
        return
    for each in findings:
        for line in _annotation(each) if form == "github" else _lines(each):
            output.echo_answer(line)


def _lines(each: Finding) -> Iterator[str]:
    """The header with a caret under the column, the reason, the corrected line."""
    name = f"{each.commit[:7]} " if each.commit else ""
    # Escaped as one line: two halves could form a workflow command where they meet.
    yield output.safe(f"{name}{each.header}")
    start = each.column - 1
    before = output.width(f"{name}{each.header[:start]}")
    marks = "^" * max(1, output.width(each.header[start : start + each.length]))
    yield f"{' ' * before}{marks} {output.safe(each.message)} [{each.code}]"
    if each.suggestion is not None:
        yield f"{' ' * len(name)}write: {output.safe(each.suggestion)}"


def _annotation(each: Finding) -> Iterator[str]:
    """A workflow command that GitHub shows as an error; its parts are escaped as GitHub's toolkit does."""
    hint = f"\nwrite: {each.suggestion}" if each.suggestion else ""
    name = each.commit[:7] if each.commit else "message"
    text = f"{each.header}\n{each.message} [{each.code}]{hint}"
    title = f"{name} is not a conventional commit"
    from verbump.cli import findings

    yield f"::error title={findings.escaped(title, in_property=True)}::{findings.escaped(text)}"
