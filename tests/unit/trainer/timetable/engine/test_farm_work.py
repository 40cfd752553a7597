"""Seasons in which a class's people are wanted in the fields: told, counted and kept out of."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from tests.factories.slow_costs import soft_units
from tests.factories.timetables import PERIODS, tiny_problem
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Placement,
    Problem,
    TrainingClass,
    within,
)
from trainer.timetable.engine.rules import RuleSetting
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables

DAY = date(2023, 6, 5)
HARVEST = ((6, 1), (6, 7))


def week(**values: object) -> Problem:
    """Return five days of one period, the first three of them in the season."""
    class_ = TrainingClass("C", "村书记班", farm_work=(HARVEST,))
    problem = Problem(
        calendar=Calendar(DAY, (True,) * 5),
        periods=PERIODS[:1],
        courses=(Course("K", "党史", needs_venue=False),),
        classes=(class_,),
        meetings=(Meeting((Part(0, 0, 1),)), Meeting((Part(0, 0, 2),))),
    )
    return replace(problem, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("season", "day", "inside"),
    [
        (HARVEST, date(2023, 6, 1), True),
        (HARVEST, date(2030, 6, 7), True),
        (HARVEST, date(2023, 6, 8), False),
        (((12, 20), (1, 10)), date(2023, 1, 10), True),
        (((12, 20), (1, 10)), date(2023, 1, 11), False),
    ],
)
def test_a_season_has_both_its_days_every_year(
    season: tuple[tuple[int, int], tuple[int, int]], day: date, *, inside: bool
) -> None:
    assert within(season, day) is inside


def test_the_solver_keeps_out_of_the_season_and_pays_where_it_cannot() -> None:
    found = solve(week(), Limits(work=100))
    days = [placement.day for placement in found.placements if placement is not None]
    assert min(days) >= DAY + timedelta(days=3)
    assert found.cost["farm_work"] == 0
    three = replace(week().meetings[0], parts=(Part(0, 0, 3),))
    found = solve(week(meetings=(*week().meetings, three)), Limits(work=100))
    assert (found.placed, found.cost["farm_work"]) == (3, 2)


def test_it_is_told_and_an_office_may_forbid_it() -> None:
    there = (Placement(0, DAY, 0, (None,)), Placement(1, DAY + timedelta(days=3), 0, (None,)))
    (told,) = (f for f in check_placements(week(), there) if f.rule == "farm_work")
    assert told.touches == ((0, 0),)
    assert "in the season of farm work" in told.message.text("en")
    assert told.message.text("zh") != told.message.text("en")
    forbidden = week(
        meetings=tuple(Meeting((Part(0, 0, n),)) for n in (1, 2, 3)),
        rules={"farm_work": RuleSetting(level="hard")},
    )
    assert solve(forbidden, Limits(work=100)).placed == 2


@pytest.mark.parametrize("seed", range(12))
def test_the_search_the_checker_and_the_slow_way_agree(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - chance for a test
    problem = tiny_problem(seed)
    first = problem.calendar.first
    begin = first + timedelta(days=rng.randrange(len(problem.calendar)))
    season = ((begin.month, begin.day), (begin.month, begin.day))
    classes = tuple(
        replace(each, farm_work=(season,) if rng.random() < 0.7 else ()) for each in problem.classes
    )
    problem = replace(problem, classes=classes)
    found = solve(problem, Limits(work=60, seed=seed))
    placed = [placement for placement in found.placements if placement is not None]
    units: Counter[str] = Counter()
    for finding in check_placements(problem, found.placements):
        units[finding.rule] += finding.cost if finding.rule == "farm_work" else 0
    assert units["farm_work"] == soft_units(problem, placed)["farm_work"]
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for placement in placed:
        spot = tables.spot_of(placement)
        assert spot is not None
        state.place(placement.meeting, spot)
    assert state.cost == found.total
