"""verbump's own templates, rendered in a sandbox from plain data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from jinja2 import Environment


def folder() -> Traversable:
    """Where the shipped templates are: inside the package in a wheel, beside it in an editable install."""
    package = files("verbump")
    shipped = package / "templates"
    # Reading the program's own data is not reading the world.
    return shipped if shipped.is_dir() else package.joinpath("..", "templates")


def render(name: str, data: Mapping[str, object]) -> str:
    """The template `name` with `data`, line ends as the template and the data have them."""
    return _environment().get_template(name).render(data)


def source(name: str) -> str:
    """The text of the template `name`."""
    return folder().joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(source),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
