"""The tags that verbump has made, as git alone tells them: annotated, with the release's trailers in their message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbump.effects import git_history
from verbump.planning.release_actions import find_release_trailers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.effects.git_history import TagRef
    from verbump.effects.git_repository import Repository


def read_annotated(repository: Repository, head: str) -> list[TagRef]:
    """The annotated tags that `head` reaches, oldest first by topology; whose they are, `read_trailers` tells."""
    reachable = git_history.read_reachable_tag_names(repository.root, head)
    found = [
        tag for tag in git_history.read_tags(repository.root) if tag.name in reachable and tag.target != tag.commit
    ]
    order = repository.run("rev-list", "--topo-order", "--reverse", "--end-of-options", head).text.split("\n")
    places = {sha: place for place, sha in enumerate(order)}
    return sorted(found, key=lambda tag: places[tag.commit])


def read_trailers(repository: Repository, tag_object: str) -> tuple[str, ...]:
    """What a tag's message says that it releases, its signature apart; () where the tag is not ours."""
    text = repository.run("cat-file", "tag", tag_object).stdout.decode("utf-8", "replace")
    return find_release_trailers(text.split("-----BEGIN ", 1)[0])


def read_versions(repository: Repository, tags: Mapping[str, str]) -> dict[str, str]:
    """Tag → its version, of tags of ours. `tags` is name → tag object."""
    return {name: read_trailers(repository, oid)[0].rpartition(" ")[2] for name, oid in tags.items()}


def read_time(repository: Repository, tag: str) -> int:
    """When a tag was made, in seconds since the epoch."""
    said = repository.run("for-each-ref", "--format=%(taggerdate:unix)", f"refs/tags/{tag}", looking=True).text
    return int(said or 0)
