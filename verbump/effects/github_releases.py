"""Releases on a GitHub: read them, and make one by draft → files → look → publish, resumable at every point."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from verbump.effects import github, http_exchange, refusals
from verbump.effects.github_failures import field as field_of
from verbump.errors import ReleaseUnfinished, ServerFailed, VerbumpError
from verbump.planning import publish_github
from verbump.planning.publish_github import Asset, Existing, FileDeed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from verbump.domain.tags import TagFormat
    from verbump.effects.github import GitHub
    from verbump.planning.actions import LocalFile, PublishGitHubRelease

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_UPLOAD_ATTEMPTS = 3
_DONE = {"upload": "uploaded", "replace": "replaced", "keep": "unchanged"}


def read_releases(hub: GitHub, tags: TagFormat) -> Iterator[Existing]:
    """Every release, drafts included (for which only the list will do)."""
    for data in hub.pages("releases"):
        yield _existing(data, tags)


def read_tag(hub: GitHub, tag: str) -> str | None:
    """The object that the tag names on GitHub, None where there is no such tag."""
    data = hub.find(f"git/ref/{_quoted_ref(f'tags/{tag}')}")
    return None if data is None else field_of(field_of(data, "object", dict), "sha", str)


@dataclass(slots=True, kw_only=True)
class Publisher:
    """Carries out one PublishGitHubRelease. `say` gets a line for each thing done; `again` is the command that resumes.

    `files` are in `folder`. `has_written` tells whether anything on GitHub has changed.
    """

    hub: GitHub
    folder: Path
    say: Callable[[str], None]
    again: str
    has_written: bool = False

    def publish(self, action: PublishGitHubRelease) -> str:
        """The address of the release's page, once it holds every file and stands as planned.

        Raises:
            ServerFailed, OSError, KeyboardInterrupt: nothing has changed.
            ReleaseUnfinished: something has; the hint is the command that finishes, or what to do where none can.
        """
        try:
            data = self._release(action)
            number = field_of(data, "id", int)
            template = field_of(data, "upload_url", str)
            for deed in publish_github.find_deeds(action.files, self._assets(number)):
                self._settle(number, template, deed)
            self._look(number, action.files)
            if action.stays_draft or action.is_published:
                return field_of(data, "html_url", str)
            return self._publish(number, action)
        except ServerFailed as error:
            raise self._failed(error, action) from error
        except (OSError, KeyboardInterrupt) as error:
            if not self.has_written:
                raise
            said = refusals.of_system(error).message if isinstance(error, OSError) else "interrupted"
            message = f"{said}; the release {action.tag} is not finished"
            raise ReleaseUnfinished(message, hint=self.again) from error

    def _release(self, action: PublishGitHubRelease) -> Any:
        """The release as it is, or a new draft. Never a second one: after an unsure answer the list is asked."""
        if action.release is not None:
            return self.hub.get(f"releases/{action.release}")
        try:
            made = self._create(action)
        except ServerFailed as error:
            if not error.answer.is_unsure:
                raise
            made = self._find_draft(action) or self._create(action)
        self.has_written = True
        first = self._find_draft(action)
        if first is not None and first["id"] < made["id"]:
            # Another run was faster by a moment: both go on with the older draft.
            self.hub.delete(f"releases/{made['id']}")
            made = first
        self.say(f"drafted {action.tag}")
        return made

    def _create(self, action: PublishGitHubRelease) -> Any:
        data = {"tag_name": action.tag, "name": action.tag, "body": action.body, "draft": True}
        return self.hub.post("releases", {**data, "prerelease": action.is_prerelease, "make_latest": "false"})

    def _find_draft(self, action: PublishGitHubRelease) -> Any:
        """Our oldest draft for the tag, None where the list holds none."""
        mark = publish_github.marker(action.tag)
        found = [
            each
            for each in self.hub.pages("releases")
            if field_of(each, "draft", bool) and each.get("tag_name") == action.tag and mark in (each.get("body") or "")
        ]
        return min(found, key=lambda each: field_of(each, "id", int), default=None)

    def _settle(self, number: int, template: str, deed: FileDeed) -> None:
        """Bring about that the release holds this file."""
        if deed.do == "replace":
            assert deed.asset is not None
            self.has_written = True
            self.hub.delete(f"releases/assets/{deed.asset.id}")
        if deed.do != "keep":
            self._upload(number, template, deed.file)
        self.say(f"{_DONE[deed.do]} {deed.file.name}")

    def _upload(self, number: int, template: str, file: LocalFile) -> None:
        """Upload; where it is not sure whether it arrived, look, take away what is broken, and try again."""
        url = f"{template.partition('{')[0]}?{urlencode({'name': file.name})}"
        for attempt in range(1, _UPLOAD_ATTEMPTS + 1):
            try:
                self.has_written = True
                with (self.folder / file.name).open("rb") as opened:
                    self.hub.upload(url, opened, file.size)
            except ServerFailed as error:
                is_there = "already_exists" in error.answer.reasons
                if not error.answer.is_unsure and not is_there:
                    raise
                if self._is_there(number, file):
                    return
                if attempt == _UPLOAD_ATTEMPTS:
                    raise
            else:
                return

    def _is_there(self, number: int, file: LocalFile) -> bool:
        """Whether the release holds the file; another of its name, such as half an upload, is taken away."""
        found = next((each for each in self._assets(number) if each.name == file.name), None)
        if found is None or self._is_same(file, found):
            return found is not None
        self.hub.delete(f"releases/assets/{found.id}")
        return False

    def _look(self, number: int, files: tuple[LocalFile, ...]) -> None:
        """Nothing, when GitHub holds each file as it is here.

        Raises:
            ServerFailed: it does not.
        """
        there = {each.name: each for each in self._assets(number)}
        for file in files:
            asset = there.get(file.name)
            if asset is None or not self._is_same(file, asset):
                what = "is missing" if asset is None else "is another file"
                message = f"{file.name} {what} in the release after its upload"
                raise ServerFailed(message, hint=self.again, code="asset-differs")

    def _is_same(self, file: LocalFile, asset: Asset) -> bool:
        """By digest. A server that tells none is asked for the bytes, as long as they fit into memory."""
        if not asset.sha256 and asset.is_complete and asset.size == file.size <= http_exchange.LARGEST_ANSWER:
            content = self.hub.download(f"releases/assets/{asset.id}")
            return hashlib.sha256(content).hexdigest() == file.sha256
        return publish_github.is_same(file, asset)

    def _publish(self, number: int, action: PublishGitHubRelease) -> str:
        data = {"tag_name": action.tag, "name": action.tag, "body": action.body, "draft": False}
        latest = "true" if action.is_latest else "false"
        asked = {**data, "prerelease": action.is_prerelease, "make_latest": latest}
        self.has_written = True
        done = self.hub.patch(f"releases/{number}", asked)
        kind = "pre-release" if action.is_prerelease else "release"
        frozen = ", immutable" if isinstance(done, dict) and done.get("immutable") is True else ""
        self.say(f"published the {kind} {action.tag}{', Latest' if action.is_latest else ''}{frozen}")
        return field_of(done, "html_url", str)

    def _assets(self, number: int) -> list[Asset]:
        return [_asset(each) for each in self.hub.pages(f"releases/{number}/assets")]

    def _failed(self, error: ServerFailed, action: PublishGitHubRelease) -> VerbumpError:
        if publish_github.BURNT in error.message:
            message = (
                f"the tag name {action.tag} was used by an immutable release, which is gone; "
                f"GitHub never takes it again ({error.message})"
            )
            hint = "release the next version: `verbump release --bump patch`"
            kind = ReleaseUnfinished if self.has_written else ServerFailed
            return kind(message, hint=hint, code="tag-burnt")
        if "already_exists" in error.answer.reasons and "tag_name" in error.message:
            message = f"another release for {action.tag} was published meanwhile ({error.message})"
            hint = f"see which one is right on {self.hub.page('releases')}, and delete the other"
            return ReleaseUnfinished(message, hint=hint)
        if not self.has_written:
            return error
        return ReleaseUnfinished(f"{error.message}; the release {action.tag} is not finished", hint=self.again)


def _existing(data: Any, tags: TagFormat) -> Existing:
    tag = field_of(data, "tag_name", str)
    return Existing(
        id=field_of(data, "id", int),
        tag=tag,
        body=data.get("body") or "",
        version=tags.version(tag),
        is_draft=field_of(data, "draft", bool),
        is_prerelease=field_of(data, "prerelease", bool),
        is_immutable=data.get("immutable") is True,
        page=field_of(data, "html_url", str),
        assets=tuple(_asset(each) for each in field_of(data, "assets", list)),
    )


def _asset(data: Any) -> Asset:
    found = _DIGEST.fullmatch(str(data.get("digest") if isinstance(data, dict) else ""))
    return Asset(
        id=field_of(data, "id", int),
        name=field_of(data, "name", str),
        size=field_of(data, "size", int),
        sha256=found[1] if found else "",
        is_complete=data.get("state") == "uploaded",
    )


def _quoted_ref(ref: str) -> str:
    """A ref below refs/ for a path: GitHub takes its slashes as they are."""
    return "/".join(github.quoted(part) for part in ref.split("/"))
