"""The tools whose configuration `verbump init --from` reads."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from verbump.errors import UsageError
from verbump.planning.adoption import (
    bump_my_version,
    commitizen,
    git_cliff,
    release_please,
    release_plz,
    semantic_release,
)
from verbump.planning.adoption.foreign import Draft, is_present, open_first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verbump.planning.adoption.foreign import Place, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Where a tool's configuration stands, and how it is translated into the draft of its table."""

    places: tuple[Place, ...]
    translate: Callable[[Mapping[str, str], Table], None]


TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        "commitizen": Tool(places=commitizen.PLACES, translate=commitizen.translate),
        "python-semantic-release": Tool(places=semantic_release.PLACES, translate=semantic_release.translate),
        "release-please": Tool(places=release_please.PLACES, translate=release_please.translate),
        "git-cliff": Tool(places=git_cliff.PLACES, translate=git_cliff.translate),
        "bump-my-version": Tool(places=bump_my_version.PLACES, translate=bump_my_version.translate),
        "release-plz": Tool(places=release_plz.PLACES, translate=release_plz.translate),
    }
)
#: Every file in which one of them may be configured.
PATHS = tuple(
    dict.fromkeys([place.path for tool in TOOLS.values() for place in tool.places] + [release_please.MANIFEST])
)


def translate(name: str, texts: Mapping[str, str]) -> Draft:
    """The configuration of the tool called `name` in verbump's words; `texts` are the repository's files by path.

    Raises:
        UsageError: there is none.
        ConfigError: it cannot be parsed.
    """
    tool = TOOLS[name]
    draft = Draft()
    table = open_first(texts, tool.places, draft)
    if table is None:
        places = ", ".join(str(place) for place in tool.places)
        others = " or ".join(f"--from {other}" for other, _ in find_used(texts))
        hint = f"verbump init {others}" if others else "verbump init, without --from"
        raise UsageError(f"no configuration of {name} here: looked for {places}", hint=hint, code="no-such-tool")
    tool.translate(texts, table)
    return draft


def find_used(texts: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    """The tools that are configured here, each with the place; files that cannot be parsed are passed over."""
    for name, tool in TOOLS.items():
        place = is_present(texts, tool.places)
        if place is not None:
            yield name, place
