"""docs/RELEASE.md: how this project is released, true for what it is; proposed where there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.planning import build_sources, templates
from verbump.planning.workflows import shape as shapes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbump.config import Config
    from verbump.planning.snapshot import Snapshot
    from verbump.planning.workflows.platforms import Platform
    from verbump.planning.workflows.shape import Facts, Shape

PATH = PurePosixPath("docs/RELEASE.md")
TEMPLATE = "RELEASE.md.j2"
# What could end a code span, a table's cell or a line, or begin markup.
_UNFIT = re.compile(r"[^\w .,+@/{}()=\[\]-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What the document says of a project. `has_workflow`: a tag starts one on GitHub.

    `on_github`: its releases are there. `page` is the repository's address, "" where none is known.
    """

    facts: Facts
    on_github: bool
    has_workflow: bool
    page: str = ""

    @property
    def config(self) -> Config:
        """The configuration as it will be."""
        return self.facts.snapshot.config


def render_guide(guide: Guide) -> str:
    """The document, lines wrapped as the template has them, with one final newline."""
    text = templates.render(TEMPLATE, _data(guide))
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _data(guide: Guide) -> dict[str, Any]:
    snapshot, settings = guide.facts.snapshot, guide.config.workflows
    found = shapes.find_shape(guide.facts)
    changelog = guide.config.changelog
    workflow = settings.release if guide.has_workflow else ""
    publishable = found.publishable
    return {
        "name": _plain(_name(found, guide.page)),
        "project": _plain(found.project),
        "crates": [_plain(each) for each in publishable],
        "crates_sentence": _crates_sentence(publishable),
        "has_crates": found.has_crates,
        "has_archives": bool(found.archived),
        "is_maturin": found.wheels in {"abi3", "version", "program"},
        "branch": _plain(guide.facts.default_branch),
        "changelog": _plain(changelog) if changelog else "",
        "manifests": _manifests(snapshot),
        "below_one": _below_one(guide.config.zero_version),
        "tag": _plain(_tag(snapshot, "1.3.0")),
        "candidate_tag": _plain(_tag(snapshot, "1.3.0-rc.1")),
        "workflow": _plain(workflow),
        "built": _listed(_built(found)),
        "places": _places(found, guide.config),
        "environments": _environments(found, guide.config),
        "publisher": _publisher(guide, workflow),
        "platforms": [_platform(each) for each in found.platforms],
        "on_github": guide.on_github,
    }


def _name(found: Shape, page: str) -> str:
    return (
        found.project or next(iter((*found.publishable, *found.archived)), "") or page.rpartition("/")[2] or "a version"
    )


def _crates_sentence(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"`{_plain(names[0])}` is published."
    listed = _listed(f"`{_plain(each)}`" for each in names)
    return f"{listed} are published, each after those that it depends on."


def _manifests(snapshot: Snapshot) -> str:
    names = [f"`{_plain(str(target.path))}`" for target in snapshot.targets]
    if len(names) > 6:
        return f"{', '.join(names[:5])} and {len(names) - 5} more files"
    return _listed(names) or "no file yet"


def _below_one(zero_version: str | None) -> str:
    if zero_version == "strict":
        return "; 0.9.1 → 1.0.0"
    if zero_version == "cargo":
        return "; 0.9.1 → 0.10.0, and a `feat` 0.9.1 → 0.9.2"
    return "; 0.9.1 → 0.10.0"


def _tag(snapshot: Snapshot, version: str) -> str:
    return f"{snapshot.tag_format.prefix}{version}{snapshot.tag_format.suffix}"


def _built(found: Shape) -> list[str]:
    wheels = {
        "abi3": "a wheel for each platform (abi3: one for every Python)",
        "version": "a wheel for each platform and Python",
        "program": "a wheel for each platform",
        "pure": "the wheel",
    }
    made = [wheels[found.wheels], "the source distribution"] if found.wheels in wheels else []
    if found.archived:
        names = _listed(f"`{_plain(each)}`" for each in found.archived)
        made.append(f"an archive of {names} for each platform")
    return made or ["the crates, which are handed out as they are"]


def _places(found: Shape, config: Config) -> list[str]:
    places = ["PyPI"] if found.project and config.workflows.pypi is not False else []
    return [*places, *(["crates.io"] if found.publishable and config.workflows.crates else [])]


def _environments(found: Shape, config: Config) -> str:
    names = config.workflows.environments
    used = [names.release]
    used += [names.pypi] if "PyPI" in _places(found, config) else []
    used += [names.crates] if "crates.io" in _places(found, config) else []
    return _listed(f"`{_plain(each)}`" for each in used)


def _publisher(guide: Guide, workflow: str) -> str:
    if not workflow:
        return ""
    owner = "/".join(guide.page.split("/")[-2:]) if guide.page else ""
    repository = f"repository `{_plain(owner)}`, " if owner else "owner and repository, "
    environment = _plain(guide.config.workflows.environments.pypi)
    return f":\n   {repository}workflow `{_plain(workflow)}`, environment `{environment}`"


def _platform(each: Platform) -> dict[str, str]:
    return {"triple": each.triple, "runner": each.runner}


def _plain(text: str) -> str:
    """A name from the project without what would be markup, or would end the line that it stands in."""
    return _UNFIT.sub("", text)


def _listed(words: Iterable[str]) -> str:
    *first, last = [*words] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def has_release_workflow(facts: Facts) -> bool:
    """Whether the configuration asks for the workflow, and it can be written for this project."""
    if "release" not in facts.snapshot.config.workflows.files:
        return False
    return not any(each.severity == "error" for each in shapes.find_shape(facts).problems)


def is_releasable(facts: Facts) -> bool:
    """Whether there is one project to describe: a repository of several packages has a guide for none of them."""
    return not facts.packages and (
        build_sources.CARGO in facts.snapshot.texts or build_sources.PYPROJECT in facts.snapshot.texts
    )
