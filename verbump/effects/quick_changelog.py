"""The whole changelog of a plain repository, with git at work from the first moment; or None: not plain enough.

As in `quick_look`, nothing here explains or refuses: whatever is unusual gives None, and the usual way answers.
"""

from __future__ import annotations

import os

from verbump.effects import git_environment, quick_look
from verbump.effects.git_stream import GitStream


def whole_document(directory: str) -> bytes | None:
    """The document in UTF-8, for the repository that holds `directory`; None where the usual way has to answer."""
    if not hasattr(os, "posix_spawnp") or any(name in os.environ for name in git_environment.LOCATION_VARIABLES):
        return None
    try:
        log = GitStream.log(directory, "HEAD")
        tags = GitStream(directory, "show-ref", "--dereference", "--tags")
        place = quick_look.ask_place(directory)
        settings = GitStream(directory, "config", "-z", "--get-regexp", r"^(remote|branch|url)\.")
        notes = GitStream(directory, "for-each-ref", "--count=1", "refs/notes/verbump")
        log.widen()
    except OSError:
        return None
    from verbump.planning import quick_changelog

    listing = tags.answer(0)
    found = quick_changelog.find_tags(listing) if listing else None
    where = quick_look.read_place(place.answer(0), directory)
    known, noted = settings.answer(0, 1), notes.answer(0)
    texts = quick_look.read_texts(where.root) if where is not None else None
    if found is None or where is None or texts is None or known is None or noted != b"":
        log.status()
        return None
    from verbump.domain import bumps
    from verbump.effects import past_document
    from verbump.errors import InputError

    server = os.environ.get("GITHUB_SERVER_URL", "")
    style = quick_changelog.find_style(texts, known, where.branch, server)
    if style is None:
        log.status()
        return None
    logs = past_document.in_two(directory, log, "HEAD", found, where.common)
    try:
        return past_document.render(directory, logs, found, bumps.DEFAULT_RULES, style)
    except InputError:
        return None
