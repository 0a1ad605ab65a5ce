"""Crates published by cargo, one after the other, each seen in the index before the next."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.effects import cargo_workspace, refusals, trusted_publishing
from verbump.errors import Problem, Refused, ReleaseUnfinished, ServerFailed, VerbumpError
from verbump.planning.publish_crates import CRATES_IO, Member, file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from typing import Literal

    from verbump.effects.cargo_registry import CargoRegistry
    from verbump.effects.cargo_workspace import Workspace
    from verbump.planning.actions import PublishCrate

_TOKEN_SECONDS = 1200  # crates.io's minted tokens live for 30 minutes
_LOOK_SECONDS = 3.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 8.0


@dataclass(slots=True, kw_only=True)
class CratePublisher:
    """Carries out PublishCrates. `say` gets a line for each crate, `again` is the command that finishes.

    `step` is entered around each; `timeout_seconds`: how long the index may take to show a crate. `pause` waits.
    """

    workspace: Workspace
    registry: CargoRegistry
    trust: Literal["auto", "always", "never"]
    say: Callable[[str], None]
    step: Callable[[str], AbstractContextManager[None]]
    again: str
    timeout_seconds: float = 300.0
    pause: Callable[[float], None] = time.sleep
    sent: list[str] = field(default_factory=list)
    minted: str = ""
    minted_at: float = 0.0

    def publish(self, actions: Sequence[PublishCrate]) -> None:
        """Publish each, and wait until the index shows it.

        Raises:
            Refused, ServerFailed: the first crate was refused; nothing has changed.
            ReleaseUnfinished: some are published; the hint is the command that finishes.
        """
        try:
            self._refuse_first(actions)
            for action in actions:
                if action.pause_seconds:
                    with self.step(f"wait for the limits of {self.registry.name} before {action.name}"):
                        self.pause(action.pause_seconds)
                self._publish(action)
        except ReleaseUnfinished:
            raise
        except (VerbumpError, OSError, KeyboardInterrupt) as error:
            if not self.sent:
                raise
            raise self._unfinished(error) from error
        finally:
            if self.minted:
                trusted_publishing.revoke_crates_token(self.registry.api, self.minted)

    def _refuse_first(self, actions: Sequence[PublishCrate]) -> None:
        """Trusted publishing makes new versions only: crates.io wants a token for a crate that it has never seen."""
        new = [each.name for each in actions if each.is_new]
        if self.registry.name != CRATES_IO or not new or self.registry.token:
            return
        if self.trust != "never" and trusted_publishing.is_offered():
            message = f"crates.io has never seen {', '.join(new)}: trusted publishing makes new versions only"
            hint = f"publish them once with {self.registry.token_variable}, then register this workflow for each"
            raise Refused([Problem(code="first-release-needs-token", message=message, hint=hint)])

    def _publish(self, action: PublishCrate) -> None:
        member = Member(name=action.name, version=action.version)
        options = cargo_workspace.options_for(self.workspace, self.registry.name)
        secrets = self._secrets(is_new=action.is_new)
        with self.step(f"publish {action.name} {action.version}"):
            try:
                # It was compiled as packed before the first upload.
                done = cargo_workspace.run_cargo(
                    self.workspace.root, "publish", "-p", action.name, "--no-verify", *options, secrets=secrets
                )
            except KeyboardInterrupt:
                self.sent.append(f"{action.name} {action.version}")  # it may have arrived
                raise
        hint = cargo_workspace.advice_on(done.said)
        # A lost answer, or another run that was faster: the index knows.
        if done.status != 0 and (hint or not self._wait(member, _LOOK_SECONDS)):
            message = (
                f"{action.name} {action.version} was not published; cargo says:\n{cargo_workspace.quoted(done.said)}"
            )
            raise ServerFailed(message, hint=hint or "run it again", code="publish-failed")
        self.sent.append(f"{action.name} {action.version}")
        with self.step(f"look for {action.name} in the index"):
            if not self._wait(member, self.timeout_seconds):
                message = f"{action.name} {action.version} is published, but the index does not show it yet"
                raise ReleaseUnfinished(message, hint=self.again, code="index-behind")
        self.say(f"published {action.name} {action.version}")

    def _secrets(self, *, is_new: bool) -> dict[str, str]:
        """The variable with cargo's token; empty where cargo finds its own."""
        token = self.registry.token
        if self.trust != "never" and not (is_new and self.registry.name == CRATES_IO):
            token = self._minted() or token
        return {self.registry.token_variable: token} if token else {}

    def _minted(self) -> str:
        """A token by trusted publishing, fresh enough; "" where there is none."""
        if self.minted and time.monotonic() - self.minted_at < _TOKEN_SECONDS:
            return self.minted
        try:
            self.minted = trusted_publishing.mint_crates_token(self.registry.api) or ""
        except ServerFailed:
            if self.trust == "always" or not self.registry.token:
                raise
            self.minted = ""
        self.minted_at = time.monotonic()
        if not self.minted and self.trust == "always":
            message = f"trusted publishing is not offered here, or not by {self.registry.name}"
            hint = "in GitHub Actions the job needs `permissions: id-token: write`"
            raise Refused([Problem(code="no-trusted-publishing", message=message, hint=hint)])
        return self.minted

    def _wait(self, member: Member, seconds: float) -> bool:
        """Whether the index shows the crate, as it was packed here, within so long.

        Raises:
            Refused: it cannot be asked, or shows another one.
        """
        here = cargo_workspace.packed_sha256(self.workspace, member)
        end = time.monotonic() + seconds
        pause = _FIRST_PAUSE_SECONDS
        while (held := self.registry.read(member.name).hashes.get(file_name(member))) is None:
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.pause(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        if here and held != here:
            message = f"{self.registry.name} shows another {member.name} {member.version} than was packed here"
            raise Refused([Problem(code="crate-differs", message=message, hint="release the next version")])
        return True

    def _unfinished(self, error: BaseException) -> ReleaseUnfinished:
        said, code, hint = "interrupted", "", ""
        if isinstance(error, OSError):
            said = refusals.of_system(error).message
        elif isinstance(error, VerbumpError):
            said, code, hint = error.message, error.code, error.hint
        message = f"{said}\npublished so far: {', '.join(self.sent)}"
        return ReleaseUnfinished(message, hint=f"{hint}; then {self.again}" if hint else self.again, code=code)
