"""What has to be done so that a registry holds these crates: in which order, with which waits, purely.

Source: The Cargo Book, "Publishing on crates.io"; crates.io, "Data access policy" and rate limits of publishing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbump.errors import Problem
from verbump.planning.actions import Plan, PublishCrate, actions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verbump.planning.registered import Registered

CRATES_IO = "crates-io"  # cargo's own name for it
# How many at once, and then one in so many seconds.
_NEW_CRATES = (5, 600)
_NEW_VERSIONS = (30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A crate of a workspace. `registries` are those that it may go to, None for any, empty for none.

    `needs` are the members that must be there before it; `lacks` what crates.io requires and its manifest has not.
    """

    name: str
    version: str
    registries: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def find_publishable(members: Sequence[Member], registry: str) -> tuple[Member, ...]:
    """The members that may go to the registry, in their order."""
    return tuple(each for each in members if each.registries is None or registry in each.registries)


def order(members: Sequence[Member]) -> tuple[tuple[Member, ...], tuple[Problem, ...]]:
    """The members, each after those that it needs, else in order of their names; and why there is no such order."""
    left = {each.name: each for each in sorted(members, key=lambda each: each.name)}
    known = set(left)
    done: list[Member] = []
    while left:
        ready = next(
            (each for each in left.values() if not (set(each.needs) & known) - {one.name for one in done}), None
        )
        if ready is None:
            names = ", ".join(left)
            message = f"these crates need one another, so none of them can be published first: {names}"
            hint = "a dev-dependency by path alone, without a version, is left out of what is published"
            return tuple(done), (Problem(code="crate-cycle", message=message, hint=hint),)
        done.append(left.pop(ready.name))
    return tuple(done), ()


def find_problems(publishable: Sequence[Member], members: Sequence[Member], registry: str) -> Iterator[Problem]:
    """What the registry would refuse, known before anything is uploaded."""
    names = {each.name for each in publishable}
    others = {each.name for each in members} - names
    if not publishable:
        message = f"no crate here may be published to {registry}"
        yield Problem(code="nothing-to-publish", message=message, hint="mend `publish` in Cargo.toml")
    for each in publishable:
        for need in sorted(set(each.needs) & others):
            message = f"{each.name} depends on {need}, which may not be published to {registry}"
            yield Problem(code="crate-unpublished", message=message, hint=f"mend `publish` in Cargo.toml of {need}")
        if each.lacks and registry == CRATES_IO:
            message = f"{each.name}: crates.io requires {' and '.join(each.lacks)} in Cargo.toml"
            yield Problem(code="crate-metadata", message=message, hint=f"cargo package -p {each.name} says so too")


def plan_publish(
    ordered: Sequence[Member], there: Mapping[str, Registered], packed: Mapping[str, str], registry: str
) -> Plan:
    """What makes the registry hold `ordered`. `packed` is name to SHA-256 of what is here, "" where not packed."""
    actions: list[PublishCrate] = []
    problems: list[Problem] = []
    counts = {True: 0, False: 0}
    for each in ordered:
        known = there[each.name]
        held = known.hashes.get(file_name(each))
        if held is None:
            is_new = not known.exists
            counts[is_new] += 1
            pause = find_pause(counts[is_new], is_new=is_new) if registry == CRATES_IO else 0
            actions.append(PublishCrate(name=each.name, version=each.version, is_new=is_new, pause_seconds=pause))
        elif packed.get(each.name) and held != packed[each.name]:
            problems.append(_differs(each, held, packed[each.name], registry))
    return Plan(actions=tuple(actions), problems=tuple(problems), said=tuple(_waits(actions)))


def find_crates(plan: Plan) -> tuple[PublishCrate, ...]:
    """The crates that a plan publishes, in order."""
    return tuple(actions_of(plan.actions, PublishCrate))


def find_pause(count: int, *, is_new: bool) -> int:
    """Seconds to wait before the crate that is the `count`-th of its kind in this run."""
    burst, seconds = _NEW_CRATES if is_new else _NEW_VERSIONS
    return seconds if count > burst else 0


def file_name(member: Member) -> str:
    """The name of the file that cargo packs."""
    return f"{member.name}-{member.version}.crate"


def _waits(actions: Sequence[PublishCrate]) -> Iterator[str]:
    """How long crates.io's limits make this take, before it starts."""
    for is_new, what, (burst, seconds) in (
        (True, "new crates", _NEW_CRATES),
        (False, "new versions", _NEW_VERSIONS),
    ):
        mine = [each for each in actions if each.is_new is is_new]
        total = sum(each.pause_seconds for each in mine)
        if total:
            pace = f"one in {seconds // 60} minutes" if seconds > 60 else "one a minute"
            took = f"takes {total // 60} minutes at least"
            yield f"{len(mine)} {what}: crates.io takes {burst} at once, then {pace}, so this {took}"


def _differs(each: Member, held: str, here: str, registry: str) -> Problem:
    message = f"{registry} has {each.name} {each.version} with another content: SHA-256 {held} there, {here} here"
    hint = "a published version never changes: check out what was published (its tag), or release the next version"
    return Problem(code="crate-differs", message=message, hint=hint)
