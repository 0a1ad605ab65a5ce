"""The configuration, from whichever of its three places holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbump import config
from verbump.effects import files
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from verbump.config import Config

_PLACES = ("pyproject.toml", "verbump.toml", "Cargo.toml")


def read(root: Path, named: Path | None = None) -> Config:
    """The configuration of the repository at `root`, or of the file `named`; the defaults where there is none.

    Raises:
        ConfigError: it is wrong, stands in two places, or the named file is missing.
    """
    if named is not None:
        return _read_named(named)
    documents: dict[str, dict[str, Any]] = {}
    for name in _PLACES:
        text = _text(root, name)
        # Parsing TOML costs more than this look: most manifests hold no table of ours.
        if text is not None and (name == "verbump.toml" or "verbump" in text):
            documents[name] = _parse(name, text)
    if not documents:
        return config.DEFAULT
    table, source = config.find_table(documents)
    return config.parse(table, source=source) if source else config.DEFAULT


def _read_named(path: Path) -> Config:
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{path}: {reason}", code="configuration-unreadable") from error
    name = path.name if path.name in _PLACES else "verbump.toml"
    table, source = config.find_table({name: _parse(str(path), text)})
    return config.parse(table, source=source or str(path))


def _text(root: Path, name: str) -> str | None:
    from pathlib import PurePosixPath

    try:
        return files.read_text(root, PurePosixPath(name))
    except InputError as error:
        raise ConfigError(error.message, hint=error.hint, code=error.code) from error


def _parse(name: str, text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        if name == "Cargo.toml" or (name == "pyproject.toml" and "[tool.verbump" not in text):
            return {}  # not ours to judge here: as a manifest it is reported with its line
        raise ConfigError(f"{name}: not valid TOML: {error}", code="configuration-syntax") from error
