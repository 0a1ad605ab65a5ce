"""The whole changelog of a long history as one text: sections of finished lines, newest version first.

The same document as `whole_changelog.plan_all` makes, which a test holds it against; it is proved where anything in it
could be read in another way than it is meant.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from verbump.domain.changelog_new import NEW_DOCUMENT
from verbump.planning.past_entries import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbump.domain.forge import Forge
    from verbump.planning.past_entries import Item

_PLACE = itemgetter(1)


class PastTag(NamedTuple):
    """A version tag that HEAD reaches: version (SemVer), git's name, the commit, and its UTC date once it is known."""

    version: str
    name: str
    commit: bytes
    date: str = ""


class Style(NamedTuple):
    """How sections are written: the categories' titles in their order, the heading's form, and whose links."""

    order: Sequence[str]
    forge: Forge | None
    is_bracketed: bool = True
    has_v: bool = False

    def title(self, version: str) -> str:
        """What stands in the heading, and as a link's label where that is in brackets."""
        return f"{'v' if self.has_v else ''}{version}"


def render_document(tags: Sequence[PastTag], held: Sequence[Sequence[Item]], style: Style) -> bytes:
    """The document in UTF-8. `tags` are newest version first, `held` the commits of each, newest first.

    Raises:
        InputError: the sections do not make a document that can be read back.
    """
    pieces = [NEW_DOCUMENT.encode()]
    doubtful: list[tuple[PastTag, bytes]] = []
    for tag, items in zip(tags, held, strict=True):
        told = _told(items)
        text = b"".join(_section(tag, told, style))
        pieces += (b"\n", text)
        if not all(each.is_plain for each in told) or not tag.version.replace(".", "").isdigit():
            doubtful.append((tag, text))
    if doubtful:
        _prove(doubtful)
    if style.forge is not None and style.is_bracketed:
        pieces.append("\n".join(("", *_links(tags, style, style.forge), "")).encode())
    return b"".join(pieces)


def _prove(doubtful: Sequence[tuple[PastTag, bytes]]) -> None:
    """Nothing, when these sections read as they are meant.

    Raises:
        InputError: they do not.
    """
    from verbump.domain import changelog

    made = (changelog.NewSection(version=tag.version, text=text.decode(), tag=tag.name) for tag, text in doubtful)
    changelog.with_missing_sections(None, tuple(made))


def _told(items: Sequence[Item]) -> list[Told]:
    """The commits of a release that have an entry, oldest first, without what cancels out."""
    told = [item for item in items if isinstance(item, Told)]
    if any(each.message for each in told):
        gone = _cancelled(items)
        told = [each for each in told if each.place >= 0 and each.head[: each.head.index(b" ")].decode() not in gone]
    return told[::-1]


def _cancelled(items: Sequence[Item]) -> set[str]:
    """Ids of what vanishes: what a revert among them takes away, and reverts that take something away."""
    from verbump.domain import commits as messages
    from verbump.domain import reverts
    from verbump.domain.commits import Commit

    commits = []
    parsed = {}
    for item in items:
        ids, _, header = (item.head if isinstance(item, Told) else item).partition(b"\n")
        sha, *parents = ids.decode().split()
        commits.append(Commit(sha=sha, parents=tuple(parents), message=header.decode("utf-8", "replace")))
        if isinstance(item, Told) and item.message:
            parsed[sha] = messages.parse(item.message.decode("utf-8", "replace"))
    found = reverts.find_cancelled(commits, parsed)
    return {*found.by, *found.acting}


def _section(tag: PastTag, told: list[Told], style: Style) -> Iterator[bytes]:
    title = style.title(tag.version)
    yield f"## {f'[{title}]' if style.is_bracketed else title} - {tag.date}\n".encode()
    last = -1
    for each in sorted(told, key=_PLACE):
        if each.place >> 1 != last:
            last = each.place >> 1
            yield f"\n### {style.order[last]}\n\n".encode()
        yield each.line
        yield b"\n"


def _links(tags: Sequence[PastTag], style: Style, forge: Forge) -> Iterator[str]:
    yield f"[Unreleased]: {forge.compare_url(tags[0].name, 'HEAD')}"
    for tag, previous in zip(tags, (*tags[1:], None), strict=True):
        url = forge.compare_url(previous.name, tag.name) if previous else forge.tag_url(tag.name)
        yield f"[{style.title(tag.version)}]: {url}"
