"""What release notes say after the changelog's section: who contributed, checksums, what they are compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.domain import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.planning.snapshot import Snapshot

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Who made commits of a release. `login` is "" where the forge knows no account; `is_first`: never before."""

    name: str
    login: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What was read for the notes: contributors in the order of their commits, file name → SHA-256."""

    contributors: tuple[Contributor, ...] = ()
    checksums: Mapping[str, str] = field(default_factory=dict)


def compare_url(snapshot: Snapshot, previous_tag: str, tag: str) -> str:
    """The page that compares the version with the one before, "" where there is none or none is wanted."""
    if snapshot.forge is None or not previous_tag or not tag or not snapshot.config.notes.compare_link:
        return ""
    return snapshot.forge.compare_url(previous_tag, tag)


def render_tail(extras: Extras, compared: str) -> str:
    """The parts, each after a blank line; "" where there are none. Logins are mentions on purpose, names are inert."""
    parts = []
    if extras.contributors:
        parts.append("### Contributors\n\n" + "".join(f"- {_who(each)}\n" for each in extras.contributors))
    if extras.checksums:
        rows = (f"| {escape.for_markdown_cell(name)} | `{digest}` |\n" for name, digest in extras.checksums.items())
        parts.append("### Checksums\n\n| file | SHA-256 |\n|---|---|\n" + "".join(rows))
    if compared:
        parts.append(f"**Full changelog**: {compared}\n")
    return "\n".join(parts)


def extras_data(extras: Extras, compared: str) -> dict[str, object]:
    """The same as JSON data."""
    return {
        "compare_url": compared or None,
        "contributors": [
            {"name": each.name, "login": each.login or None, "first": each.is_first} for each in extras.contributors
        ],
        "checksums": dict(extras.checksums),
    }


def _who(contributor: Contributor) -> str:
    is_login = _LOGIN.fullmatch(contributor.login)
    shown = f"@{contributor.login}" if is_login else escape.for_markdown(contributor.name) or "(no name)"
    return f"{shown}, for the first time" if contributor.is_first else shown
