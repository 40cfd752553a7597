"""An office in which much depends on the day: two teachers to a course, and both often away."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.factories.timetables import PERIODS
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Part,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.rules import RuleSetting

FIRST = date(2023, 5, 1)
DAYS = 20


def frail_office(seed: int = 1, *, classes: int = 16, sturdy: bool = False) -> Problem:
    """Return an office of one-day classes, each with three meetings and eight days to choose from.

    On a class's one day nothing can go to another day, so that a teacher who falls away is
    replaced by the course's other one, or not at all.
    """
    rng = Random(seed)
    teachers = tuple(Teacher(f"T{n}", f"教师{n}") for n in range(12))
    courses = tuple(
        Course(f"K{n}", f"课程{n}", teachers=tuple(rng.sample(range(12), 2))) for n in range(10)
    )
    groups = []
    meetings = []
    for number in range(classes):
        start = FIRST + timedelta(days=rng.randrange(DAYS - 8))
        group = TrainingClass(f"C{number}", f"班次{number}", 30, max_days=1, knowledge=True)
        groups.append(replace(group, earliest=start, latest=start + timedelta(days=7)))
        meetings += [Meeting((Part(number, course),)) for course in rng.sample(range(10), 3)]
    absences = tuple(
        Absence("teacher", each.code, each.name, day, day, None, "开会", teachers=(index,))
        for index, each in enumerate(teachers)
        for day in (FIRST + timedelta(days=n) for n in range(DAYS))
        if rng.random() < 0.35
    )
    return Problem(
        calendar=Calendar(FIRST, (True,) * DAYS),
        periods=PERIODS[:4],
        venues=tuple(Venue(f"R{n}", f"教室{n}", capacity=40) for n in range(4)),
        teachers=teachers,
        courses=courses,
        classes=tuple(groups),
        meetings=tuple(meetings),
        absences=absences,
        travel=((0,) * 4,) * 4,
        rules={"sturdy": RuleSetting(level="soft", weight=10)} if sturdy else {},
    )
