"""Explanations are true, minimal and in words; what is said to help does."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import most_placeable
from tests.factories.timetables import PERIODS, office_year, tiny_problem
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.explain import Explanation, explain
from trainer.timetable.engine.facts import facts_about, restrict, without
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Member,
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


def test_one_teacher_for_two_classes_on_the_only_day() -> None:
    explanation = explain_first(office(TWO))
    assert explanation.minimal
    assert explanation.meetings == (0, 1)
    assert kinds(explanation) == ["staff"]
    assert "王老师" in explanation.reasons[0].message.text("zh")


def test_the_only_large_hall_is_closed() -> None:
    problem = office(
        (Meeting((Part(0, 0),)),),
        classes=(TrainingClass("C", "青干班", 120),),
        absences=(Absence("venue", "H", "报告厅", DAY, DAY, None, "维修", venues=(0,)),),
    )
    explanation = explain_first(problem)
    assert kinds(explanation) == ["absence", "size"]
    texts = [reason.message.text("zh") for reason in explanation.reasons]
    assert any("报告厅" in text and "维修" in text for text in texts)
    assert {r.fact.kind for r in explanation.relaxations} == {"absence", "size"}
    assert explanation.relaxations[0].placement.day == DAY


def test_a_journey_longer_than_the_noon_break() -> None:
    problem = office(
        (
            Meeting((Part(0, 0, fixed_venue=0),)),
            Meeting((Part(0, 1, fixed_venue=1),)),
        ),
        periods=(PERIODS[0], PERIODS[2]),
        travel=((0, 260), (260, 0)),
    )
    explanation = explain_first(problem)
    assert kinds(explanation) == ["travel", "venue", "venue"]


def test_a_person_in_two_classes_at_once() -> None:
    both = (Member(0),)
    problem = office(
        (Meeting((Part(0, 0),)), Meeting((Part(1, 1),))),
        classes=(TrainingClass("C", "青干班", 20, both), TrainingClass("D", "村书记班", 20, both)),
    )
    explanation = explain_first(problem)
    assert kinds(explanation) == ["people"]
    assert "学员甲" in explanation.reasons[0].message.text("en")
    assert [r.fact.kind for r in explanation.relaxations] == ["people"]


def test_a_circle_of_courses() -> None:
    problem = office(
        (Meeting((Part(0, 0),)), Meeting((Part(0, 1),))),
        periods=PERIODS,
        courses=(
            Course("K", "党史", teachers=(0,), after=frozenset({1})),
            Course("J", "法律", teachers=(1,), after=frozenset({0})),
        ),
    )
    assert kinds(explain_first(problem)) == ["order", "order"]


def test_a_make_up_saturday_is_the_only_way_out() -> None:
    friday = date(2023, 5, 5)
    problem = office(
        TWO,
        calendar=Calendar(friday, (True, True)),
        classes=(
            TrainingClass("C", "青干班", 20, latest=friday),
            TrainingClass("D", "村书记班", 20, latest=friday),
        ),
    )
    explanation = explain_first(problem)
    assert kinds(explanation) == ["latest", "latest", "staff"]
    best = explanation.relaxations[0]
    assert best.fact.kind == "latest"
    assert best.placement.day == friday + timedelta(days=1)


def test_a_weekly_limit() -> None:
    problem = office(
        TWO, periods=PERIODS, teachers=(Teacher("W", "王老师", 1), Teacher("L", "李老师"))
    )
    explanation = explain_first(problem)
    assert kinds(explanation) == ["staff", "week"]
    assert explanation.relaxations[0].message.text("en").startswith("let 王老师 teach 2 meetings")


def test_nobody_is_there() -> None:
    absence = Absence("teacher", "W", "王老师", DAY, DAY, None, "出差", teachers=(0,))
    explanation = explain_first(office(TWO[:1], absences=(absence,)))
    assert kinds(explanation) == ["absence", "staff"]


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
    assert kinds(explanation) == ["lock", "parallel", "period"]


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
    found = explain(problem, solution.placements, solution.unplaced[0].meeting)
    assert found.minimal
    small = restrict(problem, found.meetings)
    facts = [reason.fact for reason in found.reasons]
    others = [fact for fact in facts_about(small) if fact not in facts]
    assert most_placeable(without(small, others)) < len(found.meetings)
    for fact in facts:
        assert most_placeable(without(small, [*others, fact])) == len(found.meetings)
    for gone in found.meetings:
        rest = restrict(problem, [m for m in found.meetings if m != gone])
        assert most_placeable(rest) == len(found.meetings) - 1


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
    for teacher in [fixed] if fixed is not None else allowed or (None,):
        rooms = (0,) * len(problem.meetings[meeting].parts)
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
