"""A registry of cargo's: where its index is, by cargo's own configuration, and what it says of itself."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verbump.effects import http_exchange, http_retries, registries
from verbump.effects.redaction import redact
from verbump.errors import Problem, Refused
from verbump.planning.publish_crates import CRATES_IO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbump.planning.registered import Registered

_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoRegistry:
    """`index` is the address of its sparse index, `api` that of its interface; `token` comes from the environment."""

    name: str
    index: str
    api: str
    token: str = ""

    @property
    def token_variable(self) -> str:
        """The variable in which cargo looks for its token."""
        return _token_variable(self.name)

    def read(self, crate: str) -> Registered:
        """What the index has of a crate.

        Raises:
            Refused: it cannot be asked.
        """
        found = registries.read_crate(crate, self.index, _asking(self.name, self.token))
        if found.error:
            raise Refused([_unreachable(found.error)])
        return found


def read_registry(name: str, folder: Path) -> CargoRegistry:
    """The registry that cargo means by `name` when it runs in `folder`.

    Raises:
        Refused: it is not configured, has no sparse index, or cannot be asked.
    """
    token = os.environ.get(_token_variable(name), "")
    if name == CRATES_IO:
        return CargoRegistry(name=name, index=registries.CRATES, api="https://crates.io", token=token)
    index = os.environ.get(f"CARGO_REGISTRIES_{_variable(name)}_INDEX") or next(_configured(name, folder), "")
    if not index:
        message = f"cargo knows no registry {name}"
        hint = f'in .cargo/config.toml: [registries.{name}] index = "sparse+https://…/"'
        raise Refused([Problem(code="no-such-registry", message=message, hint=hint)])
    if not index.startswith("sparse+"):
        message = f"the index of {name} is a git repository ({redact(index)}): only sparse indexes can be asked"
        raise Refused([Problem(code="not-sparse", message=message, hint="cargo publish in the order of dependencies")])
    address = index.removeprefix("sparse+").rstrip("/")
    return CargoRegistry(name=name, index=address, api=_api(address, name, token), token=token)


def _api(index: str, name: str, token: str) -> str:
    asking = _asking(name, token)
    request = http_exchange.Request(
        method="GET",
        url=f"{index}/config.json",
        headers={"Authorization": asking.authorization} if asking.authorization else {},
        timeout_seconds=asking.timeout_seconds,
        stays_on_host=True,
    )
    outcome = http_retries.exchange(request, is_repeatable=True, patience=asking.patience)
    answer = outcome.response
    if answer is None or answer.status != 200:
        reason = outcome.failure if answer is None else f"HTTP {answer.status}"
        raise Refused([_unreachable(redact(f"{index}/config.json: {reason}"))])
    try:
        data: Any = json.loads(answer.body)
    except ValueError:
        data = None
    api = data.get("api") if isinstance(data, dict) else None
    if not isinstance(api, str) or not api:
        message = f"{index}/config.json names no `api`: this registry takes no crates"
        raise Refused([Problem(code="registry-read-only", message=message)])
    return api.rstrip("/")


def _asking(name: str, token: str) -> registries.Asking:
    """A registry of one's own may guard its index with the same token; crates.io's is open, and never gets it."""
    return registries.Asking(
        authorization=token if name != CRATES_IO else "",
        timeout_seconds=_TIMEOUT_SECONDS,
        patience=http_retries.DEFAULT_PATIENCE,
    )


def _configured(name: str, folder: Path) -> Iterator[str]:
    """The index that cargo's configuration files give the name, nearest first. Source: The Cargo Book."""
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    places = [each / ".cargo" for each in (folder.resolve(), *folder.resolve().parents)]
    for place in (*places, home):
        for file in ("config", "config.toml"):
            try:
                data = tomllib.loads((place / file).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            index = data.get("registries", {}).get(name, {}).get("index")
            if isinstance(index, str):
                yield index


def _variable(name: str) -> str:
    return name.upper().replace("-", "_")


def _token_variable(name: str) -> str:
    return "CARGO_REGISTRY_TOKEN" if name == CRATES_IO else f"CARGO_REGISTRIES_{_variable(name)}_TOKEN"


def _unreachable(message: str) -> Problem:
    hint = "see that the address and the token are right; then run it again"
    return Problem(code="registry-unreachable", message=message, hint=hint)
