"""Explanations are true, minimal and in words; what is said to help does."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import broken_rules, every_placement, most_placeable
from tests.factories.timetables import PERIODS, office_year, tiny_problem
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.explain import Explanation, explain
from trainer.timetable.engine.extract import restrict, widened
from trainer.timetable.engine.facts import facts_about
from trainer.timetable.engine.lifting import ways_without
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
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.why import why

DAY = date(2023, 5, 8)
MORNING = PERIODS[:1]
MOST_WAYS = 5_000
"""How many ways of placing meetings are tried one after the other."""


def office(meetings: tuple[Meeting, ...], **changes: object) -> Problem:
    problem = Problem(
        calendar=Calendar(DAY, (True,)),
        periods=MORNING,
        venues=(Venue("H", "报告厅", capacity=200), Venue("R", "三号教室", capacity=30)),
        teachers=(Teacher("W", "王老师"), Teacher("L", "李老师")),
        courses=(Course("K", "党史", teachers=(0,)), Course("J", "法律", teachers=(1,))),
        classes=(TrainingClass("C", "青干班", 20), TrainingClass("D", "村书记班", 20)),
        meetings=meetings,
        people=("学员甲", "学员乙"),
        travel=((0, 0), (0, 0)),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def explain_first(problem: Problem) -> Explanation:
    solution = solve(problem, Limits(work=500))
    assert solution.status == "infeasible"
    return explain(problem, solution.placements, solution.unplaced[0].meeting)


def kinds(explanation: Explanation) -> list[str]:
    return sorted(reason.fact.kind for reason in explanation.reasons)


TWO = (Meeting((Part(0, 0),)), Meeting((Part(1, 0),)))


def test_nobody_is_there() -> None:
    absence = Absence("teacher", "W", "王老师", DAY, DAY, None, "出差", teachers=(0,))
    explanation = explain_first(office(TWO[:1], absences=(absence,)))
    assert kinds(explanation) == ["absence", "staff", "window"]


def test_a_lock_in_the_way() -> None:
    stored = Placement(0, DAY, 0, (0,), 0)
    problem = office(
        (
            replace(TWO[0], stored=stored, locked=True),
            Meeting((Part(1, 1),), fixed_period=0),
        ),
        periods=(PERIODS[0], PERIODS[2]),
        venues=(Venue("H", "报告厅", capacity=200),),
        travel=((0,),),
    )
    explanation = explain_first(problem)
    assert kinds(explanation) == ["lock", "parallel", "period", "window"]


def all_fit(problem: Problem) -> bool:
    """Say whether all meetings can be placed, by trying all ways where there are not too many."""
    ways = 1
    for meeting in range(len(problem.meetings)):
        ways *= sum(not broken_rules(problem, [p]) for p in every_placement(problem, meeting))
    if ways > MOST_WAYS:
        return not solve(problem, Limits(work=300)).unplaced
    return most_placeable(problem) == len(problem.meetings)


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_every_explanation_is_true_and_minimal(seed: int) -> None:
    problem = tiny_problem(seed)
    problem = replace(
        problem, classes=tuple(replace(c, members=c.members[:1]) for c in problem.classes)
    )
    solution = solve(problem, Limits(work=300))
    if not solution.unplaced:
        return
    problem = widened(problem, margin=0)
    found = explain(
        problem,
        solution.placements,
        solution.unplaced[0].meeting,
        with_relaxations=False,
        margin=0,
    )
    assert found.minimal
    small = restrict(problem, found.meetings)
    facts = [reason.fact for reason in found.reasons]
    others = [fact for fact in facts_about(small) if fact not in facts]
    assert not any(map(all_fit, ways_without(small, others)))
    for fact in facts:
        assert any(map(all_fit, ways_without(small, [*others, fact])))
    for gone in found.meetings:
        assert all_fit(restrict(problem, [m for m in found.meetings if m != gone]))


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_why_agrees_with_the_checker(seed: int) -> None:
    problem = tiny_problem(seed, meetings=5)
    solution = solve(problem, Limits(work=100))
    meeting = seed % 5
    day = problem.calendar.day(seed % len(problem.calendar))
    period = seed % (len(problem.periods) - problem.meetings[meeting].length + 1)
    found = why(problem, solution.placements, meeting, day, period, 0)
    best = None
    allowed = problem.courses[problem.meetings[meeting].parts[0].course].teachers
    fixed = problem.meetings[meeting].fixed_teacher
    now = solution.placements[meeting]
    # all classes go there, or the first one alone and the others stay where they are
    choices = {(0,) * len(problem.meetings[meeting].parts), (0, *(now.venues[1:] if now else ()))}
    choices = {each for each in choices if len(each) == len(problem.meetings[meeting].parts)}
    teachers = [fixed] if fixed is not None else allowed or (None,)
    for teacher, rooms in product(teachers, choices):
        there = Placement(meeting, day, period, rooms, teacher)
        placements = [p for p in solution.placements if p is not None and p.meeting != meeting]
        broken = [f for f in check_placements(problem, [*placements, there]) if f.hard]
        best = broken if best is None or len(broken) < len(best) else best
    assert best is not None
    assert len(found) == len(best)


@pytest.mark.slow
def test_why_takes_less_than_a_tenth_of_a_second() -> None:
    problem = office_year()
    solution = solve(problem, Limits(work=700))
    started = time.process_time()
    why(problem, solution.placements, 5, date(2023, 5, 9), 0)
    assert time.process_time() - started < 0.1


def test_what_is_fixed_in_the_evening_is_not_told_to_lie_in_working_hours() -> None:
    """The evening is free for what is fixed there: it is the teacher who has no time for two."""
    evening = replace(PERIODS[4], work=False)
    problem = office(
        (Meeting((Part(0, 0),), fixed_period=1), Meeting((Part(0, 2),))),
        periods=(PERIODS[0], evening),
        teachers=(Teacher("W", "王老师", max_per_week=1), Teacher("L", "李老师")),
        courses=(
            Course("K", "党史", teachers=(0,)),
            Course("J", "法律", teachers=(1,)),
            Course("M", "党章", teachers=(0,)),
        ),
    )
    solution = solve(problem, Limits(work=50))
    (missing,) = solution.unplaced
    found = explain(problem, solution.placements, missing.meeting, margin=0)
    assert found.minimal
    kinds_told = {reason.fact.kind for reason in found.reasons}
    assert "week" in kinds_told
    assert "workperiods" not in kinds_told
