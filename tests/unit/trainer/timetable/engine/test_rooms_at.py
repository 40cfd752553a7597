"""``why`` looks at rooms that could be had: whatever place is offered, it has nothing against."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.factories.timetables import PERIODS, tiny_problem
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Placement,
    Problem,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.suggest import suggest
from trainer.timetable.engine.why import look, why

DAY = date(2023, 5, 8)


def office(*venues: Venue, **changes: object) -> Problem:
    """Return one morning and two classes of seventy that meet jointly, once."""
    problem = Problem(
        calendar=Calendar(DAY, (True,)),
        periods=PERIODS[:2],
        venues=venues,
        courses=(Course("K", "党史", kinds=frozenset({"classroom"})),),
        classes=(TrainingClass("C", "青干班", 70), TrainingClass("D", "村书记班", 70)),
        meetings=(Meeting((Part(0, 0), Part(1, 0))),),
        travel=((0,) * len(venues),) * len(venues),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def rooms(count: int, capacity: int = 80) -> list[Venue]:
    return [Venue(f"R{n}", f"教室{n}", capacity=capacity) for n in range(count)]


def test_a_joint_meeting_without_a_place_may_be_broadcast() -> None:
    problem = office(*rooms(2))
    found, there = look(problem, [None], 0, DAY, 0)
    assert (found, set(there.venues)) == ((), {0, 1})
    assert [finding.rule for finding in why(office(*rooms(1)), [None], 0, DAY, 0)] == ["H4"]
    # a hall and its part are not two rooms
    hall = (Venue("H", "礼堂", capacity=80), Venue("P", "东厅", capacity=80, part_of=0))
    assert why(office(*hall), [None], 0, DAY, 0)


def test_of_a_broadcast_one_class_asks_for_a_room() -> None:
    problem = office(*rooms(2), Venue("S", "小教室", capacity=20))
    now = [Placement(0, DAY, 1, (0, 1))]
    assert look(problem, now, 0, DAY, 0, 1, part=1)[1].venues == (0, 1)
    assert why(problem, now, 0, DAY, 0, 0) == ()
    found, there = look(problem, now, 0, DAY, 0, 2)
    assert [finding.rule for finding in found] == ["H4"]
    assert there.venues == (2, 1)


def test_however_many_rooms_are_taken_a_free_one_is_found() -> None:
    count = 20
    classes = tuple(TrainingClass(f"C{n}", f"班{n}", 70) for n in range(count))
    problem = office(
        *rooms(count), classes=classes, meetings=tuple(Meeting((Part(n, 0),)) for n in range(count))
    )
    places = [None, *(Placement(n, DAY, 0, (n - 1,)) for n in range(1, count))]
    found, there = look(problem, places, 0, DAY, 0)
    assert (found, there.venues) == ((), (count - 1,))


def test_the_room_that_the_syllabus_fixes_is_looked_at() -> None:
    meeting = Meeting((Part(0, 0, fixed_venue=18),))
    assert why(office(*rooms(20), meetings=(meeting,)), [None], 0, DAY, 0) == ()


@pytest.mark.parametrize("seed", range(20))
def test_nothing_stands_in_the_way_of_what_is_suggested(seed: int) -> None:
    problem = tiny_problem(seed, meetings=4)
    places = list(solve(problem, Limits(work=60, seed=seed)).placements)
    meeting = seed % 4
    for offer in suggest(problem, places, meeting, chains=False, count=30):
        there = offer.placement
        without: list[Placement | None] = [
            p if n != meeting else None for n, p in enumerate(places)
        ]
        assert why(problem, without, meeting, there.day, there.period) == ()
