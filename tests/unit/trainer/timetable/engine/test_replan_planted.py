"""Planted mishaps: the fewest changes are known beforehand, and replanning finds them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Member,
    Part,
    Period,
    Placement,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.replan import replan

FRIDAY = date(2023, 5, 5)
SATURDAY = FRIDAY + timedelta(days=1)
MORNING = Period("AM", "上午", 540, 720, "AM")
AFTERNOON = Period("PM", "下午", 840, 1020, "PM")
BOTH = (Member(0),)


def office(*placements: Placement, **changes: object) -> Problem:
    """Return two classes with a meeting each, stored at these places, on a Friday and Saturday."""
    problem = Problem(
        calendar=Calendar(FRIDAY, (True, True)),
        periods=(MORNING, AFTERNOON),
        venues=(Venue("H", "报告厅", capacity=200), Venue("R", "三号教室", capacity=30)),
        teachers=(Teacher("W", "王老师"), Teacher("L", "李老师")),
        courses=(Course("K", "党史", teachers=(0,)), Course("J", "法律", teachers=(1,))),
        classes=(
            TrainingClass("C", "青干班", 20, earliest=FRIDAY, latest=SATURDAY),
            TrainingClass("D", "村书记班", 20, earliest=FRIDAY, latest=SATURDAY),
        ),
        meetings=tuple(
            Meeting((Part(index, index),), stored=stored) for index, stored in enumerate(placements)
        ),
        people=("学员甲",),
        travel=((0, 0), (0, 0)),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def away(**whom: tuple[int, ...]) -> Absence:
    return Absence("teacher", "X", "某", FRIDAY, FRIDAY, None, "", **whom)


HERE = Placement(0, FRIDAY, 0, (1,), 0)
THERE = Placement(1, SATURDAY, 0, (1,), 1)


def test_a_closed_room_is_left_for_the_hall_at_the_same_time() -> None:
    mended = replan(office(HERE, THERE), [away(venues=(1,))], FRIDAY)
    assert [move.after for move in mended.moves] == [replace(HERE, venues=(0,))]
    assert mended.minimal


def test_a_make_up_saturday_is_the_only_way_out() -> None:
    mended = replan(office(HERE), [away(classes=(0,))], FRIDAY)
    assert [move.after and move.after.day for move in mended.moves] == [SATURDAY]
    assert mended.minimal


def test_without_the_make_up_saturday_the_meeting_is_left_out() -> None:
    problem = office(HERE, calendar=Calendar(FRIDAY, (True, False)))
    mended = replan(problem, [away(classes=(0,))], FRIDAY)
    assert mended.left_out == (0,)
    assert (mended.fewest_left_out, mended.weight, mended.bound) == (1, 1, 1)
    assert mended.minimal


def test_a_meeting_makes_room_for_one_that_must_move() -> None:
    problem = office(
        HERE,
        THERE,
        periods=(MORNING,),
        venues=(Venue("R", "三号教室", capacity=30),),
        travel=((0,),),
        meetings=(
            Meeting((Part(0, 0),), stored=replace(HERE, venues=(0,))),
            Meeting((Part(1, 1),), stored=replace(THERE, venues=(0,))),
        ),
    )
    mended = replan(problem, [away(teachers=(0,))], FRIDAY)
    assert {move.meeting: move.after and move.after.day for move in mended.moves} == {
        0: SATURDAY,
        1: FRIDAY,
    }
    assert mended.minimal


def test_a_person_of_both_classes_is_not_doubled() -> None:
    problem = office(HERE, THERE)
    problem = replace(problem, classes=tuple(replace(c, members=BOTH) for c in problem.classes))
    mended = replan(problem, [away(classes=(0,))], FRIDAY)
    assert [(m.after and (m.after.day, m.after.period)) for m in mended.moves] == [(SATURDAY, 1)]
    assert mended.minimal
