"""Templates rendered in a sandbox from plain data: verbump's own here, a user's through the renderer that was given.

Planning stays pure: what renders a user's templates is a function of names and data, handed in with the snapshot. How
it keeps them in their place (effects/user_templates.py) is none of planning's business.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

    from jinja2 import Environment

SECTION = "changelog.md.j2"
NOTES = "notes.md.j2"
PREVIEW = "preview.md.j2"


class Renderer(Protocol):
    """What renders the templates of a user's folder. The same names and data give the same texts."""

    @property
    def names(self) -> frozenset[str]:
        """The templates that the folder holds; of any other, verbump's own is taken."""

    def render(self, name: str, items: Sequence[Mapping[str, object]]) -> list[str]:
        """The template `name` with each of `items`, plain data.

        Raises:
            Refused: the template cannot be rendered, with its file and line.
        """


def folder() -> Traversable:
    """Where the shipped templates are: inside the package in a wheel, beside it in an editable install."""
    package = files("verbump")
    shipped = package / "templates"
    # Reading the program's own data is not reading the world.
    return shipped if shipped.is_dir() else package.joinpath("..", "templates")


def render(name: str, data: Mapping[str, object]) -> str:
    """verbump's template `name` with `data`, line ends as the template and the data have them."""
    return _environment().get_template(name).render(data)


def render_workflow(name: str, data: Mapping[str, object]) -> str:
    """The template `workflows/{name}`: its marks are `[[ ]]`, `[% %]` and `[# #]`, since `${{ }}` is GitHub's.

    `[[ value | quoted ]]` is a value as a YAML scalar, whatever it holds.
    """
    return _workflow_environment().get_template(f"workflows/{name}").render(data)


def render_each(name: str, items: Sequence[Mapping[str, object]], user: Renderer | None) -> list[str]:
    """The template `name` with each of `items`: the user's where there is one, else verbump's own.

    Raises:
        Refused: the user's template cannot be rendered, with its file and line.
    """
    if user is not None and name in user.names:
        return user.render(name, items)
    return [render(name, item) for item in items]


def source(name: str) -> str:
    """The text of verbump's template `name`."""
    return folder().joinpath(name).read_text(encoding="utf-8")


@cache
def _workflow_environment() -> Environment:
    environment = _environment().overlay(
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
    )
    environment.filters["quoted"] = _quoted
    return environment


def _quoted(value: object) -> str:
    """A JSON string or list, which is YAML as well. Expressions of GitHub's are plain text in it or refused before."""
    return json.dumps(value, ensure_ascii=False)


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
