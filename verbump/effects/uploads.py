"""Distributions uploaded by twine, one after the other, and seen in the index afterwards."""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.effects import git_environment, publish_credentials, refusals, tools
from verbump.effects.redaction import redact
from verbump.errors import Problem, Refused, ReleaseUnfinished, ServerFailed, VerbumpError
from verbump.planning.publish_pypi import ATTESTATION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from verbump.effects.package_index import PackageIndex
    from verbump.effects.publish_credentials import Trust
    from verbump.planning.actions import UploadDistribution

_QUOTED_LINES = 20
_TOKEN_SECONDS = 600  # PyPI's minted tokens live for 15 minutes
_LOOK_SECONDS = 3.0
# Settings of the caller that would lead twine elsewhere, or another Python into it; certificates stay.
_DROPPED = re.compile(r"TWINE_(?!CERT$|CLIENT_CERT$)|PYTHON(?:PATH|HOME|WARNINGS)$|VERBUMP_|UV_PUBLISH_")
_ADVICE = (
    (
        re.compile(r"Credential not found|could not determine credentials|No such section|Enter your"),
        "credentials-missing",
        "set VERBUMP_PYPI_TOKEN, or TWINE_USERNAME and TWINE_PASSWORD, or write ~/.pypirc",
    ),
    (
        re.compile(r"\b40[13]\b|[Ii]nvalid or non-existent authentication"),
        "credentials-refused",
        "see that the token is for this index and this project, and has not ended",
    ),
    (
        re.compile(r"already been used|previously been used|already exists|\b409\b"),
        "file-burnt",
        "an index takes a file name once, even if the file was deleted: release the next version",
    ),
    (re.compile(r"name .{0,80} too similar|name .{0,80}isn't allowed"), "name-refused", "choose another project name"),
)


@dataclass(slots=True, kw_only=True)
class Uploader:
    """Carries out UploadDistributions. `say` gets a line for each file, `again` is the command that finishes.

    `step` is entered around each upload. `timeout_seconds`: how long the index may take to show what it has taken.
    """

    folder: Path
    index: PackageIndex
    trust: Trust
    say: Callable[[str], None]
    step: Callable[[str], AbstractContextManager[None]]
    again: str
    timeout_seconds: float = 120.0
    sent: list[str] = field(default_factory=list)
    minted_at: float = field(default_factory=time.monotonic)

    def upload(self, actions: Sequence[UploadDistribution]) -> None:
        """Upload each, then look until the index shows all.

        Raises:
            Refused: twine is missing; nothing has changed.
            ServerFailed: the first upload was refused; nothing has changed.
            ReleaseUnfinished: some are uploaded; the hint is the command that finishes.
        """
        program = tools.find_program("twine")
        if program is None:
            hint = "pip install twine, or uv tool install twine"
            message = "twine is not here: uploading needs it"
            raise Refused([Problem(code="tool-missing", message=message, hint=hint)])
        try:
            for action in actions:
                self._upload(program, action)
            with self.step(f"look into {self.index.index.url}"):
                missing = self.index.wait(self.sent, self.timeout_seconds)
        except ReleaseUnfinished:
            raise
        except (VerbumpError, OSError, KeyboardInterrupt) as error:
            if not self.sent:
                raise
            raise self._unfinished(error) from error
        if missing:
            message = f"uploaded, but {self.index.index.url} does not show yet: {', '.join(missing)}"
            raise ReleaseUnfinished(message, hint=self.again, code="index-behind")

    def _upload(self, program: str, action: UploadDistribution) -> None:
        name = action.file.name
        self._renew()
        with self.step(f"upload {name}"):
            try:
                status, said = self._run_twine(program, name)
            except KeyboardInterrupt:
                self.sent.append(name)  # it may have arrived
                raise
        if status != 0 and not self._is_there(name, said):
            raise _failure(name, said)
        self.sent.append(name)
        self.say(f"uploaded {name}")

    def _run_twine(self, program: str, name: str) -> tuple[int, str]:
        index, credentials = self.index.index, self.index.credentials
        attested = (f"{name}{ATTESTATION}",) if self._has_attestation(name) else ()
        argv = [program, "upload", "--non-interactive", "--disable-progress-bar"]
        argv += ["--attestations"] if attested else []
        environment = {
            name: value
            for name, value in git_environment.without_secrets(dict(os.environ)).items()
            if _DROPPED.match(name) is None
        }
        environment |= {"NO_COLOR": "1", "COLUMNS": "200"}
        if index.name and not credentials.secret:
            argv += ["--repository", index.name]  # then ~/.pypirc counts
        else:
            environment["TWINE_REPOSITORY_URL"] = index.url
        if credentials.username:
            environment["TWINE_USERNAME"] = credentials.username
        if credentials.secret:
            environment["TWINE_PASSWORD"] = credentials.secret
        done = subprocess.run(  # noqa: PLW1510  the status is judged by the caller
            [*argv, "--", name, *attested],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return done.returncode, self._hidden(done.stdout.decode("utf-8", "replace"))

    def _has_attestation(self, name: str) -> bool:
        """Attestations are of the identity that also uploads: with a token the index refuses them."""
        is_trusted = bool(self.index.index.name) and self.index.credentials.is_minted
        return is_trusted and (self.folder / f"{name}{ATTESTATION}").is_file()

    def _hidden(self, said: str) -> str:
        """What twine said without the secret."""
        secret = self.index.credentials.secret
        said = redact(said)
        return said.replace(secret, "***") if len(secret) > 3 else said

    def _renew(self) -> None:
        """A fresh token before a minted one ends."""
        if self.index.credentials.is_minted and time.monotonic() - self.minted_at > _TOKEN_SECONDS:
            self.index.credentials, _ = publish_credentials.for_index(self.index.index, self.trust)
            self.minted_at = time.monotonic()

    def _is_there(self, name: str, said: str) -> bool:
        """Whether the index holds the file all the same: the answer was lost, or another run was faster."""
        if _ADVICE[0][0].search(said) or _ADVICE[1][0].search(said):
            return False
        try:
            return not self.index.wait([name], _LOOK_SECONDS)
        except Refused:
            return False

    def _unfinished(self, error: BaseException) -> ReleaseUnfinished:
        if isinstance(error, KeyboardInterrupt):
            said, code = "interrupted", ""
        elif isinstance(error, OSError):
            said, code = refusals.of_system(error).message, ""
        else:
            assert isinstance(error, VerbumpError)
            said, code = error.message, error.code
        advice = f"{error.hint}; then {self.again}" if isinstance(error, VerbumpError) and error.hint else self.again
        return ReleaseUnfinished(f"{said}\nuploaded so far: {', '.join(self.sent)}", hint=advice, code=code)


def _failure(name: str, said: str) -> ServerFailed:
    lines = [line for line in said.strip().split("\n") if line.strip()][-_QUOTED_LINES:]
    message = f"{name} was not uploaded; twine says:\n" + "\n".join(lines)
    for pattern, code, hint in _ADVICE:
        if pattern.search(said):
            return ServerFailed(message, hint=hint, code=code)
    return ServerFailed(message, hint="run it again: what has arrived is not uploaded twice", code="upload-failed")
