"""The configuration, from whichever of its three places holds it, and what [tool.commitizen] adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbump import config
from verbump.effects import files
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from verbump.config import Config

_PLACES = ("pyproject.toml", "verbump.toml", "Cargo.toml")


def read(root: Path, named: Path | None = None) -> Config:
    """The configuration of the repository at `root`, or of the file `named`; the defaults where there is none.

    Raises:
        ConfigError: it is wrong, stands in two places, or the named file is missing.
    """
    table, made = _read_named(named) if named is not None else _read_found(root)
    from verbump.effects import commitizen_settings

    settings = commitizen_settings.read(root)
    if settings is None and made.convention == "conventional":
        return made
    from verbump.config.commitizen import with_commitizen

    settings = settings or commitizen_settings.NONE
    return with_commitizen(made, table, settings.table, settings.place)


def _read_found(root: Path) -> tuple[Mapping[str, object], Config]:
    """The table of whichever place holds one, and the configuration that it spells."""
    documents: dict[str, dict[str, Any]] = {}
    for name in _PLACES:
        text = _text(root, name)
        # Parsing TOML costs more than this look: most manifests hold no table of ours.
        if text is not None and (name == "verbump.toml" or "verbump" in text):
            documents[name] = _parse(name, text)
    if not documents:
        return {}, config.DEFAULT
    table, source = config.find_table(documents)
    return table, config.parse(table, source=source) if source else config.DEFAULT


def _read_named(path: Path) -> tuple[Mapping[str, object], Config]:
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{path}: {reason}", code="configuration-unreadable") from error
    name = path.name if path.name in _PLACES else "verbump.toml"
    table, source = config.find_table({name: _parse(str(path), text)})
    return table, config.parse(table, source=f"{path}{source.removeprefix(name)}")


def _text(root: Path, name: str) -> str | None:
    from pathlib import PurePosixPath

    try:
        return files.read_text(root, PurePosixPath(name))
    except InputError as error:
        raise ConfigError(error.message, hint=error.hint, code=error.code) from error


def _parse(name: str, text: str) -> dict[str, Any]:
    from verbump.domain.manifests import toml_text

    try:
        return toml_text.parse_toml(text.removeprefix("\ufeff"))
    except InputError as error:
        if name == "Cargo.toml" or (name == "pyproject.toml" and "[tool.verbump" not in text):
            return {}  # not ours to judge here: as a manifest it is reported with its line
        placed = error.at(name)
        raise ConfigError(placed.message, hint=placed.hint, code="configuration-syntax") from error
