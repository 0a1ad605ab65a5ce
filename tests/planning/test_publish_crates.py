"""In which order crates are published, what crates.io would refuse, and how long its limits make it take."""

from __future__ import annotations

import pytest

from verbump.planning import publish_crates
from verbump.planning.publish_crates import CRATES_IO, Member
from verbump.planning.registered import Registered


def member(name: str, *needs: str, **more: object) -> Member:
    return Member(name=name, version="1.0.0", needs=needs, **more)  # type: ignore[arg-type]


def there(name: str, **hashes: str) -> Registered:
    return Registered(registry="crates.io", name=name, url="", exists=bool(hashes), hashes=hashes)


def test_the_order() -> None:
    members = [member("a", "c", "b"), member("b", "c"), member("c", "outside"), member("d")]

    ordered, problems = publish_crates.order(members)

    assert ([each.name for each in ordered], problems) == (["c", "b", "a", "d"], ())


def test_a_circle_is_refused() -> None:
    _, (problem,) = publish_crates.order([member("a", "b"), member("b", "a"), member("c")])

    assert problem.code == "crate-cycle"
    assert problem.message.endswith(": a, b")


def test_what_crates_io_would_refuse() -> None:
    members = [
        member("a", "b", lacks=("a description",)),
        member("b", registries=()),
        member("c", registries=("own",), lacks=("a license",)),
    ]
    publishable = publish_crates.find_publishable(members, CRATES_IO)

    found = list(publish_crates.find_problems(publishable, members, CRATES_IO))

    assert [each.name for each in publishable] == ["a"]
    assert [each.code for each in found] == ["crate-unpublished", "crate-metadata"]
    assert not list(publish_crates.find_problems([members[2]], members, "own"))
    assert [each.code for each in publish_crates.find_problems([], members, "own")] == ["nothing-to-publish"]


@pytest.mark.parametrize(
    ("count", "is_new", "waits", "said"),
    [
        (5, True, 0, ""),
        (
            7,
            True,
            2,
            "7 new crates: crates.io takes 5 at once, then one in 10 minutes, so this takes 20 minutes at least",
        ),
        (30, False, 0, ""),
        (
            33,
            False,
            3,
            "33 new versions: crates.io takes 30 at once, then one a minute, so this takes 3 minutes at least",
        ),
    ],
)
def test_the_limits_of_crates_io(count: int, is_new: bool, waits: int, said: str) -> None:
    members = [member(f"c{number}") for number in range(count)]
    known = {each.name: there(each.name, **({} if is_new else {"old.crate": "1"})) for each in members}

    plan = publish_crates.plan_publish(members, known, {}, CRATES_IO)

    actions = publish_crates.find_crates(plan)
    assert sum(1 for each in actions if each.pause_seconds) == waits
    assert [each.pause_seconds for each in actions[: count - waits]] == [0] * (count - waits)
    assert list(plan.said) == ([said] if said else [])
    elsewhere = publish_crates.plan_publish(members, known, {}, "own")
    assert not any(each.pause_seconds for each in publish_crates.find_crates(elsewhere))


def test_what_is_there_and_what_differs() -> None:
    members = [member("same"), member("other"), member("missing")]
    known = {
        "same": there("same", **{"same-1.0.0.crate": "11"}),
        "other": there("other", **{"other-1.0.0.crate": "22"}),
        "missing": there("missing", **{"missing-0.9.0.crate": "33"}),
    }

    plan = publish_crates.plan_publish(members, known, {"same": "11", "other": "99", "missing": "44"}, CRATES_IO)

    assert [each.code for each in plan.problems] == ["crate-differs"]
    assert [(each.name, each.is_new) for each in publish_crates.find_crates(plan)] == [("missing", False)]
