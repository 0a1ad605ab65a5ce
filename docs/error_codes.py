"""Every short name of an error in the source: what `code=` and `default_code` can be, read from the syntax tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parent.parent / "verbump"
_WORD = "code"


@dataclass(slots=True, kw_only=True)
class _Module:
    """One file: its tree, and in which function each node stands."""

    name: str
    tree: ast.Module
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    enclosing: dict[ast.AST, ast.FunctionDef] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, package: Path) -> _Module:
        module = cls(name=str(path.relative_to(package.parent)), tree=ast.parse(path.read_text(encoding="utf-8")))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                module.functions[node.name] = node
                for inner in ast.walk(node):
                    module.enclosing[inner] = node  # inner functions come later and win
        return module


class UnknownCode(Exception):
    """A `code=` whose value cannot be read from the source: write it so that a search finds it."""


def find_all(package: Path = PACKAGE) -> dict[str, str]:
    """Short name → the file of `package` that it is in.

    Raises:
        UnknownCode: a place where it cannot be told which names are meant.
    """
    found: dict[str, str] = {}
    modules = [_Module.read(path, package) for path in sorted(package.rglob("*.py"))]
    shared = {name: index for module in modules for name, index in _takers(module) if not name.startswith("_")}
    for module in modules:
        takers = {**shared, **dict(_takers(module))}
        for node in ast.walk(module.tree):
            for value in _values(node, takers):
                for code in _resolve(value, module):
                    found.setdefault(code, module.name)
    return found


def _takers(module: _Module) -> Iterator[tuple[str, int]]:
    """Functions that are given a code, and at which place; but for the errors' own constructors."""
    for name, function in module.functions.items():
        index = _index(function)
        if index is not None and not name.startswith("__"):
            yield name, index


def _index(function: ast.FunctionDef) -> int | None:
    names = [each.arg for each in function.args.args if each.arg not in {"self", "cls"}]
    return names.index(_WORD) if _WORD in names else None


def _values(node: ast.AST, takers: dict[str, int]) -> Iterator[ast.expr]:
    """The expressions of a node that give a code."""
    if isinstance(node, ast.Call):
        yield from (each.value for each in node.keywords if each.arg == _WORD)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        index = takers.get(name)
        if index is not None and index < len(node.args):
            yield node.args[index]
    elif isinstance(node, (ast.AnnAssign, ast.Assign)) and node.value is not None:
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        if getattr(target, "id", "") == "default_code":
            yield node.value


def _resolve(value: ast.expr, module: _Module) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        if value.value:
            yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _resolve(value.body, module)
        yield from _resolve(value.orelse, module)
    elif (table := _table(value)) is not None:
        for each in table:
            yield from _resolve(each, module)
    elif isinstance(value, ast.Attribute) and value.attr == _WORD:
        return  # another error's own
    elif isinstance(value, ast.Name):
        yield from _of_name(value, module)
    else:
        raise UnknownCode(f"{module.name}:{value.lineno}: {ast.unparse(value)}")


def _table(value: ast.expr) -> list[ast.expr] | None:
    """What can come of `{...}[key]` and of `{...}.get(key, default)`."""
    if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Dict):
        return value.value.values
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Dict):
        return [*value.func.value.values, *value.args[1:]]
    return None


def _of_name(name: ast.Name, module: _Module) -> Iterator[str]:
    """A local variable: what is assigned to it in its function. A parameter's values stand where it is called."""
    function = module.enclosing[name]
    if name.id in {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}:
        return
    values = list(_assigned(name.id, function, module))
    if not values:
        raise UnknownCode(f"{module.name}:{name.lineno}: {name.id}")
    for value in values:
        yield from _resolve(value, module)


def _assigned(name: str, function: ast.FunctionDef, module: _Module) -> Iterator[ast.expr]:
    """What an assignment, or a loop over a table, gives the variable."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target, values = node.targets[0], [node.value]
        elif isinstance(node, ast.For):
            target, values = node.target, _rows(node.iter, module)
        else:
            continue
        if isinstance(target, ast.Name) and target.id == name:
            yield from values
        elif isinstance(target, ast.Tuple) and name in (places := [getattr(each, "id", "") for each in target.elts]):
            for value in values:
                yield from _parts(value, places.index(name), module)


def _rows(table: ast.expr, module: _Module) -> list[ast.expr]:
    """The elements of a tuple or list that is written there or named at the top of the module."""
    if isinstance(table, ast.Name):
        for node in module.tree.body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if getattr(target, "id", "") == table.id and isinstance(value, ast.expr):
                return _rows(value, module)
    return table.elts if isinstance(table, (ast.Tuple, ast.List)) else []


def _parts(value: ast.expr, index: int, module: _Module) -> Iterator[ast.expr]:
    """Element `index` of a tuple, of each tuple of a table, or of each that a function of the module returns."""
    if isinstance(value, ast.Tuple):
        yield value.elts[index]
    elif (table := _table(value)) is not None:
        for each in table:
            yield from _parts(each, index, module)
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in module.functions:
        for node in ast.walk(module.functions[value.func.id]):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from _parts(node.value, index, module)
    else:
        raise UnknownCode(f"{module.name}:{value.lineno}: {ast.unparse(value)}")
