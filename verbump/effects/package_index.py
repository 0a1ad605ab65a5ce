"""A Python index, asked again and again about one project: what it holds by hash, until it holds what it should."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from verbump.effects import http_exchange, http_retries, registries
from verbump.errors import Problem, Refused
from verbump.planning import publish_pypi

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verbump.effects.publish_credentials import Credentials
    from verbump.planning.artifacts import Artifact
    from verbump.planning.publish_pypi import Index
    from verbump.planning.registered import Registered

_TIMEOUT_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 8.0


@dataclass(slots=True, kw_only=True)
class PackageIndex:
    """What `index` has of `meant`. `pause` waits; a test gives its own."""

    index: Index
    project: str
    meant: Sequence[Artifact]
    credentials: Credentials
    pause: Callable[[float], None] = time.sleep
    fetched: dict[str, str] = field(default_factory=dict)

    def read(self) -> Registered:
        """What the index has, with a hash for each of `meant` that is there.

        Of several addresses the one that lists files, else the one that knows the project.

        Raises:
            Refused: it cannot be asked.
        """
        best: Registered | None = None
        for url in self.index.looks:
            found = registries.read_pypi(self.project, url, self._asking(url))
            if found.error:
                raise Refused([_not_answered(found.error)])
            if best is None or found.hashes or (found.exists and not best.exists):
                best = found
            if found.hashes:
                break
        assert best is not None
        return replace(best, hashes={**best.hashes, **self._fetched(best)})

    def wait(self, names: Sequence[str], seconds: float) -> tuple[str, ...]:
        """Those of `names` that the index does not show after so long; empty as soon as it shows all.

        Raises:
            Refused: it cannot be asked.
        """
        end = time.monotonic() + seconds
        pause = _FIRST_PAUSE_SECONDS
        wanted = [each for each in self.meant if each.name in names]
        while missing := publish_pypi.find_missing(wanted, self.read()):
            left = end - time.monotonic()
            if left <= 0:
                return missing
            self.pause(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        return ()

    def _fetched(self, there: Registered) -> dict[str, str]:
        """Hashes that the index does not tell: of the files themselves."""
        for each in self.meant:
            url = there.urls.get(each.name, "")
            if there.hashes.get(each.name) == "" and url not in self.fetched:
                digest = registries.read_sha256(url, self._asking(url))
                if digest:
                    self.fetched[url] = digest
        return {
            each.name: self.fetched[there.urls[each.name]]
            for each in self.meant
            if there.urls.get(each.name) in self.fetched and not there.hashes.get(each.name)
        }

    def _asking(self, url: str) -> registries.Asking:
        """With the credentials only where the address is of the host that they are for. PyPI's listing is open."""
        is_same = not self.index.name and http_exchange.origin(url) == http_exchange.origin(self.index.url)
        return registries.Asking(
            authorization=self.credentials.authorization if is_same else "",
            timeout_seconds=_TIMEOUT_SECONDS,
            patience=http_retries.DEFAULT_PATIENCE,
        )


def _not_answered(error: str) -> Problem:
    if error.endswith(("HTTP 401", "HTTP 403")):
        hint = "see that name and password are right, and may read: TWINE_USERNAME, TWINE_PASSWORD"
        return Problem(code="credentials-refused", message=error, hint=hint)
    hint = "see that the address is right; --index-url says where the files are listed"
    return Problem(code="registry-unreachable", message=error, hint=hint)
