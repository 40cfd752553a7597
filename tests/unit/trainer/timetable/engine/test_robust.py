"""What could be mended within a class, and the rule that prefers timetables in which more can."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.timetables import PERIODS, tiny_problem
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Part,
    Placement,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.robust import share_repairable, sturdiness
from trainer.timetable.engine.rules import RuleSetting
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables

DAY = date(2023, 5, 8)


def office(**changes: object) -> Problem:
    """One class, one meeting, one day of two periods, two teachers and two rooms."""
    problem = Problem(
        calendar=Calendar(DAY, (True,)),
        periods=PERIODS[:2],
        venues=(Venue("A", "一号教室"), Venue("B", "二号教室")),
        teachers=(Teacher("T", "王老师"), Teacher("S", "李老师")),
        courses=(Course("K", "党史", teachers=(0, 1)),),
        classes=(TrainingClass("C", "青干班", 10),),
        meetings=(Meeting((Part(0, 0),)),),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def lost(problem: Problem, *placements: Placement) -> list[tuple[bool | None, bool | None]]:
    return [(s.without_teacher, s.without_venue) for s in sturdiness(problem, placements)]


def test_a_stand_in_and_another_room_make_a_session_sturdy() -> None:
    there = Placement(0, DAY, 0, (0,), 0)
    assert lost(office(), there) == [(True, True)]
    assert lost(office(venues=(Venue("A", "一号教室"),)), there) == [(True, False)]
    alone = office(courses=(Course("K", "党史", teachers=(0,)),))
    assert lost(alone, there) == [(False, True)]


def test_another_day_mends_where_today_nobody_can() -> None:
    alone = office(courses=(Course("K", "党史", teachers=(0,)),))
    two_days = replace(alone, calendar=Calendar(DAY, (True, True)))
    assert lost(two_days, Placement(0, DAY, 0, (0,), 0)) == [(True, True)]


def test_a_session_changes_places_with_another_of_its_class() -> None:
    problem = office(
        calendar=Calendar(DAY, (True, True)),
        periods=PERIODS[:1],
        courses=(Course("K", "党史", teachers=(0,)), Course("L", "党课", teachers=(1,))),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(0, 1),))),
    )
    tomorrow = DAY + timedelta(days=1)
    there = Placement(0, DAY, 0, (0,), 0), Placement(1, tomorrow, 0, (0,), 1)
    assert lost(problem, *there) == [(True, True), (True, True)]
    locked = replace(problem.meetings[1], stored=there[1], locked=True)
    held = replace(problem, meetings=(problem.meetings[0], locked))
    assert lost(held, *there) == [(False, True)]


def test_what_has_no_teacher_loses_none() -> None:
    problem = office(courses=(Course("K", "自学", needs_venue=False),))
    assert lost(problem, Placement(0, DAY, 0, (None,))) == [(None, None)]
    assert share_repairable(sturdiness(problem, ())) == 1


def prefers_sturdy() -> Problem:
    """Make an office whose second teacher is there in one week only, so that a week matters."""
    week = tuple((DAY + timedelta(days=n)).isoweekday() <= 5 for n in range(12))
    return office(
        calendar=Calendar(DAY, week),
        periods=PERIODS[:1],
        classes=(TrainingClass("C", "青干班", 10), TrainingClass("D", "书记班", 10)),
        meetings=tuple(Meeting((Part(c, 0, n),)) for c in (0, 1) for n in range(3)),
        teachers=(Teacher("T", "王老师", 6), Teacher("S", "李老师")),
        absences=(
            Absence("teacher", "S", "李老师", DAY, DAY + timedelta(days=6), teachers=(1,)),
            Absence("venue", "B", "二号教室", DAY, DAY + timedelta(days=4), venues=(1,)),
        ),
    )


def test_the_rule_raises_the_share_that_could_be_mended() -> None:
    problem = prefers_sturdy()
    on = replace(problem, rules={"sturdy": RuleSetting(level="soft", weight=20)})
    plain = solve(problem, Limits(work=600))
    sturdy = solve(on, Limits(work=600))
    assert "sturdy" not in plain.cost
    assert sturdy.placed == plain.placed == 6
    assert (
        sturdy.cost["sturdy"] < cost_by_rule(on, check_placements(on, plain.placements))["sturdy"]
    )

    def stand_ins(placements: tuple[Placement | None, ...]) -> int:
        days = [p.day for p in placements if p is not None]
        return sum(day > DAY + timedelta(days=6) for day in days)

    assert stand_ins(sturdy.placements) == 6
    assert stand_ins(plain.placements) < 6


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_solver_counts_what_the_checker_finds(seed: int) -> None:
    problem = replace(tiny_problem(seed), rules={"sturdy": RuleSetting(level="soft", weight=3)})
    solution = solve(problem, Limits(work=60, seed=seed))
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for placement in solution.placements:
        spot = None if placement is None else tables.spot_of(placement)
        if placement is not None and spot is not None:
            state.place(placement.meeting, spot)
    findings = check_placements(problem, solution.placements)
    weights = state.costs.weight
    assert state.cost == sum(f.cost * weights[f.rule] for f in findings)
