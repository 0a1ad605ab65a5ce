"""Everything that `init` would write, as one plan. Each kind of file has a planner in the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump import config
from verbump.domain import changelog, tags
from verbump.errors import ConfigError, InputError
from verbump.planning import whole_changelog
from verbump.planning.actions import Plan, WriteFile
from verbump.planning.adoption import configuration, hook, layout, tools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from verbump.config import Config
    from verbump.domain.tags import TagFormat
    from verbump.errors import Problem
    from verbump.planning.adoption.foreign import Draft
    from verbump.planning.adoption.surroundings import Surroundings
    from verbump.planning.workflows.shape import Facts

    Planner = Callable[[Surroundings, Mapping[str, Any]], Plan]

#: Where projects say how they are released: the first is what is proposed.
GUIDES = ("docs/RELEASE.md", "docs/RELEASING.md", "docs/releasing.md", "RELEASE.md", "RELEASING.md")
#: The files of the repository's top that decide what is proposed.
PATHS = tuple(dict.fromkeys((*configuration.PATHS, *hook.PATHS, *tools.PATHS, *GUIDES)))


def plan_adoption(around: Surroundings) -> Plan:
    """The files to write, in the order of the planners, what to know about them, and what stands in the way."""
    settings = configuration.propose_settings(around)
    plans = [planner(around, settings) for planner in PLANNERS]
    return Plan(
        actions=tuple(action for plan in plans for action in plan.actions),
        problems=(*_warnings(around), *(problem for plan in plans for problem in plan.problems)),
        said=(
            *around.draft.said,
            *(line for plan in plans for line in plan.said),
            *layout.find_forgotten(around),
            *_other_tools(around),
        ),
    )


def _warnings(around: Surroundings) -> list[Problem]:
    """What the repository's reader warns of; what would stop a release now does not stop an adoption."""
    return [replace(problem, severity="warning") for problem in around.snapshot.problems]


def plan_changelog(around: Surroundings, settings: Mapping[str, Any]) -> Plan:
    """A changelog where there is none: from the tags' history, else one without a release. What is there stays."""
    adopted = _adopted(around, settings)
    if not adopted.changelog:
        return Plan()
    if adopted.packages or "packages" in settings:
        return Plan(said=("the changelog of each package is made with its first release",))
    path = PurePosixPath(adopted.changelog)
    text = around.texts.get(str(path))
    if text is not None:
        try:
            changelog.parse_changelog(text)
        except InputError as error:
            line = error.at(path).message
            return Plan(
                said=(f"{line}: verbump will not write it like this" + (f"; {error.hint}" if error.hint else ""),)
            )
        return Plan()
    snapshot = replace(around.snapshot, config=adopted)
    try:
        after = whole_changelog.plan_all(snapshot, around.past) if around.past else changelog.NEW_DOCUMENT
    except InputError as error:
        return Plan(problems=(error.at(path).as_problem(),))
    return Plan(actions=(WriteFile(path=path, before=None, after=after),))


def plan_workflows(around: Surroundings, settings: Mapping[str, Any]) -> Plan:
    """The workflows, where the remote is on GitHub; where one may not be written it is said, and none is."""
    facts = _facts(around, settings)
    if facts is None or not _is_on_github(around):
        return Plan()
    from verbump.planning.workflows import files

    plan = files.plan_workflows(facts)
    if not plan.errors:
        return plan
    return Plan(said=tuple(f"no workflows: {each.message} (then: verbump workflows)" for each in plan.errors))


def plan_guide(around: Surroundings, settings: Mapping[str, Any]) -> Plan:
    """How this project is released, where nothing says it yet. What is there stays."""
    facts = _facts(around, settings)
    if facts is None or any(path in around.texts for path in GUIDES):
        return Plan()
    from verbump.planning import release_guide

    if not release_guide.is_releasable(facts):
        return Plan()
    is_there = _is_on_github(around)
    guide = release_guide.Guide(
        facts=facts,
        on_github=is_there,
        has_workflow=is_there and release_guide.has_release_workflow(facts),
        page=around.snapshot.forge.url if around.snapshot.forge else "",
    )
    action = WriteFile(path=release_guide.PATH, before=None, after=release_guide.render_guide(guide))
    return Plan(actions=(action,))


def _facts(around: Surroundings, settings: Mapping[str, Any]) -> Facts | None:
    """What the project is, with the configuration and the tag format that it will have."""
    facts = around.workflows
    if facts is None:
        return None
    snapshot = replace(facts.snapshot, tag_format=around.snapshot.tag_format, config=_adopted(around, settings))
    return replace(facts, snapshot=snapshot)


def _is_on_github(around: Surroundings) -> bool:
    return around.snapshot.forge is not None and around.snapshot.forge.kind == "github"


def settle_tag_format(draft: Draft, names: Iterable[str]) -> tuple[str | None, bool]:
    """The tag format to read tags with (None: as they say themselves), and whether the tags say it.

    The tags decide over what the other tool's configuration would make of the next one; a draft that no tag follows
    loses its format.
    """
    known = tuple(names)
    wanted = _format_of(draft)
    try:
        told = tags.infer_format(known)
    except InputError:
        return (wanted.text if wanted else None), False
    if wanted is None or told is None or told == wanted:
        return (wanted.text if wanted else None), told is not None
    if any(wanted.version(name) is not None for name in known):
        return wanted.text, False
    if "packages" not in draft.settings:
        del draft.settings["tag_format"]
        draft.said.append(f"tags here are named {told.text}: the next one will be as well")
    return None, True


def _format_of(draft: Draft) -> TagFormat | None:
    packages = draft.settings.get("packages") or [draft.settings]
    text = packages[0].get("tag_format")
    return tags.parse_format(text) if text else None


def _adopted(around: Surroundings, settings: Mapping[str, Any]) -> Config:
    """The configuration as it will be; that of the repository where one is there already."""
    if around.tool is None and around.snapshot.config is not config.DEFAULT:
        return around.snapshot.config
    plain = {name: value for name, value in settings.items() if name not in configuration.TRUSTED}
    for each in (settings, plain):
        try:
            return config.parse(each, source="init")
        except ConfigError:
            continue
    return around.snapshot.config


def _other_tools(around: Surroundings) -> list[str]:
    """Where another tool is configured: the command that reads it."""
    if around.tool is not None:
        return []
    return [
        f"{place} configures {name}: `verbump init --from {name}` reads it"
        for name, place in tools.find_used(around.texts)
    ]


PLANNERS: tuple[Planner, ...] = (
    configuration.plan_configuration,
    plan_changelog,
    hook.plan_hook,
    plan_workflows,
    plan_guide,
)
