"""What the rule of stand-ins cannot see: whether the rest of the timetable leaves room to mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories.timetables import PERIODS
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Position,
    Problem,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.robust import share_repairable, sturdiness
from trainer.timetable.engine.rules import RuleSetting
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve

FIRST = date(2023, 5, 8)
DAYS = 8
CLASSES = 6
ORDER: tuple[Position, ...] = ("first", "", "last")
LIMITS = Limits(work=1_500, seed=1)


def journeys(*, weight: int = 0) -> Problem:
    """Return classes that set out, visit a place and come home, each to a place of its own.

    There is one place for each, so that nobody could stand in for it on a day: only a class with
    days to spare before its first and after its last meeting can do without it.
    """
    classes = tuple(
        TrainingClass(
            f"C{n}",
            f"班次{n}",
            30,
            earliest=FIRST,
            latest=FIRST + timedelta(days=DAYS - 1),
            max_days=4,
        )
        for n in range(CLASSES)
    )
    courses = tuple(
        Course(f"K{n}{part}", f"课程{n}{part}", venues=(n,))
        for n in range(CLASSES)
        for part in ("out", "there", "home")
    )
    meetings = tuple(
        Meeting((Part(n, 3 * n + place, position=position),), 2)
        for n in range(CLASSES)
        for place, position in enumerate(ORDER)
    )
    problem = Problem(
        calendar=Calendar(FIRST, (True,) * DAYS),
        periods=PERIODS[:4],
        venues=tuple(Venue(f"V{n}", f"外地{n}", "external", 40) for n in range(CLASSES)),
        courses=courses,
        classes=classes,
        meetings=meetings,
    )
    return replace(
        problem, rules={"sturdy": RuleSetting(level="soft", weight=weight)} if weight else {}
    )


def repairable(problem: Problem) -> float:
    solution = solve(problem, LIMITS)
    assert solution.placed == len(problem.meetings)
    assert not any(f.hard for f in check_placements(problem, solution.placements))
    return share_repairable(sturdiness(problem, solution.placements))


def test_more_could_be_mended_where_the_office_weighs_it() -> None:
    without, with_it = repairable(journeys()), repairable(journeys(weight=10))
    assert without < 1
    assert with_it >= without + 0.1


def test_the_same_seed_and_work_give_the_same_timetable() -> None:
    problem = journeys(weight=10)
    assert solve(problem, LIMITS).placements == solve(problem, LIMITS).placements


@pytest.mark.parametrize("weight", [1, 10])
def test_it_costs_no_more_than_the_office_would_pay(weight: int) -> None:
    problem = journeys(weight=weight)
    plain, sturdy = solve(journeys(), LIMITS), solve(problem, LIMITS)
    found = check_placements(problem, sturdy.placements)
    others = sum(cost for rule, cost in cost_by_rule(problem, found).items() if rule != "sturdy")
    before = sum(not each.repairable for each in sturdiness(problem, plain.placements))
    assert others <= plain.total + weight * before
