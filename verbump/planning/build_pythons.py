"""Which Pythons wheels are built for: one where a wheel serves all, else each; those without the GIL apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.domain import distributions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbump.planning.build_sources import PythonProject
    from verbump.planning.build_targets import Interpreter


def is_per_version(python: PythonProject) -> bool:
    """Whether each Python needs a wheel of its own: PyO3 without the stable ABI."""
    return python.extension is not None and not python.extension.abi3


def needs_every_python(python: PythonProject) -> bool:
    """Whether one Python is not enough to choose from.

    Each needs a wheel, or those without the GIL do, or the oldest is the one that the stable ABI starts from.
    """
    if python.extension is None:
        return False
    return is_per_version(python) or python.is_free_threaded or python.extension.oldest is None


def choose(python: PythonProject, interpreters: Sequence[Interpreter]) -> tuple[Interpreter, ...]:
    """The Pythons to build wheels for, of those that requires-python admits; there is no stable ABI without the GIL."""
    admitted = [
        each
        for each in interpreters
        if not python.requires_python or distributions.is_admitted(python.requires_python, each.version)
    ]
    if is_per_version(python):
        return tuple(admitted)
    with_gil = [each for each in admitted if not each.is_free_threaded]
    if python.extension is None:
        return tuple(with_gil[:1] or admitted[:1])
    if python.extension.oldest is None:
        with_gil.sort(key=lambda each: each.minor)
    return (*with_gil[:1], *(each for each in admitted if each.is_free_threaded))


def families(python: PythonProject, interpreters: Sequence[Interpreter]) -> tuple[tuple[Interpreter, ...], ...]:
    """The Pythons of each call of maturin's: those without the GIL apart; one call without any for a mere program."""
    if python.extension is None:
        return ((),)
    chosen = choose(python, interpreters)
    kinds = (tuple(each for each in chosen if each.is_free_threaded is free) for free in (False, True))
    return tuple(kind for kind in kinds if kind)


def find_left_out(python: PythonProject, interpreters: Sequence[Interpreter]) -> tuple[str, ...]:
    """Pythons that the classifiers name, that need a wheel, and that are not here: such as `3.14`, in their order."""
    if not is_per_version(python):
        return ()
    here = {f"3.{each.minor}" for each in interpreters if not each.is_free_threaded}
    left = tuple(each for each in python.tested if each not in here)
    has_free = any(each.is_free_threaded for each in interpreters)
    return (*left, *(("without the GIL",) if python.is_free_threaded and not has_free else ()))
