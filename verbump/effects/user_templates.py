"""A user's templates, rendered in a process of their own: limits on time, memory and output, an empty environment.

Source: release-protocol.md, "templates of the user".
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.effects import files, git_history
from verbump.errors import ConfigError, InputError, Problem, Refused
from verbump.planning import templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SUFFIX = ".j2"
_RENDERED = (templates.SECTION, templates.NOTES)
_OWN_PREFIX = "verbump/"  # `{% extends "verbump/changelog.md.j2" %}`
_LARGEST_FILE = 1 << 20
_MOST_FILES = 100
_PATIENCE_SECONDS = 60.0  # by the wall clock, for what its own CPU clock cannot interrupt


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What rendering may cost. CPU seconds are for one call, and a little more for each item of it."""

    cpu_seconds: float = 3.0
    cpu_seconds_each: float = 0.05
    memory_bytes: int = 512 << 20
    output_characters: int = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTemplates:
    """The templates of one folder: a `planning.templates.Renderer`. `texts` is name below the folder → text."""

    folder: PurePosixPath
    texts: Mapping[str, str]
    limits: Limits = field(default_factory=Limits)

    @property
    def names(self) -> frozenset[str]:
        """The templates that the folder holds."""
        return frozenset(self.texts)

    def render(self, name: str, items: Sequence[Mapping[str, object]]) -> list[str]:
        """The template `name` with each of `items`.

        Raises:
            Refused: it has a fault, or passes a limit: file and line, what, and what to do.
        """
        limits = self.limits
        own = {f"{_OWN_PREFIX}{each}": templates.source(each) for each in _RENDERED}
        request = {
            "path": _import_path(),
            "texts": {**own, **self.texts},
            "name": name,
            "items": items,
            "cpu_seconds": limits.cpu_seconds + limits.cpu_seconds_each * len(items),
            "memory_bytes": limits.memory_bytes,
            "output_characters": limits.output_characters,
        }
        answer = _answer(json.dumps(request).encode("ascii"))
        texts = answer.get("texts")
        if texts is None:
            names = sorted(items[0]) if items else []
            raise Refused([self._problem(name, answer.get("fault", {}), names)])
        return [str(text) for text in texts]

    def _problem(self, name: str, fault: Mapping[str, Any], names: Sequence[str]) -> Problem:
        kind, said = fault.get("kind", "limit"), fault.get("said", "")
        where = str(fault.get("name") or name)
        place = where if where.startswith(_OWN_PREFIX) else str(self.folder / where)
        if fault.get("line") is not None:
            place = f"{place}:{fault['line']}"
        message, hint = self._words(kind, said, names)
        code = {
            "syntax": "template-syntax",
            "not-found": "template-not-found",
            "unsafe": "template-unsafe",
            "undefined": "template-undefined",
            "limit": "template-limit",
        }.get(kind, "template-failed")
        return Problem(code=code, message=f"{place}: {message}", hint=hint)

    def _words(self, kind: str, said: str, names: Sequence[str]) -> tuple[str, str]:
        """What is said of a fault, and the hint."""
        if kind == "limit":
            return self._limit_words(said)
        known = ", ".join(sorted(self.texts))
        return {
            "syntax": (f"not a template: {said}", "https://jinja.palletsprojects.com/templates/ has the syntax"),
            "not-found": (f"{said!r} is no template of the folder", f"there are {known}"),
            "unsafe": (f"not allowed in the sandbox: {said}", "a template sees plain data only: texts, numbers, lists"),
            "undefined": (said, f"the template is given {', '.join(names)}"),
        }.get(kind, (f"cannot be rendered: {said}", "mend the template"))

    def _limit_words(self, said: str) -> tuple[str, str]:
        limits = self.limits
        return {
            "time": (f"takes more than {limits.cpu_seconds:g} seconds", "look for a loop that does not end"),
            "memory": ("makes a value that is too large", f"{limits.memory_bytes >> 20} MiB is the limit"),
            "output": ("the text gets too long", f"{limits.output_characters} characters are the limit"),
            "depth": ("calls or includes itself without an end", "look for a macro or template that uses itself"),
        }.get(said, ("was stopped: it takes too much time or memory", "look for a loop that does not end"))


def read_templates(root: Path, folder: str) -> UserTemplates:
    """The templates below `folder` of the repository at `root`: tracked files that end in `.j2`.

    Raises:
        ConfigError: no such folder, or neither of the templates that verbump renders is in it.
        Refused: a file that may not be read: a link, outside the repository, too large, not UTF-8.
    """
    base = PurePosixPath(folder)
    if not (root / base).is_dir():
        hint = f"make {base / templates.SECTION}, or take the setting away"
        raise ConfigError(f"template: {folder}: no such folder", hint=hint, code="template-missing")
    if reason := files.find_unsafe(root, base / templates.SECTION):
        raise Refused([_unsafe(base / templates.SECTION, reason)])
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in _tracked(root, base):
        name = path.relative_to(base).as_posix()
        try:
            if (text := _text(root, path)) is not None:
                texts[name] = text
        except InputError as error:
            problems.append(error.as_problem())
    if problems:
        raise Refused(problems)
    if not any(name in texts for name in _RENDERED):
        untracked = [str(base / name) for name in _RENDERED if (root / base / name).is_file()]
        what = f"{untracked[0]} is not tracked by git" if untracked else f"{folder} holds no {' or '.join(_RENDERED)}"
        hint = f"git add {untracked[0]}" if untracked else f"make {base / templates.SECTION}"
        raise ConfigError(f"template: {what}", hint=hint, code="template-missing")
    return UserTemplates(folder=base, texts=texts)


def _tracked(root: Path, base: PurePosixPath) -> Iterator[PurePosixPath]:
    _, out, _ = git_history.look(root, "ls-files", "-z", "--", f":(top,literal){base}")
    names = [os.fsdecode(name) for name in out.split(b"\0") if name.endswith(_SUFFIX.encode())]
    if len(names) > _MOST_FILES:
        message = f"template: {base} holds {len(names)} templates"
        raise ConfigError(message, hint=f"{_MOST_FILES} are the limit", code="template-missing")
    return (PurePosixPath(name) for name in names)


def _text(root: Path, path: PurePosixPath) -> str | None:
    """The template's text, None where it is not there.

    Raises:
        InputError: it may not be read.
    """
    if reason := files.find_unsafe(root, path):
        problem = _unsafe(path, reason)
        raise InputError(problem.message, hint=problem.hint, code=problem.code)
    if not (root / path).exists():
        return None
    if (root / path).stat().st_size > _LARGEST_FILE:
        raise InputError(f"{path}: larger than {_LARGEST_FILE} bytes", hint="split it", code="template-limit")
    text = files.read_text(root, path)
    return None if text is None else text.removeprefix("\ufeff")


def _unsafe(path: PurePosixPath, reason: str) -> Problem:
    hint = "templates are regular files inside the repository"
    return Problem(code="template-unsafe", message=f"{path} {reason}", hint=hint)


def _import_path() -> list[str]:
    """The folders that hold jinja2 and what it needs: the process has no other but the standard library's."""
    found = []
    for name in ("jinja2", "markupsafe"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        found.append(str(Path(spec.origin).parent.parent))
    return list(dict.fromkeys(found))


def _answer(request: bytes) -> dict[str, Any]:
    """What the process answers; {} when it died or was ended."""
    script = Path(__file__).with_name("template_process.py")
    argv = [sys.executable, "-I", "-S", "-B", str(script)]
    # Windows starts no interpreter without this variable; elsewhere the environment is empty.
    environment = {name: os.environ[name] for name in ("SYSTEMROOT",) if os.name == "nt" and name in os.environ}
    options: dict[str, Any] = {"env": environment, "cwd": script.anchor, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(
            argv, input=request, stdout=subprocess.PIPE, timeout=_PATIENCE_SECONDS, check=False, **options
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {}
    return answer if isinstance(answer, dict) else {}
