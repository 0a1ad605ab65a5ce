"""What a registry says of one name: versions, and the files of each with their hashes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The answer about `name`. `versions` as the registry spells them; `hashes` is file name to SHA-256.

    A hash is "" where the registry tells none; `urls` is file name to the address of the file.
    `exists` is False where the registry has never seen the name. `error` says why there is no answer; then nothing
    else here counts.
    """

    registry: Literal["PyPI", "crates.io"]
    name: str
    url: str
    exists: bool = False
    versions: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
