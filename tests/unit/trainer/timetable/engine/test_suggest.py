"""Suggestions break no rule, cost what they say, and may ask one other meeting to give way."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import broken_rules
from tests.factories.timetables import PERIODS, office_year, tiny_problem
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.problem import (
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
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.suggest import suggest


def total(problem: Problem, placements: list[Placement | None]) -> int:
    return sum(cost_by_rule(problem, check_placements(problem, placements)).values())


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_suggestions_are_allowed_and_cost_what_they_say(seed: int) -> None:
    problem = tiny_problem(seed, meetings=4)
    solution = solve(problem, Limits(work=100))
    meeting = seed % 4
    before = total(problem, list(solution.placements))
    found = suggest(problem, solution.placements, meeting)
    assert len(found) <= 10
    assert [s.cost for s in found] == sorted(s.cost for s in found)
    for suggestion in found:
        after = list(solution.placements)
        for placement in (suggestion.placement, *suggestion.others):
            after[placement.meeting] = placement
        assert not broken_rules(problem, [p for p in after if p is not None])
        assert total(problem, after) - before == suggestion.cost


def test_another_meeting_gives_way() -> None:
    day = date(2023, 5, 8)
    problem = Problem(
        calendar=Calendar(day, (True,)),
        periods=PERIODS[:2],
        venues=(Venue("A", "一号教室"),),
        teachers=(Teacher("T", "王老师"),),
        courses=(Course("K", "党史"), Course("J", "法律")),
        classes=(TrainingClass("C", "青干班"), TrainingClass("D", "村书记班")),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(1, 1),), fixed_period=0)),
        travel=((0,),),
    )
    placements = (Placement(0, day, 0, (0,)), None)
    assert suggest(problem, placements, 1, chains=False) == ()
    (only,) = suggest(problem, placements, 1)
    assert only.placement == Placement(1, day, 0, (0,))
    assert only.others == (Placement(0, day, 1, (0,)),)
    assert only.cost < 0


@pytest.mark.slow
def test_ten_places_in_a_second() -> None:
    problem = office_year()
    solution = solve(problem, Limits(work=800))
    started = time.process_time()
    assert len(suggest(problem, solution.placements, 100)) == 10
    assert time.process_time() - started < 2
