"""Licence expressions, such as `MIT OR Apache-2.0`, as a tree.

Source: SPDX 2.3, annex D; The Cargo Book, "The license and license-file fields" (`/` once meant OR).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"\s*(?:([()/])|([A-Za-z0-9.+:-]{1,100}))")
_DEEPEST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One licence, by its SPDX identifier; `exception` is what follows WITH, "" without."""

    name: str
    exception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Licences of which `any` may be chosen, or which `all` apply."""

    kind: Literal["any", "all"]
    parts: tuple[Licence | Several, ...]


Expression = Licence | Several


def parse(text: str) -> Expression:
    """The tree of an expression.

    Raises:
        InputError: it is none, `licence-expression`.
    """
    reading = _Reading(list(_words(text)), text)
    found = reading.any_of(0)
    if reading.rest:
        raise reading.fault()
    return found


def render(expression: Expression, *, any_of: str = " OR ", all_of: str = " AND ") -> str:
    """The expression with these words between its parts; parentheses where AND holds an OR."""
    if isinstance(expression, Licence):
        return f"{expression.name} WITH {expression.exception}" if expression.exception else expression.name
    word = any_of if expression.kind == "any" else all_of
    parts = []
    for part in expression.parts:
        inner = render(part, any_of=any_of, all_of=all_of)
        is_looser = expression.kind == "all" and isinstance(part, Several) and part.kind == "any"
        parts.append(f"({inner})" if is_looser else inner)
    return word.join(parts)


def _words(text: str) -> Iterator[str]:
    position = 0
    while position < len(text.rstrip()):
        found = _WORD.match(text, position)
        if found is None:
            raise _fault(text)
        yield "OR" if found[1] == "/" else found[1] or found[2]
        position = found.end()


class _Reading:
    """What is left of an expression while it is read; AND binds before OR."""

    def __init__(self, rest: list[str], text: str) -> None:
        self.rest = rest
        self.text = text

    def any_of(self, depth: int) -> Expression:
        return self._joined("OR", "any", depth)

    def fault(self) -> InputError:
        return _fault(self.text)

    def _joined(self, operator: str, kind: Literal["any", "all"], depth: int) -> Expression:
        parts = [self._part(kind, depth)]
        while self.rest and self.rest[0].upper() == operator:
            self.rest.pop(0)
            parts.append(self._part(kind, depth))
        return parts[0] if len(parts) == 1 else Several(kind=kind, parts=tuple(parts))

    def _part(self, kind: Literal["any", "all"], depth: int) -> Expression:
        return self._joined("AND", "all", depth) if kind == "any" else self._single(depth)

    def _single(self, depth: int) -> Expression:
        word = self.rest.pop(0) if self.rest else ")"
        if word == "(" and depth < _DEEPEST:
            inner = self.any_of(depth + 1)
            if not self.rest or self.rest.pop(0) != ")":
                raise self.fault()
            return inner
        if word in "()" or word.upper() in {"AND", "OR", "WITH"}:
            raise self.fault()
        exception = ""
        if self.rest and self.rest[0].upper() == "WITH":
            self.rest.pop(0)
            exception = self.rest.pop(0) if self.rest else "("
            if exception in "()" or exception.upper() in {"AND", "OR", "WITH"}:
                raise self.fault()
        return Licence(name=word, exception=exception)


def _fault(text: str) -> InputError:
    message = f"{text[:80]!r} is no SPDX licence expression, such as MIT OR Apache-2.0"
    return InputError(message, hint='license = "MIT" in the manifest', code="licence-expression")
