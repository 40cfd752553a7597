"""Situations that leave no way but to break one rule, or to leave a meeting out: one for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from tests.factories.timetables import PERIODS
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
from trainer.timetable.engine.rules import RuleSetting

DAY = date(2023, 5, 8)
MORNING = PERIODS[:1]
EVENING = replace(PERIODS[4], work=True)
NO_TRAVEL = ((0, 0), (0, 0))


def office(**changes: object) -> Problem:
    """Return one morning, two rooms, two classes and a meeting of each, with a teacher of its own.

    Everything fits.
    """
    problem = Problem(
        calendar=Calendar(DAY, (True,)),
        periods=MORNING,
        venues=(Venue("A", "一号教室"), Venue("B", "二号教室")),
        teachers=(Teacher("T", "王老师"), Teacher("S", "李老师")),
        courses=(Course("K", "党史", teachers=(0,)), Course("L", "法律", teachers=(1,))),
        classes=(TrainingClass("C", "青干班", 20), TrainingClass("D", "村书记班", 20)),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(1, 1),))),
        people=("学员甲",),
        travel=NO_TRAVEL,
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def one(**changes: object) -> Problem:
    """Return the same with one meeting."""
    return office(meetings=(Meeting((Part(0, 0),)),), **changes)


def shared_person() -> Problem:
    both = (Member(0),)
    classes = office().classes
    return office(classes=tuple(replace(each, members=both) for each in classes))


#: For each hard rule a problem in which not everything fits, and the way to place it all the same.
HARD: dict[str, Callable[[], tuple[Problem, tuple[Placement, ...]]]] = {
    "H1": lambda: (
        office(courses=(Course("K", "党史", teachers=(0,)), Course("L", "法律", teachers=(0,)))),
        (Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 0, (1,), 0)),
    ),
    "H2": lambda: (
        office(venues=office().venues[:1], travel=((0,),)),
        (Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 0, (0,), 1)),
    ),
    "H3": lambda: (
        shared_person(),
        (Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 0, (1,), 1)),
    ),
    "H4": lambda: (
        one(venues=(Venue("A", "一号教室", capacity=10), Venue("B", "二号教室", capacity=10))),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H5": lambda: (
        one(courses=(Course("K", "党史", kinds=frozenset({"field_site"}), teachers=(0,)),)),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H6": lambda: (
        one(absences=(Absence("teacher", "T", "王老师", DAY, DAY, teachers=(0,)),)),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H7": lambda: (
        office(
            periods=(PERIODS[0], PERIODS[1]),
            travel=((0, 60), (60, 0)),
            meetings=(
                Meeting((Part(0, 0, fixed_venue=0),)),
                Meeting((Part(0, 1, fixed_venue=1),)),
            ),
        ),
        (Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 1, (1,), 1)),
    ),
    "H8": lambda: (
        office(
            periods=(PERIODS[0], PERIODS[1]),
            meetings=(
                Meeting((Part(0, 0, position="first"),), fixed_period=1),
                Meeting((Part(0, 1),), fixed_period=0),
            ),
        ),
        (Placement(0, DAY, 1, (0,), 0), Placement(1, DAY, 0, (0,), 1)),
    ),
    "H9": lambda: (
        office(meetings=(Meeting((Part(0, 0),), length=2),)),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H10": lambda: (
        one(calendar=Calendar(DAY, (False,))),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H11": lambda: (
        one(teachers=(Teacher("T", "王老师", max_per_week=0), Teacher("S", "李老师"))),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
}


def knowledge() -> Problem:
    classes = (replace(office().classes[0], knowledge=True),)
    return one(classes=classes)


def field_site(light: tuple[int, int]) -> Problem:
    return one(
        calendar=Calendar(DAY, (True,), (light,)),
        venues=(Venue("F", "现场点", "field_site"),),
        travel=((0,),),
    )


def theory_late() -> Problem:
    courses = (
        Course("K", "党史", strand="practice", teachers=(0,)),
        Course("L", "法律", strand="theory", teachers=(1,)),
    )
    return office(
        courses=courses,
        periods=PERIODS[:2],
        meetings=(
            Meeting((Part(0, 0),), fixed_period=0),
            Meeting((Part(0, 1),), fixed_period=1),
        ),
    )


def moved() -> Problem:
    """Return a meeting that is stored on a day that is no working day any more."""
    before = DAY - timedelta(days=1)
    stored = Placement(0, before, 0, (0,), 0)
    return office(
        calendar=Calendar(before, (False, True)),
        meetings=(Meeting((Part(0, 0),), stored=stored),),
    )


def two_of(**changes: object) -> Problem:
    """Return one class that has a course twice on one day of two periods and of an evening."""
    values: dict[str, object] = {
        "periods": PERIODS[:2],
        "meetings": (Meeting((Part(0, 0, 1),)), Meeting((Part(0, 0, 2),))),
    }
    return office(**{**values, **changes})


#: For each soft rule a problem in which everything fits only at some cost by that rule.
SOFT: dict[str, Callable[[], Problem]] = {
    "compact": lambda: two_of(
        periods=PERIODS[:3],
        meetings=(
            Meeting((Part(0, 0),), fixed_period=0),
            Meeting((Part(0, 1),), fixed_period=2),
        ),
    ),
    "spread": two_of,
    "class_day": lambda: two_of(
        classes=(replace(office().classes[0], periods_a_day=1),),
    ),
    "teacher_day": lambda: two_of(
        teachers=(Teacher("T", "王老师", periods_a_day=1), Teacher("S", "李老师")),
    ),
    "together": lambda: office(
        calendar=Calendar(DAY, (True, True)),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(0, 1),))),
        together=(frozenset({0, 1}),),
    ),
    "apart": lambda: two_of(
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(0, 1),))),
        apart=(frozenset({0, 1}),),
    ),
    "one_room": lambda: two_of(
        meetings=(
            Meeting((Part(0, 0, fixed_venue=0),)),
            Meeting((Part(0, 1, fixed_venue=1),)),
        ),
    ),
    "preference": lambda: one(
        courses=(Course("K", "党史", teachers=(0, 1), teacher_costs=(0, 2)),),
        absences=(Absence("teacher", "T", "王老师", DAY, DAY, teachers=(0,)),),
    ),
    "fair_load": lambda: two_of(
        courses=(Course("K", "党史", teachers=(0, 1)),),
        absences=(Absence("teacher", "T", "王老师", DAY, DAY, teachers=(0,)),),
    ),
    "travel": lambda: two_of(
        periods=(Period("A", "上午", 480, 540), Period("P", "下午", 900, 960)),
        travel=((0, 60), (60, 0)),
        meetings=(
            Meeting((Part(0, 0, fixed_venue=0),)),
            Meeting((Part(0, 1, fixed_venue=1),)),
        ),
    ),
    "evening": lambda: one(periods=(EVENING,)),
    "unbroken": lambda: office(
        periods=(*PERIODS[:2], *PERIODS[2:4]),
        meetings=(Meeting((Part(0, 0),), length=2, fixed_period=1),),
    ),
    "working_time": knowledge,
    "trainees": lambda: one(
        absences=(Absence("person", "P", "学员", DAY, DAY, trainees=(0,)),),
    ),
    "farm_work": lambda: one(
        classes=(replace(office().classes[0], farm_work=(((1, 1), (12, 31)),)),),
    ),
    "daylight": lambda: field_site((700, 800)),
    "room_fits": lambda: one(
        venues=(Venue("A", "报告厅", capacity=400),),
        travel=((0,),),
    ),
    "plan_b": lambda: one(venues=(Venue("A", "广场", outdoor=True),), travel=((0,),)),
    "theory_first": theory_late,
    "sturdy": lambda: one(rules={"sturdy": RuleSetting(level="soft")}),
    "changes": moved,
}
