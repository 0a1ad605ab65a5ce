"""`[tool.commitizen]`: its settings as they stand in whichever of commitizen's files holds them.

Source: commitizen 4.19, `defaults.CONFIG_FILES`: the first file with a section wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.effects import files
from verbump.errors import ConfigError, InputError

if TYPE_CHECKING:
    from pathlib import Path

_FILES = (".cz.toml", "cz.toml", ".cz.json", "cz.json", ".cz.yaml", "cz.yaml", "pyproject.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitizenSettings:
    """The settings, and where they stand: a file and the path of the table in it."""

    file: str
    table: Mapping[str, Any]

    @property
    def place(self) -> str:
        """`pyproject.toml: tool.commitizen`, for messages."""
        return f"{self.file}: {'tool.commitizen' if self.file.endswith('.toml') else 'commitizen'}"


NONE = CommitizenSettings(file="pyproject.toml", table={})


def read(root: Path) -> CommitizenSettings | None:
    """The settings of the repository at `root`, None where there are none.

    Raises:
        ConfigError: the file that holds them cannot be read.
    """
    for name in _FILES:
        try:
            text = files.read_text(root, PurePosixPath(name))
        except InputError as error:
            raise ConfigError(error.message, hint=error.hint, code=error.code) from error
        # Most manifests hold no such table, and parsing costs more than this look.
        if text is None or "commitizen" not in text:
            continue
        document: Any = _parse(name, text)
        if name.endswith(".toml"):
            document = document.get("tool") if isinstance(document, Mapping) else None
        table = document.get("commitizen") if isinstance(document, Mapping) else None
        if isinstance(table, Mapping):
            return CommitizenSettings(file=name, table=dict(table))
        if table is not None:
            raise ConfigError(f"{name}: commitizen: expected a table", hint="write [tool.commitizen]")
    return None


def _parse(name: str, text: str) -> Any:
    if name != "pyproject.toml":
        from verbump.planning.adoption import documents

        try:
            return documents.parse_document(name, text).data
        except ConfigError as error:
            raise ConfigError(error.message, hint=f"mend {name}", code="configuration-syntax") from error
    import tomllib

    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return {}  # as a manifest it is reported with its line
