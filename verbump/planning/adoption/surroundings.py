"""What `init` may depend on, as it was read: the repository, its files, and the draft of another tool's settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verbump.planning.adoption.foreign import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.planning.snapshot import Snapshot
    from verbump.planning.whole_changelog import PastRelease
    from verbump.planning.workflows.shape import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """A repository that may adopt verbump.

    `snapshot` is the repository as verbump sees it without a configuration, but for the tag format of `draft`; `found`
    whether tags say what the format is. `texts` are the files by path that another tool's or verbump's configuration,
    a changelog or a hook may stand in, and those that the draft lists. `default_branch` is the remote's, else the one
    checked out where no branch is of a usual name. `tool` is what `--from` names.
    `workflows` is what its workflows and its release guide depend on, None where a manifest cannot be read.
    """

    snapshot: Snapshot
    texts: Mapping[str, str]
    has_inferred_format: bool
    default_branch: str | None = None
    past: tuple[PastRelease, ...] = ()
    tool: str | None = None
    draft: Draft = field(default_factory=Draft)
    is_forced: bool = False
    workflows: Facts | None = None
