"""Write docs/reference/*.md from the code, and a skeleton in docs/errors.md for each error that has no entry yet.

python docs/make_reference.py            write what is out of date
python docs/make_reference.py --check    exit status 1, with the names of the files, where one is
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from docs import error_codes  # noqa: E402
from verbump import config, errors  # noqa: E402
from verbump.cli import main as cli_main  # noqa: E402
from verbump.cli import schema as schema_command  # noqa: E402
from verbump.cli import schemas  # noqa: E402

_NOTICE = "<!-- Made by docs/make_reference.py from the code: change it there. -->\n\n"
_COMMANDS = """\
# Commands

The answer goes to stdout, everything else to stderr. Options before the command are those of
`verbump` itself. Each option can also come from an environment variable: `VERBUMP_NEXT_FORMAT=json` is
`verbump next --format json`.
"""
_CONFIGURATION = """\
# Configuration

None is needed. Settings stand in `[tool.verbump]` of pyproject.toml, or in verbump.toml (at the
top, without a table), or in `[package.metadata.verbump]` or `[workspace.metadata.verbump]` of Cargo.toml; in one
place only. An unknown setting is an error. `verbump schema` gives editors the same as a JSON schema.
"""
_JSON = """\
# JSON outputs

JSON is written whatever the exit code; problems found are in `problems`. `[]` stands for each element
of a list.
"""
_EXIT_CODES = """\
# Exit codes

| code | meaning | what changed |
|--:|---|---|
{rows}

`next --format github` and `release --if-needed` exit 0 where there is nothing to release. [Errors](../errors.md)
has each message's short name with its cause and its fix.

A reader that leaves early (`verbump workflows | head -1`) changes neither what is done nor the exit status.
"""
_ENTRY = re.compile(r"^### ([a-z0-9-]+)$", re.MULTILINE)
_SKELETON = "\n### {code}\n\nRaised in {where}.\n**Fix:** (to be written)\n"


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command, groups before what they hold: its words, the command, a context to render it in."""
    yield from _commands_below("verbump", cli_main.cli, None)


def _commands_below(
    words: str, command: click.Command, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(command, info_name=words.rsplit(" ", maxsplit=1)[-1], parent=parent)
    yield words, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _commands_below(f"{words} {name}", inner, context)


def example_of(command: click.Command) -> str:
    """The command line after "Example: " in the help, "" where there is none."""
    found = re.search(r"^Example: (.+)$", inspect.cleandoc(command.help or ""), re.MULTILINE)
    return found[1] if found else ""


def render_commands() -> str:
    """docs/reference/commands.md."""
    parts = [_COMMANDS]
    for words, command, context in commands():
        prose, _, _ = inspect.cleandoc(command.help or "").partition("\b")
        usage = " ".join((context.command_path, *command.collect_usage_pieces(context)))
        parts.append(f"## {words}\n\n{prose.strip()}\n\n```text\n{usage}\n```\n")
        if example := example_of(command):
            parts.append(f"Example:\n\n```sh\n{example}\n```\n")
        rows = [_option_row(option, context) for option in command.params if isinstance(option, click.Option)]
        if rows:
            parts.append("| option | what |\n|---|---|\n" + "".join(rows))
    return _NOTICE + "\n".join(parts)


def _option_row(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None
    names, what = record
    return f"| `{names.replace('|', chr(92) + '|')}` | {_cell(what.strip())} |\n"


def _cell(text: str) -> str:
    return re.sub(r"([|<])", r"\\\1", " ".join(text.split()))


def render_configuration() -> str:
    """docs/reference/configuration.md."""
    schema = config.json_schema()
    definitions = cast("Mapping[str, Any]", schema["$defs"])
    parts = [_CONFIGURATION]
    for name, place in _places(definitions):
        parts.append(f"## {place}\n")
        parts.append("| setting | type | default | what |\n|---|---|---|---|")
        required = definitions[name].get("required", ())
        for key, field in definitions[name]["properties"].items():
            default = "required" if key in required else _default(field)
            parts.append(f"| `{key}` | {_type(field)} | {default} | {_cell(field['description'])} |")
        parts.append("")
    return _NOTICE + "\n".join(parts)


def _places(definitions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each record and the TOML table that holds it, in the order in which the settings name them."""
    waiting = [("Config", "[tool.verbump]")]
    while waiting:
        name, place = waiting.pop(0)
        yield name, place
        path = place.strip("[]")
        for key, field in definitions[name]["properties"].items():
            for inner in re.findall(r"#/\$defs/(\w+)", str(field)) if name == "Config" or "$ref" in field else ():
                is_list = field.get("type") == "array"
                below = f"{path}.{key}" + (".NAME" if field.get("type") == "object" else "")
                waiting.append((inner, f"[[{below}]]" if is_list else f"[{below}]"))


def _default(field: Mapping[str, Any]) -> str:
    if "default" not in field:
        return "found" if re.search(r"Found:|Left out:", field["description"]) else ""
    return f"`{_toml(field['default'])}`"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _type(field: Mapping[str, Any]) -> str:
    """A JSON schema's type in the words of someone who writes TOML or reads JSON."""
    if "$ref" in field:
        return "table"
    if "const" in field:
        return f"`{_toml(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{_toml(each)}`" for each in field["enum"])
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(map(_type, field["anyOf"])))
    kind: object = field["type"]
    if isinstance(kind, list):
        return " or ".join(_NAMES.get(str(each), str(each)) for each in kind)
    if kind == "array":
        items = field.get("items")
        return f"list of {_plural(_type(items))}" if items else "list"
    return _NAMES.get(str(kind), str(kind))


def _plural(kind: str) -> str:
    """The plural where the name is a word; values stand for themselves."""
    if kind.startswith("`"):
        return kind
    return " or ".join(re.sub(r"^(text|table|number|list)", r"\1s", each) for each in kind.split(" or "))


_NAMES: Mapping[str, str] = {"string": "text", "boolean": "true or false", "integer": "number", "object": "table"}


def render_exit_codes() -> str:
    """docs/reference/exit-codes.md."""
    meanings: dict[int, list[str]] = {0: ["Done."]}
    for kind in _error_classes():
        if kind is not errors.VerbumpError:
            meanings.setdefault(kind.exit_code, []).append(_first_sentence(kind))
    meanings[70] = ["A bug in verbump: a short report, and the traceback with `-vv`."]
    rows = [
        f"| {code} | {_cell(' '.join(said))} | {_CHANGED.get(code, 'nothing')} |"
        for code, said in sorted(meanings.items())
    ]
    return _NOTICE + _EXIT_CODES.format(rows="\n".join(rows))


_CHANGED = {0: "as asked", 6: "partly done: the message names the command that finishes", 70: "unknown"}


def _error_classes() -> Iterator[type[errors.VerbumpError]]:
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.VerbumpError):
            yield kind


def _first_sentence(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split()).split(". ", 1)[0].rstrip(".") + "."


def render_outputs() -> str:
    """docs/reference/json.md."""
    parts = [_JSON]
    for which in _outputs():
        schema = getattr(schemas, which.upper())
        parts.append(f"## {schema['title']}\n\nThe schema: `verbump schema {which}`\n")
        parts.append("| field | type | what |\n|---|---|---|")
        parts += [f"| `{path}` | {kind} | {_cell(about)} |" for path, kind, about in _fields(schema, "")]
        parts.append("")
    return _NOTICE + "\n".join(parts)


def _outputs() -> list[str]:
    """What `verbump schema` knows beside the configuration."""
    kind = schema_command.command.params[0].type
    assert isinstance(kind, click.Choice)
    return [str(each) for each in kind.choices if each != "config"]


def _fields(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    """Path, type and description of every field below, depth first; what is inside `packages` is the same again."""
    for name, field in schema.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        yield where, _type(field), field.get("description", "")
        if name == "packages":
            continue
        for inner in (field, *field.get("anyOf", ())):
            yield from _fields(inner, where)
        if field.get("type") == "array":
            yield from _fields(field["items"], f"{where}[]")


PAGES: Mapping[str, Callable[[], str]] = {
    "reference/commands.md": render_commands,
    "reference/configuration.md": render_configuration,
    "reference/exit-codes.md": render_exit_codes,
    "reference/json.md": render_outputs,
}


def entries() -> list[str]:
    """The short names that docs/errors.md has an entry for, in its order."""
    return _ENTRY.findall((ROOT / "docs" / "errors.md").read_text(encoding="utf-8"))


def _stale() -> Iterator[tuple[Path, str]]:
    """Each file that differs from what the code makes of it, and its text."""
    for name, render in PAGES.items():
        path, text = ROOT / "docs" / name, render()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield path, text
    known, page = entries(), ROOT / "docs" / "errors.md"
    found = error_codes.find_all()
    added = [_SKELETON.format(code=code, where=found[code]) for code in sorted(found) if code not in known]
    if added:
        yield page, page.read_text(encoding="utf-8") + "".join(added)


def run(words: list[str]) -> int:
    """Write or check; the exit status."""
    stale = list(_stale())
    for path, text in stale:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        if "--check" not in words:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
