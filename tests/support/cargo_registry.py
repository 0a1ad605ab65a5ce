"""A registry of cargo's on loopback: a sparse index, downloads, the publish interface, trusted publishing.

Source: The Cargo Book, "Registry Index" and "Registry Web API". At /actions is what GitHub Actions gives to a job.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from support.loopback import Said, as_json

if TYPE_CHECKING:
    from support.loopback import Asked

NAME = "local"
TOKEN = "cio-s3cr3t-of-the-owner"
REQUEST_TOKEN = "request-t0ken-of-the-job"
JWT = "eyJhbGciOi.of-the-job.signed"


@dataclass(kw_only=True)
class CargoRegistry:
    """`crates` is name to version to the packed crate. What may go wrong: see each field.

    `hidden_reads`: so many reads of a crate do not show what was taken last; `faults`: of each publish in turn a
    status, "drop" (taken, no answer) or "" for none. `has_oidc`: it knows trusted publishing.
    """

    url: str = ""
    crates: dict[str, dict[str, bytes]] = field(default_factory=dict)
    entries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    hidden_reads: int = 0
    faults: list[str] = field(default_factory=list)
    has_oidc: bool = False
    minted: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)

    def variables(self, token: str = TOKEN) -> dict[str, str]:
        """What cargo needs to know the registry as `local`."""
        found = {"CARGO_REGISTRIES_LOCAL_INDEX": f"sparse+{self.url}/index/"}
        return {**found, "CARGO_REGISTRIES_LOCAL_TOKEN": token} if token else found

    def actions(self) -> dict[str, str]:
        """The variables of a job that may ask for its identity."""
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/actions/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN,
        }

    def answer(self, asked: Asked) -> Said:
        path = urlsplit(asked.path).path
        if path == "/index/config.json":
            return as_json({"dl": f"{self.url}/dl/{{crate}}/{{version}}", "api": self.url})
        if path.startswith("/index/"):
            return self._listing(path.rpartition("/")[2])
        if path.startswith("/dl/"):
            name, version = path.split("/")[2:]
            return Said(body=self.crates[name][version], kind="application/x-tar")
        if path.startswith("/actions/"):
            assert parse_qs(urlsplit(asked.path).query)["audience"] == ["127.0.0.1"]
            assert asked.header("Authorization") == f"bearer {REQUEST_TOKEN}"
            return as_json({"value": JWT})
        if path == "/api/v1/trusted_publishing/tokens":
            return self._trust(asked)
        assert (asked.method, path) == ("PUT", "/api/v1/crates/new"), f"{asked.method} {path}"
        return self._take(asked)

    def _listing(self, name: str) -> Said:
        lines = self.entries.get(name, [])
        if lines and self.hidden_reads > 0:
            self.hidden_reads -= 1
            lines = lines[:-1]
        return Said(body="".join(json.dumps(each) + "\n" for each in lines).encode()) if lines else Said(status=404)

    def _trust(self, asked: Asked) -> Said:
        if not self.has_oidc:
            return Said(status=404)
        if asked.method == "DELETE":
            self.revoked.append(asked.header("Authorization").removeprefix("Bearer "))
            return Said(status=204)
        assert asked.json == {"jwt": JWT}
        self.minted.append(f"cio-minted-{len(self.minted)}-s3cr3t")
        return as_json({"token": self.minted[-1]})

    def _take(self, asked: Asked) -> Said:
        fault = self.faults.pop(0) if self.faults else ""
        if fault.isdigit():
            return as_json(
                {"errors": [{"detail": "not now: try again after Wed, 25 Nov 2026 10:00:00 GMT"}]}, int(fault)
            )
        if asked.header("Authorization") not in {TOKEN, *self.minted}:
            return as_json({"errors": [{"detail": "authentication failed"}]}, 403)
        size = int.from_bytes(asked.body[:4], "little")
        data = json.loads(asked.body[4 : 4 + size])
        rest = asked.body[4 + size :]
        content = rest[4 : 4 + int.from_bytes(rest[:4], "little")]
        name, version = data["name"], data["vers"]
        if version in self.crates.get(name, {}):
            return as_json({"errors": [{"detail": f"crate version `{version}` is already uploaded"}]}, 400)
        self.add(data, content)
        self.published.append(f"{name} {version}")
        if fault == "drop":
            return Said(is_cut=True)
        return as_json({"warnings": {"invalid_categories": [], "invalid_badges": [], "other": []}})

    def add(self, data: dict[str, Any], content: bytes) -> None:
        """Take a crate, as `cargo publish` describes it."""
        name, version = data["name"], data["vers"]
        self.crates.setdefault(name, {})[version] = content
        entry = {
            "name": name,
            "vers": version,
            "deps": [_dependency(each) for each in data["deps"]],
            "cksum": hashlib.sha256(content).hexdigest(),
            "features": data["features"],
            "yanked": False,
        }
        self.entries.setdefault(name, []).append(entry)


def _dependency(each: dict[str, Any]) -> dict[str, Any]:
    renamed = each.get("explicit_name_in_toml")
    return {
        "name": renamed or each["name"],
        "req": each["version_req"],
        "features": each["features"],
        "optional": each["optional"],
        "default_features": each["default_features"],
        "target": each["target"],
        "kind": each["kind"],
        "registry": each.get("registry"),
        "package": each["name"] if renamed else None,
    }
