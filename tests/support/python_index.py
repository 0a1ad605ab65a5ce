"""A Python index on loopback that speaks as PyPI does: uploads, the simple index in JSON, and trusted publishing.

Beside it, at /actions, what GitHub Actions gives to a job with id-token: write.
"""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from support.loopback import Said, as_json

if TYPE_CHECKING:
    from support.loopback import Asked

TOKEN = "pypi-AgEIcHlwaS5vcmcCJDk-s3cr3t"
REQUEST_TOKEN = "request-t0ken-of-the-job"
JWT = "eyJhbGciOi.of-the-job.signed"
SIMPLE = "application/vnd.pypi.simple.v1+json"


@dataclass(kw_only=True)
class PythonIndex:
    """`files` are those that were taken. What may go wrong: see each field.

    `rivals` are files that somebody else uploads just before ours. `hidden_reads`: so many reads of the simple index do not show what was taken; `tells`: with which hashes; `faults`:
    of each upload in turn a status, "drop" (taken, no answer), "cut" (not taken, no answer) or "" for none.
    `audience`: for whom it wants a job's identity; `claims`: what trusted publishing says against the job, "" where it trusts it.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    rivals: dict[str, bytes] = field(default_factory=dict)
    tells: tuple[str, ...] = ("sha256",)
    hidden_reads: int = 0
    faults: list[str] = field(default_factory=list)
    has_oidc: bool = True
    claims: str = ""
    audience: str = "private-index"
    minted: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def actions(self) -> dict[str, str]:
        """The variables of a job that may ask for its identity."""
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/actions/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN,
        }

    @property
    def upload_url(self) -> str:
        return f"{self.url}/legacy/"

    def answer(self, asked: Asked) -> Said:
        path = urlsplit(asked.path).path
        self.log.append(f"{asked.method} {path}")
        if path.startswith("/simple/"):
            return self._listing(path.strip("/").partition("/")[2])
        if path.startswith("/files/"):
            return Said(body=self.files[path.rpartition("/")[2]], kind="application/octet-stream")
        if path.startswith(("/_/oidc/", "/actions/")):
            return self._identify(asked, path)
        if (asked.method, path) != ("POST", "/legacy/"):
            return Said(status=404)
        return self._take(asked)

    def _listing(self, project: str) -> Said:
        shown = {} if self.hidden_reads > 0 and self.files else self.files
        self.hidden_reads -= 1 if self.files else 0
        mine = {name: body for name, body in shown.items() if name.replace("_", "-").startswith(f"{project}-")}
        if not mine:
            return Said(status=404)
        return as_json(
            {"meta": {"api-version": "1.1"}, "name": project, "files": [*map(self._file, mine)]}, kind=SIMPLE
        )

    def _file(self, name: str) -> dict[str, Any]:
        hashes = {kind: hashlib.new(kind, self.files[name]).hexdigest() for kind in self.tells}
        return {"filename": name, "url": f"../../files/{name}", "hashes": hashes}

    def _take(self, asked: Asked) -> Said:
        fault = self.faults.pop(0) if self.faults else ""
        if fault.isdigit():
            return Said(status=int(fault), body=b"not now")
        if fault == "cut":
            return Said(is_cut=True)
        name, _, secret = base64.b64decode(asked.header("Authorization").removeprefix("Basic ")).decode().partition(":")
        if name != "__token__" or secret not in {TOKEN, *self.minted}:
            return Said(status=403, body=b"Invalid or non-existent authentication information.")
        head = f"Content-Type: {asked.header('Content-Type')}\r\n\r\n".encode()
        form = email.message_from_bytes(head + asked.body, policy=email.policy.HTTP)
        parts: dict[str, bytes] = {}
        file = ""
        for part in form.walk():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                parts[str(part.get_param("name", header="content-disposition"))] = content
                file = part.get_filename() or file
        content = parts["content"]
        assert parts["sha256_digest"].decode() == hashlib.sha256(content).hexdigest()
        self.files |= self.rivals
        if file in self.files and self.files[file] != content:
            return Said(status=400, reason="File already exists. See https://pypi.org/help/#file-name-reuse")
        self.files[file] = content
        return Said(is_cut=True) if fault == "drop" else Said()

    def _identify(self, asked: Asked, path: str) -> Said:
        if path == "/actions/token":
            assert asked.header("Authorization") == f"bearer {REQUEST_TOKEN}"
            assert parse_qs(urlsplit(asked.path).query)["audience"] == [self.audience]
            return as_json({"value": JWT})
        if not self.has_oidc:
            return Said(status=404)
        if path == "/_/oidc/audience":
            return as_json({"audience": self.audience})
        assert (asked.method, asked.json) == ("POST", {"token": JWT})
        if self.claims:
            described = {"code": self.claims, "description": "valid token, but no corresponding publisher"}
            return as_json({"message": "Token request failed", "errors": [described]}, 422)
        self.minted.append(f"pypi-minted-{len(self.minted)}-s3cr3t")
        return as_json({"success": True, "token": self.minted[-1]})
