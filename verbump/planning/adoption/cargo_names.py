"""Which crate stands in which folder, from the Cargo.toml files of the repository."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from verbump.domain.manifests import cargo_toml
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbump.domain.manifests.cargo_toml import CargoToml


def crates(texts: Mapping[str, str]) -> dict[str, tuple[str, CargoToml]]:
    """Name of each crate → its folder ("" for the top) and manifest, in the order of their paths."""
    found: dict[str, tuple[str, CargoToml]] = {}
    for folder, manifest in _manifests(texts):
        if manifest.package_name:
            found.setdefault(manifest.package_name, (folder, manifest))
    return found


def name_in(texts: Mapping[str, str], folder: str) -> str | None:
    """The name of the crate in a folder, None where there is none."""
    path = posixpath.join(folder, "Cargo.toml")
    return next((m.package_name for _, m in _manifests({path: texts[path]})), None) if path in texts else None


def _manifests(texts: Mapping[str, str]) -> Iterator[tuple[str, CargoToml]]:
    for path in sorted(texts):
        if posixpath.basename(path) != "Cargo.toml":
            continue
        try:
            yield posixpath.dirname(path), cargo_toml.parse(texts[path])
        except InputError:
            continue  # a manifest that cannot be read is reported with its line by `next`
